"""The first pass over a sheet: every cell a value of its type, every doubtful row marked.

The sheet is read once, as text, and only the values are kept. A marked row is read again later,
so that its reasons can show what stood there; marks cost next to nothing where all is well.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaogong.data.convert import Cell, converted, is_rounded, may_be_unread
from kaogong.data.heading import Heading, TakenColumn
from kaogong.data.odd_rows import HEADING, odd_row
from kaogong.data.shape import PERIOD, FieldShape, RegisterShape
from kaogong.data.sheet import Sheet, raw, source
from kaogong.data.sql import Sql, integer, joined, name, sql, value
from kaogong.language.period import GRAINS, Grain

ODD, MARKED = "__odd", "__marked"


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet, what its columns are, and the table its values go into."""

    sheet: Sheet
    heading: Heading
    register: RegisterShape
    table: str
    period: str | None = None

    @property
    def grain(self) -> Grain | None:
        """Return the grain of the register, None where it has none."""
        return next((grain for grain in GRAINS if grain == self.register.period), None)

    @property
    def fields(self) -> tuple[FieldShape, ...]:
        """Return the fields of the table: all of the register, and the period."""
        has_period = self.register.period and PERIOD not in self.register.by_id
        extra = (FieldShape(PERIOD, "期间", required=True),) if has_period else ()
        return (*self.register.fields, *extra)

    def cell(self, column: TakenColumn) -> Cell:
        """Return a column of the sheet as a cell in SQL."""
        return Cell(
            raw(column.position),
            column.field,
            self.sheet.type_of(column.position),
            column.factor,
            self.grain,
        )


def typed_table(reading: Reading) -> Sql:
    """Return the statement that makes the table of values, with the columns `__odd`, `__marked`."""
    cells = {column.field.id: reading.cell(column) for column in reading.heading.columns}
    values = [
        sql("{v} AS {n}", v=_value(reading, each, cells), n=name(each.id))
        for each in reading.fields
    ]
    marks = [mark_of(cell) for cell in cells.values() if not cell.field.number_check]
    return sql(
        "CREATE OR REPLACE TEMP TABLE {table} AS "
        "SELECT {names}, {odd} AS {is_odd}, {mark} AS {marked} "
        "FROM (SELECT *, {values} FROM {source} AS given)",
        table=name(reading.table),
        names=joined(", ", (name(each.id) for each in reading.fields)),
        odd=odd_row(reading.sheet, reading.heading, reading.register),
        is_odd=name(ODD),
        mark=joined(" OR ", [*marks, Sql("false")]),
        marked=name(MARKED),
        values=joined(", ", values),
        source=source(reading.sheet),
    )


def mark_heading(reading: Reading) -> Sql:
    """Return the statement that marks the rows above the data as no records."""
    return sql(
        "UPDATE {table} SET {odd} = {heading} WHERE rowid < {rows}",
        table=name(reading.table),
        odd=name(ODD),
        heading=integer(HEADING),
        rows=integer(reading.heading.first_row - reading.sheet.first_number),
    )


def mark_of(cell: Cell) -> Sql:
    """Return whether the cell may be doubtful, over the raw column and the value made of it."""
    if cell.field.number_check:
        return sql("{given} IS NOT NULL", given=cell.given)
    return sql(
        "({unread} OR {rounded})",
        unread=may_be_unread(cell, name(cell.field.id)),
        rounded=is_rounded(cell),
    )


def _value(reading: Reading, field: FieldShape, cells: dict[str, Cell]) -> Sql:
    cell = cells.get(field.id)
    if cell is None:
        if field.id == PERIOD and reading.period is not None:
            return sql("CAST({period} AS VARCHAR)", period=value(reading.period))
        return sql("CAST(NULL AS {type})", type=field.sql_type)
    if field.number_check:
        return cell.text  # set right later, where it is no such number
    return converted(cell)
