from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Call


@pytest.fixture
def runs(call: Call, changed: Callable[..., Path], town: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return two runs of the town; the benchmark of the second is six times the first's."""
    other = changed("scheme.yaml", "benchmark: 5万元/亩", "benchmark: 30万元/亩")
    made = []
    for name, programme in (("before", town / "programme"), ("after", other)):
        words = ("--data", town / "data", "--period", "2024", "--out", tmp_path / name)
        assert call("run", programme, *words).code == 0
        made.append(tmp_path / name)
    return made[0], made[1]


def test_two_runs_are_told_apart(call: Call, runs: tuple[Path, Path]) -> None:
    said = call("compare", *runs, "--scheme", "town_2024")
    assert said.code == 0
    assert said.out.splitlines()[1].startswith("2 of 7 subjects changed: 0 to a better class")
    made = json.loads(call("compare", *runs, "--scheme", "town_2024", "--format", "json").out)
    assert made["changed"] == 2
    assert [m["step"] for m in made["movers"]] == ["points__tax_per_mu"]


def test_a_run_against_itself_changes_nothing(call: Call, runs: tuple[Path, Path]) -> None:
    said = call("compare", runs[0], runs[0], "--scheme", "town_2024", "--format", "json")
    assert (said.code, json.loads(said.out)["is_null"]) == (0, True)


def test_what_is_not_there_is_wrong_use(
    call: Call, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    assert call("compare", *runs, "--scheme", "other").code == 2
    assert call("compare", *runs, "--scheme", "town_2024", "--other-scheme", "other").code == 2
    said = call("compare", runs[0], tmp_path / "nowhere", "--scheme", "town_2024")
    assert said.code == 2
    assert f"{tmp_path / 'nowhere'} is no run" in said.err
