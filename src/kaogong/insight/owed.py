"""One row of what a subject is owed: a clause, for itself or for one of its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kaogong.insight.answered import Answer
from kaogong.programme.policy_rules import ClauseRule

ENTITLED, NOT_ENTITLED = "entitled", "not_entitled"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a clause comes to; amounts in the base of its unit, None where nobody knows."""

    clause: ClauseRule
    item: str
    outcome: str  # entitled, not_entitled, unknown or open
    reason: str
    amount_min: Fraction | None
    amount_max: Fraction | None
    might: Fraction | None  # what it would come to under its own caps, entitled or not
    after_cap: Fraction | None
    cap_year: Fraction | None = None
    after_limit: Fraction | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def amount(self) -> Fraction | None:
        """Return the amount where the text gives one, not a range."""
        return None if self.clause.is_range else self.amount_min
