"""What a policy's run puts out: `entitlement` and `entitlement_condition` (language, 6)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from kaogong.plan import sql
from kaogong.plan.asked import SCALE, Asked, figure_column, rows_of
from kaogong.plan.columns import Named, head, place_column, stacked, text_column
from kaogong.plan.policy.items import ITEM, ClauseColumns, Items
from kaogong.plan.policy.owed import ENTITLED
from kaogong.plan.scheme.compile import Setting
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Output
from kaogong.programme.policy_rules import LimitRule, PolicyRules

Sources = Sequence[tuple[Items, str]]


def of_policy(rules: PolicyRules, setting: Setting, sources: Sources) -> list[Output]:
    """Return the outputs of a policy over its tables of amounts."""
    first = head(rules.id, setting.version, setting.instant.period.text)
    first.append((text_column("subject", "主体", "subject"), column(SUBJECT)))
    return [_entitlement(rules, first, sources), _conditions(rules, first, sources)]


def _entitlement(rules: PolicyRules, first: list[Named], sources: Sources) -> Output:
    held = {id: limit for limit in rules.limits for id in limit.clauses}
    listed = [
        (_row(first, clause, held.get(clause.rule.id)), source)
        for items, source in sources
        for clause in items.columns
    ]
    columns = [c for c, _ in listed[0][0]] if listed else []
    query = stacked([_select(row, source) for row, source in listed], columns)
    order = ("subject", "clause", "item")
    return Output("entitlement", rules.id, query, tuple(columns), order, is_whole=True)


def _select(row: list[Named], source: str) -> exp.Select:
    aliased = [sql.alias(node.copy(), made.name) for made, node in row]
    return exp.Select(expressions=aliased).from_(sql.table(source), copy=False)


def _row(first: list[Named], clause: ClauseColumns, limit: LimitRule | None) -> list[Named]:
    rule = clause.rule
    is_entitled = sql.binary("=", clause.at("outcome"), sql.text(ENTITLED))
    low, high = (sql.case([(is_entitled.copy(), clause.at(end))]) for end in ("low", "high"))
    one = sql.null("number") if rule.is_range else low.copy()
    after = clause.at("after_limit")
    return [
        *first,
        (text_column("clause", "条款", "clause"), sql.text(rule.id)),
        (text_column("item", "对象", "item"), column(ITEM)),
        (text_column("outcome", "结论", "outcome"), clause.at("outcome")),
        (text_column("reason", "原因", "reason"), _reason(clause, limit)),
        _figure("amount_min", "最少金额", "least amount", low, clause),
        _figure("amount", "金额", "amount", one, clause),
        _figure("amount_max", "最多金额", "greatest amount", high, clause),
        (text_column("unit", "单位", "unit"), sql.text(rule.unit.text)),
        _figure("after_cap", "上限后", "after caps", clause.at("after_cap"), clause),
        _figure("after_limit", "限额后", "after limits", after, clause),
        _figure("after_budget", "预算后", "after budgets", after.copy(), clause),
        (text_column("payee", "收款方", "payee"), _text(rule.payee)),
        (text_column("limit", "限额", "limit"), _text("" if limit is None else limit.id)),
        (text_column("budget", "预算", "budget"), sql.null("text")),
        (text_column("gives", "支持方式", "gives"), sql.text(rule.gives)),
        (text_column("direction", "方向", "direction"), sql.text(rule.direction)),
    ]


def _text(text: str) -> Node:
    return sql.text(text) if text else sql.null("text")


def _figure(name: str, zh: str, en: str, node: Node, clause: ClauseColumns) -> Named:
    """Return a column of amounts; the decimals of the clause are widened to the relation's."""
    times = 10 ** (SCALE - clause.rule.scale)
    made = node if times == 1 else sql.binary("*", node, sql.integer(times))
    return figure_column(name, zh, en), made


def _reason(clause: ClauseColumns, limit: LimitRule | None) -> Node:
    """Return what bars or is not known; of one entitled, the limit that is not settled."""
    if limit is None:
        return clause.at("reason")
    unsettled = sql.every(
        [sql.is_known(clause.at("after_cap")), sql.is_null(clause.at("after_limit"))]
    )
    return sql.case([(unsettled, sql.text(f"limits.{limit.id}"))], clause.at("reason"))


def _conditions(rules: PolicyRules, first: list[Named], sources: Sources) -> Output:
    listed: list[tuple[list[Named], Asked, str]] = []
    for items, source in sources:
        for clause in items.columns:
            for one in clause.asked:
                before: list[Named] = [
                    *first,
                    (text_column("clause", "条款", "clause"), sql.text(clause.rule.id)),
                    (text_column("item", "对象", "item"), column(ITEM)),
                    (place_column("seq", "序号", "place"), sql.integer(len(listed) + 1)),
                ]
                listed.append((before, one, source))
    columns = [c for c, _ in (*listed[0][0], *listed[0][1].row())] if listed else []
    selects = [s for before, one, source in listed for s in rows_of([(before, one)], source)]
    query = stacked(selects, columns)
    order = ("subject", "clause", "item", "seq")
    relation = "entitlement_condition"
    return Output(relation, rules.id, query, tuple(columns), order, is_whole=True)
