"""Where an expression is being evaluated: whose facts it reads, and which period counts as now.

A frame moves with the expression: into the definition of a fact in an earlier period, into a child
record, across a link, and back to the subject a record belongs to.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from kaogong.language.expression import NOW, Expression, When
from kaogong.language.fact import Fact
from kaogong.language.period import NotAPeriod, Period
from kaogong.language.subject import Past, Subject
from kaogong.language.value import Value


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One subject seen from one period."""

    root: Subject  # the subject of the result: its day, calendar, words and points hold throughout
    subject: Subject  # whose facts are read
    base: Period | None  # the period that `prior` and its like count from
    period: Period | None  # the period of the result: `period_start`, `period_end`
    parent: Frame | None = None  # inside a record: the subject it belongs to

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes two frames give the same values."""
        return (id(self.subject), self.base, self.period, self.parent and self.parent.key)

    def shifted(self, period: Period | None) -> Frame:
        """Return the same subject in another period."""
        if period == self.base:
            return self
        result = period if self.period == self.base else self.period
        return replace(self, base=period, period=result)

    def record(self, record: Subject) -> Frame:
        """Return the frame inside a record of the subject."""
        return Frame(self.root, record, record.period or self.base, self.period, self)

    def linked(self, target: Subject) -> Frame:
        """Return the frame of a record that the subject points to, in the same period."""
        return Frame(self.root, target, self.base, self.period)

    def owner(self) -> Frame | None:
        """Return the frame of the subject that this record belongs to."""
        if self.parent is not None:
            return self.parent
        owner = self.subject.owner()
        if owner is None:
            return None
        return Frame(self.root, owner, owner.period or self.base, self.period)

    def past(self, past: Past) -> Frame:
        """Return the frame of a period, predecessor or record that came before."""
        if past.subject is None:
            return self.shifted(past.period or self.base)
        period = past.period or past.subject.period or self.base
        return Frame(self.root, past.subject, period, period)

    def seen(self, when: When) -> Frame | None:
        """Return the frame in the period that `when` means from here, None where there is none."""
        try:
            return self.shifted(when.of(self.base))
        except NotAPeriod:
            return None

    def absolute(self, fact: Fact) -> When:
        """Return the period of this frame written out, as a subject is asked for a cell."""
        if self.base is None or (fact.grain is None and fact.definition is None):
            return NOW
        return When(at=self.base.text)


class Ask(NamedTuple):
    """What a step wants to know before it goes on."""

    expression: Expression
    frame: Frame


Result = TypeVar("Result")
Steps = Generator[Ask, Value, Result]


def asked(questions: Iterable[Ask]) -> Steps[list[Value]]:
    """Yield each question and return the answers, in order."""
    answers: list[Value] = []
    for question in questions:
        answer = yield question
        answers.append(answer)
    return answers
