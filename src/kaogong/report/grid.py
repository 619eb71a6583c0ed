"""Sheets as grids of cells, before they are written: values, formulas, and what a formula must show."""

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

    def ref(self, row: int, column: int, *, beside: bool = False) -> Ref:
        """Return a reference to a cell; `beside` for one in the same row of the same sheet."""
        letters = column_name(column)
        place = f"{self.name}!{letters}{row + 1}"
        if beside:
            return Ref(f"{letters}{row + 1}", place)
        return Ref(f"'{self.name}'!${letters}${row + 1}", place)

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


def differences(grids: list[Grid]) -> Iterator[Difference]:
    """Count every formula as an office suite does, and yield the cells that come to another value.

    Grids are counted in the given order, cells by column and row, so that what a formula reads
    stands before it.
    """
    known: dict[str, Cell] = {}
    for grid in grids:
        for (row, column), content in grid.cells.items():
            if content.formula is None:
                known[grid.place(row, column)] = _as_cell(content.value)
    for grid in grids:
        for row, column in sorted(grid.cells, key=lambda at: (at[1], at[0])):
            content = grid.cells[row, column]
            if content.formula is None:
                continue
            place = grid.place(row, column)
            known[place] = recalculated(content.formula, known)
            if not _shows(known[place], content):
                yield Difference(place, _shown(known[place], content), _exact(content.value))


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
    return round_half_away(Fraction(got), content.decimals or 0) == Fraction(want)


def _shown(got: Cell, content: Content) -> str:
    if isinstance(got, str | bool):
        return str(got)
    return exact_text(round_half_away(Fraction(got), content.decimals or 0))


def _exact(value: Value) -> str:
    return exact_text(Fraction(value)) if isinstance(value, Decimal | int) else str(value or "")
