from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Call


def test_a_region_is_made_and_marked(call: Call, town: Path, tmp_path: Path) -> None:
    out = tmp_path / "city"
    words = ("--firms", 150, "--years", "2024", "--seed", 5, "--csv")
    said = call("synth", town / "programme", *words, "--out", out)
    assert said.code == 0
    assert "Synthetic data" in said.out
    assert "150 enterprises, years 2024–2024" in said.out
    assert len((out / "enterprise.csv").read_text("utf-8").splitlines()) == 151
    assert (out / "synthetic.json").exists()


def test_a_wrong_wish_is_wrong_use(call: Call, town: Path, tmp_path: Path) -> None:
    def said(firms: int, years: str, out: Path) -> tuple[int, str]:
        made = call("synth", town / "programme", "--firms", firms, "--years", years, "--out", out)
        return made.code, made.err

    assert said(5, "2024", tmp_path / "x") == (2, "At least 100 enterprises\n")
    assert said(300, "2024..2021", tmp_path / "x")[1].startswith('"2024..2021" is no range')
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    assert said(300, "2024", tmp_path) == (2, f"{tmp_path} is there and is not empty\n")
