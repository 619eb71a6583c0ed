"""Figures over a subject's child records: `count_of`, `sum_of` and their family, with three values.

A record for which the condition is unknown makes the answer unknown unless it cannot matter.
Numbers add up in whole units of their own exact factor, so nothing is rounded before the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from kaogong.language.expression import OfSubject, OverRecords, walk
from kaogong.plan import sql
from kaogong.plan.frame import Frame
from kaogong.plan.lower import CHILD, MOST_RECORDS, OWNER, Lowerer, placed
from kaogong.plan.merging import UNIT
from kaogong.plan.number import Number
from kaogong.plan.source import SUBJECT, RecordSource, Tables
from kaogong.plan.sql import Node, column


@dataclass(frozen=True, slots=True)
class _Parts:
    """Per record: whether the condition holds, the value, and the order."""

    truth: Node
    value: Node
    order: list[Node]


def record_figure(
    node: OverRecords, frame: Frame, tables: Tables, facts: str, units: str | None = None
) -> exp.Select:
    """Return one row a subject with records: its key and the figure, named `figure`.

    With a table of units the records of all members are those of their unit, and `facts` its own.
    """
    lowerer = Lowerer(frame).of_record(node)
    parts = _parts(node, lowerer)
    records = sql.subquery(RecordSource(lowerer.frame, tables).query(), CHILD)
    key = column(SUBJECT, CHILD) if units is None else column(UNIT, "units")
    inside = exp.Select(
        expressions=[
            sql.alias(key, SUBJECT),
            sql.alias(parts.truth, "truth"),
            sql.alias(parts.value, "value"),
            *_latest_columns(parts, key),
        ]
    ).from_(records, copy=False)
    if units is not None:
        mine = sql.binary("=", column(SUBJECT, "units"), column(SUBJECT, CHILD))
        inside = inside.join(sql.table(units, "units"), on=mine, copy=False)
    if _uses_owner(node):
        on = sql.binary("=", column(SUBJECT, OWNER), key.copy())
        inside = inside.join(sql.table(facts, OWNER), on=on, join_type="inner", copy=False)
    return (
        exp.Select(
            expressions=[
                sql.alias(column(SUBJECT), SUBJECT),
                sql.alias(_FIGURES[node.function](node), "figure"),
            ]
        )
        .from_(sql.subquery(inside, "records"), copy=False)
        .group_by(column(SUBJECT), copy=False)
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


def _uses_owner(node: OverRecords) -> bool:
    return any(isinstance(n, OfSubject) for e in (node.condition, node.value) if e for n in walk(e))


def _parts(node: OverRecords, lowerer: Lowerer) -> _Parts:
    truth = lowerer.plain(node.condition, "yes_no")
    value: Node = sql.integer(1)
    if node.value is not None:
        made = lowerer.lower(node.value)
        value = _value(node, made)
    order: list[Node] = []
    if node.function == "latest_of":
        for fact in node.order:
            read = lowerer.frame.stored(fact, node.when, ())
            order.append(placed(read, fact.kind.order) if fact.kind.order else read)
    return _Parts(truth, value, order)


def _value(node: OverRecords, made: Number | Node) -> Node:
    """Return a record's value; a code of an ordered vocabulary as its place where sizes compare."""
    if isinstance(made, Number):
        if node.function != "sum_of":
            return made.top
        return sql.cast(made.top, sql.width_of(made.most * MOST_RECORDS) or "hugeint")
    order = node.kind.order
    if not order:
        return made
    if node.function in ("max_of", "min_of"):
        return placed(made, order)
    return sql.case([(sql.member(made, order), made)], sql.null("code"))


def _latest_columns(parts: _Parts, key: Node) -> list[Node]:
    """Return a record's place among those of its subject not ruled out, and whether it has none."""
    if not parts.order:
        return []
    ruled_out = sql.is_true(sql.negate(parts.truth))
    keys = [exp.Ordered(this=ruled_out, nulls_first=False)]
    keys += [exp.Ordered(this=o, desc=True, nulls_first=False) for o in parts.order]
    place = exp.Window(
        this=exp.Anonymous(this="rank"), partition_by=[key.copy()],
        order=exp.Order(expressions=keys),
    )  # fmt: skip
    undated = sql.some([sql.is_null(o) for o in parts.order])
    return [
        sql.alias(place, "place"),
        sql.alias(sql.every([undated, sql.negate(ruled_out)]), "undated"),
    ]


