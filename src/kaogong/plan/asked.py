"""Conditions as columns and as rows: what came of each, its value, what was asked, how far off.

Values are kept in the unit the condition is written in, with six decimals; the outcome is decided
by the exact comparison, so a distance that rounds to nothing never turns it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import NOW, Expression, Read
from kaogong.language.fact import Fact
from kaogong.language.finding import Refused
from kaogong.plan import sql
from kaogong.plan.columns import Named, text_column
from kaogong.plan.lower import Lowerer
from kaogong.plan.number import Number, added, rounded
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Column
from kaogong.programme.named_conditions import ConditionRule

SCALE = 6
MOST = 10**18 - 1  # whole units that a kept value may have
POINTS = "分"
FIGURES = (
    ("value", "数值", "value"),
    ("bound", "要求", "what is asked"),
    ("distance", "差距", "distance"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of conditions: which columns of the wide table hold it."""

    name: str  # begins the names of its columns
    id: str
    unit: str
    columns: tuple[Node, ...]  # aliased: outcome, value, bound, distance

    @property
    def outcome(self) -> Node:
        """Return the column that says what came of it."""
        return column(f"{self.name}__outcome")

    def row(self) -> list[Named]:
        """Return the columns of its row in the relation."""
        figures = [(figure_column(*f), column(f"{self.name}__{f[0]}")) for f in FIGURES]
        return [
            (text_column("condition", "条件", "condition"), sql.text(self.id)),
            (text_column("outcome", "结果", "outcome"), self.outcome),
            *figures,
            (text_column("unit", "单位", "unit"), sql.text(self.unit)),
        ]


def figure_column(name: str, zh: str, en: str) -> Column:
    """Return a column of figures in the unit that stands beside them."""
    return Column(name, "number", SCALE, titles={"zh": zh, "en": en}, most=MOST)


def asked(rule: ConditionRule, name: str, lowerer: Lowerer) -> Asked:
    """Return a condition's columns."""
    figures: list[Node] = [sql.null("number")] * len(FIGURES)
    unit = ""
    if rule.numeric is not None:
        unit = rule.numeric.unit.text
        whole = rule.numeric.unit.factor / 10**SCALE
        figures = _figures(rule.numeric.value, rule.numeric.bound, whole, lowerer)
    return Asked(name, rule.id, unit, tuple(_named(name, _outcome(rule, lowerer), figures)))


def scored(id: str, fact: Fact, most: Expression | None, name: str, lowerer: Lowerer) -> Asked:
    """Return the columns of points: how many, and how many there could be."""
    whole = Fraction(1, 10**SCALE)
    points = Read(fact, NOW, fact.span)
    figures = _figures(points, most if most is not None else points, whole, lowerer)
    is_known = sql.case([(lowerer.is_known(points), sql.text("scored"))], sql.text("unknown"))
    return Asked(name, id, POINTS, tuple(_named(name, is_known, figures)))


def _named(name: str, outcome: Node, figures: Sequence[Node]) -> Iterator[Node]:
    yield sql.alias(outcome, f"{name}__outcome")
    for (figure, _, _), node in zip(FIGURES, figures, strict=True):
        yield sql.alias(node, f"{name}__{figure}")


def _outcome(rule: ConditionRule, lowerer: Lowerer) -> Node:
    holds = lowerer.node(Read(rule.fact, NOW, rule.span))
    branches: list[tuple[Node, Node]] = []
    if rule.asked is not None:
        unasked = sql.negate(lowerer.plain(rule.asked, "yes_no"))
        branches.append((unasked, sql.text("not_asked")))
    branches.append((holds, sql.text("met")))
    branches.append((sql.negate(holds.copy()), sql.text("failed")))
    return sql.case(branches, sql.text("unknown"))


def _figures(value: Expression, bound: Expression, whole: Fraction, lowerer: Lowerer) -> list[Node]:
    """Return value, bound and bound less value in whole units; a figure too wide is left out."""
    left, right = lowerer.number(value), lowerer.number(bound)
    makers: tuple[Callable[[], Number], ...] = (
        lambda: left,
        lambda: right,
        lambda: added(right, left, "-"),
    )
    return [_kept(make, whole) for make in makers]


def _kept(make: Callable[[], Number], whole: Fraction) -> Node:
    """Return a figure in whole units where it fits the column, else unknown."""
    try:
        number = rounded(make(), whole)
    except Refused:
        return sql.null("number")
    if number.most <= MOST:
        return number.top
    above = sql.binary("<=", number.top, sql.integer(MOST))
    below = sql.binary(">=", number.top.copy(), sql.integer(-MOST))
    kept = sql.cast(number.top.copy(), "bigint")
    return sql.case([(sql.every([above, below]), kept)], sql.null("number"))


def rows_of(items: Sequence[tuple[list[Named], Asked]], source: str) -> list[exp.Select]:
    """Return a select for each condition: the columns before it, its place, and its own."""
    return [
        exp.Select(
            expressions=[sql.alias(node.copy(), made.name) for made, node in (*before, *one.row())]
        ).from_(sql.table(source), copy=False)
        for before, one in items
    ]
