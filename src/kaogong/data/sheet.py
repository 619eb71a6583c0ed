"""Any delivered file as one table of text: its first rows to look at, and the rest for the engine.

A sheet counts rows from 0 and columns from 0; people see `D7`. csv and workbooks come as text,
because only text shows what stood in the cell. Parquet keeps the types that its writer gave.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kaogong.data.encoding import PlainText, as_utf8, decoded
from kaogong.data.guard import TOO_LARGE, UNREADABLE, Format, check_file
from kaogong.data.sql import Sql, joined, name, rows, sql, value
from kaogong.data.workbook import Area, unpack
from kaogong.language.finding import Finding, finding, refuse
from kaogong.language.span import Span
from kaogong.language.words import Words

if TYPE_CHECKING:
    import duckdb

HEAD = 60  # rows looked at for the heading
MOST_COLUMNS = 2_000
ROW = "__row"  # number of a record in the sheet, from 0

OTHER_SHEET, GUESSED_ENCODING = "KG823", "KG828"

_DELIMITERS = (",", "\t", ";", "|", "，")
_DOUBLES = ("DOUBLE", "FLOAT")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was delivered."""

    file: str  # name of the file as findings print it
    format: Format
    path: Path  # what the engine reads: the file or its copy as csv in UTF-8
    head: tuple[tuple[str, ...], ...]
    width: int
    types: tuple[str, ...] = ()  # Parquet: the type of each column
    delimiter: str = ","
    merged: tuple[Area, ...] = ()
    records: int | None = None  # how many rows the engine must find, heading and all
    is_regular: bool = True  # False: a csv as delivered, whose rows may differ in length
    findings: tuple[Finding, ...] = ()

    @property
    def first_number(self) -> int:
        """Return the row of the sheet that is row 0 of the engine; Parquet has its names apart."""
        return 1 if self.format == "parquet" else 0

    def type_of(self, column: int) -> str:
        """Return the engine's type of a column; a float comes as the text of its digits."""
        kind = self.types[column] if self.types else "VARCHAR"
        return "VARCHAR" if kind in _DOUBLES else kind

    def address(self, row: int, column: int) -> str:
        """Return a cell as people name it: `D7`; in Parquet, the column's name and the record."""
        if self.format == "parquet":
            return f"{self.head[0][column]}[{row}]"
        return f"{column_letters(column)}{row + 1}"

    def span(self, row: int = -1, column: int = -1) -> Span:
        """Return the place of a cell; without numbers, the file as a whole."""
        return Span(self.file, row + 1, column + 1)


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def raw_name(column: int) -> str:
    """Return the name a column of the sheet has in the engine; no field can be called so."""
    return f"__c{column}"


def raw(column: int) -> Sql:
    """Return a column of the sheet as SQL."""
    return name(raw_name(column))


def open_sheet(connection: duckdb.DuckDBPyConnection, path: Path, scratch: Path) -> Sheet:
    """Return the table of a csv, workbook or Parquet file; raise Refused: KG802, KG803."""
    return _OPEN[check_file(path)](connection, path, scratch)


def source(sheet: Sheet, *, numbered: bool = False) -> Sql:
    """Return all rows, heading and all, as a subquery with columns `__c0`, `__c1` ...

    `numbered` adds `__row`, counted from 0; it keeps the engine to one core, so it is asked for
    only where rows are sought. No row is skipped by the reader: it loses count in quoted cells.
    """
    if sheet.format == "parquet":
        return _parquet_source(sheet, numbered=numbered)
    read = read_text(sheet, sheet.path)
    if not numbered:
        return read
    return sql(
        "(SELECT row_number() OVER () - 1 AS {row}, * FROM {read} AS given)",
        row=name(ROW),
        read=read,
    )


def read_text(sheet: Sheet, path: Path, first: str = "") -> Sql:
    """Return a csv written as the sheet is; `first` names a column of numbers before the others."""
    columns = {first: "BIGINT"} if first else {}
    return sql(
        "(SELECT * FROM read_csv({path}, auto_detect=false, header=false, columns={columns}, "
        "delim={delimiter}, quote={quote}, escape={quote}, max_line_size=4000000{line_end}))",
        path=value([str(path)]),
        columns=value(columns | {raw_name(i): "VARCHAR" for i in range(sheet.width)}),
        delimiter=value(sheet.delimiter),
        quote=value('"'),
        line_end=Sql(r", new_line='\n'" if sheet.is_regular else ""),
    )


def regular(sheet: Sheet, scratch: Path) -> Sheet:
    """Return the same csv with rows of one length and plain quoting; raise Refused (KG802)."""
    text = decoded(sheet.path, scratch)
    head, width = _head(sheet.file, text.path, sheet.delimiter)
    records = 0
    try:
        width = max(map(len, _records(text.path, sheet.delimiter)), default=width)
        _check_width(sheet.file, width)
        target = scratch / "regular.csv"
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            blank = [""] * width
            for record in _records(text.path, sheet.delimiter):
                cells = record + blank[len(record) :]
                writer.writerow([cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells])
                records += 1
    except csv.Error as error:
        raise refuse(UNREADABLE, Span(sheet.file), reason=str(error)) from error
    return replace(
        sheet,
        path=target,
        width=width,
        head=_padded(head, width),
        delimiter=",",
        records=records,
        is_regular=True,
        findings=_encoding_notes(sheet.file, text) or sheet.findings,
    )


