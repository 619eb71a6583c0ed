from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Call


@pytest.fixture
def run(call: Call, town: Path, tmp_path: Path) -> Path:
    """Return the folder of a run of the town."""
    out = tmp_path / "run"
    words = ("--data", town / "data", "--period", "2024", "--out", out)
    assert call("run", town / "programme", *words).code == 0
    return out


def test_a_pool_becomes_a_workbook_with_formulas(call: Call, run: Path, tmp_path: Path) -> None:
    file = tmp_path / "above.xlsx"
    said = call("export", "--workbook", file, run, "town_2024", "--pool", "above")
    assert said.code == 0
    assert f"Workbook {file}, " in said.out
    cells = [
        cell.value for sheet in load_workbook(file) for row in sheet.iter_rows() for cell in row
    ]
    assert any(str(value).startswith("=") for value in cells)


def test_several_pools_ask_for_a_choice(call: Call, run: Path, tmp_path: Path) -> None:
    said = call("export", "--workbook", tmp_path / "x.xlsx", run, "town_2024")
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith("choose one with --pool: above, below\n")
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("town_2023",), "town_2023"),
        (("town_2024", "--pool", "sideways"), "sideways"),
    ],
)
def test_what_the_run_does_not_hold_is_wrong_use(
    call: Call, run: Path, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    said = call("export", "--workbook", tmp_path / "x.xlsx", run, *words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert not (tmp_path / "x.xlsx").exists()


def test_a_file_that_cannot_be_written_is_wrong_use(call: Call, run: Path, tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "x.xlsx"
    said = call("export", "--workbook", file, run, "town_2024", "--pool", "above")
    assert said.code == 2
    assert f"{file.parent} is not there" in said.err
