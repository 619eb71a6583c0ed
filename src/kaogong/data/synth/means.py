"""Hold the drawn figures to the city's declared means, by one factor a figure and group.

The factors are found once, on the last year, as ratios of sums, and used for every year; so the
last year meets the means to the digit (before cases are planted) and earlier years drift.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.people import BELOW, People
from kaogong.data.synth.streams import BoolArray, FloatArray
from kaogong.data.synth.trades import UTILITIES
from kaogong.data.synth.years import Drawn

WAN = 10_000


@dataclass(frozen=True, slots=True)
class Factors:
    """What each drawn figure is multiplied by."""

    value_added: float
    tax_top: float
    tax_rest: float
    tax_below: float
    energy: float
    staff: float
    research: float
    emission: float
    power_below: float


def find_factors(
    city: City, people: People, drawn: Drawn, mu: FloatArray, smelter: int | None
) -> Factors:
    """Return the factors that bring the last year to the city's means; `mu` is land evaluated."""
    above = drawn.on_roster & ~np.isin(people.trade, UTILITIES)
    below = drawn.alive & (people.pool == BELOW)
    thin = np.zeros(people.count, dtype=bool)
    if smelter is not None:
        thin[smelter] = True
    land = _total(mu, above) * WAN
    value_added = city.value_added_per_mu * land
    thin_value = city.smelter_value_added * _total(drawn.turnover, thin)
    thin_tax = city.smelter_tax * _total(drawn.turnover, thin)
    k_value = _ratio(value_added - thin_value, _total(drawn.value_added, above & ~thin))
    held = np.where(thin, city.smelter_value_added * drawn.turnover, k_value * drawn.value_added)
    tax, top = city.tax_per_mu * land, above & people.is_top
    tax_below = city.below_tax_per_mu * WAN * _total(mu, below)
    power = tax_below / city.below_tax_per_power
    return Factors(
        value_added=k_value,
        tax_top=_ratio(city.top_tax * tax - thin_tax, _total(drawn.tax, top & ~thin)),
        tax_rest=_ratio((1 - city.top_tax) * tax, _total(drawn.tax, above & ~top)),
        tax_below=_ratio(tax_below, _total(drawn.tax, below)),
        energy=_ratio(
            value_added / (city.value_added_per_energy * WAN), _total(drawn.energy, above)
        ),
        staff=_ratio(value_added / (city.value_added_per_head * WAN), _total(drawn.staff, above)),
        research=_ratio(
            city.rd_share * _total(drawn.turnover, above), _total(drawn.research, above)
        ),
        emission=_ratio(
            _total(held, above & (drawn.emission > 0)) / (city.value_added_per_emission * WAN),
            _total(drawn.emission, above),
        ),
        power_below=_ratio(power, _total(drawn.power, below)),
    )


def hold(city: City, people: People, drawn: Drawn, factors: Factors, smelter: int | None) -> Drawn:
    """Return the figures times their factors, the smelter's thin ones put in their place."""
    ever = people.enter < len(people.years)
    k_tax = np.where(
        people.is_top, factors.tax_top, np.where(ever, factors.tax_rest, factors.tax_below)
    )
    value_added, tax = drawn.value_added * factors.value_added, drawn.tax * k_tax
    if smelter is not None:
        value_added[smelter] = city.smelter_value_added * drawn.turnover[smelter]
        tax[smelter] = city.smelter_tax * drawn.turnover[smelter]
    return replace(
        drawn,
        value_added=value_added,
        tax=tax,
        energy=drawn.energy * factors.energy,
        staff=drawn.staff * factors.staff,
        research=drawn.research * factors.research,
        emission=drawn.emission * factors.emission,
        power=drawn.power * factors.power_below,
    )


def _total(values: FloatArray, who: BoolArray) -> float:
    return float(values[who].sum())


def _ratio(wanted: float, drawn: float) -> float:
    return wanted / drawn if drawn > 0 and wanted > 0 else 1.0
