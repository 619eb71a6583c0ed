"""A small register for tests: 20 firms in 3 counties, cut into files of at least 5 rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import duckdb

from kaogong.data.column import Column
from kaogong.data.ranges import Layout
from kaogong.data.snapshot import Delivery, Snapshot, take_snapshot
from kaogong.data.sql import Sql, name
from kaogong.data.store import Store

LAYOUT = Layout(
    columns=(
        Column("subject_id", "text"),
        Column("period", "text"),
        Column("division", "text"),
        Column("tax", "number", "元", 2),
        Column("staff", "number", "人", 0),
        Column("above_scale", "yes_no"),
        Column("founded_on", "date"),
        Column("tax__state", "text"),
    ),
    key=("subject_id", "period"),
    rows_per_file=5,
)
DELIVERY = Delivery(
    register="enterprise_year",
    layout=LAYOUT,
    recorded=dt.datetime(2023, 3, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    recorded_by="税务局",
    period="2022",
    source={"file": "税务.csv"},
)
FIRMS = """
    CREATE OR REPLACE TABLE firms AS
    SELECT 'S' || lpad(CAST(i AS VARCHAR), 2, '0') AS subject_id, '2022' AS period,
        '33030' || CAST(i % 3 AS VARCHAR) AS division,
        CAST(i * 1000.25 AS DECIMAL(18, 2)) AS tax, CAST(10 * i AS BIGINT) AS staff,
        i % 4 = 0 AS above_scale, DATE '2010-01-01' + CAST(i AS INTEGER) AS founded_on,
        CAST(NULL AS VARCHAR) AS tax__state
    FROM range(1, 21) AS numbers(i) ORDER BY hash(i)
"""


def at(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def take(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    *,
    changed: bool = False,
    delivery: Delivery = DELIVERY,
    source: Sql | None = None,
) -> Snapshot:
    if source is None:
        connection.execute(FIRMS)
        if changed:
            connection.execute("UPDATE firms SET tax = tax + 1 WHERE subject_id = 'S13'")
    return take_snapshot(connection, store, source or name("firms"), delivery)


def later(delivery: Delivery, recorded: dt.datetime, parent: str | None) -> Delivery:
    return replace(delivery, recorded=recorded, parent=parent)
