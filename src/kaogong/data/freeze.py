"""A freeze: the snapshots and corrections known on a day, under one id.

Two results that must agree use one freeze. The same knowledge date over the same store gives the
same freeze; an earlier date gives the rows as they were known then, whatever was corrected since.
Where several departments deliver columns of one register, their parts are joined on its key;
where corrections hold, they are laid over. The outcome is a derived snapshot, stored once under
the hash of what it was made of, and made again when it is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kaogong.data.canonical import Json, content_id
from kaogong.data.derive import Ingredients, derive
from kaogong.data.ledger import Entry, known_on, read_ledger
from kaogong.data.overlay import idle
from kaogong.data.snapshot import Snapshot, paths_of, read_snapshot, snapshots_of
from kaogong.data.store import Store, read_document, writing
from kaogong.language.finding import Finding, in_order, refuse
from kaogong.language.span import Span
from kaogong.language.words import Words

if TYPE_CHECKING:
    import duckdb

FOLDER = "freezes"
NO_SNAPSHOT = "KG801"
MIXED_PERIODS, DAMAGED = "KG845", "KG848"


@dataclass(frozen=True, slots=True)
class FrozenTable:
    """One register of one data period: what it is made of and what comes out."""

    register: str
    period: str | None
    snapshots: tuple[str, ...]  # ids; several where departments deliver parts
    corrections: tuple[str, ...]  # ledger entries laid over, in ledger order
    rows: int
    digest: str  # of the rows with corrections applied


@dataclass(frozen=True, slots=True)
class Freeze:
    """What was known on a day, register by register."""

    knowledge_date: dt.date
    tables: tuple[FrozenTable, ...]

    @property
    def id(self) -> str:
        """Return the sha256 of the freeze's content."""
        return content_id(self.as_json())

    def as_json(self) -> dict[str, Json]:
        """Return the freeze as the store holds it."""
        return {
            "kind": "freeze",
            "knowledge_date": self.knowledge_date.isoformat(),
            "tables": [_table_json(table) for table in self.tables],
        }


def make_freeze(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    knowledge_date: dt.date,
    registers: Iterable[str],
) -> tuple[Freeze, list[Finding]]:
    """Freeze what was known of the registers at the end of a day; findings name idle corrections.

    A register without a snapshot on that day is refused (KG801) and nothing is written.
    """
    entries = known_on(read_ledger(store.ledger), knowledge_date)
    tables: list[FrozenTable] = []
    findings: list[Finding] = []
    for register in sorted(set(registers)):
        picked = pick_snapshots(snapshots_of(store, register), register, knowledge_date)
        mine = [entry for entry in entries if entry.correction.register == register]
        for period, parts in picked.items():
            made, found = derive(connection, store, Ingredients(parts, tuple(mine)))
            tables.append(_frozen(register, period, parts, made))
            findings.extend(found)
        findings.extend(_of_no_period(mine, picked))
    freeze = Freeze(knowledge_date, tuple(tables))
    with writing(store) as writer:
        writer.keep_document(FOLDER, freeze.id, freeze.as_json())
    return freeze, in_order(findings)


def read_freeze(store: Store, id: str) -> Freeze:
    """Return the freeze of that id; a missing or damaged one is refused (KG848)."""
    content = read_document(store, FOLDER, id)
    freeze = Freeze(
        dt.date.fromisoformat(cast("str", content["knowledge_date"])),
        tuple(_table(t) for t in cast("list[dict[str, object]]", content["tables"])),
    )
    if freeze.id != id:
        raise refuse(DAMAGED, Span(str(store.document_path(FOLDER, id))), reason="sha256")
    return freeze


def resolve(
    connection: duckdb.DuckDBPyConnection, store: Store, freeze: Freeze
) -> dict[str, list[Path]]:
    """Return the Parquet files of each register, corrections applied, in the order of the rows.

    Files of different periods may differ in columns: read them by name. Rows that no longer come
    out as they were frozen are refused (KG848).
    """
    entries = {entry.hash: entry for entry in read_ledger(store.ledger)}
    files: dict[str, list[Path]] = {}
    for table in freeze.tables:
        missing = [entry for entry in table.corrections if entry not in entries]
        if missing:
            raise refuse(
                DAMAGED,
                Span(str(store.ledger)),
                reason=Words(f"缺台账条目{missing[0]}", f"no entry {missing[0]}"),
            )
        parts = tuple(read_snapshot(store, id) for id in table.snapshots)
        laid = tuple(entries[entry] for entry in table.corrections)
        made, _ = derive(connection, store, Ingredients(parts, laid))
        if made.digest != table.digest:
            raise refuse(DAMAGED, Span(table.register), reason=f"{made.digest} ≠ {table.digest}")
        files.setdefault(table.register, []).extend(paths_of(store, made))
    return files


def pick_snapshots(
    snapshots: Sequence[Snapshot], register: str, knowledge_date: dt.date
) -> dict[str | None, tuple[Snapshot, ...]]:
    """Return, for each data period, the last snapshot of each part known on that day.

    A snapshot of all periods takes the place of everything recorded before it.
    """
    known = [s for s in snapshots if s.delivery.recorded.date() <= knowledge_date]
    if not known:
        raise refuse(NO_SNAPSHOT, Span(register), register=register)
    depth = _depths(known)
    known.sort(key=lambda s: (s.delivery.recorded, depth[s.id], s.id))
    picked: dict[str | None, dict[str, Snapshot]] = {}
    for snapshot in known:
        period = snapshot.delivery.period
        if period is None:
            picked = {None: picked.get(None, {})}
        elif None in picked:
            raise refuse(MIXED_PERIODS, Span(register), register=register, period=period)
        picked.setdefault(period, {})[snapshot.delivery.part] = snapshot
    ordered = sorted(picked.items(), key=lambda item: item[0] or "")
    return {period: tuple(parts[part] for part in sorted(parts)) for period, parts in ordered}


def _depths(snapshots: Iterable[Snapshot]) -> dict[str, int]:
    parents = {snapshot.id: snapshot.delivery.parent for snapshot in snapshots}

    def depth(id: str) -> int:
        steps = 0
        parent = parents.get(id)
        while parent is not None:
            steps, parent = steps + 1, parents.get(parent)
        return steps

    return {id: depth(id) for id in parents}


def _frozen(
    register: str, period: str | None, parts: Sequence[Snapshot], made: Snapshot
) -> FrozenTable:
    ids = tuple(snapshot.id for snapshot in parts)
    return FrozenTable(register, period, ids, made.corrections, made.rows, made.digest)


def _of_no_period(
    entries: Sequence[Entry], picked: Mapping[str | None, Sequence[Snapshot]]
) -> list[Finding]:
    """Return a finding for each correction whose data period was never delivered."""
    if None in picked:
        return []
    lost = [e for e in entries if e.correction.period and e.correction.period not in picked]
    return idle(lost)


def _table_json(table: FrozenTable) -> dict[str, Json]:
    return {
        "register": table.register,
        "period": table.period,
        "snapshots": list(table.snapshots),
        "corrections": list(table.corrections),
        "rows": table.rows,
        "digest": table.digest,
    }


def _table(read: Mapping[str, object]) -> FrozenTable:
    return FrozenTable(
        cast("str", read["register"]),
        cast("str | None", read["period"]),
        tuple(cast("list[str]", read["snapshots"])),
        tuple(cast("list[str]", read["corrections"])),
        cast("int", read["rows"]),
        cast("str", read["digest"]),
    )
