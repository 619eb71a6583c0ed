"""A Policy with all names resolved: what the compiler compiles and the oracle asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaogong.language.expression import Expression, Open
from kaogong.language.fact import Fact
from kaogong.language.scope import Child
from kaogong.language.span import Span
from kaogong.language.unit import Unit
from kaogong.programme.named_conditions import ConditionRule, Titles


@dataclass(frozen=True, slots=True)
class Period:
    """When one may apply."""

    opens: date | None = None
    closes: date | None = None


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """One clause; its facts are of the subject, or of one record where it is for each of them."""

    id: str
    title: Titles
    child: Child | None  # the register whose records are entitled, one by one
    belongs: Expression | None  # whether a record belongs to the period; None: all do
    conditions: tuple[ConditionRule, ...]
    entitled: Fact
    low: Fact  # the least amount; low and high are one where the text gives one amount
    high: Fact
    unit: Unit
    scale: int
    caps: Mapping[str, Expression]  # of one item, of one year
    minimum: Expression | None
    opens: tuple[Open, ...]  # what conditions, amount and caps leave open
    gives: str
    direction: str
    payee: str
    mode: str
    window: Period
    article: str
    span: Span

    @property
    def whole(self) -> Fraction:
        """Return what one whole unit of the clause's amounts is worth."""
        return self.unit.factor / Fraction(10) ** self.scale

    @property
    def is_range(self) -> bool:
        """Tell whether the text leaves the amount between two."""
        return self.low is not self.high


@dataclass(frozen=True, slots=True)
class LimitRule:
    """What several clauses may come to for one subject and period, or for one record."""

    id: str
    clauses: tuple[str, ...]  # in written order
    per: str  # year or item
    share: str | Open  # highest, sum or in_order
    cap: Expression | None
    whole: Fraction  # what one whole unit of its clauses' amounts is worth
    span: Span


@dataclass(frozen=True, slots=True)
class PolicyRules:
    """A whole policy, ready to be compiled."""

    id: str
    title: Titles
    subject: str
    grain: str
    unknown: str  # hold, apply or skip
    clauses: tuple[ClauseRule, ...]
    limits: tuple[LimitRule, ...]
    last_day: date | None = None
    evidence: str = ""
    span: Span = Span("")
