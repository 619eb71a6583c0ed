"""Data periods: how they are written, which day they begin and end, and which comes before.

`2022` `2022H1` `2022Q3` `2022-07` `2022-01+02` `2022-07A` (旬) `2022W07` (ISO week) `2022-07-04`.
January and February have no single value in the statistics of large firms, so a month may follow
`01+02` as one period; `together` says that a series counts them so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Literal, get_args

Grain = Literal["year", "half", "quarter", "month", "ten_day", "week", "day"]
GRAINS: tuple[Grain, ...] = get_args(Grain)

_TEN_DAY_STARTS = {0: 1, 1: 11, 2: 21}


class NotAPeriod(ValueError):
    """A text or a step that leads to no period."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A run of days, both ends included; periods are ordered by their days."""

    grain: Grain
    start: date
    end: date
    text: str

    def __str__(self) -> str:
        return self.text

    def __lt__(self, other: Period) -> bool:
        return (self.start, self.end) < (other.start, other.end)

    @property
    def year(self) -> int:
        """Return the year the period belongs to; a week's is its ISO year."""
        return self.start.isocalendar().year if self.grain == "week" else self.start.year

    @property
    def year_start(self) -> date:
        """Return the first day of the year the period belongs to."""
        return _iso_monday(self.year, 1) if self.grain == "week" else _date(self.year, 1, 1)

    @property
    def is_together(self) -> bool:
        """Tell whether it is January and February as one."""
        return self.text.endswith("+02")

    def earlier(self, n: int = 1, *, together: bool = False) -> Period:
        """Return the period `n` steps of the same grain before this one."""
        if self.grain == "month" and (together or self.is_together):
            return _month_together(_together_ordinal(self.start) - n)
        grain = _GRAINS[self.grain]
        return _period(self.grain, grain.start(grain.ordinal(self.start) - n))

    def later(self, n: int = 1, *, together: bool = False) -> Period:
        """Return the period `n` steps of the same grain after this one."""
        return self.earlier(-n, together=together)

    def year_ago(self, n: int = 1) -> Period:
        """Return the same period `n` years before.

        29 February becomes the 28th and week 53 week 52 where that year has none.
        """
        year = self.year - n
        if self.grain == "week":
            week = min(self.start.isocalendar().week, _iso_weeks(year))
            return _period("week", _iso_monday(year, week))
        if self.is_together:
            return _month_together(11 * year)
        last = 28 if (self.start.month, self.start.day) == (2, 29) else self.start.day
        day = self.start.day if _is_leap(year) else last
        return _period(self.grain, _date(year, self.start.month, day))

    def contains(self, other: Period) -> bool:
        """Tell whether every day of `other` lies in this period."""
        return self.start <= other.start and other.end <= self.end

    def has_day(self, day: date) -> bool:
        """Tell whether `day` lies in this period."""
        return self.start <= day <= self.end

    def split(self, grain: Grain, *, together: bool = False) -> list[Period]:
        """Return the periods of a finer grain that lie wholly inside, in order."""
        first = period_of(self.start, grain, together=together)
        if first.start < self.start:
            first = first.later(together=together)
        inside = []
        while first.end <= self.end:
            inside.append(first)
            first = first.later(together=together)
        return inside

    def year_to_date(self, *, together: bool = False) -> list[Period]:
        """Return the periods of its year up to this one, in order."""
        together = together or self.is_together
        periods = periods_of_year(self.year, self.grain, together=together)
        return [period for period in periods if period.end <= self.end]


@dataclass(frozen=True, slots=True)
class _Grain:
    """How a grain counts: the number of the period of a day, where number n begins, its text."""

    ordinal: Callable[[date], int]
    start: Callable[[int], date]
    text: Callable[[date], str]


def read_period(text: str) -> Period:
    """Return the period that `text` spells; raise `NotAPeriod`."""
    for pattern, grain, first_day in _WRITTEN:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        try:
            return _period(grain, first_day(match))
        except (ValueError, OverflowError) as error:
            raise NotAPeriod(f"{text!r} is not a period") from error
    if (match := _TOGETHER.fullmatch(text)) and int(match[1]) > 0:
        return _month_together(11 * int(match[1]))
    raise NotAPeriod(f"{text!r} is not a period")


def period_of(day: date, grain: Grain, *, together: bool = False) -> Period:
    """Return the period of `grain` in which `day` lies."""
    if together and grain == "month":
        return _month_together(_together_ordinal(day))
    counting = _GRAINS[grain]
    return _period(grain, counting.start(counting.ordinal(day)))


def periods_of_year(year: int, grain: Grain, *, together: bool = False) -> list[Period]:
    """Return all periods of `grain` that belong to `year`, in order."""
    if grain == "week":
        return [_period("week", _iso_monday(year, week + 1)) for week in range(_iso_weeks(year))]
    return _period("year", _date(year, 1, 1)).split(grain, together=together)


