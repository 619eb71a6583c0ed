"""A plan carried out part by part: some lists at a time, so that memory does not grow with data.

A part is a range of the values that say in which list a subject stands, so it holds whole lists and
any order of rows gives the same results. It pays only where rows of a list lie together, as they do
in a snapshot: otherwise each part would read all the data, and the plan is carried out as a whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from sqlglot import exp

from kaogong.engine import duck
from kaogong.engine.duck import Written
from kaogong.engine.render import quoted, render
from kaogong.plan import sql
from kaogong.plan.step import Apart, Output, Plan, Step

PART_ROWS = 1_000_000  # rows of a part, at least; a part takes some 70 ms to plan
SPREAD = 1.25  # rows that all parts may have to read, as a multiple of the rows there are

PathOf = Callable[[Output], Path]
OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A range of values; subjects without a value are in the first part."""

    low: str | None  # None: from the least
    high: str | None  # None: to the greatest

    def holds(self, name: str) -> sql.Node:
        """Return whether a column's value lies in the range."""
        value = sql.column(name)
        tests = []
        if self.low is not None:
            tests.append(sql.binary(">", value, sql.text(self.low)))
        if self.high is not None:
            below = sql.binary("<=", value.copy(), sql.text(self.high))
            is_first = self.low is None
            tests.append(sql.some([below, sql.is_null(value.copy())]) if is_first else below)
        return sql.every(tests)


def parts_of(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Part]:
    """Return the parts of a plan, to be asked once its first steps are made; one is the whole."""
    if plan.apart is None:
        return [Part(None, None)]
    ends = _ends(_sizes(connection, plan.apart))
    made = [Part(low, high) for low, high in zip([None, *ends], [*ends, None], strict=True)]
    if len(made) > 1 and not _lie_together(connection, plan.apart, made):
        return [Part(None, None)]
    return made


def _sizes(connection: duckdb.DuckDBPyConnection, apart: Apart) -> list[tuple[str, int]]:
    """Return each value with its rows, in the order of values."""
    value = quoted(apart.column)
    query = f"SELECT {value}, count(*) FROM {quoted(apart.source)} WHERE {value} IS NOT NULL"
    return connection.execute(f"{query} GROUP BY 1 ORDER BY 1").fetchall()


def _ends(sizes: list[tuple[str, int]]) -> list[str]:
    """Return the last value of each part but the last."""
    ends: list[str] = []
    left, rows = sum(count for _, count in sizes), 0
    for value, count in sizes:
        rows += count
        left -= count
        if rows >= PART_ROWS and left >= PART_ROWS:
            ends.append(value)
            rows = 0
    return ends


def _lie_together(connection: duckdb.DuckDBPyConnection, apart: Apart, parts: list[Part]) -> bool:
    """Tell whether the rows of each part lie near each other."""
    column = exp.Case(
        ifs=[
            exp.If(this=part.holds(apart.column), true=sql.integer(n))
            for n, part in enumerate(parts[:-1])
        ]
    )
    row = connection.execute(
        f"SELECT sum(reach), sum(held) FROM (SELECT max(row) - min(row) + 1 AS reach, "
        f"count(*) AS held FROM (SELECT {render(column)} AS part, row_number() OVER () AS row "
        f"FROM {quoted(apart.source)}) GROUP BY part)"
    ).fetchone()
    return row is not None and row[0] <= SPREAD * row[1]


@dataclass(frozen=True, slots=True)
class DuckRunner:
    """Carries plans out in the connection that took the registers in."""

    connection: duckdb.DuckDBPyConnection

    def carry_out(
        self, plan: Plan, path_of: PathOf, on_step: OnStep = lambda _: None
    ) -> list[Written]:
        """Make the steps of a plan and write its outputs; raise `duck.Overflow`."""
        return carry_out(self.connection, plan, path_of, on_step)


def carry_out(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    path_of: PathOf,
    on_step: OnStep = lambda _: None,
) -> list[Written]:
    """Make the steps of a plan and write its outputs, part by part where that pays."""
    whole, parted = _divided(plan)
    duck.make_steps(connection, whole, on_step)
    parts = parts_of(connection, plan)
    if len(parts) == 1:
        duck.make_steps(connection, parted, on_step)
        return [duck.written(connection, output, path_of(output)) for output in plan.outputs]
    for number, part in enumerate(parts):
        duck.make_steps(connection, [_narrowed(plan, part)])
        duck.make_steps(connection, parted, on_step, grows=number > 0)
        for output in plan.outputs:
            if not output.is_whole:
                duck.copy_output(connection, output, _part_file(path_of(output), number))
    duck.make_steps(connection, [_narrowed(plan, Part(None, None))])
    return [_gathered(connection, output, path_of(output)) for output in plan.outputs]


def _divided(plan: Plan) -> tuple[list[Step], list[Step]]:
    """Return the steps made once, and those of each part."""
    names = [step.name for step in plan.steps]
    at = names.index(plan.apart.first) if plan.apart is not None else len(names)
    return list(plan.steps[:at]), list(plan.steps[at:])


def _narrowed(plan: Plan, part: Part) -> Step:
    """Return the view of subjects with the rows of one part."""
    assert plan.apart is not None
    step = next(s for s in plan.steps if s.name == plan.apart.source)
    if part == Part(None, None):
        return step
    everybody = sql.subquery(step.query, "everybody")
    query = exp.Select(expressions=[exp.Star()]).from_(everybody, copy=False)
    return replace(step, query=query.where(part.holds(plan.apart.column), copy=False))


def _part_file(path: Path, number: int) -> Path:
    folder = path.with_suffix("")
    folder.mkdir(exist_ok=True)
    return folder / f"{number:04d}.parquet"


def _gathered(connection: duckdb.DuckDBPyConnection, output: Output, path: Path) -> Written:
    """Return an output of all parts: in one file where its rows have an order."""
    if output.is_whole:
        return duck.written(connection, output, path)
    folder = path.with_suffix("")
    files = tuple(sorted(folder.glob("*.parquet")))
    if not output.order:
        return Written(output, files, duck.rows_in(connection, files))
    duck.copy_sorted(connection, files, output.order, path)
    shutil.rmtree(folder)
    return Written(output, (path,), duck.rows_in(connection, (path,)))
