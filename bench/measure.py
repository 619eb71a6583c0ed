"""A measurement: one process of its own, its processor time, wall time and greatest memory.

The process that asks stays small, because a child's peak of memory starts with its parent's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024  # ru_maxrss counts KiB


class Failed(Exception):
    """A measured process ended with another code than it should."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process took, and what it said of itself."""

    cpu: float  # seconds, user and system, of the whole process
    wall: float  # seconds
    peak: float  # MiB
    said: Mapping[str, Any]


def side(name: str, *arguments: object) -> Measured:
    """Run one side of `bench.side` in a process of its own; its last line is JSON."""
    made, text = _measured([sys.executable, "-m", "bench.side", name, *map(str, arguments)], (0,))
    return Measured(made.cpu, made.wall, made.peak, json.loads(text.splitlines()[-1]))


def command(*arguments: object, codes: Sequence[int] = (0,)) -> Measured:
    """Run `kaogong` as a user does; raise Failed where it ends with none of the codes."""
    program = Path(sys.executable).with_name("kaogong")
    return _measured([str(program), *map(str, arguments)], codes)[0]


def _measured(words: Sequence[str], codes: Sequence[int]) -> tuple[Measured, str]:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        began = time.perf_counter()
        child = subprocess.Popen(words, cwd=ROOT, stdout=output, stderr=complaints)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in codes:
            shown = _text(complaints)[-2_000:] or _text(output)[-2_000:]
            raise Failed(f"{' '.join(words)} ended with {child.returncode}:\n{shown}")
        cpu = usage.ru_utime + usage.ru_stime
        return Measured(cpu, wall, usage.ru_maxrss / MIB, {}), _text(output)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