def _count(condition: Node) -> Node:
    return exp.Count(this=sql.case([(condition, sql.integer(1))]))


_TRUTH, _VALUE = column("truth"), column("value")
_UNSURE = sql.is_null(_TRUTH)
_MAYBE = sql.coalesce([_TRUTH, sql.boolean(True)])


def _any(_: OverRecords) -> Node:
    there = sql.binary(">", _count(_TRUTH), sql.integer(0))
    unsure = sql.binary(">", _count(_UNSURE), sql.integer(0))
    return sql.case([(there, sql.boolean(True)), (unsure, sql.null("yes_no"))], sql.boolean(False))


def _unless(matters: Node, figure: Node, kind: str) -> Node:
    return sql.case([(sql.binary(">", _count(matters), sql.integer(0)), sql.null(kind))], figure)


def _count_of(_: OverRecords) -> Node:
    return _unless(_UNSURE, _count(_TRUTH), "number")


def _distinct(_: OverRecords) -> Node:
    """Count values; a record that may count does not matter where a sure one has its value."""
    sure, maybe = (
        exp.Count(this=exp.Distinct(expressions=[sql.case([(test, _VALUE)])]))
        for test in (_TRUTH, _MAYBE)
    )
    agreed = sql.case([(sql.binary("=", sure, maybe), sure.copy())], sql.null("number"))
    return _unless(sql.every([_MAYBE, sql.is_null(_VALUE)]), agreed, "number")


def _sum(_: OverRecords) -> Node:
    matters = sql.some([sql.is_null(_VALUE), sql.binary("<>", _VALUE, sql.integer(0))])
    gap = sql.some([sql.every([_TRUTH, sql.is_null(_VALUE)]), sql.every([_UNSURE, matters])])
    total = sql.coalesce([exp.Sum(this=sql.case([(_TRUTH, _VALUE)])), sql.integer(0)])
    return _unless(gap, total, "number")


def _extreme(function: type[exp.AggFunc], sign: str) -> Callable[[OverRecords], Node]:
    def build(node: OverRecords) -> Node:
        kind, order = node.kind.name, node.kind.order
        best = function(this=sql.case([(_TRUTH, _VALUE)]))
        unsure = function(this=sql.case([(_UNSURE, _VALUE)]))
        gap = sql.every([_MAYBE, sql.is_null(_VALUE)])
        beaten = sql.coalesce([sql.binary(sign, unsure, best), sql.is_known(unsure)])
        shown = _code(best, order) if order else best
        made = sql.case([(sql.is_true(beaten), sql.null(kind))], shown)
        return _unless(gap, made, kind)

    return build


def _code(place: Node, order: tuple[str, ...]) -> Node:
    """Return the code at a place of its vocabulary's order."""
    rows = [(sql.binary("=", place, sql.integer(n)), sql.text(c)) for n, c in enumerate(order)]
    return sql.case(rows, sql.null("code"))


def _latest_of(node: OverRecords) -> Node:
    """Return the latest value; records on a par must agree, and each must have its order."""
    kind = node.kind.name
    zero = sql.integer(0)
    first = sql.every([sql.binary("=", column("place"), sql.integer(1)), _MAYBE])
    of_first = sql.case([(first, _VALUE)])
    several = sql.binary(">", _count(_MAYBE), sql.integer(1))
    lost = sql.every([sql.binary(">", _count(column("undated")), zero), several])
    unsure = sql.binary(">", _count(sql.every([first, _UNSURE])), zero)
    values = exp.Count(this=exp.Distinct(expressions=[of_first.copy()]))
    differ = sql.binary(">", values, sql.integer(1))
    gap = sql.binary(">", _count(sql.every([first, sql.is_null(_VALUE)])), zero)
    nobody = sql.null(kind)
    return sql.case([(sql.some([lost, unsure, differ, gap]), nobody)], exp.Max(this=of_first))


_FIGURES: Mapping[str, Callable[[OverRecords], Node]] = {
    "count_of": _count_of,
    "any_of": _any,
    "distinct_of": _distinct,
    "sum_of": _sum,
    "max_of": _extreme(exp.Max, ">"),
    "min_of": _extreme(exp.Min, "<"),
    "latest_of": _latest_of,
}
