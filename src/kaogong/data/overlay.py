"""Corrections laid over the facts they correct: which cell becomes what, and what cannot be laid.

Of two corrections of one cell the later one holds. A correction of a field the register does not
have, of a field of the key, with a value of another type, or of a record that is not there is a
finding and is not laid; the rest is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaogong.data.column import Column, state_column
from kaogong.data.ledger import Entry
from kaogong.data.ranges import Layout
from kaogong.data.sql import Sql, joined, name, rows, sql, value
from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.span import Span
from kaogong.language.state import is_state

if TYPE_CHECKING:
    import duckdb

UNKNOWN_RECORD, UNKNOWN_FIELD = "KG846", "KG847"
WRONG_VALUE = "KG808"
OVERLAY_TABLE = "correction_overlay"

Key = tuple[str, ...]  # written cells, in the order of the register's key


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is laid over one register of one period."""

    cells: Mapping[tuple[Key, str], Entry]  # (record, field) -> the correction that holds

    @property
    def records(self) -> list[Key]:
        """Return the records touched, sorted."""
        return sorted({key for key, _ in self.cells})

    @property
    def fields(self) -> list[str]:
        """Return the fields touched, sorted."""
        return sorted({field for _, field in self.cells})

    @property
    def hashes(self) -> tuple[str, ...]:
        """Return the ledger entries that hold, in ledger order."""
        used = {entry.line: entry.hash for entry in self.cells.values()}
        return tuple(used[line] for line in sorted(used))


def plan_overlay(
    layout: Layout, entries: Iterable[Entry], period: str | None
) -> tuple[Overlay, list[Finding]]:
    """Return which corrections hold for a table of that layout and data period."""
    cells: dict[tuple[Key, str], Entry] = {}
    findings: list[Finding] = []
    for entry in entries:
        correction = entry.correction
        if period is None or correction.period in (None, period):
            try:
                key = _checked_key(layout, entry)
                _check_cell(layout, entry)
            except Refused as refused:
                findings.extend(refused.findings)
            else:
                cells[key, correction.field] = entry
    return Overlay(cells), findings


def drop_unknown_records(
    connection: duckdb.DuckDBPyConnection, source: Sql, layout: Layout, overlay: Overlay
) -> tuple[Overlay, list[Finding]]:
    """Return the overlay without the records that the source does not hold, and say which."""
    if not overlay.cells:
        return overlay, []
    load_overlay(connection, layout, overlay)
    found = rows(
        connection,
        sql(
            "SELECT {key} FROM {overlay} AS laid WHERE NOT EXISTS"
            " (SELECT 1 FROM {source} AS held WHERE {same})",
            key=joined(", ", (_laid(f"k{n}") for n in range(len(layout.key)))),
            overlay=name(OVERLAY_TABLE),
            source=source,
            same=same_record(layout),
        ),
    )
    written = {
        tuple(str(c.cell_text(cell)) for c, cell in zip(key_columns(layout), record, strict=True))
        for record in found
    }
    kept = {place: entry for place, entry in overlay.cells.items() if place[0] not in written}
    lost = [entry for place, entry in overlay.cells.items() if place[0] in written]
    return Overlay(kept), idle(lost)


def corrected_layout(layout: Layout, overlay: Overlay) -> Layout:
    """Return the layout with a state column for each field that is given a state."""
    have = {column.name for column in layout.columns}
    stated = sorted({field for (_, field), e in overlay.cells.items() if e.correction.state})
    added = [c for c in map(state_column, stated) if c.name not in have]
    return Layout((*layout.columns, *added), layout.key, layout.groups, layout.rows_per_file)


def corrected_source(source: Sql, layout: Layout, overlay: Overlay) -> Sql:
    """Return the source with the overlay laid over it; `load_overlay` comes first."""
    have = {column.name for column in layout.columns}
    laid = _laid_columns(overlay)
    after = corrected_layout(layout, overlay)
    return sql(
        "(SELECT {cells} FROM {source} AS held LEFT JOIN {overlay} AS laid ON {same})",
        cells=joined(", ", (_cell(column, have, laid) for column in after.columns)),
        source=source,
        overlay=name(OVERLAY_TABLE),
        same=same_record(layout),
    )


