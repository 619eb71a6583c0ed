"""What an expression says over several periods: runs, first times and sums of the year.

The plan knows the periods, so each becomes a tree over the columns of those that have data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from kaogong.language.expression import (
    FirstTime,
    Read,
    Streak,
    ToDate,
    When,
    is_together,
)
from kaogong.language.period import GRAINS, Grain, Period, period_of
from kaogong.language.span import Span
from kaogong.plan import sql
from kaogong.plan.lower import Lowered, Lowerer
from kaogong.plan.number import Number, added, chosen, constant, unknown
from kaogong.plan.run_points import run_of
from kaogong.plan.sql import Node


def _streak(lowerer: Lowerer, node: Streak) -> Lowered:
    """Unfold over the periods that have data; the run ends at the first that fails.

    It also ends before the first period in which the subject or a predecessor has a record.
    """
    points = run_of(lowerer, node)
    branches: list[tuple[Node, Number]] = []
    passed: list[Node] = []
    for back, point in enumerate(points):
        length = _length(back, passed, node.span)
        holds = point.holds()
        branches.append((sql.negate(point.begun), length))
        branches.append((sql.is_null(holds), unknown(node.span)))
        branches.append((sql.negate(holds), length))
        passed += [point.passes] if point.passes is not None else []
    return chosen(branches, _length(len(points), passed, node.span), node.span)


def _length(periods: int, passed: list[Node], span: Span) -> Number:
    """Return a number of periods less those that are passed over."""
    whole = constant(Fraction(periods), span)
    if not passed:
        return whole
    top = whole.top
    for each in passed:
        top = sql.binary("-", top, sql.case([(each, sql.integer(1))], sql.integer(0)))
    return replace(whole, top=top, low=periods - len(passed))


def _first_time(lowerer: Lowerer, node: FirstTime) -> Lowered:
    points = run_of(lowerer, node)
    return sql.every([points[0].own, *(point.never_held() for point in points[1:])])


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


OVER_TIME: Mapping[type, Callable[[Lowerer, Any], Lowered]] = {
    Streak: _streak,
    FirstTime: _first_time,
    ToDate: _to_date,
}
