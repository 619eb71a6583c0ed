"""Scored lines: an indicator, its weight, what it is held against, and how it becomes points.

A line's own scoring keys are laid over those of the line it is a part of, then over the group's or
the scheme's. What nobody says is missing and told (KG104), because nothing that moves a result has
a silent default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import cast

from kaogong.kinds.parts import OpenSlot, Value
from kaogong.kinds.scheme import SCORING_KEYS, Line, Scoring
from kaogong.language.expression import Constant, Expression, Open
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import NUMBER
from kaogong.language.quantity import exact_text, read_quantity
from kaogong.language.scope import Scope
from kaogong.language.span import Span, Text
from kaogong.programme.fields import titles_of
from kaogong.programme.indicators import indicator_fact, only_choice
from kaogong.programme.reading import GroupReading, Reading
from kaogong.programme.rules import LineRule
from kaogong.programme.scheme_benchmarks import held_against
from kaogong.programme.values import open_slot, value_of

FULL = Fraction(100)
MISSING_WORDS = ("mean", "drop", "hold")
ZERO_WORDS = ("missing", "none")
Source = tuple[Scoring | OpenSlot, str]  # what may say a scoring key, and its address


@dataclass(frozen=True, slots=True)
class _Placed:
    """One line with its address, and who says what it does not say itself, nearest first."""

    id: str
    line: Line
    place: str
    above: tuple[Source, ...]

    @property
    def span(self) -> Span | None:
        """Return where the line names its indicator."""
        return self.line.indicator.span if self.line.indicator is not None else None


def lines_of(group: GroupReading) -> list[LineRule]:
    """Return the lines of a group in written order, a line with parts as its parts."""
    reading, own = group.reading, group.model.scores
    table = group.whole(own, reading.model.scores, "scores")
    if table is None:
        return []
    place = f"{group.place}.scores" if own is not None else reading.at("scores")
    above = _scoring(group)
    told = len(reading.findings)
    made = [
        rule
        for id, line in table.items()
        for rule in _rules(reading, _Placed(id, line, f"{place}.{id}", above))
    ]
    if len(reading.findings) == told:  # a line that was refused has no weight to count
        _check_weights(group, made)
    return made


def _scoring(group: GroupReading) -> tuple[Source, ...]:
    own = group.model.scoring
    scoring = own if own is not None else group.reading.model.scoring
    place = f"{group.place}.scoring" if own is not None else group.reading.at("scoring")
    group.whole(own, None, "scoring")
    return () if scoring is None else ((scoring, place),)


def _rules(reading: Reading, placed: _Placed) -> list[LineRule]:
    if isinstance(placed.line.parts, dict):
        return _parts(reading, placed, placed.line.parts)
    made = reading.tried(lambda: _rule(reading, placed))
    return [] if made is None else [made]


def _parts(reading: Reading, placed: _Placed, parts: Mapping[str, Line]) -> list[LineRule]:
    """Return the parts of a line, whose weights add up to its own (permu:E21)."""
    above: tuple[Source, ...] = ((placed.line, placed.place), *placed.above)
    made = [
        rule
        for name, part in parts.items()
        for rule in _rules(
            reading,
            _Placed(f"{placed.id}_{name}", part, f"{placed.place}.parts.{name}", above),
        )
    ]
    weight = placed.line.weight
    whole = number_in(weight) if isinstance(weight, Text) else None
    total = _total(made)
    if isinstance(weight, Text) and None not in (whole, total) and whole != total:
        shown = exact_text(total or Fraction(0))
        reading.tell("KG613", weight.span, line=placed.id, sum=shown, weight=weight)
    return made


def _rule(reading: Reading, placed: _Placed) -> LineRule:
    line, place = placed.line, placed.place
    fact = _fact(reading, placed)
    words = {**dict.fromkeys(("x", "benchmark", "low", "high"), fact.kind), "weight": NUMBER}
    scope = replace(reading.scope, words={**reading.scope.words, **words})
    keys = {key: _key(reading, placed, key) for key in SCORING_KEYS}
    if line.weight is None:
        raise reading.missing(f"{place}.weight", placed.span)
    return LineRule(
        placed.id, _title(line, placed.id, fact), fact,
        reading.value(line.weight, f"{place}.weight"),
        held_against(reading, line.benchmark, fact, f"{place}.benchmark"),
        held_against(reading, line.low, fact, f"{place}.low"),
        held_against(reading, line.high, fact, f"{place}.high"),
        value_of(cast("Value", keys["points"][0]), scope, keys["points"][1]),
        _scale(*keys["scale"]), _word(*keys["round_at"]),
        limit(keys["cap"][0], scope, keys["cap"][1]),
        limit(keys["floor"][0], scope, keys["floor"][1]),
        _points_or_word(*keys["missing"], MISSING_WORDS),
        _points_or_word(*keys["zero"], ZERO_WORDS),
        *_indicator_says(reading, line), *_sourced(line), placed.span or reading.span,
    )  # fmt: skip


def _fact(reading: Reading, placed: _Placed) -> Fact | Open:
    name, choice = placed.line.indicator, placed.line.with_
    if name is None:
        raise reading.missing(f"{placed.place}.indicator")
    if isinstance(name, OpenSlot):
        return open_slot(name, f"{placed.place}.indicator")
    model = reading.book.indicator(str(name), reading.subject)
    if model is None:
        return _other_fact(reading, name)
    if isinstance(choice, OpenSlot):
        return open_slot(choice, f"{placed.place}.with")
    chosen = only_choice(model, name.span)
    for local, wanted in choice.items():
        if local not in model.variants:
            near = next(iter(model.variants), "")
            span = wanted.span
            raise refuse("KG201", span, name=local, subject=model.title["zh"], near=near)
        chosen[local] = (
            open_slot(wanted, f"{placed.place}.with.{local}")
            if isinstance(wanted, OpenSlot)
            else wanted
        )
    return indicator_fact(reading.book, model, reading.subject, chosen, name.span)


def _other_fact(reading: Reading, name: Text) -> Fact:
    """Return a field or local name that stands in the place of an indicator."""
    found = reading.scope.find(str(name), name.span)
    if not isinstance(found, Fact):
        raise refuse("KG310", name.span, place=name, expected="an indicator", got="a table")
    if found.kind.name not in ("number", "open"):
        raise refuse("KG310", name.span, place=name, expected="a number", got=found.kind)
    return found


def _indicator_says(reading: Reading, line: Line) -> tuple[str, str]:
    """Return which way is better, and what a zero base gives."""
    name = line.indicator
    model = reading.book.indicator(str(name), reading.subject) if isinstance(name, Text) else None
    return ("high", "settled") if model is None else (model.better, str(model.on_zero or "settled"))


def _title(line: Line, id: str, fact: Fact | Open) -> Mapping[str, str]:
    if line.title is None and isinstance(fact, Fact):
        return fact.title
    return titles_of(line.title, id)


def _sourced(line: Line) -> tuple[str, str]:
    """Return the article and the evidence of a line."""
    if line.source is None:
        return "", ""
    return str(line.source.article or ""), str(line.source.evidence or "")


# -- scoring keys -------------------------------------------------------------------------


def _key(reading: Reading, placed: _Placed, key: str) -> tuple[object, str]:
    """Return what a scoring key says and where: the line's own, else of what stands above it."""
    for source, place in ((placed.line, placed.place), *placed.above):
        if isinstance(source, OpenSlot):
            return source, place
        value = getattr(source, key)
        if value is not None:
            return value, f"{place}.{key}"
    raise reading.missing(f"{placed.place}.{key}", placed.span)


