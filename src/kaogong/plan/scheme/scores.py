"""From the members of one group to their points, adjustments and score.

The score is whole units of the scheme's decimals. What is shown of each line is its rounded points;
where the total is rounded, the difference to the sum of the shown is the step `total`, so that the
parts always add up to the score.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.plan import sql
from kaogong.plan.lower import Lowerer
from kaogong.plan.merging import counts_once
from kaogong.plan.number import (
    Number,
    added,
    chosen,
    constant,
    multiplied,
    rounded,
    sum_of,
)
from kaogong.plan.scheme.adjusting import Adjusting
from kaogong.plan.scheme.figures import FigureColumn
from kaogong.plan.scheme.lines import (
    GroupLines,
    LinePlan,
    figure_name,
    is_missing,
    mean_inputs,
    mean_number,
    settled,
)
from kaogong.plan.scheme.population import GROUP, is_scored
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Step
from kaogong.programme.rules import GroupRule, RankRule, SchemeRules

ITEMS, ADJUST, SCORE, GAP = "kg_items", "kg_adjust", "kg_score", "kg_gap"
COMBINE = "units.merge.combine"


@dataclass(slots=True)
class GroupScores:
    """The steps of one group, up to a view with a score for each member."""

    rules: SchemeRules
    group: GroupRule
    lowerer: Lowerer
    capacity: int
    scale: int  # decimals of the scheme's scores
    prefix: str
    lines: list[LinePlan] = field(default_factory=list)
    most: int = 0  # greatest absolute score in whole units, known once the steps are made

    def lower(self) -> None:
        """Lower the lines, so that the subjects' table knows what is read."""
        self.lines = GroupLines(self.group, self.lowerer, self.capacity).lower()
        for adjust in self.group.adjust:
            self._adjusting.points(adjust)

    @property
    def scored(self) -> str:
        """Return the view with the group's scores."""
        return f"{self.prefix}__scored"

    def steps(self, scope: str) -> list[Step]:
        """Return the steps from the scheme's list to the group's scores."""
        steps = [Step(f"{self.prefix}__members", self._members(scope), f"group {self.group.id}")]
        for over in self._overs():
            name = f"{self.prefix}__{_alias(over)}"
            steps.append(
                Step(name, self._figures(over, scope), f"figures over {over}", is_kept=True)
            )
        steps.append(Step(f"{self.prefix}__raw", self._raw(), "points before missing is settled"))
        if mean_inputs(self.lines):
            note = "mean points over the known"
            steps.append(Step(f"{self.prefix}__means", self._means(), note, is_kept=True))
        steps.append(Step(self.scored, self._scored(), "points, adjustments, score"))
        return steps

    # -- members and their figures --------------------------------------------------------

    def _members(self, scope: str) -> exp.Select:
        figures = [sql.alias(line.x.top, figure_name(line)) for line in self.lines]
        mine = sql.binary("=", column(GROUP), sql.text(self.group.id))
        return (
            exp.Select(expressions=[exp.Star(), *figures])
            .from_(sql.table(scope), copy=False)
            .where(sql.every([is_scored(), mine]), copy=False)
        )

    def _overs(self) -> list[str]:
        return list(dict.fromkeys(f.over for line in self.lines for f in line.figures))

    def figures(self) -> list[FigureColumn]:
        """Return every figure of the group's lines."""
        return [f for line in self.lines for f in line.figures]

    def _figures(self, over: str, scope: str) -> exp.Select:
        """Return the figures over one set: the group, everybody rated, or each value of a field."""
        mine = [f for f in self.figures() if f.over == over]
        key = self.set_key(mine[0])
        inputs = [sql.alias(node, name) for f in mine for name, node in f.inputs.items()]
        keys = [sql.alias(key, "figure_key")] if key is not None else []
        source = scope if self._takes_all(over) else f"{self.prefix}__members"
        query = exp.Select(expressions=[*keys, *inputs]).from_(sql.table(source), copy=False)
        if self._takes_all(over):
            query = query.where(is_scored(), copy=False)
        if self.rules.scores_twice:
            query = query.where(counts_once(), copy=False)
        query = self._windowed(query, mine, key is not None)
        finished = [sql.alias(f.finished, f.name) for f in mine]
        kept = [column("figure_key")] if key is not None else []
        made = exp.Select(expressions=[*kept, *finished]).from_(
            sql.subquery(query, "inputs"), copy=False
        )
        return made.group_by(column("figure_key"), copy=False) if key is not None else made

    def _windowed(self, query: exp.Select, mine: list[FigureColumn], has_key: bool) -> exp.Select:
        windows = [(n, w) for f in mine for n, w in f.windows.items()]
        if not windows:
            return query
        for _, window in windows:
            if has_key:
                window.set("partition_by", [column("figure_key")])
        made = [sql.alias(w, n) for n, w in windows]
        return exp.Select(expressions=[exp.Star(), *made]).from_(
            sql.subquery(query, "members"), copy=False
        )

    def set_key(self, figure: FigureColumn) -> Node | None:
        """Return what parts the figures of one set: the list, or a field; None for one figure."""
        from kaogong.language.expression import NOW, Read
        from kaogong.plan.scheme.ranking import pool_of

        if figure.over == "pool":
            return pool_of(self.group, self.lowerer)
        fact = figure.rule.over_fact
        return None if fact is None else self.lowerer.node(Read(fact, NOW, figure.rule.span))

    def set_keys(self) -> dict[str, Node]:
        """Return, for each field that figures are taken over, a member's value of it as text."""
        made: dict[str, Node] = {}
        for figure in self.figures():
            fact, key = figure.rule.over_fact, self.set_key(figure)
            if fact is not None and key is not None:
                made[fact.id] = sql.as_text(key)
        return made

    def figures_table(self, figure: FigureColumn) -> str:
        """Return the step that holds a figure."""
        return f"{self.prefix}__{_alias(figure.over)}"

    def _takes_all(self, over: str) -> bool:
        """Tell whether a figure looks beyond the group: at all, or at a list of all groups."""
        rank = self.group.rank
        return over == "all" or (
            over == "pool" and isinstance(rank, RankRule) and not rank.by_group
        )

    # -- points ---------------------------------------------------------------------------

    def _raw(self) -> exp.Select:
        members = f"{self.prefix}__members"
        columns = [
            exp.Column(this=exp.Star(), table=exp.to_identifier("members", quoted=True)),
            *(
                sql.alias(node, name)
                for line in self.lines
                for name, node in line.raw_columns().items()
            ),
        ]
        query = exp.Select(expressions=columns).from_(sql.table(members, "members"), copy=False)
        for over in self._overs():
            name = f"{self.prefix}__{_alias(over)}"
            figure = next(f for f in self.figures() if f.over == over)
            key = self.set_key(figure)
            if key is None:
                query = query.join(sql.table(name, _alias(over)), join_type="cross", copy=False)
            else:
                on = sql.binary("=", column("figure_key", _alias(over)), key)
                query = query.join(
                    sql.table(name, _alias(over)), on=on, join_type="left", copy=False
                )
        return query

    def _means(self) -> exp.Select:
        columns: list[Node] = []
        for line in mean_inputs(self.lines):
            known = line.number().top
            if line.rule.zero == "missing":
                nonzero = sql.binary("<>", column(figure_name(line)), sql.integer(0))
                known = sql.case([(nonzero, known)])
            columns.append(sql.alias(exp.Sum(this=known), f"sum__{line.rule.id}"))
            columns.append(sql.alias(exp.Count(this=known), f"count__{line.rule.id}"))
            if line.raw.bottom is not None:
                bottom = exp.Max(this=column(line.bottom_column))
                columns.append(sql.alias(bottom, f"base__{line.rule.id}"))
        query = exp.Select(expressions=columns).from_(sql.table(f"{self.prefix}__raw"), copy=False)
        return query.where(counts_once(), copy=False) if self.rules.scores_twice else query

    def _scored(self) -> exp.Select:
        """Return the members with shown points, adjustments, score, and the first gap."""
        numbers = {line.rule.id: self._settled(line) for line in self.lines}
        adjusts = {a.id: self._adjusting.points(a) for a in self.group.adjust}
        shown = {id: self._shown(number) for id, number in numbers.items()}
        inside = self._from_raw(
            [sql.alias(n.top, f"item__{id}") for id, n in shown.items()]
            + [sql.alias(n.top, f"adjust__{id}") for id, n in adjusts.items()]
            + [sql.alias(self._exact_total(numbers, shown), "kg_exact")]
        )
        total_adjust = self._adjusting.total()
        items = column("kg_exact")
        made = self._adjusting.floored(
            added(
                replace(self._total_range(numbers), top=items),
                total_adjust, "+",
            )
        )  # fmt: skip
        score = rounded(made, self._unit)
        self.most = score.most
        columns = [
            exp.Star(),
            sql.alias(items, ITEMS),
            sql.alias(rounded(total_adjust, self._unit).top, ADJUST),
            sql.alias(self._narrow(score), SCORE),
            sql.alias(self._gap(), GAP),
        ]
        return exp.Select(expressions=columns).from_(sql.subquery(inside, "points"), copy=False)

    def _total_range(self, numbers: dict[str, Number]) -> Number:
        """Return a number with the range of the sum of lines, in whole units of the score."""
        if not numbers or any(line.rule.missing == "drop" for line in self.lines):
            return Number(column(ITEMS), -(10**15), 10**15, None, 1, self._unit, self.group.span)
        shown = [self._shown(n) for n in numbers.values()]
        low, high = sum(n.low for n in shown), sum(n.high for n in shown)
        slack = len(shown) + 1
        return Number(
            column(ITEMS), low - slack, high + slack, None, 1, self._unit, self.group.span
        )

    def _narrow(self, number: Number) -> Node:
        return sql.narrow(number.top, number.most)

    @property
    def _adjusting(self) -> Adjusting:
        return Adjusting(self.rules, self.group, self.lowerer, self._unit)

    @property
    def _unit(self) -> Fraction:
        return Fraction(1, 10**self.scale)

    def _from_raw(self, columns: list[Node]) -> exp.Select:
        star = exp.Column(this=exp.Star(), table=exp.to_identifier("raw", quoted=True))
        query = exp.Select(expressions=[star, *columns]).from_(
            sql.table(f"{self.prefix}__raw", "raw"), copy=False
        )
        if mean_inputs(self.lines):
            means = sql.table(f"{self.prefix}__means", "means")
            query = query.join(means, join_type="cross", copy=False)
        return query

    def _settled(self, line: LinePlan) -> Number:
        mean = mean_number(line, self.capacity) if line.rule.missing == "mean" else None
        return settled(line, mean)

    def _shown(self, number: Number) -> Number:
        made = rounded(number, self._unit)
        top = sql.narrow(made.top, made.most)
        return Number(top, made.low, made.high, None, 1, self._unit, number.span)

    def _exact_total(self, numbers: dict[str, Number], shown: dict[str, Number]) -> Node:
        """Return the sum of the lines in whole units: of rounded items, or rounded once."""
        if not numbers:
            return sql.null("number")
        points = shown if all(line.rounds_item for line in self.lines) else numbers
        if any(line.rule.missing == "drop" for line in self.lines):
            return sql.cast(rounded(self._rescaled(points), self._unit).top, "bigint")
        total = sum_of(list(points.values()))
        return self._narrow(rounded(total, self._unit))

    def _rescaled(self, points: dict[str, Number]) -> Number:
        """Return the points of the known lines, stretched to the weights of all (permu:E32)."""
        zero = constant(Fraction(0), self.group.span)
        known_points: list[Number] = []
        known_weights: list[Number] = []
        for line in self.lines:
            own = points[line.rule.id]
            if line.rule.missing == "drop":
                missing = is_missing(line)
                own = chosen([(missing, zero)], own, line.rule.span)
                known_weights.append(chosen([(missing, zero)], line.weight, line.rule.span))
            else:
                known_weights.append(line.weight)
            known_points.append(own)
        from kaogong.plan.number import divided

        stretched = multiplied(sum_of(known_points), sum_of([line.weight for line in self.lines]))
        return divided(stretched, sum_of(known_weights), allow_negative=False)

    def _gap(self) -> Node:
        """Return the number of the first part that is unknown, null where all are known."""
        codes = {address: n for n, address in enumerate(gap_addresses(self.rules), 1)}
        branches = [
            (_is_open(line), sql.integer(codes[f"scores.{line.rule.id}"])) for line in self.lines
        ]
        branches += [
            (sql.is_null(column(f"adjust__{a.id}")), sql.integer(codes[f"adjust.{a.id}"]))
            for a in self.group.adjust
        ]
        branches += [
            (sql.boolean(True), sql.integer(codes[_address(slot)])) for slot in self._opens()
        ]
        made = sql.case(branches, sql.null("number")) if branches else sql.null("number")
        return sql.cast(made, "integer")

    @property
    def gap_is_told_by_score(self) -> bool:
        """Tell whether a known score says by itself that no part of it is unknown."""
        return not self._opens() and all(line.rule.missing != "drop" for line in self.lines)

    def _opens(self) -> list[Open]:
        """Return the open tables without which no score of this group is known."""
        return _open_tables([*self.group.opens, *self.rules.opens])


def _is_open(line: LinePlan) -> Node:
    """Return whether a line's points are unknown; a dropped line needs none."""
    unknown_points = sql.is_null(column(f"item__{line.rule.id}"))
    if line.rule.missing != "drop":
        return unknown_points
    return sql.every([unknown_points, sql.negate(is_missing(line))])


def gap_addresses(rules: SchemeRules) -> list[str]:
    """Return the address of every part that can keep a subject without a score."""
    found: dict[str, None] = {}
    for group in rules.groups:
        found |= dict.fromkeys(f"scores.{line.id}" for line in group.lines)
        found |= dict.fromkeys(f"adjust.{a.id}" for a in group.adjust)
        found |= dict.fromkeys(_address(s) for s in _open_tables([*group.opens, *rules.opens]))
    return [*found, *([COMBINE] if rules.scores_twice else [])]


def _open_tables(opens: list[Open]) -> list[Open]:
    wanted = ("scores", "scoring", "adjust", "total")
    return [slot for slot in opens if slot.place.rsplit(".", 1)[-1] in wanted]


def _address(slot: Open) -> str:
    return slot.place.partition(".")[2]


def _alias(over: str) -> str:
    return "figures" if over == "group" else f"figures_{over}"
