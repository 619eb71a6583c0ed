from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine.calendar_table import FIRST, LAST, calendar_of, make_calendar_table
from kaogong.language.calendar import Calendar, Row, make_calendar
from kaogong.language.finding import Refused
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import load_programme

HEADER = "{{kind: Programme, id: town, title: 城, language: 1, extends: [library]{more}}}\n"
NOTICE = [
    Row(date(2023, 1, 1), "holiday", "元旦"),
    Row(date(2023, 5, 1), "holiday", "劳动节"),
    Row(date(2023, 5, 6), "workday", "劳动节"),
]


def days(calendar_rows: list[Row]) -> dict[date, tuple[int, bool]]:
    connection = duckdb.connect()
    make_calendar_table(connection, make_calendar("cn", calendar_rows))
    rows = connection.execute("SELECT day, ordinal, is_working FROM calendar_day").fetchall()
    return {day: (ordinal, works) for day, ordinal, works in rows}


def test_every_day_counts_the_working_days_up_to_it() -> None:
    calendar = make_calendar("cn", NOTICE)
    table = days(NOTICE)
    assert len(table) == (LAST - FIRST).days + 1
    for start, end in ((date(2023, 4, 28), date(2023, 5, 8)), (FIRST, FIRST + timedelta(days=400))):
        between = table[end][0] - table[start][0]
        assert between == calendar.working_days_between(start, end).days
    assert table[date(2023, 5, 1)][1] is False
    assert table[date(2023, 5, 6)][1] is True


def test_every_day_of_the_table_is_that_of_the_calendar() -> None:
    rows = [
        *NOTICE,
        Row(date(2000, 2, 29), "yearly", "x"),
        Row(date(1999, 10, 1), "yearly", "国庆"),
    ]
    calendar, ordinal = make_calendar("cn", rows), 0
    table = days(rows)
    for day in sorted(table):
        ordinal += calendar.is_working_day(day)
        assert table[day] == (ordinal, calendar.is_working_day(day))


def calendar_with(own: str) -> Calendar:
    files = {"programme.yaml": HEADER.format(more="").encode(), "calendars/cn.csv": own.encode()}
    return calendar_of(load_programme(Bundle("town", files), shelf()))


def test_a_programme_lays_its_own_days_over_the_librarys() -> None:
    made = calendar_with("date,kind,name\n2023-06-01,holiday,x\n2023-05-02,workday,本地\n")
    assert not made.is_working_day(date(2023, 6, 1))
    assert made.is_working_day(date(2023, 5, 2))  # a holiday of the national calendar
    assert not made.is_working_day(date(2023, 5, 1))
    assert made.is_working_day(date(2023, 5, 6))


@pytest.mark.parametrize("line", ["2023-02-30,holiday,x", "2023-06-01,feast,x", "2023-06-01"])
def test_a_line_that_cannot_be_read_is_told_with_its_place(line: str) -> None:
    with pytest.raises(Refused) as told:
        calendar_with(f"date,kind,name\n2023-06-01,holiday,x\n{line}\n")
    (finding,) = told.value.findings
    assert (finding.id, finding.span.file, finding.span.line) == (
        "KG112",
        "town/calendars/cn.csv",
        3,
    )


def test_the_library_brings_the_national_calendar(examples: Path) -> None:
    folder = examples / "lishui-2019" / "programme"
    programme = load_programme(read_bundle(folder)[0], shelf(folder))
    assert 2019 in calendar_of(programme).years
