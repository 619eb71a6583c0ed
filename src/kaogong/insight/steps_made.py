"""From what was derived to the rows of `step`: one row for each thing that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from kaogong.insight.classed import Classed
from kaogong.insight.decide import Standing
from kaogong.insight.kept import Kept
from kaogong.insight.lines import LineScore
from kaogong.insight.places import Places
from kaogong.insight.step import Step, exact, outcome
from kaogong.insight.totals import GroupScore, decimals
from kaogong.insight.twice import COMBINE, Both
from kaogong.insight.words import titles
from kaogong.language.expression import Expression, Open
from kaogong.language.fact import Fact
from kaogong.language.unit import PURE, Unit, UnknownUnit, read_unit
from kaogong.language.value import Unknown, Value
from kaogong.programme.rules import CutRule, GroupRule, MoveRule, RankRule, SchemeRules

POINTS = "分"


@dataclass(frozen=True, slots=True)
class StepMaker:
    """Makes the steps of one subject; `article` is the scheme's, where a part names none."""

    rules: SchemeRules
    kept: Kept
    article: str = ""

    def merged(self, unit: str, members: int) -> Step:
        """Return the row that says with how many others the subject is scored as one."""
        title = titles("units")
        return self._step(
            "population", "units", title, outcome="yes", value=Decimal(members), bound=unit
        )

    def standing(self, stand: Standing) -> Iterator[Step]:
        """Yield a row for each condition of population and groups."""
        for question in stand.questions:
            yield self._step(
                question.part, question.id, question.title, outcome=outcome(question.answer),
                rule=question.rule, missing=_causes(question.answer),
                article=question.article or self.article,
            )  # fmt: skip

    def points(self, score: GroupScore) -> Iterator[Step]:
        """Yield a row for each line, each adjustment and each part of the total."""
        for line in score.lines:
            yield self._line(line, score.scale)
        for adjust in score.adjusts:
            yield self._step(
                "adjust", adjust.rule.id, adjust.rule.title, outcome=outcome(adjust.holds),
                points=self._kept_points(self.kept.adjust(adjust.rule.id), score.scale),
                cap_hit=adjust.limit, missing=_causes(adjust.points), unit=POINTS,
                article=adjust.rule.article or self.article,
            )  # fmt: skip
        yield from self._total(score)

    def _line(self, line: LineScore, scale: int) -> Step:
        unit = line.rule.fact.kind.unit if isinstance(line.rule.fact, Fact) else PURE
        places = line.rule.fact.scale if isinstance(line.rule.fact, Fact) else None
        above, below = _parts_of(unit, line)
        is_gap = self.kept.points(line.rule.id) is None
        return self._step(
            "item", line.rule.id, line.rule.title,
            value=_in_unit(line.x, unit, places), unit=unit.text,
            numerator=_in_unit(line.numerator, above, None),
            denominator=_in_unit(line.denominator, below, None),
            bound=_bound(line, unit), weight=exact(line.weight),
            points=self._kept_points(self.kept.points(line.rule.id), scale),
            cap_hit=line.limit, rule=line.used,
            missing=_causes(line.x) or (_causes(line.exact) if is_gap else ()),
            outcome="unknown" if is_gap else "",
            article=line.rule.article or self.article,
            evidence=line.rule.evidence or self.rules.evidence,
        )  # fmt: skip

    def _total(self, score: GroupScore) -> Iterator[Step]:
        """Yield what lies between the sum of the parts and the score, then the score itself."""
        kept = self.kept.number("score")
        if kept is not None:
            parts = self._differences(score)
            rest = kept - self._sum_of_parts(score) - sum(parts.values(), Fraction(0))
            parts["difference"] = rest
            for item, points in parts.items():
                name, _, category = item.partition(".")
                if points:
                    title = titles(name, name=category) if category else titles(name)
                    yield self._step(
                        "total",
                        item,
                        title,
                        unit=POINTS,
                        points=exact(points, score.scale),
                        cap_hit=_cap_of(name),
                    )
        yield self._step("total", "score", titles("score"), unit=POINTS,
                         value=None if kept is None else exact(kept, score.scale),
                         outcome="unknown" if kept is None else "",
                         missing=_causes(score.score) if kept is None else ())  # fmt: skip

    def both(self, both: Both) -> Iterator[Step]:
        """Yield the score as member of the unit, the score alone, and which of them holds."""
        for side in both.sides:
            item = f"score_{side.name}"
            kept, causes = self.kept.number(item), _causes(side.derived)
            yield self._step(
                "total", item, titles(item), unit=POINTS,
                value=None if kept is None else exact(kept, decimals(self.rules)),
                outcome="" if kept is not None else "no" if side.is_left else "unknown",
                missing=causes if kept is None else (),
            )  # fmt: skip
        yield self._step(
            "total", "combine", titles("combine"), bound=both.held or None, rule=both.rule,
            outcome="" if both.held else "unknown",
            missing=() if both.held else (COMBINE,), article=self.article,
        )  # fmt: skip

    def _differences(self, score: GroupScore) -> dict[str, Fraction]:
        """Return by what rounding, stretching, caps of categories and the floor move the total."""
        shown = [line.points for line in score.lines if isinstance(line.points, Fraction)]
        is_stretched = any(line.rule.missing == "drop" for line in score.lines)
        made: dict[str, Fraction] = {}
        if isinstance(score.items, Fraction):
            made["stretched" if is_stretched else "rounding"] = score.items - sum(
                shown, Fraction(0)
            )
        for category, capped in score.capped.items():
            mine = [a.points for a in score.adjusts if a.rule.category == category]
            known = [p for p in mine if isinstance(p, Fraction)]
            if isinstance(capped, Fraction):
                made[f"category.{category or 'adjust'}"] = capped - sum(known, Fraction(0))
        if score.is_floored and isinstance(score.score, Fraction):
            before = [p for p in (score.items, score.adjust) if isinstance(p, Fraction)]
            made["floor"] = score.score - sum(before, Fraction(0))
        return made

    def _sum_of_parts(self, score: GroupScore) -> Fraction:
        lines = [self.kept.points(line.rule.id) for line in score.lines]
        adjusts = [self.kept.adjust(adjust.rule.id) for adjust in score.adjusts]
        return sum((p for p in (*lines, *adjusts) if p is not None), Fraction(0))

    def places(self, group: GroupRule, alike: int, made: Classed) -> Iterator[Step]:
        """Yield the place in the list, the base of its quotas, and each class's places."""
        rank = group.rank
        if isinstance(rank, Open) or self.kept.result.get("rank") is None:
            return
        mine = int(self.kept.result["rank"])
        of = self.kept.number("pool_size")
        ties = f"ties={_word(rank.ties)}" if alike > 1 else ""
        yield self._step("rank", "place", titles("place"), value=Decimal(mine),
                         numerator=Decimal(alike) if alike > 1 else None,
                         denominator=exact(of), rule=ties)  # fmt: skip
        base = exact(self.kept.number("quota_base"))
        yield self._step(
            "rank", "base", titles("base"), value=base, rule=f"base={_word(rank.base)}"
        )
        for cut in group.classes:
            if cut.id in made.places:
                yield self._quota(cut, made.places[cut.id], mine, rank)

    def _quota(self, cut: CutRule, places: Places, mine: int, rank: RankRule) -> Step:
        within = "" if cut.source else ("yes" if places.hold(mine) else "no")
        return self._step(
            "rank",
            f"quota.{cut.id}",
            cut.title,
            outcome=within,
            value=Decimal(places.quota),
            bound=f"[{places.first}, {places.last}]",
            rule=f"rounding={_word(rank.rounding)}={_word(rank.rounding_of)}",
            article=cut.article or self.article,
        )

    def classes(self, group: GroupRule, made: Classed) -> Iterator[Step]:
        """Yield the class by rank, each move, what refilling did, and the final class."""
        if not group.class_order():
            return
        yield self._step("class", "by_rank", titles("by_rank"), bound=made.by_rank,
                         outcome="unknown" if made.by_rank is None else "")  # fmt: skip
        for move in made.moves:
            yield self._step(
                "move", move.rule.id, move.rule.title, outcome=outcome(move.answer),
                bound=move.after or None, rule=_move_rule(move.rule),
                missing=_causes(move.answer), article=move.rule.article or self.article,
            )  # fmt: skip
        after = made.moves[-1].after if made.moves else made.by_rank
        if made.moves and not made.moved_by and made.final != after:
            yield self._step("move", "vacated", titles("vacated"), bound=made.final,
                             rule=f"vacated={_word(self.rules.vacated)}")  # fmt: skip
        yield self._step("class", "final", titles("final"), bound=made.final,
                         outcome="unknown" if made.final is None else "",
                         rule=f"move={made.moved_by}" if made.moved_by else "")  # fmt: skip

    def left(self) -> Iterator[Step]:
        """Yield the class of a subject that left the list, where the scheme gives it one."""
        name = self.kept.result.get("class")
        if name:
            yield self._step("class", "final", titles("final"), bound=name)

    def _kept_points(self, points: Fraction | None, scale: int) -> Decimal | None:
        return None if points is None else exact(points, scale)

    def _step(self, part: str, item: str, title: Mapping[str, str], /, **columns: object) -> Step:
        made = Step(0, part, item, title, evidence=self.rules.evidence, article=self.article)
        return replace(made, **columns)  # type: ignore[arg-type]  # columns of a step by name


