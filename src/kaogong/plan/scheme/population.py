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

TAKES, LEAVES, GROUP, STATE, REASON = "kg_takes", "kg_leaves", "kg_group", "kg_state", "kg_reason"
LEFT_CLASS, TREATED_AS = "kg_left_class", "kg_treated_as"
UNDECIDED = -1


def population(
    rules: SchemeRules, source: str, lowerer: Lowerer, displaced_by: Sequence[SchemeRules]
) -> exp.Select:
    """Return everybody who is on the scheme's list, with group, state and reason."""
    takes = settled(_takes_part(rules, lowerer, displaced_by), rules.unknown)
    first = exp.Select(
        expressions=[
            exp.Star(),
            sql.alias(takes, TAKES),
            sql.alias(_leaves(rules, lowerer), LEAVES),
            sql.alias(_group(rules, lowerer), GROUP),
        ]
    ).from_(sql.table(source), copy=False)
    inside = sql.subquery(first, "decided")
    second = exp.Select(
        expressions=[
            exp.Star(),
            sql.alias(_state(rules), STATE),
            sql.alias(_reason(rules), REASON),
            sql.alias(_of_leave(rules.leaves, "class_"), LEFT_CLASS),
            sql.alias(_of_leave(rules.leaves, "treated_as"), TREATED_AS),
        ]
    ).from_(inside, copy=False)
    stays = sql.coalesce([column(TAKES), sql.boolean(True)])
    return second.where(stays, copy=False)


def settled(condition: Node, unknown: str) -> Node:
    """Return a condition with its unknown settled as the scheme says."""
    if unknown == "hold":
        return condition
    return sql.coalesce([condition, sql.boolean(unknown == "apply")])


def condition(lowerer: Lowerer, expression: Expression) -> Node:
    """Return a yes/no; an open slot is an unknown one."""
    return sql.null("yes_no") if isinstance(expression, Open) else lowerer.node(expression)


def _takes_part(
    rules: SchemeRules, lowerer: Lowerer, displaced_by: Sequence[SchemeRules]
) -> Node:
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
    if not branches:
        return sql.integer(0)
    return sql.case(branches, sql.integer(0))


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


def _state(rules: SchemeRules) -> Node:
    branches = [
        (sql.is_null(column(TAKES)), sql.text("held")),
        (sql.binary("=", column(LEAVES), sql.integer(UNDECIDED)), sql.text("held")),
    ]
    for number, leave in enumerate(rules.leaves, 1):
        state = "not_collected" if leave.as_ == "not_collected" else "not_rated"
        branches.append((_is_leave(number), sql.text(state)))
    branches.append((sql.is_null(column(GROUP)), sql.text("held")))
    return sql.case(branches, sql.text("rated"))


def _reason(rules: SchemeRules) -> Node:
    branches = [
        (sql.is_null(column(TAKES)), sql.text("population.takes_part")),
        (sql.binary("=", column(LEAVES), sql.integer(UNDECIDED)), sql.text("population.leaves")),
    ]
    for number, leave in enumerate(rules.leaves, 1):
        branches.append((_is_leave(number), sql.text(f"population.leaves.{leave.id}")))
    branches.append((sql.is_null(column(GROUP)), sql.text("groups")))
    return sql.case(branches, sql.null("text"))


def _of_leave(leaves: Sequence[LeaveRule], what: str) -> Node:
    branches = [
        (_is_leave(number), sql.text(getattr(leave, what)))
        for number, leave in enumerate(leaves, 1)
        if getattr(leave, what)
    ]
    return sql.case(branches, sql.null("text")) if branches else sql.null("text")


def _is_leave(number: int) -> Node:
    return sql.binary("=", column(LEAVES), sql.integer(number))
