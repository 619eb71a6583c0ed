"""A subject that knows the words of a formula, `x weight benchmark low high`, and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kaogong.language.calendar import Calendar
from kaogong.language.expression import When
from kaogong.language.fact import Fact
from kaogong.language.period import Period
from kaogong.language.subject import Past, Subject
from kaogong.language.value import Unknown, Value


@dataclass(frozen=True, slots=True)
class Worded:
    """A subject that knows the words of a formula and the points of its lines."""

    inner: Subject
    words: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, Value] = field(default_factory=dict)

    @property
    def period(self) -> Period | None:
        """Return the period of the subject."""
        return self.inner.period

    @property
    def as_of(self) -> date:
        """Return the day of the result."""
        return self.inner.as_of

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of the subject."""
        return self.inner.calendar

    def stored(self, fact: Fact, when: When) -> Value:
        """Return the subject's cell."""
        return self.inner.stored(fact, when)

    def given(self, fact: Fact, when: When) -> Value | None:
        """Return what stands in place of a definition."""
        return self.inner.given(fact, when)

    def records(self, register: str) -> Sequence[Subject]:
        """Return the subject's records."""
        return self.inner.records(register)

    def linked(self, link: Fact, when: When) -> Subject | None:
        """Return the record behind a link."""
        return self.inner.linked(link, when)

    def owner(self) -> Subject | None:
        """Return the subject's owner."""
        return self.inner.owner()

    def word(self, name: str) -> Value:
        """Return a word of the formula."""
        return self.words.get(name, Unknown("not_reported", frozenset({name})))

    def points(self, item: str) -> Value:
        """Return the points of a line."""
        return self.lines.get(item, Unknown("not_reported", frozenset({item})))

    def history(self) -> Sequence[Past]:
        """Return the subject's history."""
        return self.inner.history()
