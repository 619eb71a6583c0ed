"""Functions of values of one subject and period: sizes, knowledge, texts."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import Arithmetic, Constant, Expression, Known, Status
from kaogong.language.functions.function import Build, Call, applied
from kaogong.language.kind import TEXT, Kind
from kaogong.language.unify import kind_of, unified
from kaogong.language.words import Words


def number_function(name: str) -> Build:
    """Return the builder of a function of one number that gives a number of its kind."""

    def build(call: Call) -> Expression:
        x = call.numeric(0)
        return applied(name, [x], x.kind, call.span)

    return build


def text_function(name: str, kind: Kind) -> Build:
    """Return the builder of a function whose arguments are texts or codes."""

    def build(call: Call) -> Expression:
        made = [_text(call, place) for place in range(len(call.arguments))]
        return applied(name, made, kind, call.span)

    return build


def _text(call: Call, place: int) -> Expression:
    made = call.expression(place)
    if made.kind.name not in ("text", "code", "open"):
        raise call.checker.wrong(call.arguments[place], TEXT.words, made.kind)
    return made


def extreme(name: str) -> Build:
    """Return the builder of `least` or `greatest`."""

    def build(call: Call) -> Expression:
        made = unified([call.expression(n) for n in range(len(call.arguments))], call.span)
        kind = kind_of(made)
        if kind.name not in ("number", "date", "open"):
            raise call.checker.wrong(call.node, Words("数或日期", "number or date"), kind)
        return applied(name, made, kind, call.span)

    return build


def rounded(call: Call) -> Expression:
    """Return `round(x, n)`: n decimals of the unit of x."""
    x = call.numeric(0)
    return applied("round", [x, call.decimals(1)], x.kind, call.span)


def clamp(call: Call) -> Expression:
    """Return `least(greatest(x, low), high)`."""
    x, low, high = unified([call.numeric(n) for n in range(3)], call.span)
    kind = kind_of([x, low, high])
    bounded = applied("greatest", [x, low], kind, call.span)
    return applied("least", [bounded, high], kind, call.span)


def portion(call: Call) -> Expression:
    """Return the part of x between low and high: `greatest(least(x, high) - low, 0)`."""
    span, is_endless = call.span, isinstance(call.arguments[2], exp.Null)
    made = unified([call.numeric(n) for n in range(2 if is_endless else 3)], span)
    kind = kind_of(made)
    upper = made[0] if is_endless else applied("least", [made[0], made[2]], kind, span)
    part = Arithmetic("-", upper, made[1], kind, span)
    return applied("greatest", [part, Constant(Fraction(0), kind, span)], kind, span)


def coalesce(call: Call) -> Expression:
    """Return the first argument that is known."""
    made = unified([call.expression(n) for n in range(len(call.arguments))], call.span)
    return applied("coalesce", made, kind_of(made), call.span)


def known(call: Call) -> Expression:
    """Return whether a value is known."""
    return Known(call.expression(0), call.span)


def status(call: Call) -> Expression:
    """Return the state of a cell."""
    return Status(call.expression(0), call.span)
