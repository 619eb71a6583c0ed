"""What changes points or classes outside the lines: bonuses, deductions, and moves after ranking.

A move is decided after the list is cut, so its condition may ask for `ranked_class`: the class by
rank, before any move.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kaogong.kinds.parts import OpenSlot, Value
from kaogong.kinds.scheme import Adjust, Move
from kaogong.language.expression import Compare, Constant, Expression, Member, Open, Word, walk
from kaogong.language.finding import Finding, finding, refuse
from kaogong.language.kind import TEXT
from kaogong.language.span import Span
from kaogong.programme.fields import titles_of
from kaogong.programme.reading import GroupReading, Reading
from kaogong.programme.rules import RANKED_CLASS, AdjustRule, GroupRule, LeaveRule, MoveRule
from kaogong.programme.scheme_lines import limit

WAYS = ("class_", "at_best", "at_worst", "up", "down")


def adjustments_of(group: GroupReading) -> tuple[AdjustRule, ...]:
    """Return the bonuses and deductions of a group."""
    reading, own = group.reading, group.model.adjust
    table = group.whole(own, reading.model.adjust, "adjust")
    place = f"{group.place}.adjust" if own is not None else reading.at("adjust")
    if table is None:
        return ()
    return tuple(reading.each(table, lambda id, a: _adjustment(reading, id, a, f"{place}.{id}")))


def _adjustment(reading: Reading, id: str, adjust: Adjust, place: str) -> AdjustRule:
    when = None if adjust.when is None else reading.condition(adjust.when, f"{place}.when")
    points = reading.value(adjust.points, f"{place}.points")
    cap = None if adjust.cap is None else limit(adjust.cap, reading.scope, f"{place}.cap")
    article = str(adjust.source.article or "") if adjust.source else ""
    return AdjustRule(
        id, titles_of(adjust.title, id), when, points, str(adjust.category or ""), cap, article,
        points.span,
    )  # fmt: skip


def adjust_caps(reading: Reading) -> dict[str, Expression]:
    """Return the caps of adjustments by category; a category without one has none."""
    table = reading.model.adjust_caps
    if isinstance(table, OpenSlot):
        return {}

    def build(category: str, value: Value) -> tuple[str, Expression | None]:
        return category, limit(value, reading.scope, reading.at(f"adjust_caps.{category}"))

    return {k: v for k, v in reading.each(table, build) if v is not None}


def total_floor(reading: Reading) -> Expression | None:
    """Return the least total, or None where there is none."""
    total = reading.model.total
    if total is None or isinstance(total, OpenSlot):
        return None
    floor = total.floor
    return reading.tried(lambda: limit(floor, reading.scope, reading.at("total.floor")))


# -- moves --------------------------------------------------------------------------------


def moves_of(reading: Reading) -> tuple[MoveRule, ...]:
    """Return the moves in written order."""
    table = reading.model.moves
    if isinstance(table, OpenSlot):
        return ()
    return tuple(reading.each(table, lambda id, move: _move(reading, id, move)))


def _move(reading: Reading, id: str, move: Move) -> MoveRule:
    span = reading.span_at("moves", id)
    said = [way.rstrip("_") for way in WAYS if getattr(move, way) is not None]
    if not said:
        raise reading.missing(f"moves.{id}.class", span)
    if len(said) > 1:
        raise refuse("KG112", span, value=", ".join(said), expected=f"one of {', '.join(said)}")
    words = {**reading.scope.words, RANKED_CLASS: TEXT}
    address = reading.at(f"moves.{id}.when")
    when = reading.condition(move.when, address, replace(reading.scope, words=words))
    return MoveRule(
        id, titles_of(move.title, id), when, str(move.class_ or ""), str(move.at_best or ""),
        str(move.at_worst or ""), move.up or 0, move.down or 0,
        str(move.source.article or "") if move.source else "", span,
    )  # fmt: skip


def vacated(reading: Reading) -> str | Open:
    """Return what becomes of places that moves leave; required where there are moves."""
    said = reading.model.vacated
    if isinstance(said, OpenSlot):
        return Open(reading.at("vacated"), said.why, TEXT, said.span)
    if said is None and reading.model.moves:
        reading.tell("KG104", reading.span, kind="Scheme", id=reading.id, key="vacated")
    return said or "leave"


# -- checks -------------------------------------------------------------------------------


def check_class_names(
    reading: Reading,
    groups: tuple[GroupRule, ...],
    moves: tuple[MoveRule, ...],
    leaves: tuple[LeaveRule, ...],
) -> Iterator[Finding]:
    """Yield the classes that moves and leaves name and no group has (KG609).

    Where the classes are open, nothing can be said. A move stays within the list, so a class
    outside of it is none of its classes.
    """
    if any(not group.classes for group in groups):
        return
    every = {c.id for g in groups for c in g.classes}
    listed = {c.id for g in groups for c in g.classes if not c.outside}
    for move in moves:
        named = (("class", move.to), ("at_best", move.at_best), ("at_worst", move.at_worst))
        for key, name in named:
            if name and name not in listed:
                span = reading.span_at("moves", move.id, key)
                yield finding("KG609", span, place=reading.at(f"moves.{move.id}"), name=name)
        for name, span in _asked(move.when):
            if name not in listed:
                yield finding("KG609", span, place=reading.at(f"moves.{move.id}"), name=name)
    for leave in leaves:
        for key, name in (("class", leave.class_), ("treated_as", leave.treated_as)):
            if name and name not in every:
                place = f"population.leaves.{leave.id}"
                span = reading.span_at(*place.split("."), key)
                yield finding("KG609", span, place=reading.at(place), name=name)


def _asked(when: Expression) -> Iterator[tuple[str, Span]]:
    """Yield the classes that a condition holds `ranked_class` against."""
    for node in walk(when):
        if isinstance(node, Member) and _is_ranked(node.item):
            for code in sorted(node.codes):
                yield code, node.span
        elif isinstance(node, Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if _is_ranked(one) and isinstance(other, Constant):
                    yield str(other.value), other.span


def _is_ranked(node: Expression) -> bool:
    return isinstance(node, Word) and node.word == RANKED_CLASS
