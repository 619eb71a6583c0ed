from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Call


def test_the_starter_checks_clean_and_shows_open_slots(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "new-county"
    made = call("init", folder)
    assert made.code == 0
    assert f"kaogong check {folder}" in made.out
    said = call("check", folder, "--strict", "--format", "json")
    assert said.code == 0
    assert {row["id"] for row in json.loads(said.out)} == {"KG505"}
    assert "id: new_county " in (folder / "programme.yaml").read_text("utf-8")


def test_every_file_explains_itself_in_both_languages(call: Call, tmp_path: Path) -> None:
    call("init", tmp_path / "x")
    for file in (tmp_path / "x").iterdir():
        comments = [c for c in file.read_text("utf-8").splitlines() if c.startswith("#")]
        assert any(c.isascii() for c in comments)
        assert any(not c.isascii() for c in comments)


def test_a_folder_in_use_stays_as_it_is(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    said = call("init", tmp_path)
    assert said.code == 2
    assert "is not empty" in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
