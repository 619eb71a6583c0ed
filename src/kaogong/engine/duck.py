"""DuckDB, the engine inside the process: plans rendered, steps run, outputs written.

No extension is loaded, nothing is fetched. How a plan is written for it stands in `render`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from kaogong.engine.render import quoted, render
from kaogong.plan import sql
from kaogong.plan.sql import Node
from kaogong.plan.step import Column, Output, Plan

ROW_GROUP = 30_720
WRITE = (
    "FORMAT PARQUET, COMPRESSION ZSTD, COMPRESSION_LEVEL 1, PARQUET_VERSION V2, "
    f"ROW_GROUP_SIZE {ROW_GROUP}, DICTIONARY_SIZE_LIMIT 1000"
)


TOO_LARGE = (duckdb.OutOfRangeException, duckdb.ConversionException)


class Overflow(Exception):
    """A product left 64 bits: the optimistic plan does not fit these data."""


def connect(
    threads: int | None = None, memory: str | None = None, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory, without extensions."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if threads:
        settings["threads"] = threads
    if memory:
        settings["memory_limit"] = memory
    connection = duckdb.connect(":memory:", config=settings)
    if scratch is not None:
        connection.execute("SET temp_directory = ?", [str(scratch)])
    connection.execute("SET enable_progress_bar = false")
    return connection


def run_steps(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    on_step: Callable[[str], None] = lambda _: None,
) -> None:
    """Make every step of a plan; raise Overflow where a product leaves 64 bits."""
    for step in plan.steps:
        on_step(step.note)
        kind = "TABLE" if step.is_kept else "VIEW"
        name = quoted(step.name)
        try:
            connection.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {render(step.query)}")
        except TOO_LARGE as error:
            raise Overflow(str(error).splitlines()[0]) from None


@dataclass(frozen=True, slots=True)
class DuckRunner:
    """Runs plans in the connection that took the registers in."""

    connection: duckdb.DuckDBPyConnection

    def run_steps(self, plan: Plan, on_step: Callable[[str], None] = lambda _: None) -> None:
        """Make every step of a plan."""
        run_steps(self.connection, plan, on_step)

    def write_output(self, output: Output, path: Path, *, csv: bool) -> int:
        """Write an output; return the number of rows."""
        return write_output(self.connection, output, path, csv=csv)


def drop_steps(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Drop what a plan made, last first."""
    for step in reversed(plan.steps):
        kind = "TABLE" if step.is_kept else "VIEW"
        name = quoted(step.name)
        connection.execute(f"DROP {kind} IF EXISTS {name}")


def output_query(output: Output) -> exp.Select:
    """Return an output with every column in its declared type, in its declared order."""
    typed = [sql.alias(_typed(column), column.name) for column in output.columns]
    query = exp.Select(expressions=typed).from_(sql.subquery(output.query, "rows"), copy=False)
    if output.order:
        order = [exp.Ordered(this=sql.column(name), nulls_first=False) for name in output.order]
        query.set("order", exp.Order(expressions=order))
    return query


def write_output(
    connection: duckdb.DuckDBPyConnection, output: Output, path: Path, *, csv: bool
) -> int:
    """Write an output as Parquet (and csv beside it); return the number of rows."""
    query = render(output_query(output))
    try:
        connection.execute(f"COPY ({query}) TO {literal(path)} ({WRITE})")
    except TOO_LARGE as error:
        raise Overflow(str(error).splitlines()[0]) from None
    if csv:
        target = literal(path.with_suffix(".csv"))
        source = f"SELECT * FROM read_parquet({literal(path)})"
        connection.execute(f"COPY ({source}) TO {target} (FORMAT CSV, HEADER)")
    counted = connection.execute(f"SELECT count(*) FROM read_parquet({literal(path)})").fetchone()
    return int(counted[0]) if counted else 0


def literal(path: Path) -> str:
    """Return a path as a text in SQL."""
    return sql.text(str(path)).sql(dialect="duckdb")


def _typed(column: Column) -> Node:
    """Return a column of whole units as a decimal of its scale, or cast to its type."""
    node = sql.column(column.name)
    if column.kind == "number":
        return _decimal(node, column)
    if column.kind == "key":
        return node
    kinds = {
        "text": exp.DataType.Type.TEXT,
        "yes_no": exp.DataType.Type.BOOLEAN,
        "date": exp.DataType.Type.DATE,
    }
    return exp.Cast(this=node, to=exp.DataType(this=kinds[column.kind]))


def _decimal(node: Node, column: Column) -> Node:
    if not column.scale:
        return sql.narrow(node, column.most)
    digits = 9 if column.most < 10**9 else 18
    cheap = digits == 9 or column.most < 10 ** (18 - column.scale)
    room = 9 if digits == 9 else 18 - column.scale if cheap else 18
    whole = exp.Cast(this=node, to=exp.DataType.build(f"DECIMAL({room}, 0)"))
    step = exp.Cast(
        this=exp.Literal.string(f"{10**-column.scale:.{column.scale}f}"),
        to=exp.DataType.build(f"DECIMAL({column.scale}, {column.scale})"),
    )
    product = sql.binary("*", whole, step)
    return exp.Cast(this=product, to=exp.DataType.build(f"DECIMAL({digits}, {column.scale})"))
