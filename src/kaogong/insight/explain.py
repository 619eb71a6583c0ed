"""Why a subject has the result it has: every step, derived anew and held against what the run kept.

    rows of the subject → facts → standing → points → class → steps, findings, the way out

The points of the steps of parts `item`, `adjust` and `total` add up to the kept score exactly.
Where the derived points differ from the kept ones the explanation carries an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaogong.insight.classed import Classed, classed
from kaogong.insight.decide import Standing, standing
from kaogong.insight.facts import Known, MergedSubject, RunSubject
from kaogong.insight.kept import Kept, Neighbours, Shelf
from kaogong.insight.opened import OpenedRun
from kaogong.insight.others import RunOthers
from kaogong.insight.registers import Registers
from kaogong.insight.step import ADDED, Step
from kaogong.insight.steps_made import StepMaker, numbered
from kaogong.insight.totals import GroupScore, score_group
from kaogong.insight.twice import COMBINE, Both, Scoring
from kaogong.insight.verify import Check, by_total
from kaogong.insight.way import Found, Way, way_out
from kaogong.language.finding import Finding, finding
from kaogong.programme.adopted import adopted
from kaogong.programme.rules import GroupRule, SchemeRules


@dataclass(frozen=True, slots=True)
class Explanation:
    """A subject's result under a scheme, with every step that led to it."""

    scheme: str
    title: Mapping[str, str]
    subject: str
    period: str
    result: Mapping[str, Any]  # the kept row; empty for a subject that takes no part
    state: str  # rated, not_rated, not_collected, held, absent
    steps: tuple[Step, ...]
    way: Way | None
    findings: tuple[Finding, ...]

    @property
    def points(self) -> Fraction:
        """Return the sum of the points that make the score."""
        return sum((Fraction(s.points) for s in self.steps_of(*ADDED) if s.points is not None),
                   Fraction(0))  # fmt: skip

    def steps_of(self, *parts: str) -> list[Step]:
        """Return the steps of some parts, in order."""
        return [step for step in self.steps if step.part in parts]


def explain(run: OpenedRun, scheme: str, subject: str) -> Explanation:
    """Return the explanation of one subject; raise NotInRun where run, scheme or subject lack."""
    rules = run.scheme(scheme)
    with run.connected() as connection:
        explaining = _Explaining(rules, Registers(run, connection), Shelf(run, connection, scheme))
        return explaining.explanation(subject)


@dataclass(frozen=True, slots=True)
class _Explaining:
    rules: SchemeRules
    registers: Registers
    shelf: Shelf

    def explanation(self, id: str) -> Explanation:
        """Return the explanation of a subject."""
        run, rules = self.shelf.run, self.rules
        kept = self.shelf.kept(id)
        if not kept.result and not self.registers.records(rules.subject, id):
            raise self.shelf.not_there(id)
        both = self._both(id, kept)
        subject = both.holding.subject if both is not None else self._subject(id, kept)
        stand = standing(rules, subject, self._displaced_by())
        walked = _Walked(self, subject, kept, stand, both)
        steps = numbered(walked.steps())
        state = str(kept.result.get("state") or stand.state)
        return Explanation(
            rules.id, rules.title, id, run.period.text, kept.result, state, steps,
            walked.way(), tuple(walked.findings()),
        )  # fmt: skip

    def _subject(self, id: str, kept: Kept) -> Known:
        """Return the subject, or all that are scored as one with it."""
        alone = RunSubject(self.registers, id, self.rules.subject)
        if self.rules.merge is None or not kept.result:
            return alone
        members = [
            RunSubject(self.registers, each, self.rules.subject)
            for each in self.shelf.members(kept.unit)
        ]
        largest = RunSubject(self.registers, kept.unit, self.rules.subject)
        return MergedSubject(largest, members) if len(members) > 1 else alone

    def _both(self, id: str, kept: Kept) -> Both | None:
        """Return both results of a member that is scored alone, too; None for anybody else."""
        if not kept.own_unit:
            return None
        run, connection = self.shelf.run, self.shelf.connection
        members = [RunSubject(self.registers, m) for m in self.shelf.members_of(kept.own_unit)]
        unit = MergedSubject(RunSubject(self.registers, kept.own_unit), members)
        others = RunOthers(run, connection, self.rules.id, "")
        scoring = Scoring(self.rules, self._displaced_by(), others)
        return scoring.both(unit, RunSubject(self.registers, id), kept.scored_as)

    def _displaced_by(self) -> list[SchemeRules]:
        """Return the schemes of the programme that stand in this one's place."""
        programme = self.shelf.run.programme
        others = [r for r in programme.schemes.values() if r.in_place_of == self.rules.id]
        return [r for r in others if adopted(programme, r.id)]

    @property
    def article(self) -> str:
        """Return the article that the scheme as a whole names."""
        document = self.shelf.run.programme.documents["Scheme", self.rules.id]
        source = document.model.source
        return str(source.article or "") if source is not None else ""


