"""A scheme's typed formula as a formula of a sheet.

Cells hold figures in the unit they are printed in. A formula in which units cancel (weight times
figure over benchmark) is written over the cells as they are; any other is written in base units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kaogong.language.expression import (
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Every,
    Expression,
    Not,
    Points,
    Some,
    Word,
)
from kaogong.language.unit import PURE, Unit
from kaogong.report.formula import EMPTY, Binary, Node, Ref, Text, call, number

FIGURES = ("x", "benchmark", "low", "high")  # words in the unit of the line
ANY = -99  # the power of a zero: it fits beside any


class NotLive(Exception):
    """The expression reads what the workbook does not hold; `why` names it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes expressions over cells: words and the points of lines."""

    words: Mapping[str, Ref]
    lines: Mapping[str, Ref] = field(default_factory=dict)
    unit: Unit = PURE

    def formula(self, node: Expression) -> Node:
        """Return the formula; raise NotLive for what no sheet holds."""
        is_free = self._power(node) is not None
        return _Writing(self, in_base=not is_free).node(node)

    def _power(self, node: Expression) -> int | None:
        """Return the power of the line's unit that a value has; None where units do not cancel."""
        match node:
            case Word() | Points():
                return int(isinstance(node, Word) and node.word in FIGURES)
            case Constant():
                return self._constant_power(node)
            case Arithmetic():
                return self._arithmetic_power(node)
            case Compare():
                sides = (self._power(node.left), self._power(node.right))
                return None if _all_alike(sides) is None else 0
            case Choose():
                return self._choose_power(node)
            case Apply():
                return self._apply_power(node)
            case Every() | Some() | Not():
                return self._logic_power((node.item,) if isinstance(node, Not) else node.items)
            case _:
                return None

    def _constant_power(self, node: Constant) -> int | None:
        if not isinstance(node.value, Fraction):
            return None
        if node.value == 0:
            return ANY
        if node.kind.unit.is_pure:
            return 0
        return 1 if node.kind.unit.dimension == self.unit.dimension else None

    def _arithmetic_power(self, node: Arithmetic) -> int | None:
        left, right = self._power(node.left), self._power(node.right)
        if left is None or right is None:
            return None
        if node.sign in "+-":
            return _alike(left, right)
        if ANY in (left, right):
            return ANY if left == ANY else None
        return left + right if node.sign == "*" else left - right

    def _choose_power(self, node: Choose) -> int | None:
        powers = [self._power(value) for _, value in node.branches]
        powers += [self._power(node.otherwise)] if node.otherwise is not None else []
        if any(self._power(when) is None for when, _ in node.branches):
            return None
        return _all_alike(powers)

    def _apply_power(self, node: Apply) -> int | None:
        powers = [self._power(argument) for argument in node.arguments]
        if node.function in _PLAIN:
            return _all_alike(powers)
        return 0 if all(power in (0, ANY) for power in powers) else None

    def _logic_power(self, items: tuple[Expression, ...]) -> int | None:
        return None if any(self._power(item) is None for item in items) else 0


def _alike(left: int, right: int) -> int | None:
    if left == ANY:
        return right
    return left if right in (ANY, left) else None


def _all_alike(powers: Iterable[int | None]) -> int | None:
    made: int | None = ANY
    for power in powers:
        made = None if made is None or power is None else _alike(made, power)
    return made


@dataclass(frozen=True, slots=True)
class _Writing:
    """One formula being written, over cells as they are or in base units."""

    writer: Writer
    in_base: bool

    def node(self, node: Expression) -> Node:
        """Return one part of the formula."""
        match node:
            case Constant():
                return self._constant(node)
            case Word():
                return self._word(node)
            case Points() if node.item in self.writer.lines:
                return self.writer.lines[node.item]
            case Arithmetic() | Compare() if not _is_ordered(node):
                return Binary(node.sign, self.node(node.left), self.node(node.right))
            case Every() | Some() | Not():
                items = (node.item,) if isinstance(node, Not) else node.items
                return call(_LOGIC[type(node)], *(self.node(item) for item in items))
            case Choose():
                return self._choose(node)
            case Apply():
                return self._apply(node)
            case _:
                raise NotLive(type(node).__name__)

    def _constant(self, node: Constant) -> Node:
        value = node.value
        if isinstance(value, bool):
            return call("NOT", number(0 if value else 1))
        if isinstance(value, str):
            return Text(value)
        if not isinstance(value, Fraction):
            raise NotLive(str(value))
        if self.in_base or node.kind.unit.is_pure:
            return number(value)
        return number(value / self.writer.unit.factor)

    def _word(self, node: Word) -> Node:
        ref = self.writer.words.get(node.word)
        if ref is None:
            raise NotLive(node.word)
        factor = self.writer.unit.factor
        if not self.in_base or node.word not in FIGURES or factor == 1:
            return ref
        return Binary("*", ref, number(factor))

    def _choose(self, node: Choose) -> Node:
        made = EMPTY if node.otherwise is None else self.node(node.otherwise)
        for when, value in reversed(node.branches):
            made = call("IF", self.node(when), self.node(value), made)
        return made

    def _apply(self, node: Apply) -> Node:
        arguments = [self.node(argument) for argument in node.arguments]
        if node.function in _PLAIN:
            return call(_PLAIN[node.function], *arguments)
        unit = node.arguments[0].kind.unit.factor if self.in_base else Fraction(1)
        inside = arguments[0] if unit == 1 else Binary("/", arguments[0], number(unit))
        made = _rounded(node.function, inside, arguments[1:])
        return made if unit == 1 else Binary("*", made, number(unit))


def _is_ordered(node: Arithmetic | Compare) -> bool:
    """Tell whether codes are compared by their order, which no sheet knows."""
    return bool(node.left.kind.order or node.right.kind.order)


def _rounded(function: str, inside: Node, rest: list[Node]) -> Node:
    if function == "round":
        return call("ROUND", inside, *(rest or [number(0)]))
    if function == "floor":
        return call("INT", inside)
    if function == "ceil":
        return Binary("*", number(-1), call("INT", Binary("*", number(-1), inside)))
    raise NotLive(function)


_LOGIC: Mapping[type, str] = {Every: "AND", Some: "OR", Not: "NOT"}
_PLAIN = {"abs": "ABS", "least": "MIN", "greatest": "MAX"}
