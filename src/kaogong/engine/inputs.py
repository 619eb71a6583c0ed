"""The data of a run: one file a register, taken in with every check, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from kaogong.data.against import Against
from kaogong.data.column import Column
from kaogong.data.digest import digest, table_sum
from kaogong.data.intake import Intake, take_in
from kaogong.data.registers import shape_of
from kaogong.data.shape import RegisterShape
from kaogong.data.sql import name
from kaogong.engine.record_checks import conditions_of
from kaogong.language.finding import Finding, Refused, finding, has_errors
from kaogong.language.span import Span
from kaogong.plan import sql
from kaogong.plan.source import table_name
from kaogong.programme.programme import Programme

SUFFIXES = (".parquet", ".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class Input:
    """One register as it came in for a run."""

    register: str
    file: Path | None  # None: no file, so no record
    rows: int
    digest: str
    findings: tuple[Finding, ...]


def find_file(data: Path, register: str) -> Path | None:
    """Return the file of a register: Parquet before csv before xlsx, or as an earlier run kept it.

    A run's folder is data, too: what it kept of its registers gives the same results again.
    """
    given = [data / f"{register}{suffix}" for suffix in SUFFIXES]
    kept = data / table_name(register) / f"{register}.parquet"
    return next((path for path in (*given, kept) if path.exists()), None)


def take_register(
    connection: duckdb.DuckDBPyConnection,
    programme: Programme,
    data: Path,
    register: str,
    day: date,
) -> Input:
    """Take in one register with every check, as they hold on a day; without a file it is empty."""
    file = find_file(data, register)
    view = sql.column(table_name(register)).sql(dialect="duckdb")
    if file is None:
        _empty(connection, programme, register, view)
        return Input(register, None, 0, "", ())
    shape = shape_of(programme.register(register))
    try:
        given = Against(
            programme.vocabularies, conditions=conditions_of(programme, register, day), day=day
        )
        intake = take_in(connection, shape, file, None, given)
    except Refused as refused:
        return Input(register, file, 0, "", tuple(refused.findings))
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {view} AS {_whole(connection, intake, programme)}"
    )
    digest = "" if has_errors(intake.findings) else _digest(connection, intake, shape)
    return Input(register, file, intake.taken, digest, intake.findings)


def _digest(connection: duckdb.DuckDBPyConnection, intake: Intake, shape: RegisterShape) -> str:
    """Return the logical digest of the taken rows."""
    columns = [f.column for f in shape.fields]
    if shape.period and "period" not in shape.by_id:
        columns.append(Column("period", "text"))
    return digest(columns, table_sum(connection, columns, name(intake.table)))


def _whole(connection: duckdb.DuckDBPyConnection, intake: Intake, programme: Programme) -> str:
    """Return the taken rows with every state column that an expression may ask for."""
    there = {row[0] for row in connection.execute(f"DESCRIBE {intake.table}").fetchall()}
    model = programme.register(intake.register)
    wanted = [f"{name}__state" for name in model.fields]
    missing = [f'CAST(NULL AS VARCHAR) AS "{n}"' for n in wanted if n not in there]
    return f"SELECT {', '.join(['*', *missing])} FROM {intake.table}"


def _empty(
    connection: duckdb.DuckDBPyConnection, programme: Programme, register: str, view: str
) -> None:
    """Make a register without a file an empty table of its own columns."""
    shape = shape_of(programme.register(register))
    columns = [f'CAST(NULL AS {f.sql_type.text}) AS "{f.id}"' for f in shape.fields]
    columns += [f'CAST(NULL AS VARCHAR) AS "{f.id}__state"' for f in shape.fields]
    if shape.period and "period" not in shape.by_id:
        columns.append("CAST(NULL AS VARCHAR) AS period")
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT {', '.join(columns)} WHERE false"
    )


def missing_file(register: str, data: Path) -> Finding:
    """Return the finding that a register was not delivered."""
    return finding("KG801", Span(str(data)), register=register, folder=str(data))
