"""The library's registers of land, meters and changes, read as the records the checks work on.

`occupancy` and `event_check` know no register. Here stands which field of the library's registers
`occupancy`, `parcel`, `supply`, `meter` and `subject_event` is which column, which code is which
word, and that a parcel's area is kept in square metres: 1 mu = 2000/3 m², so 1 m² = 0.0015 mu.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kaogong.data.occupancy import Rounding
from kaogong.data.sql import Sql, name, rows, sql

if TYPE_CHECKING:
    import duckdb

# Half of the last decimal that the registers keep: 0.0001 mu of a record, 0.01 m² of a parcel.
LAND_ROUNDING = Rounding(record=Decimal("0.00005"), size=Decimal("0.0000075"))

_OCCUPANCY = """(SELECT subject_id AS firm, parcel, area AS mu, valid_from, valid_to,
    CASE basis WHEN '自有' THEN 'owned' WHEN '租用' THEN 'rented' WHEN '出租' THEN 'let'
        ELSE basis END AS basis
    FROM {source} AS kept)"""
_PARCELS = """(SELECT subject_id AS parcel, area * CAST('0.0015' AS DECIMAL(5,4)) AS mu,
    CAST(NULL AS DATE) AS valid_from, CAST(NULL AS DATE) AS valid_to FROM {source} AS kept)"""
_SUPPLY = """(SELECT subject_id AS firm, meter, share * CAST('0.01' AS DECIMAL(3,2)) AS share,
    valid_from, valid_to FROM {source} AS kept)"""
_METERS = """(SELECT subject_id AS meter, CAST(NULL AS DATE) AS valid_from,
    CAST(NULL AS DATE) AS valid_to FROM {source} AS kept)"""
_EVENTS = """(SELECT event_no, change_kind AS kind, changed_on AS date,
    coalesce(from_subject, subject_id) AS from_subject, to_subject,
    {share} AS share, {carries} AS carries
    FROM {source} AS kept WHERE change_kind <> '注销')"""


def occupancy_records(source: Sql) -> Sql:
    """Return register `occupancy` as (firm, parcel, mu, valid_from, valid_to, basis)."""
    return sql(_OCCUPANCY, source=source)


def parcel_sizes(source: Sql) -> Sql:
    """Return register `parcel` as (parcel, mu, valid_from, valid_to), there at any time."""
    return sql(_PARCELS, source=source)


def supply_records(source: Sql) -> Sql:
    """Return register `supply` as (firm, meter, share, valid_from, valid_to); 1 is the whole."""
    return sql(_SUPPLY, source=source)


def meters_supplied(meters: Sql) -> Sql:
    """Return register `meter` as (meter, valid_from, valid_to), there at any time."""
    return sql(_METERS, source=meters)


def event_records(connection: duckdb.DuckDBPyConnection, source: Sql) -> Sql:
    """Return register `subject_event` as `event_check.read_events` reads it.

    The fields `share` (a percentage) and `carries` count where the register has them. A
    deregistration has no successor and is left out.
    """
    described = rows(connection, sql("DESCRIBE SELECT * FROM {source} AS kept", source=source))
    have = {str(column[0]) for column in described}
    share = sql("share * CAST('0.01' AS DECIMAL(3,2))") if "share" in have else Sql("NULL")
    carries = name("carries") if "carries" in have else Sql("NULL")
    return sql(_EVENTS, source=source, share=share, carries=carries)
