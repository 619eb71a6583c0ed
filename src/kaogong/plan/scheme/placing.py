"""Places of the listed: in the list, and in pools by orders of their own (permu:E39, E42, E44)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.plan import sql
from kaogong.plan.scheme import classes as classing
from kaogong.plan.scheme.listing import RATED_ROW, Key, Listing
from kaogong.plan.scheme.population import GROUP, LEAVES, is_collected
from kaogong.plan.scheme.ranking import (
    BASE,
    BY_KEY,
    PLACE,
    POOL,
    RATED,
    Bounds,
    bounds,
    is_ranked,
    place,
    window,
)
from kaogong.plan.scheme.scores import SCORE
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import CutRule, GroupRule, RankRule, SchemeRules

TAKING_PART = "kg_taking_part"
ROW, LIST, BEFORE = "kg_row", "kg_list", "kg_before"
SCORE_MOST = 2**40  # whole units; above it, a list's number takes 21 bits of one word


@dataclass(slots=True)
class Placing:
    """The steps from the list to places and bases."""

    rules: SchemeRules
    listing: Listing
    listed: str  # table of the list
    bases: str  # table of the counts of each list
    ranked: str  # table of the places, one row a row of the list

    def bases_query(self) -> exp.Select:
        """Return each list's counts and, from them, first and last place of every cut."""
        rated = sql.case([(column(RATED_ROW), sql.integer(1))])
        groups = [column(GROUP)] if self._has_groups() else []
        listed = exp.Select(
            expressions=[exp.Star(), *(sql.alias(n, c) for c, n in self._constants())]
        ).from_(sql.table(self.listed), copy=False)
        counted = (
            exp.Select(
                expressions=[
                    column(POOL),
                    *groups,
                    sql.alias(exp.Count(this=exp.Star()), "kg_taking_here"),
                    sql.alias(exp.Count(this=rated), "kg_rated_here"),
                ]
            )
            .from_(sql.subquery(listed, "listed"), copy=False)
            .where(is_collected(self.rules.leaves), copy=False)
            .group_by(column(POOL), *groups, copy=False)
        )
        whole = exp.Select(
            expressions=[
                exp.Star(),
                sql.alias(_over_list("kg_taking_here"), TAKING_PART),
                sql.alias(_over_list("kg_rated_here"), RATED),
            ]
        ).from_(sql.subquery(counted, "counted"), copy=False)
        based = exp.Select(
            expressions=[exp.Star(), sql.alias(base_of(self.rules.groups), BASE)]
        ).from_(sql.subquery(whole, "whole"), copy=False)
        by_pool = exp.Order(expressions=[exp.Ordered(this=column(POOL), nulls_first=False)])
        number = exp.Window(this=exp.Anonymous(this="dense_rank"), order=by_pool)
        up_to = exp.Window(this=exp.Sum(this=column("kg_rated_here")), order=by_pool.copy())
        before = sql.cast(sql.binary("-", up_to, column(RATED)), "bigint")
        return exp.Select(
            expressions=[
                exp.Star(), sql.alias(number, LIST), sql.alias(before, BEFORE),
                *self._bound_columns(),
            ]
        ).from_(sql.subquery(based, "based"), copy=False)  # fmt: skip

    def _has_groups(self) -> bool:
        return GROUP not in self.listing.constants()

    def _constants(self) -> list[tuple[str, Node]]:
        wanted = (LEAVES,)
        return [(c, n) for c, n in self.listing.constants().items() if c in wanted]

    def _bound_columns(self) -> Iterator[Node]:
        for group in self.rules.groups:
            for cut, bound in {**limits(group, group.pools), **class_limits(group)}.items():
                name = f"{group.id}__{cut}"
                yield sql.alias(sql.cast(bound.first, "bigint"), f"kg_first__{name}")
                yield sql.alias(sql.cast(bound.last, "bigint"), f"kg_last__{name}")
                yield sql.alias(sql.cast(bound.quota, "bigint"), f"kg_quota__{name}")

    def base_columns(self) -> list[str]:
        """Return what a row takes from the counts of its list."""
        names = [TAKING_PART, RATED, BASE]
        for group in self.rules.groups:
            for cut in {**limits(group, group.pools), **class_limits(group)}:
                names += [f"kg_{what}__{group.id}__{cut}" for what in ("first", "last", "quota")]
        return names

    def base_join(self, left: str) -> Node:
        """Return how a row of `left` finds the counts of its list (and group, where there are)."""
        on = [sql.binary("=", column(POOL, left), column(POOL, "bases"))]
        if self._has_groups():
            on.append(sql.binary("=", column(GROUP, left), column(GROUP, "bases")))
        return sql.every(on)

    def ranked_query(self) -> exp.Select:
        """Return the place of every rated row, by the row of the list."""
        narrow = self._numbered() if self._is_alike() else self._rated([POOL])
        placed = exp.Select(expressions=[exp.Star(), sql.alias(self._place(), PLACE)]).from_(
            sql.subquery(narrow, "listed"), copy=False
        )
        return self._with_pool_places(placed)

    def _rated(self, more: list[str]) -> exp.Select:
        """Return the rated rows of the list with what places need."""
        row = sql.call("kg_row", sql.text("listed"))
        names = list(dict.fromkeys([*more, *self._narrow()]))
        return (
            exp.Select(
                expressions=[sql.alias(row, ROW), *(column(name, "listed") for name in names)]
            )
            .from_(sql.table(self.listed, "listed"), copy=False)
            .where(column(RATED_ROW, "listed"), copy=False)
        )

    def _numbered(self) -> exp.Select:
        """Return them with the number of their list, which sorts faster than its name."""
        rated = self._rated([POOL] if self.listing.pool_cuts() else [])
        rated = rated.select(column(LIST, "bases"), column(BEFORE, "bases"), copy=False)
        on = self.base_join("listed")
        return rated.join(sql.table(self.bases, "bases"), on=on, join_type="left", copy=False)

    def _narrow(self) -> list[str]:
        """Return the columns of the list that places need."""
        names = [*(k.column for k in self.listing.order_keys()), *self.listing.pool_keys()]
        if not self._is_alike() and self._has_groups():
            names.append(GROUP)
        if self._needs_subject():
            names.append(SUBJECT)
        return list(dict.fromkeys(names))

    def _needs_subject(self) -> bool:
        ties = {g.rank.ties for g in self.rules.groups if isinstance(g.rank, RankRule)}
        return BY_KEY in ties or bool(self.listing.pool_cuts())

    def _is_alike(self) -> bool:
        ties = {str(g.rank.ties) for g in self.rules.groups if isinstance(g.rank, RankRule)}
        return len(ties) <= 1 and not self.listing.pool_cuts()

    def _place(self) -> Node:
        keys = [_ordered(k) for k in self.listing.order_keys()]
        own = [column(LIST if self._is_alike() else POOL)]
        placed = [
            (g, place(g.rank.ties, [k.copy() for k in keys], own))
            for g in self.rules.groups
            if isinstance(g.rank, RankRule) and is_ranked(g)
        ]
        made = by_group(placed, self.rules.groups)
        if self._is_alike() and isinstance(made, exp.Window):
            made = sql.call("kg_place", made, column(BEFORE), *self._word())
        return sql.cast(made, "bigint")

    def _word(self) -> Iterator[Node]:
        """Yield a number that orders rows by list and then by falling score, where one can."""
        is_total = [k.column for k in self.listing.order_keys()] == [SCORE]
        if is_total and all(s.most <= SCORE_MOST for s in self.listing.groups):
            high = sql.binary("*", sql.cast(column(LIST), "bigint"), sql.integer(2 * SCORE_MOST))
            yield sql.binary("-", high, column(SCORE))

    def _with_pool_places(self, placed: exp.Select) -> exp.Select:
        own = self.listing.pool_cuts()
        keep = [column(ROW), column(PLACE)]
        if not own:
            return exp.Select(expressions=keep).from_(sql.subquery(placed, "placed"), copy=False)
        star = exp.Column(this=exp.Star(), table=exp.to_identifier("placed", quoted=True))
        constants = [] if self._has_groups() else [
            sql.alias(self.listing.constants()[GROUP], GROUP)
        ]  # fmt: skip
        based = (
            exp.Select(
                expressions=[
                    star, *constants,
                    *(column(name, "bases") for name in self.base_columns()),
                ]
            )
            .from_(sql.subquery(placed, "placed"), copy=False)
            .join(sql.table(self.bases, "bases"), on=self.base_join("placed"), copy=False)
        )  # fmt: skip
        places = [
            sql.alias(self._pool_place(name, group, cut), f"{name}__place")
            for name, (group, cut) in own.items()
        ]
        return exp.Select(expressions=[*keep, *places]).from_(
            sql.subquery(based, "based"), copy=False
        )

    def _pool_place(self, name: str, group: GroupRule, cut: CutRule) -> Node:
        bound = pool_bounds(group).get(cut.source)
        if bound is None:
            return sql.null("number")
        mine = sql.binary("=", column(GROUP), sql.text(group.id))
        inside = sql.every([mine, classing.between(column(PLACE), bound)])
        keys: list[Node] = [
            exp.Ordered(this=column(c), nulls_first=False) for c in self.listing.keys_of(name)
        ]
        ties = group.rank.ties if isinstance(group.rank, RankRule) else "by_key"
        return sql.cast(place(ties, keys, [column(POOL), inside]), "bigint")


