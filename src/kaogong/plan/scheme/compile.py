"""A scheme's rules to a plan of named steps.

subjects → scope (who, which group) → per group: members, figures, raw, means, scored
         → listed (one row for everybody) → bases → ranked → classed → placed → outputs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from kaogong.kinds.register import Register
from kaogong.language.expression import NOW, Arithmetic, Expression, Open, Read
from kaogong.language.fact import Fact
from kaogong.plan import sql
from kaogong.plan.frame import Frame, Instant
from kaogong.plan.merging import Merge
from kaogong.plan.number import Number
from kaogong.plan.scheme import classes as classing
from kaogong.plan.scheme import outputs, vacated
from kaogong.plan.scheme.compiled import Compiled
from kaogong.plan.scheme.group_output import counted
from kaogong.plan.scheme.holding import Holding
from kaogong.plan.scheme.listing import RATED_ROW, Listing, asks_for_class, move_column
from kaogong.plan.scheme.placing import (
    ROW,
    Placing,
    by_group,
    class_bounds,
    pool_bounds,
)
from kaogong.plan.scheme.population import condition, population
from kaogong.plan.scheme.ranking import PLACE
from kaogong.plan.scheme.scores import GroupScores
from kaogong.plan.source import PUBLISHED, Tables
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Apart, Output, Plan, Step
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
    relations: tuple[str, ...] = outputs.RELATIONS


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
    listing: Listing = field(init=False)
    placing: Placing = field(init=False)

    def __post_init__(self) -> None:
        """Open the table of subjects, the groups and the list."""
        rules, setting = self.rules, self.setting
        frame = Frame(setting.instant, rules.subject, setting.optimistic)
        self.subjects = SubjectTable(self.at("subjects"), frame, Tables(setting.registers))
        self.scale = _scale(rules)
        lowerer = self.subjects.lowerer
        self.groups = [
            GroupScores(rules, g, lowerer, setting.capacity, self.scale, self.at(g.id))
            for g in rules.groups
        ]
        keeps_figures = "scheme_part" in setting.relations
        self.listing = Listing(rules, self.groups, self.at("scope"), keeps_figures)
        names = (self.at("listed"), self.at("bases"), self.at("ranked"))
        self.placing = Placing(rules, self.listing, *names)

    def plan(self) -> Plan:
        """Return the steps and outputs."""
        lowerer = self.subjects.lowerer
        scope = population(self.rules, self.subjects.name, lowerer, self.setting.displaced_by)
        for scores in self.groups:
            scores.lower()
        self.subjects.merge = self._merge()
        groups = [step for scores in self.groups for step in scores.steps(self.at("scope"))]
        listed = self.listing.query()
        steps = (
            *self.subjects.steps(),
            Step(self.at("scope"), scope, "who is on the list, and in which group"),
            *groups,
            *self._listed(listed),
            Step(
                self.at("bases"), self.placing.bases_query(), "size of each list",
                is_kept=True, is_gathered=True,
            ),
            Step(self.at("ranked"), self.placing.ranked_query(), "places", is_kept=True),
            Step(self.at("classed"), self._classed(), "classes and moves"),
            Step(
                self.at("placed"), vacated.settled(self.rules, self.at("classed")),
                "vacated places settled", is_kept=bool(self.rules.moves),
            ),
            *self._counted(),
        )  # fmt: skip
        read = self.subjects.reads
        made = tuple(outputs.of_scheme(self._compiled(), self.setting.relations))
        pruned = _without_unused(steps, made, self.at("listed"))
        return Plan(
            self.rules.id, pruned, made,
            tuple(r for r in read if not r.startswith(PUBLISHED)),
            tuple(r.removeprefix(PUBLISHED) for r in read if r.startswith(PUBLISHED)),
            tuple(sorted(self.subjects.closures)),
            tuple(sorted(self.subjects.frame.followed)),
            self._apart(),
        )  # fmt: skip

    def _counted(self) -> Iterator[Step]:
        """Yield how many each class of each list holds, which is told of every result."""
        if "scheme_group" in self.setting.relations:
            query = counted(self.at("placed"), self.rules.groups)
            note = "size of each class"
            yield Step(self.at("counted"), query, note, is_kept=True, is_gathered=True)

    def _apart(self) -> Apart | None:
        """Return how the plan falls into parts: every list lies within one value of a field."""
        fields = [_parting(group) for group in self.rules.groups]
        looks_further = self.subjects.merge is not None or self.subjects.frame.followed
        if looks_further or not all(f is fields[0] for f in fields):
            return None
        own = [
            request.name for request, fact in self.subjects.frame.requests.items()
            if fact is fields[0] and not request.path and not request.rolled_from
            and request.period in ("", self.setting.instant.period.text)
        ]  # fmt: skip
        return Apart(self.subjects.stored, own[0], self.at("listed")) if own else None

    def _listed(self, listed: exp.Select) -> Iterator[Step]:
        """Yield the list; where members are scored twice, what of both stands on it."""
        if not self.rules.scores_twice:
            note = "points and scores of everybody listed"
            yield Step(self.at("listed"), listed, note, is_kept=True)
            return
        holding = Holding(self.rules, self.at("both"), self.subjects.units, self.at("holding"))
        yield Step(self.at("both"), listed, "points and scores, merged and alone", is_kept=True)
        which = holding.query(self.listing.constants())
        yield Step(self.at("holding"), which, "which of both results holds", is_kept=True)
        held = holding.listed(self.listing.names())
        yield Step(self.at("listed"), held, "results that hold", is_kept=True)

    def _compiled(self) -> Compiled:
        is_merged = self.subjects.merge is not None
        units = self.at("holding") if self.rules.scores_twice else self.subjects.units
        return Compiled(
            self.rules, self.setting.version, self.setting.instant.period.text, self.groups,
            self.listing, self.subjects.lowerer, self.scale,
            units if is_merged else None,
        )  # fmt: skip

    def _merge(self) -> Merge | None:
        rule = self.rules.merge
        if rule is None:
            return None
        if isinstance(rule, Open) or isinstance(rule.by, Open):
            return None  # nobody knows who belongs together: everybody is scored alone
        lowerer = self.subjects.lowerer
        by = lowerer.lower(rule.by)
        apart = rule.keep_apart
        return Merge(
            by.top if isinstance(by, Number) else by,
            None if apart is None else condition(lowerer, apart),
            self._size(),
            self.rules.scores_twice,
        )

    def _size(self) -> Node | None:
        """Return the base of the first line that divides: what makes one member the largest."""
        for scores in self.groups:
            for line in scores.lines:
                fact = line.rule.fact
                base = fact.definition if isinstance(fact, Fact) else None
                if isinstance(base, Arithmetic) and base.sign == "/":
                    size = self.subjects.lowerer.number(base.right)
                    return size.top if size.bottom is None else None
        return None

    def at(self, step: str) -> str:
        """Return the name of one of the scheme's steps."""
        return f"{self.rules.id}__{step}"

    def _classed(self) -> exp.Select:
        """Return the list with place, base, class by rank, class after moves."""
        number = by_group([(g, self._class_of(g)) for g in self.rules.groups], self.rules.groups)
        ranked = sql.case([(column(RATED_ROW), number)])
        first = exp.Select(
            expressions=[exp.Star(), sql.alias(sql.cast(ranked, "integer"), classing.RANK)]
        ).from_(sql.subquery(self._joined(), "joined"), copy=False)
        after, by = self._moved()
        return exp.Select(
            expressions=[
                exp.Star(),
                sql.alias(sql.cast(after, "integer"), vacated.AFTER),
                sql.alias(by, classing.CHANGED_BY),
                *self._bounds(),
            ]
        ).from_(sql.subquery(first, "ranked"), copy=False)

    def _joined(self) -> exp.Select:
        """Return the list with each row's places and its list's counts."""
        own = [column(f"{name}__place", "ranked") for name in self.listing.pool_cuts()]
        row = sql.call("kg_row", sql.text("listed"))
        by_row = sql.binary("=", row, column(ROW, "ranked"))
        by_pool = self.placing.base_join("listed")
        return (
            exp.Select(
                expressions=[
                    exp.Column(this=exp.Star(), table=exp.to_identifier("listed", quoted=True)),
                    *(sql.alias(n, c) for c, n in self.listing.constants().items()),
                    column(PLACE, "ranked"),
                    *own,
                    *(column(name, "bases") for name in self.placing.base_columns()),
                ]
            )
            .from_(sql.table(self.at("listed"), "listed"), copy=False)
            .join(sql.table(self.at("ranked"), "ranked"), on=by_row, join_type="left", copy=False)
            .join(sql.table(self.at("bases"), "bases"), on=by_pool, join_type="left", copy=False)
        )

    def _class_of(self, group: GroupRule) -> Node:
        places: dict[str, Node] = {"": column(PLACE)}
        for cut in group.classes:
            own = f"kg_by__{group.id}__{cut.id}__place"
            places[cut.id] = column(own) if cut.source else column(PLACE)
        conditions = _Columns(
            [(c.when, f"kg_when__{group.id}__{c.id}") for c in group.classes if c.when is not None]
        )
        standing = classing.Places(class_bounds(group), pool_bounds(group), places)
        return classing.class_number(group, standing, conditions, self.rules.unknown)

    def _moved(self) -> tuple[Node, Node]:
        if not self.rules.moves:
            return column(classing.RANK), sql.null("text")
        pairs = [
            (g, classing.moved(self.rules, g, _Moves(self.rules, g), column(classing.RANK)))
            for g in self.rules.groups
        ]
        after = by_group([(g, made[0]) for g, made in pairs], self.rules.groups)
        by = by_group([(g, made[1]) for g, made in pairs], self.rules.groups)
        return after, by

    def _bounds(self) -> Iterator[Node]:
        """Yield how far refilling may take a row, where places are refilled."""
        if not vacated.refills(self.rules):
            return
        groups = self.rules.groups
        made = [(g, classing.bound_of(self.rules, g, _Moves(self.rules, g))) for g in groups]
        for what in ("best", "best_by", "worst", "worst_by"):
            node = by_group([(g, getattr(bound, what)) for g, bound in made], groups)
            yield sql.alias(node, f"kg_{what}")


