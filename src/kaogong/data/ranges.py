"""Cut a table into ranges of its order and write each as one Parquet file.

The order is (rank group, key), ascending, NULL last, and complete, so a range has the same bytes
for any number of threads. A range ends with a rank group, where groups are declared. The bounds
of an earlier snapshot are taken over: a changed row rewrites the file of its range and no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaogong.data.column import Cell, Column
from kaogong.data.digest import RowSum, table_sum
from kaogong.data.sql import Sql, count, integer, joined, name, names, rows, sql, value
from kaogong.data.store import StoredObject, Writer

if TYPE_CHECKING:
    import duckdb

ROWS_PER_GROUP = 122_880
ROWS_PER_FILE = 4 * ROWS_PER_GROUP
PARQUET = (
    "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1,"
    f" ROW_GROUP_SIZE {ROWS_PER_GROUP}"
)

Bound = tuple[Cell, ...]  # first cells of the order; () is below everything


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a file has and by what it is ordered."""

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    groups: tuple[str, ...] = ()  # rank group: stands before the key in the order
    rows_per_file: int = ROWS_PER_FILE

    @property
    def order(self) -> tuple[Column, ...]:
        """Return the columns of the order: rank group, then the rest of the key."""
        named = {column.name: column for column in self.columns}
        rest = [name for name in self.key if name not in self.groups]
        return tuple(named[name] for name in (*self.groups, *rest))

    @property
    def cut(self) -> tuple[Column, ...]:
        """Return the columns a bound consists of: whole rank groups, else the key."""
        return self.order[: len(self.groups)] if self.groups else self.order


@dataclass(frozen=True, slots=True)
class Table:
    """Rows on their way into a store; `source` is what stands behind FROM."""

    connection: duckdb.DuckDBPyConnection
    source: Sql
    layout: Layout


