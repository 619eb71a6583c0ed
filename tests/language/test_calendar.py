from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kaogong.programmes
from kaogong.language.calendar import (
    Calendar,
    Row,
    add_months,
    add_years,
    completed_days_between,
    completed_months_between,
    completed_years_between,
    make_calendar,
    read_rows,
)

TABLE = Path(kaogong.programmes.__path__[0]) / "library/calendars/cn.csv"
days = st.dates(date(2000, 1, 1), date(2035, 12, 31))


def read_table() -> Calendar:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return make_calendar("cn", read_rows(csv.DictReader(file)))


CN = read_table()


def every_day(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=n) for n in range((date(last, 12, 31) - start).days + 1)]


def test_the_table_agrees_with_an_independent_one_on_every_day_of_every_notice() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))
    differences = [
        day for day in every_day(2004, 2026) if CN.is_working_day(day) != other.is_working_day(day)
    ]
    assert differences == []
    assert sorted(CN.years) == list(range(2004, 2027))


def test_2025_and_2026_have_248_working_days_each() -> None:
    for year in (2025, 2026):
        counted = CN.working_days_between(date(year - 1, 12, 31), date(year, 12, 31))
        assert counted == (248, False)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-01-26", True),  # a Sunday made up for
        ("2025-01-27", True),
        ("2025-01-28", False),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2020-01-31", False),  # the holiday was lengthened
        ("2020-02-01", False),  # and its make-up Saturday cancelled
        ("2024-03-16", False),
    ],
)
def test_a_notice_goes_before_the_weekday(day: str, works: bool) -> None:
    assert CN.is_working_day(date.fromisoformat(day)) is works


def test_counting_begins_after_the_start_and_ends_on_a_working_day() -> None:
    friday = date(2025, 9, 26)
    assert CN.add_working_days(friday, 1) == (date(2025, 9, 28), False)  # a Sunday at work
    assert CN.add_working_days(friday, 4) == (date(2025, 10, 9), False)
    assert CN.add_working_days(date(2025, 10, 4), 1) == (date(2025, 10, 9), False)
    assert CN.add_working_days(date(2025, 10, 4), 0) == (date(2025, 10, 4), False)


def test_working_days_before_a_due_day_are_counted_up_to_it() -> None:
    assert CN.add_working_days(date(2025, 10, 9), -1).day == date(2025, 9, 30)
    sunday = date(2025, 8, 10)
    assert CN.add_working_days(sunday, -1).day == date(2025, 8, 7)
    assert CN.working_days_between(date(2025, 8, 7), sunday).days == 1


def test_a_year_without_a_notice_is_answered_provisionally() -> None:
    assert CN.add_working_days(date(2026, 12, 31), 1) == (date(2027, 1, 4), True)
    assert CN.working_days_between(date(2026, 12, 31), date(2027, 1, 8)) == (5, True)
    assert CN.working_days_between(date(2026, 12, 1), date(2026, 12, 31)).is_provisional is False
    assert not CN.is_working_day(date(2027, 10, 1))
    assert CN.is_working_day(date(2003, 5, 2))  # before the law that made it a holiday
    assert CN.is_provisional(date(2003, 5, 2))


def test_a_regional_row_goes_before_the_national_one_and_is_no_notice() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = read_rows(csv.DictReader(file))
    region = make_calendar("gx", [*rows, Row(date(2027, 4, 9), "holiday", "三月三")])
    assert not region.is_working_day(date(2027, 4, 9))
    assert region.is_provisional(date(2027, 4, 9))
    assert region.name_of(date(2027, 4, 9)) == "三月三"


def test_a_table_that_contradicts_itself_is_refused() -> None:
    day = date(2025, 1, 1)
    with pytest.raises(ValueError, match="both"):
        make_calendar("x", [Row(day, "holiday", "a"), Row(day, "workday", "b")])
    with pytest.raises(ValueError, match="'rest'"):
        make_calendar("x", [Row(day, "rest", "a")])


@given(days, st.integers(-40, 40))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    reached = CN.add_working_days(day, n).day
    assert CN.working_days_between(day, reached).days == n
    assert n == 0 or CN.is_working_day(reached)


@given(days, days, days)
def test_counts_of_neighbouring_spans_add_up(a: date, b: date, c: date) -> None:
    a, b, c = sorted((a, b, c))
    c = min(c, a + timedelta(days=400))
    b = min(b, c)
    whole = CN.working_days_between(a, c).days
    assert whole == CN.working_days_between(a, b).days + CN.working_days_between(b, c).days
    assert CN.working_days_between(c, a).days == -whole


@pytest.mark.parametrize(
    ("day", "n", "later"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-10-31", 2, "2024-12-31"),
        ("9999-11-30", 1, "9999-12-30"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2000-01-31", 1, "2000-02-29"),
        ("2024-03-31", 1, "2024-04-30"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-31", -2, "2023-11-30"),
    ],
)
def test_a_missing_day_becomes_the_last_of_its_month(day: str, n: int, later: str) -> None:
    assert str(add_months(date.fromisoformat(day), n)) == later


def test_years_are_added_and_completed_over_a_leap_day() -> None:
    leap = date(2024, 2, 29)
    assert add_years(leap, 1) == date(2025, 2, 28)
    assert add_years(leap, 4) == date(2028, 2, 29)
    assert completed_years_between(leap, date(2025, 2, 27)) == 0
    assert completed_years_between(leap, date(2025, 2, 28)) == 1
    with pytest.raises(OverflowError):
        add_years(leap, 8000)


def test_completed_units_are_not_boundaries_crossed() -> None:
    assert completed_years_between(date(2023, 12, 31), date(2024, 1, 1)) == 0
    assert completed_months_between(date(2024, 1, 31), date(2024, 2, 28)) == 0
    assert completed_months_between(date(2024, 1, 31), date(2024, 2, 29)) == 1
    assert completed_months_between(date(2024, 3, 1), date(2024, 1, 2)) == -1
    assert completed_days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2


@given(days, days)
def test_the_completed_months_are_the_most_that_fit(a: date, b: date) -> None:
    start, end = sorted((a, b))
    months = completed_months_between(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)
    assert completed_years_between(start, end) == months // 12
    assert completed_months_between(end, start) == -months
