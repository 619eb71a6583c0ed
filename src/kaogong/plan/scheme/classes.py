"""From places to classes, and what moves do to them afterwards (permu:E37 to E49).

Classes of a group are tried in written order; one of quota holds by place, one of a threshold by
its condition, `rest` takes who is left. Moves come after ranking, in written order, later ones win.
`refill` gives the places that moved subjects left to those behind them, `leave` leaves them empty.
What a move forbids it forbids to refilling, too: a vetoed row does not rise by it above its
ceiling, a protected one does not fall below its floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kaogong.language.expression import Expression
from kaogong.language.interval import Interval
from kaogong.plan import sql
from kaogong.plan.scheme.population import settled
from kaogong.plan.scheme.ranking import Bounds
from kaogong.plan.sql import Node
from kaogong.programme.rules import CutRule, GroupRule, MoveRule, SchemeRules


class Conditions(Protocol):
    """Answers whether a condition holds for a row, as a column."""

    def holds(self, expression: Expression) -> Node:
        """Return the column of a condition."""
        ...


RANK, PLACED, MOVED_BY = "kg_class_rank", "kg_class_placed", "kg_moved_by"
CHANGED_BY = "kg_changed_by"  # the move that changed the class, before vacated places are settled


@dataclass(frozen=True, slots=True)
class Places:
    """Where a row stands, and which places each cut and each pool of a cut takes."""

    limits: Mapping[str, Bounds]
    pools: Mapping[str, Bounds]
    of_row: Mapping[str, Node]  # by cut; its place in the whole list under ""


def class_number(group: GroupRule, places: Places, conditions: Conditions, unknown: str) -> Node:
    """Return the number of a row's class, 1 being the best; unknown where an open cut decides."""
    branches: list[tuple[Node, Node]] = []
    numbered = list(enumerate((cut for cut in group.classes if not cut.outside), 1))
    for number, cut in sorted(numbered, key=lambda each: each[1].rest):  # who is left comes last
        test = _test(cut, places, conditions, unknown)
        if cut.when is not None or test == sql.null("yes_no"):
            branches.append((sql.is_null(test), sql.null("number")))
        branches.append((test, sql.integer(number)))
    return sql.case(branches, sql.null("number")) if branches else sql.null("number")


def _test(cut: CutRule, places: Places, conditions: Conditions, unknown: str) -> Node:
    if cut.rest:
        return sql.boolean(True)
    if cut.when is not None:
        return settled(conditions.holds(cut.when), unknown)
    bound = places.limits.get(cut.id)
    if bound is None or not isinstance(cut.take, Interval):
        return sql.null("yes_no")
    inside = between(places.of_row[cut.id], bound)
    if not cut.source:
        return inside
    pool = places.pools.get(cut.source)
    if pool is None:
        return sql.null("yes_no")
    return sql.every([between(places.of_row[""], pool), inside])


def between(place: Node, bound: Bounds) -> Node:
    """Return whether a place lies within a cut."""
    return sql.every([sql.binary(">=", place, bound.first), sql.binary("<=", place, bound.last)])


def moved(
    rules: SchemeRules, group: GroupRule, conditions: Conditions, number: Node
) -> tuple[Node, Node]:
    """Return the class number after all moves, and the id of the last move that changed it."""
    order = group.class_order()
    now = number
    by: Node = sql.null("text")
    for move in rules.moves:
        holds = settled(conditions.holds(move.when), rules.unknown)
        changed = _changed(move, order, now)
        if changed is None:
            continue
        found = sql.every([sql.is_null(now), sql.is_known(changed)])  # whatever it was by rank
        counts = sql.is_true(sql.some([found, sql.binary("<>", changed, now)]))
        by = sql.case([(sql.every([sql.is_true(holds), counts]), sql.text(move.id))], by)
        now = sql.case([(sql.is_null(holds), sql.null("number")), (holds, changed)], now)
    return now, by


@dataclass(frozen=True, slots=True)
class Bound:
    """How far refilling may take a row that no move changed, and the move that says so."""

    best: Node
    best_by: Node
    worst: Node
    worst_by: Node


def bound_of(rules: SchemeRules, group: GroupRule, conditions: Conditions) -> Bound:
    """Return the class numbers between which the moves that hold keep a row of a group.

    Meant for rows that no move changed: every move that holds lets their class stand.
    """
    order = group.class_order()
    places = {name: n for n, name in enumerate(order, 1)}
    ceilings = [(places.get(m.at_best or m.to), m) for m in rules.moves]
    floors = [(places.get(m.at_worst or m.to), m) for m in rules.moves]
    lowest = sorted(((n, m) for n, m in ceilings if n), key=lambda each: -each[0])
    highest = sorted(((n, m) for n, m in floors if n), key=lambda each: each[0])

    def chosen(bounds: list[tuple[int, MoveRule]], end: int) -> tuple[Node, Node]:
        held = [(settled(conditions.holds(m.when), rules.unknown), n, m.id) for n, m in bounds]
        if not held:
            return sql.integer(end), sql.null("text")
        return (
            sql.case([(holds, sql.integer(n)) for holds, n, _ in held], sql.integer(end)),
            sql.case([(holds.copy(), sql.text(id)) for holds, _, id in held], sql.null("text")),
        )

    return Bound(*chosen(lowest, 1), *chosen(highest, len(order)))


def _changed(move: MoveRule, order: list[str], now: Node) -> Node | None:
    """Return the class number that a move makes of `now`; None where its class is not here."""
    places = {name: n for n, name in enumerate(order, 1)}
    if move.to:
        return sql.integer(places[move.to]) if move.to in places else None
    if move.at_best and move.at_best in places:
        return _at_least(now, places[move.at_best])
    if move.at_worst and move.at_worst in places:
        return _at_most(now, places[move.at_worst])
    if move.up:
        return _at_least(sql.binary("-", now, sql.integer(move.up)), 1)
    if move.down:
        return _at_most(sql.binary("+", now, sql.integer(move.down)), len(order))
    return None


def _at_least(node: Node, least: int) -> Node:
    bound = sql.integer(least)
    return sql.case([(sql.binary("<", node, bound), bound)], node)


def _at_most(node: Node, most: int) -> Node:
    bound = sql.integer(most)
    return sql.case([(sql.binary(">", node, bound), bound)], node)


def class_name(groups: tuple[GroupRule, ...], group: Node, number: Node) -> Node:
    """Return the name of a class by group and number."""
    branches: list[tuple[Node, Node]] = []
    for rule in groups:
        names = rule.class_order()
        if not names:
            continue
        listed = [
            (sql.binary("=", number, sql.integer(n)), sql.text(name))
            for n, name in enumerate(names, 1)
        ]
        mine = sql.case(listed, sql.null("text"))
        branches.append((sql.binary("=", group, sql.text(rule.id)), mine))
    return sql.case(branches, sql.null("text")) if branches else sql.null("text")
