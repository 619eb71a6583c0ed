"""Nine sheets of the last year as offices send them, and the truth they were made from."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, fields
from fractions import Fraction
from pathlib import Path

from kaogong.data.synth.books import Placed, write_book, write_csv
from kaogong.data.synth.city import MARK
from kaogong.data.synth.dirt import ERRORS, Defect, Spoiled, spoil
from kaogong.data.synth.drafts import Draft, file_name, read_sources
from kaogong.data.synth.offices import DRAFTS
from kaogong.data.synth.region import Region
from kaogong.data.synth.write import Writer
from kaogong.data.synth.years import Facts


@dataclass(frozen=True, slots=True)
class SheetTruth:
    """What one file holds: where its table stands, how many rows, and the errors by kind."""

    file: str
    office: str
    sheet: str
    header_row: int
    encoding: str
    unit_in_title: str | None
    rows: int
    subjects: int
    rows_with_errors: int
    errors: Mapping[str, int]
    totals: Mapping[str, str]  # of the true figures, by heading


@dataclass(frozen=True, slots=True)
class SheetReport:
    """The truth about all nine files."""

    sheets: tuple[SheetTruth, ...]

    @property
    def clean_share(self) -> Fraction:
        """Return the share of rows without any planted error in the version that counts."""
        rows = sum(sheet.rows for sheet in self.sheets)
        return 1 - Fraction(sum(sheet.rows_with_errors for sheet in self.sheets), rows)


def write_sheets(region: Region, facts: Facts, writer: Writer, out: Path) -> SheetReport:
    """Write the nine files, the list of their errors and the counts."""
    out.mkdir(parents=True, exist_ok=True)
    sources = read_sources(region, facts, writer)
    truths: list[SheetTruth] = []
    defects: list[Defect] = []
    for place, make_draft in enumerate(DRAFTS, 1):
        draft = make_draft(sources)
        spoiled = spoil(draft, region.city, region.streams.of("sheets", place))
        path = out / file_name(draft, place)
        if draft.form == "xlsx":
            placed = write_book(path, spoiled.draft, spoiled.earlier)
        else:
            placed = write_csv(path, spoiled.draft)
        truths.append(_truth(path, draft, spoiled, placed))
        defects += spoiled.defects
    _write_truth(out, region.last_year, truths, defects)
    return SheetReport(tuple(truths))


def _truth(path: Path, draft: Draft, spoiled: Spoiled, placed: Placed) -> SheetTruth:
    counted = Counter(defect.kind for defect in spoiled.defects)
    wrong = {defect.row for defect in spoiled.defects if defect.kind != "corrected_later"}
    encoding = {"xlsx": "", "gb18030": "gb18030", "utf8": "utf-8-sig"}[draft.form]
    return SheetTruth(
        path.name, draft.office, placed.sheet, placed.header_row, encoding, draft.unit,
        len(spoiled.draft.who), len({n for n in draft.who if n >= 0}), len(wrong),
        dict(sorted(counted.items())), _totals(draft),
    )  # fmt: skip


def _totals(draft: Draft) -> dict[str, str]:
    """Return exact sums of the columns that hold numbers; a running number has none."""
    totals = {}
    for heading, column in zip(draft.headings, draft.columns, strict=True):
        numbers = [cell for cell in column if isinstance(cell, (int, float))]
        if numbers and heading != "序号":
            digits = 0 if all(isinstance(cell, int) for cell in numbers) else 6
            units = sum(round(cell * 10**digits) for cell in numbers)
            totals[heading] = (
                f"{units // 10**digits}.{units % 10**digits:06d}"
                if digits and units >= 0
                else str(Fraction(units, 10**digits))
            )
    return totals


def _write_truth(out: Path, year: int, truths: list[SheetTruth], defects: list[Defect]) -> None:
    shown = {
        "mark": MARK,
        "period": str(year),
        "kinds": dict(ERRORS),
        "sheets": [asdict(truth) for truth in truths],
    }
    text = json.dumps(shown, ensure_ascii=False, indent=1)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8")
    with (out / "defects.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Defect)])
        writer.writerows(astuple(defect) for defect in defects)
