"""The registers a run kept, read by key: of a million subjects, only the row groups of this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaogong.data.sql import Sql, joined, name, parquet, rows, sql, value
from kaogong.engine.calendar_table import calendar_of
from kaogong.insight.opened import RESULT, OpenedRun
from kaogong.language.calendar import Calendar
from kaogong.language.fact import Fact
from kaogong.language.period import Period, read_period
from kaogong.language.state import is_state
from kaogong.language.value import Unknown, Value

if TYPE_CHECKING:
    import duckdb

Cells = Mapping[str, Any]
PERIOD = "period"
EARLIER = "published_"  # what the relations of earlier publications begin with
PUBLISHED = "scheme "  # what the owner of a published fact begins with


def register_relation(register: str) -> str:
    """Return the relation that keeps a register."""
    return f"register_{register}"


@dataclass
class Registers:
    """The registers of a run, read through one connection, a subject at a time."""

    run: OpenedRun
    connection: duckdb.DuckDBPyConnection
    unkept: set[str] = field(default_factory=set)  # facts that were asked for and not kept
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
            files=parquet(files),
            key=name(self.key(register)),
            subject=value(subject),
        )
        cursor = self.connection.execute(query.text, list(query.parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    # -- periods --------------------------------------------------------------------------

    @cached_property
    def periods(self) -> list[Period]:
        """Return the unbroken line of periods that the data hold, this one first."""
        now = self.run.period
        found = {text for register in self.with_periods for text in self._periods_of(register)}
        line = [now]
        for each in sorted(map(read_period, found), key=lambda p: p.start, reverse=True):
            follows = (line[-1].earlier(1).text, line[-1].earlier(1, together=True).text)
            if each.grain == now.grain and each.text in follows:
                line.append(each)
        return line

    @cached_property
    def with_periods(self) -> list[str]:
        """Return the kept registers whose records are for a period."""
        kept = [str(r["document"]) for r in self.run.manifest["relations"]]
        there = [r for r in kept if self.run.files(register_relation(r), r)]
        return [r for r in there if self.has_periods(r)]

    def _periods_of(self, register: str) -> list[str]:
        files = parquet(self.run.files(register_relation(register), register))
        query = sql("SELECT DISTINCT {period} FROM {files}", period=name(PERIOD), files=files)
        return [str(row[0]) for row in rows(self.connection, query) if row[0]]

    @cached_property
    def calendar(self) -> Calendar:
        """Return the calendar of working days that the programme names."""
        return calendar_of(self.run.programme)

    # -- what others make of a subject ----------------------------------------------------

    def rolled(self, fact: Fact, subject: str, period: str | None) -> Value:
        """Return a fact added up over the finer subjects that lead to this one (permu:E64)."""
        query = self._rolled_query(fact, subject, period)
        total, count, known = (None, 0, 0) if query is None else rows(self.connection, query)[0]
        if not count or known < count:
            return Unknown("not_reported", frozenset({fact.id}))
        return Fraction(total) * fact.kind.unit.factor

    def _rolled_query(self, fact: Fact, subject: str, period: str | None) -> Sql | None:
        finer, by = str(fact.rolled_from), str(fact.rolled_by)
        files = [self.run.files(register_relation(r), r) for r in (finer, fact.owner)]
        if not all(files):
            return None
        codes = joined(", ", (value(code) for code in self._codes(finer, by, subject)))
        wanted = sql("finer.{by} IN ({codes})", by=name(by), codes=codes)
        if self.has_periods(fact.owner):
            wanted = sql(
                "{wanted} AND owner.period = {period}", wanted=wanted, period=value(period)
            )
        return sql(
            "SELECT sum(owner.{x}), count(*), count(owner.{x}) FROM {finer} AS finer "
            "JOIN {owner} AS owner ON owner.{owner_key} = finer.{finer_key} WHERE {wanted}",
            x=name(fact.id),
            finer=parquet(files[0]),
            owner=parquet(files[1]),
            owner_key=name(self.key(fact.owner)),
            finer_key=name(self.key(finer)),
            wanted=wanted,
        )

    def _codes(self, register: str, by: str, subject: str) -> Iterable[str]:
        """Return the keys that lead to a subject: its own, or the codes at and below it."""
        declared = self.run.programme.register(register).fields.get(by)
        if declared is None or declared.codes is None:
            return (subject,)
        vocabulary = self.run.programme.vocabularies.get(str(declared.codes))
        return sorted(vocabulary.below(subject)) if vocabulary is not None else (subject,)

    def published(self, fact: Fact, subject: str, period: str | None) -> Value:
        """Return what a scheme published of a subject: in this run, or for an earlier period."""
        scheme = fact.owner.removeprefix(PUBLISHED)
        files = self._results_of(scheme, period)
        if not files:
            self.unkept.add(fact.id)
            return Unknown("not_reported", frozenset({fact.id}))
        query = sql(
            "SELECT {what} FROM {files} WHERE subject = {subject} AND period = {period}",
            what=name(fact.id), files=parquet(files), subject=value(subject),
            period=value(period),
        )  # fmt: skip
        found = rows(self.connection, query)
        return plain(found[0][0] if found else None, "", fact)

    def _results_of(self, scheme: str, period: str | None) -> list[Path]:
        """Return the files that hold what a scheme published for a period; none if not kept."""
        rules = self.run.programme.schemes.get(scheme)
        is_trial = rules is not None and rules.trial
        own = [] if is_trial else self.run.files(RESULT, scheme)
        earlier = self.run.files(f"{EARLIER}{scheme}", scheme)
        return own if own and period == self.run.period.text else earlier


def cell(row: Cells | None, fact: Fact) -> Value:
    """Return a kept cell as a value, numbers in the base of their unit."""
    if row is None:
        return plain(None, "", fact)
    return plain(row.get(fact.id), row.get(f"{fact.id}__state") or "", fact)


def plain(kept: object, state: str, fact: Fact) -> Value:
    """Return what was kept as a value; nothing is unknown, with its state where one is told."""
    if kept is None:
        known = state if is_state(state) else "not_reported"
        return Unknown(known, frozenset({fact.id}))
    if isinstance(kept, bool | date):
        return kept
    if isinstance(kept, int | Decimal):
        return Fraction(kept) * fact.kind.unit.factor
    return str(kept)
