"""Columns of credit codes and their like: which are wrong, and which are only spelled otherwise.

A column that is right costs one check a cell. Only what is wrong as it stands is spelled anew
(capitals, half-width signs, no blanks) and marked, so that it is looked at once more. Credit codes
of a large table are checked as an array of bytes, which takes a third of the time of SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaogong.data.cell_text import tidy_number
from kaogong.data.credit_code import LENGTH, SQL_CHECKS, are_credit_codes
from kaogong.data.shape import FieldShape, NumberCheck
from kaogong.data.sql import Sql, count, integer, name, rows, sql, value
from kaogong.data.typed import MARKED, ODD, Reading

if TYPE_CHECKING:
    import duckdb

LARGE = 100_000  # rows from which loading arrays pays
CHUNK = 200_000  # rows taken out of the engine at a time
_WRONG = "__wrong_number"


def check_numbers(connection: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Spell every national number of the table as its standard does, and mark the wrong ones."""
    for column in reading.heading.columns:
        check = column.field.number_check
        if check is None:
            continue
        _find_wrong(connection, reading, column.field, check)
        statement = sql(
            "UPDATE {table} SET {field} = {tidy}, {marked} = true "
            "WHERE rowid IN (SELECT row FROM {wrong})",
            table=name(reading.table),
            field=name(column.field.id),
            tidy=tidy_number(name(column.field.id)),
            marked=name(MARKED),
            wrong=name(_WRONG),
        )
        connection.execute(statement.text)


def _find_wrong(
    connection: duckdb.DuckDBPyConnection, reading: Reading, field: FieldShape, check: NumberCheck
) -> None:
    """Make the table of the rows whose number is none."""
    number, table = name(field.id), name(reading.table)
    records = count(connection, table)
    is_large = records >= LARGE and check == "credit_code"
    fitting = sql("strlen({n}) = {l} AND length({n}) = {l}", n=number, l=integer(LENGTH))
    right = fitting if is_large else SQL_CHECKS[check](number)
    statement = sql(
        "CREATE OR REPLACE TEMP TABLE {wrong} AS SELECT rowid AS row FROM {table} "
        "WHERE {odd} IS NULL AND {number} IS NOT NULL AND NOT ({right})",
        wrong=name(_WRONG),
        table=table,
        odd=name(ODD),
        number=number,
        right=right,
    )
    connection.execute(statement.text)
    if is_large:
        _add_wrong_codes(connection, sql("{t} WHERE {f}", t=table, f=fitting), number, records)


def _add_wrong_codes(
    connection: duckdb.DuckDBPyConnection, source: Sql, number: Sql, records: int
) -> None:
    """Add the rows of texts of the right length that are no credit codes."""
    for first in range(0, records, CHUNK):
        query = sql(
            "SELECT rowid AS row, {n} AS text FROM {source} AND rowid BETWEEN {first} AND {last}",
            n=number,
            source=source,
            first=integer(first),
            last=integer(first + CHUNK - 1),
        )
        columns = connection.execute(query.text).fetchnumpy()
        right = are_credit_codes(list(columns["text"]))
        wrong = sql(
            "INSERT INTO {wrong} SELECT unnest(CAST({rows} AS BIGINT[]))",
            wrong=name(_WRONG),
            rows=value(columns["row"][~right].tolist()),
        )
        rows(connection, wrong)
