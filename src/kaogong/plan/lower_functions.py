"""Functions of values as SQL trees, one entry a function of the language.

`least` and `greatest` are unknown when an argument is: engines skip nulls, and a missing figure
would score the cap. Dates and texts go to the engines' own functions by the names of `render`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from kaogong.language.expression import Apply, Choose, Constant, Known
from kaogong.language.span import Span
from kaogong.plan import sql
from kaogong.plan.dates import DATE_FUNCTIONS, DATE_NUMBERS
from kaogong.plan.lower import Lowered, Lowerer
from kaogong.plan.number import Number, absolute, compared, extreme, floored, rounded
from kaogong.plan.sql import Node

MOST_DAYS = 4 * 10**6  # between two dates


def _extreme(sign: str) -> Callable[[Lowerer, Apply], Lowered]:
    """Least (<=) and greatest (>=), unknown when an argument is."""

    def lower(lowerer: Lowerer, node: Apply) -> Lowered:
        if node.kind.name == "number":
            return extreme([lowerer.number(x) for x in node.arguments], sign, node.span)
        days = [lowerer.plain(x, node.kind.name) for x in node.arguments]
        best = sql.call("least" if sign == "<=" else "greatest", *days)
        unsure = sql.some(sql.is_null(each) for each in days)
        return sql.case([(unsure, sql.null(node.kind.name))], best)

    return lower


def _absolute(lowerer: Lowerer, node: Apply) -> Lowered:
    return absolute(lowerer.number(node.arguments[0]))


def _round(lowerer: Lowerer, node: Apply) -> Lowered:
    places = node.arguments[1]
    assert isinstance(places, Constant)
    assert isinstance(places.value, Fraction)
    unit = node.kind.unit.factor / Fraction(10) ** int(places.value)
    return rounded(lowerer.number(node.arguments[0]), unit)


def _whole(direction: str) -> Callable[[Lowerer, Apply], Lowered]:
    def lower(lowerer: Lowerer, node: Apply) -> Lowered:
        return floored(lowerer.number(node.arguments[0]), node.kind.unit.factor, direction)

    return lower


def _coalesce(lowerer: Lowerer, node: Apply) -> Lowered:
    branches = tuple((Known(x, x.span), x) for x in node.arguments)
    return lowerer.lower(Choose(branches, None, True, node.kind, node.span))


def _text(name: str) -> Callable[[Lowerer, Apply], Lowered]:
    def lower(lowerer: Lowerer, node: Apply) -> Lowered:
        made = sql.call(name, *(lowerer.node(x) for x in node.arguments))
        return counted(made, 10**6, node.span) if node.kind.name == "number" else made

    return lower


def counted(node: Node, most: int, span: Span) -> Number:
    """Return a whole number that an engine's function gives."""
    return Number(sql.cast(node, "bigint"), -most, most, None, 1, Fraction(1), span)


def _dated(name: str) -> Callable[[Lowerer, Apply], Lowered]:
    def lower(lowerer: Lowerer, node: Apply) -> Lowered:
        nodes = [_whole_or_plain(lowerer.lower(x)) for x in node.arguments]
        if name in DATE_FUNCTIONS:
            return DATE_FUNCTIONS[name](*nodes)
        return counted(DATE_NUMBERS[name](*nodes), MOST_DAYS, node.span)

    return lower


def _whole_or_plain(made: Lowered) -> Node:
    """Return a number of days, months or years as a whole number, unknown where it is not one."""
    if not isinstance(made, Number):
        return made
    whole = floored(made, Fraction(1), "floor")
    if made.bottom is None and made.factor.denominator == 1:
        return whole.top
    return sql.case([(compared("=", made, whole), whole.top)])


FUNCTIONS: Mapping[str, Callable[[Lowerer, Apply], Lowered]] = {
    "abs": _absolute,
    "floor": _whole("floor"),
    "ceil": _whole("ceil"),
    "round": _round,
    "least": _extreme("<="),
    "greatest": _extreme(">="),
    "coalesce": _coalesce,
    "starts_with": _text("kg_starts_with"),
    "contains": _text("kg_contains"),
    "length": _text("kg_length"),
    **{name: _dated(name) for name in (*DATE_FUNCTIONS, *DATE_NUMBERS)},
}
