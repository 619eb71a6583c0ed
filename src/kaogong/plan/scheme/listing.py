"""The list of a scheme: one narrow row for everybody on it, scored or not.

It is the one wide pass over the data. Ranks and classes need only few of its columns and are joined
back by row, so that no window ever carries the points of the lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from kaogong.language.expression import Word, walk
from kaogong.plan import sql
from kaogong.plan.merging import SCORED_AS
from kaogong.plan.scheme.population import GROUP, LEAVES, TAKES, condition, is_scored
from kaogong.plan.scheme.ranking import POOL, is_ranked, listed, order_keys, pool_of
from kaogong.plan.scheme.scores import ADJUST, GAP, ITEMS, SCORE, GroupScores
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import (
    RANKED_CLASS,
    CutRule,
    GroupRule,
    MoveRule,
    Order,
    SchemeRules,
)

RATED_ROW = "kg_is_rated"
OVER = "over__"  # columns that say which set of a field a member's figures are taken of


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the list's order: a column, and whether it falls."""

    column: str
    falls: bool = False


@dataclass(slots=True)
class Listing:
    """Builds the list of all groups and says which columns it has."""

    rules: SchemeRules
    groups: list[GroupScores]
    scope: str
    keeps_figures: bool

    def query(self) -> exp.Select:
        """Return the list: the scored of every group, then those on the list without a score."""
        selects = [self._scored(s) for s in self.groups]
        if self._may_be_unscored():
            selects.append(self._unscored())
        if len(selects) == 1:
            return selects[0]
        made: exp.Expression = selects[0]
        for select in selects[1:]:
            made = exp.Union(this=made, expression=select, distinct=False)
        whole = exp.Subquery(this=made, alias=exp.TableAlias(this=exp.to_identifier("groups")))
        return exp.Select(expressions=[exp.Star()]).from_(whole, copy=False)

    def names(self) -> list[str]:
        """Return the names of the list's columns, in order."""
        row = self._scored(self.groups[0]) if self.groups else self._unscored()
        return [each.alias_or_name for each in row.expressions]

    def _scored_as(self) -> list[Node]:
        return [column(SCORED_AS)] if self.rules.scores_twice else []

    def constants(self) -> Mapping[str, Node]:
        """Return the columns that are the same for every row, or another column's name."""
        made: dict[str, Node] = {}
        if not self._may_be_unscored() and len(self.groups) == 1:
            made |= {TAKES: sql.boolean(True), LEAVES: sql.integer(0)}
            made[GROUP] = sql.text(self.groups[0].group.id)
        if not self.adjusts() and self.rules.floor is None and self._is_summed():
            made |= {ITEMS: column(SCORE), ADJUST: sql.integer(0)}
        return made

    def _is_summed(self) -> bool:
        return all(s.lines for s in self.groups)

    def order_keys(self) -> list[Key]:
        """Return the keys of the order; where all groups rank by total alone, the score itself."""
        if all(_is_total(listed(s)) for s in self.groups):
            return [Key(SCORE, falls=True)]
        most = max((len(listed(s)) for s in self.groups), default=0)
        return [Key(f"kg_key_{n}") for n in range(most)]

    def adjusts(self) -> list[str]:
        """Return the ids of all adjustments over all groups."""
        return list(dict.fromkeys(a.id for g in self.rules.groups for a in g.adjust))

    def conditional_cuts(self) -> Mapping[str, tuple[GroupRule, CutRule]]:
        """Return the classes that hold by a condition, by the column of the condition."""
        return {
            f"kg_when__{g.id}__{c.id}": (g, c)
            for g in self.rules.groups for c in g.classes if c.when is not None
        }  # fmt: skip

    def pool_cuts(self) -> Mapping[str, tuple[GroupRule, CutRule]]:
        """Return the classes drawn from a pool, by the column of their own order."""
        return {
            f"kg_by__{g.id}__{c.id}": (g, c)
            for g in self.rules.groups for c in g.classes if c.source
        }  # fmt: skip

    def _may_be_unscored(self) -> bool:
        """Tell whether anybody on the list can be without a score: decided from the rules alone."""
        from kaogong.language.expression import Constant

        always = all(
            isinstance(e, Constant) and e.value is True
            for e in (self.rules.takes_part, *(g.when for g in self.rules.groups[:1]))
        )
        return not (always and self.rules.groups and not self.rules.leaves)

    # -- rows -----------------------------------------------------------------------------

    def _scored(self, scores: GroupScores) -> exp.Select:
        keys = order_keys(listed(scores), scores)
        rated = self._is_placeable(scores, keys)
        if not (scores.gap_is_told_by_score and _is_total(listed(scores))):
            rated = sql.every([rated, sql.is_null(column(GAP))])
        head: list[Node] = [
            column(SUBJECT),
            sql.alias(pool_of(scores.group, scores.lowerer), POOL),
            sql.alias(column(SCORE), SCORE),
            sql.alias(rated, RATED_ROW),
            *(
                sql.alias(column(name), name)
                for name in (TAKES, LEAVES, GROUP, GAP, ITEMS, ADJUST)
                if name not in self.constants()
            ),
            *self._scored_as(),
        ]
        rest = [
            *self._keys(keys),
            *self._cuts(scores),
            *self._parts(scores),
            *self._moves(scores),
        ]
        return exp.Select(expressions=head + rest).from_(sql.table(scores.scored), copy=False)

    def _is_placeable(self, scores: GroupScores, keys: list[Node]) -> Node:
        """Return whether a row has a place: the first key is known.

        The later keys only part equals; who lacks one stands behind the equals that have it.
        """
        if not is_ranked(scores.group):
            return sql.boolean(False)
        return sql.is_known(column(SCORE) if _is_total(listed(scores)) else keys[0])

    def _unscored(self) -> exp.Select:
        """Return those on the list without a score, with the same columns."""
        number, yes_no = sql.null("number"), sql.null("yes_no")
        lowerer = self.groups[0].lowerer if self.groups else None
        columns: list[Node] = [
            column(SUBJECT),
            sql.alias(self.pool_by_group(), POOL),
            sql.alias(number, SCORE),
            sql.alias(sql.boolean(False), RATED_ROW),
            *(
                sql.alias(column(name) if name in (TAKES, LEAVES, GROUP) else number, name)
                for name in (TAKES, LEAVES, GROUP, GAP, ITEMS, ADJUST)
                if name not in self.constants()
            ),
            *self._scored_as(),
            *(sql.alias(number, k.column) for k in self.order_keys() if k.column != SCORE),
            *(sql.alias(yes_no, name) for name in self.conditional_cuts()),
            *(sql.alias(number, name) for name in self.pool_keys()),
            *(sql.alias(number, name) for name in self._part_names()),
            *(sql.alias(sql.null("text"), name) for name in self._set_names()),
            *(sql.alias(yes_no, name) for name in self.move_columns()),
        ]
        unscored = sql.negate(is_scored()) if lowerer is not None else sql.boolean(True)
        return (
            exp.Select(expressions=columns)
            .from_(sql.table(self.scope), copy=False)
            .where(unscored, copy=False)
        )

    def pool_by_group(self) -> Node:
        """Return the list a row stands in, by its group."""
        branches = [
            (sql.binary("=", column(GROUP), sql.text(s.group.id)), pool_of(s.group, s.lowerer))
            for s in self.groups
        ]
        return sql.case(branches, sql.null("text")) if branches else sql.null("text")

    def _keys(self, keys: list[Node]) -> Iterator[Node]:
        for number, key in enumerate(self.order_keys()):
            if key.column != SCORE:
                node = keys[number] if number < len(keys) else sql.integer(0)
                yield sql.alias(node, key.column)

    def _cuts(self, scores: GroupScores) -> Iterator[Node]:
        for name, (group, cut) in self.conditional_cuts().items():
            mine = group is scores.group and cut.when is not None
            node = condition(scores.lowerer, cut.when) if mine and cut.when else None
            yield sql.alias(node if node is not None else sql.null("yes_no"), name)
        for name, (group, _) in self.pool_cuts().items():
            names = self.keys_of(name)
            made = order_keys(self._pool_order(name), scores) if group is scores.group else []
            for n, key in enumerate(names):
                yield sql.alias(made[n] if n < len(made) else sql.null("number"), key)

    def _pool_order(self, name: str) -> tuple[Order, ...]:
        """Return the order of a class within its pool: its own, else that of the list."""
        group, cut = self.pool_cuts()[name]
        return cut.by or next(listed(s) for s in self.groups if s.group is group)

    def keys_of(self, name: str) -> list[str]:
        """Return the columns that hold the order of a class drawn from a pool."""
        return [name] + [f"{name}__{n}" for n in range(2, len(self._pool_order(name)) + 1)]

    def pool_keys(self) -> list[str]:
        """Return the columns of all such orders."""
        return [key for name in self.pool_cuts() for key in self.keys_of(name)]

    def _part_names(self) -> list[str]:
        names = [f"item__{item}" for item in self.rules.items()]
        if self.keeps_figures:
            names += [f"x__{item}" for item in self.rules.items()]
        return names + [f"adjust__{a}" for a in self.adjusts()]

    def sets(self) -> list[str]:
        """Return the fields that any figure is taken over."""
        return list(dict.fromkeys(field for s in self.groups for field in s.set_keys()))

    def _set_names(self) -> list[str]:
        return [f"{OVER}{field}" for field in self.sets()] if self.keeps_figures else []

    def _parts(self, scores: GroupScores) -> Iterator[Node]:
        mine = {line.rule.id for line in scores.lines}
        adjusts = {a.id for a in scores.group.adjust}
        for name in self._part_names():
            kind, _, id = name.partition("__")
            there = id in (adjusts if kind == "adjust" else mine)
            yield sql.alias(column(name) if there else sql.null("number"), name)
        sets = scores.set_keys()
        for name in self._set_names():
            key = sets.get(name.removeprefix(OVER))
            yield sql.alias(sql.null("text") if key is None else key, name)

    def _moves(self, scores: GroupScores) -> Iterator[Node]:
        for name, (move, ranked) in self.move_columns().items():
            words = {} if ranked is None else {RANKED_CLASS: sql.text(ranked)}
            lowerer = replace(scores.lowerer, words=words)
            yield sql.alias(condition(lowerer, move.when), name)

    def move_columns(self) -> Mapping[str, tuple[MoveRule, str | None]]:
        """Return the columns of moves: one each, or one a class where the ranked class is asked."""
        made: dict[str, tuple[MoveRule, str | None]] = {}
        names = dict.fromkeys(c for g in self.rules.groups for c in g.class_order())
        for move in self.rules.moves:
            if not asks_for_class(move):
                made[move_column(move)] = (move, None)
                continue
            made |= {move_column(move, name): (move, name) for name in names}
        return made


def asks_for_class(move: MoveRule) -> bool:
    """Tell whether a move looks at the class a row was ranked into."""
    return any(isinstance(n, Word) and n.word == RANKED_CLASS for n in walk(move.when))


def move_column(move: MoveRule, ranked: str | None = None) -> str:
    """Return the column that says whether a move holds, for one ranked class if it asks for it."""
    return f"kg_move__{move.id}" + (f"__{ranked}" if ranked is not None else "")


def _is_total(orders: tuple[Order, ...]) -> bool:
    return (
        len(orders) == 1
        and orders[0].descending
        and isinstance(orders[0].expression, Word)
        and orders[0].expression.word == "total"
    )
