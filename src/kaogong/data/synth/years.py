"""The figures of one year: drawn, held to the city's means, and turned into whole units.

Figures are floats while they are drawn and integers in units of their register's scale as soon as
they are facts, so that a case at a line can be set to the last digit. `MISSING` is a cell without
a value; what a department does not collect of small firms stays missing, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.people import ABOVE, BELOW, TENANT, People
from kaogong.data.synth.places import COUNTIES
from kaogong.data.synth.sizes import Sizes
from kaogong.data.synth.streams import BoolArray, FloatArray, IntArray, Streams, exponential, spread
from kaogong.data.synth.trades import TRADES

MISSING = np.iinfo(np.int64).min
Facts = dict[str, IntArray]

# fact -> decimals of its register
SCALES: Mapping[str, int] = {
    **dict.fromkeys(("tax_paid", "tax_assessed", "pay", "depreciation", "operating_profit"), 2),
    **dict.fromkeys(("profit", "equity", "revenue", "revenue_base", "main_revenue", "sales"), 2),
    **dict.fromkeys(("invoiced_sales", "total_output", "total_output_base", "value_added"), 2),
    **dict.fromkeys(("technical_investment", "project_investment", "rd_expense", "rd_spend"), 2),
    **dict.fromkeys(("rd_deductible", "energy_equal_value", "energy_equivalent"), 2),
    **dict.fromkeys(("staff", "insured", "employed", "power", "power_self", "gas", "water"), 0),
    **dict.fromkeys(("coal", "fuel_oil", "firewood"), 2),
    **dict.fromkeys(("gas_environment", "emission", "cod", "ammonia_nitrogen"), 4),
    **dict.fromkeys(("sulphur_dioxide", "nitrogen_oxides", "right_base", "right_reward"), 4),
    **dict.fromkeys(("right_rented",), 4),
    **dict.fromkeys(("land_area", "land_certificate", "land_own", "land_protected"), 2),
    **dict.fromkeys(("land_reduced", "land_factual", "land_in", "land_out"), 2),
    **dict.fromkeys(("land_excepted", "floor_rented"), 2),
}
YES_NO = (
    "above_scale", "high_tech", "key_discharger", "in_environment_statistics", "in_production",
    "risk_relief", "tax_supported", "other_gas", "other_water",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quality:
    """What a firm is better or worse at for good: factors with median 1, and lasting gaps."""

    value_added: FloatArray
    tax: FloatArray
    energy: FloatArray  # energy over value added
    labour: FloatArray
    research: FloatArray
    emission: FloatArray  # discharge over value added
    reports_research: BoolArray
    discharges: BoolArray  # is in the environmental statistics
    has_tax_record: BoolArray
    is_idle: BoolArray


def qualities(city: City, people: People, streams: Streams) -> Quality:
    """Draw lasting advantages around one common factor, and who does not report what."""
    generator, count = streams.of("quality"), people.count
    common = generator.standard_normal(count)
    own = (1 - city.quality_common**2) ** 0.5

    def factor(sigma: float, sign: int = 1) -> FloatArray:
        drawn = sign * city.quality_common * common + own * generator.standard_normal(count)
        return exponential(sigma * drawn)

    place = {
        name: np.array([getattr(county, name) for county in COUNTIES])[people.county]
        for name in ("tax", "labour", "energy", "research", "emission")
    }
    trade = {
        name: np.array([getattr(trade, name) for trade in TRADES])[people.trade]
        for name in ("value_added", "tax", "energy", "labour", "research", "discharge")
    }
    draw = streams.of("reporting").random((4, count))
    above = people.pool == ABOVE
    return Quality(
        value_added=factor(city.value_added_sigma) * trade["value_added"],
        tax=factor(city.tax_sigma) * trade["tax"] * place["tax"],
        energy=factor(city.energy_sigma, -1) * trade["energy"] * place["energy"],
        labour=factor(city.labour_sigma) * trade["labour"] * place["labour"],
        research=factor(city.research_sigma) * trade["research"] * place["research"],
        emission=factor(city.emission_sigma, -1) * np.sqrt(trade["discharge"] * place["emission"]),
        reports_research=above & (people.is_top | (draw[0] >= city.zero_research)),
        discharges=np.where(
            above,
            draw[1] >= city.missing_discharge,
            (people.pool == BELOW) & (draw[1] < city.below_discharge),
        ),
        has_tax_record=draw[2] >= np.where(above, city.no_tax_above, city.no_tax_record),
        is_idle=(people.pool <= BELOW) & ~people.is_top & (draw[3] < city.idle_share),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """Figures of one year before they are held to the city's means, in yuan, tonnes, heads, kWh."""

    turnover: FloatArray
    value_added: FloatArray
    tax: FloatArray
    energy: FloatArray
    staff: FloatArray
    research: FloatArray
    emission: FloatArray
    power: FloatArray  # of firms below scale
    alive: BoolArray
    on_roster: BoolArray


@dataclass(frozen=True, slots=True)
class Standing:
    """What stays the same from year to year: who there is, how large, how good."""

    city: City
    people: People
    made: Sizes
    quality: Quality


def draw_year(standing: Standing, at: int, streams: Streams) -> Drawn:
    """Draw the figures of the year at a place; the same year always draws the same."""
    city, people, quality = standing.city, standing.people, standing.quality
    generator, count = streams.of("weather", people.years[at]), people.count

    def yearly(sigma: float = city.yearly_sigma) -> FloatArray:
        return spread(generator, sigma, count)

    turnover = np.where(quality.is_idle, 0.0, standing.made.turnover[at])
    value_added = 0.25 * turnover * quality.value_added * yearly()
    taxed = np.where(people.pool <= TENANT, value_added, 0.12 * turnover)
    tax = 0.19 * taxed * quality.tax * yearly()
    hands = (value_added / 173_000) / (quality.labour * _ease(turnover, city))
    return Drawn(
        turnover=turnover,
        value_added=value_added,
        tax=tax,
        energy=value_added * 5e-5 * quality.energy * yearly(),
        staff=hands * yearly(),
        research=_where(quality.reports_research, 0.03 * turnover * quality.research * yearly()),
        emission=_where(quality.discharges, value_added * 5e-8 * quality.emission * yearly()),
        power=tax * 4.0 * quality.energy * yearly(0.5),
        alive=people.alive(at),
        on_roster=people.on_roster(at),
    )


def _ease(turnover: FloatArray, city: City) -> FloatArray:
    """Return how much less labour a larger firm needs; fourth roots are exact square roots."""
    size = np.sqrt(np.maximum(turnover, 1.0) / city.scale_line)
    eased: FloatArray = np.sqrt(np.sqrt(np.clip(size, 0.7, 2.5)))
    return eased


def _where(who: BoolArray, values: FloatArray) -> FloatArray:
    return np.where(who, values, 0.0)
