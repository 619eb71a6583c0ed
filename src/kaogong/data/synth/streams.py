"""Random draws that are the same for one seed whatever else is drawn beside them.

Each purpose has its own stream, and a stream of a year is keyed by the year as well: a new
purpose is a new row of `STREAMS` and moves nothing that existed before. Only the generator's
table-driven draws (uniform, normal, exponential) and plain arithmetic are used, because the
exponentials of two processors differ in the last bit, and a bit may move a rounding.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# purpose -> what is drawn from it
STREAMS: Mapping[str, str] = {
    "roster": "which firm is above scale in which year",
    "place": "county, town, park and cluster of a firm",
    "trade": "industry of a firm",
    "dates": "founding, production, closing",
    "codes": "credit codes and customer numbers",
    "size": "turnover of the last year and its past growth",
    "quality": "lasting advantages of a firm: value added, tax, energy, labour, research",
    "land": "plots, plots let and rented",
    "weather": "what moves a firm's figures in one year",
    "delivery": "how departments put the figures of one year",
    "reporting": "which figures a department does not deliver",
    "meters": "meters and supply",
    "events": "accidents, penalties, honours, projects, tasks, inspections",
    "moves": "renaming, merger, split, moving",
    "sheets": "errors of the offices' sheets",
}


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of one seed."""

    seed: int

    def of(self, purpose: str, year: int = 0) -> np.random.Generator:
        """Return a fresh generator of a declared purpose, of one year where the year is given."""
        if purpose not in STREAMS:
            raise KeyError(purpose)
        key = (self.seed, zlib.crc32(purpose.encode()), year)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


_STEP = 16
_LOWEST, _HIGHEST = -24, 24
_POWERS = np.array(
    [float(f"{math.exp(i / _STEP):.13e}") for i in range(_LOWEST * _STEP, _HIGHEST * _STEP + 1)]
)


def exponential(x: FloatArray) -> FloatArray:
    """Return e to the x by additions and products only; x is held within -24 and 24."""
    x = np.clip(x, _LOWEST, _HIGHEST)
    whole = np.floor(x * _STEP)
    rest = x - whole / _STEP
    series = np.ones_like(rest)
    for n in range(8, 0, -1):
        series = 1.0 + rest * series / n
    table: FloatArray = _POWERS[whole.astype(np.int64) - _LOWEST * _STEP]
    return table * series


def spread(generator: np.random.Generator, sigma: float, count: int) -> FloatArray:
    """Return log-normal factors with median 1."""
    return exponential(sigma * generator.standard_normal(count))
