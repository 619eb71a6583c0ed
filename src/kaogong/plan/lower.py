"""Typed expressions to SQL trees, one handler a node class.

A number becomes a `Number` (exact, unrounded), everything else a tree whose null means unknown.
SQL's three-valued logic is Kleene's, so conditions keep their meaning; `least` and `greatest` are made
unknown when an argument is, because engines skip nulls and a missing figure would score the cap.
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
    children,
    is_together,
    shifted,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.period import Period
from kaogong.language.span import Span
from kaogong.plan import sql
from kaogong.plan.dates import DATE_FUNCTIONS, DATE_NUMBERS
from kaogong.plan.frame import ChildFrame, Frame, number_of, unit_value
from kaogong.plan.number import (
    Number,
    absolute,
    added,
    chosen,
    compared,
    constant,
    divided,
    extreme,
    floored,
    multiplied,
    rounded,
    unknown,
)
from kaogong.plan.sql import Node

Lowered = Number | Node
CHILD, OWNER = "child", "owner"  # aliases of a record and of the subject it belongs to
COUNTS = ("count_of", "distinct_of")
MOST_RECORDS = 10**6  # of one subject
MOST_DAYS = 4 * 10**6  # between two dates


@dataclass(slots=True)
class Lowerer:
    """Lowers expressions about one subject (or one record of it)."""

    frame: Frame
    words: Mapping[str, Lowered] = field(default_factory=dict)
    points: Mapping[str, Lowered] = field(default_factory=dict)
    path: tuple[Fact, ...] = ()
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
        when = self._at(node.when)
        fact = node.fact
        if fact.definition is None:
            return self._typed(self.frame.stored(fact, when, self.path), fact)
        is_named = fact.kind.name != "number" or fact.scale is not None
        if self.path or self.owner is not None or self.inlines or not is_named:
            return self._inline(fact, when)
        name, computed = self.frame.definition(fact, when, self._define)
        made = sql.column(name, self.frame.table)
        if fact.kind.name != "number":
            return made
        low, high = self.frame.likely(computed.low, computed.high)
        return Number(made, low, high, None, 1, unit_value(fact), node.span)

    def _at(self, when: When) -> When:
        """Return what `when` means seen from the period of the result."""
        return when.within(self.when)

    def _in(self, when: When) -> Lowerer:
        """Return the lowerer that sees everything from the period `when` means."""
        return replace(self, when=self._at(when))

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
        period = self.frame.instant.seen(self._at(node.when))
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
        return _APPLY[node.function](self, node)

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

    def _streak(self, node: Streak) -> Lowered:
        """Unfold over the periods that have data; the run ends at the first that fails.

        It also ends before the first period in which the subject has a record.
        """
        inside, runs = self._in(node.when), self._runs(node.when)
        there = inside._has_begun(node.item, runs)
        branches: list[tuple[Node, Number]] = []
        for back in runs:
            length = constant(Fraction(back), node.span)
            holds = inside.plain(shifted(node.item, back=back), "yes_no")
            branches.append((sql.negate(there[back]), length))
            branches.append((sql.is_null(holds), unknown(node.span)))
            branches.append((sql.negate(holds), length))
        return chosen(branches, constant(Fraction(len(runs)), node.span), node.span)

    def _first_time(self, node: FirstTime) -> Lowered:
        inside, runs = self._in(node.when), self._runs(node.when)
        there = inside._has_begun(node.item, runs)
        earlier = [
            sql.some([sql.negate(there[back]), sql.negate(inside.plain(item, "yes_no"))])
            for back in runs[1:]
            for item in (shifted(node.item, back=back),)
        ]
        return sql.every([inside.plain(node.item, "yes_no"), *earlier])

    def _has_begun(self, item: Expression, runs: range) -> list[Node]:
        """Return for each period of a run whether the subject has a record of it or an earlier one."""
        facts = _periodic(item) if self.owner is None else {}
        made: list[Node] = []
        begun: Node = sql.boolean(False)
        for back in reversed(runs):
            now = [
                self.frame.there(fact, When(back).within(self.when), self.path)
                for fact in facts.values()
            ]
            begun = sql.some([begun, *now]) if facts else sql.boolean(True)
            made.insert(0, begun if back else sql.boolean(True))
        return made

    def _runs(self, when: When) -> range:
        return range(self.frame.instant.earlier(self._at(when)) + 1)

    def _to_date(self, node: ToDate) -> Lowered:
        """Add the periods of the year, which the plan knows."""
        last = self.frame.instant.seen(self._at(node.when))
        if last is None:
            return unknown(node.span)
        periods = last.year_to_date(together=is_together(node.item))
        first, *rest = [
            replace(self, when=When(at=each.text)).number(node.item) for each in periods
        ]
        for number in rest:
            first = added(first, number, "+")
        return first

    # -- records, links, tables -----------------------------------------------------------

    def _over_records(self, node: OverRecords) -> Lowered:
        if self.inlines:
            raise refuse(
                "KG302", node.span, construct=f"subject({node.function}(…))",
                instead="subject(x) of a field or an indicator",
            )  # fmt: skip
        seen = replace(node, when=self._at(node.when))
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
        inside = replace(self._in(node.when), path=(*self.path, node.link))
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


def _periodic(item: Expression) -> dict[str, Fact]:
    """Return one stored fact of each register of periods that is read of the subject."""
    found: dict[str, Fact] = {}
    stack, seen = [item], set()
    while stack:
        node = stack.pop()
        if isinstance(node, OverRecords | Via):
            continue
        if isinstance(node, Read) and node.fact.definition is not None:
            if node.fact.key not in seen:
                seen.add(node.fact.key)
                stack.append(node.fact.definition)
        elif isinstance(node, Read) and node.fact.grain is not None:
            found.setdefault(node.fact.owner, node.fact)
        stack.extend(children(node))
    return found


# -- functions of values ------------------------------------------------------------------


def _extreme(sign: str) -> Callable[[Lowerer, Apply], Lowered]:
    """Least (<=) and greatest (>=), unknown when an argument is."""

    def lower(self: Lowerer, node: Apply) -> Lowered:
        if node.kind.name == "number":
            return extreme([self.number(x) for x in node.arguments], sign, node.span)
        days = [self.plain(x, node.kind.name) for x in node.arguments]
        best = sql.call("least" if sign == "<=" else "greatest", *days)
        unsure = sql.some(sql.is_null(each) for each in days)
        return sql.case([(unsure, sql.null(node.kind.name))], best)

    return lower


def _absolute(self: Lowerer, node: Apply) -> Lowered:
    return absolute(self.number(node.arguments[0]))


def _round(self: Lowerer, node: Apply) -> Lowered:
    places = node.arguments[1]
    assert isinstance(places, Constant)
    assert isinstance(places.value, Fraction)
    unit = node.kind.unit.factor / Fraction(10) ** int(places.value)
    return rounded(self.number(node.arguments[0]), unit)


def _whole(direction: str) -> Callable[[Lowerer, Apply], Lowered]:
    def lower(self: Lowerer, node: Apply) -> Lowered:
        return floored(self.number(node.arguments[0]), node.kind.unit.factor, direction)

    return lower


def _coalesce(self: Lowerer, node: Apply) -> Lowered:
    branches = tuple((Known(x, x.span), x) for x in node.arguments)
    return self.lower(Choose(branches, None, True, node.kind, node.span))


def _text(name: str) -> Callable[[Lowerer, Apply], Lowered]:
    def lower(self: Lowerer, node: Apply) -> Lowered:
        made = sql.call(name, *(self.node(x) for x in node.arguments))
        return counted(made, 10**6, node.span) if node.kind.name == "number" else made

    return lower


def counted(node: Node, most: int, span: Span) -> Number:
    """Return a whole number that an engine's function gives."""
    return Number(sql.cast(node, "bigint"), -most, most, None, 1, Fraction(1), span)


