"""The two sides of an addition or a comparison, brought to one kind and one dimension.

Both convert exactly (元 with 万元). A bare number beside a quantity is refused, but for 0, pure
ratios, counts, and lengths of time in years or months (language, section 3.2). A written text
beside a code is read as a code of the same vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlglot import exp

from kaogong.language.checker import Checker
from kaogong.language.expression import (
    Arithmetic,
    Compare,
    CompareSign,
    Constant,
    Every,
    Expression,
    Member,
    Read,
    Some,
)
from kaogong.language.finding import refuse
from kaogong.language.functions.growth import compared_rate, is_compound_rate
from kaogong.language.kind import Kind
from kaogong.language.percentages import in_points
from kaogong.language.quantity import exact_text
from kaogong.language.span import Span
from kaogong.language.syntax import Branch
from kaogong.language.unify import number_of, takes_bare
from kaogong.language.words import Words

COMPARISONS: Mapping[type[Branch], CompareSign] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_MIRRORED: Mapping[CompareSign, CompareSign] = {
    "=": "=",
    "<>": "<>",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
_KINDS_WITH_ORDER = ("date", "number")


@dataclass(frozen=True, slots=True)
class Side:
    """One side: what it is, and how the user wrote it."""

    value: Expression
    spoken: str


def side(checker: Checker, node: Branch) -> Side:
    """Return the checked side that `node` is."""
    return Side(checker.expression(node), checker.syntax.spoken(node))


def alike(left: Side, right: Side, span: Span) -> tuple[Expression, Expression]:
    """Return two numbers in one dimension, or raise KG401 or KG402."""
    a, b = left.value.kind, right.value.kind
    if "open" in (a.name, b.name):
        return left.value, right.value
    if a.bare and not b.bare:
        return _dressed(left, right), right.value
    if b.bare and not a.bare:
        return left.value, _dressed(right, left)
    first, second = in_points(left.value, b.unit), in_points(right.value, a.unit)
    if not first.kind.unit.same_dimension(second.kind.unit):
        units = f"({a.unit.text or '1'}, {b.unit.text or '1'})"
        raise refuse("KG401", span, left=left.spoken, right=right.spoken, unit=units)
    return first, second


def _dressed(bare: Side, beside: Side) -> Expression:
    """Give a bare number the unit of its neighbour, where that leaves no doubt."""
    value, kind = bare.value, beside.value.kind
    if isinstance(value, Constant) and value.value == 0:
        return replace(value, kind=kind)
    if not takes_bare(kind.unit):
        raise refuse(
            "KG402", value.span, number=bare.spoken, name=beside.spoken, unit=kind.unit.text
        )
    if kind.unit.is_pure:
        return value
    if isinstance(value, Constant):
        return replace(value, value=number_of(value) * kind.unit.factor, kind=kind)
    return Arithmetic("*", value, Constant(kind.unit.factor, kind, value.span), kind, value.span)


def compare(checker: Checker, node: Branch) -> Expression:
    """Return `left sign right`; a comparison of a comparison is refused."""
    if type(node.this) in COMPARISONS or type(node.expression) in COMPARISONS:
        instead = Words("请写x between a and b", "write x between a and b")
        raise refuse("KG302", checker.span(node), construct="a < x < b", instead=instead)
    return _comparison(checker, COMPARISONS[type(node)], node.this, node.expression)


def between(checker: Checker, node: Branch) -> Expression:
    """Return `low <= x and x <= high`."""
    low, high = node.args["low"], node.args["high"]
    ends = (
        _comparison(checker, ">=", node.this, low),
        _comparison(checker, "<=", node.this, high),
    )
    return Every(ends, checker.span(node))


def _comparison(checker: Checker, sign: CompareSign, left: Branch, right: Branch) -> Expression:
    """Return a checked comparison; a compound rate is compared by raising the number."""
    if is_compound_rate(left):
        return compared_rate(checker, sign, left, checker.numeric(right))
    if is_compound_rate(right):
        return compared_rate(checker, _MIRRORED[sign], right, checker.numeric(left))
    return _compared(checker, sign, side(checker, left), side(checker, right))


def _compared(checker: Checker, sign: CompareSign, left: Side, right: Side) -> Expression:
    a, b = left.value, right.value
    span = min(a.span, b.span)
    if "open" not in (a.kind.name, b.kind.name):
        if a.kind.name == b.kind.name == "number":
            a, b = alike(left, right, span)
            _refuse_out_of_range(replace(left, value=a), replace(right, value=b))
        else:
            a, b = _coded(checker, a, b), _coded(checker, b, a)
            _refuse_incomparable(sign, replace(left, value=a), replace(right, value=b), span)
    return Compare(sign, a, b, span)


def _refuse_out_of_range(left: Side, right: Side) -> None:
    """Refuse a written bound that the field beside it can never reach (KG403)."""
    for field, bound in ((left, right), (right, left)):
        if not (isinstance(field.value, Read) and isinstance(bound.value, Constant)):
            continue
        fact, number = field.value.fact, number_of(bound.value)
        below = fact.low is not None and number < fact.low
        if below or (fact.high is not None and number > fact.high):
            low, high = (_in_unit(end, fact.kind) for end in (fact.low, fact.high))
            shown = f"[{low}, {high}]"
            raise refuse(
                "KG403", bound.value.span, number=bound.spoken, name=field.spoken, range=shown
            )


def _in_unit(end: Fraction | None, kind: Kind) -> str:
    return "" if end is None else exact_text(end / kind.unit.factor) + kind.unit.text


def _coded(checker: Checker, item: Expression, beside: Expression) -> Expression:
    """Read a written text beside a code as a code of the same vocabulary."""
    if beside.kind.name != "code" or item.kind.name != "text" or not isinstance(item, Constant):
        return item
    return Constant(checker.code(str(item.value), beside.kind, item.span), beside.kind, item.span)


def _refuse_incomparable(sign: CompareSign, left: Side, right: Side, span: Span) -> None:
    a, b = left.value.kind, right.value.kind
    is_same = a.name == b.name and a.vocabulary == b.vocabulary
    has_order = a.name in _KINDS_WITH_ORDER or (a.name == "code" and bool(a.order))
    if is_same and (has_order or sign in ("=", "<>")):
        return
    kinds = Words(f"{a.words.zh}，{b.words.zh}", f"{a.words}, {b.words}")
    raise refuse("KG305", span, left=left.spoken, right=right.spoken, kinds=kinds)


def member(checker: Checker, node: Branch) -> Expression:
    """Return whether a value is one of those listed; of texts and codes, as a written set."""
    item, span = side(checker, node.this), checker.span(node)
    listed = [side(checker, each) for each in node.expressions]
    kind = item.value.kind
    written = [
        each.value
        for each in listed
        if isinstance(each.value, Constant) and isinstance(each.value.value, str)
    ]
    if kind.name not in ("text", "code") or len(written) < len(listed):
        return Some(tuple(_compared(checker, "=", item, each) for each in listed), span)
    texts = [(str(each.value), each.span) for each in written]
    if kind.name == "code":
        return Member(
            item.value, frozenset(checker.code(text, kind, at) for text, at in texts), span
        )
    return Member(item.value, frozenset(text for text, _ in texts), span)
