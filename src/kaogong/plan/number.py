"""Exact numbers in SQL: a whole number over a positive whole number, times a constant fraction.

`value = top / bottom * factor`. Inside one expression nothing is rounded; addition brings to one
bottom, comparison multiplies across, `rounded` divides once, half away from zero. Every node knows
the range of its top and the greatest bottom, so that the width of each product is known when it is
built: 64 bits, 128 bits, or finding KG412. Nothing becomes a float (language, section 3.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from sqlglot import exp

from kaogong.language.finding import refuse
from kaogong.language.quantity import round_half_away
from kaogong.language.span import Span
from kaogong.plan.sql import (
    BIGINT_MOST,
    Node,
    binary,
    call,
    case,
    cast,
    divide,
    divisor,
    every,
    integer,
    is_known,
    is_null,
    negate,
    null,
    some,
    width_of,
)


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number; unknown where `top` or `bottom` is null."""

    top: Node
    low: int  # of top
    high: int
    bottom: Node | None  # always above zero; None means one
    deepest: int  # the greatest bottom
    factor: Fraction  # above zero
    span: Span

    @property
    def most(self) -> int:
        """Return the greatest absolute value of the top."""
        return max(abs(self.low), abs(self.high))


def constant(value: Fraction, span: Span) -> Number:
    """Return a written number."""
    return Number(integer(value.numerator), value.numerator, value.numerator, None, 1,
                  Fraction(1, value.denominator), span)  # fmt: skip


def stored(node: Node, scale_factor: Fraction, low: int, high: int, span: Span) -> Number:
    """Return a column of whole units; `scale_factor` is the value of one unit in the base."""
    return Number(node, low, high, None, 1, scale_factor, span)


def unknown(span: Span) -> Number:
    """Return a number nobody knows."""
    return Number(null("number"), 0, 0, None, 1, Fraction(1), span)


def added(left: Number, right: Number, sign: str) -> Number:
    """Return `left ± right`."""
    factor = _common(left.factor, right.factor)
    a = _times(left.top, left.low, left.high, int(left.factor / factor), left.span)
    b = _times(right.top, right.low, right.high, int(right.factor / factor), right.span)
    if (left.bottom is None and right.bottom is None) or left.bottom == right.bottom:
        bottom, deepest = left.bottom, left.deepest
    else:
        a = _across(a, right.bottom, right.deepest, left.span)
        b = _across(b, left.bottom, left.deepest, left.span)
        bottom, deepest = _product_of_bottoms(left, right)
    low, high = (a[1] + b[1], a[2] + b[2]) if sign == "+" else (a[1] - b[2], a[2] - b[1])
    top = binary(sign, *_wide_enough(a[0], b[0], max(abs(low), abs(high)), left.span))
    return Number(top, low, high, bottom, deepest, factor, left.span)


def sum_of(numbers: list[Number]) -> Number:
    """Return the sum of numbers, of which there is at least one."""
    total = numbers[0]
    for number in numbers[1:]:
        total = added(total, number, "+")
    return total


def multiplied(left: Number, right: Number) -> Number:
    """Return `left * right`."""
    top, low, high = _product(
        (left.top, left.low, left.high), (right.top, right.low, right.high), left.span
    )
    bottom, deepest = _product_of_bottoms(left, right)
    return Number(top, low, high, bottom, deepest, left.factor * right.factor, left.span)


def divided(left: Number, right: Number, *, allow_negative: bool) -> Number:
    """Return `left / right`; unknown where the right side is zero (or below, unless allowed)."""
    if _is_written(right):
        if right.low == 0 or (right.low < 0 and not allow_negative):
            return unknown(left.span)
        sign = 1 if right.low > 0 else -1
        top = _times(left.top, left.low, left.high, sign, left.span)
        factor = left.factor / (right.factor * abs(right.low))
        return Number(*top, left.bottom, left.deepest, factor, left.span)
    a = _across((left.top, left.low, left.high), right.bottom, right.deepest, left.span)
    base, most = right.top, right.most
    if right.low <= 0:
        if allow_negative and right.low < 0:
            a = _signed(a, right)
            base = case([(binary("<>", right.top, integer(0)), _absolute(right.top))])
        else:
            base = _above_zero(right)
            most = max(right.high, 1)
    bottom, deepest = _positive_product(base, most, left.bottom, left.deepest, left.span)
    return Number(*a, bottom, deepest, left.factor / right.factor, left.span)


def _above_zero(number: Number) -> Node:
    if number.low == 0:
        return divisor(number.top)
    return case([(binary(">", number.top, integer(0)), number.top)])


