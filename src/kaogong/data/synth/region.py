"""The region while it is being made: its firms, and what the known cases add to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.land import Land, settle_land
from kaogong.data.synth.master import Master, name_column, settle_master
from kaogong.data.synth.people import ABOVE, People, settle
from kaogong.data.synth.places import CELL_COUNTY, SMELTER_COUNTY
from kaogong.data.synth.sizes import Sizes, sizes
from kaogong.data.synth.streams import BoolArray, IntArray, Streams
from kaogong.data.synth.table import Cell, spell, subject
from kaogong.data.synth.trades import TRADE_OF
from kaogong.data.synth.years import Quality, qualities

LANDMARKS = ("smelter", "cell_giant", "cell_others", "power_plant", "waterworks")


@dataclass(slots=True)
class Region:
    """All firms, and the cases planted among them."""

    city: City
    people: People
    made: Sizes
    land: Land
    quality: Quality
    master: Master
    streams: Streams
    known: dict[str, list[int]]  # case -> firms, in the order of their parts in the story
    rows: dict[str, list[Mapping[str, Cell]]] = field(default_factory=dict)
    remarks: dict[tuple[int, int], str] = field(default_factory=dict)  # (year, firm)
    own_land_rows: set[int] = field(default_factory=set)  # firms whose plots a case writes
    own_meter_rows: set[int] = field(default_factory=set)  # firms whose meters a case writes

    @property
    def years(self) -> range:
        """Return the years made."""
        return self.people.years

    @property
    def last_year(self) -> int:
        """Return the last of the years."""
        return self.people.years[-1]

    @property
    def smelter(self) -> int | None:
        """Return the smelter's place, where there is one."""
        return self.known["smelter"][0] if "smelter" in self.known else None

    def add(self, register: str, who: int, **cells: Cell) -> None:
        """Add one record of a firm to a register."""
        self.rows.setdefault(register, []).append({"subject_id": subject(who), **cells})

    def name(self, who: int) -> str:
        """Return a firm's name."""
        return spell(name_column(self.master), who) or ""

    def without(self, places: set[int]) -> BoolArray:
        """Return all firms but those."""
        plain = np.ones(self.people.count, dtype=bool)
        plain[sorted(places)] = False
        return plain


def make(city: City, firms: int, years: range, seed: int) -> Region:
    """Return the firms with all that does not depend on a year; cases are planted after."""
    streams = Streams(seed)
    people = settle(city, firms, years, streams)
    known = _landmarks(people, streams) if firms >= city.edges_from else {}
    smelter = known["smelter"][0] if known else None
    made = sizes(city, people, smelter, streams)
    if known:
        _size_landmarks(city, people, made, known)
    land = _land_at_the_mean(city, people, made, streams)
    quality = qualities(city, people, streams)
    if known:
        told = people.always_above & (people.county == SMELTER_COUNTY)
        told[[place for places in known.values() for place in places]] = True
        quality.has_tax_record[told], quality.is_idle[told] = True, False
    master = settle_master(city, people, land.own, made.turnover[-1], streams)
    return Region(city, people, made, land, quality, master, streams, known)


def _land_at_the_mean(city: City, people: People, made: Sizes, streams: Streams) -> Land:
    """Cut land once, see what letting took away, and cut again at the declared mean."""
    rated = people.on_roster(len(people.years) - 1)
    land = settle_land(city, people, made.land, streams)
    if not rated.any():
        return land
    mean = float(land.used[rated].mean()) * 3 / 10_000
    factor = np.where(people.pool == ABOVE, city.land_per_firm / mean, 1.0)
    return settle_land(city, people, made.land * factor, streams)


def _landmarks(people: People, streams: Streams) -> dict[str, list[int]]:
    """Put the smelter, the giant of one cell and the two utilities in their places."""
    tops = np.flatnonzero(people.is_top)
    smelter, giant = int(tops[0]), int(tops[-1])
    steady = people.always_above & ~people.is_top
    generator = streams.of("place", 2)
    drug = TRADE_OF["drug"]
    people.trade[(people.county == CELL_COUNTY) & (people.trade == drug)] = TRADE_OF["food"]
    chosen = generator.permutation(np.flatnonzero(steady))
    others = chosen[:6]
    elsewhere = chosen[6:][people.county[chosen[6:]] == 0][:2]
    for place, county in (
        (smelter, SMELTER_COUNTY),
        (giant, CELL_COUNTY),
        *((int(other), CELL_COUNTY) for other in others),
    ):
        _settle_at(people, place, county)
    people.trade[smelter], people.trade[giant] = TRADE_OF["copper_smelt"], drug
    people.trade[others] = drug
    people.trade[elsewhere] = TRADE_OF["power"], TRADE_OF["waterworks"]
    return {
        "smelter": [smelter],
        "cell_giant": [giant],
        "cell_others": [int(n) for n in others],
        "power_plant": [int(elsewhere[0])],
        "waterworks": [int(elsewhere[1])],
    }


def _settle_at(people: People, place: int, county: int) -> None:
    """Move a firm with its town, park and cluster to a county, beside a firm already there."""
    neighbour: IntArray = np.flatnonzero((people.county == county) & (people.pool == ABOVE))
    beside = int(neighbour[neighbour != place][0])
    for column in (people.county, people.town, people.park, people.cluster):
        column[place] = column[beside]


def _size_landmarks(city: City, people: People, made: Sizes, known: dict[str, list[int]]) -> None:
    """Keep the giant's cell at its declared share; give the utilities the size of their kind."""
    others, giant = known["cell_others"], known["cell_giant"][0]
    room = made.turnover[-1][giant] * (1 - city.cell_share) / city.cell_share
    factor = min(1.0, 0.95 * room / float(made.turnover[-1][others].sum()))
    made.turnover[:, others] = np.maximum(made.turnover[:, others] * factor, 1.03 * city.scale_line)
    for name, turnover in (("power_plant", 640_000_000.0), ("waterworks", 130_000_000.0)):
        made.turnover[:, known[name][0]] = turnover * (
            1 + np.arange(-len(people.years) + 1, 1) / 20
        )
