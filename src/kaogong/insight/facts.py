"""A subject of a run as `evaluate` asks for it: alone, a record of it, or several scored as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaogong.data.succession import Succession
from kaogong.insight.lineage import predecessors
from kaogong.insight.registers import PERIOD, Cells, Registers, cell
from kaogong.language.calendar import Calendar
from kaogong.language.expression import When
from kaogong.language.fact import Fact
from kaogong.language.period import Period, read_period
from kaogong.language.subject import Past, Subject
from kaogong.language.value import Unknown, Value, united

ADDED = ("flow", "stock")  # natures that add up where several subjects are scored as one


@dataclass(frozen=True, slots=True, eq=False)
class RunSubject:
    """One subject of a run, or the record a link of it points to."""

    registers: Registers
    id: str
    register: str = ""  # where predecessors are asked for; empty: nowhere

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
        period = when.at or self.registers.run.period.text
        if fact.home == "published":
            return self.registers.published(fact, self.id, period)
        if fact.rolled_from is not None:
            return self.registers.rolled(fact, self.id, period)
        return cell(self.registers.record(fact.owner, self.id, period), fact)

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
        return RunSubject(self.registers, target, link.links_to)

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
        """Return the periods of the run's unbroken line with a record of it or a predecessor."""
        now, *earlier = self.registers.periods
        mine = [Past(now), *(Past(period) for period in earlier if self._has(period))]
        return mine + [
            Past(period, before)
            for succession in self._predecessors()
            for before in (RunSubject(self.registers, succession.predecessor, self.register),)
            for period in (now, *earlier)
            if period.start < succession.until and before._has(period)  # noqa: SLF001  # its own
        ]

    def _predecessors(self) -> Sequence[Succession]:
        return predecessors(self.registers, self.register, self.id) if self.register else ()

    def _has(self, period: Period) -> bool:
        return any(
            row.get(PERIOD) == period.text
            for register in self.registers.with_periods
            for row in self.registers.records(register, self.id)
        )


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


@dataclass(frozen=True, slots=True, eq=False)
class MergedSubject:
    """Several subjects scored as one, known by the largest of them (permu:E06).

    Flows and stocks add and are unknown where a member's is; every other fact is the largest
    member's; the records of one member are the records of all.
    """

    largest: RunSubject
    members: Sequence[RunSubject]

    @property
    def registers(self) -> Registers:
        """Return the registers of the run."""
        return self.largest.registers

    @property
    def id(self) -> str:
        """Return the key that the members are known by."""
        return self.largest.id

    @property
    def period(self) -> Period | None:
        """Return the data period of the run."""
        return self.largest.period

    @property
    def as_of(self) -> date:
        """Return the day the run was made for."""
        return self.largest.as_of

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of the programme."""
        return self.largest.calendar

    def stored(self, fact: Fact, when: When) -> Value:
        """Return the sum over the members, or the largest member's cell."""
        if fact.kind.name != "number" or fact.nature not in ADDED:
            return self.largest.stored(fact, when)
        values = [member.stored(fact, when) for member in self.members]
        numbers = [value for value in values if isinstance(value, Fraction)]
        return united(values) or sum(numbers, Fraction(0))

    def given(self, _fact: Fact, _when: When) -> Value | None:
        """Return nothing: every definition is computed anew."""
        return None

    def records(self, register: str) -> Sequence[Subject]:
        """Return the records of all members."""
        return [record for member in self.members for record in member.records(register)]

    def linked(self, link: Fact, when: When) -> Subject | None:
        """Return the record the largest member's link points to."""
        return self.largest.linked(link, when)

    def owner(self) -> Subject | None:
        """Return nothing: subjects belong to nobody."""
        return None

    def word(self, word: str) -> Value:
        """Return unknown: words are given where a line is scored."""
        return self.largest.word(word)

    def points(self, item: str) -> Value:
        """Return unknown: points are given where a list is ordered."""
        return self.largest.points(item)

    def history(self) -> Sequence[Past]:
        """Return the periods of the largest member."""
        return self.largest.history()


Known = RunSubject | MergedSubject
