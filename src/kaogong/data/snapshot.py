"""A snapshot: one register, as it came in, checked, as Parquet under the hash of its content.

Its manifest holds schema, key, range files with their least and greatest place in the order,
logical digest, parent, source, data period, and when and by whom it was recorded. The id is the
sha256 of the manifest without when and who: the same content with the same parent is the same
snapshot, whoever recorded it first. A snapshot is never changed; its successor names it as parent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kaogong.data.canonical import Json, content_id
from kaogong.data.column import Column, column_from_json
from kaogong.data.digest import RowSum, digest
from kaogong.data.ranges import (
    Bound,
    Layout,
    RangeFile,
    Table,
    cut_points,
    file_bounds,
    write_ranges,
)
from kaogong.data.sql import Sql, integer, joined, name, names, rows, sql
from kaogong.data.store import Store, Writer, document_names, read_document, writing
from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.span import Span

if TYPE_CHECKING:
    import duckdb

FOLDER = "snapshots"
DUPLICATE_KEY = "KG809"
DAMAGED = "KG848"
SHOWN = 20  # duplicates named, of which there may be a million
RECUT_ABOVE = 2  # times the rows of a file, after which old bounds are given up


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known of a table beside its rows, when it is taken in."""

    register: str
    layout: Layout
    recorded: dt.datetime  # with its offset from UTC
    recorded_by: str
    period: str | None = None  # data period; None: the table holds all periods, or has none
    part: str = ""  # who delivered which columns, where several deliver one register
    source: Mapping[str, str] = field(default_factory=dict)  # file, sha256, department ...
    parent: str | None = None  # id of the snapshot this one follows

    def __post_init__(self) -> None:
        if self.recorded.tzinfo is None:
            raise ValueError("the record time needs its offset from UTC")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that lies in a store."""

    delivery: Delivery
    files: tuple[RangeFile, ...]
    corrections: tuple[str, ...] = ()  # ledger entries laid over the parent, where it has some

    @property
    def register(self) -> str:
        """Return the register whose facts it holds."""
        return self.delivery.register

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns in their order."""
        return self.delivery.layout.columns

    @property
    def total(self) -> RowSum:
        """Return what all its rows add up to."""
        return sum((file.total for file in self.files), RowSum())

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return self.total.rows

    @property
    def digest(self) -> str:
        """Return the logical digest of its rows."""
        return digest(self.columns, self.total)

    @property
    def id(self) -> str:
        """Return the sha256 of its content, without who recorded it when."""
        return content_id(self._content())

    def as_json(self) -> dict[str, Json]:
        """Return the manifest."""
        recorded = self.delivery.recorded.isoformat()
        return self._content() | {"recorded": recorded, "recorded_by": self.delivery.recorded_by}

    def _content(self) -> dict[str, Json]:
        layout = self.delivery.layout
        return {
            "kind": "snapshot",
            "register": self.register,
            "period": self.delivery.period,
            "part": self.delivery.part,
            "source": dict(self.delivery.source),
            "parent": self.delivery.parent,
            "corrections": list(self.corrections),
            "schema": [column.as_json() for column in layout.columns],
            "key": list(layout.key),
            "groups": list(layout.groups),
            "rows_per_file": layout.rows_per_file,
            "files": [_file_json(file, layout) for file in self.files],
            "rows": self.rows,
            "digest": self.digest,
        }


def take_snapshot(
    connection: duckdb.DuckDBPyConnection, store: Store, source: Sql, delivery: Delivery
) -> Snapshot:
    """Put a checked table into the store and return its snapshot.

    `source` is what stands behind FROM: the name of a table, or a call of read_parquet. A key
    that is missing or occurs twice is refused (KG809) and nothing is named.
    """
    table = Table(connection, source, delivery.layout)
    refuse_bad_keys(table, delivery.register)
    parent = read_snapshot(store, delivery.parent) if delivery.parent else None
    known = parent.files if parent and _same_table(parent.delivery, delivery) else ()
    with writing(store) as writer:
        files = write_ranges(writer, table, _bounds(table, known), known)
        return keep_snapshot(writer, Snapshot(delivery, tuple(files)))


def keep_snapshot(writer: Writer, snapshot: Snapshot, folder: str = FOLDER) -> Snapshot:
    """Name a snapshot whose files lie in the store, and return it as the store has it."""
    writer.keep_document(folder, snapshot.id, snapshot.as_json())
    return read_snapshot(writer.store, snapshot.id, folder)


