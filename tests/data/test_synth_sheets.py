"""The nine sheets as offices send them: each manner is there, and each planted error is counted."""

from __future__ import annotations

import csv
import json
import zipfile
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from kaogong.data.synth import City, RegionReport, make_region
from kaogong.data.synth.dirt import ERRORS

FIRMS = 2_000
Table = list[list[Any]]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> RegionReport:
    return make_region("980100", FIRMS, range(2021, 2023), 4, tmp_path_factory.mktemp("sheets"))


@pytest.fixture(scope="module")
def truth(region: RegionReport) -> dict[str, dict[str, Any]]:
    text = (region.out / "sheets" / "truth.json").read_text(encoding="utf-8")
    return {sheet["file"].split("_")[2]: sheet for sheet in json.loads(text)["sheets"]}


@pytest.fixture(scope="module")
def defects(region: RegionReport) -> list[dict[str, str]]:
    path = region.out / "sheets" / "defects.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def files(region: RegionReport, truth: dict[str, dict[str, Any]]) -> dict[str, dict[str, Table]]:
    """Every row of every sheet of every file, titles and totals too."""
    found = {}
    for id_, sheet in truth.items():
        path = region.out / "sheets" / sheet["file"]
        if path.suffix == ".csv":
            with path.open(encoding=sheet["encoding"], newline="") as file:
                found[id_] = {"": list(csv.reader(file))}
        else:
            book = openpyxl.load_workbook(path)
            found[id_] = {
                page.title: [[cell.value for cell in row] for row in page.iter_rows()]
                for page in book.worksheets
            }
    return found


def body(truth: dict[str, Any], pages: dict[str, Table]) -> tuple[list[str], Table]:
    """Return headings and rows of the version that counts, totals left out."""
    rows = pages[truth["sheet"]]
    headings = rows[truth["header_row"] - 1]
    return headings, [row for row in rows[truth["header_row"] :] if row[0] != "合计"]


def test_nine_files_named_and_marked_as_synthetic(
    region: RegionReport, truth: dict[str, dict[str, Any]], files: dict[str, dict[str, Table]]
) -> None:
    assert len(truth) == 9
    for id_, sheet in truth.items():
        assert sheet["file"].rpartition(".")[0].endswith("合成数据")
        for page in files[id_].values():
            if sheet["encoding"] == "":
                assert "合成数据" in str(page[0][0])
    marks = json.loads((region.out / "sheets" / "truth.json").read_text(encoding="utf-8"))
    assert marks["mark"] == "合成数据"


def test_every_office_has_its_manner(
    region: RegionReport, truth: dict[str, dict[str, Any]], files: dict[str, dict[str, Table]]
) -> None:
    merged = []
    for id_, sheet in truth.items():
        path = region.out / "sheets" / sheet["file"]
        if (
            path.suffix == ".xlsx"
            and openpyxl.load_workbook(path).worksheets[0].merged_cells.ranges
        ):
            merged.append(id_)
    assert merged == ["statistics", "towns"]
    headings, _ = body(truth["tax"], files["tax"])
    assert "单位:万元" in files["tax"]["Sheet1"][0][0]
    assert not any("万元" in heading for heading in headings)
    assert body(truth["power"], files["power"])[0][:3] == ["表号", "1月", "2月"]
    assert list(files["towns"]) == ["Sheet1", "最终版2(改)"]
    assert "统一社会信用代码" not in body(truth["towns"], files["towns"])[0]
    insurance = [row[0] for row in files["insurance"]["Sheet1"]]
    assert 100 < insurance.index("合计") < len(insurance) - 100
    codes = [row[2] for row in body(truth["land"], files["land"])[1]]
    assert sum("E+17" in code for code in codes) > 50
    signs = {cell for row in body(truth["environment"], files["environment"])[1] for cell in row}
    assert signs >= {"-", "/", "无", "0.00", "#N/A", None}
    assert any(set(str(sign)) & set("０１２３４５６７８９") for sign in signs)
    assert any(row[6].isdecimal() for row in body(truth["registration"], files["registration"])[1])


def test_months_add_up_to_the_year_and_follow_the_seasons(
    truth: dict[str, dict[str, Any]], files: dict[str, dict[str, Table]]
) -> None:
    _, rows = body(truth["power"], files["power"])
    assert all(sum(row[1:13]) == row[13] for row in rows)
    months = [sum(row[n] for row in rows) for n in range(1, 13)]
    assert min(months) == months[1]