class _Walked:
    """One subject on its way: what was derived, part by part."""

    def __init__(
        self, explaining: _Explaining, subject: Known, kept: Kept, stand: Standing,
        both: Both | None,
    ) -> None:  # fmt: skip
        self.rules, self.shelf = explaining.rules, explaining.shelf
        self.subject, self.kept, self.stand, self.both = subject, kept, stand, both
        self.make = StepMaker(self.rules, kept, explaining.article)
        self.unkept: list[str] = []  # figures of others that the run did not keep, by address
        self.score = self._score()
        self.classed = self._classed()
        self.near = self._neighbours()

    @property
    def group(self) -> GroupRule | None:
        """Return the group, where the subject is scored and its score holds."""
        is_scored = self.stand.state == "scored" and not self.kept.is_undecided
        return self.stand.group if is_scored else None

    def _score(self) -> GroupScore | None:
        if self.group is None:
            return None
        others = RunOthers(
            self.shelf.run, self.shelf.connection, self.rules.id, self.group.id, self.subject,
            self.kept.result.get("pool"),
        )  # fmt: skip
        made = score_group(self.rules, self.group, self.subject, others)
        self.unkept = sorted(set(others.unkept))
        return made

    def _classed(self) -> Classed | None:
        if self.group is None or self.kept.result.get("rank") is None:
            return None
        return classed(self.rules, self.group, self.subject, self.kept, self.shelf)

    def _neighbours(self) -> Neighbours | None:
        """Return how the score stands in the list, where the list goes by scores alone."""
        if self.group is None or self.classed is None or not by_total(self.group):
            return None
        return self.shelf.neighbours(self.kept)

    def steps(self) -> Iterator[Step]:
        """Yield every step."""
        if self.both is not None:
            yield self.make.merged(self.both.unit, self.both.members)
        elif isinstance(self.subject, MergedSubject):
            yield self.make.merged(self.subject.id, len(self.subject.members))
        yield from self.make.standing(self.stand)
        if self.score is not None:
            yield from self.make.points(self.score)
        if self.both is not None:
            yield from self.make.both(self.both)
        if self.group is not None and self.classed is not None:
            alike = self.near.alike if self.near is not None else 1
            yield from self.make.places(self.group, alike, self.classed)
            yield from self.make.classes(self.group, self.classed)
        else:
            yield from self.make.left()

    def way(self) -> Way | None:
        """Return what would lead to a better result."""
        if self.kept.is_undecided:
            return Way("fill", (COMBINE,))
        return way_out(
            Found(self.subject, self.kept, self.shelf, self.stand, self.score, self.classed)
        )

    def findings(self) -> Iterator[Finding]:
        """Yield every difference to what the run kept, and what could not be derived anew."""
        if not self.kept.result:
            return
        asked = self.subject.registers.unkept
        if asked:
            names = ", ".join(sorted(asked))
            yield finding("KG723", self.rules.span, item=self.rules.id, what=names)
            return
        check = Check(self.rules, str(self.kept.result["subject"]), self.kept)
        if self.both is not None:
            yield from check.both(self.both)
        if self.kept.is_undecided:
            return
        if not self.unkept:
            yield from check.standing(self.stand, self.score)
        if self.score is not None:
            yield from check.points(self.score, {address.split(".")[0] for address in self.unkept})
        if self.group is not None and self.near is not None:
            yield from check.place(self.group, self.near)
        if self.classed is not None:
            yield from check.classes(self.classed)
        for address in self.unkept:
            item = address.split(".")[0]
            yield finding("KG723", self.rules.span, item=item, what=address)
