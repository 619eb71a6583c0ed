"""Typed expressions to SQL trees, one handler a node class.

A number becomes a `Number` (exact, unrounded), everything else a tree whose null means unknown.
SQL's three-valued logic is Kleene's, so conditions keep their meaning. Functions of values stand in
`lower_functions`, what looks over several periods in `lower_time`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from kaogong.language.expression import (
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    DateWord,
    Every,
    Expression,
    FirstTime,
    Has,
    Known,
    Member,
    Not,
    OfSubject,
    Open,
    OverRecords,
    Pick,
    Points,
    Read,
    Some,
    Status,
    Streak,
    ToDate,
    Via,
    When,
    Word,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.period import Period
from kaogong.plan import sql
from kaogong.plan.frame import ChildFrame, Frame, Hop, number_of, unit_value
from kaogong.plan.number import (
    Number,
    added,
    chosen,
    compared,
    constant,
    divided,
    multiplied,
    rounded,
    unknown,
)
from kaogong.plan.sql import Node

Lowered = Number | Node
CHILD, OWNER = "child", "owner"  # aliases of a record and of the subject it belongs to
COUNTS = ("count_of", "distinct_of")
MOST_RECORDS = 10**6  # of one subject


@dataclass(slots=True)
class Lowerer:
    """Lowers expressions about one subject (or one record of it)."""

    frame: Frame
    words: Mapping[str, Lowered] = field(default_factory=dict)
    points: Mapping[str, Lowered] = field(default_factory=dict)
    path: tuple[Hop, ...] = ()
    owner: Lowerer | None = None  # the subject, inside a child condition
    inlines: bool = False  # computed facts stand where they are read, not in a column
    when: When = When()  # shift of the definition being lowered

    def number(self, node: Expression) -> Number:
        """Return a number exactly."""
        made = self.lower(node)
        if isinstance(made, Number):
            return made
        return unknown(node.span)  # an open slot, or null

    def node(self, node: Expression) -> Node:
        """Return a value that is not a number."""
        made = self.lower(node)
        assert not isinstance(made, Number), f"{node} is a number"
        return made

    def lower(self, node: Expression) -> Lowered:
        """Return the tree or the exact number of one expression."""
        return _HANDLERS[type(node)](self, node)

    def kept(self, node: Expression, scale: int, unit: Fraction) -> Number:
        """Return a number rounded once to `scale` decimals of a unit worth `unit`."""
        return rounded(self.number(node), unit / Fraction(10) ** scale)

    # -- leaves ---------------------------------------------------------------------------

    def _constant(self, node: Constant) -> Lowered:
        value = node.value
        if isinstance(value, bool):
            return sql.boolean(value)
        if isinstance(value, Fraction):
            return constant(value, node.span)
        return sql.day(value) if isinstance(value, date) else sql.text(value)

    def _open(self, node: Open) -> Lowered:
        return unknown(node.span) if node.kind.name == "number" else sql.null(node.kind.name)

    def _read(self, node: Read) -> Lowered:
        when = self.at(node.when)
        fact = node.fact
        if fact.definition is None:
            return self._typed(self.frame.stored(fact, when, self.path), fact)
        if fact.grain not in (None, self.frame.instant.period.grain):
            from kaogong.plan.lower_time import over_parts

            made = over_parts(self, node, when)
            if made is not None:
                return made
        is_named = fact.kind.name != "number" or fact.scale is not None
        if self.path or self.owner is not None or self.inlines or not is_named:
            return self._inline(fact, when)
        name, computed = self.frame.definition(fact, when, self._define)
        made = sql.column(name, self.frame.table)
        if fact.kind.name != "number":
            return made
        low, high = self.frame.likely(computed.low, computed.high)
        return Number(made, low, high, None, 1, unit_value(fact), node.span)

    def at(self, when: When) -> When:
        """Return what `when` means seen from the period of the result."""
        return when.within(self.when)

    def seen_in(self, when: When) -> Lowerer:
        """Return the lowerer that sees everything from the period `when` means."""
        return replace(self, when=self.at(when))

    def _typed(self, node: Node, fact: Fact) -> Lowered:
        return number_of(node, fact) if fact.kind.name == "number" else node

    def _define(self, fact: Fact, when: When) -> tuple[Node, int, int]:
        """Return the column of a computed fact, in whole units where it is a number."""
        made = replace(self, when=when).defined(fact)
        if isinstance(made, Number):
            width = None if self.frame.optimistic else sql.width_of(made.most)
            return sql.cast(made.top, width or "bigint"), made.low, made.high
        return made, 0, 0

    def _inline(self, fact: Fact, when: When) -> Lowered:
        """Lower a definition where it stands: of a linked record, or of a record of the subject."""
        inside = replace(self, when=when)
        assert fact.definition is not None
        return inside.defined(fact)

    def defined(self, fact: Fact) -> Lowered:
        """Return a fact's definition, rounded where the fact is kept."""
        assert fact.definition is not None
        if fact.kind.name != "number" or fact.scale is None:
            return self.lower(fact.definition)
        return rounded(self.number(fact.definition), unit_value(fact))

    def _date_word(self, node: DateWord) -> Lowered:
        if node.word == "as_of":
            return sql.day(self.frame.instant.as_of)
        period = self.frame.instant.seen(self.at(node.when))
        return sql.null("date") if period is None else sql.day(_ENDS[node.word](period))

    def _word(self, node: Word) -> Lowered:
        return self.words[node.word]

    def _points(self, node: Points) -> Lowered:
        return self.points[node.item]

    # -- numbers --------------------------------------------------------------------------

    def _arithmetic(self, node: Arithmetic) -> Lowered:
        left, right = self.number(node.left), self.number(node.right)
        if node.sign in "+-":
            return added(left, right, node.sign)
        if node.sign == "*":
            return multiplied(left, right)
        return divided(left, right, allow_negative=node.allow_negative_base)

    def _choose(self, node: Choose) -> Lowered:
        if node.kind.name == "number":
            return self._choose_number(node)
        branches: list[tuple[Node, Node]] = []
        for when, value in node.branches:
            condition = self.node(when)
            if node.strict:
                branches.append((sql.is_null(condition), sql.null(node.kind.name)))
            branches.append((condition, self.plain(value, node.kind.name)))
        otherwise = None if node.otherwise is None else self.plain(node.otherwise, node.kind.name)
        return sql.case(branches, otherwise if otherwise is not None else sql.null(node.kind.name))

    def plain(self, node: Expression, kind: str) -> Node:
        """Return a value that is not a number, an open slot as an unknown of `kind`."""
        return sql.null(kind) if isinstance(node, Open) else self.node(node)

    def _choose_number(self, node: Choose) -> Number:
        branches: list[tuple[Node, Number]] = []
        for when, value in node.branches:
            condition = self.node(when)
            if node.strict:
                branches.append((sql.is_null(condition), unknown(node.span)))
            branches.append((condition, self.number(value)))
        otherwise = self.number(node.otherwise) if node.otherwise is not None else None
        return chosen(branches, otherwise, node.span)

    def _apply(self, node: Apply) -> Lowered:
        from kaogong.plan.lower_functions import FUNCTIONS

        return FUNCTIONS[node.function](self, node)

    # -- yes and no -----------------------------------------------------------------------

    def _compare(self, node: Compare) -> Lowered:
        kinds = {node.left.kind.name, node.right.kind.name}
        if "number" in kinds:
            return compared(node.sign, self.number(node.left), self.number(node.right))
        left, right = self.node(node.left), self.node(node.right)
        order = node.left.kind.order or node.right.kind.order
        if order and node.sign not in ("=", "<>"):
            left, right = placed(left, order), placed(right, order)
        return sql.binary(node.sign, left, right)

    def _member(self, node: Member) -> Lowered:
        item = self.node(node.item)
        if not node.codes:
            return sql.case([(sql.is_known(item), sql.boolean(False))], sql.null("yes_no"))
        return sql.member(item, node.codes)

    def _every(self, node: Every) -> Lowered:
        return sql.every(self.plain(x, "yes_no") for x in node.items)

    def _some(self, node: Some) -> Lowered:
        return sql.some(self.plain(x, "yes_no") for x in node.items)

    def _not(self, node: Not) -> Lowered:
        return sql.negate(self.plain(node.item, "yes_no"))

    def _known(self, node: Known) -> Lowered:
        return self.is_known(node.item)

    def is_known(self, node: Expression) -> Node:
        """Return whether a value is known."""
        made = self.lower(node)
        if not isinstance(made, Number):
            return sql.is_known(made)
        parts = [sql.is_known(made.top)]
        if made.bottom is not None:
            parts.append(sql.is_known(made.bottom))
        return sql.every(parts)

    def _status(self, node: Status) -> Lowered:
        from kaogong.plan.states import status

        return status(self, node.item)

    # -- over time ------------------------------------------------------------------------

    def _over_time(self, node: Streak | FirstTime | ToDate) -> Lowered:
        from kaogong.plan.lower_time import OVER_TIME

        return OVER_TIME[type(node)](self, node)

    # -- records, links, tables -----------------------------------------------------------

    def _over_records(self, node: OverRecords) -> Lowered:
        if self.inlines:
            raise refuse(
                "KG302", node.span, construct=f"subject({node.function}(…))",
                instead="subject(x) of a field or an indicator",
            )  # fmt: skip
        seen = replace(node, when=self.at(node.when))
        made = sql.column(self.frame.over(seen), self.frame.table)
        value = self._value_of_records(seen)
        if node.kind.name != "number":
            return made
        if value is None or node.function in COUNTS:
            return Number(made, 0, 10**9, None, 1, Fraction(1), node.span)
        times = MOST_RECORDS if node.function == "sum_of" else 1
        low, high = min(value.low * times, 0), max(value.high * times, 0)
        return Number(made, low, high, None, 1, value.factor, node.span)

    def _value_of_records(self, node: OverRecords) -> Number | None:
        """Return a record's number, and note what it and the condition read of the subject."""
        inside = self.of_record(node)
        inside.plain(node.condition, "yes_no")
        made = None if node.value is None else inside.lower(node.value)
        self.frame.beside.update(request.register for request in inside.frame.requests)
        if not isinstance(made, Number):
            return None
        if made.bottom is not None:
            raise refuse("KG408", node.span, name=node.function)
        return made

    def of_record(self, node: OverRecords) -> Lowerer:
        """Return the lowerer of condition and value of one child record."""
        subject = replace(self.frame, table=OWNER)
        owner = Lowerer(subject, inlines=True, when=node.when)
        inside = ChildFrame(self.frame.instant, node.register, self.frame.optimistic, table=CHILD)
        return Lowerer(inside, owner=owner, when=node.when)

    def _of_subject(self, node: OfSubject) -> Lowered:
        assert self.owner is not None
        return self.owner.lower(node.item)

    def _via(self, node: Via) -> Lowered:
        """Lower in the record a link leads to; without one even `known` has no answer."""
        seen = self.seen_in(node.when)
        inside = replace(seen, path=(*self.path, Hop(node.link, seen.when)))
        made = inside.lower(node.item)
        if isinstance(node.item, Read) and node.item.fact.definition is None:
            return made
        there = self.frame.linked(inside.path)
        if isinstance(made, Number):
            return chosen([(there, made)], None, node.span)
        return sql.case([(there, made)], sql.null(node.kind.name))

    def _pick(self, node: Pick) -> Lowered:
        rows = [(self._keyed(node.keys, key), value) for key, value in node.table.entries.items()]
        if not rows:
            return self._open(Open(node.table.id, "", node.kind, node.span))
        return self._choose(Choose(tuple(rows), None, False, node.kind, node.span))

    def _has(self, node: Has) -> Lowered:
        rows = [self._keyed(node.keys, key) for key in node.table.entries]
        return self._some(Some(tuple(rows), node.span))

    def _keyed(self, keys: tuple[Expression, ...], entry: tuple[str, ...]) -> Expression:
        tests = [_is_key(k, e) for k, e in zip(keys, entry, strict=True)]
        return tests[0] if len(tests) == 1 else Every(tuple(tests), tests[0].span)


