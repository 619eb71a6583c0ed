"""Office sheets as they really arrive, made here cell by cell, and what is taken of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from kaogong.data.against import Against
from kaogong.data.failing import write_failing
from kaogong.data.intake import Intake, take_in
from kaogong.data.shape import Condition, FieldShape, RegisterShape
from kaogong.data.sql import Sql
from kaogong.language.finding import Refused
from kaogong.language.vocabulary import Code, Vocabulary

GOOD = ("91330381MA00TEH1XT", "91330782MA00TEH28X", "91360602MA00TEH364", "N2330381MF00TEH77N")

INDUSTRY = Vocabulary(
    "gbt4754",
    {c.code: c for c in (Code("C", "制造业"), Code("26", "化学", "C"),
                         Code("2651", "树脂制造", "26"), Code("3443", "阀门和旋塞制造", "C"))},
)  # fmt: skip
DIVISIONS = Vocabulary(
    "divisions",
    {"330383": Code("330383", "龙港市", begins=date(2019, 8, 16)),
     "360622": Code("360622", "余江县", ends=date(2018, 5, 31)),
     "330381": Code("330381", "瑞安市")},
)  # fmt: skip
LISTS = Against(vocabularies={"gbt4754": INDUSTRY, "divisions": DIVISIONS})

YEARLY = RegisterShape(
    "enterprise_year",
    "企业年度数据",
    of="enterprise",
    key=("uscc", "period"),
    period="year",
    fields=(
        FieldShape("uscc", "统一社会信用代码", required=True, headings=("信用代码", "X3")),
        FieldShape("name", "企业名称", headings=("单位名称",)),
        FieldShape("industry", "行业代码", "code", vocabulary="gbt4754"),
        FieldShape("division", "行政区划", "code", vocabulary="divisions"),
        FieldShape("kind", "主体类型", "code", codes=("法人企业", "个体户")),
        FieldShape("founded_on", "成立日期", "date", low=date(1900, 1, 1), high=date(2025, 12, 31)),
        FieldShape("above_scale", "规上", "yes_no"),
        FieldShape("tax", "实缴税金", "number", "元", 2, headings=("W10",)),
        FieldShape("land", "自有土地", "number", "平方米", 2, low=Decimal(0)),
        FieldShape("power", "用电量", "number", "千瓦时"),
        FieldShape("staff", "年平均职工人数", "number", "人", high=Decimal(100_000)),
        FieldShape("rd_share", "研发费用占比", "number", None, 4),
        FieldShape("growth", "增速", "number", "%", 2),
    ),
)  # fmt: skip


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("SET threads = 1")
        yield made


def _csv(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def _rows(
    connection: duckdb.DuckDBPyConnection, intake: Intake, *fields: str
) -> list[tuple[Any, ...]]:
    return connection.execute(f"SELECT {', '.join(fields)} FROM {intake.table}").fetchall()


def _found(intake: Intake) -> dict[str, list[tuple[int, int]]]:
    """Return finding id -> places (row, column)."""
    found: dict[str, list[tuple[int, int]]] = {}
    for each in intake.findings:
        found.setdefault(each.id, []).append((each.span.line, each.span.column))
    return found


def _sheet(tmp_path: Path, heading: list[str], *rows: list[str]) -> Path:
    return _csv(tmp_path / "in.csv", [heading, *rows])


# ---------------------------------------------------------------- a clean sheet


def test_clean_sheet_is_taken_whole(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = _sheet(
        tmp_path,
        [
            "统一社会信用代码",
            "企业名称",
            "行业代码",
            "成立日期",
            "规上",
            "实缴税金",
            "年平均职工人数",
        ],
        [GOOD[0], "拟江泵业有限公司", "3443", "2015-03-01", "是", "1200.50", "85"],
        [GOOD[1], "拟州阀门厂", "2651", "2003-11-20", "否", "", "3"],
    )
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert (intake.records, intake.taken, intake.failed, intake.left_out) == (2, 2, 0, 0)
    assert intake.findings == ()
    assert _rows(
        connection, intake, "uscc", "tax", "staff", "above_scale", "founded_on", "period"
    ) == [
        (GOOD[0], Decimal("1200.50"), 85, True, date(2015, 3, 1), "2022"),
        (GOOD[1], None, 3, False, date(2003, 11, 20), "2022"),
    ]


def test_typed_table_has_every_field_with_its_type(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(tmp_path, ["信用代码", "W10"], [GOOD[0], "1"])
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    types = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {intake.table}").fetchall()}
    assert types == {
        "uscc": "VARCHAR", "name": "VARCHAR", "industry": "VARCHAR", "division": "VARCHAR",
        "kind": "VARCHAR", "founded_on": "DATE", "above_scale": "BOOLEAN", "tax": "DECIMAL(18,2)",
        "land": "DECIMAL(18,2)", "power": "BIGINT", "staff": "BIGINT", "rd_share": "DECIMAL(18,4)",
        "growth": "DECIMAL(18,2)", "period": "VARCHAR",
    }  # fmt: skip
    assert [column.field.id for column in intake.columns] == ["uscc", "tax"]


# ---------------------------------------------------------------- how cells are written

NUMBERS = {
    "1200": "1200", "1,234,567.8": "1234567.8", "１２００．５": "1200.5", "－５": "-5",
    " 12 ": "12", "(1,234.00)": "-1234", "+5": "5", ".5": "0.5", "0.00": "0", "1e-1": "0.1",
    "2.675": "2.68", "-2.675": "-2.68", "12345678901234.565": "12345678901234.57",
    "-": None, "/": None, "无": None, "#N/A": None, "－": None, "": None, " — ": None,
    "n/a": None, "未报": None,
}  # fmt: skip
DAYS = {
    "2023-05-01": date(2023, 5, 1), "2023/5/1": date(2023, 5, 1), "2023年5月1日": date(2023, 5, 1),
    "20230501": date(2023, 5, 1), "45123": date(2023, 7, 16), "2023.5.1": date(2023, 5, 1),
    "２０２３－０５－０１": date(2023, 5, 1), "2023-05-01 00:00:00": date(2023, 5, 1), "/": None,
}  # fmt: skip
YES_NO = {
    "是": True, "否": False, "1": True, "0": False, "TRUE": True, "√": True, "ｙ": True, "-": None,
}  # fmt: skip
PLAIN = RegisterShape(
    "plain",
    "表",
    key=("no",),
    fields=(
        FieldShape("no", "编号"),
        FieldShape("n", "数", "number", "元", 2),
        FieldShape("d", "日期", "date"),
        FieldShape("b", "是否", "yes_no"),
    ),
)


@pytest.mark.parametrize(
    ("heading", "field", "spellings"),
    [("数", "n", NUMBERS), ("日期", "d", DAYS), ("是否", "b", YES_NO)],
)
def test_cells_as_offices_write_them(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    heading: str,
    field: str,
    spellings: dict[str, Any],
) -> None:
    rows = [[str(number), cell] for number, cell in enumerate(spellings)]
    intake = take_in(connection, PLAIN, _sheet(tmp_path, ["编号", heading], *rows))
    assert [f.values for f in intake.findings if f.id != "KG824"] == []
    values = [value for (value,) in _rows(connection, intake, field)]
    expected = [Decimal(v) if isinstance(v, str) else v for v in spellings.values()]
    assert dict(zip(spellings, values, strict=True)) == dict(zip(spellings, expected, strict=True))


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("数", ["12a", "1,23", "一百", "12万元", "1.2.3", "--5", "0x1F", "3%", "Infinity", "1 2"]),
        (
            "日期",
            ["2023年5月", "epoch", "infinity", "2023-13-01", "2023-02-30", "5/1/2023", "23-5-1"],
        ),
        ("是否", ["有", "2", "是的"]),
    ],
)
def test_what_is_no_value_is_a_finding_with_its_cell(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, heading: str, cells: list[str]
) -> None:
    rows = [[str(number), cell] for number, cell in enumerate(cells)]
    intake = take_in(connection, PLAIN, _sheet(tmp_path, ["编号", heading], *rows))
    assert (intake.taken, intake.failed) == (0, len(cells))
    told = [(f.id, f.span.line, f.values["cell"], f.values["value"]) for f in intake.findings]
    assert told == [("KG808", n + 2, f"B{n + 2}", cell) for n, cell in enumerate(cells)]


def test_states_stand_in_a_column_of_their_own(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(
        tmp_path, ["信用代码", "W10", "用电量"],
        [GOOD[0], "免报", "1"], [GOOD[1], "保密", "2"],
        [GOOD[2], "5", "不适用"], [GOOD[3], "-", ""],
    )  # fmt: skip
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert intake.findings == ()
    assert _rows(connection, intake, "tax", "tax__state", "power", "power__state") == [
        (None, "waived", 1, None),
        (None, "confidential", 2, None),
        (Decimal("5.00"), None, None, "not_applicable"),
        (None, None, None, None),
    ]


def test_a_percentage_is_read_by_the_unit_of_its_field(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(tmp_path, ["信用代码", "研发费用占比", "增速"], [GOOD[0], "3.02%", "3.02%"])
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "rd_share", "growth") == [(Decimal("0.0302"), Decimal("3.02"))]


def test_decimals_beyond_the_scale_are_rounded_and_told(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(tmp_path, ["信用代码", "W10"], [GOOD[0], "1.005"], [GOOD[1], "1.500"])
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "tax") == [(Decimal("1.01"),), (Decimal("1.50"),)]
    assert _found(intake) == {"KG824": [(2, 2)]}
    assert intake.failed == 0


def test_a_number_too_large_for_its_field_is_out_of_range(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(tmp_path, ["信用代码", "W10"], [GOOD[0], "12345678901234567890"])
    assert _found(take_in(connection, YEARLY, file, "2022", LISTS)) == {"KG813": [(2, 2)]}


# ---------------------------------------------------------------- headings and units


def _workbook(path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def test_sheet_with_title_rows_unit_totals_and_footers(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _workbook(
        tmp_path / "税务.xlsx",
        [
            ["2022年度企业税收情况表", None, None, None],
            ["填报单位：拟州市税务局", None, None, "单位：万元、亩"],
            ["序号", "信用代码", "企业 名称*", "实缴税金", "自有土地"],
            [1, GOOD[0], "拟江泵业有限公司", 12.5, 3],
            [2, GOOD[1], "拟州阀门厂", 0.30000000000000004, 1.5],
            [None, "小 计", None, 12.8, 4.5],
            [3, GOOD[2], "拟溪铜业有限公司", "#N/A", "－"],
            ["合计", None, None, 12.8, 4.5],
            ["填表人：综合科", None, None, "审核人：办公室"],
            ["注：数据为初步数", None, None, None],
        ],
        merged=("A1:E1", "A2:C2"),
    )
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert (intake.records, intake.taken, intake.left_out) == (3, 3, 4)
    assert _rows(connection, intake, "uscc", "tax", "land") == [
        (GOOD[0], Decimal("125000.00"), Decimal("2000.00")),
        (GOOD[1], Decimal("3000.00"), Decimal("1000.00")),
        (GOOD[2], None, None),
    ]
    found = _found(intake)
    assert found.pop("KG821") == [(3, 4), (3, 5)]
    assert found.pop("KG817") == [(6, 1), (8, 1), (9, 1), (10, 1)]
    assert found == {}


def test_merged_heading_of_two_rows(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = _workbook(
        tmp_path / "土地.xlsx",
        [
            ["信用代码", "税收(万元)", None, "其他", None],
            [None, "实缴税金", "评价税收", "用电量（万千瓦时）", "备注"],
            ["甲", 1, 2, 3, "乙"],
            [GOOD[0], 1.5, 2, 0.5, "x"],
        ],
        merged=("A1:A2", "B1:C1", "D1:E1"),
    )
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "tax", "power") == [(Decimal("15000.00"), 5000)]
    assert [f.values["heading"] for f in intake.findings if f.id == "KG805"] == [
        "税收(万元) 评价税收",
        "其他 备注",
    ]


def test_a_row_of_units_below_the_heading(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(
        tmp_path, ["信用代码", "实缴税金", "自有土地"], ["—", "千元", "公顷"], [GOOD[0], "1.5", "2"]
    )
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "tax", "land") == [(Decimal("1500.00"), Decimal("20000.00"))]


def test_mu_become_square_metres_exactly(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    cells = ["1", "0.0003", "41.2", "0.00000749", "1,000", "-0.00001125", "7.5E-4"]
    rows = [[f"{n}", cell] for n, cell in enumerate(cells)]
    shape = RegisterShape(
        "parcel", "地块", key=("no",),
        fields=(FieldShape("no", "编号"), FieldShape("land", "面积", "number", "平方米", 2)),
    )  # fmt: skip
    intake = take_in(connection, shape, _sheet(tmp_path, ["编号", "面积(亩)"], *rows))
    assert [row[0] for row in _rows(connection, intake, "land")] == [
        Decimal(text)
        for text in ("666.67", "0.20", "27466.67", "0.00", "666666.67", "-0.01", "0.50")
    ]


def test_a_unit_that_does_not_convert_refuses_the_sheet(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(tmp_path, ["信用代码", "用电量(万元)"], [GOOD[0], "1"])
    with pytest.raises(Refused) as refused:
        take_in(connection, YEARLY, file, "2022", LISTS)
    [found] = refused.value.findings
    assert (found.id, found.values["unit"], found.span.column) == ("KG834", "万元", 2)


@pytest.mark.parametrize(
    ("heading", "id"),
    [
        (["甲", "乙"], "KG804"),
        (["信用代码", "统一社会信用代码", "W10"], "KG806"),
        (["企业名称", "W10"], "KG807"),
    ],
)
def test_headings_that_do_not_do(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, heading: list[str], id: str
) -> None:
    file = _sheet(tmp_path, heading, ["a", "b", "c"][: len(heading)])
    with pytest.raises(Refused) as refused:
        take_in(connection, YEARLY, file, "2022", LISTS)
    assert [found.id for found in refused.value.findings] == [id]


def test_the_year_of_the_sheet_may_stand_in_the_heading(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(tmp_path, ["信用代码", "2022年实缴税金", "2021年实缴税金"], [GOOD[0], "5", "4"])
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "tax") == [(Decimal(5),)]
    assert [f.values["heading"] for f in intake.findings] == ["2021年实缴税金"]


# ---------------------------------------------------------------- periods


def test_period_column_in_many_spellings(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(
        tmp_path, ["信用代码", "年度", "W10"],
        [GOOD[0], "2022", "1"], [GOOD[1], "2022年", "2"],
        [GOOD[2], "2021年度", "3"], [GOOD[3], "去年", "4"],
    )  # fmt: skip
    intake = take_in(connection, YEARLY, file, None, LISTS)
    assert [row[0] for row in _rows(connection, intake, "period")] == ["2022", "2022", "2021"]
    assert _found(intake) == {"KG822": [(5, 2)]}


def test_a_sheet_that_says_no_period_needs_one(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(tmp_path, ["信用代码", "W10"], [GOOD[0], "1"])
    with pytest.raises(Refused, match="KG822"):
        take_in(connection, YEARLY, file, None, LISTS)


def test_a_row_of_another_period_than_the_sheets_fails(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(
        tmp_path, ["信用代码", "年度", "W10"], [GOOD[0], "2022", "1"], [GOOD[1], "2021", "2"]
    )
    assert _found(take_in(connection, YEARLY, file, "2022", LISTS)) == {"KG822": [(3, 2)]}


PERIODS = {
    "month": {
        "2022-07": "2022-07", "202207": "2022-07", "2022年7月": "2022-07", "2022-13": None,
        "2022年1-2月": "2022-01+02", "2022-01+02": "2022-01+02", "2022": None,
    },
    "quarter": {"2022年三季度": "2022Q3", "2022Q3": "2022Q3", "2022年第1季度": "2022Q1"},
    "half": {"2022年上半年": "2022H1", "2022H2": "2022H2"},
    "ten_day": {"2022年7月上旬": "2022-07A", "2022-07C": "2022-07C"},
    "week": {"2022年第7周": "2022W07"},
    "day": {"2022/7/4": "2022-07-04"},
}  # fmt: skip


@pytest.mark.parametrize("grain", list(PERIODS))
def test_periods_of_every_grain(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, grain: str
) -> None:
    shape = RegisterShape(
        "r", "月报", key=("no", "period"), period=grain,
        fields=(FieldShape("no", "编号"), FieldShape("x", "数", "number")),
    )  # fmt: skip
    spellings = PERIODS[grain]
    rows = [[str(n), cell, "1"] for n, cell in enumerate(spellings)]
    intake = take_in(connection, shape, _sheet(tmp_path, ["编号", "期间", "数"], *rows))
    taken = dict(_rows(connection, intake, "no", "period"))
    read = {cell: taken.get(str(n)) for n, cell in enumerate(spellings)}
    assert read == spellings


# ---------------------------------------------------------------- checks


def test_credit_codes_are_checked_and_spelled_right(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _sheet(
        tmp_path, ["信用代码", "W10"],
        [" " + GOOD[0].lower() + " ", "1"],
        [GOOD[1][:-1] + "A", "2"],  # check digit
        [GOOD[2][:-1], "3"],  # length
        ["9.133E+17", "4"],  # saved as a number
        ["９１３３０３８３ＭＡ００ＴＥＨ５２８", "5"],
        ["不适用", "6"],
    )  # fmt: skip
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    found = _found(intake)
    assert found["KG810"] == [(3, 1)]
    assert found["KG808"] == [(4, 1)]
    assert found["KG811"] == [(5, 1)]
    assert [row[0] for row in _rows(connection, intake, "uscc")][:2] == [
        GOOD[0],
        "91330383MA00TEH528",
    ]


def test_credit_codes_of_a_large_table_are_checked_alike(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [*GOOD, GOOD[0][:-1] + "A", GOOD[1][1:], "9.133E+17", "é" * 9, GOOD[2].lower(), "-"]
    file = _sheet(tmp_path, ["信用代码", "W10"], *([cell, str(n)] for n, cell in enumerate(cells)))
    small = take_in(connection, YEARLY, file, "2022", LISTS)
    monkeypatch.setattr("kaogong.data.national_numbers.LARGE", 1)
    monkeypatch.setattr("kaogong.data.national_numbers.CHUNK", 3)
    large = take_in(connection, YEARLY, file, "2022", LISTS)
    assert (large.findings, large.taken) == (small.findings, small.taken)
    assert small.taken == 3  # GOOD[2] is there twice


def test_codes_hold_on_their_day(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [[GOOD[0], "330383"], [GOOD[1], "360622"], [GOOD[2], "瑞安市"], [GOOD[3], "330300"]]
    file = _sheet(tmp_path, ["信用代码", "行政区划"], *rows)
    intake = take_in(connection, YEARLY, file, "2017", LISTS)
    assert _rows(connection, intake, "division") == [("360622",), ("330381",)]
    assert _found(intake) == {"KG815": [(2, 2), (5, 2)]}
    [early, _] = intake.findings
    assert (early.values["code"], early.values["date"]) == ("330383", "2017")
    later = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _found(later) == {"KG815": [(3, 2), (5, 2)]}


def test_codes_with_the_letter_of_their_section(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [
        [GOOD[0], "C2651", "法人企业"],
        [GOOD[1], "D2651", "法人企业"],
        [GOOD[2], "-", "公司"],
        [GOOD[3], "CC", "法人企业"],  # the section itself has no letter before it
    ]
    file = _sheet(tmp_path, ["信用代码", "行业代码", "主体类型"], *rows)
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "industry") == [("2651",)]
    assert _found(intake) == {"KG815": [(3, 2), (5, 2), (4, 3)]}


def test_ranges_dates_and_blanks(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [
        [GOOD[0], "-1", "2015-01-01", "5"],
        [GOOD[1], "1", "1899-12-31", "5"],
        [GOOD[2], "1", "2015-01-01", "100001"],
        ["-", "1", "2015-01-01", "5"],
    ]
    file = _sheet(tmp_path, ["信用代码", "自有土地", "成立日期", "年平均职工人数"], *rows)
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _found(intake) == {"KG833": [(5, 1)], "KG814": [(3, 3)], "KG813": [(2, 2), (4, 4)]}
    assert intake.taken == 0


def test_doubles_name_each_other(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [[GOOD[0], "1"], [GOOD[1], "2"], [GOOD[0].lower(), "3"]]
    intake = take_in(
        connection, YEARLY, _sheet(tmp_path, ["信用代码", "W10"], *rows), "2022", LISTS
    )
    assert _found(intake) == {"KG809": [(2, 1), (4, 1)]}
    assert "4" in intake.findings[0].sentence("zh")
    assert intake.taken == 1


def test_a_figure_off_by_ten_thousand_against_its_history(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    connection.execute(
        "CREATE TABLE before AS SELECT * FROM (VALUES "
        f"('{GOOD[0]}', 120.00::DECIMAL(18,2), 10::BIGINT), ('{GOOD[1]}', 5.00, 10), "
        f"('{GOOD[2]}', 900000000.00, 10), ('{GOOD[3]}', 0.00, 10)) AS t(uscc, tax, power)"
    )
    rows = [
        [GOOD[0], "1300000", "11"],
        [GOOD[1], "500", "10"],
        [GOOD[2], "8.50", "1"],
        [GOOD[3], "9999999", "1"],
    ]
    history = Against(vocabularies=LISTS.vocabularies, history="before")
    file = _sheet(tmp_path, ["信用代码", "W10", "用电量"], *rows)
    intake = take_in(connection, YEARLY, file, "2022", history)
    assert _found(intake) == {"KG812": [(2, 2), (4, 2)]}
    assert intake.taken == 4


def test_a_figure_off_by_ten_thousand_against_an_earlier_period_of_its_sheet(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [
        [GOOD[0], "2020", "120"],
        [GOOD[0], "2022", "1300000"],  # 2021 is not in the sheet
        [GOOD[1], "2020", "5"],
        [GOOD[1], "2022", "500"],
        [GOOD[2], "2022", "70000"],
    ]
    file = _sheet(tmp_path, ["信用代码", "期间", "W10"], *rows)
    intake = take_in(connection, YEARLY, file, None, LISTS)
    assert _found(intake) == {"KG812": [(3, 3)]}
    assert "120" in intake.findings[0].sentence("zh")
    assert intake.taken == 5


def test_conditions_of_the_register_with_their_levels(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    conditions = (
        Condition("less", Sql("tax <= power"), "error", "税不大于电", ("tax",)),
        Condition("odd", Sql("staff % 2 = 1"), "warning", "人数为奇数", ("staff",)),
    )
    rows = [
        [GOOD[0], "1", "2", "3"],
        [GOOD[1], "3", "2", "3"],
        [GOOD[2], "1", "2", "4"],
        [GOOD[3], "", "2", "1"],
    ]
    file = _sheet(tmp_path, ["信用代码", "W10", "用电量", "年平均职工人数"], *rows)
    against = Against(vocabularies=LISTS.vocabularies, conditions=conditions)
    intake = take_in(connection, YEARLY, file, "2022", against)
    assert _found(intake) == {"KG816": [(3, 2)], "KG831": [(4, 4)]}
    assert intake.taken == 3  # an unknown condition refuses nobody


def test_many_faults_of_a_kind_are_capped_and_counted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [[str(n), "x"] for n in range(50)]
    shape = RegisterShape(
        "r", "表", key=("no",), fields=(FieldShape("no", "编号"), FieldShape("n", "数", "number"))
    )
    intake = take_in(connection, shape, _sheet(tmp_path, ["编号", "数"], *rows))
    assert len(_found(intake)["KG808"]) == 20
    assert intake.counts["KG808", "n"] == 50
    assert [f.values["n"] for f in intake.findings if f.id == "KG835"] == ["30"]


def test_a_sheet_keyed_by_name_only(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    shape = RegisterShape(
        "tax",
        "税务",
        key=("subject_id", "period"),
        period="year",
        identified_by=("uscc", "name"),
        fields=(
            FieldShape("subject_id", "主体编号", required=True),
            FieldShape("uscc", "统一社会信用代码"),
            FieldShape("name", "企业名称"),
            FieldShape("tax", "实缴税金", "number", "元", 2),
        ),
    )
    rows = [["拟江泵业", "1"], ["拟州阀门", "2"], ["拟江泵业", "3"], ["-", "4"]]
    file = _sheet(tmp_path, ["企业名称", "实缴税金"], *rows)
    intake = take_in(connection, shape, file, "2022")
    assert _found(intake) == {"KG809": [(2, 1), (4, 1)], "KG833": [(5, 1)]}
    assert _rows(connection, intake, "subject_id", "name") == [(None, "拟州阀门")]


# ---------------------------------------------------------------- files


def test_gb18030_sheet_with_lost_codes(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _csv(
        tmp_path / "社保.csv",
        [
            ["信用代码", "单位名称", "年平均职工人数"],
            ["9.133E+17", "拟江泵业", "5"],
            [GOOD[0], "拟州阀门㐂", "6"],
        ],
        "gb18030",
    )
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _found(intake) == {"KG828": [(0, 0)], "KG811": [(2, 1)]}
    assert _rows(connection, intake, "name", "staff") == [("拟州阀门㐂", 6)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_with_a_byte_order_mark(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, encoding: str
) -> None:
    file = _csv(tmp_path / "in.csv", [["信用代码", "W10"], [GOOD[0], "5"]], encoding)
    assert take_in(connection, YEARLY, file, "2022", LISTS).taken == 1


def test_blank_lines_and_uneven_rows_keep_their_numbers(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text(
        f"某表\n\n信用代码,W10,备注\n\n{GOOD[0]},5\n\n{GOOD[1]},x,y,\n填表人：张\n", "utf-8"
    )
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert (intake.taken, intake.failed) == (1, 1)
    assert _found(intake)["KG808"] == [(7, 2)]
    assert _found(intake)["KG817"] == [(8, 1)]


def test_cells_over_two_lines_do_not_shift_rows(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [[GOOD[0], "拟江\n泵业", "1"], [GOOD[1], 'a "b", c', "x"]]
    file = _sheet(tmp_path, ["信用代码", "企业\n名称", "W10"], *rows)
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "name") == [("拟江\n泵业",)]
    assert _found(intake) == {"KG808": [(3, 3)]}


def test_second_sheet_is_noted_and_the_first_is_read(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = _workbook(tmp_path / "in.xlsx", [["信用代码", "W10", "成立日期", "行业代码"]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append([GOOD[0], 1234567.891, date(2023, 5, 1), 2651])
    book.worksheets[0].append([GOOD[1], 5, 45123, "C2651"])
    book.create_sheet("最终版2(改)")["A1"] = "x"
    book.create_sheet("空表")
    book.save(path)
    intake = take_in(connection, YEARLY, path, "2022", LISTS)
    assert _rows(connection, intake, "tax", "founded_on", "industry") == [
        (Decimal("1234567.89"), date(2023, 5, 1), "2651"),
        (Decimal(5), date(2023, 7, 16), "2651"),
    ]
    assert [f.values["sheet"] for f in intake.findings if f.id == "KG823"] == ["最终版2(改)"]


def test_credit_codes_that_a_workbook_saved_as_numbers_are_refused(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _workbook(
        tmp_path / "in.xlsx", [["信用代码", "W10"], [913303810000000012, 1], [GOOD[0], 2]]
    )
    assert _found(take_in(connection, YEARLY, file, "2022", LISTS)) == {"KG811": [(2, 1)]}


def test_cells_shown_in_percent_are_read_as_they_are_shown(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _workbook(
        tmp_path / "in.xlsx",
        [
            ["信用代码", "研发费用占比", "增速", "W10"],
            [GOOD[0], 0.0302, 0.07, 1],
            [GOOD[1], 0.0302, 7, 2],
        ],
    )
    book = openpyxl.load_workbook(file)
    for cell in ("B2", "C2", "D3"):
        book.worksheets[0][cell].number_format = "0.00%"
    book.worksheets[0]["B3"].number_format = '0.0"%"'  # only a word behind the number
    book.save(file)
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert _rows(connection, intake, "rd_share", "growth") == [(Decimal("0.0302"), Decimal("7.00"))]
    assert [(f.id, f.values["cell"], f.values["value"]) for f in intake.findings] == [
        ("KG808", "D3", "200%")
    ]


def test_sheet_that_does_not_begin_in_a1(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = _workbook(
        tmp_path / "in.xlsx",
        [[], [], [None, None, "信用代码", "W10"], [None, None, GOOD[0], "x"]],
    )
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    assert [f.values.get("cell") for f in intake.findings] == ["D4"]


def test_parquet_is_taken_with_its_own_types(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = tmp_path / "in.parquet"
    connection.execute(
        "COPY (SELECT * FROM (VALUES "
        f"('{GOOD[0]}', 2022, 12.345::DOUBLE, DATE '2015-01-01', true, 5), "
        f"('{GOOD[1]}', 2022, 0.1 + 0.2, NULL, false, NULL)) "
        f"AS t(uscc, period, tax, founded_on, above_scale, staff)) TO '{file}' (FORMAT parquet)"
    )
    intake = take_in(connection, YEARLY, file, None, LISTS)
    assert _rows(connection, intake, "tax", "founded_on", "above_scale", "staff", "period") == [
        (Decimal("12.35"), date(2015, 1, 1), True, 5, "2022"),
        (Decimal("0.30"), None, False, None, "2022"),
    ]
    assert [f.values["cell"] for f in intake.findings] == ["tax[1]"]


# ---------------------------------------------------------------- what goes back


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_failing_rows_go_back_with_the_reason_beside_each_cell(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, suffix: str
) -> None:
    rows = [[GOOD[0], "甲", "1"], [GOOD[1], "=1+1", "x"], [GOOD[2][:-1] + "A", "丙", "3"]]
    file = _sheet(tmp_path, ["信用代码", "企业名称", "W10"], *rows)
    intake = take_in(connection, YEARLY, file, "2022", LISTS)
    target = tmp_path / f"back{suffix}"
    assert write_failing(connection, intake, target) == 2
    if suffix == ".csv":
        with target.open(encoding="utf-8-sig", newline="") as stream:
            back = list(csv.reader(stream))
    else:
        sheet = openpyxl.load_workbook(target).worksheets[0]
        back = [
            ["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)
        ]
    assert back[0] == ["行号", "处理", "信用代码", "原因：信用代码", "企业名称", "W10", "原因：W10"]
    assert back[1][:3] == ["3", "未收", GOOD[1]]
    assert back[1][4:] == ["=1+1", "x", "“x”不是数（实缴税金）"]
    assert back[2][3] == f"统一社会信用代码“{rows[2][0]}”的校验位不符"


def test_what_was_taken_and_what_goes_back_add_up(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [[str(n), "x" if n % 3 == 0 else str(n)] for n in range(100)]
    shape = RegisterShape(
        "r", "表", key=("no",), fields=(FieldShape("no", "编号"), FieldShape("n", "数", "number"))
    )
    intake = take_in(connection, shape, _sheet(tmp_path, ["编号", "数"], *rows))
    assert intake.taken + intake.failed == intake.records == 100
    assert write_failing(connection, intake, tmp_path / "back.csv") == intake.failed == 34
