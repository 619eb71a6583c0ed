from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Call

Change = Callable[..., Path]


def test_a_sound_programme_is_done(outside: Call, town: Path) -> None:
    said = outside("check", town / "programme")
    assert (said.code, said.out, said.err) == (0, "0 errors, 0 warnings, 0 notes\n", "")


def test_json_is_a_list_and_nothing_else(outside: Call, changed: Change) -> None:
    folder = changed("scheme.yaml", "weight: 100", "weigth: 100")
    said = outside("check", folder, "--format", "json")
    rows = json.loads(said.out)
    assert said.code == 1
    assert {row["id"] for row in rows} >= {"KG103"}
    first = next(row for row in rows if row["id"] == "KG103")
    assert set(first) == {"id", "level", "message", "hint", "file", "line", "column"}
    assert set(first["message"]) == {"zh", "en"}
    assert (first["level"], first["line"]) == ("error", 17)
    assert first["file"] == f"{folder}/scheme.yaml"
    assert "weigth" in first["message"]["en"]
    assert "weigth" in first["message"]["zh"]


def test_json_of_a_sound_programme_is_an_empty_list(outside: Call, town: Path) -> None:
    said = outside("check", town / "programme", "--format", "json")
    assert (said.code, json.loads(said.out)) == (0, [])


def test_text_says_place_sentence_hint_and_count(call: Call, changed: Change) -> None:
    folder = changed("scheme.yaml", "unknown: hold\n", "unknown: hold\nfoo: 1\n")
    said = call("check", folder)
    assert said.code == 1
    lines = said.out.splitlines()
    assert lines[0] == f"{folder}/scheme.yaml"
    assert lines[1].startswith("  error KG103 9:1  ")
    assert lines[2].startswith("      Use a key")
    assert lines[-1] == "1 error, 0 warnings, 0 notes"


def test_text_speaks_chinese(call: Call, changed: Change) -> None:
    folder = changed("scheme.yaml", "unknown: hold\n", "unknown: hold\nfoo: 1\n")
    said = call("check", folder, "--lang", "zh")
    assert "  错误 KG103 9:1  " in said.out
    assert said.out.endswith("1个错误，0个警告，0条说明\n")


def test_open_slots_are_counted_and_listed_when_asked(call: Call, changed: Change) -> None:
    folder = changed("scheme.yaml", "benchmark: 5万元/亩", "benchmark: {open: 未公布}")
    said, listed = call("check", folder), call("check", folder, "--notes")
    assert (said.code, listed.code) == (0, 0)
    assert "  town_2024  1\n" in said.out
    assert "KG505" not in said.out
    assert "note KG505 " in listed.out
    assert said.out.splitlines()[-1] == "0 errors, 0 warnings, 1 note"


@pytest.fixture
def warned(changed: Change) -> Path:
    """Return a programme with one warning: a text and the one it replaces hold at once."""
    folder = changed("scheme.yaml", "unknown: hold", "effective_to: 2024-12-31\nunknown: hold")
    text = (folder / "scheme.yaml").read_text("utf-8")
    later = text.replace("id: town_2024", "id: town_2025\nreplaces: town_2024")
    (folder / "later.yaml").write_text(later, "utf-8")
    return folder


def test_strict_counts_warnings_as_errors(call: Call, warned: Path) -> None:
    plain = call("check", warned, "--format", "json")
    levels = [row["level"] for row in json.loads(plain.out)]
    assert (plain.code, levels) == (0, ["warning"])
    strict = call("check", warned, "--format", "json", "--strict")
    assert (strict.code, [row["level"] for row in json.loads(strict.out)]) == (1, ["error"])


def test_one_file_shows_its_own_findings_and_counts_the_rest(call: Call, changed: Change) -> None:
    folder = changed("scheme.yaml", "unknown: hold\n", "unknown: hold\nfoo: 1\n")
    whole = call("check", folder / "scheme.yaml")
    other = call("check", folder / "registers.yaml")
    assert (whole.code, other.code) == (1, 0)
    assert "KG103" in whole.out
    assert "KG103" not in other.out
    assert "Errors in other files of this programme: 1" in other.out


def test_a_folder_without_header_is_a_finding(call: Call, tmp_path: Path) -> None:
    said = call("check", tmp_path)
    assert said.code == 1
    assert "KG110" in said.out


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nowhere", "is not there"), ("note.txt", "is no programme folder"), ("lone.yaml", "belongs")],
)
def test_what_is_no_programme_is_wrong_use(
    call: Call, tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "note.txt").write_text("x", "utf-8")
    (tmp_path / "lone.yaml").write_text("kind: Scheme\n", "utf-8")
    said = call("check", tmp_path / name)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_a_shipped_programme_is_called_by_its_id(call: Call) -> None:
    said = call("check", "library", "--format", "json")
    assert {row["level"] for row in json.loads(said.out)} <= {"note", "warning"}
    assert said.code == 0
