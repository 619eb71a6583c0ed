"""Formulas of a spreadsheet as trees: written for the sheet, and counted as an office suite counts.

Suites count in binary fractions. `recalculated` does what LibreOffice does (its ROUND corrects at
the fifteenth digit, its comparisons and differences forgive the last bits), so that a workbook can
say beforehand which of its cells will show another digit than the exact value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Protocol

from kaogong.language.quantity import exact_text

Cell = float | str | bool


class Cells(Protocol):
    """The values of other cells, by place."""

    def at(self, place: str) -> Cell:
        """Return the value of a cell; the empty text where there is nothing."""


CLOSE = 2.0**-48
EXACT_MOST = 2.0**52
CORRECTED_MOST = 2.0**41
DIGITS = 15


@dataclass(frozen=True, slots=True)
class Number:
    """A written number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Text:
    """A written text."""

    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell: how the formula names it, and its place for counting."""

    name: str  # as written, with $ and the sheet
    place: str  # sheet!A1


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic or a comparison."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the sheet."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Native:
    """What only the suite says, over ranges: its text, and what it counts to."""

    text: str
    count: Callable[[Cells], Cell]


Node = Number | Text | Ref | Binary | Call | Native
EMPTY = Text("")


def call(name: str, *arguments: Node) -> Call:
    """Return a call."""
    return Call(name, arguments)


def number(value: Fraction | int) -> Number:
    """Return a written number."""
    return Number(Fraction(value))


def added(nodes: Sequence[Node]) -> Node:
    """Return the sum of nodes, one after another: suites add in the order that is written."""
    made = nodes[0] if nodes else number(0)
    for node in nodes[1:]:
        made = Binary("+", made, node)
    return made


# -- as text -------------------------------------------------------------------------------


def written(node: Node) -> str:
    """Return a formula as the sheet writes it, without the sign of equality."""
    match node:
        case Number():
            return _number_text(node.value)
        case Text():
            doubled = node.value.replace('"', '""')
            return f'"{doubled}"'
        case Ref():
            return node.name
        case Binary():
            return _binary(node)
        case Call():
            return f"{node.name}({','.join(written(x) for x in node.arguments)})"
        case Native():
            return node.text


@cache
def _number_text(value: Fraction) -> str:
    text = exact_text(value)
    return f"({text})" if "/" in text or value < 0 else text


def _binary(node: Binary) -> str:
    """Return both sides; brackets keep the order of counting exactly as the tree has it."""
    level = _LEVELS[node.sign]
    left, right = written(node.left), written(node.right)
    left = f"({left})" if _level(node.left) < level else left
    right = f"({right})" if _level(node.right) <= level else right
    return f"{left}{node.sign}{right}"


def _level(node: Node) -> int:
    return _LEVELS[node.sign] if isinstance(node, Binary) else max(_LEVELS.values()) + 1


_LEVELS: Mapping[str, int] = {
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), 1),
    **dict.fromkeys("+-", 2),
    **dict.fromkeys("*/", 3),
}


# -- as a suite counts ---------------------------------------------------------------------


def recalculated(node: Node, cells: Cells) -> Cell:
    """Return what a suite makes of a formula over the values of other cells."""
    match node:
        case Number():
            return _quotient(node.value)
        case Text():
            return node.value
        case Ref():
            return cells.at(node.place)
        case Native():
            return node.count(cells)
        case Binary():
            left, right = recalculated(node.left, cells), recalculated(node.right, cells)
            return _BINARY[node.sign](left, right)
        case Call():
            return _called(node, cells)


@cache
def _quotient(value: Fraction) -> float:
    """Return a written number as the suite reads it: `a/b` is a division of two doubles."""
    if "/" in exact_text(value):
        return float(value.numerator) / float(value.denominator)
    return float(value)


def _called(node: Call, cells: Cells) -> Cell:
    if node.name == "IF":
        test, then, other = node.arguments
        return recalculated(then if recalculated(test, cells) else other, cells)
    values = [recalculated(x, cells) for x in node.arguments]
    if node.name in ("AND", "OR"):
        return all(values) if node.name == "AND" else any(values)
    return _FUNCTIONS[node.name]([_double(x) for x in values])


def _double(value: Cell) -> float:
    """Return a cell as a number; an empty one counts as nothing."""
    return 0.0 if isinstance(value, str) else float(value)


def round_corrected(value: float, places: int) -> float:
    """Round half away from zero as LibreOffice does: corrected at the fifteenth digit."""
    if not math.isfinite(value) or value == 0 or (places >= 0 and abs(value) >= EXACT_MOST):
        return value
    size = abs(value)
    if places >= 0 and size == math.floor(size):
        return value
    if places > 0:
        places = min(places, 52 - (math.frexp(size)[1] - 1))
        if places <= 0:
            return value
    factor = 10.0 ** abs(places)
    scaled = size * factor if places >= 0 else size / factor
    if scaled < EXACT_MOST:
        scaled = math.floor(_to_digits(scaled + 0.5))
    made = scaled / factor if places >= 0 else scaled * factor
    return math.copysign(made, value)


def _to_digits(value: float) -> float:
    """Return a number at fifteen digits, where it has more."""
    if value == 0 or value > CORRECTED_MOST or value == math.floor(value):
        return value
    places = DIGITS - 1 - math.floor(math.log10(abs(value)))
    factor = 10.0 ** abs(places)
    scaled = value * factor if places >= 0 else value / factor
    whole = math.floor(scaled + 0.5)
    return whole / factor if places >= 0 else whole * factor


def is_close(left: float, right: float) -> bool:
    """Tell whether two numbers differ in their last bits only."""
    if left == right:
        return True
    if left == 0 or right == 0:
        return False
    difference = abs(left - right)
    if not math.isfinite(difference) or difference > abs(left) * CLOSE:
        return False
    return not (left == math.floor(left) and right == math.floor(right) and abs(left) < EXACT_MOST)


def _plus(left: float, right: float) -> float:
    return 0.0 if left * right < 0 and is_close(left, -right) else left + right


def _minus(left: float, right: float) -> float:
    return 0.0 if left * right > 0 and is_close(left, right) else left - right


def _compared(test: Callable[[int], bool]) -> Callable[[Cell, Cell], Cell]:
    """Return a comparison whose outcome is judged by the order of both sides."""

    def compare(left: Cell, right: Cell) -> Cell:
        return test(_order(left, right))

    return compare


def _order(left: Cell, right: Cell) -> int:
    """Return -1, 0 or 1; a text is greater than any number."""
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, str) or isinstance(right, str):
        return 1 if isinstance(left, str) else -1
    if is_close(float(left), float(right)):
        return 0
    return 1 if left > right else -1


def _arithmetic(count: Callable[[float, float], float]) -> Callable[[Cell, Cell], Cell]:
    return lambda left, right: count(_double(left), _double(right))


_BINARY: Mapping[str, Callable[[Cell, Cell], Cell]] = {
    "+": _arithmetic(_plus),
    "-": _arithmetic(_minus),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(lambda left, right: left / right if right else math.nan),
    "=": _compared(lambda order: order == 0),
    "<>": _compared(lambda order: order != 0),
    "<": _compared(lambda order: order < 0),
    "<=": _compared(lambda order: order <= 0),
    ">": _compared(lambda order: order > 0),
    ">=": _compared(lambda order: order >= 0),
}
_FUNCTIONS: Mapping[str, Callable[[Sequence[float]], Cell]] = {
    "ROUND": lambda values: round_corrected(values[0], int(values[1])),
    "ABS": lambda values: abs(values[0]),
    "INT": lambda values: math.floor(_to_digits(values[0]) if values[0] > 0 else values[0]),
    "MIN": min,
    "MAX": max,
    "NOT": lambda values: not values[0],
}
