"""Who a subject of a run was before: links to predecessors, and the events the run kept."""

from __future__ import annotations

from collections.abc import Iterable

from kaogong.data.event_check import read_events
from kaogong.data.identity import SubjectEvent
from kaogong.data.library_records import event_records
from kaogong.data.sql import parquet
from kaogong.data.succession import Succession, successions
from kaogong.engine.lineage import EVENTS, events_of
from kaogong.insight.registers import Registers, register_relation


def predecessors(registers: Registers, register: str, subject: str) -> list[Succession]:
    """Return whose years a subject of a register carries, as the run's day knows it."""
    events = kept_events(registers, register)
    links: dict[str, str] = {}
    near, seen = [subject], set()
    while near:
        each = near.pop()
        if each in seen:
            continue
        seen.add(each)
        link = _link(registers, register, each)
        if link is not None:
            links[each] = link
        near += [*([link] if link else []), *_into(each, events)]
    mine = [event for event in events if event.to_subject in seen]
    known = successions(links, mine, registers.run.as_of).known
    return [each for each in known if each.successor == subject]


def kept_events(registers: Registers, register: str) -> list[SubjectEvent]:
    """Return the changes of a register's subjects that the run took in."""
    files = registers.run.files(register_relation(EVENTS), EVENTS)
    if not files or not events_of(registers.run.programme, register):
        return []
    source = event_records(registers.connection, parquet(files))
    return read_events(registers.connection, source, shares=False)[0]


def _link(registers: Registers, register: str, subject: str) -> str | None:
    succeeds = registers.run.programme.register(register).succeeds
    record = registers.record(register, subject, None)
    value = record.get(str(succeeds)) if record is not None and succeeds is not None else None
    return str(value) if value is not None else None


def _into(subject: str, events: Iterable[SubjectEvent]) -> list[str]:
    return [event.from_subject for event in events if event.to_subject == subject]
