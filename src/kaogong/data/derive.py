"""Facts made of facts: parts of several departments joined, corrections laid over.

What comes out is stored as a snapshot of its own in `corrected/`, under the hash of the ids of
what went in. Where corrections touch neither key nor rank group, only the range files that hold a
corrected record are written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from kaogong.data.canonical import content_id
from kaogong.data.ledger import Entry
from kaogong.data.overlay import (
    OVERLAY_TABLE,
    Overlay,
    corrected_layout,
    corrected_source,
    drop_unknown_records,
    load_overlay,
    plan_overlay,
    same_record,
)
from kaogong.data.ranges import Layout, RangeFile, Table, cut_points, write_ranges
from kaogong.data.snapshot import Snapshot, paths_of, read_snapshot
from kaogong.data.sql import Sql, joined, name, names, parquet, rows, sql
from kaogong.data.store import Store, Writer, writing
from kaogong.language.finding import Finding, Refused, finding
from kaogong.language.span import Span

if TYPE_CHECKING:
    import duckdb

FOLDER = "corrected"
TWO_SOURCES = "KG806"


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a derived snapshot is made of."""

    parts: tuple[Snapshot, ...]  # of one register and data period, one or more
    entries: tuple[Entry, ...]  # corrections of the register, in ledger order


def derive(
    connection: duckdb.DuckDBPyConnection, store: Store, ingredients: Ingredients
) -> tuple[Snapshot, list[Finding]]:
    """Return the facts with parts joined and corrections laid over, and what could not be laid.

    A single part without corrections is returned as it is. A field that two parts deliver is
    refused (KG806).
    """
    layout = _joined_layout(ingredients.parts)
    first = ingredients.parts[0]
    overlay, findings = plan_overlay(layout, ingredients.entries, first.delivery.period)
    source = _joined_source(store, ingredients.parts, layout)
    overlay, unknown = drop_unknown_records(connection, source, layout, overlay)
    findings += unknown
    if len(ingredients.parts) == 1 and not overlay.cells:
        return first, findings
    made_of = [snapshot.id for snapshot in ingredients.parts]
    id = content_id({"snapshots": made_of, "corrections": list(overlay.hashes)})
    if not store.document_path(FOLDER, id).exists():
        after = corrected_layout(layout, overlay)
        delivery = replace(first.delivery, layout=after, parent=first.id, part="")
        with writing(store) as writer:
            files = _write(connection, writer, ingredients.parts, (layout, overlay, source))
            made = Snapshot(delivery, tuple(files), overlay.hashes)
            writer.keep_document(FOLDER, id, made.as_json())
    return read_snapshot(store, id, FOLDER), findings


def _write(
    connection: duckdb.DuckDBPyConnection,
    writer: Writer,
    parts: Sequence[Snapshot],
    laid: tuple[Layout, Overlay, Sql],
) -> list[RangeFile]:
    layout, overlay, source = laid
    after = corrected_layout(layout, overlay)
    if overlay.cells:
        load_overlay(connection, layout, overlay)
        if len(parts) == 1 and after == layout and not _moves_records(layout, overlay):
            return _rewrite_touched(connection, writer, parts[0], overlay)
        source = corrected_source(source, layout, overlay)
    source = sql("{source} AS corrected", source=source)
    bounds = cut_points(connection, source, after)
    return write_ranges(writer, Table(connection, source, after), bounds)


def _rewrite_touched(
    connection: duckdb.DuckDBPyConnection, writer: Writer, snapshot: Snapshot, overlay: Overlay
) -> list[RangeFile]:
    layout = snapshot.delivery.layout
    files = []
    for file, path in zip(snapshot.files, paths_of(writer.store, snapshot), strict=True):
        source = parquet([path])
        if _touched(connection, source, layout):
            corrected = sql("{s} AS corrected", s=corrected_source(source, layout, overlay))
            files.extend(write_ranges(writer, Table(connection, corrected, layout), [()]))
        else:
            files.append(file)
    return files


def _touched(connection: duckdb.DuckDBPyConnection, source: Sql, layout: Layout) -> bool:
    query = sql(
        "SELECT 1 FROM {source} AS held JOIN {overlay} AS laid ON {same} LIMIT 1",
        source=source,
        overlay=name(OVERLAY_TABLE),
        same=same_record(layout),
    )
    return bool(rows(connection, query))


def _moves_records(layout: Layout, overlay: Overlay) -> bool:
    return bool({column.name for column in layout.order} & set(overlay.fields))


def _joined_layout(parts: Sequence[Snapshot]) -> Layout:
    """Return the layout of the join; a field of two parts is refused (KG806)."""
    first = parts[0].delivery.layout
    key = set(first.key)
    for one, other in combinations(parts, 2):
        shared = ({c.name for c in one.columns} & {c.name for c in other.columns}) - key
        if shared or set(other.delivery.layout.key) != key:
            raise Refused(
                *(
                    finding(
                        TWO_SOURCES,
                        Span(one.register),
                        field=field,
                        heading=one.delivery.part,
                        other=other.delivery.part,
                    )
                    for field in sorted(shared or key)
                )
            )
    columns = {column.name: column for part in parts for column in part.columns}
    groups = next((p.delivery.layout.groups for p in parts if p.delivery.layout.groups), ())
    return replace(first, columns=tuple(columns.values()), groups=groups)


def _joined_source(store: Store, parts: Sequence[Snapshot], layout: Layout) -> Sql:
    sources = [parquet(paths_of(store, part)) for part in parts]
    if len(sources) == 1:
        return sources[0]
    keys = names(layout.key)
    chain = sql("{source} AS part0", source=sources[0])
    for place, source in enumerate(sources[1:], start=1):
        chain = sql(
            "{chain} FULL JOIN {source} AS {part} USING ({keys})",
            chain=chain,
            source=source,
            part=name(f"part{place}"),
            keys=keys,
        )
    cells = joined(", ", (name(column.name) for column in layout.columns))
    return sql("(SELECT {cells} FROM {chain})", cells=cells, chain=chain)