def test_every_error_is_where_the_list_says(
    truth: dict[str, dict[str, Any]],
    files: dict[str, dict[str, Table]],
    defects: list[dict[str, str]],
) -> None:
    assert {defect["kind"] for defect in defects} == set(ERRORS)
    for defect in defects:
        id_, kind = defect["sheet"], defect["kind"]
        headings, rows = body(truth[id_], files[id_])
        if kind == "corrected_later":
            rows = files[id_]["Sheet1"][truth[id_]["header_row"] :]
        row = rows[int(defect["row"]) - 1]
        cell = row[headings.index(defect["column"])]
        if kind != "row_twice":
            assert str(cell if cell is not None else "") == defect["written"], defect
            assert defect["written"] != defect["true"]
        else:
            assert [str(c) for c in rows].count(str(row)) >= 2


def test_counts_follow_from_the_list_and_are_near_the_declared_rates(
    truth: dict[str, dict[str, Any]], defects: list[dict[str, str]]
) -> None:
    city = City()
    counted = Counter((defect["sheet"], defect["kind"]) for defect in defects)
    for id_, sheet in truth.items():
        assert sheet["errors"] == {kind: n for (s, kind), n in counted.items() if s == id_}
    rows = truth["tax"]["subjects"]
    assert abs(counted["tax", "name_differs"] - city.name_differs * rows) <= 1
    assert abs(counted["tax", "off_by_10000"] - city.off_by_10000 * rows) <= 2
    assert abs(counted["tax", "row_twice"] - city.row_twice * rows) <= 1
    towns = truth["towns"]["subjects"]
    assert abs(counted["towns", "corrected_later"] - city.corrected_later * towns) <= 3


def test_ninety_in_a_hundred_rows_are_clean(
    region: RegionReport, truth: dict[str, dict[str, Any]]
) -> None:
    assert region.sheets is not None
    assert region.sheets.clean_share > Fraction(88, 100)
    for id_, sheet in truth.items():
        if id_ != "land":  # the spreadsheet took the digits of every third code
            assert sheet["rows_with_errors"] < sheet["rows"] * 0.115, id_


@pytest.mark.parametrize("id_", ["statistics", "tax", "power", "towns", "insurance", "science"])
def test_with_the_errors_undone_each_column_has_its_true_sum(
    id_: str,
    truth: dict[str, dict[str, Any]],
    files: dict[str, dict[str, Table]],
    defects: list[dict[str, str]],
) -> None:
    headings, rows = body(truth[id_], files[id_])
    twice = {int(d["row"]) for d in defects if d["sheet"] == id_ and d["kind"] == "row_twice"}
    rows = [list(row) for n, row in enumerate(rows, 1) if n not in twice]
    for defect in defects:
        if defect["sheet"] == id_ and defect["kind"] in {"off_by_10000", "wide_digits"}:
            rows[int(defect["row"]) - 1][headings.index(defect["column"])] = float(defect["true"])
    for heading, total in truth[id_]["totals"].items():
        at = headings.index(heading)
        cells = [Decimal(str(row[at])) for row in rows if isinstance(row[at], int | float)]
        assert sum(cells) == Decimal(total), heading


def test_sheets_tell_the_same_as_the_registers(
    region: RegionReport, truth: dict[str, dict[str, Any]]
) -> None:
    path = str(region.out / "enterprise_year.parquet")
    tax, staff, added = duckdb.execute(
        "select sum(tax_paid), sum(staff) filter (tax_paid is not null), sum(value_added)"
        " from read_parquet($1) where period = '2022'",
        [path],
    ).fetchone() or (None, None, None)
    assert Decimal(truth["tax"]["totals"]["企业实缴税金"]) * 10_000 == tax
    assert int(truth["tax"]["totals"]["平均从业人数"]) == staff
    assert Decimal(truth["statistics"]["totals"]["工业增加值(万元)"]) * 10_000 == added


def test_workbooks_hold_no_clock(region: RegionReport) -> None:
    for path in sorted((region.out / "sheets").glob("*.xlsx")):
        with zipfile.ZipFile(path) as parts:
            assert {part.date_time[0] for part in parts.infolist()} == {1980}
            assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_no_sheets_when_not_wanted_or_too_many_firms(tmp_path: Path) -> None:
    report = make_region("980100", 300, range(2022, 2023), 1, tmp_path / "a", sheets=False)
    assert report.sheets is None
    assert not (tmp_path / "a" / "sheets").exists()
    city = City(sheets_up_to=200)
    report = make_region("980100", 300, range(2022, 2023), 1, tmp_path / "b", city=city)
    assert report.sheets is None
