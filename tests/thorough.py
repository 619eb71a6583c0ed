"""What `make quick` leaves out: the more of a kind that a part of it stands for.

Such tests are marked `thorough` and run in `make test`. A part is chosen by name, so it is the same
in each run and does not move when others are added.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

import pytest
from _pytest.mark.structures import ParameterSet

Test = TypeVar("Test", bound=Callable[..., None])
ONE_IN, CHOSEN = 3, 2


def is_chosen(name: str) -> bool:
    """Tell whether one of many stands for the others: a third of all names do."""
    return zlib.crc32(name.encode()) % ONE_IN == CHOSEN


def third(names: Iterable[str]) -> list[str | ParameterSet]:
    """Return names as parameters of a test, those that are not chosen marked `thorough`."""
    named = list(names)
    return stood_for(named, set(filter(is_chosen, named)))


def stood_for(names: Iterable[str], few: Collection[str]) -> list[str | ParameterSet]:
    """Return names as parameters of a test, those that the few stand for marked `thorough`."""
    return [n if n in few else pytest.param(n, marks=pytest.mark.thorough) for n in names]


def about(*names: str) -> Callable[[Test], Test]:
    """Mark a test `thorough` where one of the names that it is about is not chosen."""
    if all(map(is_chosen, names)):
        return lambda test: test
    return pytest.mark.thorough
