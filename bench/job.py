"""The bench job as Kaogong does it: load the programme, compile it, run the plan on one file.

The file stands in place of a register that was taken in; what taking in costs is a bar of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.data import PERIOD

if TYPE_CHECKING:
    import duckdb

    from kaogong.plan.step import Plan, Step

PROGRAMME = Path(__file__).parent / "programme"
RELATION = "scheme_points"  # points of each line, score, rank, class


@dataclass(frozen=True, slots=True)
class Source:
    """The file of firms; of one county, where a single list is to hold everybody."""

    file: Path
    rows: int
    is_one_list: bool = False

    @property
    def sql(self) -> str:
        """Return the table expression that both sides read."""
        columns = "* REPLACE ('C0000' AS county)" if self.is_one_list else "*"
        return f"(SELECT {columns} FROM read_parquet('{self.file}'))"


def open_source(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Name the file as the register that the plan reads."""
    connection.execute(f"CREATE TEMP VIEW register_firm AS SELECT * FROM {source.sql}")


def plans(rows: int) -> Iterator[Plan]:
    """Yield the plan for the ranges that data usually have, then the one for any data."""
    from kaogong.data.folder import read_bundle, shelf
    from kaogong.engine.run import capacity_for
    from kaogong.language.period import read_period
    from kaogong.plan.frame import Instant
    from kaogong.plan.scheme.compile import Setting, compile_scheme
    from kaogong.programme.programme import load_programme

    programme = load_programme(read_bundle(PROGRAMME)[0], shelf(PROGRAMME))
    period = read_period(PERIOD)
    for optimistic in (True, False):
        setting = Setting(
            Instant(period, period.end),
            programme.book.registers(),
            optimistic=optimistic,
            capacity=capacity_for(rows),
            relations=(RELATION,),
        )
        yield compile_scheme(programme.schemes["job"], setting)


def run(connection: duckdb.DuckDBPyConnection, plan: Plan, out: Path) -> None:
    """Carry out a plan and write its one output: a file, or a folder of its parts."""
    from kaogong.engine.parts import carry_out

    clear(out)
    carry_out(connection, plan, lambda _: out)


def clear(out: Path) -> None:
    """Remove what an earlier measurement wrote."""
    out.unlink(missing_ok=True)
    shutil.rmtree(out.with_suffix(""), ignore_errors=True)


def files_of(out: Path) -> list[str]:
    """Return the files that a side wrote."""
    return [str(out)] if out.exists() else sorted(map(str, out.with_suffix("").glob("*.parquet")))


def after_the_list(plan: Plan) -> tuple[Step, ...]:
    """Return the steps that make places of scores: all that follow the list."""
    names = [step.name.rpartition("__")[2] for step in plan.steps]
    return plan.steps[names.index("listed") + 1 :]