def compared(sign: str, left: Number, right: Number) -> Node:
    """Return the comparison, multiplied across so that no rounding is in it."""
    factor = _common(left.factor, right.factor)
    a = _times(left.top, left.low, left.high, int(left.factor / factor), left.span)
    b = _times(right.top, right.low, right.high, int(right.factor / factor), right.span)
    if left.bottom != right.bottom:
        a = _across(a, right.bottom, right.deepest, left.span)
        b = _across(b, left.bottom, left.deepest, left.span)
    elif left.bottom is not None:
        return case([(is_null(left.bottom), null("yes_no"))], binary(sign, a[0], b[0]))
    return binary(sign, a[0], b[0])


def rounded(number: Number, unit: Fraction) -> Number:
    """Return the number as whole `unit`s, rounded once, half away from zero."""
    ratio = number.factor / unit
    if _is_written(number):
        return _written(round_half_away(number.low * ratio, 0), unit, number.span)
    p, q = ratio.numerator, ratio.denominator
    top, low, high = _times(number.top, number.low, number.high, p, number.span)
    if number.bottom is None and q == 1:
        return Number(top, low, high, None, 1, unit, number.span)
    bottom, deepest = _bottom_times(number, q)
    made = _half_away((top, low, high), bottom, deepest, number.span)
    return Number(made, _least(low, q), _most(high, q), None, 1, unit, number.span)


def floored(number: Number, unit: Fraction, direction: str) -> Number:
    """Return the number as whole `unit`s, cut down (`floor`) or up (`ceil`)."""
    ratio = number.factor / unit
    top, low, high = _times(number.top, number.low, number.high, ratio.numerator, number.span)
    if number.bottom is None and ratio.denominator == 1:
        return Number(top, low, high, None, 1, unit, number.span)
    bottom, deepest = _bottom_times(number, ratio.denominator)
    top, bottom = _wide_enough(top, bottom, max(abs(low), abs(high)) + deepest, number.span)
    down = direction == "floor"
    shifted = binary("-" if down else "+", top, binary("-", bottom, integer(1)))
    needs = binary("<" if down else ">", top, integer(0))
    made = divide(case([(needs, shifted)], top), bottom)
    return Number(made, min(low, 0) - 1, max(high, 0) + 1, None, 1, unit, number.span)


def chosen(branches: list[tuple[Node, Number]], otherwise: Number | None, span: Span) -> Number:
    """Return a cascade of numbers, all brought to whole units of one common size."""
    numbers = [n for _, n in branches] + ([otherwise] if otherwise is not None else [])
    made, factor, deepest, bottoms = aligned(numbers)
    tops = case(
        [(when, m[0]) for (when, _), m in zip(branches, made, strict=False)],
        made[-1][0] if otherwise is not None else null("number"),
    )
    bottom = None
    if any(b is not None for b in bottoms):
        shown = [b if b is not None else integer(1) for b in bottoms]
        bottom = case(
            [(when, b) for (when, _), b in zip(branches, shown, strict=False)],
            shown[-1] if otherwise is not None else integer(1),
        )
    low, high = min(m[1] for m in made), max(m[2] for m in made)
    return Number(tops, low, high, bottom, deepest, factor, span)


def extreme(numbers: list[Number], sign: str, span: Span) -> Number:
    """Return the least (`<=`) or greatest (`>=`) number, unknown where one of them is.

    Engines skip nulls in their own functions, so unknown is settled first.
    """
    if any(n.bottom is not None for n in numbers):
        return _first_of_all(numbers, sign, span)
    made, factor, _, _ = aligned(numbers)
    best = call("least" if sign == "<=" else "greatest", *(m[0] for m in made))
    unsure = some(is_null(n.top) for n in numbers)
    top = case([(unsure, null("number"))], best)
    pick = min if sign == "<=" else max
    low, high = pick(m[1] for m in made), pick(m[2] for m in made)
    return Number(top, low, high, None, 1, factor, span)


def _first_of_all(numbers: list[Number], sign: str, span: Span) -> Number:
    """Return the first that no later one beats."""
    branches: list[tuple[Node, Number]] = [(negate(_are_known(numbers)), unknown(span))]
    for place, number in enumerate(numbers[:-1]):
        tests = [compared(sign, number, other) for other in numbers[place + 1 :]]
        branches.append((every(tests), number))
    return chosen(branches, numbers[-1], span)


def _are_known(numbers: list[Number]) -> Node:
    parts = [p for n in numbers for p in (n.top, n.bottom) if p is not None]
    return every(is_known(p) for p in parts)


def absolute(number: Number) -> Number:
    """Return the number without its sign."""
    top = _absolute(number.top) if number.low < 0 else number.top
    low = 0 if number.low < 0 < number.high else min(abs(number.low), abs(number.high))
    return Number(top, low, number.most, number.bottom, number.deepest, number.factor, number.span)


Top = tuple[Node, int, int]


