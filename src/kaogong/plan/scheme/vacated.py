"""Places that moved subjects left behind: refilled by those after them, or left empty (permu:E47).

Refilling is done twice. The first filling shows whom it would take past a floor or a ceiling that
holds for them; they keep the class of that bound, and the second filling passes them over.
"""

from __future__ import annotations

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.plan import sql
from kaogong.plan.scheme.classes import CHANGED_BY, MOVED_BY, PLACED, RANK
from kaogong.plan.scheme.listing import RATED_ROW
from kaogong.plan.scheme.ranking import PLACE, POOL, window
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import SchemeRules

AFTER = "kg_class_after"
FILLED, KEPT, FIXED, AGAIN = "kg_filled", "kg_kept", "kg_fixed", "kg_filled_again"


def refills(rules: SchemeRules) -> bool:
    """Tell whether others take the places that moved subjects leave."""
    return rules.vacated == "refill" and bool(rules.moves)


def settled(rules: SchemeRules, source: str) -> exp.Select:
    """Return the classed rows with the final class of each, and the move it goes back to."""
    if refills(rules):
        most = max((len(g.class_order()) for g in rules.groups), default=0)
        return _refilled(source, most)
    final: Node = column(AFTER)
    if isinstance(rules.vacated, Open) and rules.moves:
        final = _known_where_untouched()
    columns = [sql.alias(final, PLACED), sql.alias(column(CHANGED_BY), MOVED_BY)]
    return exp.Select(expressions=[exp.Star(), *columns]).from_(sql.table(source), copy=False)


def _known_where_untouched() -> Node:
    """Where the rule is open, only moved rows and lists without a move have a known class."""
    count = window(exp.Count(this=column(CHANGED_BY)), [column(POOL)], [])
    untouched = sql.binary("=", count, sql.integer(0))
    known = sql.some([untouched, sql.is_known(column(CHANGED_BY))])
    return sql.case([(known, column(AFTER))])


def _refilled(source: str, classes: int) -> exp.Select:
    """Keep the class of moved rows; the others, by place, fill what each quota leaves them."""
    moved = sql.case([(sql.is_known(column(CHANGED_BY)), column(AFTER))])
    first = _with(sql.table(source), FIXED, moved)
    filled = _filling(first, FIXED, FILLED, classes)
    bounded = _with(sql.subquery(filled, "filled"), KEPT, _kept())
    again = _filling(bounded, KEPT, AGAIN, classes)
    unranked = sql.negate(column(RATED_ROW))
    columns = [
        sql.alias(sql.case([(unranked, column(AFTER))], _within(column(AGAIN))), PLACED),
        sql.alias(sql.case([(unranked.copy(), column(CHANGED_BY))], _moved_by()), MOVED_BY),
    ]
    return exp.Select(expressions=[exp.Star(), *columns]).from_(
        sql.subquery(again, "filled_again"), copy=False
    )


def _with(source: Node, name: str, node: Node) -> exp.Select:
    return exp.Select(expressions=[exp.Star(), sql.alias(node, name)]).from_(source, copy=False)


def _kept() -> Node:
    """Return the class of a row that is not refilled: a moved one, or one at its bound."""
    filled = column(FILLED)
    return sql.case([
        (sql.is_known(column(FIXED)), column(FIXED)),
        (sql.binary("<", filled, column("kg_best")), column("kg_best")),
        (sql.binary(">", filled.copy(), column("kg_worst")), column("kg_worst")),
    ])  # fmt: skip


def _within(filled: Node) -> Node:
    """Return a refilled class held to the bounds of a row that no move changed."""
    return sql.case(
        [
            (sql.is_known(column(CHANGED_BY)), filled),
            (sql.binary("<", filled.copy(), column("kg_best")), column("kg_best")),
            (sql.binary(">", filled.copy(), column("kg_worst")), column("kg_worst")),
        ],
        filled.copy(),
    )


def _moved_by() -> Node:
    """Return the move that changed a class, or that kept it from being changed by refilling."""
    kept = sql.every([sql.is_known(column(KEPT)), sql.is_null(column(CHANGED_BY))])
    by_bound = sql.case(
        [(sql.binary("=", column(KEPT), column("kg_best")), column("kg_best_by"))],
        column("kg_worst_by"),
    )
    return sql.case([(kept, by_bound)], column(CHANGED_BY))


def _filling(query: exp.Select, kept: str, name: str, classes: int) -> exp.Select:
    """Return rows with the class that filling gives them; kept ones have theirs already."""
    counted = exp.Select(expressions=[exp.Star(), *_counts(kept, name, classes)]).from_(
        sql.subquery(query, "kept"), copy=False
    )
    cumulative: Node = sql.integer(0)
    branches: list[tuple[Node, Node]] = [(sql.is_known(column(kept)), column(kept))]
    for number in range(1, classes + 1):
        quota, taken = column(f"{name}_quota_{number}"), column(f"{name}_taken_{number}")
        left = sql.binary("-", quota, taken)
        free = sql.case([(sql.binary("<", left, sql.integer(0)), sql.integer(0))], left)
        cumulative = sql.binary("+", cumulative, free)
        test = sql.binary("<=", column(f"{name}_place"), cumulative)
        branches.append((test, sql.integer(number)))
    made = sql.case(branches, column(AFTER))
    return _with(
        sql.subquery(counted, "counted"), name, sql.case([(sql.is_known(column(AFTER)), made)])
    )


def _counts(kept: str, name: str, classes: int) -> list[Node]:
    """Return each list's quotas, how many rows each class keeps, and the others' new places.

    Only ranked rows have places: who has no score takes none, whatever class a move gives it.
    """
    is_kept = sql.is_known(column(kept))
    ranked = [column(POOL), column(RATED_ROW)]
    keys = [exp.Ordered(this=column(by), nulls_first=False) for by in (PLACE, SUBJECT)]
    new_place = window(exp.RowNumber(), [*ranked, is_kept], list(keys))
    made: list[Node] = [sql.alias(new_place, f"{name}_place")]
    for number in range(1, classes + 1):
        of_class = sql.binary("=", column(RANK), sql.integer(number))
        into = sql.binary("=", column(kept), sql.integer(number))
        for what, test in (("quota", of_class), ("taken", into)):
            counted = exp.Count(this=sql.case([(test, sql.integer(1))]))
            made.append(sql.alias(window(counted, ranked, []), f"{name}_{what}_{number}"))
    return made
