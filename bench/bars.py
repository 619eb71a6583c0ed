"""The bars of the bench: for each what is measured, how, and what was reached.

A ratio is the median over rounds of two processes that ran one after the other. Processor time is
that of the system's accounts; where a bar is said in time on the wall, the fastest round counts,
because other users of a machine only ever add to it.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench import sheet
from bench.data import PERIOD, make
from bench.job import PROGRAMME
from bench.measure import ROOT, Measured, command, side

MILLION = 1_000_000
LIBRARY = ROOT / "src" / "kaogong" / "programmes" / "library"


@dataclass(frozen=True, slots=True)
class Reached:
    """What was measured for one bar."""

    value: float
    note: str
    differing: int = 0  # cells (or rows) that are not what they should be


@dataclass(frozen=True)
class Bench:
    """One run of the bench: how large, how often, with how much memory, where its files lie."""

    rows: int
    rounds: int
    work: Path
    threads: int = 2
    memory: str = "400MB"  # of the engine; the process needs some 100 MB beside it

    @property
    def less(self) -> int:
        """Return the rows of the bars that are said for a million."""
        return min(self.rows, MILLION)

    def file(self, rows: int) -> Path:
        """Return the file of firms of that size."""
        return make(self.work / f"firms-{rows}.parquet", rows)

    @cached_property
    def firms(self) -> Path:
        """Return the file of firms."""
        return self.file(self.rows)

    def out(self, name: str) -> Path:
        """Return where a side writes."""
        return self.work / f"out-{name}.parquet"

    def job(self, *more: object, name: str = "job", rows: int = 0) -> Measured:
        """Do the job in a process of its own, within the engine's memory limit."""
        size = rows or self.rows
        limits = ("--memory", self.memory, "--spill", self.work / "spill")
        sides = ("--rows", size, "--threads", self.threads, *limits)
        return side("job", self.file(size), self.out(name), *sides, *more)

    def hand(self, *more: object, name: str = "hand", rows: int = 0) -> Measured:
        """Run the hand-written statement, which has all the memory it wants."""
        file = self.file(rows or self.rows)
        return side("hand", file, self.out(name), "--threads", self.threads, *more)

    def differing(self, one: str, other: str) -> int:
        """Return how many cells of two outputs differ."""
        return int(side("differ", self.out(one), self.out(other)).said["cells"])

    @cached_property
    def rounds_of_the_job(self) -> list[Mapping[str, Measured]]:
        """Measure scan, hand-written statement and job in turn, as often as asked."""
        return [
            {
                "scan": side("scan", self.firms, "--threads", self.threads),
                "hand": self.hand(),
                "job": self.job(),
            }
            for _ in range(self.rounds)
        ]

    @cached_property
    def differing_cells(self) -> int:
        """Return how many cells of the job differ from the hand-written statement's."""
        return self.differing("job", "hand") if self.rounds_of_the_job else -1

    @cached_property
    def stored_run(self) -> tuple[Path, Measured]:
        """Make a whole run of at most a million firms, as a user does."""
        folder, out = self.work / f"data-{self.less}", self.work / "run"
        folder.mkdir(exist_ok=True)
        link = folder / "firm.parquet"
        link.unlink(missing_ok=True)
        link.symlink_to(self.file(self.less).resolve())
        made = command(
            "run", PROGRAMME, "--data", folder, "--period", PERIOD, "--out", out,
            "--threads", self.threads,
        )  # fmt: skip
        return out, made


def _cpu(bench: Bench, name: str) -> float:
    return statistics.median(float(each[name].said["cpu"]) for each in bench.rounds_of_the_job)


def _ratio(bench: Bench, floor: str) -> float:
    return statistics.median(
        float(each["job"].said["cpu"]) / float(each[floor].said["cpu"])
        for each in bench.rounds_of_the_job
    )


def against_hand(bench: Bench) -> Reached:
    """Processor time of the plan over that of the hand-written statement."""
    note = f"{_cpu(bench, 'job'):.2f} over {_cpu(bench, 'hand'):.2f} CPU s"
    return Reached(_ratio(bench, "hand"), note, bench.differing_cells)


def against_scan(bench: Bench) -> Reached:
    """Processor time of the plan over that of reading its columns."""
    note = f"{_cpu(bench, 'job'):.2f} over {_cpu(bench, 'scan'):.2f} CPU s"
    return Reached(_ratio(bench, "scan"), note, bench.differing_cells)


def peak_memory(bench: Bench) -> Reached:
    """Greatest memory of the whole process, in GB."""
    peaks = {
        name: statistics.median(each[name].peak for each in bench.rounds_of_the_job) / 1_000
        for name in ("job", "hand")
    }
    note = (
        f"engine limit {bench.memory}; the hand-written statement, unlimited: {peaks['hand']:.2f}"
    )
    return Reached(peaks["job"], note, bench.differing_cells)


