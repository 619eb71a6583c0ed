"""The file that the bench reads: one year of firms in 60 columns, at any size, always the same.

Nothing is drawn: every cell is a hash of its row's number, so machines with one version of DuckDB
make one file. Rows lie by county and key. Counties differ in size as real ones do (of 2,844 the
largest holds 0.85 %); size and figures are log-logistic, so that few firms hold most of a sum; 3 %
of the figures are missing, 1 % of the bases energy, emission and R&D are zero.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

COUNTIES = 2_844
INDUSTRIES = 31
COLUMNS = 60
PERIOD = "2024"
TEXTS = ("ent_id", "county", "industry", "period")
# What the writer does when it is told nothing else; the floor and the job read this layout.
LAYOUT = "FORMAT PARQUET, COMPRESSION ZSTD, PARQUET_VERSION V1, ROW_GROUP_SIZE 122880"
MEMORY = "2GB"


@dataclass(frozen=True, slots=True)
class Field:
    """One figure of a firm: its median, its decimals, the most it can be, and if it can be zero."""

    name: str
    median: int
    scale: int
    most: int
    has_zeros: bool = False


FIELDS = (
    Field("tax", 300, 2, 10**7),
    Field("land", 15, 2, 10**6),
    Field("revenue", 6_000, 2, 10**8),
    Field("added_value", 1_500, 2, 10**8),
    Field("energy", 400, 2, 10**7, has_zeros=True),
    Field("emission", 3, 4, 10**5, has_zeros=True),
    Field("rd", 180, 2, 10**7, has_zeros=True),
    Field("staff", 60, 0, 10**6),
    Field("investment", 900, 2, 10**7),
)
READ = ("ent_id", "county", "industry", *(field.name for field in FIELDS[:-1]))


def _hash(number: int) -> str:
    return f"hash((i + 1) * 4096 + {number})"


def _share(number: int) -> str:
    """Return a number between 0 and 1 for each row, never either, from the upper half of a hash."""
    return f"((({_hash(number)} >> 32) + 0.5) / 4294967296)"


def _factor(number: int, shape: float) -> str:
    """Return a log-logistic factor with median 1."""
    return f"pow(1 / {_share(number)} - 1, {shape})"


def _decimal(whole: str, scale: int) -> str:
    """Whole units as a decimal of 14 digits."""
    if not scale:
        return f"CAST({whole} AS BIGINT)"
    step = f"CAST('{10**-scale:.{scale}f}' AS DECIMAL({scale},{scale}))"
    return f"CAST(CAST({whole} AS DECIMAL(14,0)) * {step} AS DECIMAL(14,{scale}))"


def _field(place: int, field: Field) -> str:
    first = 8 * (place + 1)
    whole = f"{field.median * 10**field.scale} * size * {_factor(first, 0.39)}"
    whole = f"CAST(least({whole}, {field.most * 10**field.scale}) AS BIGINT)"
    branches = f"WHEN {_hash(first + 1)} % 100 < 3 THEN NULL"
    if field.has_zeros:
        branches += f" WHEN {_hash(first + 2)} % 100 < 1 THEN 0"
    return f"{_decimal(f'CASE {branches} ELSE {whole} END', field.scale)} AS {field.name}"


def _starts(rows: int) -> list[int]:
    """Return the first row of each county."""
    return [round(rows * (county / COUNTIES) ** 0.6) for county in range(COUNTIES)]


def statement(rows: int) -> str:
    """Return the select of all rows in their order."""
    figures = [_field(place, field) for place, field in enumerate(FIELDS)]
    spare = range(COLUMNS - len(TEXTS) - len(FIELDS))
    extras = [f"{_decimal(f'{_hash(1_024 + n)} % 100000000', 2)} AS extra_{n:02d}" for n in spare]
    starts = _starts(rows)
    counties = f"CAST({starts} AS BIGINT[])"
    guess = f"CAST(pow((i + 0.5) / {rows}, 1 / 0.6) * {COUNTIES} AS BIGINT)"
    nearest = f"least(greatest({guess}, 1), {COUNTIES - 1})"
    county = (
        f"CASE WHEN {counties}[guess + 1] <= i THEN guess"
        f" WHEN {counties}[guess] <= i THEN guess - 1 ELSE guess - 2 END"
    )
    return f"""
    SELECT 'K' || lpad(CAST(place * {COUNTIES} + county AS VARCHAR), 9, '0') AS ent_id,
           'C' || lpad(CAST(county AS VARCHAR), 4, '0') AS county,
           'I' || lpad(CAST({_hash(1)} % {INDUSTRIES} AS VARCHAR), 2, '0') AS industry,
           '{PERIOD}' AS period, {", ".join((*figures, *extras))}
    FROM (SELECT i, county, i - {counties}[county + 1] AS place, {_factor(0, 0.55)} AS size
          FROM (SELECT i, {county} AS county
                FROM (SELECT i, {nearest} AS guess FROM range({rows}) AS rows(i))))"""


def make(path: Path, rows: int) -> Path:
    """Write the file, unless it is there; return its path."""
    if path.exists():
        return path
    import duckdb

    unfinished = path.with_suffix(".unfinished")
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        connection.execute(f"COPY ({statement(rows)}) TO '{unfinished}' ({LAYOUT})")
    unfinished.rename(path)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the file that the bench reads.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    print(make(asked.path, asked.rows))
