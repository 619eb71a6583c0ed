from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import duckdb
import pytest

from kaogong.data.matching import Master, Matching, Sheet, identifiers_of, match_rows, with_subjects
from kaogong.data.sql import Sql, name, rows, sql

CASES = Path(__file__).parent / "matching"
PERIOD = (dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def _read(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    connection.execute(
        f"CREATE TABLE {file} AS SELECT * FROM read_csv('{CASES / file}.csv', all_varchar = true)"
    )


def _all(table: str) -> Sql:
    return sql("SELECT * FROM {table}", table=name(table))


def _master() -> Master:
    kinds = {
        "credit_code": "信用代码",
        "former_code": "曾用代码",
        "customer_number": "户号",
        "former_name": "曾用名",
        "name": "名称",
    }
    return Master(
        (
            identifiers_of(name("master"), kinds, "主体编号", "区划"),
            identifiers_of(CONFIRMED, {"confirmed_name": "name"}, "subject", "division"),
        ),
        sql("(SELECT {s} AS subject FROM master)", s=name("主体编号")),
    )


CONFIRMED = Sql("(SELECT 'S03' AS subject, '宏达鞋业有限公司' AS name, '330302' AS division)")
SHEET = Sheet(
    name("sheet"),
    "行号",
    {"credit_code": "信用代码", "customer_number": "户号", "name": "名称"},
    "区划",
    "供电.xlsx",
)


@pytest.fixture
def matching(connection: duckdb.DuckDBPyConnection) -> Matching:
    _read(connection, "master")
    _read(connection, "sheet")
    return match_rows(connection, SHEET, _master(), PERIOD)


def test_each_row_of_the_table_of_cases_goes_where_it_says(
    connection: duckdb.DuckDBPyConnection, matching: Matching
) -> None:
    found = {row: (subject, way) for row, subject, way in rows(connection, _all("match_result"))}
    waiting = {row for row, *_ in rows(connection, _all("match_to_confirm"))}
    with (CASES / "sheet.csv").open(encoding="utf-8") as opened:
        for case in csv.DictReader(opened):
            row = int(case["行号"])
            if case["应得主体"]:
                assert found[row] == (case["应得主体"], case["途径"]), case
            else:
                assert row not in found, case
                assert (row in waiting) == (case["途径"] == "confirm"), case


def test_every_row_and_every_subject_is_counted_once(
    connection: duckdb.DuckDBPyConnection, matching: Matching
) -> None:
    assert matching.matched + matching.to_confirm + matching.unmatched == 18
    assert matching.unmatched == 3
    missing = [subject for (subject,) in rows(connection, _all("match_missing"))]
    assert missing == ["S04", "S05", "S06", "S08", "S10"]
    assert matching.missing == len(missing)


def test_matched_rows_get_their_subject(connection: duckdb.DuckDBPyConnection) -> None:
    _read(connection, "master")
    connection.execute("CREATE TABLE sheet AS SELECT 1 AS 行号, '53 01000003' AS 户号, '' AS 主体")
    sheet = Sheet(name("sheet"), "行号", {"customer_number": "户号"})
    match_rows(connection, sheet, _master(), PERIOD)
    found = rows(connection, sql("SELECT * FROM {s}", s=with_subjects(sheet, "主体")))
    assert found == [(1, "53 01000003", "S03")]


def test_ways_that_lead_to_two_subjects_are_reported(
    connection: duckdb.DuckDBPyConnection, matching: Matching
) -> None:
    assert rows(connection, _all("match_conflict")) == [
        (15, "S07", "credit_code", "S09", "customer_number")
    ]


def test_findings_count_both_sides_and_name_what_waits(matching: Matching) -> None:
    found = {(f.id, f.values.get("n")) for f in matching.findings}
    assert ("KG819", "3") in found
    assert ("KG820", "5") in found
    waiting = {f.span.line: f.values["subject"] for f in matching.findings if f.id == "KG826"}
    assert waiting[8] == "S03 / S04"
    assert 18 not in waiting


def test_one_word_is_what_a_programme_declares(connection: duckdb.DuckDBPyConnection) -> None:
    _read(connection, "master")
    _read(connection, "sheet")
    match_rows(connection, SHEET, _master(), PERIOD, {"有限责任公司": "有限公司"})
    assert (13, "S09") in {(r, s) for r, _, _, s, *_ in rows(connection, _all("match_to_confirm"))}


def test_a_meter_counts_for_the_days_it_was_the_subjects(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        "CREATE TABLE known AS SELECT * FROM (VALUES"
        " ('A', 'meter', 'M1', NULL, NULL::DATE, DATE '2021-12-31'),"
        " ('B', 'meter', 'M1', NULL, DATE '2022-01-01', NULL))"
        " AS t(subject, kind, value, division, valid_from, valid_to)"
    )
    connection.execute("CREATE TABLE bill AS SELECT 1 AS row, 'm1 ' AS meter")
    master = Master((name("known"),), sql("(SELECT DISTINCT subject FROM known)"))
    bill = Sheet(name("bill"), "row", {"meter": "meter"})
    match_rows(connection, bill, master, PERIOD)
    assert rows(connection, _all("match_result")) == [(1, "B", "meter")]
    both_years = match_rows(connection, bill, master, (dt.date(2021, 1, 1), PERIOD[1]))
    assert (both_years.matched, both_years.to_confirm) == (0, 1)


def test_order_of_rows_and_of_the_master_changes_nothing(
    connection: duckdb.DuckDBPyConnection, matching: Matching
) -> None:
    before = rows(connection, _all("match_result"))
    connection.execute("CREATE OR REPLACE TABLE sheet AS SELECT * FROM sheet ORDER BY 行号 DESC")
    connection.execute("CREATE OR REPLACE TABLE master AS SELECT * FROM master ORDER BY 名称 DESC")
    assert match_rows(connection, SHEET, _master(), PERIOD) == matching
    assert rows(connection, _all("match_result")) == before
