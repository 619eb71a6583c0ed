"""DuckDB, the engine inside the process: plans rendered, steps run, outputs written.

No extension is loaded, nothing is fetched. The spellings of calls that engines write differently
are one table; integer division, 128-bit integers and quoted names sqlglot renders itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from kaogong.plan import sql
from kaogong.plan.sql import Node
from kaogong.plan.step import Column, Output, Plan

ROW_GROUP = 30_720
WRITE = (
    "FORMAT PARQUET, COMPRESSION ZSTD, COMPRESSION_LEVEL 1, PARQUET_VERSION V2, "
    f"ROW_GROUP_SIZE {ROW_GROUP}, DICTIONARY_SIZE_LIMIT 1000"
)


class Overflow(Exception):
    """A product left 64 bits: the optimistic plan does not fit these data."""


def connect(
    threads: int | None = None, memory: str | None = None, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory, without extensions."""
    settings: dict[str, str | int] = {
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


def render(node: exp.Expression) -> str:
    """Return a tree as DuckDB's SQL."""
    return node.copy().transform(_spelt, copy=False).sql(dialect="duckdb")


def run_steps(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    on_step: Callable[[str], None] = lambda _: None,
) -> None:
    """Make every step of a plan; raise Overflow where a product leaves 64 bits."""
    for step in plan.steps:
        on_step(step.note)
        kind = "TABLE" if step.is_kept else "VIEW"
        name = sql.column(step.name).sql(dialect="duckdb")
        try:
            connection.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {render(step.query)}")
        except duckdb.OutOfRangeException as error:
            raise Overflow(str(error)) from None


def drop_steps(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Drop what a plan made, last first."""
    for step in reversed(plan.steps):
        kind = "TABLE" if step.is_kept else "VIEW"
        name = sql.column(step.name).sql(dialect="duckdb")
        connection.execute(f"DROP {kind} IF EXISTS {name}")


def output_query(output: Output) -> exp.Select:
    """Return an output with every column in its declared type, in its declared order."""
    typed = [sql.alias(_typed(column), column.name) for column in output.columns]
    order = [exp.Ordered(this=sql.column(name), nulls_first=False) for name in output.order]
    query = exp.Select(expressions=typed).from_(sql.subquery(output.query, "rows"), copy=False)
    query.set("order", exp.Order(expressions=order))
    return query


def write_output(
    connection: duckdb.DuckDBPyConnection, output: Output, path: Path, *, csv: bool
) -> int:
    """Write an output as Parquet (and csv beside it); return the number of rows."""
    query = render(output_query(output))
    try:
        connection.execute(f"COPY ({query}) TO {_literal(path)} ({WRITE})")
    except duckdb.OutOfRangeException as error:
        raise Overflow(str(error)) from None
    if csv:
        target = _literal(path.with_suffix(".csv"))
        source = f"SELECT * FROM read_parquet({_literal(path)})"
        connection.execute(f"COPY ({source}) TO {target} (FORMAT CSV, HEADER)")
    counted = connection.execute(f"SELECT count(*) FROM read_parquet({_literal(path)})").fetchone()
    return int(counted[0]) if counted else 0


def _literal(path: Path) -> str:
    return sql.text(str(path)).sql(dialect="duckdb")


def _typed(column: Column) -> Node:
    """Return a column of whole units as a decimal of its scale, or cast to its type."""
    node = sql.column(column.name)
    if column.kind == "number":
        return _decimal(node, column)
    kinds = {
        "text": exp.DataType.Type.TEXT,
        "yes_no": exp.DataType.Type.BOOLEAN,
        "date": exp.DataType.Type.DATE,
    }
    return exp.Cast(this=node, to=exp.DataType(this=kinds[column.kind]))


def _decimal(node: Node, column: Column) -> Node:
    if not column.scale:
        return sql.cast(node, "bigint")
    whole = exp.Cast(this=node, to=exp.DataType.build("DECIMAL(18, 0)"))
    step = exp.Cast(
        this=exp.Literal.string(f"{10 ** -column.scale:.{column.scale}f}"),
        to=exp.DataType.build(f"DECIMAL({column.scale}, {column.scale})"),
    )
    product = sql.binary("*", whole, step)
    return exp.Cast(this=product, to=exp.DataType.build(f"DECIMAL(18, {column.scale})"))


def _spelt(node: Any) -> Any:
    if isinstance(node, exp.Anonymous) and str(node.this) in _SPELLINGS:
        return _SPELLINGS[str(node.this)](*node.expressions)
    return node


def _as_date(node: Node) -> Node:
    return exp.Cast(this=node, to=exp.DataType(this=exp.DataType.Type.DATE))


def _as_integer(node: Node) -> Node:
    return exp.Cast(this=node, to=exp.DataType(this=exp.DataType.Type.INT))


def _called(name: str) -> Callable[..., Node]:
    return lambda *arguments: exp.Anonymous(this=name, expressions=list(arguments))


def _add_months(day: Node, months: Node) -> Node:
    interval = exp.Anonymous(this="to_months", expressions=[_as_integer(months)])
    return _as_date(exp.Add(this=sql.paren(day), expression=interval))


def _add_days(day: Node, days: Node) -> Node:
    return exp.Add(this=sql.paren(day), expression=sql.paren(_as_integer(days)))


def _joined(*parts: Node) -> Node:
    made = parts[0]
    for part in parts[1:]:
        made = exp.DPipe(this=exp.DPipe(this=made, expression=sql.text("|")), expression=part)
    return made


def _ordinal(day: Node) -> Node:
    wanted = sql.binary("=", sql.column("day", "calendar_day"), day)
    inside = exp.Select(expressions=[sql.column("ordinal", "calendar_day")]).from_(
        sql.table("calendar_day")
    )
    return exp.Subquery(this=inside.where(wanted))


def _working_day(ordinal: Node) -> Node:
    wanted = sql.every(
        [
            sql.binary("=", sql.column("ordinal", "calendar_day"), ordinal),
            sql.column("is_working", "calendar_day"),
        ]
    )
    inside = exp.Select(expressions=[sql.column("day", "calendar_day")]).from_(
        sql.table("calendar_day")
    )
    return exp.Subquery(this=inside.where(wanted))


_SPELLINGS: Mapping[str, Callable[..., Node]] = {
    "kg_starts_with": _called("starts_with"),
    "kg_contains": _called("contains"),
    "kg_length": _called("length"),
    "kg_year": _called("year"),
    "kg_month": _called("month"),
    "kg_add_months": _add_months,
    "kg_add_days": _add_days,
    "kg_days_between": lambda start, end: exp.Sub(this=sql.paren(end), expression=sql.paren(start)),
    "kg_joined": _joined,
    "kg_day_ordinal": _ordinal,
    "kg_working_day": _working_day,
}
