"""Who a subject was: renaming, merger, split and move as dated events that carry what is declared.

Facts stay with the subject number under which they were delivered. An event says that from its
date on one number goes on in another, with a share of it, and what it hands over: titles, and the
years that a streak counts. What an event hands over stands in the event or in a rule for its kind;
where neither says so, that is a finding, for a silent default would move classes.

Figures of a predecessor count with its weight: all of a merged or renamed firm, the declared part
of a split one. Weights are exact and add up over all ways, so a firm that was split and whose parts
were merged again is whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Literal

from kaogong.language.period import Period

EventKind = Literal["rename", "merger", "split", "move"]
Carried = Literal["titles", "years"]
CarryRules = Mapping[EventKind, frozenset[Carried]]

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class SubjectEvent:
    """One line of the register `subject_event`."""

    event_no: str
    kind: EventKind
    date: dt.date  # the first day on which the successor stands
    from_subject: str
    to_subject: str  # itself: the part of a split that stays, or a move under the same number
    share: Fraction = WHOLE  # of the predecessor's figures
    carries: frozenset[Carried] | None = None  # None: by the rule of its kind


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A subject that went on in another one, or the subject itself before it was split."""

    subject: str
    weight: Fraction  # how much of its figures
    until: dt.date  # day of the last event on the way; its figures count up to then
    titles: bool  # handed over on every step of a way
    years: bool


@dataclass(frozen=True, slots=True)
class LineageRow:
    """Whose facts stand for a subject in one period.

    The subject's own row is there only where not all of it goes on: before it was split.
    """

    subject: str
    period: str
    predecessor: str
    weight: Fraction
    whole: bool  # no event of the way falls into the period: the weight fits all its figures
    titles: bool
    years: bool


def predecessors(
    events: Iterable[SubjectEvent],
    subject: str,
    as_of: dt.date,
    rules: CarryRules | None = None,
    since: dt.date = dt.date.min,
) -> tuple[Predecessor, ...]:
    """Return who went on in `subject` by events after `since` up to `as_of`, by subject.

    `events` are those that `event_check.check_events` finds nothing wrong with.
    """
    known = sorted((e for e in events if since < e.date <= as_of), key=_latest_first)
    itself = Predecessor(subject, WHOLE, dt.date.max, titles=True, years=True)
    found = {subject: itself}
    for _, happened in groupby(known, key=lambda event: event.date):
        found |= _before(found, list(happened), rules or {})
    unchanged = replace(found[subject], until=itself.until) == itself
    return tuple(found[name] for name in sorted(found) if name != subject or not unchanged)


def lineage(
    events: Sequence[SubjectEvent],
    periods: Iterable[Period],
    as_of: dt.date,
    rules: CarryRules | None = None,
) -> tuple[LineageRow, ...]:
    """Return whose facts each subject with events follows, by subject, period and predecessor.

    A predecessor belongs to the periods that begin before it went over. Subjects and periods
    without a row follow only themselves.
    """
    related = _related(events)
    subjects = sorted({event.to_subject for event in events})
    listed = sorted(set(periods))
    return tuple(
        LineageRow(
            subject,
            period.text,
            each.subject,
            each.weight,
            each.until > period.end,
            each.titles,
            each.years,
        )
        for subject in subjects
        for period in listed
        for each in predecessors(related[subject], subject, as_of, rules, period.start)
    )


def _before(
    after: Mapping[str, Predecessor], events: Sequence[SubjectEvent], rules: CarryRules
) -> dict[str, Predecessor]:
    """Return who stood for the subjects of `after` the day before these events."""
    before = dict(after)
    stays = [e for e in events if e.from_subject == e.to_subject and e.from_subject in after]
    for event in stays:
        if event.share != WHOLE:
            before[event.from_subject] = _handed(after[event.from_subject], event, rules)
    for event in events:
        if event.from_subject != event.to_subject and event.to_subject in after:
            handed = _handed(after[event.to_subject], event, rules)
            known = before.get(event.from_subject)
            before[event.from_subject] = _added(known, handed) if known else handed
    return before


def _handed(successor: Predecessor, event: SubjectEvent, rules: CarryRules) -> Predecessor:
    carried = rules[event.kind] if event.carries is None else event.carries
    return Predecessor(
        event.from_subject,
        successor.weight * event.share,
        min(successor.until, event.date),
        titles=successor.titles and "titles" in carried,
        years=successor.years and "years" in carried,
    )


def _added(one: Predecessor, other: Predecessor) -> Predecessor:
    return replace(
        one,
        weight=one.weight + other.weight,
        until=min(one.until, other.until),
        titles=one.titles or other.titles,
        years=one.years or other.years,
    )


def _latest_first(event: SubjectEvent) -> tuple[int, str, str]:
    return (-event.date.toordinal(), event.event_no, event.to_subject)


def _related(events: Sequence[SubjectEvent]) -> dict[str, list[SubjectEvent]]:
    """Return for each subject the events of its own net of successions."""
    nets: dict[str, set[str]] = {}
    for event in events:
        ends = (event.from_subject, event.to_subject)
        net = set(ends).union(*(nets.get(name, ()) for name in ends))
        nets.update(dict.fromkeys(net, net))
    first = {name: min(net) for name, net in nets.items()}
    inside: dict[str, list[SubjectEvent]] = {}
    for event in events:
        inside.setdefault(first[event.to_subject], []).append(event)
    return {name: inside[first[name]] for name in nets}
