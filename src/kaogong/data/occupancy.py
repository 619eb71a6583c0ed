"""Land and meters as records with dates: who holds how much of what, from when to when.

Occupancy: firm, parcel, mu, valid_from, valid_to, basis (owned, rented, let). Supply: firm, meter,
share, valid_from, valid_to. Both days are included, an empty one is open. At every date a parcel's
mu, owned and rented less let, add up to its area, and the shares of a meter to 1; a firm lets no
more of a parcel than it holds. Where that fails, the days and the difference are a finding. All
sums are exact decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kaogong.data.sql import Sql, integer, rows, sql, value
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Span

if TYPE_CHECKING:
    import duckdb

NOT_FULL, LET_TOO_MUCH, BAD_RECORD = "KG841", "KG842", "KG843"
AMOUNT = Sql("DECIMAL(28,10)")

Window = tuple[dt.date, dt.date]  # first and last day


@dataclass(frozen=True, slots=True)
class Rounding:
    """What rounding alone may make of a sum: half of the last decimal that is kept."""

    record: Decimal = Decimal(0)  # of one record
    size: Decimal = Decimal(0)  # of the size of a thing


EXACT = Rounding()


@dataclass(frozen=True, slots=True)
class Difference:
    """Days in a row on which the amounts of a thing do not add up to its size."""

    thing: str
    first: dt.date
    last: dt.date
    held: Decimal
    size: Decimal

    @property
    def difference(self) -> Decimal:
        """Return what is held too much; below zero: too little."""
        return self.held - self.size


@dataclass(frozen=True, slots=True)
class Holding:
    """The land of a firm, in mu."""

    firm: str
    owned: Decimal
    rented: Decimal
    let: Decimal

    @property
    def used(self) -> Decimal:
        """Return what is left to the firm itself."""
        return self.owned + self.rented - self.let


def check_land(
    connection: duckdb.DuckDBPyConnection,
    occupancy: Sql,
    parcels: Sql,
    window: Window,
    rounding: Rounding = EXACT,
) -> list[Finding]:
    """Return what is wrong with occupancy in a window; `parcels`: parcel, mu, valid_from, valid_to.

    A parcel is checked on the days on which it is there. A difference no larger than what
    `rounding` of its records and of its area can make is none.
    """
    held = sql(_LAND, source=occupancy)
    sizes = sql(_PARCELS, source=parcels)
    each_firm = sql(_LAND_OF_EACH_FIRM, source=occupancy)
    nothing = sql(_NOTHING, source=occupancy)
    over = [d for d in differences(connection, each_firm, nothing, window, rounding) if d.held < 0]
    return [
        *_bad_records(connection, held, sizes, "occupancy"),
        *_findings(NOT_FULL, "occupancy", differences(connection, held, sizes, window, rounding)),
        *_findings(LET_TOO_MUCH, "occupancy", over),
    ]


def check_supply(
    connection: duckdb.DuckDBPyConnection, supply: Sql, meters: Sql, window: Window
) -> list[Finding]:
    """Return what is wrong with supply in a window; `meters`: meter, valid_from, valid_to."""
    held = sql(_SUPPLY, source=supply)
    sizes = sql(_METERS, source=meters)
    return [
        *_bad_records(connection, held, sizes, "supply"),
        *_findings(NOT_FULL, "supply", differences(connection, held, sizes, window)),
    ]


def differences(
    connection: duckdb.DuckDBPyConnection,
    held: Sql,
    sizes: Sql,
    window: Window,
    rounding: Rounding = EXACT,
) -> list[Difference]:
    """Return the days on which the amounts of a thing do not add up to its size.

    `held` has the columns thing, amount, valid_from, valid_to; `sizes` thing, size, valid_from,
    valid_to.
    """
    query = sql(
        _DIFFERENCES,
        held=held,
        sizes=sizes,
        amount=AMOUNT,
        first=value(window[0]),
        last=value(window[1]),
        each=value(str(rounding.record)),
        once=value(str(rounding.size)),
    )
    return [Difference(*record) for record in rows(connection, query)]


def land_of_firms(occupancy: Sql, window: Window, scale: int) -> Sql:
    """Return the source (firm, owned, rented, let): land in mu, averaged over the window by day.

    A window of one day gives the land on that day. A mean is exact and rounded once, half away
    from zero, to `scale` decimals.
    """
    return sql(
        _LAND_OF_FIRMS,
        occupancy=occupancy,
        amount=AMOUNT,
        first=value(window[0]),
        last=value(window[1]),
        days=integer((window[1] - window[0]).days + 1),
        unit=integer(10**scale),
        tick=value(str(Decimal(1).scaleb(-scale))),
        type=Sql(f"DECIMAL(18,{int(scale)})"),
    )


def holdings(
    connection: duckdb.DuckDBPyConnection, occupancy: Sql, window: Window, scale: int
) -> list[Holding]:
    """Return the land of each firm as `land_of_firms` computes it, by firm."""
    land = land_of_firms(occupancy, window, scale)
    query = sql("SELECT firm, owned, rented, let FROM {land} AS land ORDER BY firm", land=land)
    return [Holding(*record) for record in rows(connection, query)]


def _findings(id: str, file: str, found: list[Difference]) -> list[Finding]:
    return [
        finding(
            id,
            Span(file),
            thing=d.thing,
            first=d.first,
            last=d.last,
            held=_plain(d.held),
            size=_plain(d.size),
            difference=_plain(d.difference),
        )
        for d in found
    ]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _bad_records(
    connection: duckdb.DuckDBPyConnection, held: Sql, sizes: Sql, file: str
) -> list[Finding]:
    found = rows(connection, sql(_BAD_RECORDS, held=held, sizes=sizes))
    return [finding(BAD_RECORD, Span(file), record=_written(record)) for record in found]


def _written(record: Iterable[object]) -> str:
    return " ".join("—" if cell is None else str(cell) for cell in record)


_LAND = """(SELECT parcel AS thing, firm, valid_from, valid_to,
    mu < 0 OR basis IS NULL OR basis NOT IN ('owned', 'rented', 'let') AS wrong,
    CASE WHEN basis = 'let' THEN -mu ELSE mu END AS amount FROM {source} AS source)"""
_LAND_OF_EACH_FIRM = """(SELECT parcel || ' ' || firm AS thing, valid_from, valid_to,
    CASE WHEN basis = 'let' THEN -mu ELSE mu END AS amount FROM {source} AS source)"""
_NOTHING = """(SELECT DISTINCT parcel || ' ' || firm AS thing, 0 AS size,
    CAST(NULL AS DATE) AS valid_from, CAST(NULL AS DATE) AS valid_to FROM {source} AS source)"""
_PARCELS = "(SELECT parcel AS thing, mu AS size, valid_from, valid_to FROM {source} AS source)"
_SUPPLY = """(SELECT meter AS thing, firm, valid_from, valid_to, share < 0 AS wrong,
    share AS amount
    FROM {source} AS source)"""
_METERS = "(SELECT meter AS thing, 1 AS size, valid_from, valid_to FROM {source} AS source)"

_BAD_RECORDS = """
    SELECT thing, firm, amount, valid_from, valid_to FROM {held} AS held
    WHERE thing IS NULL OR firm IS NULL OR amount IS NULL OR valid_from > valid_to OR wrong
        OR thing NOT IN (SELECT thing FROM {sizes} AS sizes WHERE thing IS NOT NULL)
    ORDER BY ALL
