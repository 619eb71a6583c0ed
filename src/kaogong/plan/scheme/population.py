"""Who takes part, who leaves, and into which group everybody falls.

`unknown: hold` keeps an undecided subject on the list with state `held` and the reason; `apply`
takes the unknown for yes, `skip` for no.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from kaogong.language.expression import Expression, Open
from kaogong.plan import sql
from kaogong.plan.lower import Lowerer
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import LeaveRule, SchemeRules

TAKES, LEAVES, GROUP = "kg_takes", "kg_leaves", "kg_group"
UNDECIDED = -1


def population(
    rules: SchemeRules, source: str, lowerer: Lowerer, displaced_by: Sequence[SchemeRules]
) -> exp.Select:
    """Return everybody who is on the scheme's list: whether they take part, leave, which group."""
    takes = settled(_takes_part(rules, lowerer, displaced_by), rules.unknown)
    inside = exp.Select(
        expressions=[
            exp.Star(),
            sql.alias(takes, TAKES),
            sql.alias(_leaves(rules, lowerer), LEAVES),
            sql.alias(_group(rules, lowerer), GROUP),
        ]
    ).from_(sql.table(source), copy=False)
    stays = sql.coalesce([column(TAKES), sql.boolean(True)])
    return (
        exp.Select(expressions=[exp.Star()])
        .from_(sql.subquery(inside, "decided"), copy=False)
        .where(stays, copy=False)
    )


def settled(condition: Node, unknown: str) -> Node:
    """Return a condition with its unknown settled as the scheme says."""
    if unknown == "hold":
        return condition
    return sql.coalesce([condition, sql.boolean(unknown == "apply")])


def condition(lowerer: Lowerer, expression: Expression) -> Node:
    """Return a yes/no; an open slot is an unknown one."""
    return sql.null("yes_no") if isinstance(expression, Open) else lowerer.node(expression)


def _takes_part(rules: SchemeRules, lowerer: Lowerer, displaced_by: Sequence[SchemeRules]) -> Node:
    """Subjects taken by a scheme that stands in this one's place leave it."""
    elsewhere = [sql.negate(condition(lowerer, other.takes_part)) for other in displaced_by]
    return sql.every([condition(lowerer, rules.takes_part), *elsewhere])


def _leaves(rules: SchemeRules, lowerer: Lowerer) -> Node:
    """Return the number of the first leave that holds, 0 for none, −1 for undecided."""
    back = sql.some([settled(condition(lowerer, when), rules.unknown) for _, when in rules.returns])
    branches: list[tuple[Node, Node]] = []
    for number, leave in enumerate(rules.leaves, 1):
        holds = settled(condition(lowerer, leave.when), rules.unknown)
        goes = sql.every([holds, sql.negate(back)]) if rules.returns else holds
        branches.append((sql.is_null(goes), sql.integer(UNDECIDED)))
        branches.append((goes, sql.integer(number)))
    return sql.case(branches, sql.integer(0)) if branches else sql.integer(0)


def _group(rules: SchemeRules, lowerer: Lowerer) -> Node:
    """Return the first group that holds; an undecided one before it leaves the group unknown."""
    branches: list[tuple[Node, Node]] = []
    for group in rules.groups:
        when = condition(lowerer, group.when)
        if when == sql.boolean(True):
            return sql.case(branches, sql.text(group.id)) if branches else sql.text(group.id)
        branches.append((sql.is_null(when), sql.null("text")))
        branches.append((when, sql.text(group.id)))
    return sql.case(branches, sql.null("text")) if branches else sql.null("text")


def is_scored() -> Node:
    """Return whether somebody on the list is scored: takes part, did not leave, has a group."""
    return sql.every(
        [
            sql.is_known(column(TAKES)),
            sql.binary("=", column(LEAVES), sql.integer(0)),
            sql.is_known(column(GROUP)),
        ]
    )


def is_collected(leaves: Sequence[LeaveRule]) -> Node:
    """Return whether somebody counts as taking part: all but those not even collected."""
    gone = [_is_leave(n) for n, leave in enumerate(leaves, 1) if leave.as_ == "not_collected"]
    return sql.negate(sql.some(gone)) if gone else sql.boolean(True)


def state(rules: SchemeRules, has_gap: Node) -> Node:
    """Return the state of a row: rated, not_rated, not_collected or held."""
    branches = [
        (sql.is_null(column(TAKES)), sql.text("held")),
        (_is_leave(UNDECIDED), sql.text("held")),
    ]
    for number, leave in enumerate(rules.leaves, 1):
        name = "not_collected" if leave.as_ == "not_collected" else "not_rated"
        branches.append((_is_leave(number), sql.text(name)))
    branches += [
        (sql.is_null(column(GROUP)), sql.text("held")),
        (has_gap, sql.text("held")),
    ]
    return sql.case(branches, sql.text("rated"))


def reason(rules: SchemeRules, gap: Node, addresses: Sequence[str], has_gap: Node) -> Node:
    """Return the address of what keeps a row from being rated, null for a rated one."""
    listed = [
        (sql.binary("=", gap, sql.integer(n)), sql.text(address))
        for n, address in enumerate(addresses, 1)
    ]
    gaps = sql.case(listed, sql.null("text")) if listed else sql.null("text")
    branches = [
        (sql.is_null(column(TAKES)), sql.text("population.takes_part")),
        (_is_leave(UNDECIDED), sql.text("population.leaves")),
    ]
    for number, leave in enumerate(rules.leaves, 1):
        branches.append((_is_leave(number), sql.text(f"population.leaves.{leave.id}")))
    branches.append((sql.is_null(column(GROUP)), sql.text("groups")))
    branches.append((sql.every([has_gap, sql.is_null(gap)]), sql.text("rank.by")))
    return sql.case(branches, gaps)


def of_leave(leaves: Sequence[LeaveRule], what: str) -> Node:
    """Return what a leave says of those who left: their class, or whom they are treated as."""
    branches = [
        (_is_leave(number), sql.text(getattr(leave, what)))
        for number, leave in enumerate(leaves, 1)
        if getattr(leave, what)
    ]
    return sql.case(branches, sql.null("text")) if branches else sql.null("text")


def _is_leave(number: int) -> Node:
    return sql.binary("=", column(LEAVES), sql.integer(number))
