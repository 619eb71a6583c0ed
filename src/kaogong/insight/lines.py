"""The points of one line for one subject, derived anew from its facts in fractions.

No SQL and none of the compiler's code takes part: each value comes from `evaluate`, and the rules
of a line (cap, floor, missing, zero, rounding) are applied here a second time. What a line needs
from the other subjects (figures, mean points) is asked of `Others`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from kaogong.insight.worded import Worded
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import (
    NOW,
    Arithmetic,
    Choose,
    Expression,
    Open,
    Read,
    Word,
    walk,
)
from kaogong.language.fact import Fact
from kaogong.language.quantity import round_half_away
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value, united
from kaogong.programme.rules import FigureRule, LineRule

ZERO = Fraction(0)
ROLES = ("benchmark", "low", "high")
OWN_FIGURE = {"low": "min", "high": "max"}


class Others(Protocol):
    """What a line needs from the other subjects of its group."""

    def figure(self, line: LineRule, role: str, rule: FigureRule, /) -> Value:
        """Return a figure over many subjects, in the base of the line's unit."""

    def mean_points(self, line: LineRule, score: Callable[[Fraction], Value], /) -> Value:
        """Return the mean points over the known of the group, unrounded.

        `score` gives the points of one figure before missing and zero are settled.
        """


@dataclass(frozen=True, slots=True)
class LineScore:
    """One line: its figure, what it was held against, and the points it came to."""

    rule: LineRule
    x: Value  # in the base of its unit
    top: Expression | None  # the figure's division, where it is one
    bottom: Expression | None
    numerator: Value | None
    denominator: Value | None
    weight: Value
    held: Mapping[str, Value]  # benchmark, low, high, in the base of the figure's unit
    limit: str  # cap or floor, where one was hit
    used: str  # which rule settled it: missing, zero or on_zero, with what it says
    exact: Value  # settled points, rounded only where the line rounds each item
    points: Value  # as kept: at the scheme's decimals

    @property
    def is_dropped(self) -> bool:
        """Tell whether the line is left out: its figure is missing, or zero counts as that."""
        return self.used in ("missing=drop", "zero=missing=drop")


