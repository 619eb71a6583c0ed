"""Who there is: each firm's pool, place, trade and dates, before any figure is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.places import (
    CLUSTER_OF_NONE,
    CLUSTER_OF_ONE,
    CLUSTER_SHARE,
    CLUSTERS,
    COUNTIES,
    PARKS,
)
from kaogong.data.synth.streams import BoolArray, IntArray, Streams
from kaogong.data.synth.trades import HOME_TIMES, TRADE_OF, TRADES, UTILITIES

ABOVE, BELOW, SMALL, TENANT, HOUSEHOLD = range(5)  # pools; ABOVE = on the roster in some year
NEVER = 9_999


@dataclass(slots=True)
class People:
    """The firms, an array a property; filled step by step by this module and by the cases."""

    years: range
    pool: IntArray
    enter: IntArray  # place of the first year on the roster
    leave: IntArray  # place of the first year off it again
    county: IntArray
    town: IntArray
    trade: IntArray
    park: IntArray  # -1: none
    cluster: IntArray  # -1: none
    founded: IntArray  # days since 1970
    produced: IntArray
    first: IntArray  # place of the first year with figures
    last: IntArray  # place of the last year with figures
    is_top: BoolArray

    @property
    def count(self) -> int:
        """Return how many firms there are."""
        return len(self.pool)

    def alive(self, at: int) -> BoolArray:
        """Tell who has figures in the year at a place."""
        return (self.first <= at) & (at <= self.last)

    @property
    def always_above(self) -> BoolArray:
        """Tell who is above scale in every year."""
        always: BoolArray = (self.pool == ABOVE) & (self.enter == 0) & (self.leave == NEVER)
        return always

    def on_roster(self, at: int) -> BoolArray:
        """Tell who is above scale in the year at a place."""
        return (self.enter <= at) & (at < self.leave) & self.alive(at)


def settle(city: City, firms: int, years: range, streams: Streams) -> People:
    """Return the firms with everything that does not depend on figures."""
    pool, enter, leave = _roster(city, firms, len(years), streams)
    county, town = _places(firms, streams)
    trade = _trades(county, streams)
    park, cluster = _parks(pool, county, trade, streams)
    founded, produced, first, last = _dates(city, pool, years, streams)
    is_top = _top(city, pool, enter, leave, streams)
    _at_home(county, trade, is_top)
    return People(
        years=years, pool=pool, enter=enter, leave=leave, county=county, town=town, trade=trade,
        park=park, cluster=cluster, founded=founded, produced=produced, first=first, last=last,
        is_top=is_top,
    )  # fmt: skip


def _roster(
    city: City, firms: int, years: int, streams: Streams
) -> tuple[IntArray, IntArray, IntArray]:
    """Draw the pools and who enters or leaves scale when, to the counts the city declares."""
    generator = streams.of("roster")
    enter_each, leave_each = round(city.enter_share * firms), round(city.leave_share * firms)
    above = round(city.above_share * firms)
    ever = above + leave_each * (years - 1)
    below = max(round(city.below_land_share * firms) - leave_each * (years - 1), 0)
    small, tenant = round(city.small_land_share * firms), round(city.tenant_share * firms)
    sizes = [ever, below, small, tenant, max(firms - ever - below - small - tenant, 0)]
    enter, leave = np.full(firms, NEVER), np.full(firms, NEVER)
    enter[:ever] = 0
    for year in range(1, years):
        start = (year - 1) * enter_each
        enter[start : start + enter_each] = year
        start = ever - (year - 1) * leave_each
        leave[start - leave_each : start] = year
    pool = np.repeat(np.arange(5), sizes)[:firms]
    order = generator.permutation(firms)
    return pool[order], enter[order], leave[order]


def _places(firms: int, streams: Streams) -> tuple[IntArray, IntArray]:
    generator = streams.of("place")
    shares = np.cumsum([county.firms for county in COUNTIES])
    county = np.searchsorted(shares, generator.random(firms) * shares[-1], side="right")
    starts = np.cumsum([0] + [item.towns for item in COUNTIES])[:-1]
    towns = np.array([item.towns for item in COUNTIES])
    draw = generator.random(firms)
    town = starts[county] + np.floor(draw * np.sqrt(draw) * towns[county]).astype(np.int64)
    return county.astype(np.int64), town


def _trades(county: IntArray, streams: Streams) -> IntArray:
    """Draw trades; a trade at home in a county is met there many times more often."""
    draw = streams.of("trade").random(len(county))
    trade = np.zeros(len(county), dtype=np.int64)
    for place, item in enumerate(COUNTIES):
        weights = [
            t.common + (HOME_TIMES / len(item.trades) if t.id in item.trades else 0.0)
            for t in TRADES
        ]
        there = np.flatnonzero(county == place)
        shares = np.cumsum(weights)
        trade[there] = np.searchsorted(shares, draw[there] * shares[-1], side="right")
    return np.minimum(trade, min(UTILITIES) - 1)


def _at_home(county: IntArray, trade: IntArray, is_top: BoolArray) -> None:
    """Let the largest firms be in the trades that their counties live by."""
    for nth, place in enumerate(np.flatnonzero(is_top)):
        home = COUNTIES[county[place]].trades
        trade[place] = TRADE_OF[home[(nth + 1) % len(home)]]


def _parks(
    pool: IntArray, county: IntArray, trade: IntArray, streams: Streams
) -> tuple[IntArray, IntArray]:
    generator = streams.of("place", 1)
    draw, joins = generator.random(len(pool)), generator.random(len(pool))
    park, start = np.full(len(pool), -1), np.zeros(len(pool))
    for place, item in enumerate(PARKS):
        share = np.where(pool == ABOVE, item.above, item.others) * np.isin(county, item.counties)
        park[(draw >= start) & (draw < start + share)] = place
        start = start + share
    wanted = np.where(pool == ABOVE, CLUSTER_SHARE["above"], CLUSTER_SHARE["others"])
    county_of = {
        item.county: n
        for n, item in enumerate(CLUSTERS)
        if n not in {CLUSTER_OF_ONE, CLUSTER_OF_NONE}
    }
    lookup = np.array([county_of[n] for n in range(len(COUNTIES))])
    at_home = np.array([[t.id in item.trades for t in TRADES] for item in COUNTIES])[county, trade]
    cluster = np.where(joins < wanted * np.where(at_home, 1.3, 0.7), lookup[county], -1)
    return park.astype(np.int64), cluster.astype(np.int64)


def day(year: int, month: int, date: int) -> int:
    """Return a day as the number of days since 1970-01-01."""
    return int(np.datetime64(f"{year:04d}-{month:02d}-{date:02d}", "D").astype(np.int64))


def _dates(
    city: City, pool: IntArray, years: range, streams: Streams
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Draw founding and production days, and the years in which a firm has figures."""
    generator, firms = streams.of("dates"), len(pool)
    start, before = day(1994, 1, 1), day(years[0] - 1, 1, 1)
    founded = start + np.floor(np.sqrt(generator.random(firms)) * (before - start)).astype(np.int64)
    draw, within = generator.random(firms), generator.integers(0, 330, firms)
    first, last = np.zeros(firms, np.int64), np.full(firms, len(years) - 1)
    small = pool != ABOVE
    for place, year in enumerate(years):
        if place == 0:
            continue
        born = (
            small & (draw >= (place - 1) * city.founded_share) & (draw < place * city.founded_share)
        )
        founded[born] = day(year, 1, 5) + within[born]
        first[born] = place
        closed = (
            small
            & (draw < 1 - (place - 1) * city.closed_share)
            & (draw >= 1 - place * city.closed_share)
        )
        last[closed] = place - 1
    wait = np.where(np.isin(pool, (TENANT, HOUSEHOLD)), 20, 300) + generator.integers(0, 500, firms)
    produced = np.where(first > 0, founded + 15, founded + wait)
    return founded, produced, first, last


def _top(
    city: City, pool: IntArray, enter: IntArray, leave: IntArray, streams: Streams
) -> BoolArray:
    """Choose the largest firms among those on the roster in every year."""
    steady = np.flatnonzero((pool == ABOVE) & (enter == 0) & (leave == NEVER))
    wanted = min(max(round(city.top_share * len(pool)), 1), len(steady))
    chosen = streams.of("roster", 1).choice(steady, wanted, replace=False)
    is_top = np.zeros(len(pool), dtype=bool)
    is_top[chosen] = True
    return is_top
