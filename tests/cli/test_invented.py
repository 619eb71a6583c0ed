from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from kaogong.data.synth.make import make_region
from tests.cli.conftest import Call


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city") / "city"
    make_region("980100", 300, range(2021, 2025), 1, out, sheets=False)
    return out


@pytest.mark.parametrize(
    ("fill", "period"),
    [
        ("huangyan_2022", "2022"),
        pytest.param("wenling_park_2022", "2022", marks=pytest.mark.thorough),
    ],
)
def test_a_fill_runs_by_itself_on_the_demonstration_city(
    call: Call, city: Path, tmp_path: Path, fill: str, period: str
) -> None:
    out = tmp_path / "run"
    words = ("run", f"fill_{fill}", "--data", city, "--period", period, "--out", out, "--csv")
    said = call(*words)
    assert said.code == 0, said.out
    assert "KG815" not in said.out
    assert json.loads((out / "manifest.json").read_text("utf-8"))["programme"]["synthetic"]
    text = (out / "scheme_result" / f"{fill}.csv").read_text("utf-8")
    rated = [r["subject"] for r in csv.DictReader(text.splitlines()) if r["state"] == "rated"]
    assert rated
    told = call("explain", out, fill, rated[0])
    assert told.code == 0, told.out


def test_divisions_of_data_that_are_not_invented_stay_unknown(
    call: Call, city: Path, tmp_path: Path
) -> None:
    mark = city / "synthetic.json"
    kept = mark.read_bytes()
    mark.unlink()
    try:
        out = tmp_path / "run"
        said = call(
            "run", "fill_huangyan_2022", "--data", city, "--period", "2022", "--out", out
        )  # fmt: skip
    finally:
        mark.write_bytes(kept)
    assert said.code == 1
    assert "KG815" in said.out
    assert not out.exists()
