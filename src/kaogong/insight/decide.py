"""Whether a subject takes part or leaves, and its group, asked anew condition by condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaogong.insight.totals import settled_condition
from kaogong.insight.words import titles
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import Expression
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value, all_of, any_of, negated
from kaogong.programme.rules import GroupRule, LeaveRule, SchemeRules

LEAVING = {"not_collected": "not_collected"}  # any other way of leaving is not_rated


@dataclass(frozen=True, slots=True)
class Question:
    """One condition on the way, and its answer; None where it was not asked."""

    part: str  # population or group
    id: str
    title: Mapping[str, str]
    answer: Value | None
    rule: str = ""  # which rule settled an unknown
    article: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a subject stands before it is scored."""

    questions: tuple[Question, ...]
    state: str  # absent, held, not_rated, not_collected or scored
    reason: str
    leave: LeaveRule | None
    group: GroupRule | None


def standing(
    rules: SchemeRules, subject: Subject, displaced_by: Sequence[SchemeRules] = ()
) -> Standing:
    """Return who a subject is to a scheme: on its list or not, its state, its group."""
    asking = _Asking(rules, Evaluator(subject))
    takes = asking.takes_part(displaced_by)
    leave, leaves = asking.leaves()
    group, in_group = asking.group()
    state, reason = _state(takes, leave, leaves, in_group)
    return Standing(tuple(asking.questions), state, reason, leave, group)


def _state(
    takes: Value, leave: LeaveRule | None, leaves: Value, in_group: Value
) -> tuple[str, str]:
    if takes is False:
        return "absent", "population.takes_part"
    if isinstance(takes, Unknown):
        return "held", "population.takes_part"
    if isinstance(leaves, Unknown):
        return "held", "population.leaves"
    if leave is not None:
        return LEAVING.get(leave.as_, "not_rated"), f"population.leaves.{leave.id}"
    return ("scored", "") if in_group is True else ("held", "groups")


class _Asking:
    """Asks the conditions of one scheme in their written order, and keeps the answers."""

    def __init__(self, rules: SchemeRules, evaluator: Evaluator) -> None:
        self.rules = rules
        self.questions: list[Question] = []
        self._evaluator = evaluator

    def takes_part(self, displaced_by: Sequence[SchemeRules]) -> Value:
        """Return whether the subject takes part, and in no scheme in this one's place."""
        answers = [
            self._ask("population", "takes_part", titles("takes_part"), self.rules.takes_part)
        ]
        for other in displaced_by:
            title = titles("takes_part_in", zh=other.title["zh"], en=other.title["en"])
            elsewhere = self._ask("population", f"in_place_of.{other.id}", title, other.takes_part)
            answers.append(negated(elsewhere))
        return settled_condition(all_of(answers), self.rules.unknown)

    def leaves(self) -> tuple[LeaveRule | None, Value]:
        """Return the first leave that holds and no return undoes."""
        for number, leave in enumerate(self.rules.leaves):
            holds = self._settled(
                "population", f"leaves.{leave.id}", leave.title, leave.when, leave.article
            )
            back = self._returns(holds)
            goes = all_of((holds, negated(back)))
            if goes is not False:
                self._not_asked(self.rules.leaves[number + 1 :])
                return (leave if goes is True else None), goes
        return None, False

    def _returns(self, leaves: Value) -> Value:
        """Return whether a return undoes a leave; asked once, and only where somebody leaves."""
        known = {q.id: q.answer for q in self.questions}
        answers: list[Value] = []
        for id, when in self.rules.returns:
            at = f"returns.{id}"
            kept = known.get(at)
            if kept is not None:
                answers.append(kept)
            elif leaves is not False:
                answers.append(self._settled("population", at, {"zh": id, "en": id}, when))
        return any_of(answers)

    def _not_asked(self, leaves: Sequence[LeaveRule]) -> None:
        for leave in leaves:
            at = f"leaves.{leave.id}"
            self.questions.append(Question("population", at, leave.title, None, "", leave.article))

    def group(self) -> tuple[GroupRule | None, Value]:
        """Return the first group that holds; an unknown one before it leaves the group unknown."""
        found: GroupRule | None = None
        answer: Value = False
        for group in self.rules.groups:
            answer = self._ask("group", group.id, group.title, group.when)
            if answer is not False:
                found = group if answer is True else None
                break
        asked = {q.id for q in self.questions if q.part == "group"}
        self.questions += [
            Question("group", g.id, g.title, None) for g in self.rules.groups if g.id not in asked
        ]
        return found, answer

    def _ask(self, part: str, id: str, title: Mapping[str, str], when: Expression) -> Value:
        answer = self._evaluator.value(when)
        self.questions.append(Question(part, id, title, answer))
        return answer

    def _settled(
        self, part: str, id: str, title: Mapping[str, str], when: Expression, article: str = ""
    ) -> Value:
        answer = self._evaluator.value(when)
        settled = settled_condition(answer, self.rules.unknown)
        rule = f"unknown={self.rules.unknown}" if settled != answer else ""
        self.questions.append(Question(part, id, title, answer, rule, article))
        return settled
