"""Who went on in whom, as a table a plan joins: links to predecessors and dated events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from kaogong.data.event_check import CONFLICT, read_events
from kaogong.data.identity import SubjectEvent
from kaogong.data.library_records import event_records
from kaogong.data.sql import name
from kaogong.data.succession import ALWAYS, Successions, successions
from kaogong.engine.inputs import Input, find_file, take_register
from kaogong.engine.render import quoted
from kaogong.language.finding import Finding, finding, has_errors
from kaogong.language.span import Span
from kaogong.plan.source import PREDECESSOR, SUCCESSOR, UNTIL, Tables, lineage_name, table_name
from kaogong.programme.programme import Programme

EVENTS = "subject_event"
_NEEDED = {"event_no", "changed_on", "change_kind", "from_subject", "to_subject", "subject_id"}
UNDECLARED = "KG838"


@dataclass(frozen=True, slots=True)
class Lineages:
    """The registers of which somebody has a predecessor, and what was taken in to know it."""

    succeeded: frozenset[str] = frozenset()
    inputs: tuple[Input, ...] = ()
    findings: tuple[Finding, ...] = ()


def make_lineages(
    connection: duckdb.DuckDBPyConnection, programme: Programme, data: Path,
    registers: Iterable[str], as_of: date,
) -> Lineages:  # fmt: skip
    """Make the table of predecessors of each register that was taken in, where there are any."""
    succeeded: set[str] = set()
    inputs: list[Input] = []
    findings: list[Finding] = []
    for register in sorted(registers):
        events: list[SubjectEvent] = []
        if events_of(programme, register) and find_file(data, EVENTS) is not None:
            inputs.append(take_register(connection, programme, data, EVENTS, as_of))
            findings += inputs[-1].findings
            if has_errors(findings):
                continue
            source = event_records(connection, name(table_name(EVENTS)))
            events, wrong = read_events(connection, source, shares=False)
            findings += wrong
        found = successions(_links(connection, programme, register), events, as_of)
        findings += told(register, found)
        if found.known:
            _make(connection, register, found)
            succeeded.add(register)
    return Lineages(frozenset(succeeded), tuple(inputs), tuple(findings))


def events_of(programme: Programme, register: str) -> bool:
    """Tell whether the programme keeps the changes of a register's subjects, with all it takes."""
    events = programme.book.registers().get(EVENTS)
    if events is None or register not in map(str, events.of or ()):
        return False
    return set(map(str, events.fields)) | set(map(str, events.key_)) >= _NEEDED


def told(register: str, found: Successions) -> list[Finding]:
    """Return what is to be said of successions: who carries nothing, and who goes in a circle."""
    notes = [
        finding(
            UNDECLARED, Span(EVENTS), event=event.event_no, predecessor=event.from_subject,
            successor=event.to_subject,
        )
        for event in found.undeclared
    ]  # fmt: skip
    if found.circle:
        notes.append(finding(CONFLICT, Span(register), reason=" → ".join(found.circle)))
    return notes


def _links(
    connection: duckdb.DuckDBPyConnection, programme: Programme, register: str
) -> dict[str, str]:
    """Return each subject's predecessor by the register's own link."""
    succeeds = programme.register(register).succeeds
    if succeeds is None:
        return {}
    key, link = quoted(Tables(programme.book.registers()).key(register)), quoted(str(succeeds))
    rows = connection.execute(
        f"SELECT {key}, {link} FROM {quoted(table_name(register))} "
        f"WHERE {key} IS NOT NULL AND {link} IS NOT NULL"
    ).fetchall()
    return {str(subject): str(predecessor) for subject, predecessor in rows}


def _make(connection: duckdb.DuckDBPyConnection, register: str, found: Successions) -> None:
    columns: dict[str, tuple[str, Sequence[object]]] = {
        SUCCESSOR: ("VARCHAR", [s.successor for s in found.known]),
        PREDECESSOR: ("VARCHAR", [s.predecessor for s in found.known]),
        UNTIL: ("DATE", [None if s.until == ALWAYS else s.until for s in found.known]),
    }
    cells = ", ".join(f"unnest(CAST(? AS {kind}[])) AS {c}" for c, (kind, _) in columns.items())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(lineage_name(register))} AS SELECT {cells}",
        [list(values) for _, values in columns.values()],
    )
