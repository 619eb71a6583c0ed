"""What is added to or taken from the points of the lines, within caps, and the floor of a score."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaogong.language.expression import Expression
from kaogong.plan import sql
from kaogong.plan.lower import Lowerer
from kaogong.plan.number import (
    Number,
    added,
    chosen,
    compared,
    constant,
    multiplied,
    rounded,
    sum_of,
    unknown,
)
from kaogong.plan.scheme.population import condition, settled
from kaogong.plan.sql import column
from kaogong.programme.rules import AdjustRule, GroupRule, SchemeRules


@dataclass(frozen=True, slots=True)
class Adjusting:
    """The adjustments of one group, in whole units of the score."""

    rules: SchemeRules
    group: GroupRule
    lowerer: Lowerer
    unit: Fraction

    def points(self, adjust: AdjustRule) -> Number:
        """Return the rounded points of one adjustment, zero where its condition does not hold."""
        points = rounded(self.lowerer.number(adjust.points), self.unit)
        points = self._within(points, adjust.cap)
        if adjust.when is None:
            return rounded(points, self.unit)
        holds = settled(condition(self.lowerer, adjust.when), self.rules.unknown)
        nobody, zero = unknown(adjust.span), constant(Fraction(0), adjust.span)
        made = chosen(
            [(sql.is_null(holds), nobody), (sql.negate(holds), zero)], points, adjust.span
        )
        return rounded(made, self.unit)

    def total(self) -> Number:
        """Return the sum of adjustments, each category within its cap."""
        by_category: dict[str, list[Number]] = {}
        for adjust in self.group.adjust:
            number = Number(
                column(f"adjust__{adjust.id}"), -(10**12), 10**12, None, 1, self.unit, adjust.span
            )
            by_category.setdefault(adjust.category, []).append(number)
        total = constant(Fraction(0), self.group.span)
        for category, numbers in by_category.items():
            part = self._within(sum_of(numbers), self.rules.adjust_caps.get(category))
            total = added(total, part, "+")
        return total

    def floored(self, total: Number) -> Number:
        """Return a score that is not below the scheme's floor."""
        if self.rules.floor is None:
            return total
        return _held(total, self.lowerer.number(self.rules.floor), "<")

    def _within(self, points: Number, cap: Expression | None) -> Number:
        """Return points no further from zero than a cap: for bonus and deduction alike."""
        if cap is None:
            return points
        limit = self.lowerer.number(cap)
        lowest = multiplied(limit, constant(Fraction(-1), points.span))
        return _held(_held(points, limit, ">"), lowest, "<")


def _held(points: Number, limit: Number, sign: str) -> Number:
    """Return points that do not pass a limit; an unknown limit makes them unknown."""
    beyond = compared(sign, points, limit)
    nobody = unknown(points.span)
    return chosen([(sql.is_null(beyond), nobody), (beyond, limit)], points, points.span)
