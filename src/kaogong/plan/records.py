"""Figures over a subject's child records: `count_of`, `sum_of` and their family, with three values.

A record for which the condition is unknown makes the answer unknown unless it cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from kaogong.language.expression import OfSubject, OverRecords, walk
from kaogong.language.fact import Fact
from kaogong.plan import sql
from kaogong.plan.frame import Frame
from kaogong.plan.lower import Lowerer, value_unit
from kaogong.plan.number import Number, rounded
from kaogong.plan.source import SUBJECT, Tables, table_name, whole_units
from kaogong.plan.sql import Node, column

CHILD = "child"
OWNER = "owner"


@dataclass(slots=True)
class _ChildFrame(Frame):
    """A frame whose stored columns are those of one child record."""

    def stored(self, fact: Fact, when: object, path: tuple[Fact, ...]) -> Node:
        """Return the column of the record itself, in whole units."""
        return whole_units(column(fact.id, CHILD), fact)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Per record: whether the condition holds, the value, and the order."""

    truth: Node
    value: Node | None
    order: list[Node]


def record_figure(
    node: OverRecords, frame: Frame, tables: Tables, facts: str
) -> exp.Select:
    """Return one row a subject with records: its key and the figure, named `figure`."""
    parts, uses_owner = _parts(node, frame)
    key = column(tables.key(node.register), CHILD)
    child = sql.table(table_name(node.register), CHILD)
    inside = exp.Select(
        expressions=[
            sql.alias(key, SUBJECT),
            sql.alias(parts.truth, "truth"),
            sql.alias(parts.value if parts.value is not None else sql.integer(1), "value"),
            sql.alias(_latest(key, parts), "place"),
        ]
    ).from_(child)
    if uses_owner:
        on = sql.binary("=", column(SUBJECT, OWNER), key)
        inside = inside.join(sql.table(facts, OWNER), on=on, join_type="inner")
    grouped = sql.subquery(inside, "records")
    return (
        exp.Select(
            expressions=[
                sql.alias(column(SUBJECT), SUBJECT),
                sql.alias(_FIGURES[node.function](node), "figure"),
            ]
        )
        .from_(grouped)
        .group_by(column(SUBJECT))
    )


def when_none(node: OverRecords, figure: Node) -> Node:
    """Return the figure, or what it is for a subject without records."""
    empty = {
        "count_of": sql.integer(0), "distinct_of": sql.integer(0), "sum_of": sql.integer(0),
        "any_of": sql.boolean(False),
    }.get(node.function)  # fmt: skip
    if empty is None:
        return figure
    there = sql.is_known(column(SUBJECT, figure.args["table"].name))
    return sql.case([(there, figure)], empty)


def _parts(node: OverRecords, frame: Frame) -> tuple[_Parts, bool]:
    subject = Lowerer(replace(frame, table=OWNER), when=node.when)
    inside = _ChildFrame(frame.instant, node.register, frame.optimistic, table=CHILD)
    lowerer = Lowerer(inside, owner=subject, when=node.when)
    truth = lowerer.node(node.condition)
    value: Node | None = None
    if node.value is not None:
        made = lowerer.lower(node.value)
        value = rounded(made, value_unit(node)).top if isinstance(made, Number) else made
    order: list[Node] = []
    for fact in node.order:
        order.append(column(fact.id, CHILD))
    uses = any(isinstance(n, OfSubject) for e in (node.condition, node.value) if e for n in walk(e))
    return _Parts(truth, value, order), uses


def _latest(key: Node, parts: _Parts) -> Node:
    """Return a record's place among those of its subject not ruled out, latest first."""
    if not parts.order:
        return sql.integer(1)
    ruled_out = sql.case([(sql.negate(parts.truth), sql.integer(1))], sql.integer(0))
    keys = [exp.Ordered(this=ruled_out, nulls_first=False)]
    keys += [exp.Ordered(this=o, desc=True, nulls_first=False) for o in parts.order]
    return exp.Window(
        this=exp.RowNumber(), partition_by=[key], order=exp.Order(expressions=keys)
    )


def _count(condition: Node) -> Node:
    return exp.Count(this=sql.case([(condition, sql.integer(1))]))


_TRUTH, _VALUE = column("truth"), column("value")
_UNSURE = sql.is_null(_TRUTH)


def _any(node: OverRecords) -> Node:
    there = sql.binary(">", _count(_TRUTH), sql.integer(0))
    unsure = sql.binary(">", _count(_UNSURE), sql.integer(0))
    return sql.case([(there, sql.boolean(True)), (unsure, sql.null("yes_no"))], sql.boolean(False))


def _unless(matters: Node, figure: Node, kind: str) -> Node:
    return sql.case([(sql.binary(">", _count(matters), sql.integer(0)), sql.null(kind))], figure)


def _count_of(node: OverRecords) -> Node:
    return _unless(_UNSURE, _count(_TRUTH), "number")


def _distinct(node: OverRecords) -> Node:
    listed = exp.Count(this=exp.Distinct(expressions=[sql.case([(_TRUTH, _VALUE)])]))
    gap = sql.every([_TRUTH, sql.is_null(_VALUE)])
    return _unless(sql.some([_UNSURE, gap]), listed, "number")


def _sum(node: OverRecords) -> Node:
    matters = sql.some([sql.is_null(_VALUE), sql.binary("<>", _VALUE, sql.integer(0))])
    gap = sql.some([sql.every([_TRUTH, sql.is_null(_VALUE)]), sql.every([_UNSURE, matters])])
    total = sql.coalesce([exp.Sum(this=sql.case([(_TRUTH, _VALUE)])), sql.integer(0)])
    return _unless(gap, sql.cast(total, "bigint"), "number")


def _extreme(function: type[exp.AggFunc], sign: str) -> Callable[[OverRecords], Node]:
    def build(node: OverRecords) -> Node:
        kind = node.kind.name
        best = function(this=sql.case([(_TRUTH, _VALUE)]))
        unsure = function(this=sql.case([(_UNSURE, _VALUE)]))
        gap = sql.every([sql.some([_TRUTH, _UNSURE]), sql.is_null(_VALUE)])
        beaten = sql.coalesce([sql.binary(sign, unsure, best), sql.is_known(unsure)])
        made = sql.case([(sql.is_true(beaten), sql.null(kind))], best)
        return _unless(gap, made, kind)

    return build


def _latest_of(node: OverRecords) -> Node:
    first = sql.every([sql.binary("=", column("place"), sql.integer(1)), _TRUTH])
    return exp.Max(this=sql.case([(first, _VALUE)]))


_FIGURES: Mapping[str, Callable[[OverRecords], Node]] = {
    "count_of": _count_of,
    "any_of": _any,
    "distinct_of": _distinct,
    "sum_of": _sum,
    "max_of": _extreme(exp.Max, ">"),
    "min_of": _extreme(exp.Min, "<"),
    "latest_of": _latest_of,
}
