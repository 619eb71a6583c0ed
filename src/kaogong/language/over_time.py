"""Facts in periods: shifts, finer facts in a coarser document, runs of periods.

A coarser document reads finer facts by their nature: flows add over the periods inside, stocks and
whatever is no number take the last, ratios are computed anew from the parts so added. A finer
document has no reading of a coarser fact: it is `not_applicable` there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from kaogong.language.expression import FirstTime, Read, Streak, ToDate, When, is_together
from kaogong.language.fact import Fact
from kaogong.language.frame import Ask, Frame, Steps, asked
from kaogong.language.period import GRAINS, Grain, NotAPeriod, Period, period_of
from kaogong.language.quantity import round_half_away
from kaogong.language.subject import Past
from kaogong.language.value import (
    Unknown,
    Value,
    all_of,
    any_of,
    causes_in,
    negated,
    united,
)


def read(node: Read, frame: Frame) -> Steps[Value]:
    """Yield what the value of a fact in a period needs, and return it."""
    fact = node.fact
    if fact.grain is None and fact.definition is None:
        return _stored(fact, frame)
    try:
        target = node.when.of(frame.base, together=bool(node.when.back) and is_together(node))
    except NotAPeriod:
        return _nowhere(fact)
    grain = _grain(fact)
    if target is None or grain is None or grain == target.grain:
        return (yield from _here(fact, frame.shifted(target)))
    if GRAINS.index(grain) < GRAINS.index(target.grain):
        return _nowhere(fact)
    return (yield from _coarser(node, grain, target, frame))


def streak(node: Streak, frame: Frame) -> Steps[Value]:
    """Yield the condition period by period, latest first, and return the length of the run.

    The run ends with the first period in which the condition is false, or before the first that
    exists. A period between two others of which nothing is known is a gap. Where a subject and
    its predecessor stand in one period, the subject's own counts; of several predecessors one
    that meets the condition is enough.
    """
    seen = frame.seen(node.when)
    if seen is None:
        return Unknown("not_applicable", causes_in(node.item))
    length = 0
    doubts: list[Value] = []
    for pasts in _line(node, seen):
        own = [past for past in pasts if past.subject is None] or pasts
        counted = [past for past in own if not past.trial]
        if not counted:
            continue
        held = any_of((yield from _held(node, counted, seen)))
        if held is False:
            break
        doubts.append(held)
        length += 1
    return united(doubts) or Fraction(length)


def first_time(node: FirstTime, frame: Frame) -> Steps[Value]:
    """Yield the condition now and before, and return whether it holds for the first time."""
    seen = frame.seen(node.when)
    if seen is None:
        return Unknown("not_applicable", causes_in(node.item))
    now = yield Ask(node.item, seen)
    line = list(_line(node, seen))[1:] if seen.base else []
    earlier = [past for pasts in line for past in pasts if not past.trial]
    earlier += [past for past in seen.subject.history() if past.period is None and not past.trial]
    before = yield from _held(node, earlier, seen)
    return all_of([now, *map(negated, before)])


def to_date(node: ToDate, frame: Frame) -> Steps[Value]:
    """Yield the value in each period of the year up to this one, and return the sum."""
    seen = frame.seen(node.when)
    if seen is None or seen.base is None:
        return Unknown("not_applicable", causes_in(node.item))
    periods = seen.base.year_to_date(together=is_together(node.item))
    values = yield from asked(Ask(node.item, seen.shifted(period)) for period in periods)
    numbers = [value for value in values if isinstance(value, Fraction)]
    return united(values) or sum(numbers, Fraction(0))


def _held(node: Streak | FirstTime, pasts: Sequence[Past], frame: Frame) -> Steps[list[Value]]:
    return (yield from asked(Ask(node.item, frame.past(past)) for past in pasts))


def _line(node: Streak | FirstTime, frame: Frame) -> Iterator[list[Past]]:
    """Yield the periods from this one back to the first that exists, each with who stood in it."""
    base = frame.base
    if base is None:
        yield [Past(None)]
        return
    known: dict[Period, list[Past]] = {}
    for past in frame.subject.history():
        if past.period and past.period.grain == base.grain and past.period <= base:
            known.setdefault(past.period, []).append(past)
    first = min(known, default=base)
    together = any(each.is_together for each in known) or is_together(node.item)
    while base >= first:
        yield known.get(base, [Past(base)])
        base = base.earlier(together=together)


def _here(fact: Fact, frame: Frame) -> Steps[Value]:
    """Yield the definition of a fact, and return its value in the period of the frame."""
    if fact.definition is None:
        return _stored(fact, frame)
    given = frame.subject.given(fact, frame.absolute(fact))
    if given is not None:
        return _caused(given, fact)
    return _kept((yield Ask(fact.definition, frame)), fact)


def _stored(fact: Fact, frame: Frame) -> Value:
    return _caused(frame.subject.stored(fact, frame.absolute(fact)), fact)


def _caused(value: Value, fact: Fact) -> Value:
    """Name the fact as cause of an unknown that names none."""
    if isinstance(value, Unknown) and not value.causes:
        return replace(value, causes=frozenset({fact.id}))
    return value


def _kept(value: Value, fact: Fact) -> Value:
    """Round once to the decimals that are kept, in the fact's unit, halves away from zero."""
    if fact.scale is None or not isinstance(value, Fraction):
        return value
    factor = fact.kind.unit.factor
    return round_half_away(value / factor, fact.scale) * factor


def _coarser(node: Read, grain: Grain, target: Period, frame: Frame) -> Steps[Value]:
    """Yield a fact's finer periods inside `target`, and return what they make by its nature."""
    fact = node.fact
    if fact.nature == "ratio" and fact.definition is not None:
        return (yield from _here(fact, frame.shifted(target)))
    parts = target.split(grain, together=is_together(node))
    tiles = bool(parts) and (parts[0].start, parts[-1].end) == (target.start, target.end)
    if fact.nature == "flow" and tiles:
        return (yield from _added(node, parts, frame))
    if parts and (fact.nature == "stock" or fact.kind.name != "number"):
        return (yield _in_period(node, parts[-1], frame))
    return _nowhere(fact)


def _added(node: Read, parts: list[Period], frame: Frame) -> Steps[Value]:
    """Yield each part and return the sum; `01+02` stands in where January and February miss."""
    values: dict[Period, Value] = {}
    for part in parts:
        values[part] = yield _in_period(node, part, frame)
    months = parts[0].grain == "month" and not parts[0].is_together
    if months and united(values[part] for part in parts[:2]):
        both = period_of(parts[0].start, "month", together=True)
        value = yield _in_period(node, both, frame)
        if both.is_together and not isinstance(value, Unknown):
            values = {each: values[each] for each in parts[2:]} | {both: value}
    numbers = [value for value in values.values() if isinstance(value, Fraction)]
    return united(values.values()) or sum(numbers, Fraction(0))


def _in_period(node: Read, period: Period, frame: Frame) -> Ask:
    return Ask(replace(node, when=When(at=period.text)), frame)


def _grain(fact: Fact) -> Grain | None:
    return "year" if fact.grain == "last_year" else cast("Grain | None", fact.grain)


def _nowhere(fact: Fact) -> Unknown:
    return Unknown("not_applicable", frozenset({fact.id}))
