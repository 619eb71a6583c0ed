"""Whose consecutive years a subject carries: links to predecessors, and dated events of identity.

A link of a register's `succeeds` field says who went on in whom, and carries. An event says from
which day on, and by its `carries` whether the years go over. Where an event does not say so, the
language itself carries what is renamed and what is merged of one predecessor; of several merged
into one, of a split and of a move to another number nobody said it, so nothing is carried, and the
event is named.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from kaogong.data.identity import EventKind, SubjectEvent

ALWAYS = dt.date.max
CARRYING: frozenset[EventKind] = frozenset({"rename", "merger"})  # what `succeeds` is for


@dataclass(frozen=True, slots=True)
class Succession:
    """A predecessor, near or far, whose years count for a subject."""

    successor: str
    predecessor: str
    until: dt.date = ALWAYS  # stands for the periods that begin before this day


@dataclass(frozen=True, slots=True)
class Successions:
    """All successions of a register, and what is to be said of them."""

    known: tuple[Succession, ...]
    undeclared: tuple[SubjectEvent, ...] = ()  # do not carry, for nobody said that they do
    circle: tuple[str, ...] = ()  # subjects that succeed each other: nothing is known then


def successions(
    links: Mapping[str, str], events: Iterable[SubjectEvent], as_of: dt.date
) -> Successions:
    """Return whose years each subject carries as of a day; `links` lead from the successor."""
    happened = [e for e in events if e.date <= as_of and e.from_subject != e.to_subject]
    steps = dict.fromkeys(links.items(), ALWAYS)
    undeclared: list[SubjectEvent] = []
    several = _merged_into(happened, links)
    for event in happened:
        pair = (event.to_subject, event.from_subject)
        carries = _carries(event, several, is_linked=pair in steps)
        if carries:
            steps[pair] = min(steps.get(pair, ALWAYS), event.date)
        else:
            steps.pop(pair, None)
            undeclared += [event] if event.carries is None else []
    before: dict[str, dict[str, dt.date]] = defaultdict(dict)
    for (successor, predecessor), until in steps.items():
        before[successor][predecessor] = until
    circle = _circle(before)
    known = () if circle else tuple(s for subject in sorted(before) for s in _of(subject, before))
    return Successions(known, tuple(undeclared), circle)


def _carries(event: SubjectEvent, several: frozenset[str], *, is_linked: bool) -> bool:
    if event.carries is not None:
        return "years" in event.carries
    alone = event.kind != "merger" or event.to_subject not in several
    return is_linked or (event.kind in CARRYING and alone)


def _merged_into(events: Sequence[SubjectEvent], links: Mapping[str, str]) -> frozenset[str]:
    """Return the subjects into which more than one other was merged."""
    merged: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.kind == "merger":
            merged[event.to_subject].add(event.from_subject)
    for successor in merged.keys() & links.keys():
        merged[successor].add(links[successor])
    return frozenset(subject for subject, others in merged.items() if len(others) > 1)


def _of(subject: str, before: Mapping[str, Mapping[str, dt.date]]) -> Iterator[Succession]:
    """Yield who stood for a subject: along each way up to its earliest event, at best of all."""
    found: dict[str, dt.date] = {}
    ways = [Succession(subject, subject)]
    while ways:
        way = ways.pop()
        for predecessor, until in before.get(way.predecessor, {}).items():
            made = replace(way, predecessor=predecessor, until=min(way.until, until))
            if found.get(predecessor, dt.date.min) < made.until:
                found[predecessor] = made.until
                ways.append(made)
    for predecessor in sorted(found):
        yield Succession(subject, predecessor, found[predecessor])


def _circle(before: Mapping[str, Mapping[str, dt.date]]) -> tuple[str, ...]:
    try:
        TopologicalSorter({who: list(others) for who, others in before.items()}).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()
