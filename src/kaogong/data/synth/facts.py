"""From held figures to the facts departments deliver: whole units, composed energy, open gaps."""

from __future__ import annotations

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.land import STEP_M2, Land
from kaogong.data.synth.people import ABOVE, BELOW, HOUSEHOLD, People, day
from kaogong.data.synth.streams import BoolArray, FloatArray, IntArray, Streams
from kaogong.data.synth.trades import TRADES
from kaogong.data.synth.years import MISSING, Drawn, Facts, Quality

TAX_OFFICE = (
    "tax_paid", "tax_assessed", "pay", "depreciation", "operating_profit", "profit", "equity",
    "revenue", "main_revenue", "invoiced_sales", "rd_deductible", "staff",
)  # fmt: skip
STATISTICS_ONLY = (
    "revenue_base", "total_output", "total_output_base", "value_added", "sales", "rd_expense",
    "technical_investment", "project_investment",
)  # fmt: skip
ENVIRONMENT = (
    "emission", "cod", "ammonia_nitrogen", "sulphur_dioxide", "nitrogen_oxides", "coal",
    "fuel_oil", "firewood", "gas_environment", "right_base", "right_reward", "right_rented",
)  # fmt: skip
ACCOUNTS = (
    "pay", "depreciation", "operating_profit", "profit", "equity", "insured", "employed",
)  # fmt: skip
RIGHTS = ("1713", "1910", "3982", "2710", "4411")  # trades with tradable emission rights


