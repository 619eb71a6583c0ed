"""Who was listed and still has no class: the condition of a class or a move that is unknown.

Such a row keeps its score and rank. The address of the condition stands as its reason, so that it
is on the list of gaps and nobody has to guess why the class is empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from kaogong.plan import sql
from kaogong.plan.scheme.classes import PLACED, RANK
from kaogong.plan.scheme.listing import asks_for_class, move_column
from kaogong.plan.scheme.population import GROUP
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import GroupRule, MoveRule, SchemeRules


def undecided(rules: SchemeRules) -> Node:
    """Return the address of what keeps a listed row from its class; null where it has one."""
    by_rank, by_move = _first(list(_classes(rules))), _first(list(_moves(rules)))
    branches = [(sql.is_null(column(RANK)), by_rank), (sql.is_null(column(PLACED)), by_move)]
    return sql.case(branches, sql.null("text"))


def _first(branches: list[tuple[Node, Node]]) -> Node:
    return sql.case(branches, sql.null("text")) if branches else sql.null("text")


def _classes(rules: SchemeRules) -> Iterator[tuple[Node, Node]]:
    for group in rules.groups:
        for cut in group.classes:
            if cut.when is not None:
                gap = sql.is_null(column(f"kg_when__{group.id}__{cut.id}"))
                yield sql.every([_of(group), gap]), sql.text(f"classes.{cut.id}")


def _moves(rules: SchemeRules) -> Iterator[tuple[Node, Node]]:
    for move in rules.moves:
        yield _is_unknown(rules, move), sql.text(f"moves.{move.id}")


def _is_unknown(rules: SchemeRules, move: MoveRule) -> Node:
    if not asks_for_class(move):
        return sql.is_null(column(move_column(move)))
    return sql.some([
        sql.every([
            _of(group),
            sql.binary("=", column(RANK), sql.integer(n)),
            sql.is_null(column(move_column(move, name))),
        ])
        for group in rules.groups
        for n, name in enumerate(group.class_order(), 1)
    ])  # fmt: skip


def _of(group: GroupRule) -> Node:
    return sql.binary("=", column(GROUP), sql.text(group.id))
