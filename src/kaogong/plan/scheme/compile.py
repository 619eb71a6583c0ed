"""A scheme's rules to a plan of named steps.

    subjects → scope (who, which group) → per group: members, figures, raw, means, scored
             → listed (all groups, in one list a pool) → bases → ranked → classed → outputs
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from kaogong.kinds.register import Register
from kaogong.language.expression import Open
from kaogong.plan import sql
from kaogong.plan.frame import Frame, Instant
from kaogong.plan.scheme import classes as classing
from kaogong.plan.scheme import outputs
from kaogong.plan.scheme.population import GROUP, REASON, STATE, condition, population
from kaogong.plan.scheme.ranking import (
    BASE,
    PLACE,
    POOL,
    RATED,
    Bounds,
    bases,
    bounds,
    is_ranked,
    listed,
    order_keys,
    place,
    pool_of,
)
from kaogong.plan.scheme.scores import ADJUST, GAP, ITEMS, SCORE, GroupScores
from kaogong.plan.source import SUBJECT, Tables
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Plan, Step
from kaogong.plan.subjects import SubjectTable
from kaogong.programme.rules import GroupRule, RankRule, SchemeRules

CAPACITY = 10**8  # subjects of one group a plan is made for, where the data do not say


@dataclass(frozen=True, slots=True)
class Setting:
    """What a plan is compiled for beside its rules."""

    instant: Instant
    registers: Mapping[str, Register]
    version: str = ""
    displaced_by: Sequence[SchemeRules] = ()
    optimistic: bool = False
    capacity: int = CAPACITY


def compile_scheme(rules: SchemeRules, setting: Setting) -> Plan:
    """Return the plan of one scheme for one period."""
    return SchemeCompiler(rules, setting).plan()


@dataclass(slots=True)
class SchemeCompiler:
    """Compiles one scheme; the table of subjects answers what the others read."""

    rules: SchemeRules
    setting: Setting
    subjects: SubjectTable = field(init=False)
    groups: list[GroupScores] = field(init=False)
    scale: int = field(init=False)

    def __post_init__(self) -> None:
        """Open the table of subjects and the groups."""
        setting, id = self.setting, self.rules.id
        frame = Frame(setting.instant, self.rules.subject, setting.optimistic)
        self.subjects = SubjectTable(f"{id}__subjects", frame, Tables(setting.registers))
        self.scale = _scale(self.rules)
        lowerer = self.subjects.lowerer
        self.groups = [
            GroupScores(self.rules, g, lowerer, setting.capacity, self.scale, f"{id}__{g.id}")
            for g in self.rules.groups
        ]

    def plan(self) -> Plan:
        """Return the steps and outputs."""
        id = self.rules.id
        scope = population(
            self.rules, self.subjects.name, self.subjects.lowerer, self.setting.displaced_by
        )
        for scores in self.groups:
            scores.lower()
            self._pool_nodes(scores)
        later = self._later_steps()
        steps = [
            *self.subjects.steps(),
            Step(f"{id}__scope", scope, "who is on the list, group, state, reason"),
            *later,
        ]
        return Plan(id, tuple(steps), tuple(outputs.of_scheme(self)), self._reads())

    def at(self, step: str) -> str:
        """Return the name of one of the scheme's steps."""
        return f"{self.rules.id}__{step}"

    def _later_steps(self) -> list[Step]:
        steps: list[Step] = []
        for scores in self.groups:
            steps += scores.steps(self.at("scope"))
        return [
            *steps,
            Step(self.at("listed"), self._listed(), "all groups with pool and order", is_kept=True),
            Step(self.at("bases"), self._bases(), "how many take part in each list", is_kept=True),
            Step(self.at("ranked"), self._ranked(), "places in each list"),
            Step(self.at("classed"), self._classed(), "classes, moves", is_kept=True),
            *self._moves_steps(),
        ]

    # -- the list -------------------------------------------------------------------------

    def _pool_nodes(self, scores: GroupScores) -> Node:
        return pool_of(scores.group, self.subjects.lowerer)

    def _key_count(self) -> int:
        return max((len(listed(s)) for s in self.groups), default=0)

    def _listed(self) -> exp.Select:
        """Return one narrow row a member: group, pool, order keys, points, score, conditions."""
        selects = [self._listed_group(s) for s in self.groups]
        if not selects:
            return self._nobody()
        made: exp.Expression = selects[0]
        for select in selects[1:]:
            made = exp.Union(this=made, expression=select, distinct=False)
        if isinstance(made, exp.Select):
            return made
        whole = exp.Subquery(this=made, alias=exp.TableAlias(this=exp.to_identifier("groups")))
        return exp.Select(expressions=[exp.Star()]).from_(whole, copy=False)

    def _listed_group(self, scores: GroupScores) -> exp.Select:
        orders = listed(scores)
        keys = order_keys(orders, scores)
        lowerer = self.subjects.lowerer
        ranked = is_ranked(scores.group)
        columns: list[Node] = [
            column(SUBJECT),
            sql.alias(column(GROUP), GROUP),
            sql.alias(self._pool_nodes(scores), POOL),
            sql.alias(column(GAP), GAP),
            sql.alias(column(ITEMS), ITEMS),
            sql.alias(column(ADJUST), ADJUST),
            sql.alias(column(SCORE), SCORE),
        ]
        for number in range(self._key_count()):
            key = keys[number] if number < len(keys) else sql.integer(0)
            columns.append(sql.alias(key, f"kg_key_{number}"))
        known = [sql.is_known(k) for k in keys] if ranked else [sql.boolean(False)]
        columns.append(sql.alias(sql.every([*known, sql.is_null(column(GAP))]), "kg_is_rated"))
        columns += self._cut_columns(scores)
        columns += self._item_columns(scores)
        columns += self._move_columns(scores.group, lowerer)
        return exp.Select(expressions=columns).from_(sql.table(scores.scored), copy=False)

    def _item_columns(self, scores: GroupScores) -> list[Node]:
        mine = {line.rule.id: line for line in scores.lines}
        made: list[Node] = []
        for item in self.rules.items():
            shown = column(f"item__{item}") if item in mine else sql.null("number")
            figure = column(f"x__{item}") if item in mine else sql.null("number")
            made += [sql.alias(shown, f"item__{item}"), sql.alias(figure, f"x__{item}")]
        for adjust in self.adjusts():
            there = any(a.id == adjust for a in scores.group.adjust)
            node = column(f"adjust__{adjust}") if there else sql.null("number")
            made.append(sql.alias(node, f"adjust__{adjust}"))
        return made

    def adjusts(self) -> list[str]:
        """Return the ids of all adjustments over all groups."""
        return list(dict.fromkeys(a.id for g in self.rules.groups for a in g.adjust))

    def _cut_columns(self, scores: GroupScores) -> list[Node]:
        """Return the conditions of threshold classes and the keys of classes drawn from pools."""
        lowerer = self.subjects.lowerer
        wanted = self._conditional_cuts()
        made: list[Node] = []
        for name, (group, cut) in wanted.items():
            mine = group is scores.group and cut.when is not None
            node = condition(lowerer, cut.when) if mine and cut.when else sql.null("yes_no")
            made.append(sql.alias(node, name))
        for name, (group, cut) in self._pool_cuts().items():
            if group is scores.group and cut.by:
                node = order_keys(cut.by, scores)[0]
            else:
                node = column(SCORE) if group is not scores.group else sql.binary(
                    "-", sql.integer(0), column(SCORE)
                )
            made.append(sql.alias(node, name))
        return made

    def _conditional_cuts(self):  # type: ignore[no-untyped-def]
        return {
            f"kg_when__{g.id}__{c.id}": (g, c)
            for g in self.rules.groups for c in g.classes if c.when is not None
        }  # fmt: skip

    def _pool_cuts(self):  # type: ignore[no-untyped-def]
        return {
            f"kg_by__{g.id}__{c.id}": (g, c)
            for g in self.rules.groups for c in classing.has_own_places(g)
        }  # fmt: skip

    def _move_columns(self, group: GroupRule, lowerer) -> list[Node]:  # type: ignore[no-untyped-def]
        return [
            sql.alias(condition(lowerer, m.when), f"kg_move__{m.id}") for m in self.rules.moves
        ]

    def _nobody(self) -> exp.Select:
        columns = [
            column(SUBJECT), sql.alias(column(GROUP), GROUP), sql.alias(column(GROUP), POOL),
            sql.alias(column(REASON), GAP), sql.alias(sql.null("number"), ITEMS),
            sql.alias(sql.null("number"), ADJUST), sql.alias(sql.null("number"), SCORE),
            sql.alias(sql.boolean(False), "kg_is_rated"),
            *self._move_columns(None, self.subjects.lowerer),  # type: ignore[arg-type]  # not used
        ]  # fmt: skip
        return (
            exp.Select(expressions=columns)
            .from_(sql.table(self.at("scope")), copy=False)
            .where(sql.boolean(False), copy=False)
        )

    # -- places ---------------------------------------------------------------------------

    def _bases(self) -> exp.Select:
        """Return each list's counts: rated rows, and all that take part (not collected left out)."""
        pools = self._pool_by_group()
        collected = sql.binary("<>", column(STATE, "scope"), sql.text("not_collected"))
        rated = sql.alias(sql.is_true(column("kg_is_rated", "listed")), "kg_is_rated")
        on = sql.binary("=", column(SUBJECT, "scope"), column(SUBJECT, "listed"))
        inside = (
            exp.Select(expressions=[
                exp.Column(this=exp.Star(), table=exp.to_identifier("scope", quoted=True)), rated,
            ])
            .from_(sql.table(self.at("scope"), "scope"), copy=False)
            .join(sql.table(self.at("listed"), "listed"), on=on, join_type="left", copy=False)
            .where(collected, copy=False)
        )  # fmt: skip
        return bases(inside, pools)

    def _pool_by_group(self) -> Node:
        branches = [
            (sql.binary("=", column(GROUP), sql.text(s.group.id)), self._pool_nodes(s))
            for s in self.groups
        ]
        return sql.case(branches, sql.null("text")) if branches else sql.null("text")

    def _ranked(self) -> exp.Select:
        """Return the list with each row's place; rows that are not rated have none."""
        keys = [f"kg_key_{n}" for n in range(self._key_count())]
        pool = [column(POOL, "listed"), column("kg_is_rated", "listed")]
        placed = self._by_group(
            [(s.group, place(s.group.rank.ties, keys, pool)) for s in self.groups
             if isinstance(s.group.rank, RankRule) and is_ranked(s.group)]
        )  # fmt: skip
        shown = sql.case([(sql.is_true(column("kg_is_rated", "listed")), placed)])
        star = exp.Column(this=exp.Star(), table=exp.to_identifier("listed", quoted=True))
        on = sql.binary("=", column(POOL, "listed"), column(POOL, "bases"))
        inside = (
            exp.Select(expressions=[
                star, sql.alias(sql.cast(shown, "bigint"), PLACE),
                column("kg_taking_part", "bases"), column(RATED, "bases"),
            ])
            .from_(sql.table(self.at("listed"), "listed"), copy=False)
            .join(sql.table(self.at("bases"), "bases"), on=on, join_type="left", copy=False)
        )  # fmt: skip
        return self._with_pool_places(inside)

    def _with_pool_places(self, inside: exp.Select) -> exp.Select:
        """Add the places within pools by orderings of their own (two-stage classing, permu:E42)."""
        base = sql.alias(self._base(), BASE)
        with_base = exp.Select(expressions=[exp.Star(), base]).from_(
            sql.subquery(inside, "placed"), copy=False
        )
        own = self._pool_cuts()
        if not own:
            return with_base
        columns: list[Node] = [exp.Star()]
        for name, (group, cut) in own.items():
            limits = self._limits(group, group.pools)
            bound = limits.get(cut.source)
            if bound is None:
                columns.append(sql.alias(sql.null("number"), f"{name}__place"))
                continue
            inside_pool = sql.every(
                [sql.is_true(column("kg_is_rated")), classing.between(column(PLACE), bound)]
            )
            key = exp.Ordered(this=column(name), nulls_first=False)
            last = exp.Ordered(this=column(SUBJECT), nulls_first=False)
            window = exp.Window(
                this=exp.RowNumber(), partition_by=[column(POOL), inside_pool],
                order=exp.Order(expressions=[key, last]),
            )  # fmt: skip
            columns.append(sql.alias(window, f"{name}__place"))
        return exp.Select(expressions=columns).from_(sql.subquery(with_base, "based"), copy=False)

    def _base(self) -> Node:
        branches: list[tuple[GroupRule, Node]] = []
        for scores in self.groups:
            rank = scores.group.rank
            if isinstance(rank, Open) or isinstance(rank.base, Open):
                continue
            name = RATED if rank.base == "rated" else "kg_taking_part"
            branches.append((scores.group, column(name)))
        return self._by_group(branches)

    def _by_group(self, branches: list[tuple[GroupRule, Node]]) -> Node:
        if not branches:
            return sql.null("number")
        if len(branches) == len(self.groups) == 1:
            return branches[0][1]
        first = branches[0][1]
        if len(branches) == len(self.groups) and all(node == first for _, node in branches):
            return first
        made = [(sql.binary("=", column(GROUP), sql.text(g.id)), node) for g, node in branches]
        return sql.case(made, sql.null("number"))

    # -- classes --------------------------------------------------------------------------

    def _limits(self, group: GroupRule, cuts) -> dict[str, Bounds]:  # type: ignore[no-untyped-def]
        if isinstance(group.rank, Open):
            return {}
        return bounds(list(cuts), group.rank, column(BASE), column(RATED))

    def _classed(self) -> exp.Select:
        number = self._by_group([(s.group, self._class_of(s.group)) for s in self.groups])
        rated = sql.is_true(column("kg_is_rated"))
        ranked = sql.case([(rated, number)])
        first = exp.Select(
            expressions=[exp.Star(), sql.alias(sql.cast(ranked, "bigint"), classing.RANK)]
        ).from_(sql.table(self.at("ranked")), copy=False)
        pairs = [(s.group, self._moved(s.group)) for s in self.groups]
        after = self._by_group([(g, m[0]) for g, m in pairs])
        by = self._by_group([(g, m[1]) for g, m in pairs])
        return exp.Select(
            expressions=[
                exp.Star(),
                sql.alias(sql.cast(after, "bigint"), "kg_class_after"),
                sql.alias(by, classing.MOVED_BY),
            ]
        ).from_(sql.subquery(first, "ranked"), copy=False)

    def _class_of(self, group: GroupRule) -> Node:
        limits = self._limits(group, [c for c in group.classes if not c.source])
        limits |= self._limits(group, [c for c in group.classes if c.source])
        pools = self._limits(group, group.pools)
        places: dict[str, Node] = {"": column(PLACE)}
        for cut in group.classes:
            own = f"kg_by__{group.id}__{cut.id}__place"
            places[cut.id] = column(own) if cut.source else column(PLACE)
        lowerer = _Conditions(self.subjects.lowerer, f"kg_when__{group.id}__", group)
        return classing.class_number(group, limits, pools, places, lowerer, self.rules.unknown)  # type: ignore[arg-type]  # answers conditions only

    def _moved(self, group: GroupRule) -> tuple[Node, Node]:
        lowerer = _Moves(self.rules)
        return classing.moved(self.rules, group, lowerer, column(classing.RANK))  # type: ignore[arg-type]  # answers conditions only

    def _moves_steps(self) -> list[Step]:
        """Return the step that settles vacated places."""
        name = self.at("placed")
        if self.rules.vacated == "refill" and self.rules.moves:
            most = max((len(g.class_order()) for g in self.rules.groups), default=0)
            return [Step(name, classing.refilled(self.at("classed"), most), "vacated places refilled")]
        final: Node = column("kg_class_after")
        if isinstance(self.rules.vacated, Open) and self.rules.moves:
            count = exp.Window(
                this=exp.Count(this=column(classing.MOVED_BY)), partition_by=[column(POOL)]
            )
            untouched = sql.binary("=", count, sql.integer(0))
            known = sql.some([untouched, sql.is_known(column(classing.MOVED_BY))])
            final = sql.case([(known, final)])
        query = exp.Select(
            expressions=[exp.Star(), sql.alias(final, classing.PLACED)]
        ).from_(sql.table(self.at("classed")), copy=False)
        return [Step(name, query, "classes after moves")]

    def _reads(self) -> tuple[str, ...]:
        frame = self.subjects.frame
        read = {r.register for r in frame.requests} | {self.rules.subject}
        read |= {n.register for n in frame.records.values()}
        return tuple(sorted(read))


class _Conditions:
    """Answers the conditions of threshold classes from their columns."""

    def __init__(self, lowerer, prefix: str, group: GroupRule) -> None:  # type: ignore[no-untyped-def]
        self._columns = {
            id(c.when): column(f"{prefix}{c.id}") for c in group.classes if c.when is not None
        }

    def node(self, expression: object) -> Node:
        """Return the column that holds the condition."""
        return self._columns[id(expression)]


class _Moves:
    """Answers the conditions of moves from their columns."""

    def __init__(self, rules: SchemeRules) -> None:
        self._columns = {id(m.when): column(f"kg_move__{m.id}") for m in rules.moves}

    def node(self, expression: object) -> Node:
        """Return the column that holds the condition."""
        return self._columns[id(expression)]


def _scale(rules: SchemeRules) -> int:
    """Return the decimals of the scheme's scores: the most that any line keeps."""
    scales = [l.scale for g in rules.groups for l in g.lines if isinstance(l.scale, int)]
    return max(scales, default=4)

