"""The score of a rung: items with a maximum, the parts they add up to, and the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kaogong.kinds.ladder import Ladder, PointsItem
from kaogong.kinds.parts import OpenSlot
from kaogong.language.expression import (
    NOW,
    Apply,
    Arithmetic,
    Choose,
    Constant,
    Expression,
    Open,
    Read,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import NUMBER
from kaogong.language.quantity import exact_text
from kaogong.language.scope import Scope, fold
from kaogong.language.span import Span
from kaogong.programme.fields import titles_of
from kaogong.programme.ladder_rules import PointRule
from kaogong.programme.named_conditions import derived
from kaogong.programme.reading import DocumentReading
from kaogong.programme.values import open_slot, value_of

SCALE = 6  # decimals that points are kept with
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one rung."""

    items: tuple[PointRule, ...] = ()
    sums: tuple[PointRule, ...] = ()  # each part, then the total
    open: Open | None = None  # the whole table is open
    names: dict[str, Fact] = field(default_factory=dict)  # what `pass` may speak of

    def scope(self, scope: Scope) -> Scope:
        """Return the scope of `pass`: the parts and the total beside what the subject has."""
        return replace(scope, names={**scope.names, **self.names})


def score_of(
    reading: DocumentReading[Ladder], rung: str, table: dict[str, PointsItem] | OpenSlot
) -> Score:
    """Return the score of a rung; what cannot be read is told and left out."""
    place = reading.at(f"rungs.{rung}.points")
    if isinstance(table, OpenSlot):
        return Score(open=open_slot(table, place))
    owner = f"ladder {reading.id}.{rung}"
    items = reading.each(table, lambda id, item: _item(reading, f"{place}.{id}", id, item, owner))
    if not items:
        return Score()
    sums = tuple(_sums(items, table, owner))
    for rule in sums:
        if fold(rule.id) in reading.scope.names:
            span = reading.span_at("rungs", rung, "points")
            raise refuse("KG202", span, name=rule.id, a=reading.scope.subject, b=place)
    return Score(tuple(items), sums, None, {fold(rule.id): rule.fact for rule in sums})


def _item(
    reading: DocumentReading[Ladder], place: str, id: str, item: PointsItem, owner: str
) -> PointRule:
    points = value_of(item.points, reading.scope, place)
    most = value_of(item.max, reading.scope, f"{place}.max")
    for each in (points, most):
        _refuse_other(each, place)
    if isinstance(most, Constant):
        _check_most(points, most, place)
    capped = Apply("least", (points, most), NUMBER, points.span)
    fact = derived(f"points.{id}", owner, capped, kind=NUMBER, scale=SCALE)
    article = str(item.source.article or "") if item.source else ""
    return PointRule(f"points.{id}", titles_of(item.title, id), fact, most, article)


def _refuse_other(points: Expression, place: str) -> None:
    """Refuse points that are no plain number."""
    kind = points.kind
    if kind.name == "open" or (kind.name == "number" and not kind.unit.text):
        return
    raise refuse("KG310", points.span, place=place, expected=NUMBER, got=kind)


def _check_most(points: Expression, most: Constant, place: str) -> None:
    """Refuse written points beyond the maximum of their item (KG403)."""
    for each in _written(points):
        value = each.value
        if isinstance(value, Fraction) and isinstance(most.value, Fraction) and value > most.value:
            shown = f"≤ {exact_text(most.value)}"
            raise refuse("KG403", each.span, number=exact_text(value), name=place, range=shown)


def _written(points: Expression) -> Iterator[Constant]:
    if isinstance(points, Constant):
        yield points
    elif isinstance(points, Choose):
        for _, value in points.branches:
            yield from _written(value)
        if points.otherwise is not None:
            yield from _written(points.otherwise)


def _sums(
    items: Sequence[PointRule], table: dict[str, PointsItem], owner: str
) -> Iterator[PointRule]:
    by_part: dict[str, list[PointRule]] = {}
    for rule in items:
        part = table[rule.id.removeprefix("points.")].part
        if part is not None:
            by_part.setdefault(str(part), []).append(rule)
    for name, rules in {**by_part, TOTAL: list(items)}.items():
        fact = derived(f"sum.{name}", owner, _added(rules), kind=NUMBER, scale=SCALE)
        yield PointRule(name, titles_of(None, name), fact, None)


def _added(rules: Sequence[PointRule]) -> Expression:
    first, *rest = (Read(rule.fact, NOW, rule.fact.span) for rule in rules)
    made: Expression = first
    for each in rest:
        made = Arithmetic("+", made, each, NUMBER, Span(""))
    return made
