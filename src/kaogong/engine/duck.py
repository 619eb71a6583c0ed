"""DuckDB, the engine inside the process: plans rendered, steps run, outputs written.

No extension is loaded, nothing is fetched. How a plan is written for it stands in `render`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from kaogong.engine.render import quoted, render
from kaogong.plan import sql
from kaogong.plan.sql import Node
from kaogong.plan.step import Column, Output, Step

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
    connection.execute("SET error_on_division_by_zero = false")  # nothing, as plans mean it
    return connection


def make_steps(
    connection: duckdb.DuckDBPyConnection,
    steps: Iterable[Step],
    on_step: Callable[[str], None] = lambda _: None,
    *,
    grows: bool = False,
) -> None:
    """Make steps in order; raise Overflow where a product leaves 64 bits.

    With `grows`, what is gathered over parts keeps the rows of the parts before.
    """
    for step in steps:
        on_step(step.note)
        kind, name = "TABLE" if step.is_kept else "VIEW", quoted(step.name)
        made = f"CREATE OR REPLACE TEMP {kind} {name} AS"
        if grows and step.is_gathered:
            made = f"INSERT INTO {name}"
        with _overflow():
            connection.execute(f"{made} {render(step.query)}")


@contextmanager
def _overflow() -> Iterator[None]:
    """Tell a number that is too large from every other failure."""
    try:
        yield
    except TOO_LARGE as error:
        raise Overflow(str(error).splitlines()[0]) from None


def output_query(output: Output) -> exp.Select:
    """Return an output with every column in its declared type, in its declared order."""
    typed = [sql.alias(_typed(column), column.name) for column in output.columns]
    query = exp.Select(expressions=typed).from_(sql.subquery(output.query, "rows"), copy=False)
    if output.order:
        order = [exp.Ordered(this=sql.column(name), nulls_first=False) for name in output.order]
        query.set("order", exp.Order(expressions=order))
    return query


@dataclass(frozen=True, slots=True)
class Written:
    """An output as files."""

    output: Output
    paths: tuple[Path, ...]
    rows: int


def written(connection: duckdb.DuckDBPyConnection, output: Output, path: Path) -> Written:
    """Write an output as one file."""
    copy_output(connection, output, path)
    return Written(output, (path,), rows_in(connection, (path,)))


def copy_output(connection: duckdb.DuckDBPyConnection, output: Output, path: Path) -> None:
    """Write the rows of an output as they now are, in its declared types and order."""
    with _overflow():
        connection.execute(f"COPY ({render(output_query(output))}) TO {literal(path)} ({WRITE})")


def copy_sorted(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    order: Sequence[str],
    path: Path,
) -> None:
    """Write the rows of some files as one, in an order."""
    keys = ", ".join(f"{quoted(name)} NULLS LAST" for name in order)
    query = f"SELECT * FROM {_rows_of(files)} ORDER BY {keys}"
    connection.execute(f"COPY ({query}) TO {literal(path)} ({WRITE})")


def copy_csv(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], path: Path) -> None:
    """Write the rows of some files as csv."""
    query = f"SELECT * FROM {_rows_of(files)}"
    connection.execute(f"COPY ({query}) TO {literal(path)} (FORMAT CSV, HEADER)")


def rows_in(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> int:
    """Return the number of rows in some files."""
    counted = connection.execute(f"SELECT count(*) FROM {_rows_of(files)}").fetchone()
    return int(counted[0]) if counted else 0


def _rows_of(files: Sequence[Path]) -> str:
    """Return the source that reads files in their order."""
    return f"read_parquet([{', '.join(literal(path) for path in files)}])"


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
