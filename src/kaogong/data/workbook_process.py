"""The process that opens a workbook: `python workbook_process.py WORKBOOK CSV FACTS BYTES`.

A hostile workbook can make any reader ask for terabytes (two cells at opposite corners suffice),
and then nothing catches the end of the process. So a workbook is opened in a process of its own
that has a limit of memory and imports nothing of the project. It writes the first sheet that is
not empty as csv from A1 on, numbers as the digits they have, and a JSON of facts beside it. It
ends with 0, or with 3 and a word on what is wrong.

The error of a formula is read as an empty cell, and an office should know of it, so the errors are
looked up in the sheet itself. A cell shown as 3.02% holds 0.0302, and a reader gives only that;
whether a sheet speaks in percent or in fractions is the commonest error by a hundred, so such
cells are written as they are shown.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

REFUSED = 3
CHUNK = 1_024  # rows
MERGES = 500  # merged areas told of; only those of the head matter
PIECE = 2**20  # bytes of a sheet that are looked through at a time

_ERROR = b't="e"'  # the type of a cell whose formula failed
_SPECIAL = (",", '"', "\r", "\n")  # what a cell of a csv is quoted for
_END = "\0"  # no text of a workbook holds it
# A workbook keeps 15 digits: 0.1 + 0.2 is 0.3 in a sheet, and 330301.0 is 330301.
_PATTERNS: dict[type, str] = {float: "%.15g", int: "%d"}


def main(arguments: list[str]) -> int:
    """Unpack one workbook; return the exit code."""
    source, target, facts, limit = arguments
    _limit_memory(int(limit))
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(source) as workbook:
            told = _unpack(workbook, Path(source), Path(target))
    except python_calamine.PasswordError:
        return _refuse("locked")
    except MemoryError:
        return _refuse("memory")
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
    ) as error:
        return _refuse(str(error))
    Path(facts).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return 0


def _limit_memory(limit: int) -> None:
    """Limit the address space of this process where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _unpack(workbook: CalamineWorkbook, source: Path, target: Path) -> dict[str, object]:
    told: dict[str, object] = {"sheet": None, "others": [], "merged": [], "rows": 0, "width": 0}
    others: list[str] = []
    for place, name in enumerate(workbook.sheet_names):
        sheet = workbook.get_sheet_by_index(place)
        if sheet.start is None:
            continue
        if told["sheet"] is not None:
            others.append(name)
            continue
        merged = [area for area in sheet.merged_cell_ranges or [] if area[0][0] < MERGES]
        told |= {"sheet": name, "merged": merged[:MERGES]}
        shown = _Shown(_percent_cells(source, place), _error_cells(source, place))
        told["rows"], told["width"] = _write(sheet, target, shown)
    return told | {"others": others}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the cells of a sheet show beyond what a reader gives; columns and rows from 0."""

    percent: dict[int, frozenset[int]]  # column -> rows shown in percent
    errors: dict[int, dict[int, str]]  # column -> row -> error of its formula

    def column(self, cells: tuple[object, ...], column: int, first: int) -> tuple[object, ...]:
        """Return the cells of a column, from row `first` on, as they are shown."""
        shown = _in_percent(cells, self.percent.get(column), first)
        errors = self.errors.get(column)
        if not errors:
            return shown
        return tuple(errors.get(first + place, cell) for place, cell in enumerate(shown))


def _write(sheet: CalamineSheet, target: Path, shown: _Shown) -> tuple[int, int]:
    """Write the sheet as csv from A1 on; return its rows and columns.

    Its rows come with the blank ones above, its columns without the blank ones at the left.
    """
    left = sheet.start[1] if sheet.start else 0
    width = left + sheet.width
    rows = iter(sheet.iter_rows())
    count = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        while chunk := list(itertools.islice(rows, CHUNK)):
            columns = [
                _texts(shown.column(cells, left + place, count))
                for place, cells in enumerate(zip(*chunk, strict=True))
            ]
            blank = [("",) * len(chunk)] * left
            lines = map(",".join, zip(*blank, *columns, strict=True))
            # An empty line would be no record.
            text = "\n".join(lines if width > 1 else (line or '""' for line in lines))
            stream.write(f"{text}\n")
            count += len(chunk)
    return count, width


def _in_percent(
    column: tuple[object, ...], rows: frozenset[int] | None, first: int
) -> tuple[object, ...]:
    """Return a column with the cells shown in percent as such: 3.02%."""
    if not rows:
        return column
    return tuple(
        f"{Decimal(format(cell, '.15g')) * 100:f}%"
        if type(cell) is float and first + place in rows
        else cell
        for place, cell in enumerate(column)
    )


def _texts(column: tuple[object, ...]) -> Sequence[str]:
    """Return the cells of a column as csv writes them, numbers as a sheet shows them.

    A large sheet has millions of cells, so a column is formatted at once and not cell by cell.
    """
    kinds = set(map(type, column))
    texts: Sequence[str] = cast("tuple[str, ...]", column)
    if kinds != {str}:
        patterns = [f"{_PATTERNS.get(kind, '%s')}{_END}" for kind in kinds]
        pattern_of = dict(zip(kinds, patterns, strict=True)).__getitem__
        texts = ("".join(map(pattern_of, map(type, column))) % column).split(_END)[:-1]
        if len(texts) != len(column):
            texts = [_PATTERNS.get(type(cell), "%s") % (cell,) for cell in column]
        if "-0" in texts:
            texts = ["0" if text == "-0" else text for text in texts]
    everything = "".join(texts)
    if any(sign in everything for sign in _SPECIAL):
        return [_quoted(text) for text in texts]
    return texts


def _quoted(text: str) -> str:
    """Return a text in quotes where it needs them, with one kind of line end."""
    if not any(sign in text for sign in _SPECIAL):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace('"', '""')
    return f'"{text}"'


def _percent_cells(source: Path, place: int) -> dict[int, frozenset[int]]:
    """Return column -> rows of the cells of a sheet that are shown in percent."""
    if not zipfile.is_zipfile(source):
        return {}
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        styles = _percent_styles(archive.read("xl/styles.xml").decode("utf-8", "replace"))
        part = _part_of(archive, place) if styles else ""
        if part not in names:
            return {}
        found: dict[int, set[int]] = {}
        for column, row in _cells_of(archive.read(part), styles):
            found.setdefault(column, set()).add(row)
    return {column: frozenset(rows) for column, rows in found.items()}


def _error_cells(source: Path, place: int) -> dict[int, dict[int, str]]:
    """Return column -> row -> text of the errors of formulas, read piece by piece."""
    found: dict[int, dict[int, str]] = {}
    if not zipfile.is_zipfile(source):
        return found
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return found
        part = _part_of(archive, place)
        if part not in names:
            return found
        with archive.open(part) as stream:
            rest = b""
            while (piece := stream.read(PIECE)) and len(rest) < PIECE:
                text = rest + piece
                whole = text.rfind(b"</c>") + 1
                _add_errors(text[:whole], found)
                rest = text[whole:]
    return found


def _add_errors(text: bytes, found: dict[int, dict[int, str]]) -> None:
    at = text.find(_ERROR)
    while at >= 0:
        cell = text[text.rfind(b"<c ", 0, at) : text.find(b"</c", at)]
        address = re.search(rb"^<c [^>]*\br=\"([A-Z]{1,3})(\d{1,7})\"", cell)
        value = re.search(rb"<v>(#[^<]*)", cell)
        if address and value:
            column, row = _column(address[1]), int(address[2]) - 1
            found.setdefault(column, {})[row] = value[1].decode("utf-8", "replace")
        at = text.find(_ERROR, at + 1)


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _percent_styles(styles: str) -> frozenset[bytes]:
    """Return the numbers of the cell formats that show a number in percent."""
    shown = {"9", "10"}  # 0% and 0.00% of every workbook
    for tag in re.findall(r"<numFmt\b[^>]*>", styles):
        code = re.sub(r"&quot;.*?&quot;", "", _attribute(tag, "formatCode"))
        if "%" in code:
            shown.add(_attribute(tag, "numFmtId"))
    formats = re.search(r"<cellXfs\b.*?</cellXfs>", styles, re.DOTALL)
    tags = re.findall(r"<xf\b[^>]*>", formats[0]) if formats else []
    return frozenset(
        str(number).encode()
        for number, tag in enumerate(tags)
        if _attribute(tag, "numFmtId") in shown
    )


def _part_of(archive: zipfile.ZipFile, place: int) -> str:
    """Return the name of the part that holds a sheet."""
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    sheets = re.findall(r"<sheet\b[^>]*>", book)
    link = _attribute(sheets[place], "r:id") if place < len(sheets) else ""
    for tag in re.findall(r"<Relationship\b[^>]*>", links):
        if link and _attribute(tag, "Id") == link:
            target = _attribute(tag, "Target")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _cells_of(part: bytes, styles: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    """Yield column and row of the cells with one of these formats, both from 0."""
    for match in re.finditer(rb"<c\b([^>]*)>", part):
        style = re.search(rb"\bs=[\"'](\d+)", match[1])
        address = re.search(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})", match[1])
        if style and address and style[1] in styles:
            yield _column(address[1]), int(address[2]) - 1


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{re.escape(name)}=(?:"([^"]*)"|'([^']*)')""", tag)
    return (found[1] or found[2] or "") if found else ""


def _refuse(reason: str) -> int:
    sys.stderr.write(reason)
    return REFUSED


if __name__ == "__main__":
    gc.disable()  # millions of cells are alive at a time, and none in a circle
    ended = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(ended)  # all is written; taking millions of cells apart one by one takes time
