from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kaogong.insight.cases import cases_of, run_cases
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme
from tests.insight.conftest import MADE, load


@pytest.fixture(scope="module")
def shipped(library: Path) -> Programme:
    return load(library / "library")


def test_every_case_of_the_library_holds_to_the_digit(shipped: Programme) -> None:
    results = run_cases(shipped)
    assert [f.sentence("en") for r in results for f in r.findings] == []
    scores = {r.case.address: Fraction(r.got["score"]) for r in results if "score" in r.got}
    assert scores["huangyan_2021.examples.worked"] == Fraction("101.6492")
    assert scores["huangyan_2022.examples.at_ten_times"] == 550
    assert scores["huangyan_2021.examples.far_above"] == 550
    assert len(results) >= 8


def test_only_the_schemes_asked_for_are_run(shipped: Programme) -> None:
    results = run_cases(shipped, ["huangyan_2022"])
    assert {r.case.document for r in results} == {"huangyan_2022"}
    assert len(results) == 4


def test_cases_of_the_county_hold_with_unknown_figures() -> None:
    programme = load(MADE / "programme")
    results = {r.case.example.name: r for r in run_cases(programme)}
    assert all(r.holds for r in results.values())
    assert results["vetoed"].got == {"class_ranked": "A", "class": "B", "moved_by": "veto"}
    assert results["given_figures"].got["score"] == "41.6"
    assert results["given_benchmark"].got["points.tax_per_mu"] == "60"
    assert results["small_one"].got["score"].startswith("not reported (labour.high, ")


@pytest.mark.parametrize(
    ("wrong", "address", "got", "want"),
    [
        ("{group: below, score: 550}", "score", "550", "500"),
        ("{group: below, score: 550}", "group", "below", "above"),
    ],
)
def test_a_case_that_differs_is_told_with_both_values(
    library: Path, wrong: str, address: str, got: str, want: str
) -> None:
    files = {
        path.relative_to(library / "library").as_posix(): path.read_bytes()
        for path in sorted((library / "library").rglob("*"))
        if path.suffix in (".yaml", ".csv")
    }
    name = "per_mu/huangyan_2022.yaml"
    text = files[name].decode()
    changed = wrong.replace(f"{address}: {got}", f"{address}: {want}")
    files[name] = text.replace(f"expect: {wrong}", f"expect: {changed}").encode()
    programme = load_programme(Bundle("library", files))
    told = [f for r in run_cases(programme, ["huangyan_2022"]) for f in r.findings]
    assert [(f.id, f.values["got"], f.values["want"]) for f in told] == [("KG710", got, want)]
    assert told[0].values["clause"] == f"huangyan_2022.examples.at_ten_times.{address}"
    assert told[0].span.file.endswith(name)


def test_cases_stand_in_written_order(shipped: Programme) -> None:
    mine = [c.example.name for c in cases_of(shipped) if c.document == "huangyan_2022"]
    assert mine == ["at_benchmark", "worked", "below_worked", "at_ten_times"]
