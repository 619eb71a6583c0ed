"""What a function of the language is: how many arguments it takes, and what a call becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from sqlglot import exp

from kaogong.language.checker import Checker
from kaogong.language.expression import Apply, Constant, Expression, ScalarFunction
from kaogong.language.finding import refuse
from kaogong.language.kind import NUMBER, Kind
from kaogong.language.span import Span
from kaogong.language.syntax import Branch
from kaogong.language.words import Words

MOST = 99
MOST_PERIODS = 120
MOST_DECIMALS = 18


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its arguments are asked for by their place, counted from 0."""

    checker: Checker
    node: Branch

    @property
    def name(self) -> str:
        """Return the name of the function, in small letters."""
        return str(self.node.this).casefold()

    @property
    def arguments(self) -> list[Branch]:
        """Return the arguments as they were parsed."""
        return list(self.node.expressions)

    @property
    def span(self) -> Span:
        """Return where the call begins."""
        return self.checker.span(self.node)

    def expression(self, place: int) -> Expression:
        """Return an argument of any kind."""
        return self.checker.expression(self.arguments[place])

    def numeric(self, place: int) -> Expression:
        """Return an argument that must be a number."""
        return self.checker.numeric(self.arguments[place])

    def yes_no(self, place: int) -> Expression:
        """Return an argument that must be a condition."""
        return self.checker.yes_no(self.arguments[place])

    def day(self, place: int) -> Expression:
        """Return an argument that must be a date."""
        return self.checker.day(self.arguments[place])

    def name_at(self, place: int) -> str:
        """Return the name an argument is, as tables, registers and lines are named."""
        node = self.arguments[place]
        if not isinstance(node, exp.Column) or self.checker.syntax.literal(node.name) is not None:
            got = Words("别的写法", "something else")
            raise self.checker.wrong(node, Words("名称", "a name"), got)
        return str(node.name)

    def periods(self, place: int, *, least: int = 0) -> int:
        """Return a number of periods, which must stand there as a whole number, or raise KG307."""
        found = self._whole(place)
        if found is None or not least <= found <= MOST_PERIODS:
            raise refuse("KG307", self.checker.span(self.arguments[place]), function=self.name)
        return found

    def decimals(self, place: int) -> Constant:
        """Return a number of decimals, which must stand there as a whole number, or raise KG310."""
        found = self._whole(place)
        if found is None or not 0 <= found <= MOST_DECIMALS:
            node = self.arguments[place]
            raise self.checker.wrong(node, _DECIMALS, self.checker.expression(node).kind)
        return Constant(Fraction(found), NUMBER, self.checker.span(self.arguments[place]))

    def _whole(self, place: int) -> int | None:
        """Return the whole number an argument is written as, without a unit, or None."""
        made = self.expression(place)
        if not (isinstance(made, Constant) and made.kind.bare):
            return None
        value = made.value
        if not isinstance(value, Fraction) or value.denominator != 1:
            return None
        return value.numerator


_DECIMALS = Words(f"0至{MOST_DECIMALS}的整数", f"a whole number from 0 to {MOST_DECIMALS}")

Build = Callable[[Call], Expression]


@dataclass(frozen=True, slots=True)
class Function:
    """One function: least and greatest number of arguments, what it becomes, what it gives."""

    arity: tuple[int, int]
    build: Build
    result: str  # as the reference prints it


def applied(name: str, arguments: list[Expression], kind: Kind, span: Span) -> Apply:
    """Return the node of a function of values."""
    return Apply(cast("ScalarFunction", name), tuple(arguments), kind, span)
