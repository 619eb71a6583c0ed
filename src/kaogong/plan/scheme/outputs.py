"""What a scheme's run puts out: `scheme_result`, `scheme_part`, `scheme_group` (language, 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from kaogong.language.fact import Fact
from kaogong.plan import sql
from kaogong.plan.merging import UNIT
from kaogong.plan.scheme import classes as classing
from kaogong.plan.scheme.compiled import Compiled
from kaogong.plan.scheme.group_output import count_column, group_output, text_column
from kaogong.plan.scheme.holding import HOLDING, part_column, result_columns
from kaogong.plan.scheme.listing import OVER, RATED_ROW
from kaogong.plan.scheme.population import GROUP, is_scored, of_leave, reason, state
from kaogong.plan.scheme.ranking import BASE, PLACE, POOL, RATED
from kaogong.plan.scheme.scores import ADJUST, GAP, ITEMS, SCORE, gap_addresses
from kaogong.plan.scheme.undecided import undecided
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Column, Output
from kaogong.programme.rules import SchemeRules

RELATIONS = ("scheme_result", "scheme_part", "scheme_group")


def of_scheme(compiled: Compiled, relations: Sequence[str]) -> list[Output]:
    """Return the wanted outputs of a compiled scheme."""
    return [_OUTPUTS[name](compiled) for name in relations]


def _head(compiled: Compiled) -> list[tuple[Column, Node]]:
    return [
        (text_column("document", "文件", "document"), sql.text(compiled.rules.id)),
        (text_column("version", "版本", "version"), sql.text(compiled.version)),
        (text_column("period", "期间", "period"), sql.text(compiled.period)),
    ]


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
        (text_column("subject", "主体", "subject"), _subject(compiled)),
        (text_column("merged_into", "并入", "merged into"), _merged_into(compiled)),
        (text_column("group", "分组", "group"), group),
        (text_column("pool", "排序范围", "pool"), column(POOL)),
        (text_column("state", "状态", "state"), state(rules, has_gap)),
        (text_column("reason", "原因", "reason"), _reason(rules, has_gap.copy())),
        (points("score_items", "评分项得分", "points of the lines"), column(ITEMS)),
        (points("score_adjust", "加减分", "adjustments"), column(ADJUST)),
        (points("score", "总分", "score"), column(SCORE)),
        (count_column("rank", "名次", "rank"), column(PLACE)),
        (count_column("rank_change", "名次变化", "change of rank"), sql.null("number")),
        (count_column("pool_size", "参排数", "ranked in the pool"), column(RATED)),
        (count_column("quota_base", "比例基数", "base of the quota"), column(BASE)),
        (text_column("class_ranked", "排序档次", "class by rank"), ranked),
        (text_column("class", "档次", "class"), sql.coalesce([final, left_class])),
        (text_column("treated_as", "参照档次", "treated as"), treated_as),
        (text_column("moved_by", "调档依据", "moved by"), column(classing.MOVED_BY)),
        (Column("trial", "yes_no", titles={"zh": "试评", "en": "trial"}), sql.boolean(rules.trial)),
    ]
    if rules.scores_twice:
        own = result_columns()
        columns += [
            (text_column("unit", "评价单元", "unit"), own["unit"]),
            (text_column("scored_as", "取用结果", "scored as"), own["scored_as"]),
            (points("score_merged", "合并得分", "score of the unit"), own["score_merged"]),
            (points("score_alone", "单独得分", "score alone"), own["score_alone"]),
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
    members = exp.Select(
        expressions=[
            sql.alias(column(SUBJECT), MEMBER), column(UNIT),
            *(column(c) for c in (HOLDING if compiled.rules.scores_twice else ())),
        ]
    ).from_(sql.table(compiled.units or ""), copy=False)  # fmt: skip
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
        (text_column("subject", "主体", "subject"), column(SUBJECT)),
        (text_column("group", "分组", "group"), column(GROUP)),
    ]
    if rules.scores_twice:
        columns.append((text_column("scored_as", "评价方式", "scored as"), part_column()))
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
    for fact in _set_facts(compiled):
        name = f"{OVER}{fact.id}"
        columns.append((Column(name, "text", titles=fact.title), column(name)))
    constants = [sql.alias(n, c) for c, n in compiled.listing.constants().items()]
    listed = exp.Select(expressions=[exp.Star(), *constants]).from_(
        sql.table(compiled.at("both" if rules.scores_twice else "listed")), copy=False
    )
    query = exp.Select(expressions=[sql.alias(n, c.name) for c, n in columns]).from_(
        sql.subquery(listed, "listed"), copy=False
    )
    query = query.where(is_scored(), copy=False)
    order = ("subject", "scored_as") if rules.scores_twice else ("subject",)
    return Output("scheme_part", rules.id, query, tuple(c for c, _ in columns), order)


def _figure_column(item: str, lines: list) -> Column:  # type: ignore[type-arg]
    facts = [line.fact for line in lines if isinstance(line.fact, Fact)]
    if not facts:
        return Column(f"value__{item}", "number", titles=lines[0].title)
    scale = max(f.scale or 0 for f in facts)
    return Column(f"value__{item}", "number", scale, facts[0].kind.unit.text, facts[0].title)


def _set_facts(compiled: Compiled) -> list[Fact]:
    """Return the fields that figures are taken over."""
    rules = [f.rule for scores in compiled.groups for f in scores.figures()]
    return list({r.over_fact.id: r.over_fact for r in rules if r.over_fact is not None}.values())


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
        (count_column("rank", "名次", "rank"), column(PLACE)),
        (text_column("class", "档次", "class"), number),
    ]
    query = exp.Select(expressions=[sql.alias(n, c.name) for c, n in columns]).from_(
        sql.table(compiled.at("placed")), copy=False
    )
    return Output("scheme_points", rules.id, query, tuple(c for c, _ in columns), ())


_OUTPUTS: Mapping[str, Callable[[Compiled], Output]] = {
    "scheme_result": _result,
    "scheme_part": _part,
    "scheme_group": group_output,
    "scheme_points": _points,
}
