"""Two readers of workbooks give the same: that of arrays for large ordinary sheets, and a general.

The arrays may leave a sheet to the general reader; which sheets they must read themselves is said.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaogong.data import workbook_arrays, workbook_process
from kaogong.data.workbook_styles import cell_formats

SHEET = "xl/worksheets/sheet1.xml"
Facts = tuple[dict[str, object], str]


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_process, "LARGE", 0)


def _by_arrays(path: Path) -> Facts | None:
    target = path.with_suffix(".arrays.csv")
    told = workbook_process._unpack_by_arrays(path, target)
    return None if told is None else (told, target.read_text("utf-8"))


def _in_general(path: Path) -> Facts:
    target = path.with_suffix(".general.csv")
    with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
        told = workbook_process._unpack_all(workbook, path, target, None)
    return told, target.read_text("utf-8")


def _written(path: Path, rows: Sequence[Sequence[object]], *, shared: bool = True) -> Path:
    """Write a workbook as xlsxwriter does; dates are shown as days, shares as percent."""
    options = {"constant_memory": not shared, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet, percent = book.add_worksheet("报表"), book.add_format({"num_format": "0.00%"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_number(row, column, cell[0], percent)
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    return path


def _changed(path: Path, old: str, new: str, part: str = SHEET) -> Path:
    """Change a part of a workbook in place."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w") as out:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            out.writestr(name, text)
    path.write_bytes(made.getvalue())
    return path


ROWS: list[list[object]] = [
    ["企业名称", "税收", "成立日期", "规上", "占比", "注"],
    ["甲,乙", 12.5, dt.date(2023, 5, 1), True, (0.0302,), 'say "so"'],
    ["丙&丁 <戊>", -0.1 - 0.2, dt.date(1900, 3, 1), False, (1,), "two\nlines"],
    [],
    [None, 1e-7, dt.date(2199, 12, 31), None, (-0.125,), None],
    ["x", 1.5e20, None, True, None, "￥𠮷 "],
    ["y", 0.00012, None, None, None, "", "beyond the heading"],
    ["z", 330301.0, None, None, None, 999999999999999],
]


@pytest.mark.parametrize("shared", [True, False])
def test_every_kind_of_cell_is_read_by_arrays_as_in_general(tmp_path: Path, shared: bool) -> None:
    path = _written(tmp_path / "in.xlsx", ROWS, shared=shared)
    made = _by_arrays(path)
    assert made == _in_general(path)
    assert made is not None
    assert made[1].splitlines()[1] == '"甲,乙",12.5,2023-05-01,True,3.0200%,"say ""so""",'
    assert "\n" * 2 not in made[1]


_CELLS = (
    st.none()
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
    | st.sampled_from(["免报", "a,b", '"', "x\ny", "&amp;", "<v>5</v>", "]]>", "#DIV/0!"])
    | st.integers(-(10**16), 10**16)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(-(10**6), 10**6, places=2).map(float)
    | st.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31))
    | st.booleans()
    | st.tuples(st.floats(-10, 10))
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(st.lists(_CELLS, max_size=30), max_size=12), st.booleans())
def test_what_arrays_read_is_what_is_read_in_general(
    tmp_path: Path, rows: list[list[object]], shared: bool
) -> None:
    path = _written(tmp_path / "any.xlsx", rows, shared=shared)
    made = _by_arrays(path)
    if made is not None:
        assert made == _in_general(path)