def numbered(steps: Iterator[Step]) -> tuple[Step, ...]:
    """Return the steps with their places from 1."""
    return tuple(replace(step, seq=number) for number, step in enumerate(steps, 1))


def _causes(value: Value | None) -> tuple[str, ...]:
    return tuple(sorted(value.causes)) if isinstance(value, Unknown) else ()


def _cap_of(name: str) -> str:
    return {"category": "cap", "floor": "floor"}.get(name, "")


def _in_unit(value: Value | None, unit: Unit, places: int | None) -> Decimal | None:
    return exact(value / unit.factor, places) if isinstance(value, Fraction) else None


def _bound(line: LineScore, unit: Unit) -> Decimal | str | None:
    """Return the benchmark, or the range from low to high, in the figure's unit."""
    held = {role: _in_unit(value, unit, None) for role, value in line.held.items()}
    if "benchmark" in held:
        return held["benchmark"]
    if "low" in held or "high" in held:
        low, high = held.get("low"), held.get("high")
        return f"[{_end(low)}, {_end(high)}]"
    return None


def _end(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def _parts_of(unit: Unit, line: LineScore) -> tuple[Unit, Unit]:
    """Return the units of numerator and denominator: those of `万元/亩`, else each part's own."""
    above, below = _unit_of(line.top), _unit_of(line.bottom)
    texts = unit.text.split("/")
    if len(texts) == 2:
        try:
            first, second = read_unit(texts[0]), read_unit(texts[1])
        except UnknownUnit:
            return above, below
        if first.same_dimension(above) and second.same_dimension(below):
            return first, second
    return above, below


def _unit_of(expression: Expression | None) -> Unit:
    if expression is None or expression.kind.name != "number":
        return PURE
    return expression.kind.unit


def _word(key: object) -> str:
    return "open" if isinstance(key, Open) else str(key)


def _move_rule(move: MoveRule) -> str:
    for name in ("to", "at_best", "at_worst", "up", "down"):
        if getattr(move, name):
            return f"{name}={getattr(move, name)}"
    return ""
