"""The calendar of a programme as a table, for plans that count working days.

`calendar_day` holds one row a day: the day, how many working days lie up to and with it, and
whether it is one itself. So counting between two days is a difference of two ordinals, and adding
is a look-up. Days outside its years have no row, and what rests on them is unknown.
"""

from __future__ import annotations

import csv
import io
from calendar import isleap
from collections.abc import Iterator
from datetime import date

import duckdb
from sqlglot import exp

from kaogong.language.calendar import Calendar, Row, make_calendar, read_rows
from kaogong.language.finding import refuse
from kaogong.language.span import Span
from kaogong.language.words import Words
from kaogong.plan.step import Plan
from kaogong.programme.programme import Programme

TABLE = "calendar_day"
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
_WORKING_DAY_CALLS = frozenset({"kg_day_ordinal", "kg_working_day"})


def needs_calendar(plan: Plan) -> bool:
    """Tell whether a step of the plan counts working days."""
    queries = [*(s.query for s in plan.steps), *(o.query for o in plan.outputs)]
    return any(counts_working_days(query) for query in queries)


def counts_working_days(query: exp.Select) -> bool:
    """Tell whether a query looks days up in the calendar."""
    return any(str(c.this) in _WORKING_DAY_CALLS for c in query.find_all(exp.Anonymous))


def calendar_of(programme: Programme) -> Calendar:
    """Return the calendar a programme names, else `cn`; a later bundle settles a day anew.

    A programme that ships no such table has weekends only. A line that cannot be read is KG112.
    """
    named = programme.header.calendar if programme.header is not None else None
    id = str(named) if named is not None else "cn"
    rows: dict[tuple[date, bool], Row] = {}
    for bundle in programme.bundles:
        path = f"calendars/{id}.csv"
        if path in bundle.files:
            for row in _rows(bundle.files[path], f"{bundle.name}/{path}"):
                rows[row.day, row.kind == "yearly"] = row
    return make_calendar(id, rows.values())


def _rows(content: bytes, file: str) -> Iterator[Row]:
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    for number, line in enumerate(lines, 2):
        try:
            (row,) = read_rows([line])
        except (KeyError, TypeError, ValueError):
            row = None
        if row is None or row.kind not in ("holiday", "workday", "yearly"):
            raise refuse(
                "KG112", Span(file, number, 1), value=",".join(str(v) for v in line.values()),
                expected=Words("日期、类别（holiday、workday、yearly）、名称", "date, kind, name"),
            )  # fmt: skip
        yield row


def _moved_days(calendar: Calendar) -> list[date]:
    """Return the days of the table's years that weekdays alone would tell wrongly."""
    named = {*calendar.holidays, *calendar.workdays}
    for year in range(FIRST.year, LAST.year + 1):
        leap = isleap(year)
        named |= {date(year, m, d) for m, d in calendar.yearly if leap or (m, d) != (2, 29)}
    return [
        day
        for day in sorted(named)
        if FIRST <= day <= LAST and calendar.is_working_day(day) != (day.weekday() < 5)
    ]


def make_calendar_table(connection: duckdb.DuckDBPyConnection, calendar: Calendar) -> None:
    """Make `calendar_day` in the connection: weekdays, but for the days that notices move."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS "
        "SELECT day, CAST(sum(CAST(works AS BIGINT)) OVER (ORDER BY day) AS BIGINT) AS ordinal, "
        "works AS is_working FROM (SELECT day, (isodow(day) < 6) <> (moved IS NOT NULL) AS works "
        "FROM (SELECT CAST(? AS DATE) + CAST(place AS INTEGER) AS day FROM range(?) AS t(place)) "
        "LEFT JOIN (SELECT unnest(CAST(? AS DATE[])) AS moved) ON moved = day)",
        [FIRST, (LAST - FIRST).days + 1, _moved_days(calendar)],
    )
