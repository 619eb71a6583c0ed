"""Runs to ask questions of: ten published areas, and an invented county with every kind of rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    errors = [
        f"{f.id} {f.span} {f.sentence('en')}" for f in programme.findings if f.level == "error"
    ]
    assert errors == []
    return programme


Runner = Callable[..., OpenedRun]


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Return what runs the programme of a folder over the data of another."""

    def make(programme: Path, data: Path, period: str, *schemes: str) -> OpenedRun:
        out = tmp_path_factory.mktemp("run") / "out"
        order = Order(data, period, out, threads=1, schemes=schemes)
        report = run(load(programme), order)
        assert report.out == out, [f.sentence("en") for f in report.findings]
        opened.append(open_run(out))
        return opened[-1]

    opened: list[OpenedRun] = []
    yield make
    for each in opened:
        each.close()
    _once.clear()


_once: dict[str, OpenedRun] = {}  # for the tests of workbooks, too


@pytest.fixture(scope="session")
def county(runner: Runner) -> OpenedRun:
    """Return a run of the invented county."""
    if "county" not in _once:
        _once["county"] = runner(MADE / "programme", MADE / "data", "2022")
    return _once["county"]


@pytest.fixture(scope="session")
def areas(runner: Runner, examples: Path) -> OpenedRun:
    """Return a run of the ten areas."""
    folder = examples / "lishui-2019"
    if "areas" not in _once:
        _once["areas"] = runner(folder / "programme", folder / "data", "2019")
    return _once["areas"]


@pytest.fixture(scope="session")
def county_again(runner: Runner) -> OpenedRun:
    """Return a second run of the same county, of two of its schemes."""
    return runner(MADE / "programme", MADE / "data", "2022", "graded", "two_stage")
