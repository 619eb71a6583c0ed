"""A column of a snapshot: its name, its type, its unit and the decimals that it keeps.

Four types are enough: text (codes are text), number, date, yes_no. A number is a decimal of up to
38 digits or a signed integer of 32 or 64 bits; unsigned and smaller integers are not used, because
Spark reads them as other types than DuckDB wrote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from kaogong.data.sql import Sql, name, sql

ColumnType = Literal["text", "number", "date", "yes_no"]
Cell = str | Decimal | dt.date | bool | None

STATE_SUFFIX = "__state"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `scale` and `digits` belong to numbers only."""

    name: str
    type: ColumnType
    unit: str = ""
    scale: int = 0  # decimals kept, of the unit
    digits: int = 18  # decimal digits in all

    @property
    def sql_type(self) -> str:
        """Return the type of the column in DuckDB, as its catalogue writes it."""
        if self.type == "number" and self.scale == 0 and self.digits <= 18:
            return "INTEGER" if self.digits <= 9 else "BIGINT"
        return _SQL_TYPES[self.type].format(digits=self.digits, scale=self.scale)

    @property
    def cast(self) -> Sql:
        """Return the column with its own name and type, as SQL."""
        return sql(
            "CAST({name} AS {type}) AS {name}", name=name(self.name), type=Sql(self.sql_type)
        )

    def as_json(self) -> dict[str, str | int]:
        """Return the column as a manifest writes it."""
        head: dict[str, str | int] = {"name": self.name, "type": self.type, "unit": self.unit}
        if self.type == "number":
            head |= {"scale": self.scale, "digits": self.digits}
        return head

    def cell_text(self, cell: Cell) -> str | None:
        """Return a cell as manifests and ledgers write it: decimals with all declared places."""
        return None if cell is None else _WRITE[self.type](self, cell)

    def cell(self, text: str | None) -> Cell:
        """Return the cell a text stands for; raise ValueError where it is none of this type."""
        return None if text is None else _READ[self.type](self, text)


def column_from_json(head: Mapping[str, str | int]) -> Column:
    """Return the column that a manifest describes."""
    return Column(
        name=str(head["name"]),
        type=_TYPES[str(head["type"])],
        unit=str(head["unit"]),
        scale=int(head.get("scale", 0)),
        digits=int(head.get("digits", 18)),
    )


def state_column(name: str) -> Column:
    """Return the column that says why cells of column `name` have no value."""
    return Column(name + STATE_SUFFIX, "text")


def _decimal_text(column: Column, cell: Cell) -> str:
    if not isinstance(cell, Decimal | int):
        raise TypeError(f"{column.name}: {cell!r} is not a decimal")
    sign, digits, exponent = Decimal(cell).as_tuple()
    if isinstance(exponent, str):
        raise ValueError(f"{column.name}: {cell} is not a finite number")
    shift = exponent + column.scale
    whole = int("".join(map(str, digits)))
    units, rest = divmod(whole * 10 ** max(0, shift), 10 ** max(0, -shift))
    if rest:
        raise ValueError(f"{column.name}: {cell} has more than {column.scale} decimals")
    written = str(units).rjust(column.scale + 1, "0")
    if column.scale:
        written = f"{written[: -column.scale]}.{written[-column.scale :]}"
    return f"-{written}" if sign and units else written


def _decimal_cell(column: Column, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError as error:
        raise ValueError(f"{column.name}: {text!r} is not a number") from error
    written = _decimal_text(column, value)
    if len(written.lstrip("-").replace(".", "").lstrip("0")) > column.digits:
        raise ValueError(f"{column.name}: {text} has more than {column.digits} digits")
    return Decimal(written)


def _yes_no(column: Column, text: str) -> bool:
    if text not in _YES_NO:
        raise ValueError(f"{column.name}: {text!r} is neither yes nor no")
    return _YES_NO[text]


_YES_NO = {"1": True, "0": False, "true": True, "false": False, "是": True, "否": False}
_TYPES: dict[str, ColumnType] = {t: t for t in ("text", "number", "date", "yes_no")}
_SQL_TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "number": "DECIMAL({digits},{scale})",
    "date": "DATE",
    "yes_no": "BOOLEAN",
}
_WRITE: dict[ColumnType, Callable[[Column, Any], str]] = {
    "text": lambda _, cell: str(cell),
    "number": _decimal_text,
    "date": lambda _, cell: str(cell.isoformat()),
    "yes_no": lambda _, cell: "1" if cell else "0",
}
_READ: dict[ColumnType, Callable[[Column, str], Cell]] = {
    "text": lambda _, text: text,
    "number": _decimal_cell,
    "date": lambda _, text: dt.date.fromisoformat(text),
    "yes_no": _yes_no,
}