def own_overhead(bench: Bench) -> Reached:
    """Processor time of the whole process less that of its statements run bare."""
    statements = bench.work / "statements.json"
    wholes, bares = [], []
    for _ in range(bench.rounds):
        wholes.append(bench.job("--statements", statements, name="own", rows=bench.less).cpu)
        again = ("--statements", statements, "--threads", bench.threads)
        limits = ("--memory", bench.memory, "--spill", bench.work / "spill")
        bares.append(side("bare", bench.file(bench.less), *again, *limits).cpu)
    over = statistics.median(a - b for a, b in zip(wholes, bares, strict=True))
    note = f"{statistics.median(wholes):.2f} less {statistics.median(bares):.2f} CPU s"
    bench.hand(name="own-hand", rows=bench.less)
    return Reached(over, note, bench.differing("own", "own-hand"))


def one_list(bench: Bench) -> Reached:
    """Time the steps from scores to places: one list of everybody over many lists."""
    sizes = ("--rows", bench.rows, "--rounds", bench.rounds, "--threads", bench.threads)
    said = side("places", bench.firms, *sizes).said
    bench.job("--one-list", name="one")
    bench.hand("--one-list", name="one-hand")
    note = f"{said['one']:.2f} over {said['many']:.2f} CPU s"
    return Reached(said["ratio"], note, bench.differing("one", "one-hand"))


def one_firm(bench: Bench) -> Reached:
    """Milliseconds to read the stored rows that explain one firm, warm."""
    run, made = bench.stored_run
    said = side("stored", run, "--rounds", max(4 * bench.rounds, 2)).said
    bench.hand(name="own-hand", rows=bench.less)
    right = side("score_of", bench.out("own-hand"), "--subject", said["subject"]).said["score"]
    note = f"first {said['first']:.0f} ms; the whole `kaogong run`: {made.cpu:.1f} CPU s"
    return Reached(said["ms"], note, int(right != said["score"]))


def taken_in(bench: Bench) -> Reached:
    """Processor time of `kaogong import` of a csv of twelve columns, snapshot and all.

    The note has it over the plain reading of that file in the same round: a machine that is shared
    has slower hours, which alter the seconds and not that ratio.
    """
    file = sheet.make_sheet(bench.work / f"sheet-{bench.less}.csv", bench.file(bench.less))
    takes: list[float] = []
    ratios: list[float] = []
    for number in range(min(bench.rounds, 3)):
        store = bench.work / f"store-{number}"
        shutil.rmtree(store, ignore_errors=True)
        words = ("--programme", sheet.PROGRAMME, "--store", store, "--period", PERIOD)
        taken = command("import", sheet.REGISTER, file, *words, "--partly", codes=(0, 1))
        takes.append(taken.cpu)
        ratios.append(taken.cpu / float(side("csv", file, "--threads", bench.threads).said["cpu"]))
    found = side("taken", store).said["rows"]
    right = bench.less - sheet.faulty(bench.less)
    note = (
        f"{statistics.median(ratios):.1f} x reading its {file.stat().st_size / MILLION:.0f} MB; "
        f"{found} of {bench.less} rows taken"
    )
    return Reached(statistics.median(takes), note, abs(right - found))


def _start(*words: object) -> Callable[[Bench], Reached]:
    def reached(bench: Bench) -> Reached:
        took = [command(*words) for _ in range(2 * bench.rounds)]
        note = f"CPU {statistics.median(each.cpu for each in took):.2f} s"
        return Reached(min(each.wall for each in took), note)

    return reached


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what is measured, the most it may be, its unit, and how it is measured."""

    title: str
    most: float
    unit: str
    reach: Callable[[Bench], Reached]
    said_for: int = 0  # rows that the bar is said for; 0: any


BARS = (
    Bar("job over hand-written SQL", 1.0, "x", against_hand, 10 * MILLION),
    Bar("job over the scan of its columns", 6.5, "x", against_scan, 10 * MILLION),
    Bar("peak memory of the job", 0.6, "GB", peak_memory, 10 * MILLION),
    Bar("own overhead of the job", 0.6, "CPU s", own_overhead, MILLION),
    Bar("places: one list over many", 1.3, "x", one_list, 10 * MILLION),
    Bar("stored rows of one firm, warm", 50, "ms", one_firm, MILLION),
    Bar("csv of 12 columns taken in", 4, "CPU s", taken_in, MILLION),
    Bar("kaogong --help", 0.15, "s", _start("--help")),
    Bar("kaogong check of the library", 0.8, "s", _start("check", LIBRARY)),
)


def reach_all(bench: Bench) -> Iterator[tuple[Bar, Reached]]:
    """Yield every bar with what was reached, as it is measured."""
    for bar in BARS:
        yield bar, bar.reach(bench)
