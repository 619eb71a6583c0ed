"""A workbook as a csv of its first sheet, unpacked by a process that may end without harm."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kaogong.data.guard import BROKEN, LOCKED, TOO_LARGE, UNREADABLE
from kaogong.language.finding import Refused, refuse
from kaogong.language.span import Span
from kaogong.language.words import Words

MEMORY = 3 * 1024**3  # bytes of address space
SECONDS = 600
_REFUSED = 3  # exit code of workbook_process

Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The first sheet that is not empty, as csv from A1 on; rows and columns count from 0."""

    csv: Path
    sheet: str
    others: tuple[str, ...]  # further sheets that are not empty
    merged: tuple[Area, ...]
    rows: int
    width: int


def unpack(path: Path, scratch: Path, memory: int = MEMORY) -> Unpacked:
    """Return the first sheet; raise Refused: KG802 damaged or locked, KG803 too large."""
    target, facts = scratch / "sheet.csv", scratch / "sheet.json"
    script = Path(__file__).with_name("workbook_process.py")
    command = [sys.executable, "-P", str(script), str(path.resolve()), str(target), str(facts)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own script, arguments as a list
            [*command, str(memory)], capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise refuse(
            TOO_LARGE,
            Span(path.name),
            reason=Words(f"读取超过{SECONDS}秒", f"reading took over {SECONDS} s"),
        ) from error
    if ended.returncode != 0:
        raise _refusal(path, ended)
    told = json.loads(facts.read_text(encoding="utf-8"))
    if told["sheet"] is None:
        raise refuse(
            UNREADABLE, Span(path.name), reason=Words("工作簿没有数据", "the workbook is empty")
        )
    merged = tuple((tuple(first), tuple(last)) for first, last in told["merged"])
    return Unpacked(
        target, told["sheet"], tuple(told["others"]), merged, told["rows"], told["width"]
    )


def _refusal(path: Path, ended: subprocess.CompletedProcess[bytes]) -> Refused:
    """Return why the process gave up; one that was ended by its limit says nothing itself."""
    word = ended.stderr.decode("utf-8", "replace").strip()
    if ended.returncode == _REFUSED and word == "locked":
        return refuse(UNREADABLE, Span(path.name), reason=LOCKED)
    if ended.returncode < 0 or word == "memory" or "memory allocation" in word:
        too_much = Words("解压超出内存限额", "it needs more memory than allowed")
        return refuse(TOO_LARGE, Span(path.name), reason=too_much)
    return refuse(UNREADABLE, Span(path.name), reason=BROKEN)
