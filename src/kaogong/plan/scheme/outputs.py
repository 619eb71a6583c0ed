"""What a scheme's run puts out: `scheme_result`, `scheme_part`, `scheme_group` (language, 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.language.fact import Fact
from kaogong.plan import sql
from kaogong.plan.merging import UNIT
from kaogong.plan.number import rounded
from kaogong.plan.scheme import classes as classing
from kaogong.plan.scheme.compiled import Compiled
from kaogong.plan.scheme.lines import LinePlan
from kaogong.plan.scheme.listing import RATED_ROW
from kaogong.plan.scheme.placing import class_bounds
from kaogong.plan.scheme.population import GROUP, is_scored, of_leave, reason, state
from kaogong.plan.scheme.ranking import BASE, PLACE, POOL, RATED, Bounds
from kaogong.plan.scheme.scores import ADJUST, GAP, ITEMS, SCORE, GroupScores, gap_addresses
from kaogong.plan.scheme.undecided import undecided
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Column, Output
from kaogong.programme.rules import FigureRule, SchemeRules

RELATIONS = ("scheme_result", "scheme_part", "scheme_group")
HELD = ("benchmark", "low", "high")  # what a line may be held against


def of_scheme(compiled: Compiled, relations: Sequence[str]) -> list[Output]:
    """Return the wanted outputs of a compiled scheme."""
    return [_OUTPUTS[name](compiled) for name in relations]


def _head(compiled: Compiled) -> list[tuple[Column, Node]]:
    return [
        (_text("document", "文件", "document"), sql.text(compiled.rules.id)),
        (_text("version", "版本", "version"), sql.text(compiled.version)),
        (_text("period", "期间", "period"), sql.text(compiled.period)),
    ]


def _text(name: str, zh: str, en: str) -> Column:
    return Column(name, "text", titles={"zh": zh, "en": en})


def _count(name: str, zh: str, en: str) -> Column:
    return Column(name, "number", titles={"zh": zh, "en": en}, most=10**9)


def _result(compiled: Compiled) -> Output:
    rules, scale = compiled.rules, compiled.scale
    scored = Column("", "number", scale, "分", most=10**12)

    def points(name: str, zh: str, en: str) -> Column:
        return Column(name, "number", scale, scored.unit, {"zh": zh, "en": en}, scored.most)

    group = column(GROUP)
    ranked = classing.class_name(rules.groups, group, column(classing.RANK))
    final = classing.class_name(rules.groups, group, column(classing.PLACED))
    left_class, treated_as = of_leave(rules.leaves, "class_"), of_leave(rules.leaves, "treated_as")
    has_gap = sql.negate(column(RATED_ROW))
    columns: list[tuple[Column, Node]] = [
        *_head(compiled),
        (_text("subject", "主体", "subject"), _subject(compiled)),
        (_text("merged_into", "并入", "merged into"), _merged_into(compiled)),
        (_text("group", "分组", "group"), group),
        (_text("pool", "排序范围", "pool"), column(POOL)),
        (_text("state", "状态", "state"), state(rules, has_gap)),
        (_text("reason", "原因", "reason"), _reason(rules, has_gap.copy())),
        (points("score_items", "评分项得分", "points of the lines"), column(ITEMS)),
        (points("score_adjust", "加减分", "adjustments"), column(ADJUST)),
        (points("score", "总分", "score"), column(SCORE)),
        (_count("rank", "名次", "rank"), column(PLACE)),
        (_count("rank_change", "名次变化", "change of rank"), sql.null("number")),
        (_count("pool_size", "参排数", "ranked in the pool"), column(RATED)),
        (_count("quota_base", "比例基数", "base of the quota"), column(BASE)),
        (_text("class_ranked", "排序档次", "class by rank"), ranked),
        (_text("class", "档次", "class"), sql.coalesce([final, left_class])),
        (_text("treated_as", "参照档次", "treated as"), treated_as),
        (_text("moved_by", "调档依据", "moved by"), column(classing.MOVED_BY)),
        (Column("trial", "yes_no", titles={"zh": "试评", "en": "trial"}), sql.boolean(rules.trial)),
    ]
    query = exp.Select(expressions=[sql.alias(node, c.name) for c, node in columns]).from_(
        _placed(compiled), copy=False
    )
    return Output("scheme_result", rules.id, query, tuple(c for c, _ in columns), ("subject",))


def _reason(rules: SchemeRules, has_gap: Node) -> Node:
    """Return what keeps a row from a score, or a scored one from a class."""
    unscored = reason(rules, column(GAP), gap_addresses(rules), has_gap)
    is_rated = column(RATED_ROW)
    unclassed = sql.case([(is_rated, undecided(rules))], sql.null("text"))
    return sql.coalesce([unscored, unclassed])


MEMBER = "kg_member"
ONE_FIGURE = {"group": "figures", "all": "figures_all"}  # sets with one figure for a whole group


def _subject(compiled: Compiled) -> Node:
    return column(MEMBER) if compiled.is_merged else column(SUBJECT)


def _merged_into(compiled: Compiled) -> Node:
    if not compiled.is_merged:
        return sql.null("text")
    elsewhere = sql.binary("<>", column(MEMBER), column(UNIT))
    return sql.case([(elsewhere, column(UNIT))], sql.null("text"))


def _placed(compiled: Compiled) -> Node:
    """Return the placed rows: of subjects, or of units with a row for each member (permu:E06)."""
    if not compiled.is_merged:
        return sql.table(compiled.at("placed"))
    members = exp.Select(expressions=[sql.alias(column(SUBJECT), MEMBER), column(UNIT)]).from_(
        sql.table(compiled.units or ""), copy=False
    )
    on = sql.binary("=", column(SUBJECT, "placed"), column(UNIT, "members"))
    joined = (
        exp.Select(expressions=[exp.Star()])
        .from_(sql.table(compiled.at("placed"), "placed"), copy=False)
        .join(sql.subquery(members, "members"), on=on, copy=False)
    )
    return sql.subquery(joined, "shared")


def _part(compiled: Compiled) -> Output:
    """Return the figure and the points of each line, one row a subject: what explains a score."""
    rules, scale = compiled.rules, compiled.scale
    columns: list[tuple[Column, Node]] = [
        *_head(compiled),
        (_text("subject", "主体", "subject"), column(SUBJECT)),
        (_text("group", "分组", "group"), column(GROUP)),
    ]
    for item in rules.items():
        lines = [line for g in rules.groups for line in g.lines if line.id == item]
        figure, titles = _figure_column(item, lines), lines[0].title
        columns.append((figure, column(f"x__{item}")))
        points = Column(f"points__{item}", "number", scale, "分", titles, 10**12)
        columns.append((points, column(f"item__{item}")))
    for adjust in compiled.listing.adjusts():
        title = next(a.title for g in rules.groups for a in g.adjust if a.id == adjust)
        columns.append(
            (Column(f"adjust__{adjust}", "number", scale, "分", title, 10**12),
             column(f"adjust__{adjust}"))
        )  # fmt: skip
    constants = [sql.alias(n, c) for c, n in compiled.listing.constants().items()]
    listed = exp.Select(expressions=[exp.Star(), *constants]).from_(
        sql.table(compiled.at("listed")), copy=False
    )
    query = exp.Select(expressions=[sql.alias(n, c.name) for c, n in columns]).from_(
        sql.subquery(listed, "listed"), copy=False
    )
    query = query.where(is_scored(), copy=False)
    return Output("scheme_part", rules.id, query, tuple(c for c, _ in columns), ("subject",))


def _figure_column(item: str, lines: list) -> Column:  # type: ignore[type-arg]
    facts = [line.fact for line in lines if isinstance(line.fact, Fact)]
    if not facts:
        return Column(f"value__{item}", "number", titles=lines[0].title)
    scale = max(f.scale or 0 for f in facts)
    return Column(f"value__{item}", "number", scale, facts[0].kind.unit.text, facts[0].title)


def _group(compiled: Compiled) -> Output:
    """Return, for each group and list, the benchmarks, lows, highs and quotas it used."""
    rules = compiled.rules
    scale = _group_scale(compiled)
    columns = (
        _text("document", "文件", "document"),
        _text("version", "版本", "version"),
        _text("period", "期间", "period"),
        _text("group", "分组", "group"),
        _text("pool", "排序范围", "pool"),
        _text("item", "项目", "item"),
        Column("benchmark", "number", scale, titles={"zh": "基准值", "en": "benchmark"}),
        Column("low", "number", scale, titles={"zh": "最低值", "en": "low"}),
        Column("high", "number", scale, titles={"zh": "最高值", "en": "high"}),
        _count("count", "数量", "count"),
        _count("quota", "名额", "quota"),
    )
    selects = [s for scores in compiled.groups for s in _rows_of(compiled, scores, scale)]
    if not selects:
        nobody = [
            sql.alias(sql.null("number" if c.kind == "number" else "text"), c.name) for c in columns
        ]
        query = exp.Select(expressions=nobody).where(sql.boolean(False), copy=False)
        return Output("scheme_group", rules.id, query, columns, ("group", "pool", "item"))
    made: exp.Expression = selects[0]
    for select in selects[1:]:
        made = exp.Union(this=made, expression=select, distinct=False)
    whole = exp.Subquery(this=made, alias=exp.TableAlias(this=exp.to_identifier("rows")))
    query = exp.Select(expressions=[column(c.name) for c in columns]).from_(whole, copy=False)
    return Output("scheme_group", rules.id, query, columns, ("group", "pool", "item"))


def _group_scale(compiled: Compiled) -> int:
    facts = [x.fact for g in compiled.rules.groups for x in g.lines if isinstance(x.fact, Fact)]
    return max([8, *(f.scale or 0 for f in facts)])


def _rows_of(compiled: Compiled, scores: GroupScores, scale: int) -> list[exp.Select]:
    limits = class_bounds(scores.group)
    return [
        *(_line_row(compiled, scores, line, scale) for line in scores.lines),
        *(
            _class_row(compiled, scores, cut.id, limits.get(cut.id))
            for cut in scores.group.classes
            if not cut.outside
        ),
    ]


def _line_row(compiled: Compiled, scores: GroupScores, line: LinePlan, scale: int) -> exp.Select:
    """Return what one line is held against, in the unit of its indicator."""
    fact = line.rule.fact
    unit = fact.kind.unit.factor / Fraction(10) ** scale if isinstance(fact, Fact) else Fraction(1)
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


def _class_row(
    compiled: Compiled, scores: GroupScores, name: str, bound: Bounds | None
) -> exp.Select:
    """Return, for each list, how many a class holds by rank, and its quota."""
    quota = exp.Max(this=bound.quota) if bound is not None else sql.null("number")
    number = scores.group.class_order().index(name) + 1
    count = exp.Count(
        this=sql.case(
            [(sql.binary("=", column(classing.RANK), sql.integer(number)), sql.integer(1))]
        )
    )
    row = _GroupRow(
        scores.group.id, column(POOL), name, dict.fromkeys(HELD, sql.null("number")),
        count, sql.cast(quota, "bigint"),
    )  # fmt: skip
    columns = _columns(compiled, row)
    return (
        exp.Select(expressions=columns)
        .from_(sql.table(compiled.at("placed")), copy=False)
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
    ]


def _points(compiled: Compiled) -> Output:
    """Return the lean form: points of each line, score, rank and class, and no reasons."""
    rules, scale = compiled.rules, compiled.scale
    columns: list[tuple[Column, Node]] = [
        (Column("subject", "key", titles={"zh": "主体", "en": "subject"}), column(SUBJECT))
    ]
    for item in rules.items():
        line = next(x for s in compiled.groups for x in s.lines if x.rule.id == item)
        points = Column(
            f"points__{item}", "number", scale, "分", line.rule.title, line.number().most
        )
        columns.append((points, column(f"item__{item}")))
    number = classing.class_name(rules.groups, column(GROUP), column(classing.PLACED))
    columns += [
        (Column("score", "number", scale, "分", most=10**8), column(SCORE)),
        (_count("rank", "名次", "rank"), column(PLACE)),
        (_text("class", "档次", "class"), number),
    ]
    query = exp.Select(expressions=[sql.alias(n, c.name) for c, n in columns]).from_(
        sql.table(compiled.at("placed")), copy=False
    )
    return Output("scheme_points", rules.id, query, tuple(c for c, _ in columns), ())


_OUTPUTS: Mapping[str, Callable[[Compiled], Output]] = {
    "scheme_result": _result,
    "scheme_part": _part,
    "scheme_group": _group,
    "scheme_points": _points,
}
