"""Ladders to rules: every key read in its scope, every mistake a finding.

base → per rung: entry, score and its pass, direct lane → whether the rung is met
"""

from __future__ import annotations

from dataclasses import dataclass

from kaogong.kinds.ladder import Ladder, Rung
from kaogong.kinds.parts import Condition
from kaogong.language.expression import NOW, Every, Expression, Read, Some
from kaogong.language.finding import Finding, refuse
from kaogong.language.functions.tables import TITLE_FIELDS
from kaogong.language.kind import YES_NO
from kaogong.language.scope import Scope, fold
from kaogong.language.span import Span
from kaogong.programme.fields import titles_of
from kaogong.programme.indicators import Locals, local_scope
from kaogong.programme.ladder_points import Score, score_of
from kaogong.programme.ladder_rules import LadderRules, RungRule
from kaogong.programme.load import Document
from kaogong.programme.named_conditions import Asking, ConditionRule, all_hold, derived, named
from kaogong.programme.names import NameBook
from kaogong.programme.near import nearest
from kaogong.programme.not_carried import block_at, not_carried
from kaogong.programme.reading import DocumentReading

LadderReading = DocumentReading[Ladder]
LATER = ("blocked", "publishes", "process")
LATER_OF_RUNG = ("after", "keep", "exit", "valid", "share")
Conditions = tuple[ConditionRule, ...]


def read_ladder(
    book: NameBook, document: Document, model: Ladder
) -> tuple[LadderRules | None, list[Finding]]:
    """Return the rules of a ladder with every finding; None where it cannot be read at all."""
    subject = str((model.of or ("",))[0])
    reading = LadderReading(book, document, model, book.scope(subject))
    reading.require("of", "period")
    if not model.rungs:
        reading.tell("KG104", reading.span_at("rungs"), kind="Ladder", id=model.id, key="rungs")
    _tell_later(reading)
    if subject not in book.registers():
        return None, reading.findings  # an unknown register is told with those of other kinds
    names = Locals(str(model.id), model.let, model.parameters)
    scope = reading.tried(lambda: local_scope(reading.scope, names))
    if scope is None:
        return None, reading.findings
    reading.scope = scope
    reading.tried(lambda: _check_titles(reading))
    base = reading.tried(lambda: _base(reading))
    rungs = reading.each(model.rungs, lambda id, rung: _rung(reading, id, rung, base or ()))
    grain = "year" if model.period in (None, "last_year") else str(model.period)
    return LadderRules(
        id=reading.id,
        title=titles_of(model.title, reading.id),
        subject=subject,
        grain=grain,
        base=base or (),
        rungs=tuple(rungs),
        evidence=str(model.source.evidence or "") if model.source else "",
        span=reading.span,
    ), reading.findings


def _tell_later(reading: LadderReading) -> None:
    block = reading.document.block
    reading.findings.extend(not_carried(block, LATER, reading.id))
    if reading.model.assign == "titled":
        span = block.keys_at.get("assign", block.span)
        reading.tell("KG650", span, key="assign: titled", place=reading.id)
    for id in reading.model.rungs:
        rung = block_at(block, "rungs", id)
        reading.findings.extend(not_carried(rung, LATER_OF_RUNG, reading.at(f"rungs.{id}")))


def _check_titles(reading: LadderReading) -> None:
    """Refuse a register of titles that is not there, or lacks a field that `holds` asks."""
    name = reading.model.titles
    if name is None:
        return
    children = reading.scope.children
    child = children.get(fold(name))
    if child is None:
        near = nearest(str(name), list(children))
        raise refuse("KG201", name.span, name=name, subject=reading.scope.subject, near=near)
    for field in TITLE_FIELDS:
        if field not in child.names:
            raise refuse("KG104", name.span, kind="Register", id=name, key=f"fields.{field}")


def _base(reading: LadderReading) -> Conditions:
    """Return the conditions of every rung, owned by the ladder itself."""
    if reading.model.base is None:
        return ()
    asking = Asking(reading.scope, f"ladder {reading.id}", reading.id)
    return named(reading.model.base, "base", asking)


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways into a rung: its entry with the score, and the direct lane."""

    entry: Conditions
    lane: Conditions  # takes the place of some conditions of the entry
    passed: Conditions
    direct: Conditions


def _rung(reading: LadderReading, id: str, rung: Rung, base: Conditions) -> RungRule:
    span = reading.span_at("rungs", id)
    score = score_of(reading, id, rung.points)
    if rung.entry is None and not rung.points:
        raise reading.missing(f"rungs.{id}.entry", span)
    if rung.points and rung.pass_ is None:
        raise reading.missing(f"rungs.{id}.pass", span)
    lane = rung.lane.when if rung.lane is not None else None
    ways = _Ways(
        _conditions(reading, id, "entry", rung.entry, reading.scope),
        _conditions(reading, id, "lane", lane, reading.scope),
        _conditions(reading, id, "pass", rung.pass_, score.scope(reading.scope)),
        _conditions(reading, id, "direct", rung.direct, reading.scope),
    )
    _check_lane(rung, ways, reading.at(f"rungs.{id}.lane"))
    holds = Every((all_hold(base, span), _way_in(rung, ways, score, span)), span)
    return RungRule(
        id=id,
        title=titles_of(rung.title, id),
        level=str(rung.level or ""),
        holds=derived("holds", f"ladder {reading.id}.{id}", holds, kind=YES_NO),
        conditions=(*ways.entry, *ways.lane, *ways.passed, *ways.direct),
        points=(*score.items, *score.sums),
        span=span,
    )


def _conditions(
    reading: LadderReading, id: str, key: str, condition: Condition | None, scope: Scope
) -> Conditions:
    if condition is None:
        return ()
    place = reading.at(f"rungs.{id}")
    return named(condition, key, Asking(scope, f"ladder {reading.id}.{id}", place))


def _check_lane(rung: Rung, ways: _Ways, place: str) -> None:
    """Refuse a lane that takes the place of a condition the entry does not have."""
    known = [rule.id.removeprefix("entry.") for rule in ways.entry if rule.is_whole]
    for name in rung.lane.replaces if rung.lane is not None else ():
        if str(name) not in known:
            raise refuse("KG201", name.span, name=name, subject=place, near=nearest(name, known))


def _way_in(rung: Rung, ways: _Ways, score: Score, span: Span) -> Expression:
    """Return whether the entry is met with its score, or the direct lane is."""
    replaced = {f"entry.{name}" for name in (rung.lane.replaces if rung.lane else ())}
    lane = all_hold(ways.lane, span)
    asked: list[Expression] = []
    for rule in ways.entry:
        if rule.is_whole:
            own = Read(rule.fact, NOW, rule.span)
            asked.append(Some((own, lane), span) if rule.id in replaced else own)
    if score.open is not None:
        asked.append(score.open)
    entry = Every((*asked, all_hold(ways.passed, span)), span)
    return Some((entry, all_hold(ways.direct, span)), span) if ways.direct else entry
