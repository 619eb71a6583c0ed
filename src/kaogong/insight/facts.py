"""A subject of a run, read from the registers the run kept: what `evaluate` asks of a subject.

One row is read when a fact of it is first asked for, by the key of its register, so that of a
million subjects only the row groups that may hold this one are opened.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kaogong.data.sql import name, parquet, sql, value
from kaogong.insight.opened import OpenedRun
from kaogong.language.calendar import Calendar, Row, make_calendar
from kaogong.language.expression import When
from kaogong.language.fact import Fact
from kaogong.language.period import Period, read_period
from kaogong.language.state import is_state
from kaogong.language.subject import Past, Subject
from kaogong.language.value import Unknown, Value
from kaogong.programme.programme import Programme

if TYPE_CHECKING:
    import duckdb

Cells = Mapping[str, Any]
PERIOD = "period"


def register_relation(register: str) -> str:
    """Return the relation that keeps a register."""
    return f"register_{register}"


@dataclass
class Registers:
    """The registers of a run, read through one connection, a record at a time."""

    run: OpenedRun
    connection: duckdb.DuckDBPyConnection
    _rows: dict[tuple[str, str], list[Cells]] = field(default_factory=dict)

    def key(self, register: str) -> str:
        """Return the column that says which subject a record is or belongs to."""
        model = self.run.programme.register(register)
        return next(str(k) for k in model.key_ if str(k) != PERIOD)

    def has_periods(self, register: str) -> bool:
        """Tell whether records of a register are for a period."""
        return self.run.programme.register(register).period is not None

    def records(self, register: str, subject: str) -> list[Cells]:
        """Return the records of one subject in a register, in the order they were kept."""
        at = (register, subject)
        if at not in self._rows:
            self._rows[at] = self._read(register, subject)
        return self._rows[at]

    def record(self, register: str, subject: str, period: str | None) -> Cells | None:
        """Return the one record of a subject (for a period, where the register has periods)."""
        found = self.records(register, subject)
        if self.has_periods(register):
            found = [row for row in found if row.get(PERIOD) == period]
        return found[0] if found else None

    def _read(self, register: str, subject: str) -> list[Cells]:
        files = self.run.files(register_relation(register), register)
        if not files:
            return []
        query = sql(
            "SELECT * FROM {files} WHERE {key} = {subject}",
            files=parquet(files), key=name(self.key(register)), subject=value(subject),
        )  # fmt: skip
        cursor = self.connection.execute(query.text, list(query.parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @cached_property
    def periods(self) -> list[Period]:
        """Return the unbroken line of periods that the data hold, this one first."""
        found = {text for register in self._with_periods() for text in self._periods_of(register)}
        line: list[Period] = []
        expected = self.run.period
        while expected.text in found or not line:
            line.append(expected)
            expected = expected.earlier(1)
        return line

    def _with_periods(self) -> list[str]:
        kept = [r["document"] for r in self.run.manifest["relations"]]
        names = [r for r in kept if self.run.files(register_relation(r), r)]
        return [r for r in names if self.has_periods(r)]

    def _periods_of(self, register: str) -> list[str]:
        files = parquet(self.run.files(register_relation(register), register))
        query = sql("SELECT DISTINCT {period} FROM {files}", period=name(PERIOD), files=files)
        rows = self.connection.execute(query.text, list(query.parameters)).fetchall()
        return [str(row[0]) for row in rows if row[0]]

    @cached_property
    def calendar(self) -> Calendar:
        """Return the calendar of working days that the programme names."""
        return calendar_of(self.run.programme)


@dataclass(frozen=True, slots=True, eq=False)
class RunSubject:
    """One subject of a run, or the record a link of it points to."""

    registers: Registers
    id: str

    @property
    def period(self) -> Period | None:
        """Return the data period of the run."""
        return self.registers.run.period

    @property
    def as_of(self) -> date:
        """Return the day the run was made for."""
        return self.registers.run.as_of

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of the programme."""
        return self.registers.calendar

    def stored(self, fact: Fact, when: When) -> Value:
        """Return the cell of a fact, unknown with its state where it is empty."""
        if fact.home != "field":
            return Unknown("not_reported", frozenset({fact.id}))
        row = self.registers.record(fact.owner, self.id, when.at or self._period_text)
        return cell(row, fact)

    def given(self, _fact: Fact, _when: When) -> Value | None:
        """Return nothing: every definition is computed anew."""
        return None

    def records(self, register: str) -> Sequence[Subject]:
        """Return the subject's records of a child register."""
        rows = self.registers.records(register, self.id)
        return [RunRecord(self, row) for row in rows]

    def linked(self, link: Fact, when: When) -> Subject | None:
        """Return the record a link points to, None where it points nowhere."""
        target = self.stored(link, when)
        if not isinstance(target, str) or link.links_to is None:
            return None
        if not self.registers.records(link.links_to, target):
            return None
        return RunSubject(self.registers, target)

    def owner(self) -> Subject | None:
        """Return nothing: a subject belongs to nobody."""
        return None

    def word(self, word: str) -> Value:
        """Return unknown: words are given where a line is scored."""
        return Unknown("not_reported", frozenset({word}))

    def points(self, item: str) -> Value:
        """Return unknown: points are given where a list is ordered."""
        return Unknown("not_reported", frozenset({item}))

    def history(self) -> Sequence[Past]:
        """Return the periods that the run's data hold without a break."""
        return [Past(period) for period in self.registers.periods]

    @property
    def _period_text(self) -> str:
        return self.registers.run.period.text


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """One record of a child register."""

    subject: RunSubject
    row: Cells

    @property
    def period(self) -> Period | None:
        """Return the record's own period, None where it has none."""
        text = self.row.get(PERIOD)
        return read_period(text) if text else None

    @property
    def as_of(self) -> date:
        """Return the day the run was made for."""
        return self.subject.as_of

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of the programme."""
        return self.subject.calendar

    def stored(self, fact: Fact, _when: When) -> Value:
        """Return the record's own cell."""
        return cell(self.row, fact)

    def given(self, _fact: Fact, _when: When) -> Value | None:
        """Return nothing: every definition is computed anew."""
        return None

    def records(self, _register: str) -> Sequence[Subject]:
        """Return nothing: a record has no records."""
        return ()

    def linked(self, link: Fact, when: When) -> Subject | None:
        """Return the record a link of this record points to."""
        target = self.stored(link, when)
        if not isinstance(target, str):
            return None
        return RunSubject(self.subject.registers, target)

    def owner(self) -> Subject | None:
        """Return the subject the record belongs to."""
        return self.subject

    def word(self, word: str) -> Value:
        """Return unknown: a record has no words."""
        return self.subject.word(word)

    def points(self, item: str) -> Value:
        """Return unknown: a record has no points."""
        return self.subject.points(item)

    def history(self) -> Sequence[Past]:
        """Return nothing: a record has no history."""
        return ()


def cell(row: Cells | None, fact: Fact) -> Value:
    """Return a kept cell as a value, numbers in the base of their unit."""
    cause = frozenset({fact.id})
    if row is None:
        return Unknown("not_reported", cause)
    kept = row.get(fact.id)
    if kept is None:
        state = row.get(f"{fact.id}__state") or ""
        return Unknown(state if is_state(state) else "not_reported", cause)
    if isinstance(kept, bool | date):
        return kept
    if isinstance(kept, int | Decimal):
        return Fraction(kept) * fact.kind.unit.factor
    return str(kept)


def calendar_of(programme: Programme) -> Calendar:
    """Return the calendar a programme names, from the tables of the programmes it extends.

    Without a table every day from Monday to Friday is a working day, and provisional.
    """
    header = programme.header
    id = str(header.calendar) if header is not None and header.calendar else "cn"
    rows: list[Row] = []
    for bundle in programme.bundles:
        table = bundle.files.get(f"calendars/{id}.csv")
        if table is not None:
            read = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
            rows += [Row(date.fromisoformat(r["date"]), r["kind"], r["name"]) for r in read]
    return make_calendar(id, rows)
