"""Codes of a column against their list: how they are spelled, and whether they hold on the day.

A code may come with the letter of its section (C2651), or as its title where only one code has
it; the table keeps the code itself. A code holds for a record where the days of its validity and
the record's day or period have a day in common. A column has few distinct codes however long it
is, so they are judged one by one here, and the engine only finds the rows.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from kaogong.data.against import Against
from kaogong.data.cell_text import BLANKS
from kaogong.data.shape import PERIOD, FieldShape
from kaogong.data.sql import Sql, joined, name, rows, sql
from kaogong.data.typed import ODD, Reading
from kaogong.language.period import NotAPeriod, read_period
from kaogong.language.vocabulary import Code, Vocabulary, flat

if TYPE_CHECKING:
    import duckdb

_MEANT, _WRONG = "__meant", "__wrong"

Days = tuple[date | None, date | None]
ANY_DAY: Days = (None, None)


@dataclass(frozen=True, slots=True)
class CodeSearch:
    """One column of codes."""

    connection: duckdb.DuckDBPyConnection
    reading: Reading
    field: FieldShape
    against: Against

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the list of the column; an unknown list holds nothing."""
        if self.field.codes is not None:
            return flat(self.field.id, self.field.codes)
        id = self.field.vocabulary or ""
        return self.against.vocabularies.get(id) or Vocabulary(id, {})

    @property
    def day(self) -> Sql | None:
        """Return the column that says what day or period a record is about, if there is one."""
        dated_by = self.reading.register.dated_by
        if dated_by is not None and self.reading.heading.column(dated_by):
            return name(dated_by)
        return name(PERIOD) if self.reading.register.period is not None else None


def judge_codes(search: CodeSearch) -> Sql | None:
    """Write codes as their list writes them; return the rows whose code does not hold, or None.

    The note of a row is its day or period.
    """
    vocabulary = search.vocabulary
    is_dated = any(code.begins or code.ends for code in vocabulary.codes.values())
    asked = search.day if is_dated and search.day is not None else Sql("NULL")
    given = _given(search, asked)
    titles = _titles(vocabulary)
    meant = {
        text: text if text in vocabulary.codes else _meant(vocabulary, titles, text)
        for text, _ in given
    }
    _set_right(search, {text: code for text, code in meant.items() if text != code})
    wrong = [
        (code, on)
        for text, on in given
        if (code := meant[text]) is not None
        and not _holds(vocabulary.codes.get(code), _days(on, search.against.day))
    ]
    return _rows_of(search, asked, wrong) if wrong else None


def _given(search: CodeSearch, asked: Sql) -> list[tuple[str, str | None]]:
    """Return the codes of the column as they came, each once with each day it is asked about."""
    query = sql(
        "SELECT DISTINCT {field}, {day}::VARCHAR FROM {table} "
        "WHERE {odd} IS NULL AND {field} IS NOT NULL",
        field=name(search.field.id),
        day=asked,
        table=name(search.reading.table),
        odd=name(ODD),
    )
    return cast("list[tuple[str, str | None]]", rows(search.connection, query))


def _set_right(search: CodeSearch, changed: dict[str, str | None]) -> None:
    if not changed:
        return
    _table(search.connection, _MEANT, {"spelling": list(changed), "code": list(changed.values())})
    statement = sql(
        "UPDATE {table} SET {field} = meant.code FROM {meant} AS meant "
        "WHERE {table}.{field} = meant.spelling",
        table=name(search.reading.table),
        field=name(search.field.id),
        meant=name(_MEANT),
    )
    search.connection.execute(statement.text)


def _rows_of(search: CodeSearch, asked: Sql, wrong: list[tuple[str, str | None]]) -> Sql:
    """Return the rows that hold one of these codes on that day."""
    _table(search.connection, _WRONG, {"code": [w[0] for w in wrong], "day": [w[1] for w in wrong]})
    shown = Sql("NULL") if search.day is None else sql("{day}::VARCHAR", day=search.day)
    return sql(
        "SELECT DISTINCT t.rowid AS row, coalesce(w.day, {shown}) AS note FROM {table} AS t "
        "JOIN {wrong} AS w ON t.{field} = w.code AND w.day IS NOT DISTINCT FROM {asked}::VARCHAR "
        "WHERE t.{odd} IS NULL",
        shown=shown,
        table=name(search.reading.table),
        wrong=name(_WRONG),
        field=name(search.field.id),
        asked=asked,
        odd=name(ODD),
    )


def _holds(code: Code | None, days: Days) -> bool:
    """Tell whether a code and a stretch of days have a day in common."""
    if code is None:
        return False
    first, last = days
    begun = code.begins is None or last is None or code.begins <= last
    return begun and (code.ends is None or first is None or code.ends >= first)


def _days(text: str | None, otherwise: date | None) -> Days:
    """Return the first and last day of a day or period."""
    if text is None:
        return otherwise, otherwise
    try:
        period = read_period(text)
    except NotAPeriod:
        return ANY_DAY
    return period.start, period.end


def _titles(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return the code of each title that only one code has."""
    counted = Counter(code.title for code in vocabulary.codes.values())
    return {c.title: c.code for c in vocabulary.codes.values() if counted[c.title] == 1}


def _meant(vocabulary: Vocabulary, titles: Mapping[str, str], text: str) -> str | None:
    """Return the code a text stands for: tidied, without its section's letter, or by its title.

    None where the text says nothing; the text itself where it stands for no code.
    """
    tidy = unicodedata.normalize("NFKC", text).strip()
    if tidy.casefold() in BLANKS:
        return None
    return vocabulary.find(tidy) or titles.get(text) or titles.get(tidy) or text


def _table(
    connection: duckdb.DuckDBPyConnection, called: str, columns: dict[str, list[str | None]]
) -> None:
    """Make a small table of lists of texts."""
    parts = (sql("unnest(CAST(? AS VARCHAR[])) AS {column}", column=name(each)) for each in columns)
    statement = sql(
        "CREATE OR REPLACE TEMP TABLE {called} AS SELECT {parts}",
        called=name(called),
        parts=joined(", ", parts),
    )
    connection.execute(statement.text, list(columns.values()))
