"""The command line from inside the process and from outside it, and a town to try it on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kaogong.cli import edge
from kaogong.cli.main import dispatch

HERE = Path(__file__).resolve().parent
PROGRAM = Path(sys.executable).parent / "kaogong"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return what runs a command inside this process, speaking English unless told otherwise."""
    monkeypatch.setenv("KAOGONG_LANG", "en")

    def run(*arguments: object) -> Said:
        words = [str(a) for a in arguments]
        monkeypatch.setattr(sys, "argv", ["kaogong", *words])
        code = edge.code(lambda: dispatch(words))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def outside(tmp_path: Path) -> Call:
    """Return what runs a command as a program of its own, with an empty HOME."""
    home = tmp_path / "home"
    home.mkdir()

    def run(*arguments: object, **environment: str) -> Said:
        done = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=tmp_path,
            env={**_environment(), "HOME": str(home), **environment},
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


def _environment() -> dict[str, str]:
    import os

    kept = ("PATH", "PYTHONPATH", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}


@pytest.fixture(scope="session")
def town() -> Path:
    """Return the folder of a small town: its programme and its data."""
    return HERE / "town"


@pytest.fixture
def changed(town: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return what copies the town's programme with one text of one file changed."""

    def change(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "changed"
        folder.mkdir(exist_ok=True)
        for path in (town / "programme").iterdir():
            text = path.read_text("utf-8")
            if path.name == file:
                assert old in text
                text = text.replace(old, new)
            (folder / path.name).write_text(text, "utf-8")
        return folder

    return change
