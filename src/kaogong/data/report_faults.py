"""Faults as findings and as reasons: at most a few of a kind, each with its cell, and a count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kaogong.data.checks import (
    DOUBLE,
    JUMP,
    KINDS,
    OUT_OF_RANGE,
    OUT_OF_TIME,
    UNKNOWN_CODE,
    Check,
)
from kaogong.data.faults import Faults
from kaogong.data.odd_rows import TOLD, first_text
from kaogong.data.sheet import raw
from kaogong.data.sql import integer, joined, name, rows, sql
from kaogong.data.typed import ODD, Reading
from kaogong.language.finding import Finding, finding
from kaogong.language.words import Words

if TYPE_CHECKING:
    import duckdb

LEFT_OUT, MORE = "KG817", "KG835"
SHORT = 60  # characters of a cell that a sentence shows

Counts = Mapping[tuple[str, str], int]


def findings_of(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    checks: tuple[Check, ...],
    faults: Faults,
    cap: int,
) -> tuple[tuple[Finding, ...], Counts]:
    """Return the findings, at most `cap` of one kind and field, and how many there are of each."""
    found = [*reading.sheet.findings, *reading.heading.findings]
    counts: dict[tuple[str, str], int] = {}
    for number, row, note, sent, total in _samples(connection, reading, faults, cap):
        check = checks[number]
        counts[check.id, check.cell] = total
        found.append(_finding(reading, check, reading.sheet.first_number + row, note, sent))
    found += [
        finding(MORE, reading.sheet.span(), id=id, field=cell, n=n - cap)
        for (id, cell), n in counts.items()
        if n > cap
    ]
    return (*found, *_odd_rows(connection, reading, faults, cap)), counts


def reason_values(reading: Reading, check: Check, note: str | None, sent: str) -> dict[str, str]:
    """Return what fills the sentence of a fault in one cell."""
    field = check.field
    title = (field.title or field.id) if field else ""
    shown = sent if len(sent) <= SHORT else sent[:SHORT] + "…"
    values = {"field": title, "value": shown}
    if field is not None:
        values["kind"] = KINDS.get(field.number_check or field.kind, Words("文字", "text"))
        values["scale"] = str(field.scale)
        values["range"] = _range(check)
    if check.condition is not None:
        values["check"] = check.condition.title or check.condition.name
    if check.id == UNKNOWN_CODE and field is not None:
        values |= {"code": shown, "vocabulary": field.vocabulary or title, "date": note or "—"}
    if check.id == JUMP:
        values |= {"before": note or "", "factor": Words("一万或一亿", "10^4 or 10^8")}
    if check.id == DOUBLE:
        first = reading.sheet.first_number
        others = "、".join(str(int(n) + first + 1) for n in (note or "").split(",") if n)
        values["key"] = Words(f"{shown}（另见第{others}行）", f"{shown} (also in row {others})")
    return values


def column_of(reading: Reading, check: Check) -> int:
    """Return the column a fault is shown at; the first of the sheet where it has none."""
    column = reading.heading.column(check.field.id) if check.field else None
    return column.position if column else 0


def _range(check: Check) -> str:
    field = check.field
    if field is None or check.id not in (OUT_OF_RANGE, OUT_OF_TIME):
        return ""
    if field.low is None and field.high is None:
        return Words(f"{field.digits}位数字", f"{field.digits} digits")
    low = "" if field.low is None else str(field.low)
    high = "" if field.high is None else str(field.high)
    return f"[{low}, {high}]"


def _finding(
    reading: Reading, check: Check, row: int, note: str | None, sent: tuple[Any, ...]
) -> Finding:
    column = column_of(reading, check)
    text = "" if sent[column] is None else str(sent[column])
    values = reason_values(reading, check, note, text)
    values["cell"] = reading.sheet.address(row, column)
    return Finding(check.id, reading.sheet.span(row, column), values)


def _samples(
    connection: duckdb.DuckDBPyConnection, reading: Reading, faults: Faults, cap: int
) -> Iterator[tuple[int, int, str | None, tuple[Any, ...], int]]:
    """Return the first faults of each check with the row as it was sent, and how many there are."""
    query = sql(
        "SELECT f.number, f.row, f.note, f.total, {cells} FROM (SELECT *, "
        "count(*) OVER (PARTITION BY number) AS total FROM {faults} "
        "QUALIFY row_number() OVER (PARTITION BY number ORDER BY row) <= {cap}) AS f "
        "JOIN {sent} AS s ON s.row = f.row ORDER BY f.number, f.row",
        cells=joined(", ", (sql("s.{c}", c=raw(i)) for i in range(reading.sheet.width))),
        faults=name(faults.table),
        sent=name(faults.sent),
        cap=integer(cap),
    )
    for number, row, note, total, *cells in rows(connection, query):
        yield number, row, note, tuple(cells), total


def _odd_rows(
    connection: duckdb.DuckDBPyConnection, reading: Reading, faults: Faults, cap: int
) -> list[Finding]:
    """Return a note for each total, footer and repeated heading."""
    query = sql(
        "SELECT s.row, {text} FROM {sent} AS s JOIN {table} AS t ON t.rowid = s.row "
        "WHERE t.{odd} IN ({told}) ORDER BY s.row LIMIT {cap}",
        text=first_text(reading.sheet),
        sent=name(faults.sent),
        table=name(reading.table),
        odd=name(ODD),
        told=joined(", ", map(integer, TOLD)),
        cap=integer(cap),
    )
    return [
        finding(
            LEFT_OUT, reading.sheet.span(row + reading.sheet.first_number, 0), text=text[:SHORT]
        )
        for row, text in rows(connection, query)
    ]
