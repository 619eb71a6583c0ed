"""The nine offices' sheets before anything goes wrong: the truth in each office's own layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kaogong.data.synth.city import MARK
from kaogong.data.synth.region import Region
from kaogong.data.synth.streams import BoolArray
from kaogong.data.synth.table import subject
from kaogong.data.synth.write import Writer
from kaogong.data.synth.years import MISSING, SCALES, Facts

Cell = str | float | int | None
MASTER = (
    "uscc", "name", "former_name", "entity_kind", "registration_type", "registration_state",
    "registered_capital", "address", "industry", "founded_on", "division",
)  # fmt: skip
PARCEL = (
    "subject_id", "certificate_no", "area", "right_type", "land_use", "term_start", "term_end",
    "holder",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """One sheet: headings, columns of cells, and whom each row is about."""

    id: str
    office: str
    title: str
    headings: tuple[str, ...]
    columns: list[list[Cell]]
    who: list[int]  # -1: a row about no firm
    names: int | None = None  # column of names
    codes: int | None = None  # column of credit codes
    money: tuple[int, ...] = ()  # columns that may be off by 10,000
    dates: tuple[int, ...] = ()  # columns that may hold a spreadsheet's day number
    form: str = "xlsx"
    unit: str | None = None  # said in the title only
    merged_title: bool = False
    total_in_middle: bool = False
    corrected: tuple[int, ...] = ()  # columns that a second sheet corrects
    blanks: tuple[str, ...] = ("",)
    wide: int | None = None  # column with some numbers in full-width digits


@dataclass(frozen=True, slots=True)
class Sources:
    """What drafts are made from: facts of the last year and the written registers."""

    region: Region
    facts: Facts
    master: dict[str, list[object]]
    parcels: dict[str, list[object]]

    def rows(self, who: BoolArray) -> list[int]:
        """Return the places of firms with figures in the last year, in order."""
        alive = self.region.people.alive(len(self.region.years) - 1)
        return [int(n) for n in np.flatnonzero(alive & who)]

    def text(self, name: str, who: Sequence[int]) -> list[Cell]:
        """Return a text column of the master list for some firms."""
        column = self.master[name]
        return [None if column[n] is None else str(column[n]) for n in who]

    def figures(self, name: str, who: Sequence[int], divisor: int = 1) -> list[Cell]:
        """Return a fact for some firms in its unit over `divisor`; None where it is missing."""
        digits = SCALES[name] + len(str(divisor)) - 1
        return [_figure(value, digits) for value in self._units(name, who)]

    def flags(self, name: str, who: Sequence[int], yes: str, no: str) -> list[Cell]:
        """Return a yes or no for some firms in the office's own signs."""
        return [yes if value == 1 else no for value in self._units(name, who)]

    def _units(self, name: str, who: Sequence[int]) -> list[int]:
        units: list[int] = self.facts[name][np.array(who, dtype=np.int64)].tolist()
        return units

    def mu(self, name: str, who: Sequence[int]) -> list[Cell]:
        """Return land in mu with four decimals; it is kept in hundredths of a square metre."""
        units = self._units(name, who)
        return [None if value == MISSING else round(value * 3 / 200_000, 4) for value in units]


def _figure(units: int, digits: int) -> Cell:
    if units == MISSING:
        return None
    return round(units / 10**digits, digits) if digits else units


def read_sources(region: Region, facts: Facts, writer: Writer) -> Sources:
    """Read the registers that the sheets are made from."""
    master = writer.read("enterprise", MASTER)
    parcels = writer.read("parcel", PARCEL)
    return Sources(region, facts, master, parcels)


def file_name(draft: Draft, place: int) -> str:
    """Return the name of a sheet's file, marked on its face."""
    ending = "xlsx" if draft.form == "xlsx" else "csv"
    return f"{place:02d}_{draft.office}_{draft.id}_{MARK}.{ending}"


def named(place: int) -> str:
    """Return the subject id of a row's firm, or a dash where it is about no single firm."""
    return "-" if place < 0 else subject(place)


def day_number(text: str) -> int:
    """Return the day number a spreadsheet shows for a date."""
    return (date.fromisoformat(text) - date(1899, 12, 30)) // timedelta(days=1)