def limit(value: object, scope: Scope, place: str) -> Expression | None:
    """Return a cap or floor; `none` is None."""
    return None if value == "none" else value_of(cast("Value", value), scope, place)


def _scale(value: object, place: str) -> int | Open:
    return open_slot(value, place) if isinstance(value, OpenSlot) else cast("int", value)


def _word(value: object, place: str) -> str | Open:
    return open_slot(value, place) if isinstance(value, OpenSlot) else str(value)


def _points_or_word(value: object, place: str, words: tuple[str, ...]) -> str | Fraction | Open:
    if isinstance(value, OpenSlot):
        return open_slot(value, place)
    text = cast("Text", value)
    if text in words:
        return str(text)
    number = number_in(text)
    if number is None:
        raise refuse("KG112", text.span, value=text, expected=f"a number, {', '.join(words)}")
    return number


# -- weights ------------------------------------------------------------------------------


def _check_weights(group: GroupReading, lines: list[LineRule]) -> None:
    """Tell weights that do not add up to a hundred, less what is left to a lower level."""
    total = _total(lines)
    if total is None or total in (FULL, FULL - _left_to_others(group.reading)):
        return
    span = group.reading.span_at("groups", group.id)
    group.reading.tell("KG601", span, group=group.id, sum=exact_text(total), full=exact_text(FULL))


def _left_to_others(reading: Reading) -> Fraction:
    """Return the weight that `room` leaves to a lower level (permu:E10)."""
    room = reading.model.room
    if room is None or isinstance(room, OpenSlot) or not isinstance(room.scores, dict):
        return Fraction(0)
    weight = room.scores.get("weight")
    return (number_in(weight) if isinstance(weight, Text) else None) or Fraction(0)


def _total(lines: list[LineRule]) -> Fraction | None:
    """Return the sum of the weights, or None where one is not a written number."""
    known = [_number(line.weight) for line in lines]
    found = [k for k in known if k is not None]
    return sum(found, Fraction(0)) if found and len(found) == len(known) else None


def _number(expression: Expression) -> Fraction | None:
    if isinstance(expression, Constant) and isinstance(expression.value, Fraction):
        return expression.value
    return None


def number_in(text: Text) -> Fraction | None:
    """Return the number a text writes, in base units, or None."""
    quantity = read_quantity(str(text))
    return None if quantity is None else quantity.base