def aligned(numbers: list[Number]) -> tuple[list[Top], Fraction, int, list[Node | None]]:
    """Return the tops in one factor, that factor, the greatest bottom, and each bottom."""
    factor = numbers[0].factor
    for number in numbers[1:]:
        factor = _common(factor, number.factor)
    tops = [_times(n.top, n.low, n.high, int(n.factor / factor), n.span) for n in numbers]
    return tops, factor, max(n.deepest for n in numbers), [n.bottom for n in numbers]


def _is_written(number: Number) -> bool:
    return number.bottom is None and number.low == number.high and _is_literal(number.top)


def _is_literal(node: Node) -> bool:
    inside = node.this if isinstance(node, exp.Neg | exp.Cast) else node
    inside = inside.this if isinstance(inside, exp.Neg) else inside
    return isinstance(inside, exp.Literal) and not inside.is_string


def _written(whole: Fraction, unit: Fraction, span: Span) -> Number:
    value = int(whole)
    return Number(integer(value), value, value, None, 1, unit, span)


# -- building blocks ----------------------------------------------------------------------


def _common(a: Fraction, b: Fraction) -> Fraction:
    """Return the greatest fraction of which both are whole multiples."""
    shared = lcm(a.denominator, b.denominator)
    return Fraction(gcd(int(a * shared), int(b * shared)), shared)


def _times(top: Node, low: int, high: int, by: int, span: Span) -> Top:
    if by == 1:
        return top, low, high
    is_constant = low == high and by > 0 and _is_literal(top)
    low, high = min(low * by, high * by), max(low * by, high * by)
    if is_constant:
        return integer(low), low, high
    return _wide_product(top, integer(by), low, high, span), low, high


def _product(a: Top, b: Top, span: Span) -> Top:
    corners = [x * y for x in (a[1], a[2]) for y in (b[1], b[2])]
    low, high = min(corners), max(corners)
    return _wide_product(a[0], b[0], low, high, span), low, high


def _across(top: Top, bottom: Node | None, deepest: int, span: Span) -> Top:
    return top if bottom is None else _product(top, (bottom, 1, deepest), span)


def _wide_product(a: Node, b: Node, low: int, high: int, span: Span) -> Node:
    wide_a, wide_b = _wide_enough(a, b, max(abs(low), abs(high)), span)
    return binary("*", wide_a, wide_b)


def _wide_enough(a: Node, b: Node, most: int, span: Span) -> tuple[Node, Node]:
    """Return both sides in a width that holds `most`, or refuse with KG412."""
    if most <= BIGINT_MOST:
        return a, b
    if width_of(most) is None:
        raise refuse("KG412", span, value=span, bits=most.bit_length() + 1)
    return cast(a, "hugeint"), b


def _product_of_bottoms(left: Number, right: Number) -> tuple[Node | None, int]:
    if left.bottom is None:
        return right.bottom, right.deepest
    if right.bottom is None:
        return left.bottom, left.deepest
    return _positive_product(left.bottom, left.deepest, right.bottom, right.deepest, left.span)


def _positive_product(
    a: Node, most_a: int, b: Node | None, most_b: int, span: Span
) -> tuple[Node, int]:
    if b is None:
        return a, most_a
    return _wide_product(a, b, 0, most_a * most_b, span), most_a * most_b


def _bottom_times(number: Number, q: int) -> tuple[Node, int]:
    if number.bottom is None:
        return integer(q), q
    if q == 1:
        return number.bottom, number.deepest
    deepest = number.deepest * q
    return _wide_product(number.bottom, integer(q), 0, deepest, number.span), deepest


def _half_away(ranged: Top, bottom: Node, deepest: int, span: Span) -> Node:
    """(2·top ± bottom) // (2·bottom): the sign of the half follows the sign of the top."""
    top, low, high = ranged
    most = 2 * max(abs(low), abs(high)) + deepest
    doubled = _wide_product(top, integer(2), 2 * low, 2 * high, span)
    doubled, half = _wide_enough(doubled, bottom, most, span)
    base = _wide_product(bottom, integer(2), 0, 2 * deepest, span)
    if low < 0:
        minus = binary("-", integer(0), bottom)
        half = case([(binary("<", top, integer(0)), minus)], bottom)
    return divide(binary("+", doubled, half), base)


def _signed(top: Top, base: Number) -> Top:
    flipped = binary("-", integer(0), top[0])
    node = case([(binary("<", base.top, integer(0)), flipped)], top[0])
    most = max(abs(top[1]), abs(top[2]))
    return node, -most, most


def _absolute(node: Node) -> Node:
    return case([(binary("<", node, integer(0)), binary("-", integer(0), node))], node)


def _least(low: int, q: int) -> int:
    return low // q - 1 if low < 0 else 0


def _most(high: int, q: int) -> int:
    return high // q + 1 if high > 0 else 0
