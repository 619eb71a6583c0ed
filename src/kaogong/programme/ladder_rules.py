"""A Ladder with all names resolved: what the compiler compiles and the oracle asks.

Each condition is a fact of the subject with a definition, so it is computed once, whatever reads
it: the rung, the list of what is missing, and the oracle.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaogong.language.expression import Expression
from kaogong.language.fact import Fact
from kaogong.language.span import Span
from kaogong.programme.named_conditions import ConditionRule, Titles


@dataclass(frozen=True, slots=True)
class PointRule:
    """A scored item of a rung, a part of its score, or its total."""

    id: str  # `points.rd`, `part.innovation`, `total`
    title: Titles
    fact: Fact  # a number without a unit
    most: Expression | None
    article: str = ""


@dataclass(frozen=True, slots=True)
class RungRule:
    """One rung."""

    id: str
    title: Titles
    level: str
    holds: Fact  # whether a subject meets all that the rung asks, the base of the ladder included
    conditions: tuple[ConditionRule, ...]  # of the entry, the lanes, the score
    points: tuple[PointRule, ...]  # items, then each part, then the total
    span: Span


@dataclass(frozen=True, slots=True)
class LadderRules:
    """A whole ladder, ready to be compiled; the highest rung stands first."""

    id: str
    title: Titles
    subject: str
    grain: str
    base: tuple[ConditionRule, ...]  # of every rung
    rungs: tuple[RungRule, ...]
    evidence: str = ""
    span: Span = Span("")
