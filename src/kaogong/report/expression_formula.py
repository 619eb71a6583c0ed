"""A scheme's typed formula as a formula of a sheet.

Cells hold figures in the unit they are printed in. A formula in which units cancel (weight times
figure over benchmark) is written over the cells as they are; any other is written in base units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
        if isinstance(node, Word):
            return 1 if node.word in FIGURES else 0
        if isinstance(node, Constant):
            return self._constant_power(node)
        if isinstance(node, Points):
            return 0
        return _POWERS[type(node)](self, node) if type(node) in _POWERS else None

    def _constant_power(self, node: Constant) -> int | None:
        if not isinstance(node.value, Fraction):
            return None
        if node.value == 0:
            return ANY
        unit = node.kind.unit
        if unit.is_pure:
            return 0
        return 1 if unit.dimension == self.unit.dimension else None

    def _arithmetic_power(self, node: Expression) -> int | None:
        assert isinstance(node, Arithmetic)
        left, right = self._power(node.left), self._power(node.right)
        if left is None or right is None:
            return None
        if node.sign in "+-":
            return _alike(left, right)
        if ANY in (left, right):
            return ANY if left == ANY else None
        return left + right if node.sign == "*" else left - right

    def _compare_power(self, node: Expression) -> int | None:
        assert isinstance(node, Compare)
        left, right = self._power(node.left), self._power(node.right)
        if left is None or right is None or _alike(left, right) is None:
            return None
        return 0

    def _choose_power(self, node: Expression) -> int | None:
        assert isinstance(node, Choose)
        powers = [self._power(value) for _, value in node.branches]
        powers += [self._power(node.otherwise)] if node.otherwise is not None else []
        if any(self._power(when) is None for when, _ in node.branches):
            return None
        return _all_alike(powers)

    def _apply_power(self, node: Expression) -> int | None:
        assert isinstance(node, Apply)
        if node.function not in ("abs", "least", "greatest"):
            powers = [self._power(argument) for argument in node.arguments]
            return 0 if all(p in (0, ANY) for p in powers) else None
        return _all_alike([self._power(argument) for argument in node.arguments])

    def _logic_power(self, node: Expression) -> int | None:
        assert isinstance(node, Every | Some | Not)
        items = (node.item,) if isinstance(node, Not) else node.items
        return None if any(self._power(item) is None for item in items) else 0


def _alike(left: int, right: int) -> int | None:
    if left == ANY:
        return right
    return left if right in (ANY, left) else None


def _all_alike(powers: list[int | None]) -> int | None:
    made: int | None = ANY
    for power in powers:
        made = None if made is None or power is None else _alike(made, power)
    return made


_POWERS: Mapping[type, Callable[[Writer, Expression], int | None]] = {
    Arithmetic: Writer._arithmetic_power,
    Compare: Writer._compare_power,
    Choose: Writer._choose_power,
    Apply: Writer._apply_power,
    Every: Writer._logic_power,
    Some: Writer._logic_power,
    Not: Writer._logic_power,
}


@dataclass(frozen=True, slots=True)
class _Writing:
    """One formula being written, over cells as they are or in base units."""

    writer: Writer
    in_base: bool

    def node(self, node: Expression) -> Node:
        """Return one part of the formula."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise NotLive(type(node).__name__)
        return handler(self, node)

    def _constant(self, node: Expression) -> Node:
        assert isinstance(node, Constant)
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

    def _word(self, node: Expression) -> Node:
        assert isinstance(node, Word)
        ref = self.writer.words.get(node.word)
        if ref is None:
            raise NotLive(node.word)
        factor = self.writer.unit.factor
        if not self.in_base or node.word not in FIGURES or factor == 1:
            return ref
        return Binary("*", ref, number(factor))

    def _points(self, node: Expression) -> Node:
        assert isinstance(node, Points)
        if node.item not in self.writer.lines:
            raise NotLive(node.item)
        return self.writer.lines[node.item]

    def _arithmetic(self, node: Expression) -> Node:
        assert isinstance(node, Arithmetic)
        return Binary(node.sign, self.node(node.left), self.node(node.right))

    def _compare(self, node: Expression) -> Node:
        assert isinstance(node, Compare)
        if node.left.kind.order or node.right.kind.order:
            raise NotLive(str(node.left.kind))
        return Binary(node.sign, self.node(node.left), self.node(node.right))

    def _every(self, node: Expression) -> Node:
        assert isinstance(node, Every)
        return call("AND", *(self.node(item) for item in node.items))

    def _some(self, node: Expression) -> Node:
        assert isinstance(node, Some)
        return call("OR", *(self.node(item) for item in node.items))

    def _not(self, node: Expression) -> Node:
        assert isinstance(node, Not)
        return call("NOT", self.node(node.item))

    def _choose(self, node: Expression) -> Node:
        assert isinstance(node, Choose)
        made = EMPTY if node.otherwise is None else self.node(node.otherwise)
        for when, value in reversed(node.branches):
            made = call("IF", self.node(when), self.node(value), made)
        return made

    def _apply(self, node: Expression) -> Node:
        assert isinstance(node, Apply)
        arguments = [self.node(argument) for argument in node.arguments]
        if node.function in _PLAIN:
            return call(_PLAIN[node.function], *arguments)
        unit = node.arguments[0].kind.unit.factor if self.in_base else Fraction(1)
        inside = arguments[0] if unit == 1 else Binary("/", arguments[0], number(unit))
        made = _rounded(node.function, inside, arguments[1:])
        return made if unit == 1 else Binary("*", made, number(unit))


def _rounded(function: str, inside: Node, rest: list[Node]) -> Node:
    if function == "round":
        return call("ROUND", inside, *(rest or [number(0)]))
    if function == "floor":
        return call("INT", inside)
    if function == "ceil":
        return Binary("*", number(-1), call("INT", Binary("*", number(-1), inside)))
    raise NotLive(function)


_PLAIN = {"abs": "ABS", "least": "MIN", "greatest": "MAX"}
_HANDLERS: Mapping[type, Callable[[_Writing, Expression], Node]] = {
    Constant: _Writing._constant,
    Word: _Writing._word,
    Points: _Writing._points,
    Arithmetic: _Writing._arithmetic,
    Compare: _Writing._compare,
    Every: _Writing._every,
    Some: _Writing._some,
    Not: _Writing._not,
    Choose: _Writing._choose,
    Apply: _Writing._apply,
}
