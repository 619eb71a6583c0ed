"""Who may be entitled under some clauses: one row a subject, or a record of each subject.

Every condition, amount and cap becomes a column here, in whole units of its clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import NOW, Constant, Expression, OverRecords, Read
from kaogong.language.fact import Fact
from kaogong.language.kind import NUMBER, YES_NO
from kaogong.language.scope import fold
from kaogong.plan import sql
from kaogong.plan.asked import Asked, asked
from kaogong.plan.lower import CHILD, OWNER, Lowerer
from kaogong.plan.number import Number, floored, rounded
from kaogong.plan.source import SUBJECT, RecordSource
from kaogong.plan.sql import Node, column
from kaogong.plan.states import status
from kaogong.plan.subjects import SubjectTable
from kaogong.programme.policy_rules import ClauseRule, LimitRule

ITEM = "kg_item"


@dataclass(frozen=True, slots=True)
class ClauseColumns:
    """One clause in the wide table; `name` begins its columns."""

    rule: ClauseRule
    name: str
    asked: tuple[Asked, ...]

    def at(self, what: str) -> Node:
        """Return one of the clause's columns."""
        return column(f"{self.name}__{what}")

    def named(self, node: Node, what: str) -> Node:
        """Return a node as one of the clause's columns."""
        return sql.alias(node, f"{self.name}__{what}")


@dataclass(slots=True)
class Items:
    """The clauses that have the same rows, and the select that makes these rows."""

    subjects: SubjectTable
    clauses: Sequence[ClauseRule]
    limits: Sequence[LimitRule] = ()
    columns: list[ClauseColumns] = field(default_factory=list)
    _lowerer: Lowerer = field(init=False)
    _nodes: list[Node] = field(default_factory=list)
    _belongs: Node | None = None

    def __post_init__(self) -> None:
        """Open the lowerer of the rows."""
        child = self.clauses[0].child
        if child is None:
            self._lowerer = self.subjects.lowerer
            return
        yes = Constant(True, YES_NO, self.clauses[0].span)
        node = OverRecords("count_of", child.register, None, yes, (), NUMBER, yes.span)
        self._lowerer = self.subjects.lowerer.of_record(node)

    @property
    def register(self) -> str:
        """Return the register of the records; empty for subjects."""
        child = self.clauses[0].child
        return "" if child is None else child.register

    @property
    def beside(self) -> set[str]:
        """Return the registers that are read of the records."""
        frame = self._lowerer.frame
        read = {request.register for request in frame.requests} | {self.register}
        read |= {links[-1].link.links_to or "" for links in frame.links.values()}
        return read - {""} if self.register else set()

    def lower(self, places: Mapping[str, int]) -> None:
        """Note everything that is read, so that the table of subjects answers it."""
        for rule in self.clauses:
            name = f"k{places[rule.id]}"
            rows = tuple(
                asked(each, f"{name}c{n}", self._lowerer)
                for n, each in enumerate(rule.conditions, 1)
            )
            clause = ClauseColumns(rule, name, rows)
            self.columns.append(clause)
            self._nodes += [node for row in rows for node in row.columns]
            self._nodes += _figures(clause, self._lowerer)
        self._nodes += cap_nodes(self.limits, self._lowerer)
        belongs = self.clauses[0].belongs
        if belongs is not None:
            self._belongs = self._lowerer.node(belongs)
        if self.register:
            self._nodes.append(sql.alias(self._item(), ITEM))

    def _item(self) -> Node:
        """Return what tells the records of a subject apart: their key as one text."""
        tables = self.subjects.tables
        model = tables.registers[self.register]
        own = [str(k) for k in model.key_ if str(k) not in (tables.key(self.register), "period")]
        keys = [sql.as_text(self._field(name)) for name in own]
        return keys[0] if len(keys) == 1 else sql.call("concat_ws", sql.text("/"), *keys)

    def _field(self, name: str) -> Node:
        child = self.clauses[0].child
        assert child is not None
        fact = child.names[fold(name)]
        assert isinstance(fact, Fact)
        made = self._lowerer.lower(Read(fact, NOW, self.clauses[0].span))
        return made.top if isinstance(made, Number) else made

    def query(self) -> exp.Select:
        """Return one row a subject, or a record that may belong to the period."""
        if not self.register:
            nodes = [column(SUBJECT), sql.alias(sql.null("text"), ITEM), *self._nodes]
            source = sql.table(self.subjects.name)
            return exp.Select(expressions=nodes).from_(source, copy=False)
        records = RecordSource(self._lowerer.frame, self.subjects.tables).query()
        key = column(SUBJECT, CHILD)
        on = sql.binary("=", column(SUBJECT, OWNER), key.copy())
        made = (
            exp.Select(expressions=[sql.alias(key, SUBJECT), *self._nodes])
            .from_(sql.subquery(records, CHILD), copy=False)
            .join(sql.table(self.subjects.name, OWNER), on=on, copy=False)
        )
        if self._belongs is None:
            return made
        return made.where(sql.coalesce([self._belongs.copy(), sql.boolean(True)]), copy=False)


def cap_column(limit: LimitRule) -> str:
    """Return the name of the column that holds a limit's cap."""
    return f"limit__{limit.id}__cap"


def cap_nodes(limits: Sequence[LimitRule], lowerer: Lowerer) -> Iterator[Node]:
    """Yield the caps of limits in whole units of their clauses."""
    for limit in limits:
        if limit.cap is not None:
            cut = floored(lowerer.number(limit.cap), limit.whole, "floor")
            yield sql.alias(sql.cast(cut.top, "bigint"), cap_column(limit))


def _figures(clause: ClauseColumns, lowerer: Lowerer) -> Iterator[Node]:
    """Yield whether the clause entitles, why it may not say, and its figures in whole units."""
    rule = clause.rule
    entitled = Read(rule.entitled, NOW, rule.span)
    holds = lowerer.node(entitled)
    if rule.belongs is not None:
        holds = sql.every([holds, lowerer.node(rule.belongs)])
    whole = rule.whole
    low, high = (Read(fact, NOW, rule.span) for fact in (rule.low, rule.high))
    yield clause.named(holds, "holds")
    yield clause.named(_amount(lowerer, low, whole), "low")
    yield clause.named(_amount(lowerer, high, whole), "high")
    yield clause.named(_open(rule, (entitled, low, high), lowerer), "open")
    for key, cap in rule.caps.items():
        cut = floored(lowerer.number(cap), whole, "floor")
        yield clause.named(sql.cast(cut.top, "bigint"), f"cap_{key}")
    if rule.minimum is not None:
        yield clause.named(_amount(lowerer, rule.minimum, whole), "least")


def _amount(lowerer: Lowerer, amount: Expression, whole: Fraction) -> Node:
    return sql.cast(rounded(lowerer.number(amount), whole).top, "bigint")


def _open(rule: ClauseRule, figures: Sequence[Expression], lowerer: Lowerer) -> Node:
    """Return whether what is unknown hangs on an open slot of the text."""
    if not rule.opens:
        return sql.boolean(False)
    is_open = [sql.binary("=", status(lowerer, each), sql.text("open")) for each in figures]
    caps = [
        sql.binary("=", status(lowerer, each), sql.text("open"))
        for each in (*rule.caps.values(), *((rule.minimum,) if rule.minimum else ()))
    ]
    return sql.some([*is_open, *caps])
