"""How a list is ordered and cut: ranks, pools and classes of a scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from kaogong.kinds.parts import OpenSlot
from kaogong.kinds.scheme import Cut, Rank
from kaogong.language.check import check
from kaogong.language.expression import Expression, Open
from kaogong.language.finding import Finding, finding, refuse
from kaogong.language.interval import Interval, check_bands, interval_text
from kaogong.language.kind import OPEN
from kaogong.language.quantity import exact_text
from kaogong.language.scope import Scope
from kaogong.language.span import Span, Text
from kaogong.programme.fields import titles_of
from kaogong.programme.reading import GroupReading, Reading
from kaogong.programme.rules import CutRule, Order, RankRule
from kaogong.programme.values import interval_of, mended, open_slot

DIRECTIONS = ("asc", "desc")
WHOLE = Fraction(1)


def rank_of(group: GroupReading, scope: Scope) -> RankRule | Open:
    """Return how the group is ranked; a missing rank is told."""
    reading = group.reading
    own = group.model.rank
    rank = own if own is not None else reading.model.rank
    place = f"{group.place}.rank" if own is not None else reading.at("rank")
    nothing = Open(f"{group.place}.rank", "rank", OPEN, reading.span)
    if rank is None:
        reading.tell("KG104", reading.span, kind="Scheme", id=reading.id, key="rank")
        return nothing
    if isinstance(rank, OpenSlot):
        return open_slot(rank, place)
    path = ("groups", group.id, "rank") if own is not None else ("rank",)
    made = reading.tried(lambda: _rank(rank, place, scope, reading.span_at(*path)))
    return made if made is not None else nothing


def _rank(rank: Rank, place: str, scope: Scope, span: Span) -> RankRule:
    within, by_group = _within(rank, place, scope)
    by = (
        open_slot(rank.by, f"{place}.by")
        if isinstance(rank.by, OpenSlot)
        else tuple(order_of(text, scope) for text in rank.by)
    )
    keys = {
        key: open_slot(value, f"{place}.{key}") if isinstance(value, OpenSlot) else str(value)
        for key in ("base", "rounding", "rounding_of", "ties")
        if (value := getattr(rank, key)) is not None
    }
    return RankRule(within, by_group, by, span=span, **keys)


def _within(rank: Rank, place: str, scope: Scope) -> tuple[tuple[Expression, ...], bool]:
    if isinstance(rank.within, OpenSlot):
        return (open_slot(rank.within, f"{place}.within"),), False
    names = [name for name in rank.within if name != "group"]
    return tuple(check(name, scope) for name in names), len(names) < len(rank.within)


def order_of(text: Text, scope: Scope) -> Order:
    """Read `total desc`; the direction is written."""
    words = str(text).rsplit(" ", 1)
    if len(words) != 2 or words[1] not in DIRECTIONS:
        raise refuse("KG112", text.span, value=text, expected="… desc or … asc")
    return Order(check(Text(words[0], text.span, quoted=text.quoted), scope), words[1] == "desc")


# -- cuts ---------------------------------------------------------------------------------


def cuts_of(
    reading: Reading, cuts: Mapping[str, Cut], place: str, scope: Scope
) -> tuple[CutRule, ...]:
    """Return the cuts of one table; printed holes are closed and told (KG503)."""
    made = reading.each(cuts, lambda id, cut: _cut(reading, id, cut, f"{place}.{id}", scope))
    closed, findings = without_holes(made)
    reading.findings.extend(findings)
    return closed


def _cut(reading: Reading, id: str, cut: Cut, place: str, scope: Scope) -> CutRule:
    span = cut.take.span if cut.take is not None else reading.span_at(*place.split(".")[1:])
    take, by_place = _taken(cut, place)
    orders: tuple[Order, ...] = ()
    if not isinstance(cut.by, OpenSlot):
        orders = tuple(order_of(text, scope) for text in cut.by or ())
    when = None if cut.when is None else reading.condition(cut.when, f"{place}.when")
    if take is None and when is None and not cut.rest and not cut.outside:
        raise reading.missing(f"{place}.take", span)
    return CutRule(
        id, titles_of(cut.title, id), str(cut.from_ or ""), orders, take, by_place, when,
        cut.rest, cut.outside, None if cut.bound is None else share_of(cut.bound),
        str(cut.source.article or "") if cut.source else "", span,
    )  # fmt: skip


def _taken(cut: Cut, place: str) -> tuple[Interval | Open | None, bool]:
    """Return what a cut takes, and whether that counts places; an open order leaves it open."""
    if isinstance(cut.by, OpenSlot):
        return open_slot(cut.by, f"{place}.by"), False
    if isinstance(cut.take, OpenSlot):
        return open_slot(cut.take, f"{place}.take"), False
    return (None, False) if cut.take is None else read_take(cut.take)


def read_take(text: Text) -> tuple[Interval, bool]:
    """Read a share of the list in percent, or places counted from one."""
    made = interval_of(text)
    if made.unit is not None and made.unit.is_pure:
        return share_of(text), False
    ends = [e for e in (made.low, made.high) if e is not None and e]
    if made.unit is not None or any(e < 1 or e.denominator != 1 for e in ends):
        raise refuse("KG112", text.span, value=text, expected="a share in % or places from 1")
    return made, True


def share_of(text: Text) -> Interval:
    """Read an interval of shares between 0 and 100 %."""
    made = interval_of(text)
    ends = [e for e in (made.low, made.high) if e is not None]
    is_share = (made.unit is not None and made.unit.is_pure) or not any(ends)
    if not is_share or any(not 0 <= e <= WHOLE for e in ends):
        raise refuse("KG112", text.span, value=text, expected='shares, as "[0, 30%]"')
    return made


def without_holes(cuts: Sequence[CutRule]) -> tuple[tuple[CutRule, ...], list[Finding]]:
    """Return the cuts with printed holes closed, pool by pool, and what was closed."""
    made = {cut.id: cut for cut in cuts}
    findings: list[Finding] = []
    for several in _by_source(cuts).values():
        takes = [c.take for c in several if isinstance(c.take, Interval)]
        problems = check_bands(takes)
        for cut, take in zip(several, mended(takes, problems), strict=True):
            made[cut.id] = replace(cut, take=take)
        findings += [
            finding(
                "KG503", several[p.second].span, a=takes[p.first].text, b=takes[p.second].text,
                c=interval_text(p.mended),
            )
            for p in problems
            if p.mended is not None and p.first is not None and p.second is not None
        ]  # fmt: skip
    return tuple(made.values()), findings


def _by_source(cuts: Sequence[CutRule]) -> dict[str, list[CutRule]]:
    """Return the cuts of shares by the pool they draw from; the whole list is the empty one."""
    found: dict[str, list[CutRule]] = {}
    for cut in cuts:
        if isinstance(cut.take, Interval) and not cut.by_place:
            found.setdefault(cut.source, []).append(cut)
    return found


# -- checks -------------------------------------------------------------------------------


def check_classes(cuts: Sequence[CutRule], group: str) -> Iterator[Finding]:
    """Yield what is wrong between the classes of one group."""
    yield from _uncovered(cuts, group)
    for cut in cuts:
        share = share_taken(cut)
        if cut.bound is not None and share is not None and not cut.bound.contains(share):
            bound = interval_text(cut.bound)
            yield finding("KG614", cut.span, **{"class": cut.id}, share=percent(share), bound=bound)


def _uncovered(cuts: Sequence[CutRule], group: str) -> Iterator[Finding]:
    """Yield shares of a list's classes that do not cover it exactly once (KG604)."""
    listed = [c for c in cuts if not c.outside]
    takes = [c.take for c in listed if isinstance(c.take, Interval)]
    if not listed or len(takes) < len(listed):
        return  # a rest, a condition or an open share takes what is left
    if any(c.source or c.by_place or c.when is not None for c in listed):
        return
    share = sum((share_taken(c) or Fraction(0) for c in listed), Fraction(0))
    if share != WHOLE or _overlap(takes):
        yield finding("KG604", listed[0].span, pool=group, share=percent(share))


def share_taken(cut: CutRule) -> Fraction | None:
    """Return the share of the list that a cut takes, or None where that is not written."""
    if not isinstance(cut.take, Interval) or cut.by_place:
        return None
    return (WHOLE if cut.take.high is None else cut.take.high) - (cut.take.low or 0)


def _overlap(takes: Sequence[Interval]) -> bool:
    ordered = sorted(takes, key=lambda i: (i.low or Fraction(0), i.high or WHOLE))
    return any(
        (a.high or WHOLE) > (b.low or 0) or (a.high == b.low and a.high_closed and b.low_closed)
        for a, b in pairwise(ordered)
    )


def percent(share: Fraction) -> str:
    """Return a share as a percentage with all its decimals."""
    return f"{exact_text(share * 100)}%"
