"""The way out: what keeps a subject from a better result, and the nearest single step there.

The nearest step changes one figure and leaves everything else as it is, the other subjects
included; it is found with the line's own formula, so caps and bands are in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from kaogong.insight.classed import Classed
from kaogong.insight.decide import Standing
from kaogong.insight.kept import Kept, Shelf
from kaogong.insight.lines import Formula, LineScore
from kaogong.insight.totals import GroupScore
from kaogong.insight.verify import by_total
from kaogong.language.expression import Open
from kaogong.language.fact import Fact
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value
from kaogong.programme.rules import GroupRule, LineRule

MOST_STEPS = 48  # doublings of the smallest change that a line is tried with


@dataclass(frozen=True, slots=True)
class Nearest:
    """One figure, and the value that would be enough; both in the base of its unit."""

    line: LineRule
    x: Fraction
    target: Fraction


@dataclass(frozen=True, slots=True)
class Way:
    """What would help: `report` facts, `fill` open slots, `gain` points, or end a `move`."""

    kind: str
    missing: tuple[str, ...] = ()
    better: str = ""  # the class above
    short: Fraction | None = None  # points that are lacking
    nearest: Nearest | None = None
    before: str = ""  # the class by rank, under a move


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about one subject."""

    subject: Subject
    kept: Kept
    shelf: Shelf
    stand: Standing
    score: GroupScore | None
    classed: Classed | None


def way_out(found: Found) -> Way | None:
    """Return the way to a better result, None where there is none or nothing is known of it."""
    stand, score, made = found.stand, found.score, found.classed
    if stand.state == "held":
        return _to_report(_unknown_questions(stand))
    if score is not None and found.kept.number("score") is None:
        return _to_report(_unknown_parts(score))
    if score is None or made is None or stand.group is None:
        return None
    worsened = next((m for m in made.moves if m.rule.id == made.moved_by), None)
    if worsened is not None and made.by_rank and _is_worse(stand.group, made):
        return Way("move", before=made.by_rank)
    return _to_gain(found, stand.group, score, made)


def _is_worse(group: GroupRule, made: Classed) -> bool:
    order = group.class_order()
    ends = (made.by_rank, made.final)
    return all(e in order for e in ends) and order.index(str(made.final)) > order.index(
        str(made.by_rank)
    )


def _unknown_questions(stand: Standing) -> list[Unknown]:
    return [q.answer for q in stand.questions if isinstance(q.answer, Unknown)]


def _unknown_parts(score: GroupScore) -> list[Unknown]:
    parts: list[Value] = [line.exact for line in score.lines]
    parts += [adjust.points for adjust in score.adjusts] + [score.score]
    return [p for p in parts if isinstance(p, Unknown)]


def _to_report(unknowns: list[Unknown]) -> Way:
    missing = tuple(sorted(set().union(*(u.causes for u in unknowns)) if unknowns else ()))
    is_open = bool(unknowns) and all(u.state in ("open", "pending") for u in unknowns)
    return Way("fill" if is_open else "report", missing)


def _to_gain(found: Found, group: GroupRule, score: GroupScore, made: Classed) -> Way | None:
    """Return how many points the class above is away, and the nearest step there."""
    order, kept = group.class_order(), found.kept
    mine, total = made.by_rank, kept.number("score")
    if mine not in order or order.index(mine) == 0 or total is None or not by_total(group):
        return None
    better = order[order.index(mine) - 1]
    least = found.shelf.least_score(str(kept.result["pool"]), better)
    if least is None or any(cut.source or cut.when for cut in group.classes):
        return None
    short = least - total
    if isinstance(group.rank, Open) or group.rank.ties != "together_up":
        short += Fraction(1, 10**score.scale)
    return Way("gain", better=better, short=short, nearest=_nearest(found.subject, score, short))


def _nearest(subject: Subject, score: GroupScore, short: Fraction) -> Nearest | None:
    """Return the single change that asks least of the subject, relative to what it has."""
    found = [n for line in score.lines if (n := _enough(subject, line, short)) is not None]
    return min(found, key=lambda n: abs(n.target - n.x) / abs(n.x), default=None)


def _enough(subject: Subject, line: LineScore, short: Fraction) -> Nearest | None:
    """Return the least change of one figure that earns the lacking points, None if none does."""
    fact = line.rule.fact
    if line.used or not isinstance(fact, Fact) or not isinstance(line.x, Fraction) or not line.x:
        return None
    formula = Formula(line.rule, subject, line.weight, line.held)
    unit = fact.kind.unit.factor / Fraction(10) ** (fact.scale or 0)
    smallest = -unit if line.rule.better == "low" else unit
    base = formula.points(line.x)

    def earns(steps: int) -> bool:
        points = formula.points(x + steps * smallest)
        return (
            isinstance(points, Fraction) and isinstance(base, Fraction) and points - base >= short
        )

    x = line.x
    steps = _fewest(earns)
    target = None if steps is None else x + steps * smallest
    if target is None or (target <= 0) != (x <= 0):
        return None
    return Nearest(line.rule, x, target)


def _fewest(is_enough: Callable[[int], bool]) -> int | None:
    """Return the fewest steps that are enough: doubled until they are, then halved in between."""
    found = next((n for n in range(MOST_STEPS) if is_enough(1 << n)), None)
    if found is None:
        return None
    most: int = 1 << found
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most
