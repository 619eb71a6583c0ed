"""Values of one place in one kind: the branches of a cascade, the rows of a table."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaogong.language.expression import Arithmetic, Constant, Expression
from kaogong.language.finding import refuse
from kaogong.language.kind import OPEN, Kind
from kaogong.language.percentages import in_points
from kaogong.language.span import Span
from kaogong.language.unit import Unit, read_unit

_MONTHS = read_unit("月")


def kind_of(values: list[Expression]) -> Kind:
    """Return the kind of a list of values that were made alike; open slots follow the rest."""
    known = [v.kind for v in values if v.kind.name != "open"]
    if not known:
        return OPEN
    return next((k for k in known if k.name == known[0].name and not k.bare), known[0])


def unified(values: list[Expression], span: Span) -> list[Expression]:
    """Return the values in one kind, or raise KG310 or KG402."""
    kind = kind_of(values)
    return [_in_kind(value, kind, span) for value in values]


def _in_kind(value: Expression, kind: Kind, span: Span) -> Expression:
    value = in_points(value, kind.unit)
    got = value.kind
    if "open" in (got.name, kind.name):
        return value
    if got.name != kind.name or got.vocabulary != kind.vocabulary:
        if {got.name, kind.name} <= {"text", "code"}:
            return value
        raise refuse("KG310", value.span, place="value", expected=kind, got=got)
    if got.name == "number" and not got.unit.same_dimension(kind.unit):
        is_zero = isinstance(value, Constant) and value.value == 0
        if got.bare and (is_zero or takes_bare(kind.unit)):
            factor = Fraction(1) if is_zero else kind.unit.factor
            return _scaled(value, factor, kind)
        raise refuse("KG401", span, left=got, right=kind, unit="")
    return value


def _scaled(value: Expression, factor: Fraction, kind: Kind) -> Expression:
    if isinstance(value, Constant):
        return replace(value, value=number_of(value) * factor, kind=kind)
    return Arithmetic("*", value, Constant(factor, kind, value.span), kind, value.span)


def number_of(constant: Constant) -> Fraction:
    """Return the value of a written number."""
    if not isinstance(constant.value, Fraction):
        raise TypeError(f"{constant.value!r} is no number")
    return constant.value


def takes_bare(unit: Unit) -> bool:
    """Tell whether a bare number may stand beside `unit`: ratios, counts, years and months."""
    return unit.is_pure or unit.is_count or unit.dimension == _MONTHS.dimension
