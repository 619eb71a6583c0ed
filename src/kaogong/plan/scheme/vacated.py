"""Places that moved subjects left behind: refilled by those after them, or left empty (permu:E47)."""

from __future__ import annotations

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.plan import sql
from kaogong.plan.scheme.classes import MOVED_BY, PLACED, RANK
from kaogong.plan.scheme.ranking import PLACE, POOL, window
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import SchemeRules

AFTER = "kg_class_after"


def settled(rules: SchemeRules, source: str) -> exp.Select:
    """Return the classed rows with the final class of each."""
    if rules.vacated == "refill" and rules.moves:
        most = max((len(g.class_order()) for g in rules.groups), default=0)
        return _refilled(source, most)
    final: Node = column(AFTER)
    if isinstance(rules.vacated, Open) and rules.moves:
        final = _known_where_untouched()
    return exp.Select(expressions=[exp.Star(), sql.alias(final, PLACED)]).from_(
        sql.table(source), copy=False
    )


def _known_where_untouched() -> Node:
    """Where the rule is open, only moved rows and lists without a move have a known class."""
    count = window(exp.Count(this=column(MOVED_BY)), [column(POOL)], [])
    untouched = sql.binary("=", count, sql.integer(0))
    known = sql.some([untouched, sql.is_known(column(MOVED_BY))])
    return sql.case([(known, column(AFTER))])


def _refilled(source: str, classes: int) -> exp.Select:
    """Moved rows keep their class; the others, by place, fill what each quota leaves after them."""
    has_moved = sql.is_known(column(MOVED_BY))
    inside = exp.Select(expressions=[exp.Star(), *_counts(has_moved, classes)]).from_(
        sql.table(source), copy=False
    )
    cumulative: Node = sql.integer(0)
    branches: list[tuple[Node, Node]] = [(has_moved, column(AFTER))]
    for number in range(1, classes + 1):
        left = sql.binary("-", column(f"kg_quota_{number}"), column(f"kg_taken_{number}"))
        free = sql.case([(sql.binary("<", left, sql.integer(0)), sql.integer(0))], left)
        cumulative = sql.binary("+", cumulative, free)
        test = sql.binary("<=", column("kg_new_place"), cumulative)
        branches.append((test, sql.integer(number)))
    final = sql.case([(sql.is_known(column(AFTER)), sql.case(branches, column(AFTER)))])
    return exp.Select(expressions=[exp.Star(), sql.alias(final, PLACED)]).from_(
        sql.subquery(inside, "counted"), copy=False
    )


def _counts(has_moved: Node, classes: int) -> list[Node]:
    """Return each list's quotas, how many moved rows each class took, and the others' new places."""
    keys = [exp.Ordered(this=column(name), nulls_first=False) for name in (PLACE, SUBJECT)]
    new_place = window(exp.RowNumber(), [column(POOL), has_moved], list(keys))
    made: list[Node] = [sql.alias(new_place, "kg_new_place")]
    for number in range(1, classes + 1):
        of_class = sql.binary("=", column(RANK), sql.integer(number))
        into = sql.every([has_moved, sql.binary("=", column(AFTER), sql.integer(number))])
        for name, test in (("quota", of_class), ("taken", into)):
            counted = exp.Count(this=sql.case([(test, sql.integer(1))]))
            made.append(sql.alias(window(counted, [column(POOL)], []), f"kg_{name}_{number}"))
    return made
