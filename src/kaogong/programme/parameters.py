"""Parameters: dated numbers, tables by code, named sets of codes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kaogong.kinds.head import Parameter
from kaogong.kinds.parts import OpenSlot, read_open, read_value
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
from kaogong.language.period import read_period
from kaogong.language.scope import CodeList, Named, Scope
from kaogong.language.span import Block, Span, Text
from kaogong.language.unify import kind_of, unified
from kaogong.programme.names import unit_of
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
    if parameter.by is not None:
        return _table(name, parameter, scope, place, slot)
    if slot is not None:
        return open_slot(slot, place)
    return _dated(parameter, scope, place)


def _code_list(name: str, parameter: Parameter, scope: Scope) -> CodeList:
    vocabulary = str(parameter.codes or "")
    known = scope.vocabularies.get(vocabulary)
    for code in parameter.list or ():
        if known is not None and known.find(str(code)) is None:
            raise refuse("KG205", code.span, code=code, vocabulary=vocabulary, date="—")
    return CodeList(name, vocabulary, tuple(str(c) for c in parameter.list or ()))


def _table(
    name: str, parameter: Parameter, scope: Scope, place: str, slot: OpenSlot | None
) -> Table:
    kind = OPEN if parameter.unit is None else Kind("number", unit_of(parameter.unit))
    if slot is not None:
        return Table(name, {"zh": name, "en": name}, {}, kind, parameter.span)
    entries: dict[tuple[str, ...], Expression] = {}
    assert parameter.values is not None
    width = len(parameter.by or ())
    _collect(parameter.values, (), width, entries, parameter, scope, place)
    values = unified(list(entries.values()), parameter.span)
    made = dict(zip(entries, values, strict=True))
    return Table(name, {"zh": name, "en": name}, made, kind_of(values), parameter.span)


def _collect(
    block: Block, keys: tuple[str, ...], width: int, entries: dict[tuple[str, ...], Expression],
    parameter: Parameter, scope: Scope, place: str,
) -> None:  # fmt: skip
    for key, node in block.items():
        path = (*keys, key)
        if len(path) < width and isinstance(node, Block):
            _collect(node, path, width, entries, parameter, scope, place)
        else:
            entries[path] = _entry(node, parameter, scope, f"{place}.{'.'.join(path)}")


def _entry(node: object, parameter: Parameter, scope: Scope, place: str) -> Expression:
    """Return one entry; without a unit of its own it is in the parameter's unit."""
    made = _text_or_value(node, scope, place)
    if parameter.unit is None or not isinstance(made, Constant) or not made.kind.bare:
        return made
    unit = unit_of(parameter.unit)
    assert isinstance(made.value, Fraction)
    return Constant(made.value * unit.factor, Kind("number", unit), made.span)


def _text_or_value(node: object, scope: Scope, place: str) -> Expression:
    """A bare word in a table is a code, not a name."""
    if isinstance(node, Text) and node[:1].isalpha() and "(" not in node:

        return Constant(str(node), TEXT, node.span)
    return value_of(read_value(node), scope, place)


def _dated(parameter: Parameter, scope: Scope, place: str) -> Expression:
    """Return the last number that began on or before the start of the period."""
    assert parameter.values is not None
    rows: list[tuple[date, Expression, Span]] = []
    for key, node in parameter.values.items():
        span = parameter.values.keys_at[key]
        rows.append((_begins(Text(key, span)), _entry(node, parameter, scope, f"{place}.{key}"), span))
    rows.sort(key=lambda row: row[0], reverse=True)
    values = unified([value for _, value, _ in rows], parameter.span)
    start = DateWord("period_start", parameter.span)
    branches = tuple(
        (Compare(">=", start, Constant(begins, DATE, span), span), value)
        for (begins, _, span), value in zip(rows, values, strict=True)
    )
    return Choose(branches, None, True, kind_of(values), parameter.span)


def _begins(key: Text) -> date:
    try:
        return read_period(str(key)).start
    except ValueError:
        raise refuse("KG822", key.span, value=key) from None


