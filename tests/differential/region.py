"""Rows of the small region: the same for every engine and, as records, for the oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from kaogong.language.calendar import Calendar, Row, make_calendar
from kaogong.language.evaluate import Record, Unknown, Value
from kaogong.language.period import read_period
from kaogong.programme.programme import Programme
from tests.differential.dice import Dice
from tests.differential.edges import firm, keys
from tests.differential.world import programme

PERIOD, EARLIER = "2022", ("2021", "2020", "2019")
AS_OF = date(2023, 5, 15)
CALENDAR: Calendar = make_calendar(
    "cn",
    [
        Row(date(2022, 10, 1), "holiday", "国庆"),
        Row(date(2023, 1, 1), "holiday", "元旦"),
        Row(date(2023, 5, 1), "holiday", "劳动节"),
        Row(date(2023, 5, 2), "holiday", "劳动节"),
        Row(date(2023, 5, 3), "holiday", "劳动节"),
        Row(date(2023, 5, 6), "workday", "劳动节"),
        Row(date(2000, 10, 1), "yearly", "国庆"),
    ],
)
PERIODIC = {
    "enterprise_year": "years", "enterprise_month": "months", "enterprise_joint": "joint",
}  # fmt: skip
PARKS = ("P1", "P2", "P3", "P4", None)  # of a year; the fourth is in no register
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Region:
    """The rows of each register; a state stands beside a field as `field__state`."""

    rows: Mapping[str, Rows]


@cache
def region(count: int = 120, seed: int = 1) -> Region:
    """Return a region of `count` firms."""
    dice = Dice(seed)
    rows: dict[str, Rows] = {name: [] for name in programme().book.registers()}
    for subject in keys("F", count):
        drawn = firm(dice)
        rows["enterprise"].append({"subject_id": subject, **drawn["own"]})
        for text, cells in drawn["years"].items():
            cells["year_park"] = PARKS[(int(text) + len(rows["enterprise"])) % len(PARKS)]
        for register, part in PERIODIC.items():
            for text, cells in reversed(drawn[part].items()):
                rows[register].append({"subject_id": subject, "period": text, **cells})
        for place, cells in enumerate(drawn["incidents"]):
            rows["incident"].append({"subject_id": subject, "incident_no": f"{place}", **cells})
    for park, level in (("P1", "国家级"), ("P2", "省级"), ("P3", None)):
        rows["park"].append({"subject_id": park, "level": level})
        for text, tax in ((PERIOD, Decimal("12.34")), ("2021", Decimal(0)), ("2020", None)):
            rows["park_year"].append({"subject_id": park, "period": text, "park_tax": tax})
    return Region(rows)


# -- the oracle's view ----------------------------------------------------------------------


def records(of: Region, period: str = PERIOD) -> dict[str, Record]:
    """Return every firm as the oracle sees it."""
    parks_seen = {
        row["subject_id"]: _record(
            {"park": [row], "park_year": _of(of, "park_year", row["subject_id"])}, period
        )
        for row in of.rows["park"]
    }
    made: dict[str, Record] = {}
    for row in of.rows["enterprise"]:
        subject = row["subject_id"]
        own = {"enterprise": [row], **{name: _of(of, name, subject) for name in PERIODIC}}
        children = [
            _record({"incident": [r]}, None, _links(r, "site", parks_seen))
            for r in _of(of, "incident", subject)
        ]
        links = _links(row, "park", parks_seen)
        for year in own["enterprise_year"]:
            links |= _links(year, "year_park", parks_seen)
        made[subject] = _record(own, period, links, {"incident": children})
    return made


def _of(of: Region, register: str, subject: str) -> Rows:
    return [row for row in of.rows[register] if row["subject_id"] == subject]


def _links(row: dict[str, Any], field: str, parks_seen: Mapping[str, Record]) -> dict[Any, Any]:
    there = parks_seen.get(row.get(field) or "")
    return {(field, row.get("period")): there} if there is not None else {}


def _record(
    own: Mapping[str, Rows], period: str | None, links: Any = None,
    children: Mapping[str, Sequence[Record]] | None = None,
) -> Record:  # fmt: skip
    return replace(record_of(programme(), own, period), children=children or {}, links=links or {})


def record_of(of: Programme, own: Mapping[str, Rows], period: str | None) -> Record:
    """Return a record with the cells of its rows, by register."""
    cells: dict[tuple[str, str | None], Value] = {}
    for register, rows in own.items():
        for row in rows:
            for fact in of.book.facts_of(register):
                if fact.id != "period":
                    cells[fact.id, row.get("period")] = _cell(row, fact.id, fact.kind)
    made = read_period(period) if period else None
    return Record(AS_OF, CALENDAR, made, cells)


def _cell(row: Mapping[str, Any], name: str, kind: Any) -> Value:
    value = row.get(name)
    if value is None:
        return Unknown(row.get(f"{name}__state") or "not_reported")
    if kind.name == "number":
        return Fraction(value) * kind.unit.factor
    return date.fromisoformat(value) if kind.name == "date" and isinstance(value, str) else value