def _open_csv(_: duckdb.DuckDBPyConnection, path: Path, scratch: Path) -> Sheet:
    text = as_utf8(path, scratch)
    delimiter = _delimiter(text.path)
    head, width = _head(path.name, text.path, delimiter)
    return Sheet(
        file=path.name,
        format="csv",
        path=_plainly_named(text.path, scratch),
        head=_padded(head, width),
        width=width,
        delimiter=delimiter,
        records=text.lines,
        is_regular=False,
        findings=_encoding_notes(path.name, text),
    )


def _head(file: str, path: Path, delimiter: str) -> tuple[list[list[str]], int]:
    """Return the first rows of a csv and the length of the longest."""
    try:
        head = list(itertools.islice(_records(path, delimiter), HEAD))
    except csv.Error as error:
        raise refuse(UNREADABLE, Span(file), reason=str(error)) from error
    width = max(map(len, head), default=0)
    _check_width(file, width)
    return head, width


def _check_width(file: str, width: int) -> None:
    if width > MOST_COLUMNS:
        raise refuse(
            TOO_LARGE,
            Span(file),
            reason=Words(
                f"{width}列，超过{MOST_COLUMNS}列", f"{width} columns, over {MOST_COLUMNS}"
            ),
        )


def _padded(head: list[list[str]], width: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) + ("",) * (width - len(row)) for row in head)


def _encoding_notes(file: str, text: PlainText) -> tuple[Finding, ...]:
    return (finding(GUESSED_ENCODING, Span(file)),) if text.encoding == "gb18030" else ()


def _open_workbook(_: duckdb.DuckDBPyConnection, path: Path, scratch: Path) -> Sheet:
    unpacked = unpack(path, scratch)
    _check_width(path.name, unpacked.width)
    head = itertools.islice(_records(unpacked.csv, ","), HEAD)
    return Sheet(
        file=path.name,
        format="workbook",
        path=unpacked.csv,
        head=tuple(tuple(row) for row in head),
        width=unpacked.width,
        records=unpacked.rows,
        merged=unpacked.merged,
        findings=tuple(
            finding(OTHER_SHEET, Span(path.name), sheet=other) for other in unpacked.others
        ),
    )


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path, scratch: Path) -> Sheet:
    import duckdb

    plain = _plainly_named(path, scratch)
    described = sql("DESCRIBE SELECT * FROM read_parquet({path})", path=value([str(plain)]))
    try:
        columns = rows(connection, described)
    except duckdb.Error as error:
        reason = Words("Parquet文件不完整", "not a whole Parquet file")
        raise refuse(UNREADABLE, Span(path.name), reason=reason) from error
    if len(columns) > MOST_COLUMNS:
        raise refuse(
            TOO_LARGE, Span(path.name), reason=f"{len(columns)} > {MOST_COLUMNS} 列 columns"
        )
    return Sheet(
        file=path.name,
        format="parquet",
        path=plain,
        head=(tuple(str(column[0]) for column in columns),),
        width=len(columns),
        types=tuple(str(column[1]) for column in columns),
    )


_OPEN = {"csv": _open_csv, "workbook": _open_workbook, "parquet": _open_parquet}


def _parquet_source(sheet: Sheet, *, numbered: bool) -> Sql:
    columns = [
        sql("{given} AS {named}", given=_native(column, sheet.types[i]), named=raw(i))
        for i, column in enumerate(sheet.head[0])
    ]
    if numbered:
        columns.insert(0, sql("file_row_number AS {row}", row=name(ROW)))
    return sql(
        "(SELECT {columns} FROM read_parquet({path}, file_row_number=true))",
        columns=joined(", ", columns),
        path=value([str(sheet.path)]),
    )


def _native(column: str, type_name: str) -> Sql:
    """Return a column of Parquet: its own value, a float by the 15 digits that a sheet shows."""
    if type_name in _DOUBLES:
        return sql("printf('%.15g', {column}::DOUBLE)", column=name(column))
    return name(column)


def _records(path: Path, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        yield from csv.reader(stream, delimiter=delimiter)


def _delimiter(path: Path) -> str:
    """Return the sign that separates most cells of the first rows."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        text = stream.read(65_536)
    return max(_DELIMITERS, key=lambda sign: (text.count(sign), -_DELIMITERS.index(sign)))


def _plainly_named(path: Path, scratch: Path) -> Path:
    """Return the path, or a link to it where its name would be read as a pattern."""
    if not set("*?[]{}") & set(str(path)):
        return path
    link = scratch / f"plain{path.suffix}"
    link.symlink_to(path.resolve())
    return link
