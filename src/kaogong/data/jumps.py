"""Figures that are ten thousand or a hundred million times those of the same subject before.

A department that changes from 元 to 万元 is off by 10^4, from 元 to 亿元 by 10^8; each figure of
its sheet still looks like one. The period before is that of a table given beside the sheet, or,
where a sheet holds several periods, the latest earlier one that it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaogong.data.shape import PERIOD, FieldShape
from kaogong.data.sql import Sql, integer, joined, name, rows, sql
from kaogong.data.typed import ODD, Reading

if TYPE_CHECKING:
    import duckdb

# A figure is off by 10^n where its ratio to the one before lies nearer to 10^n than to any other
# power of ten: between 10^(n-1/2) and 10^(n+1/2), in whole numbers.
_JUMPS: tuple[tuple[int, int, int], ...] = ((4, 3_163, 31_622), (8, 31_622_777, 316_227_766))
_COMPARED = 28  # digits of figures that are compared with those before

Numbered = Sequence[tuple[int, FieldShape]]  # numbers of checks, and the field of each


def jumps(
    connection: duckdb.DuckDBPyConnection, reading: Reading, checks: Numbered, history: str | None
) -> list[Sql]:
    """Return queries for the rows that are off: row, number of the check, figure before."""
    same = [id for id in reading.register.key if id != PERIOD]
    if not same or not checks:
        return []
    found: list[Sql] = []
    if history is not None:
        described = rows(connection, sql("DESCRIBE SELECT * FROM {h}", h=name(history)))
        there = {str(column[0]) for column in described}
        compared = [(number, field) for number, field in checks if field.id in there]
        if compared and there.issuperset(same):
            found.append(_jumps(reading, compared, name(history), _same(same)))
    if _has_periods(connection, reading):
        follows = sql("{same} AND t.{period} = h.next", same=_same(same), period=name(PERIOD))
        found.append(_jumps(reading, checks, _before(reading), follows))
    return found


def _same(fields: Sequence[str]) -> Sql:
    return joined(" AND ", (sql("t.{id} = h.{id}", id=name(id)) for id in fields))


def _has_periods(connection: duckdb.DuckDBPyConnection, reading: Reading) -> bool:
    """Tell whether the sheet holds several periods."""
    if not reading.register.period or reading.heading.column(PERIOD) is None:
        return False
    query = sql(
        "SELECT min({period}) < max({period}) FROM {table} WHERE {odd} IS NULL",
        period=name(PERIOD),
        table=name(reading.table),
        odd=name(ODD),
    )
    return bool(rows(connection, query)[0][0])


def _before(reading: Reading) -> Sql:
    """Return the records of the sheet with the period that comes `next` after theirs in it.

    Periods of one grain are written so that their texts have the order of time.
    """
    return sql(
        "(SELECT held.*, steps.next FROM {table} AS held JOIN (SELECT {period}, lead({period}) "
        "OVER (ORDER BY {period}) AS next FROM (SELECT DISTINCT {period} FROM {table} "
        "WHERE {odd} IS NULL AND {period} IS NOT NULL)) AS steps USING ({period}) "
        "WHERE held.{odd} IS NULL AND next IS NOT NULL)",
        table=name(reading.table),
        period=name(PERIOD),
        odd=name(ODD),
    )


def _jumps(reading: Reading, checks: Numbered, before: Sql, same: Sql) -> Sql:
    cases = [
        sql(
            "CASE WHEN {off} THEN {{'number': {number}, 'note': h.{field}::VARCHAR}} END",
            off=_is_off(field),
            number=integer(number),
            field=name(field.id),
        )
        for number, field in checks
    ]
    return sql(
        "SELECT row, jump.number, jump.note FROM (SELECT row, "
        "unnest(list_filter([{cases}], lambda x: x IS NOT NULL)) AS jump FROM "
        "(SELECT rowid AS row, * FROM {table} WHERE {odd} IS NULL) AS t "
        "JOIN {before} AS h ON {same})",
        cases=joined(", ", cases),
        table=name(reading.table),
        odd=name(ODD),
        before=before,
        same=same,
    )


def _is_off(field: FieldShape) -> Sql:
    """Return whether a figure and the one before differ by 10^4 or 10^8."""
    now, before = (
        sql(
            "abs(try_cast({of}.{field} AS DECIMAL({digits},{scale})))",
            of=Sql(of),
            field=name(field.id),
            digits=integer(_COMPARED),
            scale=integer(field.scale),
        )
        for of in "th"
    )
    cases = joined(
        " OR ",
        (
            sql(
                "({more} BETWEEN {less} * {low} AND {less} * {high})",
                more=more,
                less=less,
                low=integer(low),
                high=integer(high),
            )
            for _, low, high in _JUMPS
            for more, less in ((now, before), (before, now))
        ),
    )
    return sql("{now} > 0 AND {before} > 0 AND ({cases})", now=now, before=before, cases=cases)
