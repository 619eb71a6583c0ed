"""The firms everybody knows and the firms at the lines: which, how many, and what to look at.

The list stands in `cases.csv`. Its column `pool` says among whom a case's firms are chosen (empty:
the case chooses for itself; `place`: the case is about a division, park or cluster); `since` is
how many years must have been made.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """One known case."""

    id: str  # of a place: its code
    pool: str
    count: int
    since: int
    zh: str
    en: str
    look_zh: str
    look_en: str


def _read() -> tuple[Case, ...]:
    with Path(__file__).with_name("cases.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Case(row["id"], row["pool"], int(row["count"]), int(row["since"]), *_texts(row))
            for row in csv.DictReader(file)
        )


def _texts(row: dict[str, str]) -> tuple[str, str, str, str]:
    return row["zh"], row["en"], row["look_zh"], row["look_en"]


ALL = _read()
CASES = tuple(case for case in ALL if case.pool != "place")
PLACES = tuple(case for case in ALL if case.pool == "place")
CASE_OF = {case.id: case for case in CASES}
