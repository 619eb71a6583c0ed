"""Named conditions of a ladder or a policy asked anew of one subject, by `evaluate` alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import NOW, Read
from kaogong.language.value import Unknown, Value
from kaogong.programme.named_conditions import ConditionRule

MET, FAILED, UNKNOWN, NOT_ASKED = "met", "failed", "unknown", "not_asked"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one condition; figures are in the unit the condition is written in."""

    rule: ConditionRule
    outcome: str
    value: Fraction | None = None
    bound: Fraction | None = None
    causes: frozenset[str] = frozenset()  # of an unknown one

    @property
    def distance(self) -> Fraction | None:
        """Return the bound less the value, None where one of them is not known."""
        if self.value is None or self.bound is None:
            return None
        return self.bound - self.value


def answers(rules: Iterable[ConditionRule], evaluator: Evaluator) -> dict[str, Answer]:
    """Return the answer to each condition by its id."""
    return {rule.id: answer(rule, evaluator) for rule in rules}


def answer(rule: ConditionRule, evaluator: Evaluator) -> Answer:
    """Return the answer to one condition."""
    holds = evaluator.value(Read(rule.fact, NOW, rule.span))
    outcome = _outcome(holds)
    if rule.asked is not None and evaluator.value(rule.asked) is False:
        outcome = NOT_ASKED
    causes = holds.causes if isinstance(holds, Unknown) else frozenset()
    if rule.numeric is None:
        return Answer(rule, outcome, causes=causes)
    factor = rule.numeric.unit.factor
    value = _number(evaluator.value(rule.numeric.value), factor)
    bound = _number(evaluator.value(rule.numeric.bound), factor)
    return Answer(rule, outcome, value, bound, causes)


def _outcome(holds: Value) -> str:
    if isinstance(holds, Unknown):
        return UNKNOWN
    return MET if holds is True else FAILED


def _number(value: Value, factor: Fraction) -> Fraction | None:
    return value / factor if isinstance(value, Fraction) else None
