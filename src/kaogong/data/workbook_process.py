"""The process that opens a workbook: `python workbook_process.py WORKBOOK CSV FACTS BYTES`.

A hostile workbook can make any reader ask for terabytes (two cells at opposite corners suffice),
and then nothing catches the end of the process. So a workbook is opened in a process of its own
that has a limit of memory and imports nothing of the project. It writes the first sheet that is
not empty as csv from A1 on, numbers as the digits they have, and a JSON of facts beside it. It
ends with 0, or with 3 and a word on what is wrong.
"""

from __future__ import annotations

import csv
import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

REFUSED = 3
CHUNK = 4_096  # rows
EXACT = 10**15  # whole numbers below it have all their digits in a workbook
MERGES = 500  # merged areas told of; only those of the head matter


def main(arguments: list[str]) -> int:
    """Unpack one workbook; return the exit code."""
    source, target, facts, limit = arguments
    _limit_memory(int(limit))
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(source) as workbook:
            told = _unpack(workbook, Path(target))
    except python_calamine.PasswordError:
        return _refuse("locked")
    except MemoryError:
        return _refuse("memory")
    except (python_calamine.CalamineError, OSError, ValueError) as error:
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


def _unpack(workbook: CalamineWorkbook, target: Path) -> dict[str, object]:
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
        told["rows"], told["width"] = _write(sheet, target)
    return told | {"others": others}


def _write(sheet: CalamineSheet, target: Path) -> tuple[int, int]:
    """Write the sheet as csv from A1 on; return its rows and columns.

    Its rows come with the blank ones above, its columns without the blank ones at the left.
    """
    left = sheet.start[1] if sheet.start else 0
    rows = iter(sheet.iter_rows())
    count = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        while chunk := list(itertools.islice(rows, CHUNK)):
            columns = [_digits(column) for column in zip(*chunk, strict=True)]
            writer.writerows(zip(*[("",) * len(chunk)] * left, *columns, strict=True))
            count += len(chunk)
    return count, left + sheet.width


def _digits(column: tuple[object, ...]) -> tuple[object, ...] | list[object]:
    """Return the cells of a column with numbers as a sheet shows them: 330301, 0.3."""
    kinds = set(map(type, column))
    if float in kinds:
        column = tuple(_shown(cell) if type(cell) is float else cell for cell in column)
    if str in kinds and any(type(cell) is str and "\r" in cell for cell in column):
        return [_one_line_end(cell) for cell in column]
    return column


def _shown(number: float) -> str | int:
    """Return a number with the 15 digits that a workbook keeps: 0.1 + 0.2 is 0.3 in a sheet."""
    if number.is_integer() and -EXACT < number < EXACT:
        return int(number)
    return format(number, ".15g")


def _one_line_end(cell: object) -> object:
    """Return a text with one kind of line end, so that the csv has but one."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else cell


def _refuse(reason: str) -> int:
    sys.stderr.write(reason)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
