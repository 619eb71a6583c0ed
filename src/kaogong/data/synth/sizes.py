"""How large each firm is: turnover of every year and land, heavy-tailed, at declared shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.people import ABOVE, BELOW, HOUSEHOLD, NEVER, SMALL, TENANT, People
from kaogong.data.synth.places import COUNTIES
from kaogong.data.synth.streams import FloatArray, Streams, exponential, spread
from kaogong.data.synth.trades import TRADES

_TOP_STEP = 0.7  # the n-th largest has n to the -0.7 of the largest


@dataclass(frozen=True, slots=True)
class Sizes:
    """Turnover in yuan, a row a year, and land used in mu."""

    turnover: FloatArray
    land: FloatArray


def sizes(city: City, people: People, smelter: int | None, streams: Streams) -> Sizes:
    """Draw land of small firms, turnover of all, then land of firms above scale."""
    small_land = _small_land(people, streams)
    last = _last_turnover(city, people, small_land, streams)
    _raise_top(city, people, last, smelter)
    turnover = _history(city, people, last, streams)
    land = np.where(
        people.pool == ABOVE, _above_land(city, people, turnover[-1], streams), small_land
    )
    return Sizes(turnover, land)


def _small_land(people: People, streams: Streams) -> FloatArray:
    """Draw mu of firms below scale; of tenants and households, what they rent."""
    generator = streams.of("land")
    one, two = generator.standard_exponential(people.count), generator.random(people.count)
    land = np.zeros(people.count)
    for pool, drawn in (
        (BELOW, 3.003 + 3.6 * one),
        (SMALL, 0.35 + 2.5 * two),
        (TENANT, 0.12 + 0.55 * one),
        (HOUSEHOLD, 0.05 + 0.25 * one),
    ):
        land = np.where(people.pool == pool, drawn, land)
    return land


def _last_turnover(city: City, people: People, land: FloatArray, streams: Streams) -> FloatArray:
    generator, count, line = streams.of("size"), people.count, city.scale_line
    exponent = np.minimum(city.body_tail * generator.standard_exponential(count), city.body_highest)
    body = line * (1.02 + 0.08 * generator.random(count)) * exponential(exponent)
    newcomer = line * (1.01 + 0.35 * generator.standard_exponential(count))
    above = np.where((people.enter > 0) & (people.enter < NEVER), newcomer, body)
    by_land = 1_900_000 * land * spread(generator, 0.55, count)
    by_hand = np.where(people.pool == TENANT, 1_600_000, 420_000) * spread(generator, 0.9, count)
    small = np.where(np.isin(people.pool, (BELOW, SMALL)), by_land, by_hand)
    cap = line * (0.80 + 0.19 * generator.random(count))
    return np.where(people.pool == ABOVE, above, np.minimum(small, cap))


def _raise_top(city: City, people: People, last: FloatArray, smelter: int | None) -> None:
    """Set the turnover of the largest so that they, and the smelter, have their declared shares.

    With O the other tops, B the body and s the factor sought, the smelter takes its share k of
    its county (rest r = body there + s * tops there), so s*O + k/(1-k) * r = share of all.
    """
    tops = np.flatnonzero(people.is_top & (np.arange(people.count) != smelter))
    if smelter is None and not len(tops):
        return
    above = people.on_roster(len(people.years) - 1)
    body = float(last[above & ~people.is_top].sum())
    wanted = city.top_output / (1 - city.top_output) * body
    if len(tops):
        last[tops] = np.arange(1, len(tops) + 1, dtype=np.float64) ** -_TOP_STEP
    share = city.smelter_revenue / (1 - city.smelter_revenue)
    if smelter is None:
        last[tops] *= wanted / last[tops].sum()
        return
    here = above & (people.county == people.county[smelter])
    here_body = float(last[here & ~people.is_top].sum())
    here_tops = tops[people.county[tops] == people.county[smelter]]
    if len(tops):
        factor = (wanted - share * here_body) / (last[tops].sum() + share * last[here_tops].sum())
        last[tops] *= factor
        wanted = share * (here_body + float(last[here_tops].sum()))
    last[smelter] = wanted


def _history(city: City, people: People, last: FloatArray, streams: Streams) -> FloatArray:
    """Go back from the last year by drawn growth; hold each firm on its side of the entry line."""
    years, line = people.years, city.scale_line
    turnover = np.empty((len(years), people.count))
    turnover[-1] = last
    for at in range(len(years) - 1, 0, -1):
        generator = streams.of("size", years[at])
        by_trade = city.trade_growth_sigma * generator.standard_normal(len(TRADES))
        own = city.growth_sigma * generator.standard_normal(people.count)
        sigma = np.where(people.is_top, 0.4, 1.0)
        turnover[at - 1] = turnover[at] * exponential(
            -(city.growth + by_trade[people.trade] + sigma * own)
        )
    room = 0.55 + 0.4 * streams.of("size", 1).random(people.count)
    for at in range(len(years)):
        on = people.on_roster(at)
        floor, ceiling = line * (1 + 0.2 * (room - 0.55)), line * room
        held = np.where(on, np.maximum(turnover[at], floor), np.minimum(turnover[at], ceiling))
        turnover[at] = np.where(people.pool == ABOVE, held, np.minimum(turnover[at], 0.97 * line))
    return turnover


def _above_land(city: City, people: People, turnover: FloatArray, streams: Streams) -> FloatArray:
    generator = streams.of("land", 1)
    by_county = np.array([item.land for item in COUNTIES])[people.county]
    by_trade = np.array([item.land for item in TRADES])[people.trade]
    size = exponential(city.land_elasticity * _logarithm(turnover / city.scale_line))
    land: FloatArray = (
        size * by_county * by_trade * spread(generator, city.land_sigma, people.count)
    )
    rated = people.on_roster(len(people.years) - 1)
    if rated.any():
        land *= city.land_per_firm / land[rated].mean()
    return np.maximum(land, np.float64(1.2))


def _logarithm(x: FloatArray) -> FloatArray:
    """Return the natural logarithm to some 6 digits, by halving and a series (no library call)."""
    mantissa, power = np.frexp(np.maximum(x, 1e-6))
    y = (mantissa - 1) / (mantissa + 1)
    square, series = y * y, np.zeros_like(y)
    for n in range(15, 0, -2):
        series = 1.0 / n + square * series
    result: FloatArray = 2 * y * series + power * 0.6931471805599453
    return result
