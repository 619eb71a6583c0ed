"""A delivered sheet of twelve columns as csv, with faults of every kind at known rows.

The credit codes stand under division 990000, which was never assigned, and carry their check digit.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from bench.data import make

PROGRAMME = Path(__file__).parent / "delivery"
REGISTER = "sheet"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY = "'91990000' || lpad(CAST(row AS VARCHAR), 9, '0')"


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands instead in one column, in each row whose number leaves `rest` at `every`."""

    column: str
    instead: str  # SQL
    every: int
    rest: int


# The remainders differ modulo 1,000, so that no row has two faults.
FAULTS = (
    Fault("uscc", f"{_BODY} || '*'", 1_000, 7),
    Fault("industry", "'I99'", 5_000, 11),
    Fault("founded_on", "'2024-02-31'", 5_000, 13),
    Fault("above_scale", "'maybe'", 5_000, 17),
    Fault("tax", "'about 12'", 2_000, 19),
    Fault("land", "'-3'", 5_000, 23),
    Fault("staff", "'77777'", 5_000, 29),
    Fault("name", "NULL", 5_000, 31),
)
_COLUMNS = {
    "uscc": ("统一社会信用代码", f"{_BODY} || digit"),
    "name": ("企业名称", "'企业' || ent_id"),
    "county": ("县区", "county"),
    "industry": ("行业", "industry"),
    "founded_on": ("成立日期", "CAST(date '1990-01-01' + CAST(row % 12000 AS INTEGER) AS VARCHAR)"),
    "above_scale": ("规上", "CASE WHEN revenue >= 2000 THEN '是' ELSE '否' END"),
    "tax": ("税收（万元）", "tax"),
    "land": ("用地（亩）", "land"),
    "revenue": ("收入（万元）", "revenue"),
    "energy": ("能耗（吨标煤）", "energy"),
    "rd": ("研发（万元）", "rd"),
    "staff": ("人数（人）", "staff"),
}


def faulty(rows: int) -> int:
    """Return in how many rows something is wrong."""
    return sum(len(range(fault.rest, rows, fault.every)) for fault in FAULTS)


def _digit() -> str:
    terms = (f"CAST(substr(body, {k + 1}, 1) AS BIGINT) * {pow(3, k, 31)}" for k in range(17))
    return f"substr('{_ALPHABET}', CAST((31 - ({' + '.join(terms)}) % 31) % 31 AS BIGINT) + 1, 1)"


def _cell(column: str) -> str:
    title, right = _COLUMNS[column]
    branches = " ".join(
        f"WHEN row % {fault.every} = {fault.rest} THEN {fault.instead}"
        for fault in FAULTS
        if fault.column == column
    )
    cell = f"CASE {branches} ELSE CAST({right} AS VARCHAR) END" if branches else right
    return f'{cell} AS "{title}"'


def make_sheet(path: Path, firms: Path) -> Path:
    """Write the sheet of the firms in a file, unless it is there; return its path."""
    if path.exists():
        return path
    import duckdb

    unfinished = path.with_suffix(".unfinished")
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT {", ".join(map(_cell, _COLUMNS))}
                FROM (SELECT *, {_digit()} AS digit
                      FROM (SELECT *, {_BODY} AS body
                            FROM (SELECT *, file_row_number AS row
                                  FROM read_parquet('{firms}', file_row_number = true)))))
            TO '{unfinished}' (FORMAT CSV, HEADER)"""
        )
    unfinished.rename(path)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the sheet that the bench takes in.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    print(make_sheet(asked.path, make(asked.path.with_suffix(".parquet"), asked.rows)))
