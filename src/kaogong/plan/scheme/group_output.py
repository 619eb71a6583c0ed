"""The relation `scheme_group`: what lines were held against, and how many places classes hold.

A line has a row for its group. A figure taken over each list, or over the values of a field, has a
row for each of these sets besides, so that every benchmark of a run can be looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.language.fact import Fact
from kaogong.plan import sql
from kaogong.plan.merging import counts_once
from kaogong.plan.number import rounded
from kaogong.plan.scheme import classes as classing
from kaogong.plan.scheme.compiled import Compiled
from kaogong.plan.scheme.figures import FigureColumn
from kaogong.plan.scheme.lines import LinePlan
from kaogong.plan.scheme.listing import RATED_ROW
from kaogong.plan.scheme.placing import class_bounds
from kaogong.plan.scheme.population import GROUP
from kaogong.plan.scheme.ranking import POOL, Bounds
from kaogong.plan.scheme.scores import GroupScores
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Column, Output
from kaogong.programme.rules import FigureRule, GroupRule

HELD = ("benchmark", "low", "high")  # what a line may be held against
COUNTED = "kg_count"
ONE_FIGURE = {"group": "figures", "all": "figures_all"}  # sets with one figure for a whole group


def text_column(name: str, zh: str, en: str) -> Column:
    """Return a column of texts."""
    return Column(name, "text", titles={"zh": zh, "en": en})


def count_column(name: str, zh: str, en: str) -> Column:
    """Return a column of counts."""
    return Column(name, "number", titles={"zh": zh, "en": en}, most=10**9)


def group_output(compiled: Compiled) -> Output:
    """Return, for each group and list, the benchmarks, lows, highs and quotas it used."""
    rules = compiled.rules
    scale = _group_scale(compiled)
    columns = (
        text_column("document", "文件", "document"),
        text_column("version", "版本", "version"),
        text_column("period", "期间", "period"),
        text_column("group", "分组", "group"),
        text_column("pool", "排序范围", "pool"),
        text_column("item", "项目", "item"),
        Column("benchmark", "number", scale, titles={"zh": "基准值", "en": "benchmark"}),
        Column("low", "number", scale, titles={"zh": "最低值", "en": "low"}),
        Column("high", "number", scale, titles={"zh": "最高值", "en": "high"}),
        count_column("count", "数量", "count"),
        count_column("quota", "名额", "quota"),
        text_column("over", "统计范围", "figures over"),
        text_column("of", "范围取值", "of"),
    )
    order = ("group", "pool", "item", "over", "of")
    selects = [s for scores in compiled.groups for s in _rows_of(compiled, scores, scale)]
    if not selects:
        nobody = [
            sql.alias(sql.null("number" if c.kind == "number" else "text"), c.name) for c in columns
        ]
        query = exp.Select(expressions=nobody).where(sql.boolean(False), copy=False)
        return Output("scheme_group", rules.id, query, columns, order, is_whole=True)
    made: exp.Expression = selects[0]
    for select in selects[1:]:
        made = exp.Union(this=made, expression=select, distinct=False)
    whole = exp.Subquery(this=made, alias=exp.TableAlias(this=exp.to_identifier("rows")))
    query = exp.Select(expressions=[column(c.name) for c in columns]).from_(whole, copy=False)
    return Output("scheme_group", rules.id, query, columns, order, is_whole=True)


def _group_scale(compiled: Compiled) -> int:
    facts = [x.fact for g in compiled.rules.groups for x in g.lines if isinstance(x.fact, Fact)]
    return max([8, *(f.scale or 0 for f in facts)])


def _rows_of(compiled: Compiled, scores: GroupScores, scale: int) -> list[exp.Select]:
    limits = class_bounds(scores.group)
    return [
        *(_line_row(compiled, scores, line, scale) for line in scores.lines),
        *(row for line in scores.lines for row in _set_rows(compiled, scores, line, scale)),
        *(
            _class_row(compiled, scores, cut.id, limits.get(cut.id))
            for cut in scores.group.classes
            if not cut.outside
        ),
    ]


def _line_row(compiled: Compiled, scores: GroupScores, line: LinePlan, scale: int) -> exp.Select:
    """Return what one line is held against, in the unit of its indicator."""
    unit = _whole_unit(line, scale)
    figures = {f.name: f for f in line.figures}
    held: dict[str, Node] = {}
    for role in HELD:
        written = getattr(line.rule, role)
        figure = figures.get(f"{role}__{line.rule.id}")
        if figure is not None and figure.over in ONE_FIGURE:
            held[role] = rounded(figure.number, unit).top
        elif written is not None and not isinstance(written, FigureRule | Open):
            held[role] = rounded(compiled.lowerer.number(written), unit).top
        else:
            held[role] = sql.null("number")
    known = exp.Count(this=column(f"x__{line.rule.id}", "members"))
    inside = exp.Select(expressions=[sql.alias(known, "known")]).from_(
        sql.table(f"{scores.prefix}__members", "members"), copy=False
    )
    if compiled.rules.scores_twice:
        inside = inside.where(counts_once(), copy=False)
    row = _GroupRow(
        scores.group.id, sql.null("text"), line.rule.id, held,
        column("known", "counted"), sql.null("number"),
    )  # fmt: skip
    columns = _columns(compiled, row)
    query = exp.Select(expressions=columns).from_(sql.subquery(inside, "counted"), copy=False)
    for over in dict.fromkeys(f.over for f in line.figures if f.over in ONE_FIGURE):
        alias = ONE_FIGURE[over]
        table = sql.table(f"{scores.prefix}__{alias}", alias)
        query = query.join(table, join_type="cross", copy=False)
    return query


def _whole_unit(line: LinePlan, scale: int) -> Fraction:
    fact = line.rule.fact
    return fact.kind.unit.factor / Fraction(10) ** scale if isinstance(fact, Fact) else Fraction(1)


def _set_rows(
    compiled: Compiled, scores: GroupScores, line: LinePlan, scale: int
) -> Iterator[exp.Select]:
    """Yield, for each way to part the members, the figures of a line of each of its sets."""
    unit = _whole_unit(line, scale)
    parted = [f for f in line.figures if f.over not in ONE_FIGURE]
    for over in dict.fromkeys(f.over for f in parted):
        mine = {f.name: rounded(f.number, unit).top for f in parted if f.over == over}
        held = {role: mine.get(f"{role}__{line.rule.id}", sql.null("number")) for role in HELD}
        yield _set_row(compiled, scores, next(f for f in parted if f.over == over), held)


def _set_row(
    compiled: Compiled, scores: GroupScores, figure: FigureColumn, held: Mapping[str, Node]
) -> exp.Select:
    """Return the figures of each set that members of the group stand in, and its known here."""
    item, alias = figure.line.id, figure.number.top.args["table"].name
    key = scores.set_key(figure)
    assert key is not None
    at = column("set_key", "counted")
    known = exp.Count(this=column(f"x__{item}"))
    once = [counts_once()] if compiled.rules.scores_twice else []
    inside = (
        exp.Select(expressions=[sql.alias(key, "set_key"), sql.alias(known, "known")])
        .from_(sql.table(f"{scores.prefix}__members"), copy=False)
        .where(sql.every([sql.is_known(key.copy()), *once]), copy=False)
        .group_by(key.copy(), copy=False)
    )
    row = _GroupRow(
        scores.group.id, at if figure.over == "pool" else sql.null("text"), item, held,
        column("known", "counted"), sql.null("number"), figure.set_name,
        sql.as_text(at.copy()),
    )  # fmt: skip
    on = sql.binary("=", column("figure_key", alias), at.copy())
    return (
        exp.Select(expressions=_columns(compiled, row))
        .from_(sql.subquery(inside, "counted"), copy=False)
        .join(sql.table(scores.figures_table(figure), alias), on=on, join_type="left", copy=False)
    )


def counted(placed: str, groups: Sequence[GroupRule]) -> exp.Select:
    """Return how many stand in each class of each list, by rank and after moves, and quotas."""
    keys = [column(name) for name in (GROUP, POOL, classing.RANK, classing.PLACED, RATED_ROW)]
    quotas = [
        sql.alias(exp.Max(this=bound.quota), bound.quota.name)
        for group in groups for bound in class_bounds(group).values()
    ]  # fmt: skip
    return (
        exp.Select(expressions=[*keys, sql.alias(exp.Count(this=exp.Star()), COUNTED), *quotas])
        .from_(sql.table(placed), copy=False)
        .group_by(*(key.copy() for key in keys), copy=False)
    )


def _class_row(
    compiled: Compiled, scores: GroupScores, name: str, bound: Bounds | None
) -> exp.Select:
    """Return, for each list, how many a class holds by rank, and its quota."""
    quota = exp.Max(this=bound.quota) if bound is not None else sql.null("number")
    number = scores.group.class_order().index(name) + 1
    mine = sql.binary("=", column(classing.RANK), sql.integer(number))
    count = exp.Sum(this=sql.case([(mine, column(COUNTED))], sql.integer(0)))
    row = _GroupRow(
        scores.group.id, column(POOL), name, dict.fromkeys(HELD, sql.null("number")),
        sql.cast(count, "bigint"), sql.cast(quota, "bigint"),
    )  # fmt: skip
    columns = _columns(compiled, row)
    return (
        exp.Select(expressions=columns)
        .from_(sql.table(compiled.at("counted")), copy=False)
        .where(sql.binary("=", column(GROUP), sql.text(scores.group.id)), copy=False)
        .group_by(column(POOL), copy=False)
    )


@dataclass(frozen=True, slots=True)
class _GroupRow:
    """One row of `scheme_group`: what a line is held against, or how many a class holds."""

    group: str
    pool: Node
    item: str
    held: Mapping[str, Node]  # by role
    count: Node
    quota: Node
    over: str = ""  # pool or the id of a field, where the figures are of one of many sets
    of: Node | None = None  # which of them


def _columns(compiled: Compiled, row: _GroupRow) -> list[Node]:
    return [
        sql.alias(sql.text(compiled.rules.id), "document"),
        sql.alias(sql.text(compiled.version), "version"),
        sql.alias(sql.text(compiled.period), "period"),
        sql.alias(sql.text(row.group), "group"),
        sql.alias(row.pool, "pool"),
        sql.alias(sql.text(row.item), "item"),
        *(sql.alias(row.held[role], role) for role in HELD),
        sql.alias(row.count, "count"),
        sql.alias(row.quota, "quota"),
        sql.alias(sql.text(row.over) if row.over else sql.null("text"), "over"),
        sql.alias(sql.null("text") if row.of is None else row.of, "of"),
    ]
