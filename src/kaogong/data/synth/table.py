"""Columns as arrays, and the few ways a column becomes text: coded words, numbers, parts joined.

A million names are two dozen words joined in the database, never a million strings in Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kaogong.data.synth.layout import LAYOUT
from kaogong.data.synth.streams import IntArray
from kaogong.data.synth.years import MISSING

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Units:
    """Whole units of the field's scale; also dates (days since 1970) and yes or no (1, 0)."""

    values: IntArray


@dataclass(frozen=True, slots=True)
class Words:
    """Places in a short list of words; -1 is no value."""

    values: IntArray
    words: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number after a prefix, with leading zeros up to a width (0: as it is); -1 is no value."""

    values: IntArray
    width: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts written one after another; no value where one part has none."""

    parts: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Ready texts, for short tables."""

    values: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Same:
    """One text in every row."""

    text: str | None


Column = Units | Words | Number | Joined | Texts | Same
Table = Mapping[str, Column]
SUBJECT_WIDTH = 8


def subjects(places: IntArray) -> Number:
    """Return subject ids of firms by their place; -1 is no value."""
    return Number(places, SUBJECT_WIDTH, "SYN")


def parcel_ids(firm: IntArray, nth: IntArray) -> Joined:
    """Return plot numbers: the firm first settled on it and a running number."""
    return Joined((Same("SYNG"), Number(firm, SUBJECT_WIDTH), Number(nth + 1, 2)))


def subject(place: int) -> str:
    """Return the subject id of the firm at a place."""
    return f"SYN{place:0{SUBJECT_WIDTH}d}"


def take(column: Column, who: IntArray) -> Column:
    """Return the column's rows at the given places."""
    if isinstance(column, Joined):
        return Joined(tuple(take(part, who) for part in column.parts))
    if isinstance(column, Same):
        return column
    if isinstance(column, Words):
        return Words(column.values[who], column.words)
    if isinstance(column, Number):
        return Number(column.values[who], column.width, column.prefix)
    if isinstance(column, Units):
        return Units(column.values[who])
    return Texts(column.values[who])


def spell(column: Column, row: int) -> str | None:
    """Return the text of one row, as the database will write it."""
    if isinstance(column, Same):
        return column.text
    if isinstance(column, Joined):
        parts = [spell(part, row) for part in column.parts]
        return None if None in parts else "".join(part for part in parts if part is not None)
    place = column.values[row]
    if isinstance(column, Words):
        return None if place < 0 else column.words[place]
    if isinstance(column, Number):
        return None if place < 0 else f"{column.prefix}{place:0{max(column.width, 1)}d}"
    return None if place is None else str(place)


def from_rows(register: str, rows: Sequence[Mapping[str, Cell]]) -> Table:
    """Return a short table from rows; a key that is left out has no value."""
    columns: dict[str, Column] = {}
    for name, field in LAYOUT[register].items():
        cells = [row.get(name) for row in rows]
        if field.kind == "text":
            columns[name] = Texts(np.array(cells, dtype=object))
        else:
            units = [MISSING if cell is None else int(cell) for cell in cells]
            columns[name] = Units(np.array(units, dtype=np.int64))
    return columns
