"""What the outputs of a scheme are made of: its rules and the names of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaogong.plan.lower import Lowerer
from kaogong.plan.scheme.listing import Listing
from kaogong.plan.scheme.scores import GroupScores
from kaogong.programme.rules import SchemeRules


@dataclass(frozen=True, slots=True)
class Compiled:
    """A scheme whose steps are made, before its outputs are."""

    rules: SchemeRules
    version: str  # content hash of the document
    period: str
    groups: Sequence[GroupScores]
    listing: Listing
    lowerer: Lowerer
    scale: int  # decimals of scores
    units: str | None  # table of units and their members; None where nobody is merged

    @property
    def is_merged(self) -> bool:
        """Tell whether several subjects may be scored as one."""
        return self.units is not None

    def at(self, step: str) -> str:
        """Return the name of one of the scheme's steps."""
        return f"{self.rules.id}__{step}"
