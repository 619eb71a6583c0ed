"""Tables of arrays to one file a register, through DuckDB, in the order they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import duckdb
import numpy as np
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression
from duckdb.sqltypes import DuckDBPyType
from numpy.typing import NDArray

from kaogong.data.synth.city import MARK
from kaogong.data.synth.layout import LAYOUT, Field
from kaogong.data.synth.table import Column, Joined, Number, Same, Table, Texts, Units, Words
from kaogong.data.synth.years import MISSING

Format = Literal["parquet", "csv"]
_DIGITS = 18
_COPY: Mapping[Format, str] = {
    "parquet": "COPY made TO $file (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, "
    f"COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880, KV_METADATA {{synthetic: '{MARK}'}})",
    "csv": "COPY made TO $file (FORMAT csv, HEADER)",
}
_TEXT, _FLAG, _WHOLE = (duckdb.type(name) for name in ("VARCHAR", "BOOLEAN", "BIGINT"))
_DAYS, _EPOCH = duckdb.type("INTEGER"), ConstantExpression(date(1970, 1, 1))


@dataclass(slots=True)
class _Sources:
    """The arrays one statement reads, each under a name of its own."""

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)

    def add(self, values: NDArray[Any]) -> Expression:
        name = f"c{len(self.arrays)}"
        self.arrays[name] = values
        return ColumnExpression(name)


class Writer:
    """Collects the tables of each register and writes its file when told that it is whole."""

    def __init__(self, out: Path, form: Format = "parquet") -> None:
        self._out, self._form = out, form
        self._engine = duckdb.connect()
        self.rows: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.close()

    def add(self, register: str, table: Table) -> None:
        """Append the rows of a table to a register."""
        made = self._relation(register, table)
        if register in self.rows:
            made.insert_into(f"kept_{register}")
        else:
            made.create(f"kept_{register}")
        self._engine.unregister("drawn")
        self.rows[register] = self._engine.table(f"kept_{register}").shape[0]

    def finish(self, registers: Iterable[str]) -> None:
        """Write the file of each register, of an empty one too."""
        for register in registers:
            if register not in self.rows:
                self.add(register, {})
            self._engine.table(f"kept_{register}").create_view("made", replace=True)
            path = self._out / f"{register}.{self._form}"
            self._engine.execute(_COPY[self._form], {"file": str(path)})

    def read(self, register: str, columns: Iterable[str]) -> dict[str, list[object]]:
        """Return columns of a register as lists, in the order of its rows."""
        names = list(columns)
        relation = self._engine.table(f"kept_{register}").select(*map(ColumnExpression, names))
        rows = relation.fetchall()
        return {name: [row[n] for row in rows] for n, name in enumerate(names)}

    def _relation(self, register: str, table: Table) -> duckdb.DuckDBPyRelation:
        sources = _Sources({"row": np.zeros(_length(table), dtype=np.int8)})
        shown = [
            _typed(table.get(name, Same(None)), kind, sources).alias(name)
            for name, kind in LAYOUT[register].items()
        ]
        self._engine.register("drawn", sources.arrays)
        return self._engine.view("drawn").select(*shown)


def _length(table: Table) -> int:
    for column in table.values():
        for part in column.parts if isinstance(column, Joined) else (column,):
            if not isinstance(part, Same | Joined):
                return len(part.values)
    return 0


def _typed(column: Column, kind: Field, sources: _Sources) -> Expression:
    """Return the column as the type its register declares."""
    if not isinstance(column, Units):
        return _spelt(column, sources).cast(_type(kind))
    units = _call("nullif", sources.add(column.values), ConstantExpression(MISSING))
    return _FROM_UNITS[kind.kind](units, kind)


def _type(kind: Field) -> DuckDBPyType:
    if kind.kind == "units":
        return duckdb.decimal_type(_DIGITS, kind.scale) if kind.scale else _WHOLE
    return {"date": duckdb.type("DATE"), "yes_no": _FLAG}.get(kind.kind, _TEXT)


def _number(units: Expression, kind: Field) -> Expression:
    if not kind.scale:
        return units
    whole = units.cast(duckdb.decimal_type(_DIGITS - kind.scale, 0))
    step = ConstantExpression(Decimal(1).scaleb(-kind.scale))
    step = step.cast(duckdb.decimal_type(kind.scale, kind.scale))
    return (whole * step).cast(_type(kind))


def _day(units: Expression, _: Field) -> Expression:
    return _call("add", _EPOCH, units.cast(_DAYS))


_FROM_UNITS: Mapping[str, Callable[[Expression, Field], Expression]] = {
    "units": _number,
    "date": _day,
    "yes_no": lambda units, _: units.cast(_FLAG),
    "text": lambda units, _: units.cast(_TEXT),
}


def _spelt(column: Column, sources: _Sources) -> Expression:
    """Return the column as text."""
    match column:
        case Joined(parts):
            whole, *rest = (_spelt(part, sources) for part in parts)
            for part in rest:
                whole = _call("||", whole, part)
            return whole
        case Words(values, words):
            # a list counts from its end below 0, so "no value" becomes place 0, which is empty
            listed = ConstantExpression(list(words))
            return _call("list_extract", listed, sources.add(values) + ConstantExpression(1))
        case Number():
            return _digits(column, sources)
        case Texts(values) | Units(values):
            return sources.add(values)
        case Same(text):
            return ConstantExpression(text)


def _digits(column: Number, sources: _Sources) -> Expression:
    known = _call("nullif", sources.add(column.values), ConstantExpression(-1))
    digits = known.cast(_TEXT)
    if column.width:
        digits = _call("lpad", digits, ConstantExpression(column.width), ConstantExpression("0"))
    return _call("||", ConstantExpression(column.prefix), digits)


def _call(function: str, *arguments: Expression) -> Expression:
    return FunctionExpression(function, *arguments)
