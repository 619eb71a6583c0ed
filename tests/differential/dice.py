"""Chance that repeats: values drawn one by one from a seed.

A property-testing library prefers examples that resemble each other; a table of firms needs rows
that do not. So the library draws seeds, and each seed fills a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import TypeVar

Drawn = TypeVar("Drawn")


class Dice:
    """Values drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  # nothing secret

    def one_of(self, values: Sequence[Drawn]) -> Drawn:
        """Return one of the values."""
        return self._random.choice(values)

    def whole(self, least: int, most: int) -> int:
        """Return a whole number between two, both included."""
        return self._random.randint(least, most)

    def happens(self, of: int = 2) -> bool:
        """Tell whether something happens that happens once in `of` times."""
        return self._random.randrange(of) == 0

    def decimal(self, text: str) -> Decimal:
        """Return one of the numbers that stand in a text."""
        return Decimal(self.one_of(text.split()))

    def day(self, first: date, last: date) -> date:
        """Return a day between two, both included."""
        return date.fromordinal(self.whole(first.toordinal(), last.toordinal()))

    def shuffled(self, values: Sequence[Drawn]) -> list[Drawn]:
        """Return the values in another order."""
        return self._random.sample(values, len(values))
