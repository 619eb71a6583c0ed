"""Limits over several clauses of one row: only the highest, or in written order up to a cap.

A clause whose outcome nobody knows may still take its place; where that could change what another
comes to, the other is unknown, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.plan import sql
from kaogong.plan.policy.items import ClauseColumns, cap_column
from kaogong.plan.policy.owed import ENTITLED, NOT_ENTITLED
from kaogong.plan.sql import Node, column
from kaogong.programme.policy_rules import LimitRule


def limited(
    clauses: Sequence[ClauseColumns], limits: Sequence[LimitRule], source: str
) -> exp.Select:
    """Return the rows with the amount after the limits."""
    by_id: Mapping[str, ClauseColumns] = {c.rule.id: c for c in clauses}
    held = {id: limit for limit in limits for id in limit.clauses}
    made: list[Node] = []
    for clause in clauses:
        limit = held.get(clause.rule.id)
        after = clause.at("after_cap")
        if limit is not None:
            after = _after(clause, limit, [by_id[id] for id in limit.clauses])
        made.append(clause.named(after, "after_limit"))
    return exp.Select(expressions=[exp.Star(), *made]).from_(sql.table(source), copy=False)


def _after(clause: ClauseColumns, limit: LimitRule, members: Sequence[ClauseColumns]) -> Node:
    place = members.index(clause)
    others = [(n < place, other) for n, other in enumerate(members) if n != place]
    if isinstance(limit.share, Open):
        return _if_alone(clause, [other for _, other in others])
    if limit.share == "highest":
        return _highest(clause, others)
    if limit.share == "in_order":
        return _in_order(clause, members[:place], column(cap_column(limit)))
    return clause.at("after_cap")


def _is_sure(clause: ClauseColumns) -> Node:
    return sql.binary("=", clause.at("outcome"), sql.text(ENTITLED))


def _is_doubtful(clause: ClauseColumns) -> Node:
    return sql.negate(sql.member(clause.at("outcome"), (ENTITLED, NOT_ENTITLED)))


def _if_alone(clause: ClauseColumns, others: Sequence[ClauseColumns]) -> Node:
    """Return the amount where no other clause is in question; nobody knows who gives way."""
    out = [sql.binary("=", o.at("outcome"), sql.text(NOT_ENTITLED)) for o in others]
    return sql.case([(sql.every(out), clause.at("after_cap"))], sql.null("number"))


def _highest(clause: ClauseColumns, others: Sequence[tuple[bool, ClauseColumns]]) -> Node:
    own = clause.at("after_cap")
    beaten, threatened = [], []
    for is_before, other in others:
        sign = ">=" if is_before else ">"  # of equals the one written first is paid
        more = sql.binary(sign, other.at("might"), own.copy())
        unknown = sql.is_null(other.at("might"))
        beaten.append(sql.every([_is_sure(other), sql.is_true(more)]))
        open_amount = sql.every([_is_sure(other), unknown])
        may = sql.every([_is_doubtful(other), sql.some([unknown.copy(), more.copy()])])
        threatened.append(sql.some([open_amount, may]))
    return sql.case(
        [
            (sql.is_null(own.copy()), sql.null("number")),
            (sql.some(beaten), sql.integer(0)),
            (sql.is_true(sql.some(threatened)), sql.null("number")),
        ],
        own,
    )


def _in_order(clause: ClauseColumns, before: Sequence[ClauseColumns], cap: Node) -> Node:
    """Return what is left of the cap after the clauses written before, whatever is doubtful."""
    own = clause.at("after_cap")
    sure: Node = sql.integer(0)
    most: Node = sql.integer(0)
    for other in before:
        paid = sql.case([(_is_sure(other), other.at("after_cap"))], sql.integer(0))
        may = sql.case(
            [(sql.binary("=", other.at("outcome"), sql.text(NOT_ENTITLED)), sql.integer(0))],
            other.at("might"),
        )
        sure = sql.binary("+", sure, paid)
        most = sql.binary("+", most, may)
    best, worst = (_left(own, sql.binary("-", cap.copy(), taken)) for taken in (sure, most))
    return sql.case([(sql.binary("=", best, worst), best.copy())], sql.null("number"))


def _left(own: Node, left: Node) -> Node:
    known = sql.every([sql.is_known(own.copy()), sql.is_known(left.copy())])
    room = sql.call("greatest", sql.call("least", own.copy(), left), sql.integer(0))
    return sql.case([(known, room)], sql.null("number"))
