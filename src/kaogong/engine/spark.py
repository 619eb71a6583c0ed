"""Apache Spark, where data outgrow one machine: the same plan, the same rows.

DuckDB takes the registers in and checks them; what a plan reads goes over as Parquet, each step is
a temporary view (a kept one cut off from what made it), and each output comes back as Parquet to be
typed, ordered and written by the one writer of all runs. A product that leaves 64 bits or 38 digits
is refused aloud by Spark in ANSI mode, as DuckDB does it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from sqlglot import exp

from kaogong.engine import duck
from kaogong.engine.calendar_table import TABLE as CALENDAR
from kaogong.engine.calendar_table import needs_calendar
from kaogong.engine.duck import Written
from kaogong.engine.render import quoted, render
from kaogong.plan import sql
from kaogong.plan.source import PUBLISHED, table_name
from kaogong.plan.step import Output, Plan, Step

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TOO_LARGE = (
    "ARITHMETIC_OVERFLOW",
    "NUMERIC_VALUE_OUT_OF_RANGE",
    "CAST_OVERFLOW",
    "BINARY_ARITHMETIC_OVERFLOW",
)
_LOOKED_AT = ("__counted", "__figures")  # steps that checks of results read afterwards
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


_LOGGING = """\
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""
_FUNCTIONS = (
    (
        "kg_day_ordinal(wanted DATE) RETURNS BIGINT "
        "RETURN (SELECT max(ordinal) FROM calendar_day WHERE day = wanted)"
    ),
    (
        "kg_working_day(wanted BIGINT) RETURNS DATE "
        "RETURN (SELECT max(day) FROM calendar_day WHERE ordinal = wanted AND is_working)"
    ),
)


class NoSpark(Exception):
    """Spark cannot run here: the extra or a Java of version 17 or later is missing."""


@dataclass(slots=True)
class SparkRunner:
    """Runs plans on Spark over what a DuckDB connection took in."""

    connection: duckdb.DuckDBPyConnection
    session: SparkSession
    folder: Path
    sent: set[str] = field(default_factory=set)

    def run_steps(self, plan: Plan, on_step: Callable[[str], None] = lambda _: None) -> None:
        """Make every step of a plan; raise Overflow where a number is too large."""
        for table in outside(plan):
            self.send(table)
        if needs_calendar(plan):
            for function in _FUNCTIONS:
                self.session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")
        for step in plan.steps:
            on_step(step.note)
            with _overflow():
                made = self.session.sql(render(step.query, "spark"))
                if step.is_kept:
                    made = made.localCheckpoint(eager=True)
                made.createOrReplaceTempView(quoted(step.name, "spark"))
        for step in plan.steps:
            if any(part in step.name for part in _LOOKED_AT):
                self._bring_back(step)

    def carry_out(
        self,
        plan: Plan,
        path_of: Callable[[Output], Path],
        on_step: Callable[[str], None] = lambda _: None,
    ) -> list[Written]:
        """Make the steps of a plan and write its outputs."""
        self.run_steps(plan, on_step)
        return [self._write(output, path_of(output)) for output in plan.outputs]

    def _write(self, output: Output, path: Path) -> Written:
        self._receive(self.session.sql(render(output.query, "spark")), "kg_output")
        rows = exp.Select(expressions=[exp.Star()]).from_(sql.table("kg_output"), copy=False)
        return duck.written(self.connection, replace(output, query=rows), path)

    def send(self, table: str) -> None:
        """Hand a table of the connection over, once; published results change between plans."""
        if table in self.sent and not table.startswith(table_name(PUBLISHED)):
            return
        path = self.folder / f"{len(self.sent)}_{table}.parquet"
        self.connection.execute(f"COPY {quoted(table)} TO {duck.literal(path)} (FORMAT PARQUET)")
        self.session.read.parquet(str(path)).createOrReplaceTempView(quoted(table, "spark"))
        self.sent.add(table)

    def _bring_back(self, step: Step) -> None:
        self._receive(self.session.table(quoted(step.name, "spark")), step.name)

    def _receive(self, frame: DataFrame, name: str) -> None:
        """Make rows of Spark a view of the connection; an untyped null comes as text."""
        path = self.folder / f"back_{name}"
        typed = [
            f"CAST({quoted(f.name, 'spark')} AS STRING) AS {quoted(f.name, 'spark')}"
            if f.dataType.typeName() == "void"
            else quoted(f.name, "spark")
            for f in frame.schema.fields
        ]
        with _overflow():
            frame.selectExpr(*typed).write.mode("overwrite").parquet(str(path))
        files = duck.literal(path / "*.parquet")
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM read_parquet({files})"
        )


def outside(plan: Plan) -> list[str]:
    """Return the tables a plan reads that none of its steps makes."""
    made = {step.name for step in plan.steps}
    queries = [*(s.query for s in plan.steps), *(o.query for o in plan.outputs)]
    read = {table.name for query in queries for table in query.find_all(exp.Table)}
    named = {CALENDAR} if needs_calendar(plan) else set()
    return sorted((read | named) - made)


@contextmanager
def spark_runner(
    connection: duckdb.DuckDBPyConnection, folder: Path, threads: int | None, memory: str | None
) -> Iterator[SparkRunner]:
    """Start Spark (or join one that runs in this process) for the plans of a run."""
    folder.mkdir(parents=True, exist_ok=True)
    session, is_own = _session(folder, threads, memory)
    try:
        yield SparkRunner(connection, session, folder)
    finally:
        if is_own:
            session.stop()


def _session(folder: Path, threads: int | None, memory: str | None) -> tuple[SparkSession, bool]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise NoSpark("Spark needs Java 17 or later")
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise NoSpark("Spark is not installed; install the extra `spark`") from error
    running = SparkSession.getActiveSession()
    if running is not None:
        for name, value in _SETTINGS.items():
            if name.startswith("spark.sql."):
                running.conf.set(name, value)
        return running, False
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    master = os.environ.get("SPARK_MASTER", f"local[{threads or '*'}]")
    builder = SparkSession.builder.master(master).appName("kaogong")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    builder = builder.config("spark.sql.shuffle.partitions", str(threads or os.cpu_count() or 1))
    builder = builder.config("spark.local.dir", str(folder / "spill"))
    builder = builder.config("spark.sql.warehouse.dir", str(folder / "warehouse"))
    quiet = folder / "log4j2.properties"
    quiet.write_text(_LOGGING, "ascii")
    builder = builder.config(
        "spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile={quiet.as_uri()}"
    )
    if memory:
        builder = builder.config("spark.driver.memory", memory)
    return builder.getOrCreate(), True


@contextmanager
def _overflow() -> Iterator[None]:
    """Tell a number that is too large from every other failure."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        if any(word in str(error) for word in _TOO_LARGE):
            raise duck.Overflow(str(error).splitlines()[0]) from None
        raise
