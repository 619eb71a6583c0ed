"""The registers beside the yearly facts: places, plots and their occupants, meters and supply.

Sums hold: occupation of a plot adds up to its area, shares of a meter to 100%.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.land import STEP_M2, STEP_MU, Land
from kaogong.data.synth.layout import LAYOUT
from kaogong.data.synth.master import Master, name_column
from kaogong.data.synth.people import People, day
from kaogong.data.synth.places import (
    CLUSTERS,
    COUNTIES,
    INTO,
    MERGED,
    PARKS,
    PREFECTURE,
    PREFECTURE_NAME,
    PROVINCE,
    PROVINCE_NAME,
    TOWNS,
    Park,
)
from kaogong.data.synth.streams import BoolArray, IntArray, Streams
from kaogong.data.synth.table import (
    Cell,
    Joined,
    Number,
    Same,
    Table,
    Units,
    Words,
    from_rows,
    parcel_ids,
    subjects,
    take,
)
from kaogong.data.synth.years import MISSING

TOWN_CODES = tuple(town.code for town in TOWNS)
CERTIFICATE = "拟(合成)不动产权第"
RIGHTS = ("集体建设用地使用权", "国有建设用地使用权")
BASES = ("自有", "租用", "出租")
FIFTY_YEARS = 18_262  # days
FIRST_COUNTY = f"{PREFECTURE[:4]}21"  # lower codes are districts of the city


def _tier(park: Park) -> str:
    """Return who runs a park: the city those of its districts, a county its own."""
    is_in_district = COUNTIES[park.counties[0]].code < FIRST_COUNTY
    return "市属" if is_in_district and park.level != "县级" else "县属"


def place_tables() -> dict[str, Table]:
    """Return divisions (of all years), parks and clusters."""
    parks = [
        {
            "subject_id": park.id,
            "name": park.name,
            "park_kind": park.kind,
            "level": park.level,
            "tier": _tier(park),
            "stars": park.stars,
            "division": COUNTIES[park.counties[0]].code,
        }
        for park in PARKS
    ]
    clusters = [
        {
            "subject_id": cluster.id,
            "name": cluster.name,
            "stars": cluster.stars,
            "division": COUNTIES[cluster.county].code,
        }
        for cluster in CLUSTERS
    ]
    return {
        "division": from_rows("division", [_division(*row) for row in division_rows()]),
        "park": from_rows("park", parks),
        "cluster": from_rows("cluster", clusters),
    }


def division_rows() -> list[tuple[str, str, str, str | None]]:
    """Return code, name, level and upper division of every division."""
    province = f"{PROVINCE}0000"
    return [
        (province, PROVINCE_NAME, "省", None),
        (PREFECTURE, PREFECTURE_NAME, "市", province),
        *((county.code, county.name, "县", PREFECTURE) for county in COUNTIES),
        *((town.code, town.name, "乡镇", town.code[:6]) for town in TOWNS),
    ]


def _division(code: str, name: str, level: str, upper: str | None) -> dict[str, Cell]:
    return {"subject_id": code, "name": name, "level": level, "upper": upper}


@dataclass(frozen=True, slots=True)
class Plots:
    """Plots in the order they are written."""

    firm: IntArray  # who settled on it first
    nth: IntArray  # of that firm's plots
    area: IntArray  # steps
    owned: BoolArray  # else rented from a holder who is no firm of the region

    @property
    def ids(self) -> Joined:
        """Return the plots' numbers."""
        return parcel_ids(self.firm, self.nth)


def land_tables(people: People, master: Master, land: Land, plain: BoolArray) -> dict[str, Table]:
    """Return plots, occupation and letting of the firms whose land is not a case of its own."""
    plots = _cut(land, plain)
    return {
        "parcel": _parcels(people, master, plots),
        "occupancy": _occupation(people, land, plain, plots),
        "lease": _leases(people, master, land, plain),
    }


def _cut(land: Land, plain: BoolArray) -> Plots:
    """Cut the land of each owner: a third each for the later plots, the rest for the first."""
    holders = np.flatnonzero(plain & (land.own > 0))
    outside = np.flatnonzero(plain & (land.rented > 0) & (land.landlord < 0))
    count = land.plots[holders]
    owner = np.repeat(holders, count)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    third = land.own[owner] // 3
    area = np.where(nth == 0, land.own[owner] - third * (land.plots[owner] - 1), third)
    firm = np.concatenate([owner, outside])
    return Plots(
        firm=firm,
        nth=np.concatenate([nth, np.zeros(len(outside), dtype=np.int64)]),
        area=np.concatenate([area, land.rented[outside]]),
        owned=np.arange(len(firm)) < len(owner),
    )


def _parcels(people: People, master: Master, plots: Plots) -> Table:
    firm, held = plots.firm, np.where(plots.owned, plots.firm, -1)
    number = np.where(plots.owned, master.organisation[firm], -1)
    start = np.maximum(people.founded[firm] - 200, day(1990, 1, 1))
    return {
        "subject_id": plots.ids,
        "certificate_no": Joined(
            (Same(CERTIFICATE), Number(number, 8), Number(plots.nth + 1, 1), Same("号"))
        ),
        "area": Units(plots.area * STEP_M2),
        "co_owned": Same("单独所有"),
        "right_type": Words(plots.owned.astype(np.int64), RIGHTS),
        "land_use": Same("工业用地"),
        "term_start": Units(start),
        "term_end": Units(start + FIFTY_YEARS),
        "holder": subjects(held),
        "park": Words(people.park[firm], tuple(park.id for park in PARKS)),
        "division": Words(people.town[firm], TOWN_CODES),
    }


