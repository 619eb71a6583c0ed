"""A delivered file becomes a typed, checked table, with everything that is wrong said at once.

The steps: open the sheet, find its heading, read it once into values, set right the spelling of
codes, check rows, codes, doubles and history, read the rows that failed once more as they were
sent, say why for each cell. Rows with an error are not taken; they are kept beside the table, so
that `failing` can send them back. Nothing is repaired in silence: whatever is not a plain reading
of the cell is a finding.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaogong.data.against import NOTHING, Against
from kaogong.data.checks import Check, checks_of
from kaogong.data.faults import Faults, find_faults
from kaogong.data.guard import UNREADABLE
from kaogong.data.heading import TakenColumn, find_heading
from kaogong.data.odd_rows import HEADING
from kaogong.data.report_faults import findings_of
from kaogong.data.shape import PERIOD, RegisterShape
from kaogong.data.sheet import Sheet, open_sheet, regular
from kaogong.data.sql import count, integer, joined, name, rows, sql
from kaogong.data.typed import MARKED, ODD, Reading, mark_heading, typed_table
from kaogong.language.finding import Finding, refuse
from kaogong.language.words import Words

if TYPE_CHECKING:
    import duckdb

CAP = 20  # findings shown of one kind and field


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of a file; the tables live in the connection that took it in."""

    reading: Reading  # the sheet, its columns, its register
    table: str  # typed rows without an error
    records: int  # rows of the sheet that are records
    taken: int
    failed: int
    left_out: int  # blank rows, totals, footers, repeated headings
    findings: tuple[Finding, ...]
    counts: Mapping[tuple[str, str], int]  # finding id and field -> cells
    checks: tuple[Check, ...]
    faults: Faults

    @property
    def register(self) -> str:
        """Return the id of the register."""
        return self.reading.register.id

    @property
    def file(self) -> str:
        """Return the name of the file."""
        return self.reading.sheet.file

    @property
    def columns(self) -> tuple[TakenColumn, ...]:
        """Return what the sheet had a column for."""
        return self.reading.heading.columns


def take_in(
    connection: duckdb.DuckDBPyConnection,
    register: RegisterShape,
    file: Path,
    period: str | None = None,
    against: Against = NOTHING,
) -> Intake:
    """Return the file as a typed, checked table; raise Refused where it is no table at all.

    Refused: KG802 to KG804, KG806, KG807, KG822, KG829, KG834. `period` is the period that the
    sheet is for where it has no column that says so. The table is called `intake_<register>`.
    """
    with tempfile.TemporaryDirectory(prefix="kaogong-") as folder:
        scratch = Path(folder)
        sheet = open_sheet(connection, Path(file), scratch)
        reading = _read(connection, sheet, register, period, scratch)
        checks = checks_of(reading, against.conditions)
        faults = find_faults(connection, reading, checks, against, scratch)
        findings, counts = findings_of(connection, reading, checks, faults, CAP)
    return _settled(connection, reading, checks, faults, (findings, counts))


def _read(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    register: RegisterShape,
    period: str | None,
    scratch: Path,
) -> Reading:
    """Make the table of values; a csv with uneven rows or blank lines is put in order first."""
    reading = _typed(connection, sheet, register, period)
    if reading is None and not sheet.is_regular:
        reading = _typed(connection, regular(sheet, scratch), register, period)
    if reading is None:
        raise refuse(UNREADABLE, sheet.span(), reason=Words("行列不齐", "rows of uneven length"))
    return reading


def _typed(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    register: RegisterShape,
    period: str | None,
) -> Reading | None:
    """Make the table of values; None where a csv has to be put in order first."""
    import duckdb

    heading = find_heading(sheet, register, period)
    if register.period and period is None and heading.column(PERIOD) is None:
        raise refuse("KG822", sheet.span(heading.row), value="")
    reading = Reading(sheet, heading, register, f"intake_{register.id}", period)
    statement = typed_table(reading)
    try:
        connection.execute(statement.text, list(statement.parameters))
    except duckdb.Error as error:
        if not sheet.is_regular:
            return None
        reason = str(error).splitlines()[0][:200]
        raise refuse(UNREADABLE, sheet.span(), reason=reason) from error
    if sheet.records not in (None, count(connection, name(reading.table))):
        return None
    connection.execute(mark_heading(reading).text)
    return reading


def _settled(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    checks: tuple[Check, ...],
    faults: Faults,
    told: tuple[tuple[Finding, ...], Mapping[tuple[str, str], int]],
) -> Intake:
    """Take the rows with errors and the odd rows out of the table, and count."""
    table = name(reading.table)
    total, odd = rows(
        connection,
        sql(
            "SELECT count(*), count({odd}) FROM {table} WHERE {odd} IS DISTINCT FROM {heading}",
            odd=name(ODD),
            table=table,
            heading=integer(HEADING),
        ),
    )[0]
    errors = joined(
        ", ", [integer(-1), *(integer(n) for n, c in enumerate(checks) if c.level == "error")]
    )
    connection.execute(
        sql(
            "DELETE FROM {table} WHERE {odd} IS NOT NULL OR rowid IN "
            "(SELECT row FROM {faults} WHERE number IN ({errors}))",
            table=table,
            odd=name(ODD),
            faults=name(faults.table),
            errors=errors,
        ).text
    )
    for helper in (ODD, MARKED):
        connection.execute(f"ALTER TABLE {table.text} DROP COLUMN {name(helper).text}")
    taken = count(connection, table)
    return Intake(
        reading=reading,
        table=reading.table,
        records=total - odd,
        taken=taken,
        failed=total - odd - taken,
        left_out=odd,
        findings=told[0],
        counts=told[1],
        checks=checks,
        faults=faults,
    )
