"""What was derived anew against what the run kept: every difference is an error, none is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaogong.insight.classed import Classed
from kaogong.insight.decide import Standing
from kaogong.insight.kept import Kept, Neighbours
from kaogong.insight.totals import GroupScore
from kaogong.insight.twice import Both
from kaogong.language.expression import Open
from kaogong.language.finding import Finding, finding
from kaogong.language.quantity import exact_text
from kaogong.language.span import Span
from kaogong.language.value import Unknown, Value
from kaogong.programme.rules import GroupRule, SchemeRules

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Check:
    """Compares the results of one subject."""

    rules: SchemeRules
    subject: str
    kept: Kept

    def standing(self, stand: Standing, score: GroupScore | None) -> Iterator[Finding]:
        """Yield differences of state, reason and group."""
        state = stand.state
        if state == "scored":
            is_known = score is not None and isinstance(score.score, Fraction)
            if _is_sorted(stand.group):
                is_known = self.kept.result.get("rank") is not None
            state = "rated" if is_known and self._is_ranked(stand.group) else "held"
        yield from self._same("state", state, self.kept.result.get("state"))
        group = stand.group.id if stand.group is not None else None
        yield from self._same("group", group, self.kept.result.get("group"))

    def _is_ranked(self, group: GroupRule | None) -> bool:
        """Tell whether the group's list has an order; its keys are the run's own affair."""
        if group is None or isinstance(group.rank, Open) or isinstance(group.rank.by, Open):
            return False
        if any(isinstance(w, Open) for w in group.rank.within):
            return False
        return self.kept.result.get("rank") is not None or len(group.rank.by) == 1

    def points(self, score: GroupScore, unkept: set[str]) -> Iterator[Finding]:
        """Yield differences of lines, adjustments and sums; of lines that can be derived."""
        for line in score.lines:
            if line.rule.id not in unkept:
                yield from self._equal(f"item.{line.rule.id}", line.points,
                                       self.kept.points(line.rule.id), line.rule.span)  # fmt: skip
        for adjust in score.adjusts:
            yield from self._equal(f"adjust.{adjust.rule.id}", adjust.points,
                                   self.kept.adjust(adjust.rule.id), adjust.rule.span)  # fmt: skip
        if unkept & {line.rule.id for line in score.lines}:
            return
        for place, derived in (("score_items", score.items), ("score_adjust", score.adjust),
                               ("score", score.score)):  # fmt: skip
            yield from self._equal(place, derived, self.kept.number(place), self.rules.span)

    def both(self, both: Both) -> Iterator[Finding]:
        """Yield differences of the two scores of a member scored twice."""
        for side in both.sides:
            place = f"score_{side.name}"
            if side.is_certain and side.total != self.kept.number(place):
                got, kept = _shown(side.total), _shown(self.kept.number(place))
                yield self._differs(place, got, kept, self.rules.span)

    def place(self, group: GroupRule, near: Neighbours) -> Iterator[Finding]:
        """Yield a difference of rank, in a list that is ordered by the total alone."""
        rank = group.rank
        if isinstance(rank, Open):
            return
        derived = near.better + {
            "together_down": near.alike,
            "by_key": near.alike_before,
        }.get(str(rank.ties), 1)
        yield from self._same("rank", derived, self.kept.result["rank"])

    def classes(self, made: Classed) -> Iterator[Finding]:
        """Yield differences of the class by rank, the last move and the final class."""
        if made.is_derived:
            yield from self._same("class_ranked", made.by_rank, self.kept.result["class_ranked"])
        yield from self._same("moved_by", made.moved_by or None, self.kept.result["moved_by"])
        yield from self._same("class", made.final, self.kept.result["class"])

    def _equal(
        self, place: str, derived: Value, kept: Fraction | None, span: Span
    ) -> Iterator[Finding]:
        got = None if isinstance(derived, Unknown) else derived
        if got != kept:
            yield self._differs(place, _shown(got), _shown(kept), span)

    def _same(self, place: str, derived: object, kept: object) -> Iterator[Finding]:
        if derived != kept:
            yield self._differs(place, derived or NOTHING, kept or NOTHING, self.rules.span)

    def _differs(self, place: str, got: object, kept: object, span: Span) -> Finding:
        return finding("KG720", span, subject=self.subject, place=place, got=got, kept=kept)


def by_total(group: GroupRule) -> bool:
    """Tell whether a list is ordered by the total alone, the greatest first."""
    rank = group.rank
    if isinstance(rank, Open) or isinstance(rank.by, Open) or len(rank.by) != 1:
        return False
    order = rank.by[0]
    return order.descending and getattr(order.expression, "word", "") == "total"


def _is_sorted(group: GroupRule | None) -> bool:
    """Tell whether a group is only sorted by a figure and nothing is scored (permu:E22)."""
    return group is not None and not group.lines and not group.opens


def _shown(value: object) -> str:
    return exact_text(value) if isinstance(value, Fraction) else NOTHING
