"""Parameters: dated numbers, tables by code, named sets of codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaogong.kinds.head import Parameter
from kaogong.kinds.parts import read_open, read_value
from kaogong.language.expression import (
    Choose,
    Compare,
    Constant,
    DateWord,
    Expression,
    Table,
)
from kaogong.language.finding import refuse
from kaogong.language.kind import DATE, OPEN, TEXT, Kind
from kaogong.language.period import NotAPeriod, read_period
from kaogong.language.scope import CodeList, Named, Scope
from kaogong.language.span import Block, Span, Text
from kaogong.language.unify import kind_of, unified
from kaogong.programme.fields import unit_of
from kaogong.programme.values import open_slot, value_of


def parameter_named(name: str, parameter: Parameter, scope: Scope, owner: str) -> Named:
    """Return what a parameter's name stands for in expressions."""
    place = f"{owner}.parameters.{name}"
    if parameter.value is not None:
        return value_of(parameter.value, scope, place)
    if parameter.list is not None:
        return _code_list(name, parameter, scope)
    if parameter.values is None:
        raise refuse("KG104", parameter.span, kind="parameter", id=name, key="values")
    slot = read_open(parameter.values)
    if slot is not None and parameter.by is None:
        return open_slot(slot, place)
    entries = _Entries(parameter, parameter.values, scope, place)
    if slot is not None:
        return Table(name, {"zh": name, "en": name}, {}, entries.kind, parameter.span)
    return entries.table(name) if parameter.by is not None else entries.dated()


def _code_list(name: str, parameter: Parameter, scope: Scope) -> CodeList:
    vocabulary = str(parameter.codes or "")
    known = scope.vocabularies.get(vocabulary)
    for code in parameter.list or ():
        if known is not None and known.find(str(code)) is None:
            raise refuse("KG205", code.span, code=code, vocabulary=vocabulary, date="—")
    return CodeList(name, vocabulary, tuple(str(c) for c in parameter.list or ()))


@dataclass(frozen=True, slots=True)
class _Entries:
    """The written entries of one parameter."""

    parameter: Parameter
    values: Block
    scope: Scope
    place: str

    @property
    def kind(self) -> Kind:
        """Return the kind that the parameter declares."""
        unit = self.parameter.unit
        return OPEN if unit is None else Kind("number", unit_of(unit))

    def table(self, name: str) -> Table:
        """Return the entries by their codes."""
        entries = dict(self._below(self.values, (), len(self.parameter.by or ())))
        values = unified(list(entries.values()), self.parameter.span)
        made = dict(zip(entries, values, strict=True))
        return Table(name, {"zh": name, "en": name}, made, kind_of(values), self.parameter.span)

    def _below(
        self, block: Block, keys: tuple[str, ...], width: int
    ) -> Iterator[tuple[tuple[str, ...], Expression]]:
        for key, node in block.items():
            path = (*keys, key)
            if len(path) < width and isinstance(node, Block) and read_open(node) is None:
                yield from self._below(node, path, width)
            else:
                yield path, self._entry(node, ".".join(path))

    def dated(self) -> Expression:
        """Return the last number that began on or before the start of the period."""
        rows = [(_begins(Text(k, self.values.keys_at[k])), k) for k in self.values]
        rows.sort(key=lambda row: row[0], reverse=True)
        values = unified([self._entry(self.values[k], k) for _, k in rows], self.parameter.span)
        start = DateWord("period_start", self.parameter.span)
        branches = tuple(
            (_since(start, begins, self.values.keys_at[key]), value)
            for (begins, key), value in zip(rows, values, strict=True)
        )
        return Choose(branches, None, True, kind_of(values), self.parameter.span)

    def _entry(self, node: object, address: str) -> Expression:
        """Return one entry; without a unit of its own it is in the parameter's unit."""
        made = self._written(node, f"{self.place}.{address}")
        unit = self.parameter.unit
        if unit is None or not isinstance(made, Constant) or not isinstance(made.value, Fraction):
            return made
        if not made.kind.bare:
            return made
        factor = unit_of(unit).factor
        return Constant(made.value * factor, Kind("number", unit_of(unit)), made.span)

    def _written(self, node: object, place: str) -> Expression:
        """Return a written entry; a bare word in a table is a code, not a name."""
        if isinstance(node, Text) and node[:1].isalpha() and "(" not in node:
            return Constant(str(node), TEXT, node.span)
        return value_of(read_value(node), self.scope, place)


def _since(start: DateWord, begins: date, span: Span) -> Expression:
    return Compare(">=", start, Constant(begins, DATE, span), span)


def _begins(key: Text) -> date:
    try:
        return read_period(str(key)).start
    except NotAPeriod:
        raise refuse("KG822", key.span, value=key) from None
