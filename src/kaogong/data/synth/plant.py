"""Choose the firms of each known case among those that have no story yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from kaogong.data.synth.cases import CASES, Case
from kaogong.data.synth.people import BELOW, HOUSEHOLD, TENANT
from kaogong.data.synth.places import STORIED, ZONES
from kaogong.data.synth.prepare import PREPARE
from kaogong.data.synth.region import Region
from kaogong.data.synth.streams import BoolArray, IntArray


def plant(region: Region) -> None:
    """Choose and prepare the firms of every case, in the order of the list."""
    order = region.streams.of("moves").permutation(region.people.count)
    for case in CASES:
        if case.pool and len(region.years) >= case.since:
            who = _choose(region, case, order)
            region.known[case.id] = who
            _simplify(region, who)
            if case.id in PREPARE:
                PREPARE[case.id](region, who)


def _simplify(region: Region, who: list[int]) -> None:
    """Take from a case's firms what belongs to other stories."""
    region.quality.has_tax_record[who], region.quality.is_idle[who] = True, False
    region.land.plots[who] = np.minimum(region.land.plots[who], 1)
    region.land.protected[who] = region.land.excepted[who] = 0
    region.master.parent[who] = -1


def _plain(region: Region) -> BoolArray:
    """Tell who has no story yet and lives in a county without one."""
    people, taken = region.people, [n for places in region.known.values() for n in places]
    plain: BoolArray = people.alive(0) & people.alive(len(region.years) - 1) & ~people.is_top
    plain &= ~np.isin(people.county, STORIED)
    free: BoolArray = plain & region.without(set(taken))
    return free


def _steady(region: Region) -> BoolArray:
    steady: BoolArray = _owns_all(region) & region.people.always_above
    return steady


def _owns_all(region: Region) -> BoolArray:
    whole: BoolArray = (region.land.own > 0) & (region.land.let == 0)
    return whole


def _below(region: Region) -> BoolArray:
    below: BoolArray = (region.people.pool == BELOW) & _owns_all(region)
    return below


POOLS: Mapping[str, Callable[[Region], BoolArray]] = {
    "above": lambda r: _steady(r) & (r.people.park != ZONES[0]),
    "two_counties": _steady,
    "zone": lambda r: _steady(r) & (r.people.park == ZONES[0]),
    "city": lambda r: _steady(r) & (r.people.county == 0),
    "below": _below,
    "idle": _below,
    "split": lambda r: _steady(r) & (r.people.park != ZONES[0]),
    "newcomer": lambda r: (r.people.enter == len(r.years) - 1) & _owns_all(r),
    "household": lambda r: (r.people.pool == HOUSEHOLD) & ~r.master.has_code,
    "village": _below,
    "lessor": lambda r: _steady(r) & (r.people.park != ZONES[0]),
}  # fmt: skip


def _choose(region: Region, case: Case, order: IntArray) -> list[int]:
    """Choose plain firms of the case's pool; stories of several kinds of firm choose the rest."""
    fitting = order[(_plain(region) & POOLS[case.pool](region))[order]]
    if case.pool == "two_counties":
        other = fitting[region.people.county[fitting] != region.people.county[fitting[0]]]
        return [int(fitting[0]), int(other[0])]
    if case.pool in {"village", "lessor"}:
        return _with_tenants(region, case, fitting, order)
    if case.pool == "split":
        half = order[(_plain(region) & _below(region))[order]]
        return [
            int(fitting[0]),
            int(half[region.people.county[half] == region.people.county[fitting[0]]][0]),
        ]
    return [int(n) for n in fitting[: case.count]]


def _with_tenants(region: Region, case: Case, fitting: IntArray, order: IntArray) -> list[int]:
    tenant = order[(_plain(region) & (region.people.pool == TENANT))[order]]
    for place in fitting:
        near = tenant[region.people.county[tenant] == region.people.county[place]]
        if len(near) >= case.count - 1:
            return [int(place), *(int(n) for n in near[: case.count - 1])]
    return [int(n) for n in fitting[:1]]
