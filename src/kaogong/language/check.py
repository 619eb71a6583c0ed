"""From the tree of a text to the typed tree: names resolved, kinds and units checked.

Every refusal says what stands on both sides. What looks across subjects has keys of its own and is
refused here. One handler a class of node; calls go to the table of functions.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal

from sqlglot import exp

from kaogong.language.checker import Checker
from kaogong.language.expression import (
    NOW,
    Arithmetic,
    ArithmeticSign,
    Choose,
    Constant,
    DateWord,
    Every,
    Expression,
    Known,
    Not,
    Read,
    Some,
    Table,
    Word,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.functions import FUNCTIONS, Call
from kaogong.language.kind import BARE, DATE, OPEN, TEXT, YES_NO, Kind, kind_named
from kaogong.language.operands import COMPARISONS, Side, alike, between, compare, member
from kaogong.language.scope import CodeList, Scope
from kaogong.language.span import Text
from kaogong.language.syntax import Branch, parse
from kaogong.language.unify import kind_of, number_of, unified
from kaogong.language.words import Words

ACROSS: Mapping[str, str] = {
    "sum": "figure: sum",
    "avg": "figure: mean",
    "mean": "figure: mean",
    "count": "figure: count",
    "min": "figure: min",
    "max": "figure: max",
    "median": "figure: median",
    "quantile": "figure: quantile",
    "stddev": "figure",
    "rank": "rank",
    "row_number": "rank",
    "percent_rank": "classes",
    "ntile": "classes",
}
_SIGNS: Mapping[type[Branch], ArithmeticSign] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
}
_Date = Literal["as_of", "period_start", "period_end"]
_DATES: Mapping[str, _Date] = {
    "as_of": "as_of",
    "period_start": "period_start",
    "period_end": "period_end",
}


def check(text: Text, scope: Scope, *, expected: str | None = None) -> Expression:
    """Return the typed tree of `text`, or raise `Refused`; `expected` names its kind, if any."""
    syntax = parse(text)
    made = Checker(scope, syntax, _MEANINGS).expression(syntax.tree)
    if expected and made.kind.name not in (expected, "open"):
        wanted = kind_named(expected)
        raise refuse("KG310", text.span, place=text, expected=wanted, got=made.kind)
    return made


# -- leaves -------------------------------------------------------------------------------


def _paren(checker: Checker, node: Branch) -> Expression:
    return checker.expression(node.this)


def _boolean(checker: Checker, node: Branch) -> Expression:
    return Constant(bool(node.this), YES_NO, checker.span(node))


def _literal(checker: Checker, node: Branch) -> Expression:
    return Constant(str(node.this), TEXT, checker.span(node))


def _null(checker: Checker, node: Branch) -> Expression:
    instead = Words("请写x is null、x is not null或known(x)", "write x is null or known(x)")
    raise refuse("KG302", checker.span(node), construct="null", instead=instead)


def _column(checker: Checker, node: Branch) -> Expression:
    literal, span = checker.syntax.literal(node.name), checker.span(node)
    if literal is None:
        return _named(checker, node)
    if isinstance(literal, date):
        return Constant(literal, DATE, span)
    kind = BARE if literal.unit is None else Kind("number", literal.unit)
    return Constant(literal.base, kind, span)


def _named(checker: Checker, node: Branch) -> Expression:
    """Return what a name means here: a word of the kind, a run date, or a fact."""
    name, span, scope = node.name, checker.span(node), checker.scope
    if name in scope.words:
        return Word(name, scope.words[name], span)
    if name in _DATES:
        return DateWord(_DATES[name], span)
    found = scope.find(name, span)
    if isinstance(found, Fact):
        return Read(found, NOW, span)
    if isinstance(found, Table):
        raise checker.wrong(node, _PICK, Words("参数表", "a table"))
    if isinstance(found, CodeList):
        raise checker.wrong(node, _UNDER, Words("代码清单", "a list of codes"))
    return found


_PICK = Words("pick(参数表, 键)", "pick(table, key)")
_UNDER = Words("under(代码, 代码清单)", "under(code, list)")


# -- arithmetic ---------------------------------------------------------------------------


def _negate(checker: Checker, node: Branch) -> Expression:
    inside = checker.numeric(node.this)
    if isinstance(inside, Constant):
        return replace(inside, value=-number_of(inside))
    zero = Constant(Fraction(0), inside.kind, inside.span)
    return Arithmetic("-", zero, inside, inside.kind, inside.span)


def _sum(checker: Checker, node: Branch) -> Expression:
    left, right = (
        Side(checker.numeric(each), checker.syntax.spoken(each))
        for each in (node.this, node.expression)
    )
    a, b = alike(left, right, checker.span(node))
    return Arithmetic(_SIGNS[type(node)], a, b, _joined(a.kind, b.kind), a.span)


def _joined(left: Kind, right: Kind) -> Kind:
    if left.name == "open" or right.name == "open":
        return OPEN
    return right if left.bare else left


def _product(checker: Checker, node: Branch) -> Expression:
    left, right = checker.numeric(node.this), checker.numeric(node.expression)
    sign = _SIGNS[type(node)]
    a, b = left.kind, right.kind
    if "open" in (a.name, b.name):
        return Arithmetic(sign, left, right, OPEN, left.span)
    unit = a.unit * b.unit if sign == "*" else a.unit / b.unit
    kind = Kind("number", unit, bare=a.bare and b.bare)
    return Arithmetic(sign, left, right, kind, left.span)


# -- yes and no ---------------------------------------------------------------------------


def _every(checker: Checker, node: Branch) -> Expression:
    return Every(tuple(checker.yes_no(x) for x in _flat(node, exp.And)), checker.span(node))


def _some(checker: Checker, node: Branch) -> Expression:
    return Some(tuple(checker.yes_no(x) for x in _flat(node, exp.Or)), checker.span(node))


def _flat(node: Branch, joined: type[Branch]) -> list[Branch]:
    """Return the operands of a run of `and` or `or`, in written order."""
    operands: list[Branch] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, joined):
            stack += [current.expression, current.this]
        else:
            operands.append(current)
    return operands


def _not(checker: Checker, node: Branch) -> Expression:
    return Not(checker.yes_no(node.this), checker.span(node))


def _is(checker: Checker, node: Branch) -> Expression:
    span = checker.span(node)
    if not isinstance(node.expression, exp.Null):
        instead = Words("请直接写该条件，或known(x)", "write the condition itself, or known(x)")
        raise refuse("KG302", span, construct="is", instead=instead)
    return Not(Known(checker.expression(node.this), span), span)


# -- cascades and calls -------------------------------------------------------------------


def _case(checker: Checker, node: Branch) -> Expression:
    span = checker.span(node)
    if node.this is not None:
        instead = Words("请写case when x = …", "write case when x = …")
        raise refuse("KG302", span, construct="case x when", instead=instead)
    branches = node.args["ifs"]
    conditions = [checker.yes_no(each.this) for each in branches]
    values = [checker.expression(each.args["true"]) for each in branches]
    default = node.args.get("default")
    if default is not None:
        values.append(checker.expression(default))
    values = unified(values, span)
    otherwise = None if default is None else values[-1]
    pairs = tuple(zip(conditions, values, strict=False))
    return Choose(pairs, otherwise, False, kind_of(values), span)


def _call(checker: Checker, node: Branch) -> Expression:
    call = Call(checker, node)
    if call.name in ACROSS:
        raise refuse("KG306", call.span, function=call.name, key=ACROSS[call.name])
    function = FUNCTIONS.get(call.name)
    if function is None:
        near = difflib.get_close_matches(call.name, FUNCTIONS, n=1, cutoff=0.0)[0]
        instead = Words(f"是否应为{near}()", f"did you mean {near}()")
        raise refuse("KG302", call.span, construct=f"{call.name}()", instead=instead)
    least, most = function.arity
    if not least <= len(call.arguments) <= most:
        count = str(least) if least == most else Words(f"{least}至{most}", f"{least} to {most}")
        raise refuse("KG304", call.span, function=call.name, n=count)
    return function.build(call)


_MEANINGS: Mapping[type[Branch], Callable[[Checker, Branch], Expression]] = {
    exp.Paren: _paren,
    exp.Boolean: _boolean,
    exp.Literal: _literal,
    exp.Null: _null,
    exp.Column: _column,
    exp.Neg: _negate,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _product,
    exp.Div: _product,
    exp.And: _every,
    exp.Or: _some,
    exp.Not: _not,
    exp.Is: _is,
    **dict.fromkeys(COMPARISONS, compare),
    exp.Between: between,
    exp.In: member,
    exp.Case: _case,
    exp.Anonymous: _call,
}
