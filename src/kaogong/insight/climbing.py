"""Where one subject stands on a ladder, computed by `evaluate` alone and not by any plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaogong.insight.answered import UNKNOWN, Answer, answers
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import NOW, Read
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value
from kaogong.programme.ladder_rules import LadderRules, RungRule


@dataclass(frozen=True, slots=True)
class Climbed:
    """A subject's place on a ladder, and everything that was asked on the way."""

    rung: str | None
    state: str  # meets, pending or fails
    next_rung: str | None
    missing: tuple[str, ...]  # conditions and points of the undecided rung that nobody knows
    base: Mapping[str, Answer]
    rungs: Mapping[str, Mapping[str, Answer]]
    points: Mapping[str, Mapping[str, Value]]  # of each rung: items by `points.id`, sums by name


def climbed(rules: LadderRules, subject: Subject) -> Climbed:
    """Return where a subject stands: the highest rung met, undecided where one above is unknown."""
    evaluator = Evaluator(subject)
    base = answers(rules.base, evaluator)
    asked = {rung.id: answers(rung.conditions, evaluator) for rung in rules.rungs}
    points = {rung.id: _points(rung, evaluator) for rung in rules.rungs}
    for place, rung in enumerate(rules.rungs):
        holds = evaluator.value(Read(rung.holds, NOW, rung.span))
        if isinstance(holds, Unknown):
            missing = _unknown(base, asked[rung.id], points[rung.id])
            return Climbed(None, "pending", rung.id, missing, base, asked, points)
        if holds is True:
            above = rules.rungs[place - 1].id if place else None
            return Climbed(rung.id, "meets", above, (), base, asked, points)
    lowest = rules.rungs[-1].id if rules.rungs else None
    return Climbed(None, "fails", lowest, (), base, asked, points)


def _points(rung: RungRule, evaluator: Evaluator) -> dict[str, Value]:
    return {rule.id: evaluator.value(Read(rule.fact, NOW, rule.fact.span)) for rule in rung.points}


def _unknown(
    base: Mapping[str, Answer], asked: Mapping[str, Answer], points: Mapping[str, Value]
) -> tuple[str, ...]:
    conditions = [id for id, each in {**base, **asked}.items() if each.outcome == UNKNOWN]
    items = [id for id, value in points.items() if id.startswith("points.")]
    return (*conditions, *(id for id in items if isinstance(points[id], Unknown)))
