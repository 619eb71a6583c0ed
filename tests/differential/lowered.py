"""Expressions as columns of one query, and what the oracle says of the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlglot import exp

from kaogong.language.evaluate import Evaluator, Record, Unknown
from kaogong.language.expression import NOW, Constant, Expression, Read, children
from kaogong.language.finding import Refused
from kaogong.language.period import read_period
from kaogong.plan import sql
from kaogong.plan.frame import Frame, Instant
from kaogong.plan.number import Number
from kaogong.plan.source import SUBJECT, Tables
from kaogong.plan.step import Step
from kaogong.plan.subjects import SubjectTable
from kaogong.programme.programme import Programme
from tests.differential.engines import Answer
from tests.differential.region import AS_OF, EARLIER, PERIOD

Plain = Fraction | str | bool | date | None
Values = dict[str, list[Plain]]  # by subject, in the order of the expressions


@dataclass
class Columns:
    """Expressions lowered against one table of subjects."""

    table: SubjectTable
    places: dict[int, tuple[int, Fraction | None]] = field(default_factory=dict)
    nodes: list[exp.Expression] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)

    def add(self, number: int, expression: Expression) -> None:
        """Lower one expression; a refusal is kept beside the others."""
        try:
            made = self.table.lowerer.lower(expression)
        except Refused as refused:
            self.refused[number] = refused
            return
        factor = made.factor if isinstance(made, Number) else None
        self.places[number] = (len(self.nodes), factor)
        if isinstance(made, Number):
            self.nodes += [made.top, made.bottom if made.bottom is not None else sql.integer(1)]
        else:
            self.nodes += [made, sql.integer(1)]

    def query(self) -> exp.Select:
        """Return the select of all columns."""
        listed = [sql.alias(node, f"e{n}") for n, node in enumerate(self.nodes)]
        whole = exp.Select(expressions=[sql.column(SUBJECT), *listed])
        return whole.from_(sql.table(self.table.name), copy=False)

    def steps(self) -> list[Step]:
        """Return the steps that make the table."""
        return self.table.steps()

    def values(self, answer: Answer, count: int) -> Values:
        """Return what an engine answered, numbers in the base of their unit."""
        return {row[0]: [self._value(row, n) for n in range(count)] for row in answer}

    def _value(self, row: Sequence[Any], number: int) -> Plain:
        if number not in self.places:
            return None
        place, factor = self.places[number]
        top, bottom = row[1 + place], row[2 + place]
        if factor is None or top is None or bottom is None:
            return None if factor is not None else top
        return Fraction(int(top), int(bottom)) * factor


def columns(
    programme: Programme, expressions: Sequence[Expression], subject: str = "enterprise",
    *, optimistic: bool = False, period: str = PERIOD, earlier: Sequence[str] = EARLIER,
) -> Columns:  # fmt: skip
    """Return the expressions as columns."""
    instant = Instant(read_period(period), AS_OF, tuple(earlier))
    frame = Frame(instant, subject, optimistic)
    tables = Tables(programme.book.registers())
    made = Columns(SubjectTable("suite", frame, tables))
    for number, expression in enumerate(expressions):
        made.add(number, expression)
    return made


def oracle(expressions: Sequence[Expression], subjects: Mapping[str, Record]) -> Values:
    """Return the exact values."""
    made: Values = {}
    for name, record in subjects.items():
        evaluator = Evaluator(record)
        values = [evaluator.value(e) for e in expressions]
        made[name] = [None if isinstance(v, Unknown) else v for v in values]
    return made


def shown(node: Any) -> str:
    """Return a tree in one short line."""
    if isinstance(node, Read):
        when = node.when
        at = (
            f"@{when.at}"
            if when.at
            else f"[-{when.back or f'{when.years}y'}]"
            if when != NOW
            else ""
        )
        return node.fact.title["zh"] + at
    if isinstance(node, Constant):
        return str(node.value)
    words = [getattr(node, name) for name in ("sign", "function", "strict") if hasattr(node, name)]
    inside = ", ".join(shown(child) for child in children(node))
    return f"{type(node).__name__}{words or ''}({inside})"


def differences(
    texts: Sequence[str], left: Values, right: Values, skip: frozenset[int] = frozenset()
) -> dict[str, list[Any]]:
    """Return, for each expression that differs, the first few subjects with both values."""
    found: dict[str, list[Any]] = {}
    for subject in sorted(left.keys() | right.keys()):
        for number, text in enumerate(texts):
            if number in skip:
                continue
            a = left[subject][number] if subject in left else "no row"
            b = right[subject][number] if subject in right else "no row"
            if a != b or type(a) is not type(b):
                found.setdefault(text, []).append((subject, a, b))
    return {text: [len(cases), *cases[:3]] for text, cases in list(found.items())[:5]}
