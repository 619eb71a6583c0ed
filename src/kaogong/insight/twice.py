"""Both results of a member that is scored as one of its unit and alone (permu:E07), derived anew.

What the run kept says which of the two holds; here each is scored again from the facts, and the
rule that chose between them is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaogong.insight.decide import Standing, standing
from kaogong.insight.facts import Known, MergedSubject, RunSubject
from kaogong.insight.others import RunOthers
from kaogong.insight.totals import GroupScore, score_group
from kaogong.language.expression import Open
from kaogong.language.value import Value
from kaogong.programme.rules import MergeRule, SchemeRules

MERGED, ALONE = "merged", "alone"
COMBINE = "units.merge.combine"
LEFT = ("absent", "not_rated", "not_collected")  # has no score by the rules, not for want of data


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two results."""

    name: str  # merged or alone
    subject: Known
    stand: Standing
    score: GroupScore | None
    is_certain: bool  # everything it needs of others was kept

    @property
    def total(self) -> Fraction | None:
        """Return the score, None where there is none or it is unknown."""
        return self.derived if isinstance(self.derived, Fraction) else None

    @property
    def derived(self) -> Value | None:
        """Return the score with what it lacks, None where there is none."""
        return self.score.score if self.score is not None else None

    @property
    def is_left(self) -> bool:
        """Tell whether the rules give it no score at all."""
        return self.stand.state in LEFT


@dataclass(frozen=True, slots=True)
class Both:
    """Both results of one member, and which of them holds."""

    unit: str
    merged: Side
    alone: Side
    rule: str  # combine=better and so on, combine=only, combine=open
    held: str  # merged, alone, or empty where nobody can know

    @property
    def sides(self) -> tuple[Side, Side]:
        """Return the two results."""
        return self.merged, self.alone

    @property
    def members(self) -> int:
        """Return how many belong to the unit."""
        subject = self.merged.subject
        return len(subject.members) if isinstance(subject, MergedSubject) else 1

    @property
    def holding(self) -> Side:
        """Return the result that holds; that of the member alone where nobody can know."""
        return self.merged if self.held == MERGED else self.alone


@dataclass(frozen=True, slots=True)
class Scoring:
    """What both results are derived with."""

    rules: SchemeRules
    displaced_by: Sequence[SchemeRules]
    others: RunOthers  # of no group yet

    def both(self, unit: MergedSubject, member: RunSubject, held: str) -> Both:
        """Return both results of one member of a unit."""
        merged, alone = self._side(MERGED, unit), self._side(ALONE, member)
        return Both(unit.id, merged, alone, self._rule(merged, alone), held)

    def _side(self, name: str, subject: Known) -> Side:
        stand = standing(self.rules, subject, self.displaced_by)
        if stand.state != "scored" or stand.group is None:
            return Side(name, subject, stand, None, is_certain=True)
        asked = self.others
        others = RunOthers(asked.run, asked.connection, asked.scheme, stand.group.id)
        score = score_group(self.rules, stand.group, subject, others)
        return Side(name, subject, stand, score, is_certain=not others.unkept)

    def _rule(self, merged: Side, alone: Side) -> str:
        if merged.is_left or alone.is_left:
            return "combine=only"
        merge = self.rules.merge
        combine = merge.combine if isinstance(merge, MergeRule) else MERGED
        return f"combine={'open' if isinstance(combine, Open) else combine}"
