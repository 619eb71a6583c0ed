"""Sheets as grids of cells before they are written: values, formulas, and what these must show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from kaogong.language.quantity import exact_text, round_half_away
from kaogong.report.formula import Cell, Node, Ref, recalculated

Value = Decimal | int | str | bool | None
ALPHABET = 26


@dataclass(frozen=True, slots=True)
class Content:
    """One cell: a value, or a formula with the exact value it must come to."""

    value: Value
    formula: Node | None = None
    decimals: int | None = None  # shown, and compared
    style: str = ""


@dataclass(slots=True)
class Grid:
    """One sheet; rows and columns count from 0."""

    name: str
    cells: dict[tuple[int, int], Content] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    frozen: tuple[int, int] = (0, 0)

    def put(self, row: int, column: int, content: Content | Value, style: str = "") -> None:
        """Set one cell."""
        made = content if isinstance(content, Content) else Content(content, style=style)
        self.cells[row, column] = made

    def ref(self, row: int, column: int) -> Ref:
        """Return a reference to a cell of another sheet that stays where it is."""
        letters = column_name(column)
        return Ref(f"'{self.name}'!${letters}${row + 1}", self.place(row, column))

    def ref_in_row(self, row: int, column: int) -> Ref:
        """Return a reference to a cell of another sheet in the formula's own row."""
        letters = column_name(column)
        return Ref(f"'{self.name}'!${letters}{row + 1}", self.place(row, column))

    def ref_beside(self, row: int, column: int) -> Ref:
        """Return a reference to a cell of the same sheet and row."""
        return Ref(f"{column_name(column)}{row + 1}", self.place(row, column))

    def range(self, column: int, first: int, last: int) -> str:
        """Return a column of cells as a formula names it."""
        letters = column_name(column)
        return f"'{self.name}'!${letters}${first + 1}:${letters}${last + 1}"

    def place(self, row: int, column: int) -> str:
        """Return the address of a cell."""
        return f"{self.name}!{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Return the letters of a column, A for 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, ALPHABET)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that an office suite counts to another value than the exact one."""

    place: str
    got: str
    want: str


class Counted:
    """The values of all cells as a suite counts them, each when it is first read."""

    def __init__(self, grids: list[Grid]) -> None:
        self._contents = {
            grid.place(row, column): content
            for grid in grids
            for (row, column), content in grid.cells.items()
        }
        self._made: dict[str, Cell] = {}

    def at(self, place: str) -> Cell:
        """Return the value of a cell."""
        if place not in self._made:
            content = self._contents.get(place, EMPTY_CELL)
            formula = content.formula
            made = _as_cell(content.value) if formula is None else recalculated(formula, self)
            self._made[place] = made
        return self._made[place]

    def differences(self) -> Iterator[Difference]:
        """Yield the cells with a formula that come to another value than the exact one."""
        for place, content in self._contents.items():
            if content.formula is not None and not _shows(self.at(place), content):
                yield Difference(place, _shown(self.at(place), content), _exact(content.value))


EMPTY_CELL = Content(None)


def _as_cell(value: Value) -> Cell:
    if value is None:
        return ""
    return value if isinstance(value, str | bool) else float(value)


def _shows(got: Cell, content: Content) -> bool:
    """Tell whether a counted value shows the digits of the exact one."""
    want = content.value
    if want is None or isinstance(want, str):
        return got == (want or "")
    if isinstance(got, str):
        return False
    places = content.decimals or 0
    return round_half_away(Fraction(got), places) == round_half_away(Fraction(want), places)


def _shown(got: Cell, content: Content) -> str:
    if isinstance(got, str | bool):
        return str(got)
    return exact_text(round_half_away(Fraction(got), content.decimals or 0))


def _exact(value: Value) -> str:
    return exact_text(Fraction(value)) if isinstance(value, Decimal | int) else str(value or "")
