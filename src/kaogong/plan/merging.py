"""Several subjects scored as one: the members of a parcel, say, added up to a unit (permu:E06).

The unit goes by the number of its largest member: by the base of the scheme's first line, then by
key. Flows and stocks add and are unknown where a member's is; codes, dates and yes or no are the
largest member's. The records of one member are records of the unit: a figure over them is made of
all of them at once, so that what happened to one holds for all and a value of two counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from kaogong.language.fact import Fact
from kaogong.plan import sql
from kaogong.plan.frame import Frame
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column

UNIT, MEMBERS = "kg_unit", "kg_members"
SCORED_AS = "kg_scored_as"  # once, or as one with others (merged) beside alone
ONCE, MERGED, ALONE = "once", "merged", "alone"
ADDED = ("flow", "stock")


@dataclass(frozen=True, slots=True)
class Merge:
    """What makes a unit of several subjects, lowered against the table of single subjects."""

    by: Node  # subjects with the same value belong together; unknown: alone
    keep_apart: Node | None
    size: Node | None  # whole units of the base that says who is largest
    also_alone: bool = False  # members stand beside their unit, each by itself


def units(merge: Merge, alone: str) -> exp.Select:
    """Return each subject with its unit and the number of the unit's members."""
    together = sql.is_known(merge.by)
    if merge.keep_apart is not None:
        together = sql.every([together, sql.negate(sql.is_true(merge.keep_apart))])
    size = merge.size if merge.size is not None else sql.integer(0)
    sized = exp.Select(
        expressions=[
            column(SUBJECT),
            sql.alias(merge.by, "kg_by"),
            sql.alias(together, "kg_together"),
            sql.alias(size, "kg_size"),
        ]
    ).from_(sql.table(alone), copy=False)
    partition = [column("kg_by"), column("kg_together")]
    order = exp.Order(
        expressions=[
            exp.Ordered(this=column("kg_size"), desc=True, nulls_first=False),
            exp.Ordered(this=column(SUBJECT), nulls_first=False),
        ]
    )
    largest = exp.Window(
        this=exp.FirstValue(this=column(SUBJECT)), partition_by=partition, order=order
    )
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[n.copy() for n in partition])
    return exp.Select(
        expressions=[
            column(SUBJECT),
            sql.alias(sql.case([(column("kg_together"), largest)], column(SUBJECT)), UNIT),
            sql.alias(sql.case([(column("kg_together"), count)], sql.integer(1)), MEMBERS),
        ]
    ).from_(sql.subquery(sized, "sized"), copy=False)


def merged(frame: Frame, alone: str, units_table: str) -> exp.Select:
    """Return one row a unit with every stored column."""
    columns = [sql.alias(column(UNIT, "units"), SUBJECT)]
    columns += [sql.alias(node, name) for name, node in _columns(frame)]
    on = sql.binary("=", column(SUBJECT, "units"), column(SUBJECT, "alone"))
    return (
        exp.Select(expressions=columns)
        .from_(sql.table(alone, "alone"), copy=False)
        .join(sql.table(units_table, "units"), on=on, copy=False)
        .group_by(column(UNIT, "units"), copy=False)
    )


def twice(whole: exp.Select, frame: Frame, alone: str, units_table: str) -> exp.Select:
    """Return the units and, beside those of several members, each member by itself (permu:E07)."""
    names = [SUBJECT, *(r.name for r in frame.requests), *frame.records, *frame.computed]
    count = sql.binary(">", column(MEMBERS, "units"), sql.integer(1))
    as_unit = sql.case([(count, sql.text(MERGED))], sql.text(ONCE))
    on = sql.binary("=", column(SUBJECT, "units"), column(SUBJECT, "scored"))

    def rows(of: Node, scored_as: Node) -> exp.Select:
        made = [sql.alias(column(name, "scored"), name) for name in names]
        return (
            exp.Select(expressions=[*made, sql.alias(scored_as, SCORED_AS)])
            .from_(of, copy=False)
            .join(sql.table(units_table, "units"), on=on.copy(), copy=False)
        )

    by_itself = rows(sql.table(alone, "scored"), sql.text(ALONE)).where(count.copy(), copy=False)
    both = exp.Union(
        this=rows(sql.subquery(whole, "scored"), as_unit), expression=by_itself, distinct=False
    )
    whole_alias = exp.TableAlias(this=exp.to_identifier("both"))
    return exp.Select(expressions=[exp.Star()]).from_(
        exp.Subquery(this=both, alias=whole_alias), copy=False
    )


def counts_once() -> Node:
    """Return whether a row counts where many are looked at: a member beside its unit does not."""
    return sql.binary("<>", column(SCORED_AS), sql.text(ALONE))


def _columns(frame: Frame) -> Iterator[tuple[str, Node]]:
    for request, fact in frame.requests.items():
        node = column(request.name, "alone")
        yield request.name, _fact(node, fact)
    for _, name in frame.inherited:
        yield name, _of_largest(column(name, "alone"))


def _fact(node: Node, fact: Fact) -> Node:
    if fact.kind.name == "number" and fact.nature in ADDED:
        return _sum(node)
    return _of_largest(node)


def _sum(node: Node) -> Node:
    known = sql.binary("=", exp.Count(this=node), exp.Count(this=exp.Star()))
    return sql.case([(known, sql.cast(exp.Sum(this=node.copy()), "bigint"))])


def _of_largest(node: Node) -> Node:
    is_largest = sql.binary("=", column(SUBJECT, "alone"), column(UNIT, "units"))
    return exp.Max(this=sql.case([(is_largest, node)]))
