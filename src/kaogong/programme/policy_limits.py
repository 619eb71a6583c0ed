"""Limits over the clauses of a policy: which clauses share one, and who gives way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from kaogong.kinds.parts import OpenSlot
from kaogong.kinds.policy import Limit, Policy
from kaogong.language.expression import Expression, Open
from kaogong.language.finding import Refused, refuse
from kaogong.language.span import Span
from kaogong.programme.near import nearest
from kaogong.programme.policy_amounts import Money
from kaogong.programme.policy_rules import ClauseRule, LimitRule
from kaogong.programme.reading import DocumentReading
from kaogong.programme.values import open_slot

CARRIED = ("highest", "sum", "in_order")


def limits_of(
    reading: DocumentReading[Policy], clauses: Sequence[ClauseRule]
) -> tuple[LimitRule, ...]:
    """Return the limits in written order; what cannot be read is told and left out."""
    table = reading.model.limits
    if isinstance(table, OpenSlot):
        reading.tell("KG650", table.span, key="limits: {open}", place=reading.id)
        return ()
    known = {clause.id: clause for clause in clauses}
    made = reading.each(table, lambda id, limit: _limit(reading, id, limit, known))
    _refuse_twice(reading, made)
    return tuple(made)


def _limit(
    reading: DocumentReading[Policy], id: str, limit: Limit, known: Mapping[str, ClauseRule]
) -> LimitRule:
    place, span = reading.at(f"limits.{id}"), reading.span_at("limits", id)
    ids = list(reading.model.clauses)
    for name in limit.clauses:
        if str(name) not in ids:
            raise refuse("KG201", name.span, name=name, subject=place, near=nearest(name, ids))
    named = [str(name) for name in limit.clauses] or ids
    members = [known[each] for each in ids if each in named and each in known]
    _check_carried(limit, members, place, span)
    cap = _cap(reading, limit, members, place, span)
    share: str | Open = (
        open_slot(limit.share, f"{place}.share")
        if isinstance(limit.share, OpenSlot)
        else limit.share
    )
    whole = members[0].whole if members else Fraction(1)
    return LimitRule(id, tuple(m.id for m in members), limit.per, share, cap, whole, span)


def _check_carried(limit: Limit, members: Sequence[ClauseRule], place: str, span: Span) -> None:
    """Refuse limits that need what was paid before, or that mix records with subjects."""
    if not isinstance(limit.share, OpenSlot) and limit.share not in CARRIED:
        raise refuse("KG650", span, key=f"share: {limit.share}", place=place)
    registers = {None if m.child is None else m.child.register for m in members}
    fits = registers == {None} if limit.per == "year" else len(registers) == 1
    if limit.per not in ("year", "item") or (members and not fits):
        raise refuse("KG650", span, key=f"per: {limit.per}", place=place)
    units = {(m.unit.text, m.scale) for m in members}
    if len(units) > 1:
        shown = ", ".join(sorted(unit for unit, _ in units))
        raise refuse("KG401", span, left=place, right="clauses", unit=f"({shown})")


def _cap(
    reading: DocumentReading[Policy],
    limit: Limit,
    members: Sequence[ClauseRule],
    place: str,
    span: Span,
) -> Expression | None:
    if limit.share == "in_order" and limit.cap is None:
        raise _missing(place, span)
    if limit.cap is None or not members:
        return None
    child = members[0].child
    scope = reading.scope if child is None else reading.scope.of_records(child)
    return Money(scope, members[0].unit, place, span).read(limit.cap, "cap")


def _missing(place: str, span: Span) -> Refused:
    return refuse("KG104", span, kind="limit", id=place, key="cap")


def _refuse_twice(reading: DocumentReading[Policy], limits: Sequence[LimitRule]) -> None:
    """Tell a clause that stands under two limits: their order would decide."""
    seen: dict[str, str] = {}
    for limit in limits:
        for clause in limit.clauses:
            if clause in seen:
                key = f"limits.{seen[clause]} + limits.{limit.id}"
                reading.tell("KG650", limit.span, key=key, place=reading.at(f"clauses.{clause}"))
                return
            seen[clause] = limit.id
