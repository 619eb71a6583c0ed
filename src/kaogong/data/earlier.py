"""The records of a register for the period before, as a store knows them: a sheet's history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kaogong.data.derive import Ingredients, derive
from kaogong.data.freeze import pick_snapshots
from kaogong.data.ledger import known_on, read_ledger
from kaogong.data.shape import PERIOD
from kaogong.data.snapshot import paths_of, snapshots_of
from kaogong.data.sql import Sql, name, parquet, rows, sql, value
from kaogong.data.store import Store
from kaogong.language.period import Period, read_period

if TYPE_CHECKING:
    import duckdb


def earlier_records(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    register: str,
    period: Period,
    day: dt.date,
) -> str | None:
    """Return a view of the last period before this one that was known on a day, or None."""
    known = [s for s in snapshots_of(store, register) if s.delivery.recorded.date() <= day]
    if not known:
        return None
    picked = pick_snapshots(known, register, day)
    whole = None in picked
    before = [None] if whole else sorted(filter(None, picked), key=_start)
    parts = [p for p in before if p is None or _comes_before(p, period)]
    if not parts:
        return None
    entries = [
        e for e in known_on(read_ledger(store.ledger), day) if e.correction.register == register
    ]
    made, _ = derive(connection, store, Ingredients(picked[parts[-1]], tuple(entries)))
    source = parquet(paths_of(store, made))
    view = name(f"earlier_{register}")
    kept = _last_before(source, period) if whole else source
    rows(connection, sql("CREATE OR REPLACE TEMP TABLE {v} AS SELECT * FROM {s}", v=view, s=kept))
    return f"earlier_{register}"


def _start(period: str) -> dt.date:
    return read_period(period).start


def _comes_before(text: str, period: Period) -> bool:
    other = read_period(text)
    return other.grain == period.grain and other.start < period.start


def _last_before(source: Sql, period: Period) -> Sql:
    """Return the records of the last period before one, of those of all periods."""
    return sql(
        "(SELECT * FROM {source} AS held WHERE {p} = "
        "(SELECT max({p}) FROM {source} AS others WHERE {p} < {period}))",
        source=source,
        p=name(PERIOD),
        period=value(period.text),
    )
