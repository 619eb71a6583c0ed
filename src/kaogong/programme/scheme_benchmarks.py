"""What a line is held against: a written value, a parameter, or a figure of many subjects."""

from __future__ import annotations

from fractions import Fraction

from kaogong.kinds.parts import Figure, Value
from kaogong.language.check import check
from kaogong.language.expression import Expression, Open
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import Kind
from kaogong.language.quantity import read_quantity
from kaogong.language.span import Text
from kaogong.programme.reading import Reading
from kaogong.programme.rules import FigureRule, Held

PLAIN_OVER = ("group", "pool", "all")
PARTING = ("text", "code", "yes_no", "date")  # kinds of field whose values part the subjects
PERIODS = {None: 0, "prior": 1}


def held_against(reading: Reading, value: Value | None, fact: Fact | Open, place: str) -> Held:
    """Return a benchmark, low or high in the indicator's dimension, or a figure."""
    if value is None:
        return None
    if isinstance(value, Figure):
        return _figure(reading, value, fact)
    kind = fact.kind
    made = reading.value(value, place)
    if "open" in (made.kind.name, kind.name) or _fits(made.kind, kind):
        return made
    span = value.span if isinstance(value, Text) else made.span
    if made.kind.bare:
        raise refuse("KG402", span, number=value, name=place, unit=kind.unit.text)
    raise refuse("KG401", span, left=place, right=made.kind, unit=f"({kind.unit.text})")


def _fits(made: Kind, kind: Kind) -> bool:
    """Tell whether a value compares with the indicator; a bare number only with pure ratios."""
    if made.name != "number" or not made.unit.same_dimension(kind.unit):
        return False
    return kind.unit.is_pure or not made.bare


def _figure(reading: Reading, figure: Figure, fact: Fact | Open) -> FigureRule:
    if figure.period not in PERIODS:
        raise refuse("KG112", figure.span, value=figure.period, expected="prior")
    over: Fact | None = None
    if figure.over not in PLAIN_OVER:
        over = _parting(reading, figure)
    times = Fraction(1) if figure.times is None else _number(figure.times)
    at = None if figure.at is None else _number(figure.at)
    if (figure.figure == "quantile") != (at is not None):
        raise refuse("KG112", figure.span, value=figure.figure, expected="quantile with `at: 80%`")
    return FigureRule(
        figure.figure, _of(reading, figure, fact), figure.over, over, PERIODS[figure.period],
        times, at, figure.span,
    )  # fmt: skip


def _parting(reading: Reading, figure: Figure) -> Fact:
    """Return the field whose values part the subjects; a number is no such field."""
    found = reading.scope.find(figure.over, figure.span)
    if not isinstance(found, Fact) or found.kind.name not in PARTING:
        got = found.kind if isinstance(found, Fact) else "parameter"
        expected = "group, pool, all, or a field of text, code, date or yes/no"
        raise refuse("KG310", figure.span, place="over", expected=expected, got=got)
    return found


def _of(reading: Reading, figure: Figure, fact: Fact | Open) -> Expression | None:
    """Return what the figure is taken of, or None for the line's own indicator."""
    if figure.of is None:
        return None
    named = reading.book.indicator(str(figure.of), reading.subject)
    if named is not None and (isinstance(fact, Open) or str(named.id) == fact.id):
        return None
    return check(figure.of, reading.scope, expected="number")


def _number(text: Text) -> Fraction:
    quantity = read_quantity(str(text))
    if quantity is None:
        raise refuse("KG112", text.span, value=text, expected="a number")
    return quantity.base
