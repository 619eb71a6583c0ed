"""The synthetic region as files: the whole way from a seed to a folder that `kaogong run` reads."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kaogong.data.synth import events, facts, lines, master, means, records, years
from kaogong.data.synth.cases import CASE_OF, PLACES
from kaogong.data.synth.city import MARK, MARK_EN, City
from kaogong.data.synth.layout import LAYOUT
from kaogong.data.synth.plant import plant
from kaogong.data.synth.readme import readme
from kaogong.data.synth.region import Region, make
from kaogong.data.synth.sheets import SheetReport, write_sheets
from kaogong.data.synth.streams import STREAMS
from kaogong.data.synth.table import Same, Table, Texts, Units, from_rows, subject, subjects, take
from kaogong.data.synth.tell import tell
from kaogong.data.synth.write import Format, Writer

FEWEST_FIRMS = 100


@dataclass(frozen=True, slots=True)
class RegionReport:
    """What was made: rows of each register, known firms of each case, what the sheets hold."""

    out: Path
    firms: int
    years: tuple[int, ...]
    seed: int
    rows: Mapping[str, int]
    known: Mapping[str, tuple[str, ...]]
    missing_cases: tuple[str, ...] = ()  # need more firms or more years
    sheets: SheetReport | None = None
    mark: str = field(default=MARK)


def make_region(  # noqa: PLR0913 (the whole wish of a user; every part has its own name)
    programme_division: str,
    firms: int,
    years: range,
    seed: int,
    out: Path,
    *,
    sheets: bool = True,
    city: City | None = None,
    form: Format = "parquet",
) -> RegionReport:
    """Write a synthetic region of so many firms and years into a folder, the same for one seed.

    `programme_division` is noted as the programme it was made for; no firm carries it, because
    division numbers of synthetic firms were never assigned. Raises ValueError for fewer than 100
    firms, no years or a negative seed.
    """
    if firms < FEWEST_FIRMS or not len(years) or seed < 0:
        raise ValueError(
            f"firms >= {FEWEST_FIRMS}, at least one year, seed >= 0: {firms}, {years}, {seed}"
        )
    region = make(city or City(), firms, years, seed)
    if region.known:
        plant(region)
    out.mkdir(parents=True, exist_ok=True)
    with Writer(out, form) as writer:
        last = _write_years(region, writer)
        _write_registers(region, writer, last)
        writer.finish(LAYOUT)
        sheet_report = None
        if sheets and firms <= region.city.sheets_up_to:
            sheet_report = write_sheets(region, last, writer, out / "sheets")
        rows = dict(writer.rows)
    report = RegionReport(
        out, firms, tuple(years), seed, rows,
        {case: tuple(subject(n) for n in who) for case, who in region.known.items()},
        tuple(case for case in CASE_OF if case not in region.known), sheet_report,
    )  # fmt: skip
    _write_beside(region, report, programme_division)
    return report


def _write_years(region: Region, writer: Writer) -> years.Facts:
    """Write the yearly facts, a year at a time, and return those of the last year."""
    city, people, smelter = region.city, region.people, region.smelter
    mu = region.land.used.astype(np.float64) * (3 / 10_000)
    drawn = _draw(region, len(region.years) - 1)
    factors = means.find_factors(city, people, drawn, mu, smelter)
    before: years.Facts | None = None
    for at in range(len(region.years)):
        held = means.hold(city, people, _draw(region, at), factors, smelter)
        base = region.made.turnover[at - 1] if at else region.made.turnover[0] / (1 + city.growth)
        delivered = facts.YearOfFacts(city, people, region.quality, held, at)
        now = delivered.deliver(region.land, base, region.streams)
        tell(region, now, at)
        if region.known and at == len(region.years) - 1:
            lines.draw_lines(region, now, before)
        writer.add("enterprise_year", _year_table(region, now, at))
        before = now
    return now


def _draw(region: Region, at: int) -> years.Drawn:
    standing = years.Standing(region.city, region.people, region.made, region.quality)
    return years.draw_year(standing, at, region.streams)


def _year_table(region: Region, now: years.Facts, at: int) -> Table:
    year = region.years[at]
    remarks = np.full(region.people.count, None, dtype=object)
    for (when, place), text in region.remarks.items():
        if when == year:
            remarks[place] = text
    whole: Table = {
        "subject_id": subjects(np.arange(region.people.count)),
        "period": Same(str(year)),
        **{name: Units(values) for name, values in now.items()},
        "data_state": Same(MARK),
        "data_remark": Texts(remarks),
    }
    who = np.flatnonzero(region.people.alive(at))
    return {name: take(column, who) for name, column in whole.items()}


def _write_registers(region: Region, writer: Writer, last: years.Facts) -> None:
    """Write the other registers: the bulk first, then the records of the cases."""
    people, streams = region.people, region.streams
    unknown = region.without({n for who in region.known.values() for n in who})
    tables: list[Mapping[str, Table]] = [
        records.place_tables(),
        {"enterprise": master.master_table(people, region.master, region.land)},
        records.land_tables(
            people, region.master, region.land, region.without(region.own_land_rows)
        ),
        records.meter_tables(people, region.master, region.without(region.own_meter_rows), streams),
        events.event_tables(region.city, people, last, unknown, streams),
        {"subject_event": records.merger_of_districts(people)},
        {name: from_rows(name, rows) for name, rows in region.rows.items()},
    ]
    for group in tables:
        for register, table in group.items():
            writer.add(register, table)


def _write_beside(region: Region, report: RegionReport, division: str) -> None:
    """Write the marks, the parameters, the known firms and the division codes."""
    out = report.out
    (out / "README.md").write_text(readme(region, report), encoding="utf-8")
    shown = {
        "mark": {"zh": MARK, "en": MARK_EN},
        "made_for_division": division,
        "firms": report.firms,
        "years": list(report.years),
        "seed": report.seed,
        "rows": dict(sorted(report.rows.items())),
        "streams": dict(STREAMS),
        "parameters": region.city.printed(),
        "missing_cases": list(report.missing_cases),
    }
    text = json.dumps(shown, ensure_ascii=False, indent=1)
    (out / "synthetic.json").write_text(text + "\n", encoding="utf-8")
    _write_csv(out / "known_firms.csv", _known(region))
    (out / "codes").mkdir(exist_ok=True)
    _write_csv(out / "codes" / "divisions.csv", _divisions())


def _known(region: Region) -> list[list[str]]:
    rows = [["subject_id", "case", "part", "title_zh", "title_en", "look_zh", "look_en", "mark"]]
    for name, who in region.known.items():
        case = CASE_OF[name]
        rows += [[subject(place), name, str(n), case.zh, case.en, case.look_zh, case.look_en, MARK]
                 for n, place in enumerate(who, 1)]  # fmt: skip
    if region.known:
        rows += [
            [place.id, "place", "1", place.zh, place.en, place.look_zh, place.look_en, MARK]
            for place in PLACES
            if len(region.years) >= place.since
        ]
    return rows


def _divisions() -> list[list[str]]:
    """Return the invented divisions as a vocabulary.

    The merged district stays without a last day: parks and clusters are still listed under it.
    """
    rows = [["code", "title", "parent", "from", "to"]]
    rows += [[code, name, upper or "", "", ""] for code, name, _, upper in records.division_rows()]
    return rows


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