def _occupation(people: People, land: Land, plain: BoolArray, plots: Plots) -> Table:
    """Put owners and outside tenants on their plots, then lessors and tenants on the first plot."""
    lessor = np.flatnonzero(plain & (land.let > 0))
    tenant = np.flatnonzero(plain & (land.rented > 0) & (land.landlord >= 0))
    sort = np.repeat([2, 1], [len(lessor), len(tenant)])
    who = np.concatenate([plots.firm, lessor, tenant])
    since = people.founded[who].copy()
    since[len(plots.firm) : len(plots.firm) + len(lessor)] = day(people.years[0] - 1, 1, 1)
    area = np.concatenate([plots.area, land.let[lessor], land.rented[tenant]])
    return {
        "subject_id": subjects(who),
        "parcel": parcel_ids(
            np.concatenate([plots.firm, lessor, land.landlord[tenant]]),
            np.concatenate([plots.nth, np.zeros_like(sort)]),
        ),
        "basis": Words(np.concatenate([np.where(plots.owned, 0, 1), sort]), BASES),
        "area": Units(area * STEP_MU),
        "valid_from": Units(since),
        "valid_to": Units(_last_day(people, who)),
    }


def _last_day(people: People, who: IntArray) -> IntArray:
    """Return the last day of closed firms; others have none."""
    ends = np.array([*(day(year, 12, 31) for year in people.years[:-1]), MISSING])
    return ends[people.last[who]]


def _leases(people: People, master: Master, land: Land, plain: BoolArray) -> Table:
    tenant = np.flatnonzero(plain & (land.rented > 0) & (land.landlord >= 0))
    tenant = tenant[np.argsort(land.landlord[tenant], kind="stable")]
    above = people.on_roster(len(people.years) - 1)
    return {
        "subject_id": subjects(land.landlord[tenant]),
        "lease_no": Joined((Same("SYNL"), Number(tenant, 8))),
        "tenant": subjects(tenant),
        "tenant_name": take(name_column(master), tenant),
        "tenant_above_scale": Units(above[tenant].astype(np.int64)),
        "land": Units(land.rented[tenant] * STEP_M2),
        "floor": Units(land.floor[tenant]),
        "let_from": Units(people.founded[tenant]),
        "let_to": Units(_last_day(people, tenant)),
    }


def meter_tables(
    people: People, master: Master, plain: BoolArray, streams: Streams
) -> dict[str, Table]:
    """Return meters and supply: each firm its own, large ones a second, some water and gas."""
    draw = streams.of("meters").random(people.count)
    power = np.flatnonzero(plain)
    second = np.flatnonzero(plain & (people.pool == 0) & (draw < 0.05))
    water = np.flatnonzero(plain & (people.pool <= 2))
    gas = np.flatnonzero(plain & (people.pool == 0))
    firm = np.concatenate([power, second, water, gas])
    sort = np.repeat([0, 1, 2, 3], [len(power), len(second), len(water), len(gas)])
    prefix = Words(sort, ("SYNE1", "SYNE2", "SYNW1", "SYNK1"))
    account = Joined((Words(sort, ("98", "98", "W", "G")), Number(master.customer[firm], 8)))
    meter = Joined((prefix, Number(master.customer[firm], 8)))
    return {
        "meter": {
            "subject_id": meter,
            "utility": Words(sort, ("电", "电", "水", "气")),
            "account": account,
            "address": Words(people.town[firm], tuple(town.name for town in TOWNS)),
            "division": Words(people.town[firm], TOWN_CODES),
        },
        "supply": {
            "subject_id": subjects(firm),
            "meter": meter,
            "share": Units(np.full(len(firm), 10_000)),
            "valid_from": Units(people.founded[firm] + 10),
            "valid_to": Units(np.full(len(firm), MISSING)),
        },
    }


def merger_of_districts(people: People) -> Table:
    """Return a move for each firm of the district that was merged in mid-year."""
    there = np.flatnonzero((people.county == MERGED) & (people.last >= len(people.years) - 2))
    if len(people.years) < 2:
        there = there[:0]
    return {
        **dict.fromkeys(LAYOUT["subject_event"], Same(None)),
        "subject_id": subjects(there),
        "event_no": Joined((Same("SYNM"), Number(there, 8))),
        "changed_on": Units(np.full(len(there), merger_day(people))),
        "change_kind": Same("迁移"),
        "from_subject": subjects(there),
        "to_subject": subjects(there),
        "from_division": Same(COUNTIES[MERGED].code),
        "to_division": Same(COUNTIES[INTO].code),
    }


def merger_day(people: People) -> int:
    """Return the day the district was merged: the first of July of the last year but one."""
    return day(people.years[-2] if len(people.years) > 1 else people.years[-1], 7, 1)