def score_line(line: LineRule, subject: Subject, others: Others, scale: int) -> LineScore:
    """Return the points of one line for a subject, and how they came about."""
    evaluator = Evaluator(subject)
    weight = evaluator.value(line.weight)
    x = _figure_of(line, evaluator)
    held = _held(line, evaluator, others)
    formula = Formula(line, subject, weight, held)
    raw, limit = formula.limited(x)
    settled, used = _settled(formula, x, raw, others)
    top, bottom = _division(line.fact)
    numerator, denominator = (None if e is None else evaluator.value(e) for e in (top, bottom))
    return LineScore(
        line, x, top, bottom, numerator, denominator, weight, held, "" if used else limit,
        used, settled, rounded(settled, scale),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formula:
    """A line's formula for one subject: from any figure to points."""

    line: LineRule
    subject: Subject
    weight: Value
    held: Mapping[str, Value]

    def limited(self, x: Value) -> tuple[Value, str]:
        """Return the points of a figure within cap and floor, and which of them was hit."""
        words = {"x": x, "weight": self.weight, **self.held}
        evaluator = Evaluator(Worded(self.subject, words))
        points, limit = evaluator.value(self.line.points), ""
        for name, bound, sign in (("cap", self.line.cap, 1), ("floor", self.line.floor, -1)):
            if bound is None:
                continue
            end = evaluator.value(bound)
            doubt = united((points, end))
            if doubt is not None:
                points = doubt
            elif (number(points) - number(end)) * sign > 0:
                points, limit = end, name
        return self._item(points), limit

    def points(self, x: Fraction) -> Value:
        """Return the points of a figure before missing and zero are settled."""
        return self.limited(x)[0]

    def _item(self, points: Value) -> Value:
        line = self.line
        if isinstance(line.scale, Open) or isinstance(line.round_at, Open):
            slot = line.scale if isinstance(line.scale, Open) else line.round_at
            return Unknown("open", frozenset({slot.place} if isinstance(slot, Open) else ()))
        return rounded(points, line.scale) if line.round_at == "item" else points


def _figure_of(line: LineRule, evaluator: Evaluator) -> Value:
    if isinstance(line.fact, Open):
        return Unknown("open", frozenset({line.fact.place}))
    return evaluator.value(Read(line.fact, NOW, line.span))


def _held(line: LineRule, evaluator: Evaluator, others: Others) -> dict[str, Value]:
    """Return what the words stand for; low and high are the group's own unless written."""
    used = {n.word for n in walk(line.points) if isinstance(n, Word)}
    made: dict[str, Value] = {}
    for role in ROLES:
        held = getattr(line, role)
        if held is None and role in used and role in OWN_FIGURE:
            held = own_figure(line, role)
        if isinstance(held, FigureRule):
            made[role] = others.figure(line, role, held)
        elif held is not None:
            made[role] = evaluator.value(held)
    return made


def own_figure(line: LineRule, role: str) -> FigureRule:
    """Return the figure that `low` and `high` are where nothing is written."""
    return FigureRule(OWN_FIGURE[role], None, "group", None, 0, Fraction(1), None, line.span)


def _settled(formula: Formula, x: Value, raw: Value, others: Others) -> tuple[Value, str]:
    """Return points with a zero base, a missing and a zero figure settled by their rules."""
    line = formula.line
    if isinstance(x, Unknown):
        extreme = _zero_base(formula)
        if extreme is not None:
            return extreme, f"on_zero={line.on_zero}"
        return _by_rule(line.missing, x, formula, others), _told("missing", line.missing)
    if x == 0 and line.zero != "none":
        rule = line.missing if line.zero == "missing" else line.zero
        return _by_rule(rule, x, formula, others), _told("zero", line.zero, rule)
    return raw, ""


def _told(name: str, rule: object, then: object = None) -> str:
    """Return which rule settled a figure: `missing=mean`, `zero=missing=0`."""
    words = [_word(rule)] + ([_word(then)] if then not in (None, rule) else [])
    return "=".join([name, *words])


def _word(rule: object) -> str:
    return "open" if isinstance(rule, Open) else str(rule)


def _by_rule(rule: str | Fraction | Open, x: Value, formula: Formula, others: Others) -> Value:
    line = formula.line
    if isinstance(rule, Open):
        return Unknown("open", frozenset({rule.place}))
    if isinstance(rule, Fraction):
        return rule
    if rule == "mean":
        mean = others.mean_points(line, formula.points)
        is_item = line.round_at == "item" and isinstance(line.scale, int)
        return rounded(mean, line.scale) if is_item and isinstance(line.scale, int) else mean
    cause = x.causes if isinstance(x, Unknown) else frozenset({line.id})
    return Unknown(x.state if isinstance(x, Unknown) else "not_reported", cause)


def _zero_base(formula: Formula) -> Value | None:
    """Return the extreme points where a base is zero or below and the indicator says so."""
    line, subject = formula.line, formula.subject
    if line.on_zero not in ("worst", "best") or not isinstance(line.fact, Fact):
        return None
    evaluator = Evaluator(subject)
    bases = [n.right for n in walk_definition(line.fact) if _divides(n)]
    values = [evaluator.value(base) for base in bases]
    if not any(isinstance(v, Fraction) and v <= 0 for v in values):
        return None
    best = line.on_zero == "best"
    limit = line.cap if best else line.floor
    if limit is not None:
        words = {"weight": formula.weight, **formula.held}
        return Evaluator(Worded(subject, words)).value(limit)
    return formula.weight if best else ZERO


def walk_definition(fact: Fact) -> list[Arithmetic]:
    """Return the arithmetic that a fact's own definition is made of."""
    if fact.definition is None:
        return []
    return [n for n in walk(fact.definition) if isinstance(n, Arithmetic)]


def _divides(node: Arithmetic) -> bool:
    return node.sign == "/"


def _division(fact: Fact | Open) -> tuple[Expression | None, Expression | None]:
    """Return numerator and denominator of an indicator, looking through its zero rule."""
    node: Expression | None = fact.definition if isinstance(fact, Fact) else None
    while True:
        if isinstance(node, Read) and node.when == NOW:
            node = node.fact.definition
        elif isinstance(node, Choose):
            node = node.otherwise
        elif isinstance(node, Arithmetic) and node.sign == "/":
            return node.left, node.right
        else:
            return None, None


def rounded(value: Value, scale: int | Open) -> Value:
    """Return a number at `scale` decimals, halves away from zero; anything else as it is."""
    if not isinstance(value, Fraction) or isinstance(scale, Open):
        return value
    return round_half_away(value, scale)


def added(values: Iterable[Value]) -> Value:
    """Return the sum, unknown where a part is."""
    parts = list(values)
    return united(parts) or sum((number(v) for v in parts), ZERO)


def number(value: Value) -> Fraction:
    """Return a value that is known to be a number."""
    if not isinstance(value, Fraction):
        raise TypeError(f"{value!r} is no number")
    return value