@dataclass(frozen=True, slots=True)
class RangeFile:
    """One file of a snapshot: what lies in it and from where to where."""

    sha256: str
    bytes: int
    total: RowSum
    least: Bound  # cells of the order; () where the file has no rows
    greatest: Bound


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one range: what stands behind FROM, and the name of its file."""

    source: Sql
    file_name: str


def cut_points(connection: duckdb.DuckDBPyConnection, source: Sql, layout: Layout) -> list[Bound]:
    """Return the lower bounds of the ranges, the first one empty; one range for few rows."""
    counted = count(connection, source)
    if counted <= layout.rows_per_file:
        return [()]
    query = _group_cuts(source, layout) if layout.groups else _key_cuts(source, layout, counted)
    return [(), *rows(connection, query)]


def _group_cuts(source: Sql, layout: Layout) -> Sql:
    """Return the query for the rank groups at which a new file begins."""
    return sql(
        """
        WITH sizes AS (SELECT {cut}, count(*) AS size FROM {source} GROUP BY {cut}),
        places AS (
            SELECT {cut}, (sum(size) OVER (ORDER BY {ordering}
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - size) // {each} AS part
            FROM sizes)
        SELECT {cut} FROM places
        QUALIFY part > lag(part) OVER (ORDER BY {ordering}) ORDER BY {ordering}
        """,
        cut=_names(layout.cut),
        source=source,
        ordering=_ordering(layout.cut),
        each=integer(layout.rows_per_file),
    )


def _key_cuts(source: Sql, layout: Layout, counted: int) -> Sql:
    """Return the query for the keys at which a new file begins: every so-many-th of the rows.

    A quantile of the keys costs a third of sorting them; half a place keeps it off the border.
    """
    places = range(layout.rows_per_file, counted, layout.rows_per_file)
    return sql(
        "SELECT unnest(cut) FROM (SELECT unnest(quantile_disc({key}, [{shares}])) AS cut"
        " FROM (SELECT {names} FROM {source}) AS keys)",
        key=sql("struct_pack({cells})", cells=joined(", ", map(_packed, layout.cut))),
        shares=joined(", ", (Sql(f"{2 * place + 1} / {2 * counted}") for place in places)),
        names=_names(layout.cut),
        source=source,
    )


def _packed(column: Column) -> Sql:
    return sql("{c} := {c}", c=name(column.name))


def write_ranges(
    writer: Writer, table: Table, bounds: Sequence[Bound], known: Sequence[RangeFile] = ()
) -> list[RangeFile]:
    """Write a file for each range that holds rows; ranges equal to a known file are not written.

    A table without rows has one file, which holds its columns.

    The source is read once for each range and should be a table or Parquet. Files of `known` must
    have the same columns and order.
    """
    unchanged = {(file.least, file.greatest, file.total): file for file in known}
    files = []
    for place, low in enumerate(bounds):
        high = bounds[place + 1] if place + 1 < len(bounds) else None
        condition = _between(table.layout.cut, low, high)
        source = sql("{source} WHERE {condition}", source=table.source, condition=condition)
        total = table_sum(table.connection, table.layout.columns, source)
        if total.rows:
            least, greatest = _ends(table, source)
            file = unchanged.get((least, greatest, total))
            kept = file or _write(writer, table, _Part(source, f"{place}.parquet"))
            files.append(RangeFile(kept.sha256, kept.bytes, total, least, greatest))
    return files or [_empty_file(writer, table)]


def file_bounds(files: Sequence[RangeFile], layout: Layout) -> list[Bound]:
    """Return the bounds at which the given files were cut, the first one empty."""
    width = len(layout.cut)
    return [(), *(file.least[:width] for file in files[1:])]


def _write(writer: Writer, table: Table, part: _Part) -> StoredObject:
    path = writer.folder / part.file_name
    statement = sql(
        "COPY (SELECT {cells} FROM {source} ORDER BY {ordering}) TO {path} ({options})",
        cells=joined(", ", (column.cast for column in table.layout.columns)),
        source=part.source,
        ordering=_ordering(table.layout.order),
        path=value(str(path)),
        options=Sql(PARQUET),
    )
    rows(table.connection, statement)
    return writer.keep_file(path)


def _empty_file(writer: Writer, table: Table) -> RangeFile:
    kept = _write(writer, table, _Part(table.source, "0.parquet"))
    return RangeFile(kept.sha256, kept.bytes, RowSum(), (), ())


def _ends(table: Table, source: Sql) -> tuple[Bound, Bound]:
    order = table.layout.order
    least, greatest = (
        rows(
            table.connection,
            sql(
                "SELECT {order} FROM {source} ORDER BY {ordering} LIMIT 1",
                order=_names(order),
                source=source,
                ordering=_ordering(order, direction),
            ),
        )[0]
        for direction in ("ASC NULLS LAST", "DESC NULLS FIRST")
    )
    return least, greatest


def _between(columns: Sequence[Column], low: Bound, high: Bound | None) -> Sql:
    at_least = _at_or_after(columns, low)
    if high is None:
        return at_least
    return sql("{low} AND NOT {high}", low=at_least, high=_at_or_after(columns, high))


def _at_or_after(columns: Sequence[Column], bound: Bound) -> Sql:
    """Return the condition that a row stands at or after a bound; it is never NULL."""
    if not bound:
        return Sql("TRUE")
    first = name(columns[0].name)
    rest = _at_or_after(columns[1:], bound[1:])
    if bound[0] is None:
        return sql("({c} IS NULL AND {rest})", c=first, rest=rest)
    return sql(
        "({c} IS NULL OR {c} > {v} OR ({c} = {v} AND {rest}))",
        c=first,
        v=value(bound[0]),
        rest=rest,
    )


def _names(columns: Sequence[Column]) -> Sql:
    return names(column.name for column in columns)


def _ordering(columns: Sequence[Column], direction: str = "ASC NULLS LAST") -> Sql:
    written = Sql(direction)
    return joined(", ", (sql("{c} {d}", c=name(c.name), d=written) for c in columns))
