"""Figures of a group that a line is held against: benchmarks, lows, highs.

A figure is kept (it is published and explains a firm's points), so it is rounded once, to the
decimals of its indicator. A mean of ratios and a ratio of sums are different figures (permu:E27).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import Arithmetic, Expression, Read, When
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.plan import sql
from kaogong.plan.frame import unit_value
from kaogong.plan.lower import Lowerer
from kaogong.plan.number import Number, constant, multiplied, rounded
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import FigureRule, LineRule


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One figure of one line: where it is summed, and how it is finished."""

    name: str  # column in the table of figures
    rule: FigureRule
    line: LineRule
    inputs: Mapping[str, Node]  # columns taken from each member
    windows: Mapping[str, Node]  # columns over the members, read from the inputs
    finished: Node  # the aggregate, in whole units of the indicator
    over: str  # group, pool, all, or the id of a field
    number: Number  # the finished figure, as a column

    @property
    def set_name(self) -> str:
        """Return what parts the sets the figure is taken of: group, pool, all, or a field's id."""
        return set_name(self.rule)


def set_name(rule: FigureRule) -> str:
    """Return what parts the sets a figure is taken of: group, pool, all, or a field's id."""
    return rule.over if rule.over_fact is None else rule.over_fact.id


def figure_column(
    role: str, rule: FigureRule, line: LineRule, lowerer: Lowerer, capacity: int
) -> FigureColumn:
    """Return what a figure needs from each member, and the column it becomes."""
    fact = line.fact
    assert isinstance(fact, Fact)
    name = f"{role}__{line.id}"
    inputs, figured = _FIGURES[rule.figure](name, rule, fact, lowerer, capacity)
    windows = {k: v for k, v in inputs.items() if isinstance(v, exp.Window)}
    inputs = {k: v for k, v in inputs.items() if k not in windows}
    finished = rounded(multiplied(figured, constant(rule.times, rule.span)), unit_value(fact))
    low, high = lowerer.frame.likely(finished.low, finished.high)
    alias = "figures" if rule.over == "group" else f"figures_{rule.over}"
    made = Number(column(name, alias), low, high, None, 1, unit_value(fact), rule.span)
    node = sql.cast(finished.top, "bigint")
    return FigureColumn(name, rule, line, inputs, windows, node, rule.over, made)


def _x(rule: FigureRule, fact: Fact, lowerer: Lowerer) -> Number:
    """Return what the figure is of: the line's own indicator, or another expression."""
    own = Read(fact, When(back=rule.back), rule.span)
    return lowerer.number(rule.of if rule.of is not None else own)


def _plain(aggregate: type[exp.AggFunc]) -> Callable[..., tuple[dict[str, Node], Number]]:
    """Return what makes the least, greatest or sum of the members' figures."""

    def build(
        name: str, rule: FigureRule, fact: Fact, lowerer: Lowerer, capacity: int
    ) -> tuple[dict[str, Node], Number]:
        x = _x(rule, fact, lowerer)
        at = f"{name}__x"
        times = capacity if aggregate is exp.Sum else 1
        node = aggregate(this=column(at))
        return {at: _whole(x, rule)}, Number(
            node, x.low * times, x.high * times, None, 1, x.factor, rule.span
        )

    return build


def _mean(
    name: str, rule: FigureRule, fact: Fact, lowerer: Lowerer, capacity: int
) -> tuple[dict[str, Node], Number]:
    x = _x(rule, fact, lowerer)
    at = f"{name}__x"
    total, count = exp.Sum(this=column(at)), exp.Count(this=column(at))
    return {at: _whole(x, rule)}, Number(
        total,
        x.low * capacity,
        x.high * capacity,
        sql.divisor(count),
        capacity,
        x.factor,
        rule.span,
    )


def _count(
    name: str, rule: FigureRule, fact: Fact, lowerer: Lowerer, capacity: int
) -> tuple[dict[str, Node], Number]:
    x = _x(rule, fact, lowerer)
    at = f"{name}__x"
    return {at: _whole(x, rule)}, Number(
        exp.Count(this=column(at)), 0, capacity, None, 1, Fraction(1), rule.span
    )


