"""What a clause comes to for each row: its outcome, the reason, the amount under its own caps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from kaogong.plan import sql
from kaogong.plan.policy.items import ITEM, ClauseColumns
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column

ENTITLED, NOT_ENTITLED, UNKNOWN, OPEN = "entitled", "not_entitled", "unknown", "open"


def owed(clauses: Sequence[ClauseColumns], source: str) -> exp.Select:
    """Return the rows with outcome, reason and the amount under the cap of one item."""
    made = [node for clause in clauses for node in _owed(clause)]
    return exp.Select(expressions=[exp.Star(), *made]).from_(sql.table(source), copy=False)


def _owed(clause: ClauseColumns) -> Iterator[Node]:
    doubt = sql.case([(clause.at("open"), sql.text(OPEN))], sql.text(UNKNOWN))
    unsettled = sql.some(sql.is_null(node) for node in _needed(clause))
    outcome = sql.case(
        [
            (sql.negate(clause.at("holds")), sql.text(NOT_ENTITLED)),
            (sql.is_null(clause.at("holds")), doubt),
            (unsettled, doubt.copy()),
        ],
        sql.text(ENTITLED),
    )
    yield clause.named(outcome, "outcome")
    yield clause.named(_reason(clause), "reason")
    yield clause.named(_under_item(clause), "might")


def _needed(clause: ClauseColumns) -> list[Node]:
    """Return the figures without which nobody can say what is owed."""
    figures = ["low", "high", *(f"cap_{key}" for key in clause.rule.caps)]
    if clause.rule.minimum is not None:
        figures.append("least")
    return [clause.at(figure) for figure in figures]


def _reason(clause: ClauseColumns) -> Node:
    """Return the address of what bars, or of what nobody knows; null for one who is entitled."""
    whole = [
        (rule, row)
        for rule, row in zip(clause.rule.conditions, clause.asked, strict=True)
        if rule.is_whole
    ]
    barring = [
        (sql.binary("=", row.outcome, sql.text("met" if rule.bars else "failed")), row.id)
        for rule, row in whole
    ]
    unknown = [(sql.binary("=", row.outcome, sql.text("unknown")), row.id) for _, row in whole]
    belongs = [(sql.boolean(True), "for_each")] if clause.rule.belongs is not None else []
    figures = [(sql.is_null(node), _address(node)) for node in _needed(clause)]
    refused = _first([*barring, *unknown, *belongs])
    return sql.case(
        [
            (sql.negate(clause.at("holds")), refused),
            (sql.is_null(clause.at("holds")), _first([*unknown, *belongs])),
        ],
        _first(figures),
    )


def _address(node: Node) -> str:
    what = node.name.rpartition("__")[2]
    if what.startswith("cap_"):
        return f"cap.{what.removeprefix('cap_')}"
    return "minimum" if what == "least" else "amount"


def _first(branches: Sequence[tuple[Node, str]]) -> Node:
    made = [(test, sql.text(id)) for test, id in branches]
    return sql.case(made, sql.null("text")) if made else sql.null("text")


def _under_item(clause: ClauseColumns) -> Node:
    """Return the one amount a row comes to once entitled: at least the least, at most the cap."""
    rule = clause.rule
    if rule.is_range:
        return sql.null("number")
    made = clause.at("low")
    if rule.minimum is not None:
        made = _of_both("greatest", made, clause.at("least"))
    if "item" in rule.caps:
        made = _of_both("least", made, clause.at("cap_item"))
    if "year" in rule.caps:
        made = _of_both("least", made, clause.at("cap_year"))
    return made


def _of_both(function: str, left: Node, right: Node) -> Node:
    """Return the lesser or greater of two, unknown where one of them is."""
    known = sql.every([sql.is_known(left.copy()), sql.is_known(right.copy())])
    return sql.case([(known, sql.call(function, left, right))], sql.null("number"))


# -- the cap of a year over several records -------------------------------------------------


def capped(clauses: Sequence[ClauseColumns], source: str, *, of_records: bool) -> exp.Select:
    """Return the rows with the amount after all caps of the clause, for those entitled.

    Records share the cap of a year in the order of their keys; those whose entitlement nobody
    knows yet stand last, so that they take nothing from the others.
    """
    made = [node for clause in clauses for node in _capped(clause, of_records=of_records)]
    return exp.Select(expressions=[exp.Star(), *made]).from_(sql.table(source), copy=False)


def _capped(clause: ClauseColumns, *, of_records: bool) -> Iterator[Node]:
    is_entitled = sql.binary("=", clause.at("outcome"), sql.text(ENTITLED))
    own = sql.case([(is_entitled, clause.at("might"))], sql.null("number"))
    if not of_records or "year" not in clause.rule.caps:
        yield clause.named(own, "after_cap")
        return
    left = sql.binary("-", clause.at("cap_year"), _before(own))
    least = _of_both("least", own, left)
    floor = _of_both("greatest", least, sql.integer(0))
    yield clause.named(floor, "after_cap")


def _before(own: Node) -> Node:
    """Return what the records of the same subject before this one come to."""
    order = exp.Order(
        expressions=[
            exp.Ordered(this=sql.is_null(own.copy()), nulls_first=False),
            exp.Ordered(this=column(ITEM), nulls_first=False),
        ]
    )
    window = exp.Window(
        this=exp.Sum(this=own.copy()),
        partition_by=[column(SUBJECT)],
        order=order,
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="1", end_side="PRECEDING"
        ),
    )
    return sql.cast(sql.coalesce([window, sql.integer(0)]), "bigint")
