from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaogong.data.occupancy import (
    check_land,
    check_supply,
    holdings,
    land_of_firms,
)
from kaogong.data.sql import count, name

YEAR = (dt.date(2022, 1, 1), dt.date(2022, 12, 31))
Record = tuple[str, str, Decimal, dt.date | None, dt.date | None, str]

OCCUPANCY = """
    CREATE TABLE occupancy AS SELECT * FROM (VALUES
        ('甲', 'P1', 30.00, DATE '2020-01-01', NULL, 'owned'),
        ('甲', 'P1', 10.00, DATE '2022-03-01', DATE '2022-10-15', 'let'),
        ('乙', 'P1', 10.00, DATE '2022-03-01', DATE '2022-10-15', 'rented'),
        ('丙', 'P2', 41.20, NULL, DATE '2022-10-31', 'owned'))
    AS t(firm, parcel, mu, valid_from, valid_to, basis)
"""
PARCELS = """
    CREATE TABLE parcels AS SELECT * FROM (VALUES
        ('P1', 30.00, NULL::DATE, NULL::DATE), ('P2', 41.20, NULL, DATE '2022-10-31'))
    AS t(parcel, mu, valid_from, valid_to)
"""


@pytest.fixture
def land(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute(OCCUPANCY)
    connection.execute(PARCELS)
    return connection


def _differences(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    found = check_land(connection, name("occupancy"), name("parcels"), YEAR)
    keys = ("thing", "first", "last", "difference")
    return [tuple(f.values[key] for key in keys) for f in found]  # type: ignore[misc]


def test_land_that_adds_up_every_day_has_no_finding(land: duckdb.DuckDBPyConnection) -> None:
    assert _differences(land) == []


@pytest.mark.parametrize(
    ("change", "want"),
    [
        (
            "UPDATE occupancy SET valid_to = DATE '2022-09-30' WHERE firm = '乙'",
            [("P1", "2022-10-01", "2022-10-15", "-10")],
        ),
        (
            "UPDATE occupancy SET mu = 10.05 WHERE firm = '乙'",
            [("P1", "2022-03-01", "2022-10-15", "0.05")],
        ),
        (
            "DELETE FROM occupancy WHERE parcel = 'P2'",
            [("P2", "2022-01-01", "2022-10-31", "-41.2")],
        ),
        (
            "UPDATE occupancy SET mu = 32.6 WHERE firm = '丙'",
            [("P2", "2022-01-01", "2022-10-31", "-8.6")],
        ),
        (
            """INSERT INTO occupancy VALUES ('丁', 'P1', 5, DATE '2022-12-31', NULL, 'let'),
            ('戊', 'P1', 5, DATE '2022-12-31', NULL, 'rented')""",
            [("P1 丁", "2022-12-31", "2022-12-31", "-5")],
        ),
    ],
)
def test_days_and_difference_are_named(
    land: duckdb.DuckDBPyConnection, change: str, want: list[tuple[str, ...]]
) -> None:
    land.execute(change)
    assert _differences(land) == want


def test_a_parcel_that_was_surveyed_anew_is_checked_against_the_size_of_the_day(
    land: duckdb.DuckDBPyConnection,
) -> None:
    land.execute("UPDATE parcels SET valid_to = DATE '2022-06-30' WHERE parcel = 'P1'")
    land.execute("INSERT INTO parcels VALUES ('P1', 29.50, DATE '2022-07-01', NULL)")
    assert _differences(land) == [("P1", "2022-07-01", "2022-12-31", "0.5")]


@pytest.mark.parametrize(
    "record",
    [
        "('丁', 'P9', 1, NULL, NULL, 'owned')",
        "('丁', 'P1', NULL, NULL, NULL, 'owned')",
        "(NULL, 'P1', 0, NULL, NULL, 'owned')",
        "('丁', 'P1', 1, DATE '2022-05-02', DATE '2022-05-01', 'owned')",
        "('丁', 'P1', -1, DATE '2023-05-02', NULL, 'owned')",
        "('丁', 'P1', 0, NULL, NULL, 'squatted')",
    ],
)
def test_a_record_that_cannot_be_is_a_finding(land: duckdb.DuckDBPyConnection, record: str) -> None:
    land.execute(f"INSERT INTO occupancy VALUES {record}")
    found = check_land(land, name("occupancy"), name("parcels"), YEAR)
    assert len(found) == 1
    assert "thing" not in found[0].values


def test_a_meter_is_supplied_whole_at_every_date(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE supply AS SELECT * FROM (VALUES"
        " ('甲', 'M1', 0.35, DATE '2022-01-01', NULL), ('乙', 'M1', 0.65, DATE '2022-01-01',"
        " DATE '2022-06-30'), ('丙', 'M1', 0.60, DATE '2022-07-01', NULL))"
        " AS t(firm, meter, share, valid_from, valid_to)"
    )
    connection.execute(
        "CREATE TABLE meters AS SELECT 'M1' AS meter, DATE '2022-01-01' AS valid_from,"
        " DATE '2022-11-30' AS valid_to"
    )
    found = check_supply(connection, name("supply"), name("meters"), YEAR)
    assert [(f.values["first"], f.values["last"], f.values["difference"]) for f in found] == [
        ("2022-07-01", "2022-11-30", "-0.05")
    ]


def test_land_on_a_day_and_averaged_over_a_year(land: duckdb.DuckDBPyConnection) -> None:
    day = {h.firm: h for h in holdings(land, name("occupancy"), (YEAR[1], YEAR[1]), 2)}
    assert set(day) == {"甲", "乙", "丙"} - {"乙", "丙"}
    year = {h.firm: h for h in holdings(land, name("occupancy"), YEAR, 2)}
    # 1 March to 15 October are 229 days of 365: 10 * 229 / 365 = 6.2739...
    assert (year["甲"].owned, year["甲"].let) == (Decimal("30.00"), Decimal("6.27"))
    assert year["甲"].used == Decimal("23.73")
    assert year["乙"].rented == Decimal("6.27")
    # 41.2 * 304 / 365 = 34.3145...
    assert year["丙"].used == Decimal("34.31")
    assert count(land, land_of_firms(name("occupancy"), YEAR, 4)) == 3


DAYS = st.none() | st.dates(dt.date(2021, 11, 1), dt.date(2023, 2, 1))
RECORDS = st.lists(
    st.tuples(
        st.sampled_from("甲乙"),
        st.sampled_from(["P1", "P2"]),
        st.integers(0, 10**8).map(lambda n: Decimal(n).scaleb(-4)),
        DAYS,
        DAYS,
        st.sampled_from(["owned", "rented", "let"]),
    ),
    max_size=6,
)


def _days_held(record: Record) -> int:
    opened = max(record[3] or YEAR[0], YEAR[0])
    closed = min(record[4] or YEAR[1], YEAR[1])
    return max(0, (closed - opened).days + 1)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(RECORDS)
def test_the_mean_is_exact_and_rounded_half_away_from_zero(
    connection: duckdb.DuckDBPyConnection, records: list[Record]
) -> None:
    connection.execute(
        "CREATE OR REPLACE TABLE occupancy (firm VARCHAR, parcel VARCHAR, mu DECIMAL(18, 4),"
        " valid_from DATE, valid_to DATE, basis VARCHAR)"
    )
    if records:
        connection.executemany("INSERT INTO occupancy VALUES (?, ?, ?, ?, ?, ?)", records)
    for held in holdings(connection, name("occupancy"), YEAR, 2):
        for basis in ("owned", "rented", "let"):
            mine = [r for r in records if r[0] == held.firm and r[5] == basis]
            mean = sum((Fraction(r[2]) * _days_held(r) for r in mine), Fraction(0)) / 365
            assert getattr(held, basis) * 100 == (2 * mean * 100 + 1) // 2
