from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Call


@pytest.fixture
def run(call: Call, town: Path, tmp_path: Path) -> Path:
    """Return the folder of a run of the town."""
    out = tmp_path / "run"
    words = ("--data", town / "data", "--period", "2024", "--out", out)
    assert call("run", town / "programme", *words).code == 0
    return out


def test_text_tells_result_and_steps(call: Call, run: Path) -> None:
    said = call("explain", run, "town_2024", "F3")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "Evaluation of a town 2024, 2024: F3"
    assert lines[1].startswith("Class B: ")
    assert "50 points" in said.out
    assert "得 50 分" in call("explain", run, "town_2024", "F3", "--lang", "zh").out


def test_json_adds_up_to_the_score(call: Call, run: Path) -> None:
    said = call("explain", run, "town_2024", "F1", "--format", "json")
    made = json.loads(said.out, parse_float=Decimal)
    parts = ("item", "adjust", "total")
    points = [s["points"] for s in made["steps"] if s["part"] in parts and s["points"] is not None]
    assert sum(points) == made["result"]["score"] == Decimal(120)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("town_2023", "F1"), "town_2023"),
        (("town_2024", "F99"), 'The run has no subject "F99"'),
    ],
)
def test_what_the_run_does_not_hold_is_wrong_use(
    call: Call, run: Path, words: tuple[str, str], sentence: str
) -> None:
    said = call("explain", run, *words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_a_run_with_a_damaged_file_is_wrong_use(call: Call, run: Path) -> None:
    (run / "scheme_result" / "town_2024.parquet").unlink()
    said = call("explain", run, "town_2024", "F1")
    assert said.code == 2
    assert "gone or damaged" in said.err


def test_a_folder_that_is_no_run_is_wrong_use(call: Call, tmp_path: Path) -> None:
    said = call("explain", tmp_path, "town_2024", "F1")
    assert (said.code, said.out) == (2, "")
    assert f"{tmp_path} is no run" in said.err
