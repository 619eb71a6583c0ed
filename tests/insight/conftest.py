"""Runs to ask questions of: ten published areas, and an invented county with every kind of rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine.run import Order, run
from kaogong.insight.opened import OpenedRun, open_run
from kaogong.programme.programme import Programme, load_programme

MADE = Path(__file__).parent / "made"


def load(folder: Path) -> Programme:
    """Return the programme of a folder, without errors."""
    bundle, _ = read_bundle(folder, folder.name)
    programme = load_programme(bundle, shelf(folder))
    errors = [f"{f.id} {f.span} {f.sentence('en')}" for f in programme.findings if f.level == "error"]
    assert errors == []
    return programme


Runner = Callable[[Path, Path, str], OpenedRun]


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Return what runs the programme of a folder over the data of another."""

    def make(programme: Path, data: Path, period: str) -> OpenedRun:
        out = tmp_path_factory.mktemp("run") / "out"
        report = run(load(programme), Order(data, period, out, threads=1))
        assert report.out == out, [f.sentence("en") for f in report.findings]
        return open_run(out)

    return make


@pytest.fixture(scope="session")
def county(runner: Runner) -> OpenedRun:
    """Return a run of the invented county."""
    return runner(MADE / "programme", MADE / "data", "2022")


@pytest.fixture(scope="session")
def areas(runner: Runner, examples: Path) -> OpenedRun:
    """Return a run of the ten areas."""
    folder = examples / "lishui-2019"
    return runner(folder / "programme", folder / "data", "2019")


@pytest.fixture(scope="session")
def county_again(runner: Runner) -> OpenedRun:
    """Return a second run of the same county."""
    return runner(MADE / "programme", MADE / "data", "2022")
