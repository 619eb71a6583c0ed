"""Why a value is unknown, as `status` tells it: the state of a cell, or what a computation met.

A state goes through SQL as a text that begins with its place in the table of states, so that the
first of several is the least of them; engines skip nulls in `least`, and a known value has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlglot import exp

from kaogong.language.expression import (
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    DateWord,
    Every,
    Expression,
    Has,
    Known,
    Member,
    Not,
    OfSubject,
    Open,
    Pick,
    Read,
    Some,
    Status,
    Via,
)
from kaogong.language.fact import Fact
from kaogong.language.state import STATES, State
from kaogong.plan import sql
from kaogong.plan.frame import Hop
from kaogong.plan.lower import Lowerer
from kaogong.plan.number import compared, constant
from kaogong.plan.sql import Node

_MARKS: Mapping[State, str] = {state: f"{place}{state}" for place, state in enumerate(STATES)}


def status(lowerer: Lowerer, node: Expression) -> Node:
    """Return the state of a value as a text, empty where it is known."""
    mark = _mark(lowerer, node)
    if mark is None:
        return sql.text("")
    tail = exp.Anonymous(this="substr", expressions=[mark, exp.Literal.number(2)])
    return sql.coalesce([tail, sql.text("")])


def _mark(lowerer: Lowerer, node: Expression) -> Node | None:
    """Return the mark of a value's state, null where it is known; None where it always is."""
    return _STATES.get(type(node), _not_reported)(lowerer, node)


def _known(_lowerer: Lowerer, _node: Expression) -> None:
    return None


def _state(state: State) -> Node:
    return sql.text(_MARKS[state])


def _open(_lowerer: Lowerer, node: Open) -> Node:
    return _state(node.state)


def _not_reported(lowerer: Lowerer, node: Expression) -> Node:
    """Figures over records and runs of periods name no state of their own."""
    return sql.case([(sql.negate(lowerer.is_known(node)), _state("not_reported"))])


def _first(marks: Sequence[Node | None]) -> Node | None:
    there = [mark for mark in marks if mark is not None]
    return there[0] if len(there) == 1 else sql.call("least", *there) if there else None


def _or_else(first: Node | None, then: Node | None) -> Node | None:
    if first is None or then is None:
        return then if first is None else first
    return sql.coalesce([first, then])


def _read(lowerer: Lowerer, node: Read) -> Node | None:
    when = node.when.within(lowerer.when)
    if node.fact.definition is not None:
        return _mark(replace(lowerer, when=when), node.fact.definition)
    beside: Fact = replace(node.fact, id=f"{node.fact.id}__state")
    cell = lowerer.frame.stored(beside, when, lowerer.path)
    marks = [(sql.binary("=", cell, sql.text(s)), sql.text(m)) for s, m in _MARKS.items()]
    unknown = sql.case(marks, _state("not_reported"))
    return sql.case([(sql.negate(lowerer.is_known(node)), unknown)])


def _arithmetic(lowerer: Lowerer, node: Arithmetic) -> Node | None:
    sides = _first([_mark(lowerer, node.left), _mark(lowerer, node.right)])
    if node.sign != "/":
        return sides
    base, zero = lowerer.number(node.right), constant(Fraction(0), node.span)
    branches = [(compared("=", base, zero), _state("zero_denominator"))]
    if not node.allow_negative_base:
        branches.append((compared("<", base, zero), _state("negative_base")))
    return _or_else(sides, sql.case(branches))


def _of_parts(parts: Callable[[Any], Sequence[Expression]]) -> Callable[[Lowerer, Any], Node]:
    """Of what is computed: the first state of a part, else that no result applies."""

    def mark(lowerer: Lowerer, node: Expression) -> Node:
        first = _or_else(
            _first([_mark(lowerer, part) for part in parts(node)]), _state("not_applicable")
        )
        assert first is not None
        return sql.case([(sql.negate(lowerer.is_known(node)), first)])

    return mark


def _choose(lowerer: Lowerer, node: Choose) -> Node | None:
    doubts: list[Node | None] = []
    branches: list[tuple[Node, Node]] = []
    for condition, value in node.branches:
        before = _first(doubts) if node.strict else None
        mark = _or_else(before, _mark(lowerer, value)) or sql.null("text")
        branches.append((lowerer.plain(condition, "yes_no"), mark))
        doubts.append(_mark(lowerer, condition))
    if node.otherwise is None:
        last = _or_else(_first(doubts), _state(node.otherwise_state))
    else:
        last = _or_else(_first(doubts) if node.strict else None, _mark(lowerer, node.otherwise))
    return sql.case(branches, last if last is not None else sql.null("text"))


def _via(lowerer: Lowerer, node: Via) -> Node:
    seen = replace(lowerer, when=node.when.within(lowerer.when))
    inside = replace(seen, path=(*lowerer.path, Hop(node.link, seen.when)))
    link = _mark(lowerer, Read(node.link, node.when, node.span))
    gone = _or_else(link, _state("not_reported"))
    there = lowerer.frame.linked(inside.path)
    assert gone is not None
    return sql.case([(sql.negate(there), gone)], _mark(inside, node.item) or sql.null("text"))


def _of_subject(lowerer: Lowerer, node: OfSubject) -> Node | None:
    assert lowerer.owner is not None
    return _mark(lowerer.owner, node.item)


_STATES: Mapping[type, Callable[[Lowerer, Any], Node | None]] = {
    Constant: _known,
    DateWord: _known,
    Known: _known,
    Status: _known,
    Open: _open,
    Read: _read,
    Arithmetic: _arithmetic,
    Compare: _of_parts(lambda node: (node.left, node.right)),
    Member: _of_parts(lambda node: (node.item,)),
    Not: _of_parts(lambda node: (node.item,)),
    Every: _of_parts(lambda node: node.items),
    Some: _of_parts(lambda node: node.items),
    Apply: _of_parts(lambda node: node.arguments),
    Choose: _choose,
    Via: _via,
    OfSubject: _of_subject,
    Pick: _of_parts(lambda node: (*node.keys, *node.table.entries.values())),
    Has: _of_parts(lambda node: node.keys),
}
