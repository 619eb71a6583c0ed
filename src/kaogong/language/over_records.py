"""Figures over the records of a child register, in three values.

A record that does not meet the condition is left out. One for which the condition is unknown makes
the figure unknown unless it could not change it whichever way it is settled. One that counts with
an unknown value makes every figure of values unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from kaogong.language.expression import NOW, OverRecords, Plain, Read, RecordFunction
from kaogong.language.frame import Ask, Frame, Steps
from kaogong.language.value import (
    Place,
    Unknown,
    Value,
    any_of,
    ordered,
    place,
    united,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A record that meets the condition, or may."""

    condition: Value  # true or unknown
    value: Value = True
    order: tuple[Value, ...] = ()  # of `latest_of`
    key: tuple[Place, ...] | None = None  # the order as it compares; None: unknown

    @property
    def is_sure(self) -> bool:
        """Tell whether the record counts for certain."""
        return self.condition is True


Rows = Sequence[Row]


def over_records(node: OverRecords, frame: Frame) -> Steps[Value]:
    """Yield condition and value of each record, and return the figure over them."""
    seen = frame.seen(node.when)
    if seen is None:
        return Unknown("not_applicable", frozenset({node.register}))
    rows: list[Row] = []
    for record in frame.subject.records(node.register):
        inside = seen.record(record)
        condition = yield Ask(node.condition, inside)
        if condition is False:
            continue
        value: Value = True
        if node.value is not None:
            asked = yield Ask(node.value, inside)
            value = ordered(asked, node.kind, node.value)
        rows.append((yield from _placed(node, condition, value, inside)))
    return _FIGURES[node.function](node, rows)


def _placed(node: OverRecords, condition: Value, value: Value, inside: Frame) -> Steps[Row]:
    """Yield the facts that say which record is the latest, and return the record with them."""
    if node.function != "latest_of":
        return Row(condition, value)
    order: list[Value] = []
    for fact in node.order:
        read = Read(fact, NOW, node.span)
        asked = yield Ask(read, inside)
        order.append(ordered(asked, fact.kind, read))
    if united(order):
        return Row(condition, value, tuple(order))
    pairs = zip(cast("list[Plain]", order), node.order, strict=True)
    return Row(condition, value, tuple(order), tuple(place(x, fact.kind) for x, fact in pairs))


def _count(_node: OverRecords, rows: Rows) -> Value:
    return united(row.condition for row in rows) or Fraction(len(rows))


def _any(_node: OverRecords, rows: Rows) -> Value:
    return any_of(row.condition for row in rows)


def _distinct(_node: OverRecords, rows: Rows) -> Value:
    values = _sure_values(rows)
    return _doubt(rows, lambda value: value in values) or Fraction(len(values))


def _sum(_node: OverRecords, rows: Rows) -> Value:
    numbers = [row.value for row in rows if row.is_sure and isinstance(row.value, Fraction)]
    return _doubt(rows, lambda value: value == 0) or sum(numbers, Fraction(0))


def _extreme(sign: int) -> Callable[[OverRecords, Rows], Value]:
    """Return `max_of` for 1 and `min_of` for -1."""

    def figure(node: OverRecords, rows: Rows) -> Value:
        def size(value: Plain) -> Place:
            return place(value, node.kind)

        values = _sure_values(rows)
        best = (max if sign > 0 else min)(values, key=size, default=None)

        def is_beaten(value: Plain) -> bool:
            if best is None:
                return False
            return size(value) <= size(best) if sign > 0 else size(value) >= size(best)

        return _doubt(rows, is_beaten) or _or_none(node, best)

    return figure


def _latest(node: OverRecords, rows: Rows) -> Value:
    """Return the value of the latest record; records on a par must agree."""
    undated = [each for row in rows if row.key is None for each in row.order]
    if undated and len(rows) > 1:
        return united([*undated, *(row.condition for row in rows)]) or _none(node)
    sure = [row.key or () for row in rows if row.is_sure]
    latest = max(sure, default=())
    on_top = [row for row in rows if (row.key or ()) >= latest]
    doubt = united(row.condition for row in on_top)
    values = {row.value for row in on_top}
    if doubt is not None:
        return doubt
    return values.pop() if len(values) == 1 else _none(node)


def _sure_values(rows: Rows) -> set[Plain]:
    return {row.value for row in rows if row.is_sure and not isinstance(row.value, Unknown)}


def _doubt(rows: Rows, cannot_matter: Callable[[Plain], bool]) -> Unknown | None:
    """Return the unknown that the records make, or None where none of them matters."""
    mattering = [
        row
        for row in rows
        if row.is_sure or isinstance(row.value, Unknown) or not cannot_matter(row.value)
    ]
    return united(each for row in mattering for each in (row.condition, row.value))


def _or_none(node: OverRecords, value: Plain | None) -> Value:
    return _none(node) if value is None else value


def _none(node: OverRecords) -> Unknown:
    return Unknown("not_reported", frozenset({node.register}))


_FIGURES: Mapping[RecordFunction, Callable[[OverRecords, Rows], Value]] = {
    "count_of": _count,
    "any_of": _any,
    "distinct_of": _distinct,
    "sum_of": _sum,
    "max_of": _extreme(1),
    "min_of": _extreme(-1),
    "latest_of": _latest,
}