def test_a_sheet_of_openpyxl_with_formulas_and_merged_heads(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["表", None], ["甲", "乙"], ["x", 1], ["#DIV/0!", 2.5], ["=A1", 5]]:
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    path = tmp_path / "in.xlsx"
    book.save(path)
    _changed(path, "<f>A1</f><v />", "<f>A1</f><v>7</v>")
    made = _by_arrays(path)
    assert made == _in_general(path)
    assert made is not None
    assert (made[0]["merged"], made[1]) == (
        [((0, 0), (0, 1))],
        "表,\n甲,乙\nx,1\n#DIV/0!,2.5\n7,5\n",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<v>12.5</v>", "<f>A1</f><v>12.5</v>"),  # a formula
        ("<v>12.5</v>", '<f t="shared" si="0"/><v>12.5</v>'),
        ('<c r="B2"><v>12.5</v>', '<c r="B2" t="str"><f>A1</f><v></v>'),  # gives an empty text
        ('<c r="B2"><v>12.5</v>', '<c r="B2" t="e"><f>A1</f><v>#DIV/0!</v>'),
        ('<c r="B2"><v>12.5</v></c>', '<c r="B2"></c>'),
        ('<c r="B2"><v>12.5</v></c>', '<c r="B2" s="1"/>'),
        ("<v>12.5</v>", "<v>012.50</v>"),
        ("<v>12.5</v>", "<v>65.43000000000001</v>"),
        ("<v>12.5</v>", "<v>-0</v>"),
        ('<row r="4"', '<row r="4"/><row r="5"'),
        ("</row>", "</row>\n"),
    ],
)
def test_forms_that_are_ordinary(tmp_path: Path, old: str, new: str) -> None:
    path = _written(tmp_path / "in.xlsx", [["甲", "乙"], ["a", 12.5], ["b", 3]])
    if "row" in old and "r=" in old:
        old, new = '<row r="3" spans="1:2">', '<row r="3"/><row r="3" spans="1:2">'
    _changed(path, old, new)
    assert _by_arrays(path) == _in_general(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('r="B2"', 'r="A2"'),  # two cells of one place
        ('r="B2"', 'r="XFE2"'),
        ('r="B2"', 'r="B9"'),
        (' r="B2"', ""),
        ("<v>12.5</v>", "<v>12.5</v><extLst/>"),
        ("<v>12.5</v>", "<!-- 7 --><v>12.5</v>"),
        ("<v>12.5</v>", "<v>twelve</v>"),
        ('r="B2"', 'cm="1" r="B2"'),
        ('<c r="B2"', '<c r="B2" t="d"'),
        ("<sheetData>", '<sheetData xml:space="preserve">'),
    ],
)
def test_anything_else_is_left_to_the_general_reader(tmp_path: Path, old: str, new: str) -> None:
    path = _written(tmp_path / "in.xlsx", [["甲", "乙"], ["a", 12.5], ["b", 3]])
    assert _by_arrays(_changed(path, old, new)) is None


def test_times_of_day_and_escaped_signs_are_left_to_the_general_reader(tmp_path: Path) -> None:
    for cell in (dt.datetime(2023, 5, 1, 12, 30), dt.date(1900, 1, 5), "_x000D_", "a\x07b"):  # noqa: DTZ001
        assert _by_arrays(_written(tmp_path / "in.xlsx", [["甲"], [cell]])) is None


def test_pieces_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path / "in.xlsx", ROWS * 5)
    whole = _by_arrays(path)
    for size in (2_000, 2_001, 2_500, 3_000):
        monkeypatch.setattr(workbook_arrays, "PIECE", size)
        assert _by_arrays(path) == whole != None  # noqa: E711 (both are tables)


def test_two_cells_far_apart_are_not_laid_out(tmp_path: Path) -> None:
    path = _written(tmp_path / "in.xlsx", [["甲"], ["a"]])
    _changed(path, '<row r="2"', '<row r="1048576"')
    assert _by_arrays(_changed(path, 'r="A2"', 'r="XFD1048576"')) is None


def test_further_sheets_are_told_of(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, cell in (("一&二", "甲"), ("空", None), ("三", "乙")):
            sheet = book.add_worksheet(name)
            if cell:
                sheet.write(0, 0, cell)
    target = tmp_path / "out.csv"
    told = workbook_process._unpack(path, target)
    assert (told["sheet"], told["others"]) == ("一&二", ["三"])
    assert target.read_text("utf-8") == "甲\n"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", "number"),
        ("#,##0.00_ ;[Red]\\-#,##0.00\\ ", "number"),
        ("0.00E+00", "number"),
        ("&quot;￥&quot;#,##0", "number"),
        ("0.0%", "percent"),
        ("yyyy/m/d;@", "date"),
        ("[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "date"),
        ("yyyy/m/d h:mm", "unknown"),
        ("[h]:mm", "unknown"),
        ("G/通用格式", "unknown"),
    ],
)
def test_what_a_format_shows(code: str, shown: str) -> None:
    styles = (
        f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>'
    )
    assert cell_formats(styles)[1] == shown
