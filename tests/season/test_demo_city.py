"""The demonstration city: a clean programme, invented places, sensible classes."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine.run import Order, run
from kaogong.programme.programme import Programme, load_programme
from tests.season.invented_town import Row, Town, read_rows

# Shares of the best class, as the schemes of the demonstration take them of everybody rated.
BEST = {
    ("huangyan_2022", "above"): 0.20,
    ("huangyan_2022", "below"): 0.20,
    ("wenling_2021", "above"): 0.20,
    ("wenling_2021", "below"): 0.20,
    ("wenling_park_2022", "above"): 0.20,
    ("wenling_park_2022", "below"): 0.05,
    ("zhengzhou_2018", "all"): 0.15,
    ("anyang_2018", "above"): 0.15,
    ("anyang_2018", "below"): 0.15,
}


@pytest.fixture(scope="module")
def demo(library: Path) -> Programme:
    """Return the demonstration programme."""
    bundle, unread = read_bundle(library / "demo", "demo")
    assert not unread
    return load_programme(bundle, shelf())


@pytest.fixture(scope="module")
def results(demo: Programme, town: Town) -> dict[str, list[Row]]:
    """Return the results of every scheme that is in force in the city's last year."""
    report = run(demo, Order(town.data, "2024", town.place / "demo"))
    assert report.out is not None, [f.sentence("en") for f in report.findings]
    found = [f for f in report.relations if f.relation == "scheme_result"]
    folder = report.out / "scheme_result"
    return {f.document: read_rows(folder / f"{f.document}.parquet") for f in found}


def test_demo_checks_with_nothing_but_notes(demo: Programme) -> None:
    assert demo.can_run
    assert [f for f in demo.findings if f.level != "note"] == []


def test_demo_knows_the_places_that_the_generator_invents(library: Path, town: Town) -> None:
    own, made = (
        {(row["code"], row["parent"]) for row in _table(folder / "codes" / "divisions.csv")}
        for folder in (library / "demo", town.data)
    )
    assert own == made
    assert {code[:2] for code, _ in own} == {"98"}


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_demo_runs_the_city_and_its_parks_and_both_two_stage_schemes(
    results: dict[str, list[Row]],
) -> None:
    assert set(results) == {id for id, _ in BEST}
    in_parks = {row["subject"] for row in results["wenling_park_2022"]}
    assert in_parks
    assert not in_parks & {row["subject"] for row in results["wenling_2021"]}


@pytest.mark.parametrize(("id", "group"), BEST)
def test_best_class_of_the_demo_is_as_large_as_its_share(
    id: str, group: str, results: dict[str, list[Row]]
) -> None:
    rated = [r for r in results[id] if r["state"] == "rated" and r["group"] == group]
    pools = Counter(r["pool"] for r in rated)
    best = sum(1 for r in rated if r["class_ranked"] == "A")
    ties = len(rated) * 0.02  # firms at the cap of every line are equal and stay together
    assert abs(best - BEST[id, group] * len(rated)) <= len(pools) + ties
    assert all(r["class"] is not None for r in rated)


def test_nearly_nobody_of_the_demo_is_on_hold(results: dict[str, list[Row]]) -> None:
    for rows in results.values():
        held = [row for row in rows if row["state"] == "held"]
        assert len(held) <= 0.05 * len(rows)
        assert all(row["reason"].startswith(("scores.", "population.leaves")) for row in held)
