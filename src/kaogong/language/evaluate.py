"""The exact, three-valued value of a typed expression for one subject, in fractions.

No engine takes part and no code is shared with the compilers, so guards, form checks and golden
cases rest on it and the differential suite takes it as its oracle. A step is a generator that asks
for the values it needs; one loop answers them, so that no depth of definitions exhausts the stack.
Each fact is computed once for a subject and period, and every value is kept as a `Trace`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kaogong.language import step
from kaogong.language.expression import (
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    DateWord,
    Every,
    Expression,
    FirstTime,
    Has,
    Known,
    Member,
    Not,
    OfSubject,
    Open,
    OverRecords,
    Pick,
    Points,
    Read,
    Some,
    Status,
    Streak,
    ToDate,
    Via,
    Word,
)
from kaogong.language.frame import Ask, Frame, Steps
from kaogong.language.over_records import over_records
from kaogong.language.over_time import first_time, read, streak, to_date
from kaogong.language.period import Period
from kaogong.language.subject import Past, Record, Subject
from kaogong.language.value import Unknown, Value

__all__ = [
    "Evaluator", "Past", "Record", "Subject", "Trace", "Unknown", "Value", "evaluate", "trace",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trace:
    """How a value came about: the expression, its value and period, and what it was made of."""

    expression: Expression
    value: Value
    period: Period | None
    children: tuple[Trace, ...] = ()


def evaluate(expression: Expression, subject: Subject) -> Value:
    """Return the value of `expression` for `subject`; numbers in the base of their unit."""
    return Evaluator(subject).value(expression)


def trace(expression: Expression, subject: Subject) -> Trace:
    """Return the value of `expression` for `subject` with every step that led to it."""
    return Evaluator(subject).trace(expression)


class Evaluator:
    """Values of many expressions for one subject, each fact computed once."""

    def __init__(self, subject: Subject, record: Subject | None = None) -> None:
        """Ask of a subject, or of one record of it."""
        whole = Frame(subject, subject, subject.period, subject.period)
        self._frame = whole if record is None else whole.record(record)
        self._made: dict[object, tuple[Frame, Trace]] = {}  # a frame holds on to its subject's id

    def value(self, expression: Expression) -> Value:
        """Return the value of `expression`."""
        return self.trace(expression).value

    def trace(self, expression: Expression) -> Trace:
        """Return the value of `expression` with every step that led to it."""
        asked = Ask(expression, self._frame)
        found = self._answered(asked)
        if found is not None:
            return found
        tasks, answer = [_task(asked)], None
        while True:
            task = tasks[-1]
            try:
                asked = next(task.steps) if answer is None else task.steps.send(answer)
            except StopIteration as finished:
                made = self._finished(tasks.pop(), finished.value)
            else:
                found = self._answered(asked)
                if found is None:
                    tasks.append(_task(asked))
                    answer = None
                    continue
                made = found
            if not tasks:
                return made
            tasks[-1].children.append(made)
            answer = made.value

    def _answered(self, asked: Ask) -> Trace | None:
        """Return what is known without further steps: leaves, and facts computed before."""
        leaf = _LEAVES.get(type(asked.expression))
        if leaf is not None:
            return Trace(asked.expression, leaf(asked.expression, asked.frame), asked.frame.base)
        kept = self._made.get(_memo(asked))
        return kept and kept[1]

    def _finished(self, task: _Task, value: Value) -> Trace:
        asked = task.asked
        made = Trace(asked.expression, value, asked.frame.base, tuple(task.children))
        memo = _memo(asked)
        if memo is not None:
            self._made[memo] = asked.frame, made
        return made


@dataclass(slots=True)
class _Task:
    """An expression half-way: its steps, and what they were answered."""

    asked: Ask
    steps: Steps[Value]
    children: list[Trace] = field(default_factory=list)


def _task(asked: Ask) -> _Task:
    return _Task(asked, _STEPS[type(asked.expression)](asked.expression, asked.frame))


def _memo(asked: Ask) -> tuple[object, ...] | None:
    """Return under what a read fact is kept, None for any other expression."""
    node = asked.expression
    return (asked.frame.key, node.fact.key, node.when) if isinstance(node, Read) else None


_LEAVES: Mapping[type, Callable[..., Value]] = {
    Constant: step.constant,
    Open: step.open_slot,
    DateWord: step.date_word,
    Points: step.points,
    Word: step.word,
}

_STEPS: Mapping[type, Callable[..., Steps[Value]]] = {
    Read: read,
    Arithmetic: step.arithmetic,
    Compare: step.compare,
    Member: step.member,
    Every: step.every,
    Some: step.some,
    Not: step.negation,
    Known: step.known,
    Status: step.status,
    Choose: step.choose,
    Apply: step.apply,
    Streak: streak,
    FirstTime: first_time,
    ToDate: to_date,
    OverRecords: over_records,
    OfSubject: step.of_subject,
    Via: step.via,
    Pick: step.pick,
    Has: step.has,
}
