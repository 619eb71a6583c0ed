"""Write the table of working days of the library from the package chinesecalendar.

Run it when the General Office of the State Council has published next year's notice and the package
has taken it in: `python scripts/make_calendar.py`. The table is reviewed and kept in git, so that a
new version of the package changes no result by itself.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, workdays

TABLE = Path(__file__).parent.parent / "src/kaogong/programmes/library/calendars/cn.csv"

# Statutory days on fixed dates: 全国年节及纪念日放假办法, State Council Order 795, article 2,
# in force from 2025-01-01. They answer for years whose notice is not out yet.
YEARLY = [
    (date(2025, 1, 1), "元旦"),
    (date(2025, 5, 1), "劳动节"),
    (date(2025, 5, 2), "劳动节"),
    (date(2025, 10, 1), "国庆节"),
    (date(2025, 10, 2), "国庆节"),
    (date(2025, 10, 3), "国庆节"),
]

# Days of a notice that the package lacks.
ADDED = [
    # 国办发明电〔2005〕35号 on the holidays of 2006, item 1: 12月31日(星期六)上班
    ("2005-12-31", "workday", "元旦"),
]


def rows() -> list[tuple[str, str, str]]:
    """Return date, kind and name of each day that a notice names, then the yearly ones."""
    named = [("holiday", holidays), ("workday", workdays)]
    days = [
        (day.isoformat(), kind, Holiday(name).chinese)
        for kind, table in named
        for day, name in table.items()
    ]
    return sorted(days + ADDED) + [(day.isoformat(), "yearly", name) for day, name in YEARLY]


def main() -> None:
    """Write the table and say how many rows it has."""
    written = rows()
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("date", "kind", "name"))
        writer.writerows(written)
    print(f"{TABLE.name}: {len(written)} rows, notices to {max(holidays).year}")


if __name__ == "__main__":
    main()