class YearOfFacts:
    """Turns one year's figures into facts; a method a department."""

    def __init__(self, city: City, people: People, quality: Quality, drawn: Drawn, at: int) -> None:
        self.city, self.people, self.quality, self.drawn, self.at = city, people, quality, drawn, at
        self.year = people.years[at]
        self.facts: Facts = {}

    def deliver(self, land: Land, before: FloatArray, streams: Streams) -> Facts:
        """Return the facts of the year; `before` is last year's turnover."""
        self._draws = streams.of("delivery", self.year)
        self._rosters()
        self._accounts(before)
        self._people()
        self._research()
        self._energy()
        self._discharge()
        self._land(land)
        self._leave_gaps()
        return self.facts

    def _random(self) -> FloatArray:
        return self._draws.random(self.people.count)

    def _rosters(self) -> None:
        drawn, quality, above = self.drawn, self.quality, self.people.pool == ABOVE
        produced = self.people.produced < day(self.year, 12, 31)
        researching = quality.research * (0.4 + quality.reports_research)
        rare = self._random()
        self.facts |= {
            "above_scale": _flag(drawn.on_roster),
            "high_tech": _flag(researching > np.where(above, 1.6, 2.2)),
            "key_discharger": _flag(quality.discharges & (quality.emission > 2.2)),
            "in_environment_statistics": _flag(quality.discharges),
            "in_production": _flag(produced & ~quality.is_idle),
            "risk_relief": _flag(above & (rare < 0.002)),
            "tax_supported": _flag(above & (rare > 0.998)),
            "other_gas": _flag(rare * 50 % 1 < 0.03),
            "other_water": _flag(rare * 70 % 1 < 0.05),
        }  # fmt: skip

    def _accounts(self, before: FloatArray) -> None:
        drawn, turnover = self.drawn, self.drawn.turnover
        pay = np.minimum(
            drawn.staff * 86_000 * np.sqrt(self.quality.labour), 0.72 * drawn.value_added
        )
        depreciation = drawn.value_added * (0.06 + 0.10 * self._random())
        operating = drawn.value_added - pay - depreciation - 0.65 * drawn.tax
        equity = turnover * (0.8 * self._random() + np.where(self._random() < 0.03, -0.8, 0.12))
        adjusted = np.where(self._random() < 0.7, 1.0, 0.92 + 0.16 * self._random())
        revised = np.where(self._random() < 0.2, 0.985 + 0.03 * self._random(), 1.0)
        output = 0.97 + 0.08 * self._random()
        side = self._random()
        self.facts |= {
            "tax_paid": _fen(drawn.tax),
            "tax_assessed": _fen(drawn.tax * adjusted),
            "pay": _fen(pay),
            "depreciation": _fen(depreciation),
            "operating_profit": _fen(operating),
            "profit": _fen(operating + 0.01 * turnover * (self._random() - 0.4)),
            "equity": _fen(equity),
            "revenue": _fen(turnover),
            "revenue_base": _fen(before * revised),
            "main_revenue": _fen(turnover * (1 - 0.12 * side * side)),
            "sales": _fen(turnover * (0.99 - 0.1 * side * side)),
            "invoiced_sales": _fen(turnover * (0.96 + 0.14 * self._random())),
            "total_output": _fen(turnover * output),
            "total_output_base": _fen(before * revised * output),
            "value_added": _fen(drawn.value_added),
        }

    def _people(self) -> None:
        staff = np.maximum(np.rint(self.drawn.staff), np.where(self.quality.is_idle, 0, 1))
        staff = np.where(self.people.pool == HOUSEHOLD, 1 + np.floor(5 * self._random()), staff)
        self.facts |= {
            "staff": staff.astype(np.int64),
            "insured": np.rint(staff * (0.68 + 0.32 * self._random())).astype(np.int64),
            "employed": np.rint(staff * (0.97 + 0.06 * self._random())).astype(np.int64),
        }

    def _research(self) -> None:
        wan = self.drawn.research / 100  # hundredths of 10,000 yuan
        turnover = self.drawn.turnover / 100
        renews, builds = self._random(), self._random()
        self.facts |= {
            "rd_expense": _whole(wan),
            "rd_spend": _whole(wan * (0.88 + 0.14 * self._random())),
            "rd_deductible": _whole(wan * 10_000 * (0.70 + 0.28 * self._random())),
            "technical_investment": _whole(np.where(renews < 0.4, turnover * 0.15 * renews, 0)),
            "project_investment": _whole(np.where(builds < 0.08, turnover * builds * 2, 0)),
        }

    def _energy(self) -> None:
        """Split energy into fuels, round each, then compose the totals from the rounded fuels."""
        city, tonnes = self.city, self.drawn.energy
        above = self.people.pool == ABOVE
        shares = {
            name: np.array([getattr(t, name) for t in TRADES])[self.people.trade]
            for name in ("gas", "coal")
        }
        by_gas = np.where(above, shares["gas"] * 2 * self._random(), 0.0)
        by_coal = np.where(above & self.quality.discharges, shares["coal"], 0.0)
        by_power = np.maximum(1 - by_gas - by_coal, 0.02)
        kilowatt_hours = np.where(
            above, tonnes * by_power * 1000 / city.coal_of_power_equal, self.drawn.power
        )
        solar = np.where(self._random() < 0.05, 0.04 + 0.12 * self._random(), 0.0)
        power, own = _whole(kilowatt_hours * (1 - solar)), _whole(kilowatt_hours * solar)
        gas = _whole(tonnes * by_gas * 1000 / city.coal_of_gas)
        coal = _whole(tonnes * by_coal / city.coal_of_coal * 100)
        water = self.drawn.staff * 40 + self.drawn.turnover * 1e-5 * self.quality.emission
        self.facts |= {
            "power": power,
            "power_self": own,
            "gas": gas,
            "coal": coal,
            "water": _whole(water),
        }
        self.facts |= {name: np.zeros_like(power) for name in ("fuel_oil", "firewood")}
        self.facts["energy_equal_value"] = compose_energy(
            city, self.facts, city.coal_of_power_equal
        )
        self.facts["energy_equivalent"] = compose_energy(city, self.facts, city.coal_of_power)

    def _discharge(self) -> None:
        total = self.drawn.emission * 10_000
        burns = np.array([t.coal for t in TRADES])[self.people.trade]
        cod = _whole(total * np.where(burns > 0, 0.25, 0.62))
        ammonia = _whole(total * 0.04)
        sulphur = _whole(total * np.where(burns > 0, 0.28, 0.06))
        nitrogen = np.maximum(_whole(total) - cod - ammonia - sulphur, 0)
        differs = np.where(self._random() < 0.04, 0.96, 1.0)
        emission = cod + ammonia + sulphur + nitrogen
        trades = np.isin(self.people.trade, [n for n, t in enumerate(TRADES) if t.code in RIGHTS])
        base = _whole(emission * (0.85 + 0.35 * self._random()))
        short = emission - base - base // 20
        self.facts |= {
            "cod": cod, "ammonia_nitrogen": ammonia, "sulphur_dioxide": sulphur,
            "nitrogen_oxides": nitrogen, "emission": emission,
            "gas_environment": _whole(self.facts["gas"] * differs),
            "right_base": np.where(trades, base, MISSING),
            "right_reward": np.where(trades, base // 20, MISSING),
            "right_rented": np.where(trades, np.maximum(short, 0) // 2, MISSING),
        }  # fmt: skip

    def _land(self, land: Land) -> None:
        own = land.own * STEP_M2
        differs = np.where(
            self._random() < self.city.survey_differs, 1.0 + 0.06 * self._random(), 1.0
        )
        none = np.zeros_like(own)
        self.facts |= {
            "land_area": land.used * STEP_M2,
            "land_certificate": np.where(own > 0, _whole(own * differs), MISSING),
            "land_own": own,
            "land_protected": land.protected * STEP_M2,
            "land_reduced": none,
            "land_factual": land.used * STEP_M2,
            "land_in": land.rented * STEP_M2,
            "land_out": land.let * STEP_M2,
            "land_excepted": land.excepted * STEP_M2,
            "floor_rented": land.floor,
        }

    def _leave_gaps(self) -> None:
        """Leave open what a department does not collect of a firm."""
        roster = self.drawn.on_roster
        self._blank(STATISTICS_ONLY, ~roster)
        self._blank(
            ("energy_equal_value", "energy_equivalent"), ~roster & (self.people.pool > BELOW)
        )
        self._blank(ENVIRONMENT, ~self.quality.discharges)
        self._blank(TAX_OFFICE, ~self.quality.has_tax_record)
        self._blank(("rd_spend", "rd_deductible"), self.people.pool > BELOW)
        self._blank(ACCOUNTS, self.people.pool == HOUSEHOLD)

    def _blank(self, names: tuple[str, ...], who: BoolArray) -> None:
        for name in names:
            self.facts[name] = np.where(who, MISSING, self.facts[name])


def compose_energy(city: City, facts: Facts, of_power: float) -> IntArray:
    """Return hundredths of a tonne of coal equivalent from power, gas and coal."""
    power = facts["power"] + facts["power_self"]
    hundredths = power * (of_power / 10) + facts["gas"] * (city.coal_of_gas / 10)
    return _whole(hundredths + facts["coal"] * city.coal_of_coal)


def _flag(who: BoolArray) -> IntArray:
    return who.astype(np.int64)


def _whole(x: FloatArray | IntArray) -> IntArray:
    return np.rint(x).astype(np.int64)


def _fen(yuan: FloatArray) -> IntArray:
    return np.rint(yuan * 100).astype(np.int64)
