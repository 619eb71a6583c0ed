"""Whom an expression is about: the little that `evaluate` asks of a subject.

A subject hands out stored cells, child records, linked records and what went before; it computes
nothing. Periods arrive written out: `when.at` names one, and a `when` without it means a fact that
is valid at any time. `Record` is the plain kind, made of mappings, for golden cases and tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from kaogong.language.calendar import Calendar
from kaogong.language.expression import When
from kaogong.language.fact import Fact
from kaogong.language.period import Period, read_period
from kaogong.language.value import Unknown, Value


@dataclass(frozen=True, slots=True)
class Past:
    """One period, or one earlier record, that a run of periods may count."""

    period: Period | None  # None: an earlier record that no period orders
    subject: Subject | None = None  # a predecessor or the earlier record; None: the subject itself
    trial: bool = False  # computed and shown, but it neither counts nor breaks


class Subject(Protocol):
    """One subject in one period, as of one day."""

    @property
    def period(self) -> Period | None:
        """Return the data period of the result."""

    @property
    def as_of(self) -> date:
        """Return the day on which the result is asked."""

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of working days."""

    def stored(self, fact: Fact, when: When) -> Value:
        """Return the cell of a fact that has no definition."""

    def given(self, fact: Fact, when: When) -> Value | None:
        """Return what stands in place of a definition (a golden case), None to compute it."""

    def records(self, register: str) -> Sequence[Subject]:
        """Return the subject's records of a child register, in any order."""

    def linked(self, link: Fact, when: When) -> Subject | None:
        """Return the record that a link field points to in that period."""

    def owner(self) -> Subject | None:
        """Return the subject that a record belongs to."""

    def word(self, name: str) -> Value:
        """Return a word of the kind: `x weight benchmark low high total is_review`."""

    def points(self, item: str) -> Value:
        """Return the points of one line of the scheme."""

    def history(self) -> Sequence[Past]:
        """Return which periods exist of the subject and its predecessors, in any order."""


Cell = tuple[str, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A subject made of plain mappings; a cell that is not there is `not_reported`.

    `cells` are known by fact id and period text, None for facts valid at any time; a cell for a
    fact with a definition stands in its place. `links` are known like cells. `trials` are the
    texts of trial periods. A predecessor without a period counts as an earlier record.
    """

    as_of: date
    calendar: Calendar
    period: Period | None = None
    cells: Mapping[Cell, Value] = field(default_factory=dict)
    children: Mapping[str, Sequence[Subject]] = field(default_factory=dict)
    links: Mapping[Cell, Subject] = field(default_factory=dict)
    belongs_to: Subject | None = None
    words: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, Value] = field(default_factory=dict)
    predecessors: Sequence[Record] = ()
    trials: frozenset[str] = frozenset()

    def stored(self, fact: Fact, when: When) -> Value:
        """Return the cell of `fact`."""
        return self.cells.get((fact.id, when.at), Unknown("not_reported"))

    def given(self, fact: Fact, when: When) -> Value | None:
        """Return the cell that stands in place of the fact's definition."""
        return self.cells.get((fact.id, when.at))

    def records(self, register: str) -> Sequence[Subject]:
        """Return the records of `register`."""
        return self.children.get(register, ())

    def linked(self, link: Fact, when: When) -> Subject | None:
        """Return the record behind `link`."""
        return self.links.get((link.id, when.at))

    def owner(self) -> Subject | None:
        """Return the subject the record belongs to."""
        return self.belongs_to

    def word(self, name: str) -> Value:
        """Return a word of the kind."""
        return self.words.get(name, Unknown("not_reported", frozenset({name})))

    def points(self, item: str) -> Value:
        """Return the points of a line."""
        return self.lines.get(item, Unknown("not_reported", frozenset({item})))

    def history(self) -> Sequence[Past]:
        """Return the periods that the cells name, and the predecessors' history."""
        texts = sorted({text for _, text in self.cells if text is not None} | self.trials)
        own = [Past(read_period(text), None, text in self.trials) for text in texts]
        return own + [past for each in self.predecessors for past in each.as_past()]

    def as_past(self) -> Sequence[Past]:
        """Return the record's history as its successor sees it."""
        if self.period is None:
            return [Past(None, self)]
        return [Past(each.period, each.subject or self, each.trial) for each in self.history()]
