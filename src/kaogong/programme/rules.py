"""A Scheme with all names resolved: what the compiler compiles and the explanation explains.

Every expression is typed; every key that the text leaves open is an `Open` node or an `OpenKey`
with its address, so that a run knows what depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kaogong.language.expression import Expression, Open
from kaogong.language.fact import Fact
from kaogong.language.interval import Interval
from kaogong.language.span import Span

Titles = Mapping[str, str]
RANKED_CLASS = "ranked_class"  # in the conditions of moves: the class by rank, before any move
Leaving = Literal["not_collected", "not_rated", "local_choice"]


@dataclass(frozen=True, slots=True)
class FigureRule:
    """A figure of many subjects: a benchmark, a low or a high."""

    figure: str
    of: Expression | None  # None: the line's own indicator
    over: str  # group, pool, all, or the id of a field
    over_fact: Fact | None
    back: int  # periods earlier
    times: Fraction
    at: Fraction | None
    span: Span


Held = Expression | FigureRule | None


@dataclass(frozen=True, slots=True)
class LineRule:
    """One scored line. `points` speaks of `x weight benchmark low high`."""

    id: str
    title: Titles
    fact: Fact | Open
    weight: Expression
    benchmark: Held
    low: Held
    high: Held
    points: Expression
    scale: int | Open
    round_at: str | Open
    cap: Expression | None
    floor: Expression | None
    missing: str | Fraction | Open  # a number of points, or mean, drop, hold
    zero: str | Fraction | Open  # a number of points, or missing, or none
    better: str
    on_zero: str  # worst, best, missing or settled
    article: str
    evidence: str
    span: Span

    @property
    def missing_rule(self) -> str:
        """Return the rule for a missing figure as one word or number."""
        return str(self.missing)


@dataclass(frozen=True, slots=True)
class AdjustRule:
    """A bonus or deduction."""

    id: str
    title: Titles
    when: Expression | None
    points: Expression
    category: str
    cap: Expression | None
    article: str
    span: Span


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an ordering."""

    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class RankRule:
    """How a list is ordered and how shares of it become places."""

    within: tuple[Expression, ...]  # beside the group, in written order
    by_group: bool
    by: tuple[Order, ...] | Open
    base: str | Open
    rounding: str | Open
    rounding_of: str | Open
    ties: str | Open
    span: Span


@dataclass(frozen=True, slots=True)
class CutRule:
    """One class or pool: an interval of the list, a condition, the rest, or outside the list."""

    id: str
    title: Titles
    source: str  # pool it draws from; empty: the whole list
    by: tuple[Order, ...]
    take: Interval | Open | None
    by_place: bool  # the interval counts places, not shares
    when: Expression | None
    rest: bool
    outside: bool
    bound: Interval | None
    article: str
    span: Span


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Subjects scored alike."""

    id: str
    title: Titles
    when: Expression
    lines: tuple[LineRule, ...]
    adjust: tuple[AdjustRule, ...]
    rank: RankRule | Open
    pools: tuple[CutRule, ...]
    classes: tuple[CutRule, ...]
    opens: tuple[Open, ...]  # tables of the group that are open as a whole
    span: Span

    def class_order(self) -> list[str]:
        """Return the names of the classes from best to worst, those outside left out."""
        return [c.id for c in self.classes if not c.outside]


@dataclass(frozen=True, slots=True)
class LeaveRule:
    """Who is left out, and what that makes of them."""

    id: str
    title: Titles
    when: Expression
    as_: Leaving
    class_: str
    treated_as: str
    article: str


@dataclass(frozen=True, slots=True)
class MoveRule:
    """A change of class after ranking."""

    id: str
    title: Titles
    when: Expression
    to: str
    at_best: str
    at_worst: str
    up: int
    down: int
    article: str
    span: Span


@dataclass(frozen=True, slots=True)
class MergeRule:
    """Several subjects scored as one."""

    by: Expression | Open
    keep_apart: Expression | None
    also_alone: bool | Open  # members are scored alone, too (permu:E07)
    combine: str | Open  # which of both results holds: merged, alone, better or worse
    span: Span


@dataclass(frozen=True, slots=True)
class SchemeRules:
    """A whole scheme, ready to be compiled."""

    id: str
    title: Titles
    subject: str  # register of its subjects
    grain: str
    unknown: str  # hold, apply or skip
    takes_part: Expression
    leaves: tuple[LeaveRule, ...]
    returns: tuple[tuple[str, Expression], ...]
    merge: MergeRule | Open | None
    groups: tuple[GroupRule, ...]
    adjust_caps: Mapping[str, Expression]
    floor: Expression | None
    moves: tuple[MoveRule, ...]
    vacated: str | Open
    publishes: Mapping[str, str]
    trial: bool
    in_place_of: str
    opens: tuple[Open, ...] = ()  # whole tables that are open
    evidence: str = ""
    span: Span = Span("")

    @property
    def scores_twice(self) -> bool:
        """Tell whether members of a unit are scored alone, too."""
        merge = self.merge
        return (
            isinstance(merge, MergeRule)
            and not isinstance(merge.by, Open)
            and merge.also_alone is True
        )

    def items(self) -> list[str]:
        """Return the ids of all lines over all groups, each once, in written order."""
        return list(dict.fromkeys(line.id for g in self.groups for line in g.lines))
