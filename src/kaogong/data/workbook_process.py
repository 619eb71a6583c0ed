"""The process that opens a workbook: `python workbook_process.py WORKBOOK CSV FACTS BYTES`.

A hostile workbook can make any reader ask for terabytes (two cells at opposite corners suffice),
and then nothing catches the end of the process. So a workbook is opened in a process of its own
that has a limit of memory and imports little. It writes the first sheet that is not empty as csv
from A1 on, numbers as the digits they have, and a JSON of facts beside it. It ends with 0, or with
3 and a word on what is wrong. A large ordinary sheet is read by arrays, any other by a general
reader; both give the same.

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

from kaogong.data.workbook_styles import attribute, cell_formats
from kaogong.data.workbook_texts import QUOTED, Unusual, quoted, shared_texts

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from kaogong.data.workbook_arrays import Found

Area = tuple[tuple[int, int], tuple[int, int]]

REFUSED = 3
CHUNK = 1_024  # rows
MERGES = 500  # merged areas told of; only those of the head matter
PIECE = 2**20  # bytes of a sheet that are looked through at a time
LARGE = 2**20  # bytes of a sheet from which loading arrays pays

_ERROR = b't="e"'  # the type of a cell whose formula failed
_END = "\0"  # no text of a workbook holds it
# A workbook keeps 15 digits: 0.1 + 0.2 is 0.3 in a sheet, and 330301.0 is 330301.
_PATTERNS: dict[type, str] = {float: "%.15g", int: "%d"}


def main(arguments: list[str]) -> int:
    """Unpack one workbook; return the exit code."""
    source, target, facts, limit = arguments
    _limit_memory(int(limit))
    import python_calamine

    try:
        told = _unpack(Path(source), Path(target))
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


def _unpack(source: Path, target: Path) -> dict[str, object]:
    import python_calamine

    ordinary = _unpack_by_arrays(source, target)
    if ordinary is not None and ordinary["sheet"] is not None:
        return ordinary
    with python_calamine.CalamineWorkbook.from_path(source) as workbook:
        return _unpack_all(workbook, source, target, ordinary)


def _unpack_all(
    workbook: CalamineWorkbook, source: Path, target: Path, first: dict[str, object] | None
) -> dict[str, object]:
    """Return the facts of a workbook; those of its `first` sheet where it was unpacked already."""
    told: dict[str, object] = {"sheet": None, "others": [], "merged": [], "rows": 0, "width": 0}
    others: list[str] = []
    for place, name in enumerate(workbook.sheet_names):
        if place == 0 and first is not None:
            told = first | {"sheet": name}
            continue
        sheet = workbook.get_sheet_by_index(place)
        if sheet.start is None:
            continue
        if told["sheet"] is not None:
            others.append(name)
            continue
        told |= {"sheet": name, "merged": _heads(sheet.merged_cell_ranges or [])}
        shown = _Shown(_percent_cells(source, place), _error_cells(source, place))
        told["rows"], told["width"] = _write(sheet, target, shown)
    return told | {"others": others}


def _heads(merged: Sequence[Area]) -> list[Area]:
    return [area for area in merged if area[0][0] < MERGES][:MERGES]


def _unpack_by_arrays(source: Path, target: Path) -> dict[str, object] | None:
    """Write the first sheet where it is large and ordinary; return its facts, else None.

    It is left unnamed where the workbook has further sheets to look at.
    """
    if not zipfile.is_zipfile(source):
        return None
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return None
        part = _part_of(archive, 0)
        if part not in names or archive.getinfo(part).file_size < LARGE:
            return None
        read = _read_by_arrays(archive, part)
    if read is None:
        return None
    found, name = read
    with target.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"{line}\n" for line in found.lines())
    merged = _heads(_merged(found.behind))
    facts = {"sheet": name, "others": [], "merged": merged}
    return facts | {"rows": found.rows, "width": found.width}


def _read_by_arrays(archive: zipfile.ZipFile, part: str) -> tuple[Found, str | None] | None:
    """Return what a sheet holds, and the name of the only sheet; None where it is unusual."""
    from kaogong.data.workbook_arrays import book_of, read_sheet

    names = set(archive.namelist())
    texts, styles = (
        archive.read(each) if each in names else b""
        for each in ("xl/sharedStrings.xml", "xl/styles.xml")
    )
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    sheets = [attribute(tag, "name") for tag in re.findall(r"<sheet\b[^>]*>", book)]
    if re.search(r"date1904=[\"'](?:1|true)", book):
        return None
    try:
        formats = cell_formats(styles.decode("utf-8", "replace"))
        with archive.open(part) as stream:
            found = read_sheet(stream, book_of(shared_texts(texts), formats))
    except (Unusual, UnicodeDecodeError):
        return None
    is_plain = len(sheets) == 1 and "&" not in sheets[0]
    return found, sheets[0] if is_plain else None


def _merged(behind: bytes) -> list[Area]:
    """Return the merged areas that are told of behind the rows of a sheet."""
    areas = re.findall(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', behind)
    return [
        ((int(top) - 1, _column(left)), (int(bottom) - 1, _column(right)))
        for left, top, right, bottom in areas
    ]


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
    if QUOTED.search(everything):
        return [quoted(text) for text in texts]
    return texts


def _percent_cells(source: Path, place: int) -> dict[int, frozenset[int]]:
    """Return column -> rows of the cells of a sheet that are shown in percent."""
    if not zipfile.is_zipfile(source):
        return {}
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        formats = cell_formats(archive.read("xl/styles.xml").decode("utf-8", "replace"))
        styles = frozenset(b"%d" % n for n, kind in formats.items() if kind == "percent")
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


def _part_of(archive: zipfile.ZipFile, place: int) -> str:
    """Return the name of the part that holds a sheet."""
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    sheets = re.findall(r"<sheet\b[^>]*>", book)
    link = attribute(sheets[place], "r:id") if place < len(sheets) else ""
    for tag in re.findall(r"<Relationship\b[^>]*>", links):
        if link and attribute(tag, "Id") == link:
            target = attribute(tag, "Target")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _cells_of(part: bytes, styles: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    """Yield column and row of the cells with one of these formats, both from 0."""
    for match in re.finditer(rb"<c\b([^>]*)>", part):
        style = re.search(rb"\bs=[\"'](\d+)", match[1])
        address = re.search(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})", match[1])
        if style and address and style[1] in styles:
            yield _column(address[1]), int(address[2]) - 1


def _refuse(reason: str) -> int:
    sys.stderr.write(reason)
    return REFUSED


if __name__ == "__main__":
    gc.disable()  # millions of cells are alive at a time, and none in a circle
    ended = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(ended)  # all is written; taking millions of cells apart one by one takes time
