"""Functions of values of one subject and period: arithmetic, comparison, text and dates.

All arguments are known here; unknown ones have been dealt with before. Numbers are fractions in
the base of their unit, so `floor`, `ceil` and `round` go to the unit of their argument and back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from kaogong.language.calendar import (
    Calendar,
    add_months,
    completed_days_between,
    completed_months_between,
    completed_years_between,
)
from kaogong.language.expression import (
    Apply,
    Arithmetic,
    ArithmeticSign,
    Compare,
    CompareSign,
    Plain,
    ScalarFunction,
)
from kaogong.language.kind import Kind
from kaogong.language.quantity import round_half_away
from kaogong.language.value import Unknown, Value, causes_in, ordered, place, united

MONTHS_A_YEAR = 12
_MONTHS = (("month", 1),)
Known = TypeVar("Known", Fraction, str, date)

_SIGNS: Mapping[ArithmeticSign, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}

# Which results of a three-way comparison (-1, 0, 1) satisfy the sign.
_SATISFIED: Mapping[CompareSign, frozenset[int]] = {
    "=": frozenset({0}),
    "<>": frozenset({-1, 1}),
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}


def calculated(node: Arithmetic, left: Plain, right: Plain) -> Value:
    """Return the exact result; a quotient over zero or over less than zero is a state."""
    by = _of(Fraction, right)
    if node.sign == "/" and by == 0:
        return Unknown("zero_denominator", causes_in(node.right))
    if node.sign == "/" and by < 0 and not node.allow_negative_base:
        return Unknown("negative_base", causes_in(node.right))
    return _SIGNS[node.sign](_of(Fraction, left), by)


def compared(node: Compare, left: Plain, right: Plain) -> Value:
    """Return whether the comparison holds; codes go by their vocabulary's order, text by bytes."""
    if node.sign in ("=", "<>"):
        return (left == right) is (node.sign == "=")
    kind = node.left.kind if node.left.kind.order else node.right.kind
    sides = (ordered(left, kind, node.left), ordered(right, kind, node.right))
    doubt = united(sides)
    if doubt is not None:
        return doubt
    first, second = place(left, kind), place(right, kind)
    return (first > second) - (first < second) in _SATISFIED[node.sign]


def applied(node: Apply, values: Sequence[Plain], calendar: Calendar) -> Value:
    """Return the value of a function; a day outside the years 1 to 9999 is `not_applicable`."""
    try:
        return _FUNCTIONS[node.function](Call(node, values, calendar))
    except OverflowError:
        return Unknown("not_applicable", causes_in(node))


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its known arguments."""

    node: Apply
    values: Sequence[Plain]
    calendar: Calendar

    def number(self, place: int) -> Fraction:
        """Return an argument that is a number."""
        return _of(Fraction, self.values[place])

    def day(self, place: int) -> date:
        """Return an argument that is a date."""
        return _of(date, self.values[place])

    def text(self, place: int) -> str:
        """Return an argument that is a text or code."""
        return _of(str, self.values[place])

    def whole(self, place: int) -> int:
        """Return a number of days, months or years; a part of one leads to no date."""
        number = self.number(place)
        if number.denominator != 1:
            raise OverflowError("only whole numbers of days, months and years are added")
        return number.numerator

    def decimals(self) -> int:
        """Return how many decimals `round` keeps; none when it does not say."""
        return self.whole(1) if len(self.values) > 1 else 0


def _of(kind: type[Known], value: Plain) -> Known:
    """Return `value` as what the checker said it is."""
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _in_unit(change: Callable[[Fraction, Call], Fraction | int]) -> Callable[[Call], Value]:
    """Return the function that works in the unit of its argument."""

    def function(call: Call) -> Value:
        factor = call.node.arguments[0].kind.unit.factor
        return change(call.number(0) / factor, call) * factor

    return function


def _extreme(sign: int) -> Callable[[Call], Value]:
    """Return `greatest` for 1 and `least` for -1."""

    def function(call: Call) -> Value:
        kind = call.node.kind
        values = [ordered(value, kind, call.node) for value in call.values]
        return united(values) or (max if sign > 0 else min)(
            call.values, key=lambda value: place(value, kind)
        )

    return function


def _add_years(call: Call) -> Value:
    months = call.number(1) * (MONTHS_A_YEAR // _months_in_one(call.node.arguments[1].kind))
    if months.denominator != 1:
        raise OverflowError("only whole months are added")
    return add_months(call.day(0), months.numerator)


def _years_between(call: Call) -> Value:
    years = completed_years_between(call.day(0), call.day(1))
    return Fraction(years * _months_in_one(call.node.kind))


def _months_in_one(kind: Kind) -> int:
    """Return 12 where a number of years is kept in months, the base of 年; else 1."""
    return MONTHS_A_YEAR if kind.unit.dimension == _MONTHS else 1


_FUNCTIONS: Mapping[ScalarFunction, Callable[[Call], Value]] = {
    "abs": lambda call: abs(call.number(0)),
    "floor": _in_unit(lambda value, _: math.floor(value)),
    "ceil": _in_unit(lambda value, _: math.ceil(value)),
    "round": _in_unit(lambda value, call: round_half_away(value, call.decimals())),
    "least": _extreme(-1),
    "greatest": _extreme(1),
    "starts_with": lambda call: call.text(0).startswith(call.text(1)),
    "contains": lambda call: call.text(1) in call.text(0),
    "length": lambda call: Fraction(len(call.text(0))),
    "add_years": _add_years,
    "add_months": lambda call: add_months(call.day(0), call.whole(1)),
    "add_days": lambda call: call.day(0) + timedelta(days=call.whole(1)),
    "add_working_days": lambda call: call.calendar.add_working_days(call.day(0), call.whole(1)).day,
    "year_of": lambda call: Fraction(call.day(0).year),
    "month_of": lambda call: Fraction(call.day(0).month),
    "years_between": _years_between,
    "months_between": lambda call: Fraction(completed_months_between(call.day(0), call.day(1))),
    "days_between": lambda call: Fraction(completed_days_between(call.day(0), call.day(1))),
    "working_days_between": lambda call: Fraction(
        call.calendar.working_days_between(call.day(0), call.day(1)).days
    ),
}