def _ordered(key: Key) -> exp.Ordered:
    return exp.Ordered(this=column(key.column), desc=key.falls, nulls_first=False)


def base_of(groups: Sequence[GroupRule]) -> Node:
    """Return the base of quotas: those rated, or all that take part, as each group says."""
    branches: list[tuple[GroupRule, Node]] = []
    for group in groups:
        if isinstance(group.rank, RankRule) and not isinstance(group.rank.base, Open):
            name = RATED if group.rank.base == "rated" else TAKING_PART
            branches.append((group, column(name)))
    return by_group(branches, groups)


def limits(group: GroupRule, cuts: Sequence[CutRule]) -> dict[str, Bounds]:
    """Return first and last place of each cut of a group's list."""
    if isinstance(group.rank, Open):
        return {}
    return bounds(list(cuts), group.rank, column(BASE), column(RATED))


def class_limits(group: GroupRule) -> dict[str, Bounds]:
    """Return the places of a group's classes: those of the list, and those drawn from pools."""
    whole = limits(group, [c for c in group.classes if not c.source])
    for source in dict.fromkeys(c.source for c in group.classes if c.source):
        whole |= limits(group, [c for c in group.classes if c.source == source])
    return whole


def class_bounds(group: GroupRule) -> dict[str, Bounds]:
    """Return the places of a group's classes as columns of its list's counts."""
    return _columns(group, class_limits(group))


def pool_bounds(group: GroupRule) -> dict[str, Bounds]:
    """Return the places of a group's pools as columns of its list's counts."""
    return _columns(group, limits(group, group.pools))


def _columns(group: GroupRule, cuts: Mapping[str, Bounds]) -> dict[str, Bounds]:
    return {
        cut: Bounds(*(column(f"kg_{w}__{group.id}__{cut}") for w in ("first", "last", "quota")))
        for cut in cuts
    }


def _over_list(name: str) -> Node:
    return sql.cast(window(exp.Sum(this=column(name)), [column(POOL)], []), "bigint")


def by_group(branches: list[tuple[GroupRule, Node]], groups: Sequence[GroupRule]) -> Node:
    """Return one node a group, or the node itself where all groups have the same."""
    if not branches:
        return sql.null("number")
    first = branches[0][1]
    if len(branches) == len(groups) and all(node == first for _, node in branches):
        return first
    made = [(sql.binary("=", column(GROUP), sql.text(g.id)), node) for g, node in branches]
    return sql.case(made, sql.null("number"))
