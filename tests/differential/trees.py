"""Random trees of typed expressions about a firm: what nobody would think of writing."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from kaogong.language.expression import (
    NOW,
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Every,
    Expression,
    FirstTime,
    Known,
    Member,
    Not,
    OverRecords,
    Read,
    Some,
    Streak,
    Via,
    When,
)
from kaogong.language.fact import Fact
from kaogong.language.kind import NUMBER, YES_NO, Kind
from kaogong.language.span import Span
from kaogong.language.unit import read_unit
from tests.differential.world import parsed

HERE = Span("trees", 1, 1)
YUAN = Kind("number", read_unit("元"))


def _facts(*titles: str) -> list[Fact]:
    reads = [parsed(title) for title in titles]
    return [read.fact for read in reads if isinstance(read, Read)]


AMOUNTS = _facts(
    "税收", "营业收入", "面积", "研发费用", "人数", "占比", "天数", "亩均税收", "研发占比", "综合值"
)
ANSWERS = _facts("规上", "达标")
(GRADE,) = _facts("年度等级")
(PARK,) = _facts("所在园区")
_sum = parsed("sum_of(事故, 损失, 责任)")
_via = parsed("via(所在园区, 园区税收)")
assert isinstance(_sum, OverRecords)
assert isinstance(_via, Via)
whens = st.sampled_from([NOW, NOW, When(1), When(0, 2), When(at="2021"), When(5)])
numbers = st.sampled_from(
    [Fraction(n, d) for n, d in ((0, 1), (1, 1), (-2, 1), (150, 1), (3, 100), (-1, 3), (10**9, 1))]
)
FIGURES = ("count_of", "sum_of", "max_of", "min_of", "distinct_of", "latest_of")


@st.composite
def number(draw: st.DrawFn, depth: int = 3) -> Expression:
    """Draw an expression that is a number."""
    way = draw(st.integers(0, 8 if depth else 3))
    inside = number(depth - 1)
    if way <= 1:
        return Read(draw(st.sampled_from(AMOUNTS)), draw(whens), HERE)
    if way == 2:
        return Constant(draw(numbers), NUMBER, HERE)
    if way == 3:
        return draw(st.sampled_from([_via, _figure(draw(st.sampled_from(FIGURES)), YUAN)]))
    if way <= 5:
        sign = draw(st.sampled_from("+-*//"))
        any_base = sign == "/" and draw(st.booleans())
        return Arithmetic(sign, draw(inside), draw(inside), NUMBER, HERE, any_base)
    if way == 6:
        return _applied(draw, inside)
    if way == 7:
        return Streak(_of_a_year(draw, draw(answer(depth - 1))), HERE)
    last = draw(st.none() | inside)
    branches = ((draw(answer(depth - 1)), draw(inside)),)
    return Choose(branches, last, draw(st.booleans()), NUMBER, HERE)


def _applied(draw: st.DrawFn, inside: st.SearchStrategy[Expression]) -> Expression:
    name = draw(st.sampled_from(["least", "greatest", "coalesce", "abs", "floor", "ceil", "round"]))
    arguments = [draw(inside)]
    if name in ("least", "greatest", "coalesce"):
        arguments += draw(st.lists(inside, min_size=1, max_size=2))
    if name == "round":
        arguments.append(Constant(Fraction(draw(st.integers(0, 3))), NUMBER, HERE))
    return Apply(name, tuple(arguments), arguments[0].kind, HERE)  # type: ignore[arg-type]


@st.composite
def answer(draw: st.DrawFn, depth: int = 3) -> Expression:
    """Draw a condition."""
    way = draw(st.integers(0, 9 if depth else 3))
    inside = answer(depth - 1)
    if way <= 1:
        return Read(draw(st.sampled_from(ANSWERS)), draw(whens), HERE)
    if way == 2:
        return Member(Read(GRADE, draw(whens), HERE), frozenset({"较大", "重大"}), HERE)
    if way == 3:
        return draw(st.sampled_from([Constant(True, YES_NO, HERE), _figure("any_of", YES_NO)]))
    if way <= 5:
        sign = draw(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]))
        return Compare(sign, draw(number(depth - 1)), draw(number(depth - 1)), HERE)
    if way == 6:
        items = (draw(inside), draw(inside))
        return draw(st.sampled_from([Every(items, HERE), Some(items, HERE)]))
    if way == 7:
        item = draw(inside)
        if draw(st.booleans()):
            return FirstTime(_of_a_year(draw, item), HERE)
        return Not(item, HERE)
    if way == 8:
        return Known(draw(number(depth - 1)), HERE)
    last = draw(st.none() | inside)
    return Choose(((draw(inside), draw(inside)),), last, draw(st.booleans()), YES_NO, HERE)


def _of_a_year(draw: st.DrawFn, item: Expression) -> Expression:
    """Return a condition that reads a yearly fact: which years exist depends on what is read."""
    yearly = Read(draw(st.sampled_from(ANSWERS)), NOW, HERE)
    return draw(st.sampled_from([yearly, Some((item, yearly), HERE), Every((item, yearly), HERE)]))


def _figure(name: str, kind: Kind) -> OverRecords:
    return OverRecords(
        name,
        "incident",
        _sum.value,
        _sum.condition,
        _sum.order,
        kind,
        HERE,  # type: ignore[arg-type]
    )


trees = st.one_of(number(), answer())
