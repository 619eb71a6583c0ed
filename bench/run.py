"""`make bench`: measure every bar and print what was reached beside what was asked.

    python -m bench.run                      a million rows, five rounds
    python -m bench.run --rows 10000000      the size that the first bars are said for, three rounds

Ends with 1 where a cell of the job differs from the hand-written statement, else with 0; a bar that
is missed is printed as missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.bars import MILLION, Bar, Bench, Reached, reach_all
from bench.measure import ROOT

HEADS = ("bar", "reached", "at most", "", "differing", "how")
WIDTHS = (34, 13, 13, 8, 10)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where results differ."""
    bench = _bench(arguments)
    print(f"{bench.rows:,} rows, {bench.rounds} rounds, {bench.threads} threads\n")
    print(_line(HEADS))
    differing = 0
    for bar, reached in reach_all(bench):
        print(_line(cells(bar, reached, bench.rows)), flush=True)
        differing += reached.differing
    _clear(bench.work)
    if differing:
        print(f"\n{differing} cells or rows are not what they should be", file=sys.stderr)
    return int(bool(differing))


def cells(bar: Bar, reached: Reached, rows: int) -> tuple[str, ...]:
    """Return one line of the table."""
    verdict = "met" if reached.value <= bar.most else "missed"
    if rows < min(bar.said_for, MILLION):
        verdict = "small"  # too few rows to say
    value, most = (f"{number:.3g} {bar.unit}" for number in (reached.value, bar.most))
    note = reached.note
    if rows < bar.said_for:
        note += f" (said for {bar.said_for:,} rows)"
    return (bar.title, value, most, verdict, str(reached.differing), note)


def _line(parts: Sequence[str]) -> str:
    padded = [part.ljust(width) for part, width in zip(parts, WIDTHS, strict=False)]
    return "".join((*padded, parts[-1])).rstrip()


def _bench(arguments: Sequence[str] | None) -> Bench:
    parser = argparse.ArgumentParser(description="Measure against floors taken in the same run.")
    parser.add_argument("--rows", type=int, default=MILLION)
    parser.add_argument("--rounds", type=int, help="5; above two million rows 3")
    parser.add_argument("--threads", type=int, default=min(os.cpu_count() or 1, 2))
    parser.add_argument("--memory", default="400MB", help="limit of the engine for the job")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench")
    asked = parser.parse_args(arguments)
    asked.work.mkdir(parents=True, exist_ok=True)
    rounds = asked.rounds or (3 if asked.rows > 2 * MILLION else 5)
    return Bench(asked.rows, rounds, asked.work.resolve(), asked.threads, asked.memory)


def _clear(work: Path) -> None:
    """Remove what was written but the files that were read."""
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not path.name.startswith(("firms-", "sheet-")) or "failing" in path.name:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
