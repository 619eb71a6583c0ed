"""Limits over several clauses of one subject, asked anew without any plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from kaogong.insight.owed import ENTITLED, NOT_ENTITLED, Owed
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import Open
from kaogong.language.subject import Subject
from kaogong.programme.policy_rules import LimitRule, PolicyRules


def limited(rules: PolicyRules, rows: Sequence[Owed], subject: Subject) -> list[Owed]:
    """Return the rows with the amounts after the limits of the policy."""
    held = {id: limit for limit in rules.limits for id in limit.clauses}
    by_row: Mapping[tuple[str, str], Owed] = {(row.clause.id, row.item): row for row in rows}
    made: list[Owed] = []
    for row in rows:
        limit = held.get(row.clause.id)
        if limit is None:
            made.append(replace(row, after_limit=row.after_cap))
            continue
        members = [by_row[id, row.item] for id in limit.clauses]
        after = _after(row, limit, members, subject)
        unsettled = row.after_cap is not None and after is None
        reason = f"limits.{limit.id}" if unsettled else row.reason
        made.append(replace(row, after_limit=after, reason=reason))
    return made


def _after(
    row: Owed, limit: LimitRule, members: Sequence[Owed], subject: Subject
) -> Fraction | None:
    if isinstance(limit.share, Open):
        others = [m for m in members if m is not row]
        return row.after_cap if all(m.outcome == NOT_ENTITLED for m in others) else None
    if row.after_cap is None:
        return None
    if limit.share == "highest":
        return _highest(row, members)
    if limit.share == "in_order" and limit.cap is not None:
        cap = Evaluator(subject).value(limit.cap)
        whole = limit.whole
        most = (cap // whole) * whole if isinstance(cap, Fraction) else None
        return _in_order(row, members, most)
    return row.after_cap


def _highest(row: Owed, members: Sequence[Owed]) -> Fraction | None:
    """Return all or nothing; None where one that nobody knows might be higher."""
    own = row.after_cap
    assert own is not None
    place = members.index(row)
    is_threatened = False
    for n, other in enumerate(members):
        if other is row or other.outcome == NOT_ENTITLED:
            continue
        above = other.might is not None and (
            other.might > own or (other.might == own and n < place)
        )
        if above and other.outcome == ENTITLED:
            return Fraction(0)
        is_threatened = is_threatened or above or other.might is None
    return None if is_threatened else own


def _in_order(row: Owed, members: Sequence[Owed], cap: Fraction | None) -> Fraction | None:
    before = members[: members.index(row)]
    taking = [m for m in before if m.outcome != NOT_ENTITLED]
    sure = [m.after_cap for m in taking if m.outcome == ENTITLED]
    most = [m.might for m in taking]
    if cap is None or row.after_cap is None or None in sure or None in most:
        return None
    best, worst = (
        max(min(row.after_cap, cap - sum(taken)), Fraction(0))  # type: ignore[arg-type]  # no None
        for taken in (sure, most)
    )
    return best if best == worst else None
