"""Random trees of typed expressions about a firm: what nobody would think of writing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

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
from tests.differential.dice import Dice
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
_sum = parsed("sum_of(事故, 损失, 责任)")
_via = parsed("via(所在园区, 园区税收)")
assert isinstance(_sum, OverRecords)
assert isinstance(_via, Via)
WHENS = [NOW, NOW, When(1), When(0, 2), When(at="2021"), When(5)]
NUMBERS = [
    Fraction(n, d) for n, d in ((0, 1), (1, 1), (-2, 1), (150, 1), (3, 100), (-1, 3), (10**9, 1))
]
FIGURES = ("count_of", "sum_of", "max_of", "min_of", "distinct_of", "latest_of")
OF_ONE = ("abs", "floor", "ceil", "round")


def trees(seed: int, count: int) -> list[Expression]:
    """Return expressions drawn from a seed."""
    made = Trees(Dice(seed))
    return [made.number(3) if n % 2 else made.answer(3) for n in range(count)]


@dataclass(frozen=True)
class Trees:
    """Draws expressions of at most so many levels."""

    dice: Dice

    def number(self, depth: int) -> Expression:
        """Draw an expression that is a number."""
        way = self.dice.whole(0, 8 if depth else 3)
        if way <= 1:
            return Read(self.dice.one_of(AMOUNTS), self.dice.one_of(WHENS), HERE)
        if way == 2:
            return Constant(self.dice.one_of(NUMBERS), NUMBER, HERE)
        if way == 3:
            return _via if self.dice.happens(4) else _figure(self.dice.one_of(FIGURES), YUAN)
        if way <= 5:
            sign = self.dice.one_of("+-*//")
            any_base = sign == "/" and self.dice.happens()
            left, right = self.number(depth - 1), self.number(depth - 1)
            return Arithmetic(sign, left, right, NUMBER, HERE, any_base)  # type: ignore[arg-type]
        if way == 6:
            return self._applied(depth - 1)
        if way == 7:
            return Streak(self._of_a_year(self.answer(depth - 1)), HERE)
        branches = ((self.answer(depth - 1), self.number(depth - 1)),)
        last = self.number(depth - 1) if self.dice.happens() else None
        return Choose(branches, last, self.dice.happens(), NUMBER, HERE)

    def _applied(self, depth: int) -> Expression:
        name = self.dice.one_of(["least", "greatest", "coalesce", *OF_ONE])
        count = 1 if name in OF_ONE else self.dice.whole(2, 3)
        arguments = [self.number(depth) for _ in range(count)]
        if name == "round":
            arguments.append(Constant(Fraction(self.dice.whole(0, 3)), NUMBER, HERE))
        return Apply(name, tuple(arguments), arguments[0].kind, HERE)  # type: ignore[arg-type]

    def answer(self, depth: int) -> Expression:
        """Draw a condition."""
        way = self.dice.whole(0, 9 if depth else 3)
        if way <= 1:
            return Read(self.dice.one_of(ANSWERS), self.dice.one_of(WHENS), HERE)
        if way == 2:
            item = Read(GRADE, self.dice.one_of(WHENS), HERE)
            return Member(item, frozenset({"较大", "重大"}), HERE)
        if way == 3:
            return (
                Constant(True, YES_NO, HERE) if self.dice.happens() else _figure("any_of", YES_NO)
            )
        if way <= 5:
            sign = self.dice.one_of(["=", "<>", "<", "<=", ">", ">="])
            return Compare(sign, self.number(depth - 1), self.number(depth - 1), HERE)  # type: ignore[arg-type]
        if way == 6:
            both = (self.answer(depth - 1), self.answer(depth - 1))
            return Every(both, HERE) if self.dice.happens() else Some(both, HERE)
        if way == 7:
            item = self.answer(depth - 1)
            return (
                FirstTime(self._of_a_year(item), HERE) if self.dice.happens() else Not(item, HERE)
            )
        if way == 8:
            return Known(self.number(depth - 1), HERE)
        branches = ((self.answer(depth - 1), self.answer(depth - 1)),)
        last = self.answer(depth - 1) if self.dice.happens() else None
        return Choose(branches, last, self.dice.happens(), YES_NO, HERE)

    def _of_a_year(self, item: Expression) -> Expression:
        """Return a condition that reads a yearly fact: which years exist depends on what is read."""
        yearly = Read(self.dice.one_of(ANSWERS), NOW, HERE)
        return self.dice.one_of([yearly, Some((item, yearly), HERE), Every((item, yearly), HERE)])


def _figure(name: str, kind: Kind) -> OverRecords:
    value, condition, order = _sum.value, _sum.condition, _sum.order
    return OverRecords(name, "incident", value, condition, order, kind, HERE)  # type: ignore[arg-type]
