"""Functions of dates. A length of time is a bare number or a quantity of the unit that is added."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaogong.language.expression import Arithmetic, Constant, DateWord, Expression
from kaogong.language.finding import refuse
from kaogong.language.functions.function import Build, Call, applied
from kaogong.language.kind import DATE, NUMBER, Kind
from kaogong.language.span import Span
from kaogong.language.unit import read_unit

# What each word adds: the base unit in which a quantity of time is counted, and the function.
_ADDED = {
    "years": ("月", "add_months"),
    "months": ("月", "add_months"),
    "days": ("天", "add_days"),
    "working_days": ("工作日", "add_working_days"),
}


def ago(word: str) -> Build:
    """Return the builder of `years_ago` and its like: the date so long before `as_of`."""

    def build(call: Call) -> Expression:
        name, count = _length(call, 0, word)
        day = DateWord("as_of", call.span)
        return applied(name, [day, _negated(count, call.span)], DATE, call.span)

    return build


def add(word: str) -> Build:
    """Return the builder of `add_years` and its like."""

    def build(call: Call) -> Expression:
        day = call.day(0)
        name, count = _length(call, 1, word)
        return applied(name, [day, count], DATE, call.span)

    return build


def _length(call: Call, place: int, word: str) -> tuple[str, Expression]:
    """Return the function that adds a length of time, and its count; 3年 is counted as 36 months.

    Raise KG401 for a quantity of another unit: no rule turns a month into days.
    """
    count = call.numeric(place)
    unit, base = count.kind.unit, read_unit(_ADDED[word][0])
    if count.kind.name == "open" or (unit.is_pure and unit.factor == 1):
        return f"add_{word}", count
    if not unit.same_dimension(base):
        spoken = call.checker.syntax.spoken(call.arguments[place])
        units = f"({base.text}, {unit.text})"
        raise refuse("KG401", count.span, left=call.name, right=spoken, unit=units)
    return _ADDED[word][1], _counted(count, Kind("number", base))


def _counted(count: Expression, base: Kind) -> Expression:
    if isinstance(count, Constant):
        return replace(count, kind=NUMBER)
    one = Constant(Fraction(1), base, count.span)
    return Arithmetic("/", count, one, NUMBER, count.span)


def _negated(value: Expression, span: Span) -> Expression:
    if isinstance(value, Constant) and isinstance(value.value, Fraction):
        return replace(value, value=-value.value)
    return Arithmetic("-", Constant(Fraction(0), value.kind, span), value, value.kind, span)


def part(name: str) -> Build:
    """Return the builder of `year_of` or `month_of`."""

    def build(call: Call) -> Expression:
        return applied(name, [call.day(0)], NUMBER, call.span)

    return build


def between(name: str, unit: str) -> Build:
    """Return the builder of a number of completed units from a to b, as a quantity in that unit."""
    kind = Kind("number", read_unit(unit))

    def build(call: Call) -> Expression:
        span = call.span
        count = applied(name, [call.day(0), call.day(1)], NUMBER, span)
        if kind.unit.factor == 1:
            return replace(count, kind=kind)
        return Arithmetic("*", count, Constant(kind.unit.factor, kind, span), kind, span)

    return build
