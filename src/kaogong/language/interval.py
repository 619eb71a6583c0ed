"""Intervals as written, `"[3%, 5%)"`, and whether a table of bands leaves gaps or claims twice.

Square brackets include the end, round ones do not; a side without a number has no end and stands
in a round bracket. Ends are kept in base units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Literal

from kaogong.language.quantity import Quantity, exact_text, read_quantity
from kaogong.language.unit import Unit
from kaogong.language.words import Words

ProblemKind = Literal["gap", "hole", "overlap", "units"]

# A cut between numbers: below all (-1), at a number (0) or above all (1); the number; and whether
# the cut lies just below it (0) or just above it (1). An interval runs from one cut to another.
Cut = tuple[int, Fraction, int]

_SHAPE = re.compile(r"\s*([\[(])([^,]*),([^,]*)([\])])\s*")


class NotAnInterval(ValueError):
    """A text that is no interval; `reason` says what is wrong with it."""

    def __init__(self, text: str, reason: Words) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{text!r} is not an interval: {reason}")

    @property
    def words(self) -> Words:
        """Return what should stand there, as a finding names it."""
        return Words(f"区间：{self.reason.zh}", f"an interval: {self.reason}")


@dataclass(frozen=True, slots=True)
class Interval:
    """A run of numbers in base units; an end of None lies at infinity."""

    low: Fraction | None
    high: Fraction | None
    low_closed: bool
    high_closed: bool
    text: str
    unit: Unit | None = None  # the unit its ends were written in

    def contains(self, x: Fraction) -> bool:
        """Tell whether `x`, in base units, lies inside."""
        above = self.low is None or x > self.low or (self.low_closed and x == self.low)
        below = self.high is None or x < self.high or (self.high_closed and x == self.high)
        return above and below

    @property
    def is_empty(self) -> bool:
        """Tell whether no number lies inside."""
        return _low_cut(self) >= _high_cut(self)

    def point(self) -> Fraction:
        """Return one number inside: an included end where there is one, else the middle."""
        if self.low is not None and self.low_closed:
            return self.low
        if self.high is not None and self.high_closed:
            return self.high
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        if self.low is not None:
            return self.low + 1
        return Fraction(0) if self.high is None else self.high - 1


WHOLE_LINE = Interval(None, None, False, False, "( , )")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong between bands: `where` is the run of numbers left out or claimed twice.

    `hole` is a gap of exactly one written unit between two whole numbers, as printed tables leave
    it (25% and below, 26% to 70%); `mended` is then the upper band as it has to be written.
    """

    kind: ProblemKind
    where: Interval
    first: int | None  # position of the band below the gap, or of the first claimant
    second: int | None
    mended: Interval | None = None


