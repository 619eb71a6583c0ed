"""The class of one subject, derived anew from its place, its list's counts and its conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaogong.data.sql import name, names, rows, sql, value
from kaogong.insight.kept import Kept, Shelf
from kaogong.insight.opened import PART, RESULT
from kaogong.insight.places import Places, class_places, moved_class, pool_places, refilled
from kaogong.insight.totals import settled_condition
from kaogong.insight.worded import Worded
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import Expression, Open, OverRecords, Points, Read, Via, Word, walk
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value
from kaogong.programme.rules import RANKED_CLASS, CutRule, GroupRule, MoveRule, SchemeRules

MOST_IN_POOL = 5_000  # subjects of a pool that are put in order anew


@dataclass(frozen=True, slots=True)
class Moved:
    """One move: whether it holds, and the class before and after it."""

    rule: MoveRule
    answer: Value
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Classed:
    """How a subject came to its class; `is_derived` is false where the run kept too little."""

    places: Mapping[str, Places]
    by_rank: str | None
    moves: tuple[Moved, ...]
    moved_by: str
    final: str | None
    is_derived: bool = True


Ending = tuple[str | None, str]  # the final class, and the move it goes back to


class Underived(Exception):
    """What the run kept does not say where the subject stands in a pool of its own order."""


def classed(
    rules: SchemeRules, group: GroupRule, subject: Subject, kept: Kept, shelf: Shelf
) -> Classed:
    """Return the class of a ranked subject, by rank, after moves, and with places refilled."""
    deriving = _Deriving(rules, group, subject, kept, shelf)
    places = deriving.places
    try:
        by_rank = deriving.by_rank()
    except Underived:
        by_rank, is_derived = kept.result.get("class_ranked"), False
    else:
        is_derived = True
    moves, after, changed_by = moved(rules, group, subject, by_rank)
    final, moved_by = deriving.final(after, moves, changed_by)
    return Classed(places, by_rank, moves, moved_by, final, is_derived)


@dataclass(frozen=True, slots=True)
class _Deriving:
    rules: SchemeRules
    group: GroupRule
    subject: Subject
    kept: Kept
    shelf: Shelf

    @property
    def _rank(self) -> int:
        return int(self.kept.result["rank"])

    @property
    def _counts(self) -> tuple[int | None, int]:
        base, size = self.kept.result["quota_base"], self.kept.result["pool_size"]
        return (None if base is None else int(base)), int(size)

    @property
    def places(self) -> dict[str, Places]:
        """Return the places of every class of the list."""
        return class_places(self.group, *self._counts)

    def by_rank(self) -> str | None:
        """Return the first class that holds, else the rest; None where an unknown one decides."""
        for cut in sorted(self.group.classes, key=lambda cut: cut.rest):
            if cut.outside:
                continue
            holds = self._holds(cut)
            if isinstance(holds, Unknown):
                return None
            if holds:
                return cut.id
        return None

    def _holds(self, cut: CutRule) -> Value:
        if cut.rest:
            return True
        if cut.when is not None:
            return settled_condition(Evaluator(self.subject).value(cut.when), self.rules.unknown)
        mine = self.places.get(cut.id)
        if mine is None:
            return Unknown("open", frozenset({cut.id}))
        return self._drawn(cut, mine) if cut.source else mine.hold(self._rank)

    def _drawn(self, cut: CutRule, mine: Places) -> Value:
        """Return whether a class drawn from a pool by an order of its own holds (permu:E42)."""
        pool = pool_places(self.group, *self._counts).get(cut.source)
        if pool is None:
            return Unknown("open", frozenset({cut.source}))
        return pool.hold(self._rank) and mine.hold(self._own_place(cut, pool))

    def _own_place(self, cut: CutRule, pool: Places) -> int:
        rank = self.group.rank
        orders = cut.by or (() if isinstance(rank, Open) or isinstance(rank.by, Open) else rank.by)
        size = pool.last - pool.first + 1
        if len(orders) != 1 or size > MOST_IN_POOL or not _of_points(orders[0].expression):
            raise Underived
        sign = -1 if orders[0].descending else 1
        keys = {
            subject: (unknown, sign * key)
            for subject, unknown, key in self._keys(orders[0].expression, pool)
        }
        mine = keys[self.kept.unit]
        better = sum(1 for key in keys.values() if key < mine)
        alike = sorted(subject for subject, key in keys.items() if key == mine)
        ties = "" if isinstance(rank, Open) else str(rank.ties)
        among = {"together_down": len(alike), "by_key": alike.index(self.kept.unit) + 1}
        return better + among.get(ties, 1)

    def _keys(self, expression: Expression, pool: Places) -> list[tuple[str, bool, Fraction]]:
        """Return the order's value for everybody in a pool, from the points the run kept."""
        items = [line.id for line in self.group.lines]
        found = rows(
            self.shelf.connection,
            sql(
                "SELECT result.subject, result.score, {points} FROM {result} AS result "
                "JOIN {part} AS part ON part.subject = result.subject "
                "WHERE pool = {pool} AND result.{group} = {mine} "
                "AND rank BETWEEN {first} AND {last}",
                points=names(f"points__{item}" for item in items),
                result=self.shelf.relation(RESULT), part=self.shelf.relation(PART),
                pool=value(self.kept.result["pool"]), first=value(pool.first),
                last=value(pool.last), group=name("group"), mine=value(self.group.id),
            ),
        )  # fmt: skip
        made: list[tuple[str, bool, Fraction]] = []
        for subject, score, *points in found:
            known = {i: Fraction(p) for i, p in zip(items, points, strict=True) if p is not None}
            worded = Worded(self.subject, {"total": Fraction(score)}, known)
            key = Evaluator(worded).value(expression)
            made.append(
                (subject, False, key) if isinstance(key, Fraction) else (subject, True, Fraction(0))
            )
        return made

    def final(self, after: str | None, moves: tuple[Moved, ...], moved_by: str) -> Ending:
        """Return the class once vacated places are settled, and the move it goes back to."""
        if not self.rules.moves or after is None or moved_by:
            return after, moved_by
        if isinstance(self.rules.vacated, Open):
            touched = any(moved for _, _, moved, _ in self._class_counts())
            return (None if touched else after), ""
        return self._refilled(after, moves) if self.rules.vacated == "refill" else (after, "")

    def _refilled(self, after: str, moves: tuple[Moved, ...]) -> Ending:
        """Return the class that refilling gives, or the bound that a move holds it to.

        Whether refilling would have passed that bound rests on everybody else, so the run's word
        is taken; that the move holds and that the class is its bound is asked anew.
        """
        kept_by = str(self.kept.result.get("moved_by") or "")
        bounds = [m for m in moves if m.answer is True and m.rule.id == kept_by]
        if bounds:
            return _bound_of(bounds[0].rule, str(self.kept.result.get("class"))), kept_by
        quotas: dict[str, int] = {}
        taken: dict[str, int] = {}
        for ranked, final, is_kept, n in self._class_counts():
            quotas[ranked or ""] = quotas.get(ranked or "", 0) + n
            if is_kept:
                taken[final or ""] = taken.get(final or "", 0) + n
        place = self.shelf.unmoved_place(self.kept)
        return refilled(self.group.class_order(), quotas, taken, place) or after, ""

    def _class_counts(self) -> list[tuple[str | None, str | None, bool, int]]:
        return self.shelf.class_counts(str(self.kept.result["pool"]))


