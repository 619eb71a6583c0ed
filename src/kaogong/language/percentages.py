"""Differences of percentages: their unit is 百分点, so that "up by 2" cannot mean a fiftieth more.

A difference of two percentages is a number in `%` until it stands where 百分点 are meant: beside
them in a comparison or a sum, in a table of them, as the value of an indicator or a local name.
A percentage itself is never a difference, nor is a number in 百分点 a percentage.
"""

from __future__ import annotations

from dataclasses import replace

from kaogong.language.expression import Apply, Arithmetic, Constant, Expression
from kaogong.language.kind import Kind
from kaogong.language.unit import PERCENT, Unit, read_unit

POINTS = read_unit("百分点")


def in_points(value: Expression, unit: Unit) -> Expression:
    """Return a difference of percentages in 百分点 where `unit` is that; else the value itself."""
    if not unit.same_dimension(POINTS) or not is_difference(value):
        return value
    return replace(value, kind=Kind("number", POINTS))  # type: ignore[arg-type]  # has a kind


def is_difference(value: Expression) -> bool:
    """Tell whether a number is a difference of two percentages, its size or its opposite."""
    if isinstance(value, Apply):
        return value.function == "abs" and is_difference(value.arguments[0])
    if not isinstance(value, Arithmetic) or value.sign != "-":
        return False
    if isinstance(value.left, Constant) and value.left.value == 0:
        return is_difference(value.right)
    return all(side.kind.unit.text == PERCENT.text for side in (value.left, value.right))
