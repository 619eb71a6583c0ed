"""Plots, and who lets to whom, in whole steps.

A step is 0.0003 mu, which is 0.20 m2, so that both units are exact.
Occupation adds up: over a plot, owned plus rented less let is its area.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.people import ABOVE, BELOW, HOUSEHOLD, SMALL, TENANT, People
from kaogong.data.synth.places import COUNTIES
from kaogong.data.synth.streams import BoolArray, FloatArray, IntArray, Streams

STEP_MU = 3  # ten-thousandths of a mu in a step
STEP_M2 = 20  # hundredths of a square metre in a step


def steps(mu: FloatArray) -> IntArray:
    """Return mu as whole steps."""
    return np.rint(mu * (10_000 / STEP_MU)).astype(np.int64)


@dataclass(slots=True)
class Land:
    """Land of each firm in steps, the plots it owns and the landlord it rents from."""

    own: IntArray
    rented: IntArray
    let: IntArray
    landlord: IntArray  # -1: none
    plots: IntArray  # how many; the first holds what is let
    protected: IntArray
    excepted: IntArray
    floor: IntArray  # rented floor, hundredths of a square metre

    @property
    def used(self) -> IntArray:
        """Return owned plus rented less let."""
        return self.own + self.rented - self.let


def settle_land(city: City, people: People, mu: FloatArray, streams: Streams) -> Land:
    """Draw who owns and who rents, assign landlords in the same county, and cut plots."""
    generator, count = streams.of("land", 2), people.count
    area, draw = steps(mu), generator.random(count)
    rents = np.isin(people.pool, (TENANT, HOUSEHOLD)) | (
        (people.pool == ABOVE) & (draw < city.rented_above) & ~people.is_top
    )
    own = np.where(rents, 0, area)
    lessor = ~rents & np.isin(people.pool, (ABOVE, BELOW, SMALL)) & ~people.is_top
    lessor &= (people.first == 0) & (people.last == len(people.years) - 1)
    chance = city.lessor_share * own / max(own[lessor].mean() if lessor.any() else 1.0, 1.0)
    lessor &= generator.random(count) < chance
    landlord = _landlords(people, lessor, rents, generator)
    rented, let = _cut_to_capacity(city, own, np.where(rents, area, 0), landlord)
    second = (generator.random(count) < city.second_plot) & (let == 0) & (own > 3_000)
    plots = np.where(own > 0, 1 + second + (second & (generator.random(count) < 0.2)), 0)
    spare = (own > 5_000) & (let == 0)
    protected = _part(own, spare & (generator.random(count) < city.protected_share), generator)
    excepted = _part(own, spare & (generator.random(count) < city.excepted_share), generator) // 2
    floor = np.rint(rented * STEP_M2 * (1.1 + generator.random(count))).astype(np.int64)
    return Land(own, rented, let, landlord, plots, protected, excepted, np.where(rents, floor, 0))


def _part(own: IntArray, who: BoolArray, generator: np.random.Generator) -> IntArray:
    share = 0.15 + 0.35 * generator.random(len(own))
    return np.where(who, np.floor(own * share), 0).astype(np.int64)


def _landlords(
    people: People, lessor: BoolArray, rents: BoolArray, generator: np.random.Generator
) -> IntArray:
    """Give each tenant a landlord of its county; the rest rent from a holder who is no firm."""
    draw, outside = generator.random(people.count), generator.random(people.count)
    landlord = np.full(people.count, -1)
    inside = rents & ((people.pool != ABOVE) | (outside < 0.2))
    for place in range(len(COUNTIES)):
        here = people.county == place
        open_to = np.flatnonzero(here & lessor)
        tenants = np.flatnonzero(here & inside)
        if len(open_to):
            landlord[tenants] = open_to[np.floor(draw[tenants] * len(open_to)).astype(np.int64)]
    return landlord


def _cut_to_capacity(
    city: City, own: IntArray, wanted: IntArray, landlord: IntArray
) -> tuple[IntArray, IntArray]:
    """Cut what tenants rent so that nobody lets more than the declared part of his land."""
    has = landlord >= 0
    asked = np.bincount(landlord[has], weights=wanted[has], minlength=len(own))
    share = np.minimum(1.0, city.let_most * own / np.maximum(asked, 1))
    rented = wanted.copy()
    rented[has] = np.floor(wanted[has] * share[landlord[has]]).astype(np.int64)
    let = np.bincount(landlord[has], weights=rented[has], minlength=len(own)).astype(np.int64)
    return rented, let