class _Columns:
    """Answers conditions from the columns that the list keeps of them."""

    def __init__(self, conditions: list[tuple[Expression, str]]) -> None:
        self._columns = {id(when): column(name) for when, name in conditions}

    def holds(self, expression: Expression) -> Node:
        """Return the column that holds a condition."""
        return self._columns[id(expression)]


class _Moves:
    """Answers the conditions of moves for the rows of one group."""

    def __init__(self, rules: SchemeRules, group: GroupRule) -> None:
        self._order = group.class_order()
        self._moves = {id(m.when): m for m in rules.moves}

    def holds(self, expression: Expression) -> Node:
        """Return the column of a move, or of it for the class the row was ranked into."""
        move = self._moves[id(expression)]
        if not asks_for_class(move):
            return column(move_column(move))
        branches = [
            (
                sql.binary("=", column(classing.RANK), sql.integer(n)),
                column(move_column(move, name)),
            )
            for n, name in enumerate(self._order, 1)
        ]
        return sql.case(branches, sql.null("yes_no")) if branches else sql.null("yes_no")


def _without_unused(steps: Sequence[Step], made: Sequence[Output], name: str) -> tuple[Step, ...]:
    """Return the steps with only those columns of one that a later step or output names."""
    at = next(n for n, step in enumerate(steps) if step.name == name)
    later = [*(step.query for step in steps[at + 1 :]), *(output.query for output in made)]
    named = {node.name for query in later for node in query.find_all(exp.Column)}
    kept = steps[at].query.copy()
    for select in kept.find_all(exp.Select):
        if select.parent_select is None or isinstance(select.parent, exp.Union):
            kept_columns = [e for e in select.expressions if not e.alias or e.alias in named]
            select.set("expressions", kept_columns)
    return (*steps[:at], replace(steps[at], query=kept), *steps[at + 1 :])


def _parting(group: GroupRule) -> Fact | None:
    """Return the first text of the subjects that a group's lists never reach across."""
    within = group.rank.within if isinstance(group.rank, RankRule) else ()
    texts = [w for w in within if isinstance(w, Read) and w.kind.name in ("text", "code")]
    return next((w.fact for w in texts if w.fact.home == "field" and w.when == NOW), None)


def _scale(rules: SchemeRules) -> int:
    """Return the decimals of the scheme's scores: the most that any line keeps."""
    scales = [x.scale for g in rules.groups for x in g.lines if isinstance(x.scale, int)]
    return max(scales, default=4)
