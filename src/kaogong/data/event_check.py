"""Read the register `subject_event` and say what in it contradicts itself."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from kaogong.data.identity import (
    WHOLE,
    Carried,
    CarryRules,
    EventKind,
    LineageRow,
    SubjectEvent,
)
from kaogong.data.sql import Sql, rows, sql, value
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Span

if TYPE_CHECKING:
    import duckdb

CONFLICT = "KG830"
FILE = "subject_event"
KINDS: Mapping[str, EventKind] = {
    "rename": "rename",
    "merger": "merger",
    "split": "split",
    "move": "move",
    "更名": "rename",
    "合并": "merger",
    "分立": "split",
    "迁移": "move",
}
CARRIED: Mapping[str, Carried] = {
    "titles": "titles",
    "years": "years",
    "称号": "titles",
    "连续年数": "years",
}
NOTHING = frozenset({"none", "不承继", "无", ""})  # a sheet takes 无 for blank

Group = tuple[str, dt.date]  # one subject's events of one day


def read_events(
    connection: duckdb.DuckDBPyConnection,
    source: Sql,
    rules: CarryRules | None = None,
    *,
    shares: bool = True,
) -> tuple[list[SubjectEvent], list[Finding]]:
    """Return the events of a register and all that is wrong with them.

    Columns: event_no, kind, date, from_subject, to_subject (empty: the same), share (a decimal;
    empty: all), carries (`titles`, `years`, both with a comma, `none`; empty: by rule). Without
    `shares` only who went on in whom is asked, not with how much of the figures, nor by which rule.
    """
    records = rows(
        connection,
        sql(
            "SELECT event_no, kind, date, from_subject, coalesce(to_subject, from_subject),"
            " share, carries FROM {source} AS events ORDER BY 3, 1, 5",
            source=source,
        ),
    )
    events: list[SubjectEvent] = []
    reasons: list[str] = []
    for each in records:
        record = each if shares else (*each[:5], None, each[6])
        unread = list(_unread(record, shares=shares))
        reasons += unread
        if not unread:
            events.append(_event(record))
    findings = _told(reasons)
    if not shares:
        return events, findings + _told([*_two_successors(events), *_circle(events)])
    return events, findings + check_events(events, rules)


def check_events(events: Sequence[SubjectEvent], rules: CarryRules | None = None) -> list[Finding]:
    """Return what contradicts itself: shares, two successors, circles, undeclared carrying."""
    reasons = [
        *_bad_shares(events),
        *_two_successors(events),
        *_circle(events),
        *_undeclared(events, rules or {}),
    ]
    return _told(reasons)


def _told(reasons: Iterable[str]) -> list[Finding]:
    return [finding(CONFLICT, Span(FILE), reason=reason) for reason in reasons]


def load_lineage(
    connection: duckdb.DuckDBPyConnection, lines: Sequence[LineageRow], table: Sql
) -> None:
    """Make the temporary table of a lineage; a weight is a numerator over a denominator."""
    rows(
        connection,
        sql(
            "CREATE OR REPLACE TEMP TABLE {table} AS SELECT"
            " unnest(CAST({subject} AS VARCHAR[])) AS subject,"
            " unnest(CAST({period} AS VARCHAR[])) AS period,"
            " unnest(CAST({predecessor} AS VARCHAR[])) AS predecessor,"
            " unnest(CAST({numerator} AS BIGINT[])) AS weight_numerator,"
            " unnest(CAST({denominator} AS BIGINT[])) AS weight_denominator,"
            " unnest(CAST({whole} AS BOOLEAN[])) AS whole,"
            " unnest(CAST({titles} AS BOOLEAN[])) AS titles,"
            " unnest(CAST({years} AS BOOLEAN[])) AS years",
            table=table,
            subject=value([line.subject for line in lines]),
            period=value([line.period for line in lines]),
            predecessor=value([line.predecessor for line in lines]),
            numerator=value([line.weight.numerator for line in lines]),
            denominator=value([line.weight.denominator for line in lines]),
            whole=value([line.whole for line in lines]),
            titles=value([line.titles for line in lines]),
            years=value([line.years for line in lines]),
        ),
    )


def _unread(record: tuple[object, ...], *, shares: bool) -> Iterator[str]:
    number, kind, date, from_subject, _, share, carries = record
    if kind not in KINDS:
        yield f"{number}: {kind}"
    if date is None or from_subject is None:
        yield f"{number}: date / from_subject"
    if shares and share is None and KINDS.get(str(kind)) == "split":
        yield f"{number}: share"
    yield from (f"{number}: {word}" for word in _words(carries) if word not in CARRIED)


def _event(record: tuple[object, ...]) -> SubjectEvent:
    number, kind, date, from_subject, to_subject, share, carries = record
    if not isinstance(date, dt.date):
        raise TypeError(f"{number}: {date!r} is not a date")
    return SubjectEvent(
        str(number),
        KINDS[str(kind)],
        date,
        str(from_subject),
        str(to_subject),
        WHOLE if share is None else Fraction(Decimal(str(share))),
        None if carries is None else frozenset(CARRIED[word] for word in _words(carries)),
    )


def _words(carries: object) -> list[str]:
    words = re.split(r"[,,、;;\s]+", str(carries or "").strip())
    return [word for word in words if word not in NOTHING]


def _groups(events: Iterable[SubjectEvent]) -> dict[Group, list[SubjectEvent]]:
    groups: dict[Group, list[SubjectEvent]] = defaultdict(list)
    for event in sorted(events, key=lambda e: (e.from_subject, e.date, e.event_no, e.to_subject)):
        groups[event.from_subject, event.date].append(event)
    return groups


def _bad_shares(events: Iterable[SubjectEvent]) -> Iterator[str]:
    """Find splits that do not hand out all of a subject, and others that do not at once."""
    for (subject, date), happened in _groups(events).items():
        split = [event for event in happened if event.kind == "split"]
        total = sum((event.share for event in split), Fraction(0))
        if split and (total != WHOLE or any(event.share <= 0 for event in split)):
            yield f"{subject} {date}: Σ {total} ≠ 1"
        for event in happened:
            if event.kind != "split" and event.share != WHOLE:
                yield f"{event.event_no}: {event.kind} {event.share} ≠ 1"


def _two_successors(events: Iterable[SubjectEvent]) -> Iterator[str]:
    """Find subjects that go on in two without a split, or go on after they ended."""
    ended: dict[str, dt.date] = {}
    for (subject, date), happened in _groups(events).items():
        successors = sorted({event.to_subject for event in happened})
        if subject in ended:
            yield f"{subject} {ended[subject]} → {date} {' / '.join(successors)}"
        elif len(successors) > 1 and any(event.kind != "split" for event in happened):
            yield f"{subject} {date} → {' / '.join(successors)}"
        if subject not in successors:
            ended.setdefault(subject, date)


def _circle(events: Iterable[SubjectEvent]) -> Iterator[str]:
    """Find a subject that ended in another one and came out of it again."""
    followers: dict[str, set[str]] = defaultdict(set)
    for (subject, _), happened in _groups(events).items():
        successors = {event.to_subject for event in happened}
        if subject not in successors:
            followers[subject] |= successors
    try:
        TopologicalSorter(followers).prepare()
    except CycleError as error:
        yield " → ".join(reversed(error.args[1]))


def _undeclared(events: Iterable[SubjectEvent], rules: CarryRules) -> Iterator[str]:
    for event in events:
        if event.carries is None and event.kind not in rules:
            yield f"{event.event_no}: {event.kind}, carries"
