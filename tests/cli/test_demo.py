from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Call


@pytest.mark.slow
def test_the_demonstration_ends_and_says_what_to_do_next(
    outside: Call, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "demo"
    said = outside("demo", "--firms", 400, "--years", "2023..2024", "--out", out, "--lang", "en")
    assert (said.code, said.err) == (0, ""), said.out
    for scheme in (
        "huangyan_2021", "huangyan_2022", "wenling_2021", "wenling_park_2022",
        "zhengzhou_2018", "anyang_2018",
    ):  # fmt: skip
        table = said.out.split(f"({scheme})\n")[1].split("\n\n")[0]
        assert re.search(r"\d", table), table
    assert "invented, not statistics" in said.out
    assert "\nScore\n" in said.out
    assert "to a better class" in said.out
    _, _, after = said.out.partition("What to do next:\n")
    commands = [line.split() for line in after.splitlines() if line.startswith("  kaogong ")]
    assert [c[1] for c in commands] == ["explain", "compare", "export", "describe", "init"]
    monkeypatch.chdir(tmp_path)
    for words in commands:
        done = call(*shlex.split(" ".join(words))[1:])
        assert done.code == 0, (words, done.err)


def test_a_demonstration_of_too_few_is_wrong_use(call: Call, tmp_path: Path) -> None:
    said = call("demo", "--firms", 5, "--out", tmp_path / "demo")
    assert said.code == 2
    assert "At least 100" in said.err
    assert call("demo", "--years", "now", "--out", tmp_path / "demo").code == 2
