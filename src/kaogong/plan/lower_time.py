"""What an expression says over several periods: runs, first times and sums of the year.

The plan knows the periods, so each becomes a tree over the columns of those that have data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from kaogong.language.expression import (
    Expression,
    FirstTime,
    OverRecords,
    Read,
    Streak,
    ToDate,
    Via,
    When,
    children,
    is_together,
    shifted,
)
from kaogong.language.fact import Fact
from kaogong.language.period import GRAINS, Grain, Period, period_of
from kaogong.plan import sql
from kaogong.plan.lower import Lowered, Lowerer
from kaogong.plan.number import Number, added, chosen, constant, unknown
from kaogong.plan.sql import Node


def _streak(lowerer: Lowerer, node: Streak) -> Lowered:
    """Unfold over the periods that have data; the run ends at the first that fails.

    It also ends before the first period in which the subject has a record.
    """
    inside, runs = lowerer.seen_in(node.when), _runs(lowerer, node.when)
    there = _has_begun(inside, node.item, runs)
    branches: list[tuple[Node, Number]] = []
    for back in runs:
        length = constant(Fraction(back), node.span)
        holds = inside.plain(shifted(node.item, back=back), "yes_no")
        branches.append((sql.negate(there[back]), length))
        branches.append((sql.is_null(holds), unknown(node.span)))
        branches.append((sql.negate(holds), length))
    return chosen(branches, constant(Fraction(len(runs)), node.span), node.span)


def _first_time(lowerer: Lowerer, node: FirstTime) -> Lowered:
    inside, runs = lowerer.seen_in(node.when), _runs(lowerer, node.when)
    there = _has_begun(inside, node.item, runs)
    earlier = [
        sql.some([sql.negate(there[back]), sql.negate(inside.plain(item, "yes_no"))])
        for back in runs[1:]
        for item in (shifted(node.item, back=back),)
    ]
    return sql.every([inside.plain(node.item, "yes_no"), *earlier])


def _has_begun(lowerer: Lowerer, item: Expression, runs: range) -> list[Node]:
    """Return for each period of a run whether the subject has a record of it or an earlier."""
    facts = _periodic(item) if lowerer.owner is None else {}
    made: list[Node] = []
    begun: Node = sql.boolean(False)
    for back in reversed(runs):
        now = [
            lowerer.frame.there(fact, When(back).within(lowerer.when), lowerer.path)
            for fact in facts.values()
        ]
        begun = sql.some([begun, *now]) if facts else sql.boolean(True)
        made.insert(0, begun if back else sql.boolean(True))
    return made


def _runs(lowerer: Lowerer, when: When) -> range:
    return range(lowerer.frame.instant.earlier(lowerer.at(when)) + 1)


def _to_date(lowerer: Lowerer, node: ToDate) -> Lowered:
    """Add the periods of the year, which the plan knows."""
    last = lowerer.frame.instant.seen(lowerer.at(node.when))
    if last is None:
        return unknown(node.span)
    periods = last.year_to_date(together=is_together(node.item))
    first, *rest = [replace(lowerer, when=When(at=each.text)).number(node.item) for each in periods]
    for number in rest:
        first = added(first, number, "+")
    return first


def over_parts(lowerer: Lowerer, node: Read, when: When) -> Lowered | None:
    """Return a computed fact of a finer grain over the periods inside the one that is meant.

    Flows add, stocks take the last; None where it is computed in the period itself, as a ratio is.
    A finer document has no reading of a coarser fact.
    """
    fact, target = node.fact, lowerer.frame.instant.seen(when, together=is_together(node))
    grain = "year" if fact.grain == "last_year" else cast("Grain", fact.grain)
    if target is None or grain == target.grain:
        return None
    if fact.nature == "ratio" and GRAINS.index(grain) > GRAINS.index(target.grain):
        return None
    parts = _parts(node, target, grain)
    if not parts:
        nobody = sql.null(fact.kind.name)
        return unknown(node.span) if fact.kind.name == "number" else nobody
    if len(parts) == 1:
        return lowerer.lower(replace(node, when=When(at=parts[0].text)))
    apart = _sum_of(lowerer, node, parts)
    first = period_of(parts[0].start, grain, together=True)
    if not first.is_together or parts[0].is_together:
        return apart
    joint = _sum_of(lowerer, node, [first, *parts[2:]])
    early = [replace(node, when=When(at=part.text)) for part in parts[:2]]
    known = sql.every([lowerer.is_known(each) for each in early])
    return chosen([(known, apart)], joint, node.span)


def _sum_of(lowerer: Lowerer, node: Read, parts: list[Period]) -> Number:
    total, *rest = [lowerer.number(replace(node, when=When(at=part.text))) for part in parts]
    for each in rest:
        total = added(total, each, "+")
    return total


def _parts(node: Read, target: Period, grain: Grain) -> list[Period]:
    fact = node.fact
    parts = target.split(grain, together=is_together(node))
    if fact.nature == "stock" or fact.kind.name != "number":
        return parts[-1:]
    tiles = bool(parts) and (parts[0].start, parts[-1].end) == (target.start, target.end)
    return parts if fact.nature == "flow" and tiles else []


def _periodic(item: Expression) -> dict[str, Fact]:
    """Return one stored fact of each register of periods that is read of the subject."""
    found: dict[str, Fact] = {}
    stack, seen = [item], set()
    while stack:
        node = stack.pop()
        if isinstance(node, OverRecords | Via):
            continue
        if isinstance(node, Read) and node.fact.definition is not None:
            if node.fact.key not in seen:
                seen.add(node.fact.key)
                stack.append(node.fact.definition)
        elif isinstance(node, Read) and node.fact.grain is not None:
            found.setdefault(node.fact.owner, node.fact)
        stack.extend(children(node))
    return found


OVER_TIME: Mapping[type, Callable[[Lowerer, Any], Lowered]] = {
    Streak: _streak,
    FirstTime: _first_time,
    ToDate: _to_date,
}
