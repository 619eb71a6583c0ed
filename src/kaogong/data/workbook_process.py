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
    """Write the sheet as csv from A1 on; return its rows and columns."""
    assert sheet.start is not None
    above, left = sheet.start
    width = left + sheet.width
    rows = iter(sheet.iter_rows())
    count = above
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([[""] * width] * above)
        while chunk := list(itertools.islice(rows, CHUNK)):
            columns = [_digits(column) for column in zip(*chunk, strict=True)]
            writer.writerows(zip(*[("",) * len(chunk)] * left, *columns, strict=True))
            count += len(chunk)
    return count, width


def _digits(column: tuple[object, ...]) -> tuple[object, ...] | list[object]:
    """Return the cells of a column with whole numbers as such: 330301 and not 330301.0."""
    if float not in set(map(type, column)):
        return column
    return [
        int(cell) if type(cell) is float and cell.is_integer() and -EXACT < cell < EXACT else cell
        for cell in column
    ]


def _refuse(reason: str) -> int:
    sys.stderr.write(reason)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
