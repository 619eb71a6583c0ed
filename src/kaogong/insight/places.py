"""Places of classes in a list, in whole numbers: quotas, their bounds, and what moves do to them.

The rules are those of `rank` and `classes` (permu:E37 to E49), applied to one list's counts. A
class whose interval ends at the end of the list is counted from there, and the one before it takes
what lies between; of only two, the first is counted and the last takes the others. So the classes
of a list add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from kaogong.language.expression import Open
from kaogong.language.interval import Interval
from kaogong.programme.rules import CutRule, GroupRule, MoveRule, RankRule


@dataclass(frozen=True, slots=True)
class Places:
    """First and last place of a class in its list, and how many its share gives it."""

    first: int
    last: int
    quota: int

    def hold(self, place: int) -> bool:
        """Tell whether a place lies inside."""
        return self.first <= place <= self.last


ROUNDINGS = {
    "half_up": lambda share: floor(share + Fraction(1, 2)),
    "down": floor,
    "up": ceil,
}


def class_places(group: GroupRule, base: int | None, rated: int) -> dict[str, Places]:
    """Return the places of a group's classes; a cut that is open or no share is left out."""
    rank = group.rank
    if isinstance(rank, Open):
        return {}
    made: dict[str, Places] = {}
    for source in dict.fromkeys(cut.source for cut in group.classes):
        made |= places([c for c in group.classes if c.source == source], rank, base, rated)
    return made


def pool_places(group: GroupRule, base: int | None, rated: int) -> dict[str, Places]:
    """Return the places of a group's pools, from which classes are drawn."""
    rank = group.rank
    return {} if isinstance(rank, Open) else places(list(group.pools), rank, base, rated)


def places(cuts: list[CutRule], rank: RankRule, base: int | None, rated: int) -> dict[str, Places]:
    """Return the places of each cut of one list."""
    made = {
        c.id: _by_place(c.take, rated) for c in cuts if c.by_place and isinstance(c.take, Interval)
    }
    shares = [c for c in cuts if not c.by_place and isinstance(c.take, Interval)]
    if base is None or isinstance(rank.rounding, Open) or isinstance(rank.rounding_of, Open):
        return made
    return made | _Shares(base, rated, rank.rounding, rank.rounding_of == "class").places(shares)


def _by_place(take: Interval, rated: int) -> Places:
    first = max(int(take.low or 0) + (not take.low_closed), 1)
    last = rated if take.high is None else int(take.high) - (not take.high_closed)
    return Places(first, last, last - first + 1)


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares of one list as places."""

    base: int
    rated: int
    rounding: str
    by_class: bool

    def places(self, cuts: list[CutRule]) -> dict[str, Places]:
        """Return the places of each share, in written order, the tail from the end of the list."""
        tail = counted_from_end(cuts)
        from_tail = self._quota(tail) if tail is not None else 0
        end, used = self.rated - from_tail, 0
        made: dict[str, Places] = {}
        for cut in (c for c in cuts if c is not tail):
            follows = self.by_class or bool(cut.source)
            first = (used if follows else self._share(_begins(cut))) + 1
            last = used + self._quota(cut) if self.by_class else self._share(_ends(cut))
            if tail is not None:
                last = end if _ends(cut) == _begins(tail) else min(last, end)
            last = self.rated if _begins(cut) and _ends(cut) == 1 else last
            made[cut.id], used = Places(first, last, self._quota(cut)), last
        if tail is not None:
            made[tail.id] = Places(end + 1, self.rated, from_tail)
        return made

    def _quota(self, cut: CutRule) -> int:
        """Return how many places a share gives: rounded itself, or between its rounded bounds."""
        if self.by_class or cut.source:
            return self._share(_ends(cut) - _begins(cut))
        return self._share(_ends(cut)) - (self._share(_begins(cut)) if _begins(cut) else 0)

    def _share(self, share: Fraction) -> int:
        return int(ROUNDINGS[self.rounding](share * self.base))


def counted_from_end(cuts: Iterable[CutRule]) -> CutRule | None:
    """Return the class at the end of the list, unless it follows directly on the one at the top."""
    shares = [c for c in cuts if isinstance(c.take, Interval) and not c.by_place]
    last = next((c for c in shares if _ends(c) == 1 and _begins(c)), None)
    if last is None or any(_begins(c) == 0 and _ends(c) == _begins(last) for c in shares):
        return None
    return last


def _begins(cut: CutRule) -> Fraction:
    return (cut.take.low if isinstance(cut.take, Interval) else None) or Fraction(0)


def _ends(cut: CutRule) -> Fraction:
    high = cut.take.high if isinstance(cut.take, Interval) else None
    return Fraction(1) if high is None else high


def moved_class(group: GroupRule, move: MoveRule, now: str) -> str:
    """Return the class that a move makes of `now`; the same where it does not reach this group."""
    order = group.class_order()
    if now not in order:
        return now
    place = order.index(now)
    if move.to:
        return move.to if move.to in order else now
    if move.at_best in order:
        return order[max(place, order.index(move.at_best))]
    if move.at_worst in order:
        return order[min(place, order.index(move.at_worst))]
    return order[min(max(place - move.up + move.down, 0), len(order) - 1)]


def refilled(
    order: Iterable[str], quotas: dict[str, int], taken: dict[str, int], place: int
) -> str | None:
    """Return the class of an unmoved subject at its place among the unmoved (permu:E47).

    `quotas` says how many each class held by rank, `taken` how many moved subjects it holds now.
    """
    filled = 0
    for name in order:
        filled += max(quotas.get(name, 0) - taken.get(name, 0), 0)
        if place <= filled:
            return name
    return None
