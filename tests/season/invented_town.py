"""The season's town: 51 filled schemes in one programme, an invented city, and runs over it.

The city is made once and every scheme is run once in a process, for the last of the city's years in
which it is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from kaogong.data.folder import read_bundle, shelf
from kaogong.data.synth.city import City
from kaogong.data.synth.make import make_region
from kaogong.engine.run import Order, Report, run
from kaogong.language.finding import Finding
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme
from kaogong.programme.rules import GroupRule, SchemeRules
from tests.thorough import is_chosen

FOLDER = Path(__file__).parent / "town"
FIRMS = 1_500  # the fewest that hold every known case
YEARS = range(2021, 2025)
Row = Mapping[str, Any]


def read_rows(path: Path, where: str = "true") -> list[Row]:
    """Return the rows of a Parquet file that meet a condition."""
    found = duckdb.execute(f"SELECT * FROM read_parquet('{path}') WHERE {where}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass(frozen=True, slots=True)
class Season:
    """One scheme's run over the city."""

    rules: SchemeRules
    period: str
    report: Report

    def _rows(self, relation: str) -> list[Row]:
        assert self.report.out is not None, [f.sentence("en") for f in self.report.findings]
        return read_rows(self.report.out / relation / f"{self.rules.id}.parquet")

    @property
    def rows(self) -> list[Row]:
        """Return the results, one a subject."""
        return self._rows("scheme_result")

    @property
    def units(self) -> list[Row]:
        """Return the results without those that share another's."""
        return [row for row in self.rows if row["merged_into"] is None]

    @property
    def findings(self) -> list[Finding]:
        """Return what was said of the scheme's own files and of the data."""
        id = self.rules.id
        return [f for f in self.report.findings if id in f.span.file or ".parquet" in f.span.file]

    @property
    def by_subject(self) -> dict[str, Row]:
        """Return the results by subject."""
        return {row["subject"]: row for row in self.rows}

    @property
    def parts(self) -> dict[str, Row]:
        """Return figures and points of the lines by subject."""
        return {row["subject"]: row for row in self._rows("scheme_part")}

    def group(self, row: Row) -> GroupRule:
        """Return the group of a row."""
        return next(g for g in self.rules.groups if g.id == row["group"])


@dataclass
class Town:
    """The programme, the city, and the runs made so far."""

    place: Path
    whole: bool = True  # else only a third of the schemes is run together
    runs: dict[str, Season] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """Return the folder of the city."""
        return self._city[0]

    @property
    def known(self) -> dict[str, list[str]]:
        """Return the firms of each known case."""
        return self._city[1]

    @cached_property
    def _city(self) -> tuple[Path, dict[str, list[str]]]:
        """Make the city."""
        out = self.place / "city"
        city = City(edges_from=FIRMS)
        report = make_region("980100", FIRMS, YEARS, 1, out, sheets=False, city=city)
        assert not report.missing_cases
        return out, {case: list(firms) for case, firms in report.known.items()}

    @cached_property
    def programme(self) -> Programme:
        """Load the town's programme with the city's own division codes."""
        bundle, unread = read_bundle(FOLDER, "town")
        assert not unread
        codes = (self.data / "codes" / "divisions.csv").read_bytes()
        return load_programme(
            Bundle("town", {**bundle.files, "codes/divisions.csv": codes}), shelf()
        )

    def season(self, id: str) -> Season:
        """Return a scheme's run: with all of its period, or alone where that is refused."""
        if id not in self.runs:
            period = self.period(id)
            together = [
                i
                for i in self.programme.schemes
                if self._stands(i) == self._stands(id) and (self.whole or i == id or is_chosen(i))
            ]
            report = self.run(
                period, tuple(together), self.place / f"all_{period}_{len(self.runs)}"
            )
            made = together if report.out is not None else [id]
            if report.out is None:
                report = self.run(period, (id,), self.place / id)
            for each in made:
                self.runs[each] = Season(self.programme.schemes[each], period, report)
        return self.runs[id]

    def _stands(self, id: str) -> tuple[str, Path]:
        return self.period(id), self._data_of(id)

    def _data_of(self, id: str) -> Path:
        return self.complete if self.programme.schemes[id].subject == "division" else self.data

    def run(self, period: str, schemes: tuple[str, ...], out: Path) -> Report:
        """Run schemes over the city for a period."""
        return run(self.programme, Order(self._data_of(schemes[0]), period, out, schemes=schemes))

    def period(self, id: str) -> str:
        """Return the last of the city's years in which a scheme is in force."""
        last = self.programme.documents["Scheme", id].model.effective_to
        year = min(int(str(last)[:4]), YEARS[-1]) if last is not None else YEARS[-1]
        return str(max(year, YEARS[0]))

    def facts(self, period: str) -> dict[str, Row]:
        """Return the yearly facts of a period by subject."""
        rows = read_rows(self.data / "enterprise_year.parquet", f"period = '{period}'")
        return {row["subject_id"]: row for row in rows}

    def records(self, register: str) -> list[Row]:
        """Return every record of a register."""
        return read_rows(self.data / f"{register}.parquet")

    @cached_property
    def complete(self) -> Path:
        """Return the city with only those yearly facts that can be added up: nothing unknown."""
        out = self.place / "complete"
        out.mkdir()
        for path in self.data.glob("*.parquet"):
            (out / path.name).symlink_to(path)
        (out / "enterprise_year.parquet").unlink()
        duckdb.execute(
            f"COPY (SELECT * FROM read_parquet('{self.data}/enterprise_year.parquet') WHERE "
            "revenue IS NOT NULL AND staff IS NOT NULL AND value_added IS NOT NULL) "
            f"TO '{out}/enterprise_year.parquet'"
        )
        return out


def ratio(top: object, bottom: object, factor: Fraction = Fraction(1)) -> Fraction | None:
    """Return a quotient, nothing where a part is missing or the base is not positive."""
    if top is None or bottom is None or Fraction(str(bottom)) <= 0:
        return None
    return Fraction(str(top)) / Fraction(str(bottom)) * factor


def rounded(value: Fraction, decimals: int = 4) -> Fraction:
    """Return a value rounded half away from zero."""
    scaled = abs(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**decimals)
