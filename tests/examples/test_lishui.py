"""Ten areas of Lishui, 2019, against fractions worked out here from the published figures alone."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine.run import Order, run
from kaogong.language.quantity import round_half_away
from kaogong.programme.programme import load_programme

FIELDS = (
    "tax_per_mu_wan_per_mu",
    "va_per_mu_wan_per_mu",
    "va_per_energy_wan_per_tce",
    "va_per_emission_wan_per_t",
    "labour_productivity_wan_per_person_year",
    "rd_ratio_percent",
)
WEIGHTS = (30, 20, 20, 10, 10, 10)
PUBLISHED = {
    "2021": ("26.01", "132.27", "2.54", "4861.08", "17.45", "0.0305"),
    "2022": ("24.097", "136.16", "2.694", "4929.81", "18.14", "0.0302"),
}
SCHEMES = {
    "huangyan_2021": ("2021", None),
    "huangyan_2022": ("2022", None),
    "huangyan_2021_other": ("2021", Fraction(10)),
    "huangyan_2022_other": ("2022", Fraction(10)),
}
Points = list[Fraction | None]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    folder = examples / "lishui-2019"
    bundle, _ = read_bundle(folder / "programme")
    programme = load_programme(bundle, shelf(folder / "programme"))
    out = tmp_path_factory.mktemp("lishui") / "run"
    report = run(programme, Order(folder / "data", "2019", out, csv=True))
    assert [f.id for f in report.findings] == ["KG719"]  # Jingde's weights are an example
    return out / "scheme_result"


@pytest.fixture(scope="module")
def areas(examples: Path) -> list[dict[str, str]]:
    with (examples / "lishui-2019" / "data" / "area.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def figure(area: dict[str, str], field: str) -> Fraction | None:
    if not area[field]:
        return None
    return Fraction(area[field]) / (100 if field == "rd_ratio_percent" else 1)


def settled(columns: list[Points], missing: Fraction | None) -> list[Fraction]:
    """Add up each area's points; a missing one is the mean of the known, or what is given."""
    totals = [Fraction(0)] * len(columns[0])
    for points in columns:
        known = [p for p in points if p is not None]
        instead = missing if missing is not None else sum(known, Fraction(0)) / len(known)
        totals = [t + (instead if p is None else p) for t, p in zip(totals, points, strict=True)]
    return totals


def ratio(areas: list[dict[str, str]], benchmarks: tuple[str, ...]) -> list[Points]:
    columns = []
    for field, weight, benchmark in zip(FIELDS, WEIGHTS, benchmarks, strict=True):
        held = Fraction(benchmark)
        figures = [figure(a, field) for a in areas]
        columns.append([None if x is None else weight * x / held for x in figures])
    return columns


def least_to_greatest(areas: list[dict[str, str]]) -> list[Points]:
    columns = []
    for field, weight in zip(FIELDS, WEIGHTS, strict=True):
        figures = [figure(a, field) for a in areas]
        known = [x for x in figures if x is not None]
        low, high = min(known), max(known)
        columns.append(
            [
                None if x is None else weight * (20 + 80 * (x - low) / (high - low)) / 100
                for x in figures
            ]
        )
    return columns


def assert_scores(
    results: Path, scheme: str, areas: list[dict[str, str]], totals: list[Fraction]
) -> None:
    with (results / f"{scheme}.csv").open(encoding="utf-8") as file:
        got = {row["subject"]: row for row in csv.DictReader(file)}
    expected = {a["area"]: t for a, t in zip(areas, totals, strict=True)}
    assert {s: Fraction(r["score"]) for s, r in got.items()} == {
        s: round_half_away(t, 6) for s, t in expected.items()
    }
    places = {
        s: 1 + sum(round_half_away(other, 6) > round_half_away(t, 6) for other in totals)
        for s, t in expected.items()
    }
    assert {s: int(r["rank"]) for s, r in got.items()} == places


@pytest.mark.parametrize("scheme", SCHEMES)
def test_ratio_to_the_published_coefficients(
    scheme: str, results: Path, areas: list[dict[str, str]]
) -> None:
    year, missing = SCHEMES[scheme]
    assert_scores(results, scheme, areas, settled(ratio(areas, PUBLISHED[year]), missing))


def test_least_to_greatest_from_twenty_to_a_hundred(
    results: Path, areas: list[dict[str, str]]
) -> None:
    totals = settled(least_to_greatest(areas), None)
    assert all(20 <= total <= 100 for total in totals)
    assert_scores(results, "jingde", areas, totals)


def test_a_known_score_stands_to_the_digit(results: Path) -> None:
    with (results / "huangyan_2021.csv").open(encoding="utf-8") as file:
        first = next(r for r in csv.DictReader(file) if r["subject"] == "莲都区")
    assert (first["score"], first["rank"], first["group"]) == ("107.604056", "1", "above")
