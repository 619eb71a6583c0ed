"""What a ladder's run puts out: `ladder_result` and `ladder_condition` (language, 6)."""

from __future__ import annotations

from collections.abc import Sequence

from kaogong.plan import sql
from kaogong.plan.asked import Asked, rows_of
from kaogong.plan.columns import Named, head, place_column, select, stacked, text_column
from kaogong.plan.scheme.compile import Setting
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Column, Output
from kaogong.programme.ladder_rules import LadderRules, RungRule

RUNG = "kg_rung"  # number of the rung met, below zero the undecided one, zero for none
Rungs = Sequence[tuple[RungRule, Sequence[Asked]]]


def of_ladder(
    rules: LadderRules, setting: Setting, base: Sequence[Asked], rungs: Rungs, source: str
) -> list[Output]:
    """Return the outputs of a ladder over its table of standings."""
    first = head(rules.id, setting.version, setting.instant.period.text)
    first.append((text_column("subject", "主体", "subject"), column(SUBJECT)))
    return [_result(rules, first, base, rungs, source), _conditions(rules, first, base, rungs,
            source)]  # fmt: skip


def _result(
    rules: LadderRules, first: list[Named], base: Sequence[Asked], rungs: Rungs, source: str
) -> Output:
    ids = [rung.id for rung in rules.rungs]
    met = [(_is(n), sql.text(id)) for n, id in enumerate(ids, 1)]
    columns: list[Named] = [
        *first,
        (text_column("rung", "梯级", "rung"), _case(met)),
        (text_column("basis", "依据", "basis"), sql.text("computed")),
        (Column("valid_to", "date", titles={"zh": "有效期止", "en": "valid to"}),
         sql.null("date")),
        (text_column("next_rung", "上一梯级", "next rung"), _case(_next(ids))),
        (text_column("state", "状态", "state"), _state()),
        (text_column("missing", "待明确的条件", "what nobody knows yet"), _missing(base, rungs)),
    ]  # fmt: skip
    made = tuple(c for c, _ in columns)
    return Output("ladder_result", rules.id, select(columns, source), made, ("subject",))


def _is(number: int) -> Node:
    return sql.binary("=", column(RUNG), sql.integer(number))


def _case(branches: list[tuple[Node, Node]]) -> Node:
    return sql.case(branches, sql.null("text")) if branches else sql.null("text")


def _next(ids: Sequence[str]) -> list[tuple[Node, Node]]:
    """Return the rung above the one met, the undecided one, or the lowest."""
    above = [(_is(n), sql.text(ids[n - 2])) for n in range(2, len(ids) + 1)]
    undecided = [(_is(-n), sql.text(id)) for n, id in enumerate(ids, 1)]
    lowest = [(_is(0), sql.text(ids[-1]))] if ids else []
    return [*above, *undecided, *lowest]


def _state() -> Node:
    above = sql.binary(">", column(RUNG), sql.integer(0))
    below = sql.binary("<", column(RUNG), sql.integer(0))
    return sql.case([(above, sql.text("meets")), (below, sql.text("pending"))], sql.text("fails"))


def _missing(base: Sequence[Asked], rungs: Rungs) -> Node:
    """Return the conditions of the undecided rung that nobody knows, as one text."""
    branches: list[tuple[Node, Node]] = []
    for number, (_, items) in enumerate(rungs, 1):
        unknown = [
            sql.case([(sql.binary("=", i.outcome, sql.text("unknown")), sql.text(i.id))])
            for i in (*base, *items)
        ]
        if unknown:
            branches.append((_is(-number), sql.call("concat_ws", sql.text("; "), *unknown)))
    return _case(branches)


def _conditions(
    rules: LadderRules, first: list[Named], base: Sequence[Asked], rungs: Rungs, source: str
) -> Output:
    listed: list[tuple[str, Asked]] = [("", each) for each in base]
    listed += [(rung.id, each) for rung, items in rungs for each in items]
    rows = [
        ([*first, (text_column("rung", "梯级", "rung"), sql.text(rung) if rung else
           sql.null("text")), (place_column("seq", "序号", "place"), sql.integer(n))], one)
        for n, (rung, one) in enumerate(listed, 1)
    ]  # fmt: skip
    before = [c for c, _ in rows[0][0]] if rows else []
    own = [c for c, _ in rows[0][1].row()] if rows else []
    columns = (*before, *own)
    query = stacked(rows_of(rows, source), columns)
    return Output("ladder_condition", rules.id, query, columns, ("subject", "seq"), is_whole=True)
