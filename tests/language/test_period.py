from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.period import (
    GRAINS,
    Grain,
    NotAPeriod,
    last_complete_year,
    period_of,
    periods_of_year,
    read_period,
)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
grains = st.sampled_from(GRAINS)


@pytest.mark.parametrize(
    ("text", "grain", "start", "end"),
    [
        ("2022", "year", "2022-01-01", "2022-12-31"),
        ("2022H1", "half", "2022-01-01", "2022-06-30"),
        ("2022H2", "half", "2022-07-01", "2022-12-31"),
        ("2022Q3", "quarter", "2022-07-01", "2022-09-30"),
        ("2022-07", "month", "2022-07-01", "2022-07-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2024-01+02", "month", "2024-01-01", "2024-02-29"),
        ("2022-07A", "ten_day", "2022-07-01", "2022-07-10"),
        ("2022-07B", "ten_day", "2022-07-11", "2022-07-20"),
        ("2022-07C", "ten_day", "2022-07-21", "2022-07-31"),
        ("2022-02C", "ten_day", "2022-02-21", "2022-02-28"),
        ("2022W07", "week", "2022-02-14", "2022-02-20"),
        ("2020W53", "week", "2020-12-28", "2021-01-03"),
        ("2022-07-04", "day", "2022-07-04", "2022-07-04"),
    ],
)
def test_each_form_names_its_days(text: str, grain: str, start: str, end: str) -> None:
    period = read_period(text)
    assert (period.grain, str(period.start), str(period.end)) == (grain, start, end)
    assert str(period) == text


NOT_PERIODS = [
    *("", "22", "2022 ", "2022年", "０２２２", "0000", "0000-01+02", "2022H3", "2022Q0"),
    *(
        "2022-13",
        "2022-7",
        "2022-07D",
        "2022-02+03",
        "2022-1+2",
        "2022-02-29",
        "2021W53",
        "2022W00",
    ),
]


@pytest.mark.parametrize("text", NOT_PERIODS)
def test_other_texts_are_no_periods(text: str) -> None:
    with pytest.raises(NotAPeriod):
        read_period(text)


@pytest.mark.parametrize(
    ("text", "n", "earlier"),
    [
        ("2022", 1, "2021"),
        ("2022H1", 1, "2021H2"),
        ("2022Q1", 5, "2020Q4"),
        ("2022-01", 1, "2021-12"),
        ("2022-03A", 1, "2022-02C"),
        ("2021W01", 1, "2020W53"),
        ("2024-03-01", 1, "2024-02-29"),
        ("2022-01+02", 1, "2021-12"),
        ("2022-01+02", -1, "2022-03"),
    ],
)
def test_earlier_steps_by_its_own_grain(text: str, n: int, earlier: str) -> None:
    assert str(read_period(text).earlier(n)) == earlier


def test_march_follows_january_and_february_together_when_the_series_counts_so() -> None:
    march = read_period("2022-03")
    assert str(march.earlier(together=True)) == "2022-01+02"
    assert str(march.earlier()) == "2022-02"
    assert str(march.earlier(11, together=True)) == "2021-03"
    assert [str(p) for p in periods_of_year(2022, "month", together=True)][:3] == [
        "2022-01+02",
        "2022-03",
        "2022-04",
    ]
    assert len(periods_of_year(2022, "month", together=True)) == 11


@pytest.mark.parametrize(
    ("text", "n", "ago"),
    [
        ("2022", 2, "2020"),
        ("2022Q3", 1, "2021Q3"),
        ("2022-01+02", 1, "2021-01+02"),
        ("2022-07C", 1, "2021-07C"),
        ("2022W07", 1, "2021W07"),
        ("2020W53", 1, "2019W52"),
        ("2024-02-29", 1, "2023-02-28"),
        ("2024-02-29", 4, "2020-02-29"),
        ("2023-02-28", -1, "2024-02-28"),
    ],
)
def test_a_year_ago_is_the_same_period(text: str, n: int, ago: str) -> None:
    assert str(read_period(text).year_ago(n)) == ago


def test_a_year_contains_its_parts_and_nothing_else() -> None:
    year = read_period("2022")
    assert year.contains(read_period("2022-01+02"))
    assert year.contains(year)
    assert not year.contains(read_period("2022W52"))
    assert year.has_day(date(2022, 12, 31))
    assert not year.has_day(date(2023, 1, 1))


def test_a_coarser_period_splits_into_finer_ones() -> None:
    assert [str(p) for p in read_period("2022Q1").split("month")] == [
        "2022-01",
        "2022-02",
        "2022-03",
    ]
    assert [str(p) for p in read_period("2022Q1").split("month", together=True)] == [
        "2022-01+02",
        "2022-03",
    ]
    assert [str(p) for p in read_period("2022-02").split("week")] == [
        "2022W06",
        "2022W07",
        "2022W08",
    ]
    assert read_period("2022-02").split("year") == []


def test_the_year_to_date_begins_with_its_first_period() -> None:
    assert [str(p) for p in read_period("2022Q3").year_to_date()] == ["2022Q1", "2022Q2", "2022Q3"]
    assert [str(p) for p in read_period("2022-03").year_to_date(together=True)] == [
        "2022-01+02",
        "2022-03",
    ]


def test_the_last_complete_year_is_over_before_the_day() -> None:
    assert str(last_complete_year(date(2024, 1, 1))) == "2023"
    assert str(last_complete_year(date(2024, 12, 31))) == "2023"


def test_the_iso_year_of_a_week_is_not_that_of_its_days() -> None:
    assert str(period_of(date(2027, 1, 1), "week")) == "2026W53"
    assert period_of(date(2027, 1, 1), "week").year == 2026
    assert len(periods_of_year(2026, "week")) == 53


def test_periods_are_ordered_by_their_days() -> None:
    texts = ["2022-04", "2022-01+02", "2021-12", "2022-03", "2022-01"]
    assert [str(period) for period in sorted(map(read_period, texts))] == [
        "2021-12",
        "2022-01",
        "2022-01+02",
        "2022-03",
        "2022-04",
    ]


def test_stepping_out_of_time_is_refused() -> None:
    for text in ("0001", "0001W01", "0001-01-01", "0001-01+02"):
        with pytest.raises(NotAPeriod):
            read_period(text).earlier(1)
    for text in ("9999", "9999-12-31", "9999-12C"):
        with pytest.raises(NotAPeriod):
            read_period(text).later(1)


@given(days, grains, st.integers(-300, 300), st.booleans())
def test_later_undoes_earlier(day: date, grain: Grain, n: int, together: bool) -> None:
    period = period_of(day, grain, together=together)
    assert period.earlier(n, together=together).later(n, together=together) == period
    assert (period.earlier(n, together=together) < period) == (n > 0)


@given(days, grains, st.booleans())
def test_periods_of_a_grain_leave_no_day_out(day: date, grain: Grain, together: bool) -> None:
    period = period_of(day, grain, together=together)
    assert period.has_day(day)
    assert (period.later(together=together).start - period.end).days == 1
    assert read_period(period.text) == period
    assert period in periods_of_year(period.year, grain, together=together)


@given(days, grains, st.integers(-20, 20))
def test_a_year_ago_keeps_grain_and_year(day: date, grain: Grain, n: int) -> None:
    period = period_of(day, grain)
    assert (period.year_ago(n).grain, period.year_ago(n).year) == (grain, period.year - n)