def _is_key(key: Expression, entry: str) -> Expression:
    """Return whether a key is the one an entry stands under; whole numbers stand in digits."""
    if key.kind.name != "number":
        return Member(key, frozenset({entry}), key.span)
    return Compare("=", key, Constant(Fraction(entry), key.kind, key.span), key.span)


def placed(node: Node, order: tuple[str, ...]) -> Node:
    """Return a code's place in its vocabulary's order."""
    return sql.case(
        [(sql.binary("=", node, sql.text(code)), sql.integer(n)) for n, code in enumerate(order)]
    )


_ENDS: Mapping[str, Callable[[Period], date]] = {
    "period_start": lambda period: period.start,
    "period_end": lambda period: period.end,
    "year_start": lambda period: period.year_start,
}
_HANDLERS: Mapping[type, Callable[[Lowerer, Any], Lowered]] = {
    Constant: Lowerer._constant,
    Open: Lowerer._open,
    Read: Lowerer._read,
    Arithmetic: Lowerer._arithmetic,
    Compare: Lowerer._compare,
    Member: Lowerer._member,
    Every: Lowerer._every,
    Some: Lowerer._some,
    Not: Lowerer._not,
    Known: Lowerer._known,
    Status: Lowerer._status,
    Choose: Lowerer._choose,
    Apply: Lowerer._apply,
    Streak: Lowerer._over_time,
    FirstTime: Lowerer._over_time,
    ToDate: Lowerer._over_time,
    OverRecords: Lowerer._over_records,
    OfSubject: Lowerer._of_subject,
    Via: Lowerer._via,
    Pick: Lowerer._pick,
    Has: Lowerer._has,
    DateWord: Lowerer._date_word,
    Points: Lowerer._points,
    Word: Lowerer._word,
}