def moved(
    rules: SchemeRules, group: GroupRule, subject: Subject, by_rank: str | None
) -> tuple[tuple[Moved, ...], str | None, str]:
    """Return every move with its answer, the class after them, and the last that changed it."""
    made: list[Moved] = []
    now, moved_by = by_rank, ""
    ranked = Unknown("not_reported", frozenset({RANKED_CLASS})) if by_rank is None else by_rank
    evaluator = Evaluator(Worded(subject, {RANKED_CLASS: ranked}))
    for rule in rules.moves:
        answer = settled_condition(evaluator.value(rule.when), rules.unknown)
        before = now or ""
        after = moved_class(group, rule, before) if answer is True else before
        if isinstance(answer, Unknown) and _reaches(group, rule):
            now = None
        elif now is not None:
            now = after
            moved_by = rule.id if after != before else moved_by
        made.append(Moved(rule, answer, before, now or ""))
    return tuple(made), now, moved_by


def class_by_condition(rules: SchemeRules, group: GroupRule, subject: Subject) -> Value | None:
    """Return the class where all classes go by conditions; None where a list decides."""
    cuts = [cut for cut in group.classes if not cut.outside]
    if not cuts or any(cut.when is None and not cut.rest for cut in cuts):
        return None
    for cut in sorted(cuts, key=lambda cut: cut.rest):
        holds = True if cut.when is None else Evaluator(subject).value(cut.when)
        settled = settled_condition(holds, rules.unknown)
        if settled is not False:
            return cut.id if settled is True else settled
    return Unknown("not_applicable")


def _bound_of(move: MoveRule, kept: str) -> str:
    """Return the class a move holds a subject to; of two, the one that was kept."""
    bounds = [name for name in (move.to, move.at_best, move.at_worst) if name]
    return kept if kept in bounds else next(iter(bounds), kept)


def _reaches(group: GroupRule, move: MoveRule) -> bool:
    """Tell whether a move names a class of this group, or a number of steps."""
    named = [name for name in (move.to, move.at_best, move.at_worst) if name]
    return any(name in group.class_order() for name in named) or bool(move.up or move.down)


def _of_points(expression: Expression) -> bool:
    """Tell whether an order looks at points and the total only."""
    outside = (Read, OverRecords, Via)
    nodes = list(walk(expression))
    return not any(isinstance(n, outside) for n in nodes) and any(
        isinstance(n, Points | Word) for n in nodes
    )