def load_overlay(connection: duckdb.DuckDBPyConnection, layout: Layout, overlay: Overlay) -> None:
    """Make the table of the overlay: one row a record; k0 ... the key, h_ v_ s_ each field."""
    columns = {column.name: column for column in layout.columns}
    records = overlay.records
    cells = [
        _list([key[n] for key in records], column, f"k{n}")
        for n, column in enumerate(key_columns(layout))
    ]
    for field in overlay.fields:
        held = [overlay.cells.get((key, field)) for key in records]
        values = [entry.correction.value if entry else None for entry in held]
        states = [entry.correction.state if entry else None for entry in held]
        hits = ["1" if entry else "0" for entry in held]
        cells.append(_list(hits, Column("hit", "yes_no"), f"h_{field}"))
        cells.append(_list(_normal(values, columns[field]), columns[field], f"v_{field}"))
        cells.append(_list(states, state_column(field), f"s_{field}"))
    made = sql(
        "CREATE OR REPLACE TEMP TABLE {table} AS SELECT {cells}",
        table=name(OVERLAY_TABLE),
        cells=joined(", ", cells),
    )
    rows(connection, made)


def key_columns(layout: Layout) -> list[Column]:
    """Return the columns of the key, in its order."""
    named = {column.name: column for column in layout.columns}
    return [named[field] for field in layout.key]


def same_record(layout: Layout) -> Sql:
    """Return the condition that `held` and `laid` are one record."""
    pairs = (
        sql("held.{c} = {k}", c=name(field), k=_laid(f"k{n}")) for n, field in enumerate(layout.key)
    )
    return joined(" AND ", pairs)


def _cell(column: Column, have: set[str], laid: Mapping[str, tuple[str, str]]) -> Sql:
    c = name(column.name)
    held = sql("held.{c}", c=c) if column.name in have else Sql("NULL")
    if column.name not in laid:
        return sql("{held} AS {c}", held=held, c=c)
    hit, new = laid[column.name]
    return sql(
        "CASE WHEN {hit} THEN {new} ELSE {held} END AS {c}",
        hit=_laid(hit),
        new=_laid(new),
        held=held,
        c=c,
    )


def _laid_columns(overlay: Overlay) -> dict[str, tuple[str, str]]:
    """Return for each column that is corrected where the overlay says so and with what."""
    states = {state_column(field).name: (f"h_{field}", f"s_{field}") for field in overlay.fields}
    return states | {field: (f"h_{field}", f"v_{field}") for field in overlay.fields}


def _laid(column: str) -> Sql:
    return sql("laid.{c}", c=name(column))


def _list(texts: Sequence[str | None], column: Column, called: str) -> Sql:
    return sql(
        "CAST(unnest(CAST({texts} AS VARCHAR[])) AS {type}) AS {called}",
        texts=value(list(texts)),
        type=Sql(column.sql_type),
        called=name(called),
    )


def _normal(texts: Sequence[str | None], column: Column) -> list[str | None]:
    return [column.cell_text(column.cell(text)) for text in texts]


def idle(entries: Iterable[Entry]) -> list[Finding]:
    """Return a finding for each correction that nothing delivered answers to."""
    return [_finding(UNKNOWN_RECORD, entry) for entry in entries]


def _checked_key(layout: Layout, entry: Entry) -> Key:
    correction = entry.correction
    given = dict(correction.key)
    if "period" in layout.key and correction.period is not None:
        given.setdefault("period", correction.period)
    if set(given) != set(layout.key):
        raise Refused(_finding(UNKNOWN_RECORD, entry))
    try:
        return tuple(str(c.cell_text(c.cell(given[c.name]))) for c in key_columns(layout))
    except ValueError as error:
        raise Refused(_finding(UNKNOWN_RECORD, entry)) from error


def _check_cell(layout: Layout, entry: Entry) -> None:
    correction = entry.correction
    column = {c.name: c for c in layout.columns}.get(correction.field)
    if column is None or correction.field in layout.key:
        raise Refused(_finding(UNKNOWN_FIELD, entry))
    if correction.state is not None and not is_state(correction.state):
        raise _wrong_value(entry, correction.state, "state")
    try:
        column.cell(correction.value)
    except ValueError as error:
        raise _wrong_value(entry, str(correction.value), column.type) from error


def _wrong_value(entry: Entry, written: str, kind: str) -> Refused:
    return refuse(WRONG_VALUE, _span(entry), value=written, kind=kind, field=entry.correction.field)


def _finding(id: str, entry: Entry) -> Finding:
    correction = entry.correction
    record = " / ".join(correction.key.values())
    return finding(
        id,
        _span(entry),
        register=correction.register,
        record=record,
        field=correction.field,
    )


def _span(entry: Entry) -> Span:
    return Span("ledger.jsonl", entry.line, 1)
