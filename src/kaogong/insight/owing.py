"""What one subject is owed under a policy, computed by `evaluate` alone and not by any plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kaogong.insight.answered import FAILED, MET, UNKNOWN, Answer, answers
from kaogong.insight.limiting import limited
from kaogong.insight.owed import ENTITLED, NOT_ENTITLED, Owed
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import NOW, Expression, Read
from kaogong.language.fact import Fact
from kaogong.language.quantity import exact_text, round_half_away
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value, all_of
from kaogong.programme.policy_rules import ClauseRule, PolicyRules


def owing(rules: PolicyRules, subject: Subject, keys: Mapping[str, Sequence[Fact]]) -> list[Owed]:
    """Return what the subject is owed: clause by clause, record by record.

    `keys` names the fields by which the records of a register are told apart.
    """
    made: list[Owed] = []
    for clause in rules.clauses:
        rows = list(_rows(clause, subject, keys))
        made += _shared_year(clause, rows)
    return limited(rules, made, subject)


def _rows(
    clause: ClauseRule, subject: Subject, keys: Mapping[str, Sequence[Fact]]
) -> Iterator[Owed]:
    if clause.child is None:
        yield _owed(clause, "", Evaluator(subject))
        return
    fields = keys.get(clause.child.register, ())
    for record in subject.records(clause.child.register):
        evaluator = Evaluator(subject, record)
        if clause.belongs is not None and evaluator.value(clause.belongs) is False:
            continue
        item = "/".join(_shown(record.stored(fact, NOW)) for fact in fields)
        yield _owed(clause, item, evaluator)


def _shown(value: Value) -> str:
    if isinstance(value, Fraction):
        return exact_text(value)
    return "" if isinstance(value, Unknown) else str(value)


def _owed(clause: ClauseRule, item: str, evaluator: Evaluator) -> Owed:
    """Return the outcome of one row, with the amount under the caps of the clause itself."""
    asked = answers(clause.conditions, evaluator)
    holds = evaluator.value(Read(clause.entitled, NOW, clause.span))
    if clause.belongs is not None:
        holds = all_of((holds, evaluator.value(clause.belongs)))
    figures = _Figures(clause, evaluator)
    values = figures.all()
    outcome, reason = _outcome(clause, asked, holds, values)
    might = figures.under_caps(values)
    is_entitled = outcome == ENTITLED
    low, high = (_amount(values[end]) if is_entitled else None for end in ("low", "high"))
    return Owed(
        clause, item, outcome, reason, low, high, might,
        after_cap=might if is_entitled else None,
        cap_year=_amount(values.get("cap.year")),
        answers=asked,
    )  # fmt: skip


def _outcome(
    clause: ClauseRule, asked: Mapping[str, Answer], holds: Value, values: Mapping[str, Value]
) -> tuple[str, str]:
    """Return the outcome and what it hangs on."""
    unknown = [v for v in (holds, *values.values()) if isinstance(v, Unknown)]
    if holds is False:
        return NOT_ENTITLED, _reason(clause, asked, barring=True)
    if not unknown:
        return ENTITLED, ""
    doubt = "open" if clause.opens and any(v.state == "open" for v in unknown) else UNKNOWN
    if isinstance(holds, Unknown):
        return doubt, _reason(clause, asked, barring=False)
    names = {"low": "amount", "high": "amount"}
    first = next(id for id, value in values.items() if isinstance(value, Unknown))
    return doubt, names.get(first, first)


def _reason(clause: ClauseRule, asked: Mapping[str, Answer], *, barring: bool) -> str:
    whole = [asked[rule.id] for rule in clause.conditions if rule.is_whole]
    if barring:
        for each in whole:
            if each.outcome == (MET if each.rule.bars else FAILED):
                return each.rule.id
    doubtful = next((each.rule.id for each in whole if each.outcome == UNKNOWN), "")
    return doubtful or ("for_each" if clause.belongs is not None else "")


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of a clause for one row, in the base of its unit."""

    clause: ClauseRule
    evaluator: Evaluator

    def all(self) -> dict[str, Value]:
        """Return amounts, caps and the least amount, each at the decimals of the clause."""
        clause = self.clause
        made = {
            "low": self._rounded(Read(clause.low, NOW, clause.span)),
            "high": self._rounded(Read(clause.high, NOW, clause.span)),
        }
        for key, cap in clause.caps.items():
            made[f"cap.{key}"] = self._cut(cap)
        if clause.minimum is not None:
            made["minimum"] = self._rounded(clause.minimum)
        return made

    def under_caps(self, values: Mapping[str, Value]) -> Fraction | None:
        """Return the one amount the row comes to once entitled, None where it is not known."""
        clause = self.clause
        if clause.is_range:
            return None
        amount = _amount(values["low"])
        if "minimum" in values:
            amount = _both(max, amount, _amount(values["minimum"]))
        for key in ("cap.item", "cap.year"):
            if key in values:
                amount = _both(min, amount, _amount(values[key]))
        return amount

    def _rounded(self, expression: Expression) -> Value:
        value = self.evaluator.value(expression)
        if not isinstance(value, Fraction):
            return value
        factor = self.clause.unit.factor
        return round_half_away(value / factor, self.clause.scale) * factor

    def _cut(self, cap: Expression) -> Value:
        value = self.evaluator.value(cap)
        if not isinstance(value, Fraction):
            return value
        return (value // self.clause.whole) * self.clause.whole


def _amount(value: Value | None) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def _both(
    choose: Callable[[Fraction, Fraction], Fraction],
    left: Fraction | None,
    right: Fraction | None,
) -> Fraction | None:
    return None if left is None or right is None else choose(left, right)


def _shared_year(clause: ClauseRule, rows: Sequence[Owed]) -> list[Owed]:
    """Let the records of a subject share the cap of a year in the order of their keys."""
    if clause.child is None or "year" not in clause.caps:
        return list(rows)
    spent = Fraction(0)
    made: dict[str, Owed] = {}
    for row in sorted(rows, key=lambda row: (row.after_cap is None, row.item)):
        left = row.cap_year
        if row.after_cap is None or left is None:
            made[row.item] = row
            continue
        paid = max(min(row.after_cap, left - spent), Fraction(0))
        spent += row.after_cap
        made[row.item] = replace(row, after_cap=paid)
    return [made[row.item] for row in rows]
