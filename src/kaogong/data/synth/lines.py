"""Cases that look across firms: a tie over a quota, a vetoed A, and a county whose two means part.

They are set last, on the facts of the last year, by the placing score the city declares.
"""

from __future__ import annotations

import numpy as np

from kaogong.data.synth.city import Line
from kaogong.data.synth.people import ABOVE, day
from kaogong.data.synth.places import DIVERGING_COUNTY, STORIED
from kaogong.data.synth.region import Region
from kaogong.data.synth.streams import BoolArray, FloatArray, IntArray
from kaogong.data.synth.trades import UTILITIES
from kaogong.data.synth.years import MISSING, SCALES, Facts

# what firms that tie have in common, beside their land
_TIED = (
    "tax_paid", "tax_assessed", "value_added", "energy_equal_value", "energy_equivalent",
    "emission", "cod", "ammonia_nitrogen", "sulphur_dioxide", "nitrogen_oxides", "staff",
    "rd_expense", "revenue", "main_revenue", "sales", "total_output", "power", "power_self",
    "gas", "coal", "gas_environment", "fuel_oil", "firewood", "in_environment_statistics",
    "key_discharger", "profit", "operating_profit",
)  # fmt: skip
_LAND = ("land_area", "land_own", "land_factual", "land_certificate")


def rated(region: Region, facts: Facts) -> BoolArray:
    """Tell who is above scale, no utility, and has every ratio but perhaps that of discharge."""
    who: BoolArray = (facts["above_scale"] == 1) & region.people.alive(len(region.years) - 1)
    who &= ~np.isin(region.people.trade, UTILITIES)
    for line in region.city.placed_by:
        if not line.missing_mean:
            who &= (facts[line.numerator] != MISSING) & (facts[line.denominator] != MISSING)
            who &= facts[line.denominator] != 0
    return who


def placing_score(region: Region, facts: Facts, who: BoolArray) -> FloatArray:
    """Return the score by which cases at a line are placed; who is not rated has none."""
    total = np.zeros(len(who))
    for line in region.city.placed_by:
        total += _points(line, facts, who)
    return np.where(who, total, -np.inf)


def _points(line: Line, facts: Facts, who: BoolArray) -> FloatArray:
    above, below = facts[line.numerator], facts[line.denominator]
    known = who & (above != MISSING) & (below != MISSING) & (below != 0)
    points = np.where(known, above / np.where(known, below, 1) * _worth(line), 0.0)
    if line.missing_mean and known.any():
        points = np.where(known, points, points[known].mean())
    return points


def _worth(line: Line) -> float:
    """Return the points of one unit of the numerator over one unit of the denominator."""
    unit = float(line.scale) / float(line.benchmark) * line.weight
    return unit * float(10.0 ** (SCALES[line.denominator] - SCALES[line.numerator]))


def draw_lines(region: Region, facts: Facts, before: Facts | None) -> None:
    """Set the cases of the last year that depend on all firms."""
    if before is not None:
        part_the_means(region, facts, before)
    who = rated(region, facts)
    order = np.argsort(-placing_score(region, facts, who), kind="stable")[: int(who.sum())]
    plain = _free(region)
    _veto(region, order, plain)
    _tie(region, facts, order, plain)


def _free(region: Region) -> BoolArray:
    people, land = region.people, region.land
    taken = {n for places in region.known.values() for n in places}
    free: BoolArray = region.without(taken) & ~people.is_top & (people.pool == ABOVE)
    free &= (land.own > 0) & (land.let == 0) & (land.plots == 1) & (land.protected == 0)
    free &= ~np.isin(people.county, STORIED)
    return free


def _veto(region: Region, order: IntArray, plain: BoolArray) -> None:
    """Give an accident to a firm near the top 5% of the order."""
    place = int(next(n for n in order[len(order) // 20 :] if plain[n]))
    region.known["vetoed_top"] = [place]
    plain[place] = False
    region.add("incident", place, incident_no="SYNIA000001", incident_kind="安全", grade="较大",
               happened_on=day(region.last_year, 8, 14))  # fmt: skip


def _tie(region: Region, facts: Facts, order: IntArray, plain: BoolArray) -> None:
    """Make three firms equal and put them on the places around the quota.

    Firms without a discharge figure are taken, so that no mean moves. Their tax is set so that
    they score between the two others that stand beside the quota.
    """
    quota = int(len(order) * region.city.tie_share + 0.5)
    fitting = [int(n) for n in order if plain[n] and facts["emission"][n] == MISSING]
    near = np.abs(np.array([int(np.flatnonzero(order == n)[0]) for n in fitting]) - quota)
    three = [fitting[n] for n in np.sort(np.argsort(near, kind="stable")[:3])]
    model = three[0]
    for place in three[1:]:
        for name in (*_TIED, *_LAND):
            facts[name][place] = facts[name][model]
        region.land.own[place] = region.land.own[model]
    who = rated(region, facts)
    score = placing_score(region, facts, who)
    others = np.sort(score[who & region.without(set(three))])[::-1]
    wanted = float(others[quota - 3] + others[quota - 2]) / 2
    line = region.city.placed_by[0]
    for_one = _worth(line) / float(facts[line.denominator][model])
    tax = int(facts["tax_assessed"][model]) + round((wanted - float(score[model])) / for_one)
    for name in ("tax_assessed", "tax_paid"):
        facts[name][three] = tax
    region.known["tie_on_quota"] = three


def part_the_means(region: Region, facts: Facts, before: Facts) -> None:
    """Let a county's tax per mu fall as ratio of sums and rise as mean of ratios.

    Large landholders' tax is multiplied by one factor and the others' by another; both follow
    from the two means wanted (0.97 and 1.05 of the year before).
    """
    there = (region.people.county == DIVERGING_COUNTY) & region.people.alive(len(region.years) - 1)
    sums, mean = _two_means(before, there & (before["above_scale"] == 1))
    now = there & (facts["above_scale"] == 1) & (facts["tax_paid"] != MISSING)
    wanted = np.array([0.97 * sums, 1.05 * mean])
    for share in (0.75, 0.5, 0.25, 0.1):  # the fewer the small, the more their mean can rise
        parts = _by_land(facts, now, share)
        given = np.array([_two_means_parts(facts, part, now) for part in parts]).T
        factors = np.linalg.solve(given, wanted)
        if factors.min() > 0.02:
            break
    for name in ("tax_paid", "tax_assessed"):
        for part, factor in zip(parts, factors, strict=True):
            facts[name][part] = np.rint(facts[name][part] * factor).astype(np.int64)


def _by_land(facts: Facts, who: BoolArray, share: float) -> tuple[BoolArray, BoolArray]:
    """Return the firms with much land and those with little, cut at a share of them all."""
    land = facts["land_area"]
    large: BoolArray = who & (land >= np.quantile(land[who], share))
    return large, who & ~large


def _two_means(facts: Facts, who: BoolArray) -> tuple[float, float]:
    who = who & (facts["tax_paid"] != MISSING)
    return _two_means_parts(facts, who, who)


def _two_means_parts(facts: Facts, part: BoolArray, whole: BoolArray) -> tuple[float, float]:
    """Return what a part of the firms gives to the whole's ratio of sums and mean of ratios."""
    tax, land = facts["tax_paid"].astype(np.float64), facts["land_area"].astype(np.float64)
    ratio = tax[part] / np.maximum(land[part], 1.0)
    return float(tax[part].sum() / land[whole].sum()), float(ratio.sum() / whole.sum())