def last_complete_year(as_of: date) -> Period:
    """Return the last year that was over before the day `as_of`."""
    return _period("year", _date(as_of.year - 1, 1, 1))


def _period(grain: Grain, start: date) -> Period:
    """Return the period of `grain` that begins on `start`."""
    counting = _GRAINS[grain]
    try:
        end = counting.start(counting.ordinal(start) + 1) - timedelta(days=1)
    except NotAPeriod:
        end = date.max
    return Period(grain, start, end, counting.text(start))


def _date(year: int, month: int, day: int) -> date:
    """Return a day; raise `NotAPeriod` outside the years 1 to 9999 and on days that are not."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise NotAPeriod(f"there is no day {year}-{month}-{day}") from error


def _from_ordinal(ordinal: int) -> date:
    try:
        return date.fromordinal(ordinal)
    except (ValueError, OverflowError) as error:
        raise NotAPeriod("the period lies outside the years 1 to 9999") from error


def _months(length: int) -> tuple[Callable[[date], int], Callable[[int], date]]:
    """Return how runs of `length` months are numbered, and where a number begins."""
    per_year = 12 // length

    def ordinal(day: date) -> int:
        return day.year * per_year + (day.month - 1) // length

    def start(number: int) -> date:
        return _date(number // per_year, number % per_year * length + 1, 1)

    return ordinal, start


def _ten_day_part(day: date) -> int:
    return min((day.day - 1) // 10, 2)


def _ten_day_ordinal(day: date) -> int:
    return (day.year * 12 + day.month - 1) * 3 + _ten_day_part(day)


def _ten_day_start(number: int) -> date:
    months, part = divmod(number, 3)
    return _date(months // 12, months % 12 + 1, _TEN_DAY_STARTS[part])


def _week_text(start: date) -> str:
    year, week, _ = start.isocalendar()
    return f"{year:04}W{week:02}"


def _month_text(start: date) -> str:
    return start.isoformat()[:7]


def _year_text(start: date) -> str:
    return f"{start.year:04}"


_GRAINS: Mapping[Grain, _Grain] = {
    "year": _Grain(*_months(12), _year_text),
    "half": _Grain(*_months(6), lambda day: f"{day.year:04}H{(day.month + 5) // 6}"),
    "quarter": _Grain(*_months(3), lambda day: f"{day.year:04}Q{(day.month + 2) // 3}"),
    "month": _Grain(*_months(1), _month_text),
    "ten_day": _Grain(
        _ten_day_ordinal, _ten_day_start, lambda day: _month_text(day) + "ABC"[_ten_day_part(day)]
    ),
    "week": _Grain(
        lambda day: (day.toordinal() - 1) // 7,
        lambda number: _from_ordinal(number * 7 + 1),
        _week_text,
    ),
    "day": _Grain(date.toordinal, _from_ordinal, date.isoformat),
}

_TOGETHER = re.compile(r"([0-9]{4})-01\+02")

# A written form, its grain, and the first day of what it names.
_WRITTEN: tuple[tuple[re.Pattern[str], Grain, Callable[[re.Match[str]], date]], ...] = (
    (re.compile("([0-9]{4})"), "year", lambda m: _date(int(m[1]), 1, 1)),
    (re.compile("([0-9]{4})H([12])"), "half", lambda m: _date(int(m[1]), int(m[2]) * 6 - 5, 1)),
    (
        re.compile("([0-9]{4})Q([1-4])"),
        "quarter",
        lambda m: _date(int(m[1]), int(m[2]) * 3 - 2, 1),
    ),
    (re.compile("([0-9]{4})-([0-9]{2})"), "month", lambda m: _date(int(m[1]), int(m[2]), 1)),
    (
        re.compile("([0-9]{4})-([0-9]{2})([ABC])"),
        "ten_day",
        lambda m: _date(int(m[1]), int(m[2]), _TEN_DAY_STARTS["ABC".index(m[3])]),
    ),
    (re.compile("([0-9]{4})W([0-9]{2})"), "week", lambda m: _iso_monday(int(m[1]), int(m[2]))),
    (
        re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})"),
        "day",
        lambda m: _date(int(m[1]), int(m[2]), int(m[3])),
    ),
)


def _together_ordinal(day: date) -> int:
    """Return the number of the month where January and February are one: eleven a year."""
    return day.year * 11 + max(day.month - 2, 0)


def _month_together(number: int) -> Period:
    year, place = divmod(number, 11)
    if place:
        return _period("month", _date(year, place + 2, 1))
    start = _date(year, 1, 1)
    return Period("month", start, _date(year, 3, 1) - timedelta(days=1), f"{year:04}-01+02")


def _iso_monday(year: int, week: int) -> date:
    try:
        return date.fromisocalendar(year, week, 1)
    except (ValueError, OverflowError) as error:
        raise NotAPeriod(f"there is no week {week} in {year}") from error


def _iso_weeks(year: int) -> int:
    """Return 52 or 53: the week in which 28 December lies is the last."""
    return _date(year, 12, 28).isocalendar().week


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
