"""Working days and completed spans of time.

A day is a working day by the notice of its year, never by a weekday rule alone: notices move work
to weekends and holidays to weekdays (`loop:CAL-1`). A year without a notice is answered by weekends
and the statutory days that fall on fixed dates, and the answer is marked provisional
(`loop:CAL-2`). The days come in as rows, so the same code serves each version and region.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_ONE_DAY = timedelta(days=1)


class Row(NamedTuple):
    """One line of a calendar's table.

    `kind` is `holiday` (no work), `workday` (work on a weekend), or `yearly`: no work on that day
    of each year from `day` on, where the year has no notice.
    """

    day: date
    kind: str
    name: str


class DueDay(NamedTuple):
    """A day that was counted to; provisional when a year without a notice was crossed."""

    day: date
    is_provisional: bool


class DayCount(NamedTuple):
    """A number of days; provisional when a year without a notice was crossed."""

    days: int
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a region: notices by year, and what holds where there is none."""

    id: str
    years: frozenset[int]  # years with a notice
    holidays: Mapping[date, str]
    workdays: Mapping[date, str]
    yearly: Mapping[tuple[int, int], Row]

    def is_provisional(self, day: date) -> bool:
        """Tell whether the year of `day` has no notice yet."""
        return day.year not in self.years

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work on `day`."""
        if day in self.workdays:
            return True
        if day in self.holidays or day.weekday() >= 5:
            return False
        fixed = self.yearly.get((day.month, day.day)) if self.is_provisional(day) else None
        return fixed is None or day < fixed.day

    def name_of(self, day: date) -> str | None:
        """Return the holiday that makes `day` differ from a plain weekday or weekend."""
        return self.holidays.get(day) or self.workdays.get(day)

    def add_working_days(self, start: date, n: int) -> DueDay:
        """Return the n-th working day after `start`, which is not counted (`loop:T-1`).

        A negative n gives the working day with exactly -n working days between it and `start`
        (`loop:T-5`); 0 gives `start`. Raise OverflowError past the year 9999.
        """
        day, left = start, abs(n)
        is_provisional = self.is_provisional(start)
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        if n < 0:
            while not self.is_working_day(day):
                day -= _ONE_DAY
        while left:
            day += step
            left -= self.is_working_day(day)
            is_provisional = is_provisional or self.is_provisional(day)
        return DueDay(day, is_provisional)

    def working_days_between(self, start: date, end: date) -> DayCount:
        """Return how many working days lie after `start` up to and with `end`.

        Negative when `end` lies before `start`.
        """
        if end < start:
            count = self.working_days_between(end, start)
            return DayCount(-count.days, count.is_provisional)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        is_provisional = any(year not in self.years for year in range(start.year, end.year + 1))
        return DayCount(sum(map(self.is_working_day, days)), is_provisional)


def make_calendar(id: str, rows: Iterable[Row]) -> Calendar:
    """Return the calendar of these rows; a later row of the same day and kind replaces an earlier.

    A year has a notice when its 1 January is named: a notice always settles that day, while days of
    December belong to the next year's and a regional row says nothing of the rest of the year.
    Raise ValueError for an unknown kind and for a day that is both a holiday and a workday.
    """
    tables: dict[str, dict[date, Row]] = {"holiday": {}, "workday": {}, "yearly": {}}
    for row in rows:
        if row.kind not in tables:
            raise ValueError(f"{row.kind!r} is not holiday, workday or yearly")
        tables[row.kind][row.day] = row
    dated = tables["holiday"] | tables["workday"]
    if len(dated) < len(tables["holiday"]) + len(tables["workday"]):
        raise ValueError("a day is both a holiday and a workday")
    return Calendar(
        id,
        frozenset(day.year for day in dated if (day.month, day.day) == (1, 1)),
        {day: row.name for day, row in tables["holiday"].items()},
        {day: row.name for day, row in tables["workday"].items()},
        {(day.month, day.day): row for day, row in sorted(tables["yearly"].items(), reverse=True)},
    )


def read_rows(records: Iterable[Mapping[str, str]]) -> list[Row]:
    """Return the rows of a table with the columns `date`, `kind` and `name`."""
    return [
        Row(date.fromisoformat(record["date"]), record["kind"], record["name"])
        for record in records
    ]


def add_months(day: date, n: int) -> date:
    """Return the same day n months later; a missing day becomes the month's last.

    Raise OverflowError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("the day lies outside the years 1 to 9999")
    return date(year, month + 1, min(day.day, _last_day(year, month + 1)))


def _last_day(year: int, month: int) -> int:
    """Return 28 to 31: a day of the next month always lies 4 days after the 28th."""
    following = date(year, month, 28) + timedelta(days=4) if month < 12 else None
    return 31 if following is None else 32 - following.day


def add_years(day: date, n: int) -> date:
    """Return the same day n years later; 29 February becomes the 28th in a common year."""
    return add_months(day, 12 * n)


def completed_days_between(start: date, end: date) -> int:
    """Return the days from `start` to `end`; negative when `end` lies before."""
    return (end - start).days


def completed_months_between(start: date, end: date) -> int:
    """Return how many whole months are over at `end`; negative when `end` lies before `start`."""
    if end < start:
        return -completed_months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end < add_months(start, months))


def completed_years_between(start: date, end: date) -> int:
    """Return how many whole years are over at `end`; negative when `end` lies before `start`."""
    if end < start:
        return -completed_years_between(end, start)
    years = end.year - start.year
    return years - (end < add_years(start, years))
