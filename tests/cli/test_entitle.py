from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call

TOWN = Path(__file__).resolve().parents[1] / "season" / "owed" / "town"
WORDS = (TOWN, "--data", TOWN / "data", "--period", "2024")


def test_text_tells_what_is_owed_what_is_missed_and_by_how_much(call: Call) -> None:
    said = call("entitle", *WORDS, "B")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "B, 2024"
    assert lines[1:3] == ["Owed", "  first 1  10万元"]
    assert "      when: has 1500万元, asked 2000万元, off by 500万元" in lines
    assert "      size: has 19.99万元, asked 20万元, off by 0.01万元" in lines
    assert "  Ladder  stands on lower" in lines


def test_chinese_speaks_chinese(call: Call) -> None:
    said = call("entitle", *WORDS, "A", "--lang", "zh").out
    assert "应得" in said
    assert "tech [2]  18万元" in said
    assert "现为upper" in said


def test_what_nobody_knows_is_told_as_such_and_not_as_no(call: Call) -> None:
    lines = call("entitle", *WORDS, "D").out.splitlines()
    assert "Not decided yet" in lines
    assert not any(line.startswith("Not entitled") for line in lines)
    assert "  Ladder  upper is not decided" in lines


def test_json_holds_exact_amounts_as_texts(call: Call) -> None:
    made = json.loads(call("entitle", *WORDS, "A", "--format", "json").out)
    owed = {(e["clause"], e["item"]): e["owed"] for e in made["entitlements"]}
    assert owed == {
        ("first_1", ""): "0",
        ("first_2", ""): "20",
        ("tech", "1"): "12",
        ("tech", "2"): "18",
    }
    assert made["standings"][0]["rung"] == "upper"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((*WORDS, "nobody"), 1, 'No result of 2024 speaks of "nobody"'),
        ((TOWN, "--data", "nowhere", "--period", "2024", "A"), 2, "nowhere is not there"),
        ((TOWN, "--data", TOWN / "data", "--period", "twenty", "A"), 2, "is no period"),
    ],
)
def test_what_cannot_be_answered(
    call: Call, words: tuple[object, ...], code: int, sentence: str
) -> None:
    said = call("entitle", *words)
    assert said.code == code
    assert sentence in said.out + said.err


def test_a_run_tells_rungs_and_sums_in_brief(call: Call, tmp_path: Path) -> None:
    said = call("run", *WORDS, "--out", tmp_path / "run")
    assert said.code == 0
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert {"upper 1", "lower 1", "not decided 1", "on no rung 1"} <= set(lines)
    assert "tech 2 1 2 · 30万元" in lines
    assert "first 1 2 1 1 · 10万元" in lines


def test_a_final_run_names_the_rung_that_nobody_can_decide(call: Call, tmp_path: Path) -> None:
    said = call("run", *WORDS, "--out", tmp_path / "run", "--final")
    assert said.code == 1
    assert "KG718" in said.out
    assert "entry.revenue" in said.out
    assert not (tmp_path / "run").exists()
