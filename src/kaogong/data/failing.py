"""The rows that failed, sent back as they came, with the reason beside each cell.

The office that delivered them finds its own columns in its own order, the number of the row in its
own file, and right of each cell that is wrong a column that says why. Every cell is written as
text, so that no code loses a digit and no formula runs on the way back.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaogong.data.checks import Check
from kaogong.data.intake import Intake
from kaogong.data.report_faults import column_of, reason_values
from kaogong.data.sheet import raw
from kaogong.data.sql import Sql, integer, joined, name, rows, sql
from kaogong.language.finding import Finding

if TYPE_CHECKING:
    import duckdb

CHUNK = 10_000  # rows taken from the engine at a time
SHEET_ROWS = 1_000_000  # rows of one sheet of a workbook

_WORDS = {
    "zh": ("行号", "处理", "未收", "已收，请核", "原因：", "退回"),
    "en": ("Row", "Taken", "no", "yes, please check", "Reason: ", "Returned"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the returned sheet; marked columns hold a reason or the cell that it speaks of."""

    texts: list[str]
    marked: frozenset[int] = frozenset()


def write_failing(
    connection: duckdb.DuckDBPyConnection, intake: Intake, path: Path, language: str = "zh"
) -> int:
    """Write the rows that failed to an xlsx or csv, by the path's ending; return how many."""
    write = _write_workbook if path.suffix.casefold() == ".xlsx" else _write_csv
    columns = _columns_with_reasons(connection, intake)
    return write(
        path,
        _heading(intake, columns, language),
        _lines(connection, intake, columns, language),
        language,
    )


def _columns_with_reasons(connection: duckdb.DuckDBPyConnection, intake: Intake) -> tuple[int, ...]:
    """Return the columns of the sheet that need a column of reasons beside them."""
    query = sql("SELECT DISTINCT number FROM {faults}", faults=name(intake.faults.table))
    checks = (intake.checks[number] for (number,) in rows(connection, query))
    return tuple(
        sorted({column_of(intake.reading, check) for check in checks if check.is_returned})
    )


def _heading(intake: Intake, columns: tuple[int, ...], language: str) -> _Line:
    words = _WORDS[language]
    texts, marked = [words[0], words[1]], []
    for position, title in enumerate(intake.reading.heading.titles):
        texts.append(title)
        if position in columns:
            marked.append(len(texts))
            texts.append(words[4] + title)
    return _Line(texts, frozenset(marked))


def _lines(
    connection: duckdb.DuckDBPyConnection,
    intake: Intake,
    columns: tuple[int, ...],
    language: str,
) -> Iterator[_Line]:
    """Return the rows that go back, in the order of the sheet."""
    words, first = _WORDS[language], intake.reading.sheet.first_number
    for row, numbers, notes, *sent in _failed(connection, intake):
        checks = [
            (intake.checks[number], note) for number, note in zip(numbers, notes, strict=True)
        ]
        reasons = _reasons(intake, checks, sent, language)
        is_out = any(check.level == "error" for check, _ in checks)
        texts = [str(row + first + 1), words[2] if is_out else words[3]]
        marked: list[int] = []
        for position, text in enumerate(sent):
            texts.append("" if text is None else str(text))
            if position in reasons:
                marked += (len(texts) - 1, len(texts))
            if position in columns:
                texts.append(reasons.get(position, ""))
        yield _Line(texts, frozenset(marked))


def _failed(connection: duckdb.DuckDBPyConnection, intake: Intake) -> Iterator[tuple[Any, ...]]:
    """Return row, checks, notes and the cells as sent, of every row that goes back."""
    silent = [n for n, check in enumerate(intake.checks) if not check.is_returned]
    width = intake.reading.sheet.width
    query = sql(
        "SELECT f.row, f.numbers, f.notes, {cells} FROM (SELECT row, list(number ORDER BY number) "
        "AS numbers, list(note ORDER BY number) AS notes FROM {faults} "
        "WHERE number NOT IN ({silent}) GROUP BY row) AS f "
        "JOIN {sent} AS s ON s.row = f.row ORDER BY f.row",
        cells=joined(", ", (sql("s.{c}", c=raw(i)) for i in range(width)))
        if width
        else Sql("NULL"),
        faults=name(intake.faults.table),
        silent=joined(", ", map(integer, (-1, *silent))),
        sent=name(intake.faults.sent),
    )
    cursor = connection.execute(query.text)
    while chunk := cursor.fetchmany(CHUNK):
        yield from chunk


def _reasons(
    intake: Intake, checks: list[tuple[Check, str | None]], sent: list[Any], language: str
) -> dict[int, str]:
    """Return the reasons of a row by column."""
    reasons: dict[int, list[str]] = {}
    nowhere = intake.reading.sheet.span()
    for check, note in checks:
        column = column_of(intake.reading, check)
        text = "" if sent[column] is None else str(sent[column])
        values = reason_values(intake.reading, check, note, text)
        said = Finding(check.id, nowhere, values).sentence(language)
        reasons.setdefault(column, []).append(said)
    return {column: "；".join(said) for column, said in reasons.items()}


def _write_csv(path: Path, heading: _Line, lines: Iterator[_Line], _: str) -> int:
    """Write a csv that Excel opens as UTF-8."""
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(heading.texts)
        for line in lines:
            writer.writerow(line.texts)
            rows += 1
    return rows


def _write_workbook(path: Path, heading: _Line, lines: Iterator[_Line], language: str) -> int:
    """Write a workbook whose doubtful cells are coloured; a sheet for each million rows."""
    import xlsxwriter

    rows = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        marked = book.add_format({"bg_color": "#FDE9D9"})
        while chunk := list(itertools.islice(lines, SHEET_ROWS)):
            sheet = book.add_worksheet(f"{_WORDS[language][5]}{rows // SHEET_ROWS + 1}")
            sheet.freeze_panes(1, 2)
            for number, line in enumerate([heading, *chunk]):
                for column, text in enumerate(line.texts):
                    style = marked if column in line.marked else None
                    if text or style:
                        sheet.write_string(number, column, text, style)
            rows += len(chunk)
        if not rows:
            book.add_worksheet(_WORDS[language][5])
    return rows