def _ratio_of_sums(
    name: str, rule: FigureRule, fact: Fact, lowerer: Lowerer, capacity: int
) -> tuple[dict[str, Node], Number]:
    """Sum of numerators over sum of denominators, of the members that have both."""
    top, bottom = _quotient(rule, fact, lowerer)
    tops, bottoms = f"{name}__top", f"{name}__bottom"
    both = sql.every([sql.is_known(top.top), sql.is_known(bottom.top)])
    inputs = {tops: sql.case([(both, top.top)]), bottoms: sql.case([(both, bottom.top)])}
    total = exp.Sum(this=column(tops))
    base = exp.Sum(this=column(bottoms))
    positive = sql.divisor(base)
    if bottom.low < 0:
        positive = sql.case([(sql.binary(">", base, sql.integer(0)), base)])
    return inputs, Number(
        total, top.low * capacity, top.high * capacity,
        positive, max(bottom.high, 1) * capacity, top.factor / bottom.factor, rule.span,
    )  # fmt: skip


def _quotient(rule: FigureRule, fact: Fact, lowerer: Lowerer) -> tuple[Number, Number]:
    of = rule.of if rule.of is not None else fact.definition
    division = _division(of)
    if division is None:
        raise refuse("KG112", rule.span, value=fact.title["zh"], expected="a ratio")
    from kaogong.language.expression import shifted

    top = lowerer.number(shifted(division.left, back=rule.back))
    bottom = lowerer.number(shifted(division.right, back=rule.back))
    if top.bottom is not None or bottom.bottom is not None:
        raise refuse("KG408", rule.span, name=fact.title["zh"])
    return top, bottom


def _division(of: Expression | None) -> Arithmetic | None:
    """Return the division an indicator is, looking through what settles a zero base."""
    from kaogong.language.expression import Choose

    if isinstance(of, Read) and of.fact.definition is not None:
        return _division(of.fact.definition)
    if isinstance(of, Choose) and of.otherwise is not None:
        return _division(of.otherwise)
    return of if isinstance(of, Arithmetic) and of.sign == "/" else None


def _whole(x: Number, rule: FigureRule) -> Node:
    if x.bottom is not None:
        raise refuse("KG408", rule.span, name=rule.figure)
    return x.top


def _quantile(
    name: str, rule: FigureRule, fact: Fact, lowerer: Lowerer, _: int
) -> tuple[dict[str, Node], Number]:
    """Linear between the two nearest places, exactly (as Excel's PERCENTILE does).

    The place is (n − 1)·p; with p = a/b it lies `r/b` of the way from the value at place k to the
    next, where (n − 1)·a = k·b + r. Members are placed by a window over the known values.
    """
    x = _x(rule, fact, lowerer)
    share = Fraction(1, 2) if rule.figure == "median" else (rule.at or Fraction(1, 2))
    a, b = share.numerator, share.denominator
    at, place, known = f"{name}__x", f"{name}__place", f"{name}__known"
    lower_at = sql.binary("+", sql.divide(_spread(known, a), sql.integer(b)), sql.integer(1))
    rest = exp.Mod(this=sql.paren(_spread(known, a)), expression=sql.integer(b))
    lower = exp.Max(this=sql.case([(sql.binary("=", column(place), lower_at), column(at))]))
    next_at = sql.binary("+", lower_at, sql.integer(1))
    upper = exp.Max(this=sql.case([(sql.binary("=", column(place), next_at), column(at))]))
    way = exp.Max(this=rest)
    step = sql.binary("*", sql.binary("-", sql.coalesce([upper, lower]), lower), way)
    top = sql.binary("+", sql.binary("*", lower, sql.integer(b)), step)
    inputs = {at: _whole(x, rule), place: _placed(at), known: _known(at)}
    most = 2 * x.most * b
    return inputs, Number(top, -most, most, None, 1, x.factor / b, rule.span)


def _spread(known: str, a: int) -> Node:
    return sql.binary("*", sql.binary("-", column(known), sql.integer(1)), sql.integer(a))


def _placed(at: str) -> Node:
    ordered = exp.Order(expressions=[exp.Ordered(this=column(at), nulls_first=False)])
    return exp.Window(this=exp.RowNumber(), order=ordered)


def _known(at: str) -> Node:
    return exp.Window(this=exp.Count(this=column(at)))


_FIGURES: Mapping[str, Callable[..., tuple[dict[str, Node], Number]]] = {
    "ratio_of_sums": _ratio_of_sums,
    "mean": _mean,
    "count": _count,
    "sum": _plain(exp.Sum),
    "min": _plain(exp.Min),
    "max": _plain(exp.Max),
    "median": _quantile,
    "quantile": _quantile,
}
