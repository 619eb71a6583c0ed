"""All points of one subject in its group: lines, adjustments, caps of categories, floor, score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaogong.insight.lines import ZERO, LineScore, Others, added, number, rounded, score_line
from kaogong.language.evaluate import Evaluator
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value, united
from kaogong.programme.rules import AdjustRule, GroupRule, SchemeRules


@dataclass(frozen=True, slots=True)
class AdjustScore:
    """One bonus or deduction."""

    rule: AdjustRule
    holds: Value
    limit: str
    points: Value


@dataclass(frozen=True, slots=True)
class GroupScore:
    """All points of one subject in its group."""

    lines: tuple[LineScore, ...]
    adjusts: tuple[AdjustScore, ...]
    capped: Mapping[str, Value]  # category of adjustments -> its sum within the cap
    items: Value  # sum of the lines
    adjust: Value  # sum of the adjustments
    score: Value
    is_floored: bool
    scale: int

    def line(self, item: str) -> LineScore | None:
        """Return a line by its id."""
        return next((line for line in self.lines if line.rule.id == item), None)


def decimals(rules: SchemeRules) -> int:
    """Return the decimals of a scheme's scores: the most that any line keeps."""
    scales = [x.scale for g in rules.groups for x in g.lines if isinstance(x.scale, int)]
    return max(scales, default=4)


def score_group(
    rules: SchemeRules, group: GroupRule, subject: Subject, others: Others
) -> GroupScore:
    """Return the points of a subject under the rules of its group."""
    scale = decimals(rules)
    lines = tuple(score_line(line, subject, others, scale) for line in group.lines)
    adjusts = tuple(_adjusted(a, rules, subject, scale) for a in group.adjust)
    capped = _by_category(rules, adjusts, subject)
    items = _opened(rules, group, _items(lines, scale))
    adjust = rounded(added(capped.values()), scale)
    total, is_floored = _floored(rules, subject, added((items, added(capped.values()))))
    return GroupScore(
        lines, adjusts, capped, items, adjust, rounded(total, scale), is_floored, scale
    )


def _items(lines: Sequence[LineScore], scale: int) -> Value:
    """Return the sum of the lines: of rounded items, rounded once, or stretched over the known."""
    if not lines:
        return Unknown("not_applicable")
    is_rounded = all(line.rule.round_at != "total" for line in lines)
    if any(line.rule.missing == "drop" for line in lines):
        return rounded(_stretched(lines, is_rounded=is_rounded), scale)
    return rounded(added(x.points if is_rounded else x.exact for x in lines), scale)


def _stretched(lines: Sequence[LineScore], *, is_rounded: bool) -> Value:
    """Return the points of the known lines, stretched to the weights of all (permu:E32)."""
    known = [x for x in lines if not x.is_dropped]
    points = added(x.points if is_rounded else x.exact for x in known)
    weight = added(x.weight for x in known)
    whole = added(x.weight for x in lines)
    doubt = united((points, weight, whole))
    if doubt is not None:
        return doubt
    if number(weight) <= 0:
        return Unknown("zero_denominator", frozenset(x.rule.id for x in lines))
    return number(points) * number(whole) / number(weight)


def _opened(rules: SchemeRules, group: GroupRule, items: Value) -> Value:
    """Return unknown where a whole table that every score needs is open."""
    wanted = ("scores", "scoring", "adjust", "total")
    slots = [s for s in (*group.opens, *rules.opens) if s.place.rsplit(".", 1)[-1] in wanted]
    return Unknown("open", frozenset(s.place for s in slots)) if slots else items


def _adjusted(rule: AdjustRule, rules: SchemeRules, subject: Subject, scale: int) -> AdjustScore:
    evaluator = Evaluator(subject)
    holds: Value = True
    if rule.when is not None:
        holds = settled_condition(evaluator.value(rule.when), rules.unknown)
    if holds is False:
        return AdjustScore(rule, holds, "", ZERO)
    points = rounded(evaluator.value(rule.points), scale)
    points, limit = _within(points, None if rule.cap is None else evaluator.value(rule.cap))
    if isinstance(holds, Unknown):
        return AdjustScore(rule, holds, "", holds)
    return AdjustScore(rule, holds, limit, rounded(points, scale))


def _by_category(
    rules: SchemeRules, adjusts: Sequence[AdjustScore], subject: Subject
) -> dict[str, Value]:
    """Return the sum of each category of adjustments, within its cap."""
    evaluator = Evaluator(subject)
    made: dict[str, Value] = {}
    for category in dict.fromkeys(a.rule.category for a in adjusts):
        total = added(a.points for a in adjusts if a.rule.category == category)
        cap = rules.adjust_caps.get(category)
        made[category] = _within(total, None if cap is None else evaluator.value(cap))[0]
    return made


def _within(points: Value, cap: Value | None) -> tuple[Value, str]:
    """Return points no further from zero than a cap: for bonus and deduction alike."""
    if cap is None:
        return points, ""
    doubt = united((points, cap))
    if doubt is not None:
        return doubt, ""
    most = number(cap)
    if number(points) > most:
        return most, "cap"
    return (-most, "cap") if number(points) < -most else (points, "")


def _floored(rules: SchemeRules, subject: Subject, total: Value) -> tuple[Value, bool]:
    if rules.floor is None:
        return total, False
    least = Evaluator(subject).value(rules.floor)
    doubt = united((total, least))
    if doubt is not None:
        return doubt, False
    return (least, True) if number(total) < number(least) else (total, False)


def settled_condition(value: Value, unknown: str) -> Value:
    """Return a condition with its unknown settled as the scheme says: hold, apply or skip."""
    if not isinstance(value, Unknown) or unknown == "hold":
        return value
    return unknown == "apply"
