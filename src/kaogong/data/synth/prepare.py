"""What each known case needs that stays from year to year: land, names, links, records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.events import LEVELS
from kaogong.data.synth.land import STEP_M2, STEP_MU, steps
from kaogong.data.synth.master import BRANCH, COLLECTIVE, LIMITED, TRADER, VILLAGE, unused_brand
from kaogong.data.synth.people import day
from kaogong.data.synth.places import CLUSTER_OF_ONE, COUNTIES, TOWNS, ZONES
from kaogong.data.synth.records import CERTIFICATE, FIFTY_YEARS
from kaogong.data.synth.region import Region
from kaogong.data.synth.table import Cell, parcel_ids, spell, subject
from kaogong.data.synth.trades import TRADE_OF
from kaogong.data.synth.years import MISSING


def _branch(region: Region, who: list[int]) -> None:
    region.master.suffix[who] = BRANCH


def _audit(region: Region, who: list[int]) -> None:
    region.add(
        "penalty",
        who[0],
        penalty_no="SYN罚A0000001",
        penalty_kind="税务",
        grade="一般",
        decided_on=day(region.last_year, 6, 20),
        amount=86_000_00,
    )


def _same_name(region: Region, who: list[int]) -> None:
    master = region.master
    master.brand[who[1]] = master.brand[who[0]]
    master.trade_word[who[1]] = master.trade_word[who[0]]
    master.word_of_place[who] = len(COUNTIES)
    master.suffix[who] = LIMITED


def _change(region: Region, who: int, number: int, kind: str, on: int, **cells: Cell) -> None:
    """Add a change of identity; the firm itself stands before and after unless said otherwise."""
    told = {"from_subject": subject(who), "to_subject": subject(who), **cells}
    event = f"SYNV{number:07d}"
    region.add("subject_event", who, event_no=event, change_kind=kind, changed_on=on, **told)


def _honour(region: Region, who: int, number: int, kind: str, level: str) -> None:
    """Add a title awarded last autumn for three years."""
    region.add(
        "honour",
        who,
        honour_no=f"SYNHA{number:07d}",
        honour_kind=kind,
        level=level,
        awarded_on=day(region.last_year - 1, 11, 5),
        valid_to=day(region.last_year + 2, 11, 4),
    )


def _renamed(region: Region, who: list[int]) -> None:
    master, place = region.master, who[0]
    _discharges(region, who)
    before = region.name(place)
    master.former_brand[place] = master.brand[place]
    master.brand[place] = unused_brand(region.people.count)
    on, after = day(region.last_year, 3, 12), region.name(place)
    _change(region, place, 1, "更名", on, from_name=before, to_name=after)


def _merged(region: Region, who: list[int]) -> None:
    gone, sister = who
    region.master.parent[who] = int(np.flatnonzero(region.people.is_top)[0])
    region.master.closed[gone] = True
    region.master.predecessor[sister] = gone
    names = {"from_name": region.name(gone), "to_name": region.name(sister)}
    on = day(region.last_year, 7, 15)
    _change(region, gone, 2, "合并", on, to_subject=subject(sister), **names)


def _split(region: Region, who: list[int]) -> None:
    whole, half = who
    people, turnover, last = region.people, region.made.turnover, len(region.years) - 1
    people.leave[whole] = last
    people.trade[half] = people.trade[whole]
    people.first[half], people.founded[half] = last, day(region.last_year, 1, 8)
    people.produced[half] = day(region.last_year, 1, 15)
    turnover[:last, whole], turnover[last, who] = 32_400_000, 16_200_000
    region.master.trade_word[half] = region.master.trade_word[whole]
    region.master.predecessor[half] = whole
    region.master.due[half] = MISSING
    _change(region, whole, 3, "分立", day(region.last_year, 1, 8), to_subject=subject(half))


def _moved_county(region: Region, who: list[int]) -> None:
    place = who[0]
    origin = int(region.people.county[place])
    target = 0 if origin else 1
    region.master.county_now[place] = target
    region.people.park[place] = region.people.cluster[place] = -1
    codes = {"from_division": COUNTIES[origin].code, "to_division": COUNTIES[target].code}
    _change(region, place, 4, "迁移", day(region.last_year, 5, 20), **codes)
    _honour(region, place, 10, "高新技术企业", LEVELS[2])
    _honour(region, place, 11, "专精特新", LEVELS[2])


def _moved_zone(region: Region, who: list[int]) -> None:
    place = who[0]
    code = COUNTIES[int(region.master.county_now[place])].code
    region.people.park[place] = ZONES[1]
    on = day(region.last_year, 4, 1)
    _change(region, place, 5, "迁移", on, from_division=code, to_division=code)


@dataclass(frozen=True, slots=True)
class Plot:
    """One owned plot of a case."""

    mu_units: int  # ten-thousandths of a mu
    town: int
    until: int | None = None  # day it was handed back


def _plots(region: Region, place: int, plots: Sequence[Plot]) -> None:
    """Write the plots of one firm, which then has no others."""
    founded = int(region.people.founded[place])
    since = max(founded - 200, day(1990, 1, 1))
    for nth, plot in enumerate(plots):
        number = spell(parcel_ids(np.array([place]), np.array([nth])), 0)
        region.add(
            "occupancy",
            place,
            parcel=number,
            basis="自有",
            area=plot.mu_units,
            valid_from=founded,
            valid_to=plot.until,
        )
        parcel: dict[str, Cell] = {
            "subject_id": number,
            "certificate_no": f"{CERTIFICATE}{place:08d}{nth}号",
            "area": round(plot.mu_units * STEP_M2 / STEP_MU),
            "co_owned": "单独所有",
            "right_type": "国有建设用地使用权",
            "land_use": "工业用地",
            "term_start": since,
            "term_end": since + FIFTY_YEARS,
            "holder": None if plot.until else subject(place),
            "division": TOWNS[plot.town].code,
        }
        region.rows.setdefault("parcel", []).append(parcel)
    region.own_land_rows.add(place)


def _own(region: Region, place: int, mu: float) -> None:
    region.land.own[place] = int(steps(np.array([mu]))[0])


def _three_plots(region: Region, who: list[int]) -> None:
    place, (one, two) = who[0], _two_towns(region, who[0])
    _own(region, place, 27.9)
    _plots(region, place, (Plot(120_000, one), Plot(90_000, one), Plot(69_000, two)))


def _two_towns(region: Region, place: int) -> tuple[int, int]:
    here = [n for n, town in enumerate(TOWNS) if town.county == region.people.county[place]]
    one = int(region.people.town[place])
    return one, next(town for town in here if town != one)


def _handed_back(region: Region, who: list[int]) -> None:
    place, town = who[0], int(region.people.town[who[0]])
    _own(region, place, 30.0)
    gone = Plot(84_000, town, day(region.last_year, 10, 31))
    _plots(region, place, (Plot(216_000, town), gone))


def _road(region: Region, who: list[int]) -> None:
    place = who[0]
    _own(region, place, 41.2)
    _plots(region, place, (Plot(412_000, int(region.people.town[place])),))


def _village(region: Region, who: list[int]) -> None:
    """Put 40 tenants of 0.9 mu each on 60 mu, with one meter: 4% its own, 2.4% a tenant."""
    place, tenants = who[0], who[1:]
    region.master.suffix[place], region.master.registrar[place] = COLLECTIVE, VILLAGE
    _own(region, place, 60.0)
    _let(region, place, tenants, 0.9)
    meter = f"SYNE1{region.master.customer[place]:08d}"
    _meter(region, place, meter)
    since = day(region.years[0] - 1, 1, 1)
    for firm in who:
        share = 400 if firm == place else 240
        region.add("supply", firm, meter=meter, share=share, valid_from=since)
        region.own_meter_rows.add(firm)
    region.master.customer[tenants] = region.master.customer[place]


def _let(region: Region, place: int, tenants: list[int], mu: float) -> None:
    """Give the tenants land of this landlord in place of what they rented before."""
    land, each = region.land, int(steps(np.array([mu]))[0])
    for tenant in tenants:
        if land.landlord[tenant] >= 0:
            land.let[land.landlord[tenant]] -= land.rented[tenant]
        land.landlord[tenant], land.rented[tenant] = place, each
        land.floor[tenant] = each * STEP_M2 * 2
    land.let[place] = each * len(tenants)


def _meter(region: Region, place: int, number: str) -> None:
    town = TOWNS[int(region.people.town[place])]
    meter: dict[str, Cell] = {
        "subject_id": number,
        "utility": "电",
        "account": f"98{region.master.customer[place]:08d}",
        "address": town.name,
        "division": town.code,
    }
    region.rows.setdefault("meter", []).append(meter)


def _two_meters(region: Region, who: list[int]) -> None:
    place, changed = who[0], day(region.last_year, 6, 18)
    since = int(region.people.founded[place]) + 10
    for sign, first, last in (("1", since, changed), ("9", changed, None)):
        number = f"SYNE{sign}{region.master.customer[place]:08d}"
        _meter(region, place, number)
        dates = {"valid_from": first, "valid_to": last}
        region.add("supply", place, meter=number, share=10_000, **dates)
    region.own_meter_rows.add(place)


def _thirty_mu(region: Region, who: list[int]) -> None:
    for place in who:
        _own(region, place, 30.0)


def _household(region: Region, who: list[int]) -> None:
    region.master.has_code[who] = False
    region.master.registrar[who] = TRADER


def _accountant(region: Region, who: list[int]) -> None:
    for year in region.years:
        for place in who:
            region.remarks[year, place] = "代账机构(合成)代报,同一申报人14户"


def _champion(region: Region, who: list[int]) -> None:
    _own(region, who[0], 96.0)
    region.quality.reports_research[who] = True
    _honour(region, who[0], 20, "专精特新", LEVELS[3])


def _rent(region: Region, who: list[int]) -> None:
    _own(region, who[0], 24.0)
    _let(region, who[0], who[1:], 3.6)


def _december(region: Region, who: list[int]) -> None:
    region.remarks[region.last_year, who[0]] = f"{region.last_year - 1}年12月纳规"


def _alone(region: Region, who: list[int]) -> None:
    region.people.cluster[region.people.cluster == CLUSTER_OF_ONE] = -1
    region.people.cluster[who] = CLUSTER_OF_ONE


def _amended(region: Region, who: list[int]) -> None:
    region.remarks[region.last_year - 1, who[0]] = "等级曾误公布为D,11月更正"


def _past_deadline(region: Region, who: list[int]) -> None:
    _not_producing(region, who, day(region.last_year - 1, 6, 30))


def _before_deadline(region: Region, who: list[int]) -> None:
    _not_producing(region, who, day(region.last_year + 1, 9, 30))


def _not_producing(region: Region, who: list[int], due: int) -> None:
    region.people.founded[who] = day(region.years[0] - 1, 3, 1)
    region.people.produced[who] = MISSING
    region.master.due[who] = due


def _discharges(region: Region, who: list[int]) -> None:
    region.quality.discharges[who] = True


def _newcomer(region: Region, who: list[int]) -> None:
    _discharges(region, who)
    _own(region, who[0], 60.0)


def _false_zero(region: Region, who: list[int]) -> None:
    _discharges(region, who)
    region.add(
        "inspection",
        who[0],
        inspection_no="SYNJA0000001",
        item="二氧化硫",
        finding="不实",
        inspected_on=day(region.last_year, 9, 9),
        for_period=str(region.last_year),
    )


def _dyer(region: Region, who: list[int]) -> None:
    _discharges(region, who)
    region.people.trade[who] = TRADE_OF["dyeing"]
    region.master.trade_word[who] = TRADE_OF["dyeing"]


PREPARE: Mapping[str, Callable[[Region, list[int]], None]] = {
    "head_office_elsewhere": _branch,
    "audit_bill": _audit,
    "same_name": _same_name,
    "renamed_in_second_d": _renamed,
    "d_first_year": _discharges,
    "d_second_year": _discharges,
    "d_third_year": _discharges,
    "merged_into_sister": _merged,
    "split_below_scale": _split,
    "moved_county": _moved_county,
    "moved_zone": _moved_zone,
    "three_plots": _three_plots,
    "village_plant": _village,
    "certificate_and_road": _road,
    "plot_handed_back": _handed_back,
    "meter_replaced": _two_meters,
    "survey_three_percent": _thirty_mu,
    "survey_over_three": _thirty_mu,
    "household_no_code": _household,
    "one_accountant": _accountant,
    "hidden_champion": _champion,
    "lives_on_rent": _rent,
    "up_last_december": _december,
    "on_benchmark": _thirty_mu,
    "lowest_newcomer": _newcomer,
    "group_of_one": _alone,
    "class_amended": _amended,
    "past_its_deadline": _past_deadline,
    "before_its_deadline": _before_deadline,
    "false_zero": _false_zero,
    "over_its_right": _dyer,
}
