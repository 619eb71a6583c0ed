"""Files that are not what they say: bombs, cut-off files, passwords, and any bytes at all."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaogong.data import guard
from kaogong.data.intake import take_in
from kaogong.data.shape import FieldShape, RegisterShape
from kaogong.data.sheet import column_letters
from kaogong.data.workbook import unpack
from kaogong.language.finding import Refused

SHAPE = RegisterShape(
    "r",
    "表",
    key=("no",),
    fields=(
        FieldShape("no", "编号"),
        FieldShape("n", "数", "number", "元", 2),
        FieldShape("d", "日期", "date"),
        FieldShape("y", "是否", "yes_no"),
        FieldShape("c", "代码", "code", codes=("a", "b")),
    ),
)
HEADING = ["编号", "数", "日期", "是否", "代码"]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _book(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


BOOK = _book([HEADING, ["1", 5, "2023-05-01", "是", "a"]])


def _ids(path: Path) -> list[str]:
    """Return the findings of a file; anything else that is raised fails the test."""
    with duckdb.connect() as connection:
        try:
            return [found.id for found in take_in(connection, SHAPE, path).findings]
        except Refused as refused:
            return [found.id for found in refused.findings]


def _changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook with a part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as out:
        for part in source.namelist():
            data = source.read(part)
            assert part != name or old in data
            out.writestr(part, data.replace(old, new) if part == name else data)
    return target.getvalue()


def test_two_cells_at_opposite_corners_are_a_bomb(tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    bomb = _changed(BOOK, sheet, b'r="E2"', b'r="XFD1048576"')
    bomb = _changed(bomb, sheet, b'<row r="2"', b'<row r="1048576"')
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb)
    assert _ids(path) == ["KG803"]


def test_a_workbook_that_unpacks_to_gigabytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (guard.RATIO_FROM + 1))
    assert _ids(path) == ["KG803"]


def test_a_workbook_of_thousands_of_parts_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(guard.MOST_ENTRIES + 1):
            archive.writestr(str(number), b"")
    assert _ids(path) == ["KG803"]


def test_memory_of_the_reading_process_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(_book([["x" * 30_000] * 20 for _ in range(20)]))
    with pytest.raises(Refused, match=r"KG80[23]"):
        unpack(path, tmp_path, memory=1 << 20)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_off_workbook(tmp_path: Path, share: float) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(BOOK[: int(len(BOOK) * share)])
    assert _ids(path) == ["KG802"]


@pytest.mark.parametrize("cut", [1, 8, 200])
def test_a_cut_off_parquet(tmp_path: Path, cut: int) -> None:
    whole, path = tmp_path / "whole.parquet", tmp_path / "cut.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS no, 2 AS n) TO '{whole}' (FORMAT parquet)")
    path.write_bytes(whole.read_bytes()[:-cut])
    assert _ids(path) == ["KG802"]
    path.write_bytes(whole.read_bytes()[:-cut] + b"PAR1")
    assert _ids(path) == ["KG802"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("locked.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")),
        ("text.xlsx", b"a,b\n1,2\n"),
        ("empty.csv", b""),
        ("book.csv", BOOK),
        ("picture.png", b"\x89PNG"),
        ("binary.csv", b"a,b\n\0\1,2\n"),
        ("latin.csv", "編號,数\ncaf\xff\xfe,1\n".encode("gb18030") + b"\xff\xff"),
        ("blank.xlsx", _book([])),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert _ids(path) == ["KG802"]


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    assert _ids(tmp_path / "none.csv") == ["KG802"]
    assert _ids(tmp_path) == ["KG802"]


def test_a_name_with_signs_of_a_pattern(tmp_path: Path) -> None:
    path = tmp_path / "税务[1]*.csv"
    path.write_text("编号,数\n1,2\n", "utf-8")
    assert _ids(path) == []


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet"])
def test_the_error_of_a_formula_is_told_and_counts_as_missing(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, kind: str
) -> None:
    shape = replace(SHAPE, fields=(*SHAPE.fields, FieldShape("t", "名称")))
    rows: list[list[object]] = [
        [*HEADING, "名称"],
        ["1", "#DIV/0!", "2023-05-01", "是", "a", "某企业"],
        ["2", 5, "#VALUE!", "是", "a", "#REF!"],
        ["3", 6, "2023-05-01", "是", "a", "#1车间"],
    ]
    path = tmp_path / f"r.{kind}"
    text = "\n".join(",".join(map(str, row)) for row in rows)
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    if kind == "xlsx":
        path.write_bytes(_book(rows))
    if kind == "parquet":
        read = f"read_csv('{tmp_path / 'r.csv'}', all_varchar=true)"
        connection.execute(f"COPY (SELECT * FROM {read}) TO '{path}'")
    intake = take_in(connection, shape, path)
    places = [(f.id, f.span.line, f.span.column) for f in intake.findings]
    assert places == [("KG825", 2, 2), ("KG825", 3, 3), ("KG825", 3, 6)]
    taken = connection.execute(f"SELECT n, d IS NULL, t FROM {intake.table}").fetchall()
    assert [(str(n), blank, text) for n, blank, text in taken] == [
        ("None", False, "某企业"),
        ("5.00", True, None),
        ("6.00", False, "#1车间"),
    ]


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([0.1 + 0.2, 330301.0, -0.0, 2.5], ["0.3", "330301", "0", "2.5"]),
        (["a,b", 'say "so"', "two\nlines", ""], ["a,b", 'say "so"', "two\nlines", ""]),
        (["免报", 12.5, None, 999999999999999], ["免报", "12.5", "", "999999999999999"]),
        ([True, "是", 1e-7, 1.5e20], ["True", "是", "1e-07", "1.5e+20"]),
        (["%s", "100%", "%d%%", 3], ["%s", "100%", "%d%%", "3"]),
    ],
)
@pytest.mark.parametrize("columns", [1, 2])
def test_cells_of_a_workbook_are_unpacked_as_a_sheet_shows_them(
    tmp_path: Path, cells: list[object], texts: list[str], columns: int
) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(_book([["甲"] * columns, *([cell] * columns for cell in cells)]))
    made = unpack(path, tmp_path)
    with made.csv.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    sent = ["甲", *texts]
    while sent[-1] == "":
        del sent[-1]  # a sheet ends with its last cell
    assert rows == [[text] * columns for text in sent]
    assert (made.rows, made.width) == (len(rows), columns)


def test_column_letters() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


_FILE = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_CELLS = st.text(max_size=12) | st.sampled_from(
    [
        "9.133E+17",
        "45123",
        "2023年5月1日",
        "１２",
        "1,234",
        "是",
        "-",
        "a",
        "合计",
        '"',
        "\n",
        "填表人：",
        "1e999",
    ]
)


@_FILE
@given(st.binary(max_size=300))
@example("编号,数\n".encode() + b"\xff\xfe\n")
@example("编号,数\n1,".encode() + b'"\n')
@example("编号,数\r\n1,2\r\n\r\n3,4\r".encode())
@example("编号\t数\n1\t".encode("gb18030"))
def test_no_bytes_of_a_csv_give_a_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    _ids(path)


@_FILE
@given(
    st.lists(st.lists(_CELLS, min_size=1, max_size=7), max_size=8),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_no_text_of_a_csv_gives_a_traceback(
    tmp_path: Path, rows: list[list[str]], encoding: str
) -> None:
    path = tmp_path / "any.csv"
    text = "\n".join(",".join(row) for row in [HEADING, *rows])
    path.write_bytes(text.encode(encoding, "ignore"))
    _ids(path)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(BOOK) - 1), st.binary(min_size=1, max_size=8))
def test_no_bytes_of_a_workbook_give_a_traceback(tmp_path: Path, place: int, damage: bytes) -> None:
    path = tmp_path / "any.xlsx"
    path.write_bytes(BOOK[:place] + damage + BOOK[place + len(damage) :])
    _ids(path)
