"""Every expression of a document, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kaogong.language.expression import EXPRESSIONS, NOW, Expression, Open, Read
from kaogong.programme.ladder_rules import LadderRules
from kaogong.programme.named_conditions import ConditionRule
from kaogong.programme.policy_rules import PolicyRules
from kaogong.programme.rules import CutRule, FigureRule, GroupRule, LineRule, SchemeRules


def expressions_of(scheme: SchemeRules) -> Iterator[Expression]:
    """Yield every expression of a scheme; the figure of a line counts as read."""
    yield scheme.takes_part
    yield from (leave.when for leave in scheme.leaves)
    yield from (when for _, when in scheme.returns)
    if scheme.merge is not None and not isinstance(scheme.merge, Open):
        yield scheme.merge.by
        if scheme.merge.keep_apart is not None:
            yield scheme.merge.keep_apart
    for group in scheme.groups:
        yield from _of_group(group)
    yield from scheme.adjust_caps.values()
    yield from (move.when for move in scheme.moves)


def _of_group(group: GroupRule) -> Iterator[Expression]:
    yield group.when
    for line in group.lines:
        yield from _of_line(line)
    for adjust in group.adjust:
        yield from (e for e in (adjust.when, adjust.points, adjust.cap) if e is not None)
    if not isinstance(group.rank, Open):
        yield from group.rank.within
        if not isinstance(group.rank.by, Open):
            yield from (order.expression for order in group.rank.by)
    for cut in (*group.pools, *group.classes):
        yield from _of_cut(cut)


def _of_line(line: LineRule) -> Iterator[Expression]:
    if not isinstance(line.fact, Open):
        yield Read(line.fact, NOW, line.span)
    for held in (line.benchmark, line.low, line.high):
        if isinstance(held, FigureRule):
            if held.of is not None:
                yield held.of
        elif isinstance(held, EXPRESSIONS):
            yield held
    yield from (e for e in (line.weight, line.points, line.cap, line.floor) if e is not None)


def _of_cut(cut: CutRule) -> Iterator[Expression]:
    yield from (order.expression for order in cut.by)
    if cut.when is not None:
        yield cut.when


def of_ladder(ladder: LadderRules) -> Iterator[Expression]:
    """Yield every expression of a ladder."""
    yield from _of_conditions(ladder.base)
    for rung in ladder.rungs:
        yield from _of_conditions(rung.conditions)
        for rule in rung.points:
            yield from (e for e in (rule.fact.definition, rule.most) if e is not None)


def of_policy(policy: PolicyRules) -> Iterator[Expression]:
    """Yield every expression of a policy."""
    for clause in policy.clauses:
        yield from _of_conditions(clause.conditions)
        made = [clause.low.definition, clause.high.definition, clause.belongs, clause.minimum]
        yield from (e for e in (*made, *clause.caps.values()) if e is not None)
    yield from (limit.cap for limit in policy.limits if limit.cap is not None)


def _of_conditions(rules: Iterable[ConditionRule]) -> Iterator[Expression]:
    for rule in rules:
        yield from (e for e in (rule.fact.definition, rule.asked) if e is not None)
