"""Which rows fail which check, found in the engine in a few passes over values.

The result is two tables: the faults (row, number of the check, a note such as the value before)
and the rows concerned as they were sent. Rows are counted from 0 as the
engine reads them, heading and all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaogong.data.against import Against
from kaogong.data.cell_text import state
from kaogong.data.checks import DOUBLE, JUMP, UNKNOWN_CODE, Check, Scope, key_of, strikes
from kaogong.data.code_tables import CodeSearch, judge_codes
from kaogong.data.heading import TakenColumn
from kaogong.data.jumps import jumps
from kaogong.data.national_numbers import check_numbers
from kaogong.data.odd_rows import TOLD
from kaogong.data.sent_rows import keep_sent_rows
from kaogong.data.shape import FieldShape
from kaogong.data.sql import Sql, integer, joined, name, rows, sql
from kaogong.data.typed import MARKED, ODD, Reading, mark_of

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Faults:
    """The tables of what failed; `table` has row, number, note; `sent` the rows as they came."""

    table: str
    sent: str


@dataclass(frozen=True, slots=True)
class _Search:
    """One table under search."""

    connection: duckdb.DuckDBPyConnection
    reading: Reading
    checks: tuple[Check, ...]
    faults: Faults
    scratch: Path

    @property
    def table(self) -> Sql:
        return name(self.reading.table)

    @property
    def found(self) -> Sql:
        return name(self.faults.table)

    def run(self, statement: Sql) -> None:
        self.connection.execute(statement.text, list(statement.parameters))

    def of(self, scope: Scope) -> list[tuple[int, Check]]:
        """Return the checks of one scope with their numbers."""
        return [(n, check) for n, check in enumerate(self.checks) if check.scope == scope]

    def numbers_of(self, id: str) -> list[tuple[int, FieldShape]]:
        """Return the checks of one finding with the field of each."""
        return [(n, c.field) for n, c in enumerate(self.checks) if c.id == id and c.field]


def find_faults(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    checks: tuple[Check, ...],
    against: Against,
    scratch: Path,
) -> Faults:
    """Run every check over the typed table and set the states of cells; return what failed."""
    found = Faults(f"{reading.table}__fault", f"{reading.table}__sent")
    search = _Search(connection, reading, checks, found, scratch)
    check_numbers(connection, reading)
    for step in (
        _begin,
        _codes,
        _rows_that_fail,
        _doubles,
        _jumps,
        _sent,
        _cells_that_fail,
        _states,
    ):
        step(search, against)
    _keep_one_reason(search)
    return found


def _begin(search: _Search, _: Against) -> None:
    search.run(
        sql(
            "CREATE OR REPLACE TEMP TABLE {found} (row BIGINT, number INTEGER, note VARCHAR)",
            found=search.found,
        )
    )


def _codes(search: _Search, against: Against) -> None:
    """Set right how codes are spelled, then find those that their list does not hold."""
    for number, field in search.numbers_of(UNKNOWN_CODE):
        unknown = judge_codes(CodeSearch(search.connection, search.reading, field, against))
        if unknown is not None:
            search.run(
                sql(
                    "INSERT INTO {found} SELECT row, {number}, note FROM ({unknown})",
                    found=search.found,
                    number=integer(number),
                    unknown=unknown,
                )
            )


def _rows_that_fail(search: _Search, _: Against) -> None:
    """Run all checks of rows in one pass."""
    checks = search.of("row")
    if not checks:
        return
    search.run(
        sql(
            "INSERT INTO {found} SELECT row, unnest(numbers), NULL FROM "
            "(SELECT rowid AS row, {numbers} AS numbers FROM {table} "
            "WHERE {odd} IS NULL AND ({some}))",
            found=search.found,
            numbers=strikes(checks),
            table=search.table,
            odd=name(ODD),
            some=joined(" OR ", (check.where for _, check in checks)),
        )
    )


def _doubles(search: _Search, _: Against) -> None:
    """Find every row whose key another row has; its note lists the others."""
    key = key_of(search.reading)
    number = next((n for n, check in enumerate(search.checks) if check.id == DOUBLE), None)
    if not key or number is None:
        return
    hashed = sql("hash({key})", key=joined(", ", key))
    parts = joined(", ", key)
    search.run(
        sql(
            "INSERT INTO {found} WITH again AS (SELECT {hashed} AS h FROM {table} "
            "WHERE {odd} IS NULL GROUP BY h HAVING count(*) > 1), "
            "near AS (SELECT rowid AS row, [{texts}] AS key FROM {table} "
            "WHERE {odd} IS NULL AND {hashed} IN (SELECT h FROM again)) "
            "SELECT row, {number}, list_aggregate(list_filter(list_sort(rows), lambda x: x <> row)"
            "[:10], 'string_agg', ',') FROM "
            "(SELECT row, list(row) OVER (PARTITION BY key) AS rows FROM near "
            "WHERE list_count(key) = {parts}) WHERE len(rows) > 1",
            found=search.found,
            hashed=hashed,
            table=search.table,
            odd=name(ODD),
            number=integer(number),
            texts=joined(", ", (sql("{part}::VARCHAR", part=part) for part in key)),
            parts=integer(len(key)),
        )
        if parts.text
        else sql("SELECT 1")
    )


def _jumps(search: _Search, against: Against) -> None:
    """Find figures that are ten thousand or a hundred million times those of the period before."""
    checks = search.numbers_of(JUMP)
    for query in jumps(search.connection, search.reading, checks, against.history):
        search.run(sql("INSERT INTO {found} {query}", found=search.found, query=query))


def _sent(search: _Search, _: Against) -> None:
    """Find the rows that need a word in the file once more, as they were sent."""
    wanted = sql(
        "SELECT row FROM {found} UNION SELECT rowid FROM {table} "
        "WHERE ({odd} IS NULL AND {marked}) OR {odd} IN ({told})",
        found=search.found,
        table=search.table,
        odd=name(ODD),
        marked=name(MARKED),
        told=joined(", ", map(integer, TOLD)),
    )
    sheet, table = search.reading.sheet, search.faults.sent
    keep_sent_rows(search.connection, sheet, table, wanted, search.scratch)


def _cells_that_fail(search: _Search, _: Against) -> None:
    """Run the checks of cells over the marked rows, column by column."""
    columns = _doubtful(search)
    parts = [
        sql(
            "SELECT row, {numbers} AS numbers FROM {marked} AS marked WHERE {doubtful}",
            numbers=strikes(checks),
            marked=_marked(search),
            doubtful=mark_of(search.reading.cell(column)),
        )
        for column in columns
        if (checks := [(n, c) for n, c in search.of("cell") if c.field == column.field])
    ]
    for part in parts:
        search.run(
            sql(
                "INSERT INTO {found} SELECT row, unnest(numbers), NULL FROM ({part})",
                found=search.found,
                part=part,
            )
        )


def _doubtful(search: _Search) -> list[TakenColumn]:
    """Return the columns with a marked cell, so that only their checks are run."""
    columns = search.reading.heading.columns
    some = joined(", ", (sql("bool_or({m})", m=mark_of(search.reading.cell(c))) for c in columns))
    query = sql("SELECT {some} FROM {marked} AS marked", some=some, marked=_marked(search))
    return [c for c, has in zip(columns, rows(search.connection, query)[0], strict=True) if has]


def _marked(search: _Search) -> Sql:
    """Return the marked rows with what was sent and what became of it."""
    return sql(
        "(SELECT s.*, t.* FROM {sent} AS s JOIN {table} AS t ON t.rowid = s.row "
        "WHERE t.{odd} IS NULL AND t.{marked})",
        sent=name(search.faults.sent),
        table=search.table,
        odd=name(ODD),
        marked=name(MARKED),
    )


def _states(search: _Search, _: Against) -> None:
    """Give each field whose cells carry a state (免报, 不适用, 保密) a column that holds it."""
    columns = [c for c in search.reading.heading.columns if _may_have_state(c.field)]
    if not columns:
        return
    given = [search.reading.cell(column).text for column in columns]
    some = joined(", ", (sql("bool_or({state} IS NOT NULL)", state=state(cell)) for cell in given))
    sent = name(search.faults.sent)
    have = rows(search.connection, sql("SELECT {some} FROM {sent}", some=some, sent=sent))[0]
    for column, cell, has_state in zip(columns, given, have, strict=True):
        if has_state:
            stated = sql(
                "SELECT row, {state} AS state FROM {sent} WHERE {state} IS NOT NULL",
                state=state(cell),
                sent=sent,
            )
            _write_state(search, column.field, stated)


def _may_have_state(field: FieldShape) -> bool:
    """Tell whether a word such as 不适用 is a state in that field, and not its text."""
    return field.kind in ("number", "date", "yes_no") or bool(field.number_check) or field.has_list


def _write_state(search: _Search, field: FieldShape, stated: Sql) -> None:
    column = name(f"{field.id}__state")
    search.run(
        sql("ALTER TABLE {table} ADD COLUMN {column} VARCHAR", table=search.table, column=column)
    )
    search.run(
        sql(
            "UPDATE {table} SET {column} = stated.state, {field} = NULL FROM ({stated}) AS stated "
            "WHERE {table}.rowid = stated.row",
            table=search.table,
            column=column,
            field=name(field.id),
            stated=stated,
        )
    )
    numbers = [n for n, check in enumerate(search.checks) if check.field == field]
    search.run(
        sql(
            "DELETE FROM {found} "
            "WHERE number IN ({numbers}) AND row IN (SELECT row FROM ({stated}))",
            found=search.found,
            numbers=joined(", ", [integer(-1), *map(integer, numbers)]),
            stated=stated,
        )
    )


def _keep_one_reason(search: _Search) -> None:
    """Keep the first reason of each cell, and what the register's own conditions say."""
    cells = {check.cell: place for place, check in enumerate(search.checks)}
    listed_cells = joined(", ", (integer(cells[check.cell]) for check in search.checks))
    search.run(
        sql(
            "CREATE OR REPLACE TEMP TABLE {found} AS SELECT row, number, note FROM {found} "
            "QUALIFY row_number() OVER "
            "(PARTITION BY row, ([{cells}])[number + 1] ORDER BY number) = 1",
            found=search.found,
            cells=listed_cells,
        )
    )