def _dated(name: str) -> Callable[[Lowerer, Apply], Lowered]:
    def lower(self: Lowerer, node: Apply) -> Lowered:
        nodes = [_whole_or_plain(self.lower(x)) for x in node.arguments]
        if name in DATE_FUNCTIONS:
            return DATE_FUNCTIONS[name](*nodes)
        return counted(DATE_NUMBERS[name](*nodes), MOST_DAYS, node.span)

    return lower


def _whole_or_plain(made: Lowered) -> Node:
    """Return a number of days, months or years as a whole number, unknown where it is not one."""
    if not isinstance(made, Number):
        return made
    whole = floored(made, Fraction(1), "floor")
    if made.bottom is None and made.factor.denominator == 1:
        return whole.top
    return sql.case([(compared("=", made, whole), whole.top)])


_ENDS: Mapping[str, Callable[[Period], date]] = {
    "period_start": lambda period: period.start,
    "period_end": lambda period: period.end,
    "year_start": lambda period: period.year_start,
}
_APPLY: Mapping[str, Callable[[Lowerer, Apply], Lowered]] = {
    "abs": _absolute,
    "floor": _whole("floor"),
    "ceil": _whole("ceil"),
    "round": _round,
    "least": _extreme("<="),
    "greatest": _extreme(">="),
    "coalesce": _coalesce,
    "starts_with": _text("kg_starts_with"),
    "contains": _text("kg_contains"),
    "length": _text("kg_length"),
    **{name: _dated(name) for name in (*DATE_FUNCTIONS, *DATE_NUMBERS)},
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
    Streak: Lowerer._streak,
    FirstTime: Lowerer._first_time,
    ToDate: Lowerer._to_date,
    OverRecords: Lowerer._over_records,
    OfSubject: Lowerer._of_subject,
    Via: Lowerer._via,
    Pick: Lowerer._pick,
    Has: Lowerer._has,
    DateWord: Lowerer._date_word,
    Points: Lowerer._points,
    Word: Lowerer._word,
}
