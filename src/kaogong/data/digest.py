"""The logical digest of a table: equal data give an equal digest on any engine.

File hashes change with the writer's version, the order of rows and the layout; this digest does
not. Canonical text of a row: its cells in schema order, U+001F between them, each written so:

    no value    nothing at all
    text        number of code points, a colon, the text: `4:温州企业`; the empty text is `0:`
    number      plain decimal with exactly the declared decimals, `-0.50`; zero has no sign
    date        `2024-12-31`
    yes_no      `1` or `0`

A length stands before each text, so no text can imitate another row. The md5 of the row's UTF-8
is cut into four numbers of 32 bits, least byte first, and each is summed over the rows: sums do
not care for order, and those of parts add up to that of the whole. The digest is the sha256 of
schema, row count and sums. It tells equal data from unequal by chance or mistake; against intent
stands the sha256 of each file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaogong.data.canonical import content_id
from kaogong.data.column import Cell, Column, ColumnType
from kaogong.data.sql import Sql, integer, joined, name, rows, sql

if TYPE_CHECKING:
    import duckdb

SEPARATOR = "\x1f"
LANES = 4  # numbers of 32 bits in an md5
LANE = 8  # hexadecimal characters of one


@dataclass(frozen=True, slots=True)
class RowSum:
    """What the rows of a table add up to; sums of parts add."""

    rows: int = 0
    lanes: tuple[int, ...] = (0,) * LANES

    def __add__(self, other: RowSum) -> RowSum:
        lanes = tuple(a + b for a, b in zip(self.lanes, other.lanes, strict=True))
        return RowSum(self.rows + other.rows, lanes)


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one engine writes a row and adds up its md5."""

    # column {c}, its {type} in DuckDB, its {digits}, {scale} and {shape}, such as 0.00
    cells: Mapping[ColumnType, str]
    row: str  # {cells}
    sums: str  # {row} and {source}
    quote: str = '"'


def _sums_of_hexadecimal(number: str) -> str:
    """Return the query of an engine whose md5 is text; `number` makes one of 8 characters."""
    lanes = (
        number.format(" || ".join(f"substr(h, {first + at}, 2)" for at in (6, 4, 2, 0)))
        for first in range(1, LANES * LANE, LANE)
    )
    return sql(
        "SELECT count(*), {sums} FROM (SELECT md5({row}) AS h FROM {source}) AS hashed",
        sums=joined(", ", (Sql(f"sum({lane})") for lane in lanes)),
        row=Sql("{row}"),
        source=Sql("{source}"),
    ).text


_YES_NO = "CASE WHEN {c} THEN '1' WHEN NOT {c} THEN '0' ELSE '' END"

DIALECTS: Mapping[str, _Dialect] = {
    "duckdb": _Dialect(
        {
            "text": "coalesce(CAST(length({c}) AS VARCHAR) || ':' || {c}, '')",
            "number": "coalesce(CAST(CAST({c} AS {type}) AS VARCHAR), '')",
            "date": "coalesce(CAST({c} AS VARCHAR), '')",
            "yes_no": _YES_NO,
        },
        "concat_ws(chr(31), {cells})",
        "SELECT count(*), sum(low & 4294967295), sum(low >> 32),"
        " sum(high & 4294967295), sum(high >> 32)"
        " FROM (SELECT CAST(h & 18446744073709551615::UHUGEINT AS UBIGINT) AS low,"
        " CAST(h >> 64 AS UBIGINT) AS high"
        " FROM (SELECT md5_number({row}) AS h FROM {source}) AS hashed) AS halves",
    ),
    "postgres": _Dialect(
        {
            "text": "coalesce(length({c})::text || ':' || {c}, '')",
            "number": "coalesce(CAST({c} AS numeric({digits},{scale}))::text, '')",
            "date": "coalesce(to_char({c}, 'YYYY-MM-DD'), '')",
            "yes_no": _YES_NO,
        },
        "array_to_string(ARRAY[{cells}], chr(31))",
        _sums_of_hexadecimal("('x' || {})::bit(32)::bigint"),
    ),
    "spark": _Dialect(
        {
            "text": "coalesce(concat(CAST(length({c}) AS STRING), ':', {c}), '')",
            "number": "coalesce(format_number("
            "CAST({c} AS DECIMAL({digits},{scale})), {shape}), '')",
            "date": "coalesce(date_format({c}, 'yyyy-MM-dd'), '')",
            "yes_no": _YES_NO,
        },
        "concat_ws(chr(31), {cells})",
        _sums_of_hexadecimal("CAST(conv({}, 16, 10) AS BIGINT)"),
        quote="`",
    ),
}


def row_text(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    """Return the canonical text of one row, cells in the order of `columns`."""
    return SEPARATOR.join(_cell(c, cell) for c, cell in zip(columns, row, strict=True))


def row_sum(columns: Sequence[Column], table: Iterable[Sequence[Cell]]) -> RowSum:
    """Return what the rows add up to, computed without an engine: the reference of the SQL."""
    return sum((_one(row_text(columns, row)) for row in table), RowSum())


def row_text_sql(columns: Sequence[Column], dialect: str = "duckdb") -> Sql:
    """Return the canonical text of a row as an expression of an engine."""
    spoken = DIALECTS[dialect]
    cells = (
        sql(
            spoken.cells[column.type],
            c=name(column.name, spoken.quote),
            type=Sql(column.sql_type),
            digits=integer(column.digits),
            scale=integer(column.scale),
            shape=Sql("'" + ("0." + "0" * column.scale).rstrip(".") + "'"),
        )
        for column in columns
    )
    return sql(spoken.row, cells=joined(", ", cells))


def row_sum_sql(columns: Sequence[Column], source: Sql, dialect: str = "duckdb") -> Sql:
    """Return the query for row count and sums; `source` is what stands behind FROM."""
    row = row_text_sql(columns, dialect)
    return sql(DIALECTS[dialect].sums, row=row, source=source)


def table_sum(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], source: Sql
) -> RowSum:
    """Return what the rows of `source` add up to, computed by DuckDB."""
    return sum_from_record(rows(connection, row_sum_sql(columns, source))[0])


def sum_from_record(record: Sequence[object]) -> RowSum:
    """Return the row sum from the record that `row_sum_sql` gives on any engine."""
    counted = int(str(record[0]))
    return RowSum(counted, tuple(int(str(lane)) for lane in record[1:])) if counted else RowSum()


def digest(columns: Sequence[Column], total: RowSum) -> str:
    """Return the logical digest: sha256 of schema, number of rows and sums, in hexadecimal."""
    schema = [[c.name, c.type, c.scale if c.type == "number" else None] for c in columns]
    return content_id({"columns": schema, "rows": total.rows, "sums": list(total.lanes)})


def _cell(column: Column, cell: Cell) -> str:
    text = column.cell_text(cell)
    if text is None:
        return ""
    return f"{len(text)}:{text}" if column.type == "text" else text


def _one(text: str) -> RowSum:
    hashed = hashlib.md5(text.encode("utf-8"), usedforsecurity=False).digest()
    words = (hashed[first : first + 4] for first in range(0, 4 * LANES, 4))
    return RowSum(1, tuple(int.from_bytes(word, "little") for word in words))