def read_snapshot(store: Store, id: str, folder: str = FOLDER) -> Snapshot:
    """Return the snapshot of that id; a missing or damaged manifest is refused (KG848)."""
    snapshot = _from_json(read_document(store, folder, id))
    if folder == FOLDER and snapshot.id != id:
        path = store.document_path(folder, id)
        raise refuse(DAMAGED, Span(str(path)), reason=f"sha256 {snapshot.id}")
    return snapshot


def snapshots_of(store: Store, register: str) -> list[Snapshot]:
    """Return all snapshots of a register, first recorded first."""
    found = (read_snapshot(store, name) for name in document_names(store, FOLDER))
    return sorted(
        (snapshot for snapshot in found if snapshot.register == register),
        key=lambda snapshot: (snapshot.delivery.recorded, snapshot.id),
    )


def paths_of(store: Store, snapshot: Snapshot) -> list[Path]:
    """Return the Parquet files of a snapshot, in the order of its rows.

    One that is gone or has another length than it was written with is refused (KG848).
    """
    paths = [store.object_path(file.sha256) for file in snapshot.files]
    for path, file in zip(paths, snapshot.files, strict=True):
        found = path.stat().st_size if path.exists() else 0
        if found != file.bytes:
            raise refuse(DAMAGED, Span(str(path)), reason=f"{found} / {file.bytes} bytes")
    return paths


def refuse_bad_keys(table: Table, register: str) -> None:
    """Raise Refused with a finding (KG809) for each key that is empty or occurs twice."""
    key = table.layout.key
    query = sql(
        "SELECT {key} FROM {source} GROUP BY {key} HAVING count(*) > 1 OR {empty}"
        " ORDER BY {key} LIMIT {shown}",
        key=names(key),
        source=table.source,
        empty=joined(" OR ", (sql("{c} IS NULL", c=name(field)) for field in key)),
        shown=integer(SHOWN),
    )
    found = rows(table.connection, query)
    if found:
        raise Refused(*(_duplicate(register, record) for record in found))


def _duplicate(register: str, key: Sequence[object]) -> Finding:
    written = " / ".join("" if cell is None else str(cell) for cell in key)
    return finding(DUPLICATE_KEY, Span(register), key=written)


def _same_table(older: Delivery, newer: Delivery) -> bool:
    return older.layout == newer.layout and older.register == newer.register


def _bounds(table: Table, known: Sequence[RangeFile]) -> list[Bound]:
    limit = RECUT_ABOVE * table.layout.rows_per_file
    if known and all(file.total.rows <= limit for file in known):
        return file_bounds(known, table.layout)
    return cut_points(table.connection, table.source, table.layout)


def _file_json(file: RangeFile, layout: Layout) -> dict[str, Json]:
    return {
        "sha256": file.sha256,
        "bytes": file.bytes,
        "rows": file.total.rows,
        "sums": list(file.total.lanes),
        "min_key": _bound_json(file.least, layout),
        "max_key": _bound_json(file.greatest, layout),
    }


def _bound_json(bound: Bound, layout: Layout) -> list[Json]:
    return [column.cell_text(cell) for column, cell in zip(layout.order, bound, strict=bool(bound))]


def _bound(texts: Sequence[str | None], layout: Layout) -> Bound:
    return tuple(column.cell(text) for column, text in zip(layout.order, texts, strict=bool(texts)))


def _from_json(manifest: Mapping[str, Json]) -> Snapshot:
    read = cast("Mapping[str, object]", manifest)
    layout = Layout(
        tuple(column_from_json(c) for c in cast("list[dict[str, str | int]]", read["schema"])),
        tuple(cast("list[str]", read["key"])),
        tuple(cast("list[str]", read["groups"])),
        cast("int", read["rows_per_file"]),
    )
    delivery = Delivery(
        register=cast("str", read["register"]),
        layout=layout,
        recorded=dt.datetime.fromisoformat(cast("str", read["recorded"])),
        recorded_by=cast("str", read["recorded_by"]),
        period=cast("str | None", read["period"]),
        part=cast("str", read["part"]),
        source=cast("dict[str, str]", read["source"]),
        parent=cast("str | None", read["parent"]),
    )
    files = tuple(_range_file(f, layout) for f in cast("list[dict[str, object]]", read["files"]))
    return Snapshot(delivery, files, tuple(cast("list[str]", read["corrections"])))


def _range_file(file: Mapping[str, object], layout: Layout) -> RangeFile:
    total = RowSum(cast("int", file["rows"]), tuple(cast("list[int]", file["sums"])))
    return RangeFile(
        cast("str", file["sha256"]),
        cast("int", file["bytes"]),
        total,
        _bound(cast("list[str | None]", file["min_key"]), layout),
        _bound(cast("list[str | None]", file["max_key"]), layout),
    )
