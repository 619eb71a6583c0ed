"""Growth: over the comparable base, as a mean of yearly rates, and compounded.

A change of sign is no rate: a gain that became a loss is 由盈转亏, the other way 扭亏为盈. A
compound rate is compared with a written number by raising the number, so no root is drawn.
"""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from kaogong.language.checker import Checker
from kaogong.language.expression import (
    Arithmetic,
    Choose,
    Compare,
    CompareSign,
    Constant,
    Every,
    Expression,
    Not,
    Read,
    shifted,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.functions.function import Call
from kaogong.language.functions.periods import added
from kaogong.language.kind import NUMBER, YES_NO
from kaogong.language.span import Span
from kaogong.language.state import State
from kaogong.language.syntax import Branch
from kaogong.language.words import Words


def growth(call: Call) -> Expression:
    """Return x over its comparable base, less 1."""
    return _growth_of(call.checker, call.numeric(0), call.span)


def _growth_of(checker: Checker, x: Expression, span: Span) -> Expression:
    base = _comparable_base(checker, x, span)
    one = Constant(Fraction(1), NUMBER, span)
    ratio = Arithmetic("-", Arithmetic("/", x, base, NUMBER, span), one, NUMBER, span)
    to_loss = Every((_against(base, ">", span), _against(x, "<", span)), span)
    to_profit = Every((_against(base, "<", span), _against(x, ">", span)), span)
    gained = _unless(to_loss, ratio, "turned_to_loss", span)
    return _unless(to_profit, gained, "turned_to_profit", span)


def _against(x: Expression, sign: CompareSign, span: Span) -> Expression:
    """Return `x sign 0`."""
    return Compare(sign, x, Constant(Fraction(0), x.kind, span), span)


def _unless(turned: Expression, value: Expression, state: State, span: Span) -> Choose:
    """Return `value`, or unknown with `state` where `turned` holds."""
    branches = ((Not(turned, span), value),)
    return Choose(branches, None, True, value.kind, span, otherwise_state=state)


def _comparable_base(checker: Checker, x: Expression, span: Span) -> Expression:
    """Return the field that holds last year's comparable value, else the same period last year."""
    if isinstance(x, Read) and x.fact.comparable:
        base = checker.scope.find(x.fact.comparable, span)
        if isinstance(base, Fact):
            return Read(base, x.when, span)
    return shifted(x, years=1)


def mean_growth(call: Call) -> Expression:
    """Return the mean of n yearly rates."""
    count, span = call.periods(1, least=1), call.span
    rate = _growth_of(call.checker, call.numeric(0), span)
    rates = [shifted(rate, years=years) for years in range(count)]
    return Arithmetic(
        "/", added(rates, span), Constant(Fraction(count), NUMBER, span), NUMBER, span
    )


def compound_growth(call: Call) -> Expression:
    """Refuse a compound rate that is not compared: as a value it would need a root."""
    instead = Words("请与直接写出的数比较", "compare it with a written number")
    raise refuse("KG302", call.span, construct=call.name, instead=instead)


def is_compound_rate(node: Branch) -> bool:
    """Tell whether a node is a call of `compound_growth`, in brackets or not."""
    while isinstance(node, exp.Paren):
        node = node.this
    return isinstance(node, exp.Anonymous) and str(node.this).casefold() == "compound_growth"


def compared_rate(
    checker: Checker, sign: CompareSign, node: Branch, bound: Expression
) -> Expression:
    """Return `(x / x₋ₙ)^(1/n) - 1 sign bound` as `x sign x₋ₙ · (1 + bound)^n`, which is exact.

    A base of zero or below has no rate. Raise KG307 where n or the bound is not written out, and
    KG403 for a bound below -100%, under which no rate can lie.
    """
    while isinstance(node, exp.Paren):
        node = node.this
    call = Call(checker, node)
    if len(call.arguments) != 2:
        raise refuse("KG304", call.span, function=call.name, n=2)
    count, span, x = call.periods(1, least=1), call.span, call.numeric(0)
    base = shifted(x, years=count)
    factor = Constant(_written_bound(bound, call) ** count, NUMBER, span)
    test = Compare(sign, x, Arithmetic("*", base, factor, x.kind, span), span)
    above = Choose(((_against(base, ">", span), test),), None, True, YES_NO, span, "negative_base")
    nonzero = _against(base, "<>", span)
    return Choose(((nonzero, above),), None, True, YES_NO, span, "zero_denominator")


def _written_bound(bound: Expression, call: Call) -> Fraction:
    """Return 1 + bound."""
    if not isinstance(bound, Constant) or not isinstance(bound.value, Fraction):
        raise refuse("KG307", call.span, function=call.name)
    if not bound.kind.unit.is_pure:
        units = f"(%, {bound.kind.unit.text})"
        raise refuse("KG401", bound.span, left=call.name, right=bound.kind.unit.text, unit=units)
    if bound.value < -1:
        percent = f"{bound.value * 100}%"
        raise refuse("KG403", bound.span, number=percent, name=call.name, range="[-100%, )")
    return 1 + bound.value
