"""What an expression can be worth: an exact value, or unknown with a state and its causes.

Missing is not zero and unknown is not false: `Unknown` is a value of its own that goes through
arithmetic and comparison, and `and`, `or`, `not` treat it as Kleene does. Causes are the ids of
the facts, or the addresses of the open slots, that somebody would have to settle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaogong.language.expression import Expression, Open, Pick, Plain, Read, Word, walk
from kaogong.language.kind import Kind
from kaogong.language.state import STATES, State


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value: the state of the cell and what caused it."""

    state: State
    causes: frozenset[str] = frozenset()


Value = Plain | Unknown
Place = tuple[Fraction, bytes]

_RANK: Mapping[State, int] = {state: rank for rank, state in enumerate(STATES)}


def unknowns(values: Iterable[Value]) -> Iterator[Unknown]:
    """Yield the values that are unknown."""
    return (value for value in values if isinstance(value, Unknown))


def united(values: Iterable[Value]) -> Unknown | None:
    """Return one unknown for all unknown values, or None when all are known.

    The causes are united; the state is the first of them in the order of `STATES`, so that it does
    not depend on the order of the values.
    """
    found = tuple(unknowns(values))
    if not found:
        return None
    state = min((each.state for each in found), key=_RANK.__getitem__)
    return Unknown(state, frozenset().union(*(each.causes for each in found)))


def all_of(values: Iterable[Value]) -> Value:
    """Return Kleene's `and`: one false decides, then one unknown, else true."""
    held = tuple(values)
    if any(value is False for value in held):
        return False
    return united(held) or True


def any_of(values: Iterable[Value]) -> Value:
    """Return Kleene's `or`: one true decides, then one unknown, else false."""
    held = tuple(values)
    if any(value is True for value in held):
        return True
    return united(held) or False


def negated(value: Value) -> Value:
    """Return Kleene's `not`: an unknown stays as it is."""
    return value if isinstance(value, Unknown) else not value


def ordered(value: Value, kind: Kind, node: Expression) -> Value:
    """Return `value`, or unknown for a code that its ordered vocabulary does not list."""
    if isinstance(value, str) and kind.order and value not in kind.order:
        return Unknown("not_applicable", causes_in(node))
    return value


def place(value: Plain, kind: Kind) -> Place:
    """Return what puts `value` in order: its size, its day, its rank as a code, or its bytes."""
    match value:
        case str() if kind.order:
            return Fraction(kind.order.index(value)), b""
        case str():
            return Fraction(0), value.encode()
        case date():
            return Fraction(value.toordinal()), b""
        case _:
            return Fraction(value), b""


def causes_in(*expressions: Expression) -> frozenset[str]:
    """Return the ids of what the expressions read, for an unknown that known facts produced."""
    return frozenset(
        name for expression in expressions for node in walk(expression) if (name := _name(node))
    )


def _name(node: Expression) -> str:
    match node:
        case Read():
            return node.fact.id
        case Pick():
            return node.table.id
        case Open():
            return node.place
        case Word():
            return node.word
        case _:
            return ""
