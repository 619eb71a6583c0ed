"""The periods of a run, latest first: what holds in each, for the subject or whoever it was.

Where a subject has no record of its own in a period, its predecessors' stand for it: one that
meets the condition is enough. A result that was published for information only is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from kaogong.language.expression import (
    NOW,
    Expression,
    FirstTime,
    OverRecords,
    Read,
    Streak,
    Via,
    When,
    children,
    shifted,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import YES_NO
from kaogong.plan import sql
from kaogong.plan.lower import Lowerer
from kaogong.plan.source import TRIAL, UNTIL
from kaogong.plan.sql import Node, column


@dataclass(frozen=True, slots=True)
class Before:
    """What the predecessors were in one period; null where there are none."""

    there: Node  # one has a record
    counts: Node  # one has a record that is no trial
    held: Node  # the condition holds of one of these


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a run. Only `own` and what is made of it may be unknown."""

    own: Node  # the condition, of the subject itself
    begun: Node  # there is a record of this period or an earlier one
    there: Node | None = None  # the subject has a record; None: nobody else stands in this period
    trial: Node | None = None  # the subject's record is a trial; None: it cannot be
    before: Before | None = None

    @property
    def passes(self) -> Node | None:
        """Return whether the period neither counts nor breaks; None where it always does."""
        made = [] if self.trial is None else [self.trial]
        if self.before is not None and self.there is not None and self.trial is not None:
            others = [sql.negate(self.there), self.before.there, sql.negate(self.before.counts)]
            made.append(sql.every(others))
        return sql.some(made) if made else None

    def holds(self) -> Node:
        """Return whether the run goes on: the condition holds, or the period is passed over."""
        branches = [] if self.passes is None else [(self.passes, sql.boolean(True))]
        if self.before is not None and self.there is not None:
            branches += [(self.there, self.own), (self.before.there, self.before.held)]
        return sql.case(branches, self.own) if branches else self.own

    def never_held(self) -> Node:
        """Return whether the condition held neither of the subject nor of a predecessor."""
        if self.there is None and self.trial is None:
            return sql.some([sql.negate(self.begun), sql.negate(self.own)])
        aside = [sql.negate(self.begun)] + ([self.trial] if self.trial is not None else [])
        if self.before is None or self.there is None:
            return sql.some([*aside, sql.negate(self.own)])
        aside.append(sql.every([sql.negate(self.there), self.before.there]))
        never = sql.some([sql.negate(self.before.counts), sql.negate(self.before.held)])
        return sql.every([sql.some([*aside, sql.negate(self.own)]), never])


def run_of(lowerer: Lowerer, node: Streak | FirstTime) -> list[Point]:
    """Return the points of a run from the period that counts as now back to the first with data."""
    inside = lowerer.seen_in(node.when)
    facts = _periodic(node.item) if lowerer.owner is None else {}
    follows = bool(facts) and _follows(lowerer, node)
    made: list[Point] = []
    begun: Node = sql.boolean(False)
    for back in reversed(range(lowerer.frame.instant.earlier(inside.when) + 1)):
        point, stand = _Asked(inside, node.item, facts, back).point(follows=follows)
        begun = sql.some([begun, *stand]) if facts else sql.boolean(True)
        made.insert(0, replace(point, begun=begun if back else sql.boolean(True)))
    return made


def _follows(lowerer: Lowerer, node: Streak | FirstTime) -> bool:
    """Note whose predecessors matter; return whether there are any."""
    frame = lowerer.frame
    register = lowerer.path[-1].link.links_to or "" if lowerer.path else frame.master
    frame.followed.add(register)
    if register not in frame.instant.succeeded:
        return False
    if lowerer.path or lowerer.inlines:
        outer = "via" if lowerer.path else "subject"
        inner = "streak" if isinstance(node, Streak) else "first_time"
        raise refuse(
            "KG302", node.span, construct=f"{outer}(… {inner}(…))",
            instead="a result that a scheme of that register publishes",
        )  # fmt: skip
    return True


@dataclass(frozen=True, slots=True)
class _Asked:
    """A condition some periods back."""

    lowerer: Lowerer
    item: Expression
    facts: dict[str, Fact]  # one of each register of periods that it reads
    back: int

    def point(self, *, follows: bool) -> tuple[Point, list[Node]]:
        """Return the period but for what has begun, and whether records stand in it."""
        own, there = self._holds(), self._there()
        trial = self._trial()
        if not follows:
            return Point(own, sql.boolean(True), trial=trial), there
        stands = sql.some(there)
        before = Before(
            self._before("there", lambda: _any(self._in_time(stands))),
            self._before("counts", lambda: _any(self._counting(stands, trial))),
            self._before("held", lambda: _held(self._counting(stands, trial), self._holds())),
        )
        is_now = self.back == 0 and self.lowerer.when == NOW  # the result is the subject's own
        mine = sql.boolean(True) if is_now else stands
        return Point(own, sql.boolean(True), mine, trial, before), [*there, before.there]

    @property
    def _when(self) -> When:
        return When(self.back).within(self.lowerer.when)

    def _holds(self) -> Node:
        return self.lowerer.plain(shifted(self.item, back=self.back), "yes_no")

    def _there(self) -> list[Node]:
        frame, path = self.lowerer.frame, self.lowerer.path
        return [frame.there(fact, self._when, path) for fact in self.facts.values()]

    def _trial(self) -> Node | None:
        marks = [
            sql.is_true(self.lowerer.frame.stored(mark, self._when, self.lowerer.path))
            for fact in self.facts.values()
            if fact.home == "published"
            for mark in (replace(fact, id=TRIAL, kind=YES_NO, scale=None),)
        ]
        return sql.some(marks) if marks else None

    # -- predecessors ---------------------------------------------------------------------

    def _before(self, what: str, make: Callable[[], Node]) -> Node:
        """Return a figure over the predecessors, which is asked for only where there are any."""
        figure = self.lowerer.frame.of_predecessors((what, self.item, self._when), make)
        return figure if what == "held" else sql.is_true(figure)

    def _in_time(self, there: Node) -> Node:
        """Return whether a predecessor has a record of a period before it went over."""
        period = self.lowerer.frame.instant.seen(self._when)
        if period is None:
            return sql.boolean(False)
        until = column(UNTIL)
        later = sql.binary("<", sql.day(period.start), until)
        return sql.every([sql.some([sql.is_null(until), later]), there])

    def _counting(self, there: Node, trial: Node | None) -> Node:
        in_time = self._in_time(there)
        return in_time if trial is None else sql.every([in_time, sql.negate(trial)])


def _any(condition: Node) -> Node:
    count = exp.Count(this=sql.case([(condition, sql.integer(1))]))
    return sql.binary(">", count, sql.integer(0))


def _held(counts: Node, holds: Node) -> Node:
    """Return whether a condition holds of one that counts, unknown where it is of the others."""
    yes = _any(sql.every([counts, holds]))
    unsure = _any(sql.every([counts, sql.is_null(holds)]))
    branches = [(yes, sql.boolean(True)), (unsure, sql.null("yes_no"))]
    return sql.case(branches, sql.boolean(False))


def _periodic(item: Expression) -> dict[str, Fact]:
    """Return one stored fact of each register of periods that is read of the subject."""
    found: dict[str, Fact] = {}
    stack, seen = [item], set()
    while stack:
        node = stack.pop()
        if isinstance(node, Via) and node.link.grain is not None:
            found.setdefault(node.link.owner, node.link)
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
