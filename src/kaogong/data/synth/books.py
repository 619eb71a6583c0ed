"""Sheets to files: titles and merged cells, a total row where it does not belong, old encodings."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from kaogong.data.synth.city import MARK
from kaogong.data.synth.drafts import Cell, Draft

_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # same bytes whenever written
SECOND_SHEET = "最终版2(改)"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the table stands in its file: sheet, header row and rows that are not about a firm."""

    sheet: str
    header_row: int
    extra_rows: int


def write_csv(path: Path, draft: Draft) -> Placed:
    """Write a text file, in GB18030 or UTF-8 with its mark."""
    encoding = "gb18030" if draft.form == "gb18030" else "utf-8-sig"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(draft.headings)
        writer.writerows(zip(*draft.columns, strict=True))
    return Placed("", 1, 0)


def write_book(path: Path, draft: Draft, earlier: Draft | None) -> Placed:
    """Write a workbook; where an earlier version is given, it stands first and this one second."""
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False}
    ) as book:
        book.set_properties({"title": f"{draft.title} {MARK}", "created": _MADE, "comments": MARK})
        versions = [(SECOND_SHEET, draft)] if earlier is not None else [("Sheet1", draft)]
        if earlier is not None:
            versions.insert(0, ("Sheet1", earlier))
        bold = book.add_format({"bold": True, "align": "center"})
        for name, version in versions:
            sheet = book.add_worksheet(name)
            header = _titles(sheet, version, bold)
            extra = _rows(sheet, version, header)
    return Placed(versions[-1][0], header + 1, extra)


def _titles(sheet: Worksheet, draft: Draft, bold: object) -> int:
    """Write title rows and headings; return the row of the headings, counted from 0."""
    wide = len(draft.headings) - 1
    title = f"{draft.title}({MARK})"
    if draft.merged_title:
        sheet.merge_range(0, 0, 0, wide, title, bold)
        sheet.merge_range(1, 0, 1, wide, f"填报单位:{draft.office}    填报人:综合科科长")
        header = 2
    else:
        sheet.write_string(0, 0, title, bold)
        header = 1
    for n, heading in enumerate(draft.headings):
        sheet.write_string(header, n, heading, bold)
    return header


def _rows(sheet: Worksheet, draft: Draft, header: int) -> int:
    """Write the rows; return how many of them are totals."""
    at, middle = header + 1, len(draft.who) // 2 if draft.total_in_middle else -1
    for n, row in enumerate(zip(*draft.columns, strict=True)):
        if n == middle:
            _write(sheet, at, _total(draft))
            at += 1
        _write(sheet, at, row)
        at += 1
    return int(draft.total_in_middle)


def _total(draft: Draft) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for column in draft.columns:
        numbers = [cell for cell in column if isinstance(cell, (int, float))]
        cells.append(round(sum(numbers), 6) if len(numbers) * 2 > len(column) else "")
    return ("合计", *cells[1:])


def _write(sheet: Worksheet, at: int, cells: tuple[Cell, ...]) -> None:
    for n, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(at, n, cell)
        elif cell is not None:
            sheet.write_number(at, n, cell)
