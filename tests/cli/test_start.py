from __future__ import annotations

import os
import subprocess
import sys

from kaogong.cli.commands import COMMANDS
from tests.cli.conftest import PROGRAM, Call

HEAVY = ("duckdb", "sqlglot", "pydantic", "numpy", "rich", "yaml", "typer")
START = "import sys; sys.argv = ['kaogong', {words}]; from kaogong.cli.main import main; main()"


def _imported(*words: str) -> set[str]:
    """Return every module that a start of the command imports."""
    program = START.format(words=", ".join(map(repr, words)))
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_help_imports_nothing_heavy() -> None:
    assert _imported("--help") & set(HEAVY) == set()


def test_no_module_of_a_command_imports_an_engine() -> None:
    program = (
        "import sys; from kaogong.cli.commands import COMMANDS; "
        "[command.load() for command in COMMANDS.values()]; print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & set(HEAVY) == {"typer"}


def test_help_of_a_command_imports_no_engine() -> None:
    assert _imported("run", "--help") & set(HEAVY) == {"typer"}


def test_help_comes_at_once() -> None:
    def seconds() -> float:
        before = os.times()
        subprocess.run([PROGRAM, "--help"], capture_output=True, check=True)
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])  # of the processor, so that others do not count

    assert min(seconds() for _ in range(5)) <= 0.15


def test_help_lists_every_command_in_both_languages(outside: Call) -> None:
    english, chinese = outside("--help"), outside("--help", LANG="zh_CN.UTF-8")
    for name in COMMANDS:
        assert f"\n  {name} " in english.out
        assert f"\n  {name} " in chinese.out
    assert "用法" in chinese.out
    assert "用法" not in english.out
    assert outside().out == english.out


def test_chinese_is_written_whatever_the_locale_can(outside: Call) -> None:
    said = outside("--lang", "zh", "--help", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert said.code == 0
    assert "考工" in said.out


def test_a_reader_who_leaves_early_gets_no_traceback() -> None:
    command = f"{PROGRAM} compile --help | head -n 1"
    environment = {**os.environ, "LANG": "C"}
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stderr == ""
