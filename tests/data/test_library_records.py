from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

import kaogong
from kaogong.data.against import Against
from kaogong.data.event_check import read_events
from kaogong.data.folder import read_bundle, shelf
from kaogong.data.intake import take_in
from kaogong.data.library_records import (
    LAND_ROUNDING,
    event_records,
    meters_supplied,
    occupancy_records,
    parcel_sizes,
    supply_records,
)
from kaogong.data.occupancy import check_land, check_supply, holdings
from kaogong.data.registers import shape_of
from kaogong.data.sql import name
from kaogong.programme.programme import load_programme

PROGRAMMES = Path(kaogong.__file__).parent / "programmes"
EVENTS = "subject_event"

YEAR = (dt.date(2022, 1, 1), dt.date(2022, 12, 31))
LAND = """
    CREATE TABLE parcel AS SELECT 'P1' AS subject_id, CAST(27466.67 AS DECIMAL(18, 2)) AS area;
    CREATE TABLE occupancy AS SELECT * FROM (VALUES
        ('甲', 'P1', '自有', CAST(41.2 AS DECIMAL(18, 4)), DATE '2010-01-01', NULL::DATE),
        ('甲', 'P1', '出租', 8.6, DATE '2022-01-01', NULL),
        ('乙', 'P1', '租用', 8.6, DATE '2022-01-01', NULL))
    AS t(subject_id, parcel, basis, area, valid_from, valid_to)
"""


@pytest.fixture
def land(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute(LAND)
    return connection


def _found(land: duckdb.DuckDBPyConnection) -> list[str]:
    occupancy, parcels = occupancy_records(name("occupancy")), parcel_sizes(name("parcel"))
    found = check_land(land, occupancy, parcels, YEAR, LAND_ROUNDING)
    return [finding.values["difference"] for finding in found]


def test_41_2_mu_are_no_whole_hundredths_of_a_square_metre_and_that_is_no_mistake(
    land: duckdb.DuckDBPyConnection,
) -> None:
    assert _found(land) == []
    used = {
        h.firm: str(h.used) for h in holdings(land, occupancy_records(name("occupancy")), YEAR, 2)
    }
    assert used == {"甲": "32.60", "乙": "8.60"}


def test_what_rounding_cannot_explain_is_a_mistake(land: duckdb.DuckDBPyConnection) -> None:
    land.execute("UPDATE parcel SET area = 27466.80")
    assert _found(land) == ["-0.0002"]


def test_shares_in_percent_make_a_whole_meter(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE meter AS SELECT 'M1' AS subject_id")
    connection.execute(
        "CREATE TABLE supply AS SELECT 'F' || i AS subject_id, 'M1' AS meter,"
        " CAST(33.33 AS DECIMAL(5, 2)) AS share, DATE '2022-01-01' AS valid_from,"
        " CAST(NULL AS DATE) AS valid_to FROM range(3) AS numbers(i)"
    )
    supply, meters = supply_records(name("supply")), meters_supplied(name("meter"))
    found = check_supply(connection, supply, meters, YEAR)
    assert [f.values["difference"] for f in found] == ["-0.0001"]
    connection.execute("UPDATE supply SET share = 33.34 WHERE subject_id = 'F0'")
    assert check_supply(connection, supply, meters, YEAR) == []


def test_changes_are_read_with_and_without_shares(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE subject_event AS SELECT * FROM (VALUES"
        " ('A', 'E1', DATE '2023-07-01', '合并', 'B', 'A'),"
        " ('C', 'E2', DATE '2023-07-01', '注销', 'C', NULL),"
        " ('X', 'E3', DATE '2022-01-01', '分立', 'X', 'Y'))"
        " AS t(subject_id, event_no, changed_on, change_kind, from_subject, to_subject)"
    )
    rules = {"merger": frozenset({"years"}), "split": frozenset[str]()}
    source = event_records(connection, name("subject_event"))
    events, findings = read_events(connection, source, rules)  # type: ignore[arg-type]
    assert [(e.event_no, e.kind) for e in events] == [("E1", "merger")]
    assert [f.values["reason"] for f in findings] == ["E3: share"]
    connection.execute("ALTER TABLE subject_event ADD COLUMN share DECIMAL(5, 2)")
    connection.execute("UPDATE subject_event SET share = 100 WHERE event_no = 'E3'")
    source = event_records(connection, name("subject_event"))
    events, findings = read_events(connection, source, rules)  # type: ignore[arg-type]
    assert [(e.event_no, str(e.share)) for e in events] == [("E3", "1"), ("E1", "1")]
    assert findings == []


def test_a_sheet_of_the_library_register_says_what_each_part_of_a_split_carries(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    sheet = tmp_path / "subject_event.csv"
    sheet.write_text(
        "主体编号,变更编号,变更日期,变更类别,变更前主体,变更后主体,承继比例,承继事项\n"
        "甲,E1,2021-03-01,分立,甲,乙,62.50%,称号、连续年数\n"
        "甲,E2,2021-03-01,分立,甲,丙,37.50%,不承继\n"
        "丁,E3,2022-01-01,合并,丁,乙,,连续年数\n"
        "丁,E4,2022-01-01,合并,丁,乙,,年数\n",
        encoding="utf-8",
    )
    library, _ = read_bundle(PROGRAMMES / "library")
    programme = load_programme(library, shelf(PROGRAMMES / "library"))
    against = Against(programme.vocabularies)
    intake = take_in(connection, shape_of(programme.register(EVENTS)), sheet, against=against)
    assert [(f.id, f.span.line) for f in intake.findings] == [("KG815", 5)]
    events, findings = read_events(connection, event_records(connection, name(intake.table)))
    assert findings == []
    assert [(e.event_no, e.share, e.carries) for e in events] == [
        ("E1", Fraction(5, 8), frozenset({"titles", "years"})),
        ("E2", Fraction(3, 8), frozenset()),
        ("E3", Fraction(1), frozenset({"years"})),
    ]