"""
_DIFFERENCES = """
    WITH size_of AS (
        SELECT thing, CAST(size AS {amount}) AS size,
            greatest(coalesce(valid_from, {first}), {first}) AS opened,
            least(coalesce(valid_to, {last}), {last}) AS closed
        FROM {sizes} AS sizes),
    record AS (
        SELECT thing, CAST(amount AS {amount}) AS amount,
            greatest(coalesce(valid_from, {first}), {first}) AS opened,
            least(coalesce(valid_to, {last}), {last}) AS closed
        FROM {held} AS held),
    step AS (
        SELECT thing, opened AS day FROM size_of
        UNION SELECT thing, opened FROM record WHERE opened <= closed
        UNION SELECT thing, closed + 1 FROM record WHERE opened <= closed),
    piece AS (
        SELECT size_of.thing, size, day, coalesce(lead(day) OVER (
            PARTITION BY size_of.thing, opened ORDER BY day) - 1, closed) AS last_day
        FROM size_of JOIN step ON step.thing = size_of.thing AND day BETWEEN opened AND closed),
    total AS (
        SELECT piece.thing, size, day, last_day, coalesce(sum(amount), 0) AS held,
            count(amount) * CAST({each} AS {amount}) + CAST({once} AS {amount}) AS slack
        FROM piece LEFT JOIN record
            ON record.thing = piece.thing AND day BETWEEN record.opened AND record.closed
        GROUP BY ALL),
    change AS (
        SELECT *, CASE WHEN held = lag(held) OVER by_day AND size = lag(size) OVER by_day
            AND day = lag(last_day) OVER by_day + 1 THEN 0 ELSE 1 END AS changed
        FROM total WINDOW by_day AS (PARTITION BY thing ORDER BY day)),
    run AS (
        SELECT *, sum(changed) OVER (PARTITION BY thing ORDER BY day
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
        FROM change)
    SELECT thing, min(day), max(last_day), min(held), min(size) FROM run
    WHERE abs(held - size) > slack GROUP BY thing, number ORDER BY thing, min(day)
"""
# Ten decimals of an amount become units; twice the sum plus the days, divided by twice the days,
# is the mean rounded half away from zero, since no sum is negative.
_LAND_OF_FIRMS = """(
    WITH part AS (
        SELECT firm, basis, CAST(mu AS {amount}) AS mu,
            greatest(coalesce(valid_from, {first}), {first}) AS opened,
            least(coalesce(valid_to, {last}), {last}) AS closed
        FROM {occupancy} AS occupancy),
    summed AS (
        SELECT firm, basis,
            CAST(sum(mu * (closed - opened + 1)) * 10000000000 AS HUGEINT) AS units
        FROM part WHERE opened <= closed GROUP BY firm, basis),
    mean AS (
        SELECT firm, basis, CAST(CAST(
            (2 * units * {unit} + {days} * 10000000000::HUGEINT)
            // (2 * {days} * 10000000000::HUGEINT) AS DECIMAL(18,0))
            * CAST({tick} AS {type}) AS {type}) AS mu
        FROM summed)
    SELECT firm,
        coalesce(max(mu) FILTER (WHERE basis = 'owned'), 0) AS owned,
        coalesce(max(mu) FILTER (WHERE basis = 'rented'), 0) AS rented,
        coalesce(max(mu) FILTER (WHERE basis = 'let'), 0) AS let
    FROM mean GROUP BY firm)"""
