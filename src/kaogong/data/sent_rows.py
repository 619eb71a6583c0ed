"""Some rows of a sheet as they were sent, found again in the file.

Where every record of a text file is one line, lines are counted, which costs a quarter of reading
all cells once more; otherwise the engine numbers the records as it reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kaogong.data.encoding import count_lines
from kaogong.data.sheet import ROW, Sheet, read_text, source
from kaogong.data.sql import Sql, name, rows, sql

if TYPE_CHECKING:
    import duckdb


def keep_sent_rows(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, wanted: Sql, scratch: Path
) -> None:
    """Make the table of the wanted rows: `row`, `__c0`, `__c1` ...; `wanted` gives their `row`."""
    numbers = [
        int(n) for (n,) in rows(connection, sql("SELECT row FROM ({w}) ORDER BY 1", w=wanted))
    ]
    if not numbers:
        found = sql("(SELECT 0::BIGINT AS row, * FROM {all} AS given LIMIT 0)", all=source(sheet))
    elif _is_a_line_each(sheet):
        picked = _pick_lines(sheet, numbers, scratch / "picked.csv")
        found = read_text(sheet, picked, first="row")
    else:
        found = sql(
            "(SELECT {row} AS row, * EXCLUDE ({row}) FROM {all} AS given "
            "WHERE {row} IN ({wanted}))",
            row=name(ROW),
            all=source(sheet, numbered=True),
            wanted=wanted,
        )
    statement = sql(
        "CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM {found} AS found",
        table=name(table),
        found=found,
    )
    connection.execute(statement.text, list(statement.parameters))


def _is_a_line_each(sheet: Sheet) -> bool:
    """Tell whether every record is one line; a csv that was read as it came has its lines counted.

    Its records are held against that number when it is read.
    """
    if sheet.format == "parquet":
        return False
    return not sheet.is_regular or count_lines(sheet.path) == sheet.records


def _pick_lines(sheet: Sheet, numbers: Sequence[int], target: Path) -> Path:
    """Write the lines of these numbers, in rising order, each with its number before it."""
    wanted = iter(numbers)
    sought = next(wanted)
    delimiter = sheet.delimiter.encode("utf-8")
    with sheet.path.open("rb") as lines, target.open("wb") as out:
        for number, line in enumerate(lines):
            if number == sought:
                out.write(b"%d%b%b" % (number, delimiter, line))
                sought = next(wanted, -1)
                if sought < 0:
                    break
    return target