def read_interval(text: str) -> Interval:
    """Return the interval written in `text`; raise `NotAnInterval` with the reason."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise NotAnInterval(
            text,
            Words(
                "请写[下限, 上限]，不含端点的一侧用圆括号",
                "write [low, high], with ( or ) where the end is not included",
            ),
        )
    low, high = (_end(text, shape[side].strip()) for side in (2, 3))
    low_closed, high_closed = shape[1] == "[", shape[4] == "]"
    if (low is None and low_closed) or (high is None and high_closed):
        raise NotAnInterval(
            text, Words("没有数的一侧用圆括号", "a side without a number stands in a round bracket")
        )
    made = Interval(
        None if low is None else low.base,
        None if high is None else high.base,
        low_closed,
        high_closed,
        text,
        _common_unit(text, low, high),
    )
    if made.is_empty:
        raise NotAnInterval(text, Words("其中没有任何数", "no number lies in it"))
    return made


def interval_text(interval: Interval) -> str:
    """Return `interval` written in its unit."""
    low, high = (_end_text(end, interval.unit) for end in (interval.low, interval.high))
    left, right = "[" if interval.low_closed else "(", "]" if interval.high_closed else ")"
    return f"{left}{low or ' '}, {high}{right}"


def check_bands(
    bands: Sequence[Interval], domain: Interval | None = None, *, has_else: bool = False
) -> list[Problem]:
    """Return gaps, holes and overlaps of a band table, from the least number up.

    Without `domain` only gaps between the bands count; with one, all of it must be covered.
    `has_else` says that a value for all other numbers is given, so nothing is a gap.
    """
    strangers = _strangers(bands)
    if strangers:
        return strangers
    problems = [] if has_else else _gaps(bands, domain)
    problems += _overlaps(bands)
    return sorted(problems, key=lambda problem: _low_cut(problem.where))


def _end(text: str, written: str) -> Quantity | None:
    if not written:
        return None
    quantity = read_quantity(written)
    if quantity is None:
        raise NotAnInterval(
            text, Words(f"“{written}”不是带单位的数", f"{written!r} is not a number with a unit")
        )
    return quantity


def _common_unit(text: str, low: Quantity | None, high: Quantity | None) -> Unit | None:
    """Return the unit of both ends; a bare 0 takes the unit of the other end."""
    ends = [end for end in (low, high) if end is not None]
    units = [end.unit for end in ends if end.unit is not None]
    bare = [end for end in ends if end.unit is None]
    if len(units) > 1 and not units[0].same_dimension(units[1]):
        raise NotAnInterval(
            text,
            Words(
                f"{units[0].text}与{units[1].text}不能比较",
                f"{units[0].text} and {units[1].text} do not compare",
            ),
        )
    if units and any(end.value for end in bare):
        raise NotAnInterval(
            text,
            Words(
                f"{bare[0].text}未写单位，另一端的单位是{units[0].text}",
                f"{bare[0].text} has no unit beside {units[0].text}",
            ),
        )
    return units[0] if units else None


def _end_text(end: Fraction | None, unit: Unit | None) -> str:
    if end is None:
        return ""
    if unit is None:
        return exact_text(end)
    return exact_text(end / unit.factor) + unit.text


def _low_cut(interval: Interval) -> Cut:
    if interval.low is None:
        return -1, Fraction(0), 0
    return 0, interval.low, 0 if interval.low_closed else 1


def _high_cut(interval: Interval) -> Cut:
    if interval.high is None:
        return 1, Fraction(0), 0
    return 0, interval.high, 1 if interval.high_closed else 0


def _between(low: Cut, high: Cut, unit: Unit | None) -> Interval:
    """Return the interval from one cut to the other, written in `unit`."""
    made = Interval(
        None if low[0] else low[1],
        None if high[0] else high[1],
        low[0] == 0 and low[2] == 0,
        high[0] == 0 and high[2] == 1,
        "",
        unit,
    )
    return replace(made, text=interval_text(made))


def _strangers(bands: Sequence[Interval]) -> list[Problem]:
    """Return the bands whose unit does not compare with the first unit written."""
    units = [(place, band.unit) for place, band in enumerate(bands) if band.unit is not None]
    if not units:
        return []
    first, unit = units[0]
    return [
        Problem("units", band, first, place)
        for place, band in enumerate(bands)
        if not (_takes(unit, band) if band.unit is None else unit.same_dimension(band.unit))
    ]


def _takes(unit: Unit, band: Interval) -> bool:
    """Tell whether the bare numbers of `band` may stand beside `unit`."""
    return unit.is_pure or unit.is_count or not (band.low or band.high)


def _gaps(bands: Sequence[Interval], domain: Interval | None) -> list[Problem]:
    """Walk up the line and return each run of numbers that no band claims."""
    problems: list[Problem] = []
    unit = _written_unit(bands)
    covered = None if domain is None else _low_cut(domain)
    below: int | None = None
    for place in sorted(range(len(bands)), key=lambda place: _low_cut(bands[place])):
        low, high = _low_cut(bands[place]), _high_cut(bands[place])
        if domain is not None:
            low = min(low, _high_cut(domain))
        if covered is not None and covered < low:
            problems.append(_gap(_between(covered, low, unit), bands, below, place))
        if covered is None or high > covered:
            covered, below = high, place
    if domain is not None and covered is not None and covered < _high_cut(domain):
        where = _between(covered, _high_cut(domain), unit)
        problems.append(Problem("gap", where, below, None))
    return problems


def _gap(where: Interval, bands: Sequence[Interval], below: int | None, above: int) -> Problem:
    """Return the gap below band `above`, as a hole where printed whole numbers leave it."""
    unit = _written_unit(bands)
    step = Fraction(1) if unit is None else unit.factor
    if (
        below is None
        or where.low is None
        or where.high is None
        or where.low_closed
        or where.high_closed
        or where.high - where.low != step
        or (where.low / step).denominator != 1
    ):
        return Problem("gap", where, below, above)
    mended = _between(_high_cut(bands[below]), _high_cut(bands[above]), unit)
    return Problem("hole", where, below, above, mended)


def _overlaps(bands: Sequence[Interval]) -> list[Problem]:
    """Return the numbers that each pair of bands claims twice."""
    unit = _written_unit(bands)
    problems = []
    for first, second in combinations(range(len(bands)), 2):
        low = max(_low_cut(bands[first]), _low_cut(bands[second]))
        high = min(_high_cut(bands[first]), _high_cut(bands[second]))
        if low < high:
            problems.append(Problem("overlap", _between(low, high, unit), first, second))
    return problems


def _written_unit(bands: Sequence[Interval]) -> Unit | None:
    return next((band.unit for band in bands if band.unit is not None), None)
