"""The correction ledger: cells that somebody set right, with the reason, laid over snapshots.

One JSON line an entry, only ever added at the end. Each entry holds the hash of the one before,
so a line changed, removed or put in between is found. An entry may not be older than the last
one: what was known on a day stays what was known on that day. A line cut off by a crash was never
an entry and is dropped by the next writer.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from kaogong.data.canonical import Json, canonical_json, content_id
from kaogong.data.store import sync_folder
from kaogong.language.finding import refuse
from kaogong.language.span import Span
from kaogong.language.words import Words

BACKDATED, DAMAGED = "KG844", "KG848"
START = "0" * 64  # stands for the entry before the first


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell set right: it gets a value, or a state that says why there is none."""

    register: str
    key: Mapping[str, str]  # key field -> written value; the period may be left to `period`
    field: str
    value: str | None  # as written in a manifest: `-0.50`, `2024-12-31`, `1`
    state: str | None  # not_reported, confidential ...; only without a value
    reason: str
    by: str
    at: dt.datetime  # when it was recorded, with its offset from UTC
    period: str | None = None
    document: str = ""  # what it rests on

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of a correction needs its offset from UTC")
        if self.value is not None and self.state is not None:
            raise ValueError("a cell has a value or a state, not both")

    def as_json(self) -> dict[str, Json]:
        """Return the correction as the ledger writes it."""
        return {
            "register": self.register,
            "key": dict(self.key),
            "field": self.field,
            "value": self.value,
            "state": self.state,
            "reason": self.reason,
            "by": self.by,
            "at": self.at.isoformat(),
            "period": self.period,
            "document": self.document,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A correction with its place in the chain."""

    correction: Correction
    previous: str
    line: int

    @property
    def hash(self) -> str:
        """Return the sha256 of the correction and of all that stands before it."""
        return _hash(self.correction, self.previous)


def record_corrections(ledger: Path, corrections: Iterable[Correction]) -> list[Entry]:
    """Add corrections at the end of a ledger, durably, all or none; return their entries.

    One that is older than the last entry is refused, as is a ledger whose chain is broken.
    """
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with ledger.open("a+b") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        entries = _entries(ledger, opened)
        added = _chained(ledger, entries, corrections)
        opened.truncate(_length_of_lines(opened))
        opened.seek(0, os.SEEK_END)
        opened.write("".join(_line(entry) for entry in added).encode("utf-8"))
        opened.flush()
        os.fsync(opened.fileno())
    sync_folder(ledger.parent)
    return added


def read_ledger(ledger: Path) -> list[Entry]:
    """Return all entries; a broken chain is refused (KG848) with its line."""
    if not ledger.exists():
        return []
    with ledger.open("rb") as opened:
        fcntl.flock(opened, fcntl.LOCK_SH)
        return _entries(ledger, opened)


def known_on(entries: Iterable[Entry], day: dt.date) -> list[Entry]:
    """Return the entries recorded up to the end of that day, as dated where they were made."""
    return [entry for entry in entries if entry.correction.at.date() <= day]


def _entries(ledger: Path, opened: BinaryIO) -> list[Entry]:
    opened.seek(0)
    entries: list[Entry] = []
    for line, text in enumerate(opened.read().splitlines(keepends=True), start=1):
        if text.endswith(b"\n"):
            previous = entries[-1].hash if entries else START
            entries.append(_entry(text, previous, Span(str(ledger), line, 1)))
    return entries


def _entry(text: bytes, previous: str, span: Span) -> Entry:
    try:
        read = json.loads(text)
        correction = _correction(read["correction"])
    except (ValueError, KeyError, TypeError) as error:
        raise refuse(DAMAGED, span, reason=f"{type(error).__name__}: {error}") from error
    entry = Entry(correction, previous, span.line)
    if read.get("previous") != previous or read.get("hash") != entry.hash:
        raise refuse(DAMAGED, span, reason=Words("哈希链中断", "hash chain broken"))
    return entry


def _correction(read: Mapping[str, object]) -> Correction:
    texts = cast("Mapping[str, str]", read)
    return Correction(
        register=texts["register"],
        key=cast("dict[str, str]", read["key"]),
        field=texts["field"],
        value=cast("str | None", read["value"]),
        state=cast("str | None", read["state"]),
        reason=texts["reason"],
        by=texts["by"],
        at=dt.datetime.fromisoformat(texts["at"]),
        period=cast("str | None", read["period"]),
        document=texts["document"],
    )


def _chained(ledger: Path, entries: list[Entry], corrections: Iterable[Correction]) -> list[Entry]:
    last = entries[-1] if entries else None
    added: list[Entry] = []
    for correction in corrections:
        line = (last.line if last else 0) + 1
        if last and correction.at < last.correction.at:
            raise refuse(
                BACKDATED,
                Span(str(ledger), line, 1),
                at=correction.at.isoformat(),
                last=last.correction.at.isoformat(),
            )
        last = Entry(correction, last.hash if last else START, line)
        added.append(last)
    return added


def _line(entry: Entry) -> str:
    content: dict[str, Json] = {
        "correction": entry.correction.as_json(),
        "previous": entry.previous,
        "hash": entry.hash,
    }
    return canonical_json(content) + "\n"


def _hash(correction: Correction, previous: str) -> str:
    return content_id({"correction": correction.as_json(), "previous": previous})


def _length_of_lines(opened: BinaryIO) -> int:
    opened.seek(0)
    return opened.read().rfind(b"\n") + 1
