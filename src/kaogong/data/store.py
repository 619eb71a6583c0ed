"""The content-addressed store: each file lies under the hash of its content and never changes.

    objects/sha256/ab/cd….parquet   facts, immutable
    snapshots/ID.json               manifests, freezes and corrected snapshots name objects;
    freezes/ID.json                 what no document names is rubbish
    corrected/ID.json
    ledger.jsonl                    corrections
    incoming/                       files being written

Order of writing: file, fsync, rename, fsync of the folder, and only then the document that names
it. A crash at any moment leaves files nobody names. Writers hold a shared lock from the first
file to the document, the collector an exclusive one, so a file is never taken from a writer; the
system drops a lock with its process.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kaogong.data.canonical import Json, canonical_json
from kaogong.language.finding import refuse
from kaogong.language.span import Span
from kaogong.language.words import Words

DOCUMENT_FOLDERS = ("snapshots", "freezes", "corrected")
DAMAGED = "KG848"


@dataclass(frozen=True, slots=True)
class Store:
    """A store of a folder; making one touches nothing."""

    root: Path

    @property
    def ledger(self) -> Path:
        """Return where the correction ledger lies."""
        return self.root / "ledger.jsonl"

    def object_path(self, sha256: str) -> Path:
        """Return where the object of that hash lies, whether it exists or not."""
        return self.root / "objects" / "sha256" / sha256[:2] / f"{sha256[2:]}.parquet"

    def document_path(self, folder: str, name: str) -> Path:
        """Return where a manifest, a freeze or a corrected snapshot lies."""
        return self.root / folder / f"{name}.json"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A file that lies in the store."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection removed."""

    objects: tuple[str, ...]  # hashes, sorted
    leftovers: int  # unfinished folders of writers that died
    bytes: int  # of the objects


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer that holds the shared lock: the only way to put anything into a store."""

    store: Store
    folder: Path  # for files that are being written

    def keep_file(self, written: Path) -> StoredObject:
        """Move a finished file into the store under its hash and return what it is called."""
        with written.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            os.fsync(opened.fileno())
        size = written.stat().st_size
        target = self.store.object_path(sha256)
        if target.exists():
            written.unlink()
        else:
            written.chmod(0o444)
            _move(written, target)
        return StoredObject(sha256, size)

    def keep_document(self, folder: str, name: str, content: Json) -> Path:
        """Write a document as canonical JSON, whole or not at all; one that exists stays."""
        target = self.store.document_path(folder, name)
        if target.exists():
            return target
        temporary = self.folder / f"{name}.json"
        with temporary.open("w", encoding="utf-8") as opened:
            opened.write(canonical_json(content) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        _move(temporary, target)
        return target


@contextmanager
def writing(store: Store) -> Iterator[Writer]:
    """Give a writer; its folder is gone at the end, what was kept stays."""
    incoming = _folder(store.root / "incoming")
    with _locked(store, fcntl.LOCK_SH):
        folder = Path(tempfile.mkdtemp(dir=incoming))
        try:
            yield Writer(store, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def read_document(store: Store, folder: str, name: str) -> dict[str, Json]:
    """Return a document of the store; one that is missing or damaged is refused (KG848)."""
    path = store.document_path(folder, name)
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refuse(DAMAGED, Span(str(path)), reason=str(error)) from error
    if not isinstance(read, dict):
        raise refuse(DAMAGED, Span(str(path)), reason=Words("不是JSON对象", "not a JSON object"))
    return cast("dict[str, Json]", read)


def document_names(store: Store, folder: str) -> list[str]:
    """Return the names of all documents of a folder, sorted."""
    return sorted(path.stem for path in (store.root / folder).glob("*.json"))


def verify_object(store: Store, sha256: str) -> Path:
    """Return the path of an object after hashing it again; a damaged one is refused (KG848)."""
    path = store.object_path(sha256)
    try:
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise refuse(DAMAGED, Span(str(path)), reason=str(error)) from error
    if found != sha256:
        raise refuse(DAMAGED, Span(str(path)), reason=f"sha256 {found} ≠ {sha256}")
    return path


def collect_garbage(store: Store) -> Collected:
    """Remove every object that no document names and every unfinished file; wait for writers."""
    if not store.root.is_dir():
        return Collected((), 0, 0)
    with _locked(store, fcntl.LOCK_EX):
        named = _named_objects(store)
        leftovers = _empty_folder(store.root / "incoming")
        paths = sorted((store.root / "objects" / "sha256").glob("*/*.parquet"))
        unnamed = {path.parent.name + path.stem: path for path in paths}
        unnamed = {sha256: path for sha256, path in unnamed.items() if sha256 not in named}
        size = sum(path.stat().st_size for path in unnamed.values())
        for path in unnamed.values():
            path.unlink()
        return Collected(tuple(sorted(unnamed)), leftovers, size)


def _named_objects(store: Store) -> set[str]:
    named: set[str] = set()
    for folder in DOCUMENT_FOLDERS:
        for name in document_names(store, folder):
            files = read_document(store, folder, name).get("files", [])
            named.update(file["sha256"] for file in cast("list[dict[str, str]]", files))
    return named


def _empty_folder(folder: Path) -> int:
    left = list(folder.iterdir()) if folder.is_dir() else []
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return len(left)


@contextmanager
def _locked(store: Store, mode: int) -> Iterator[None]:
    with (store.root / ".lock").open("a") as opened:
        fcntl.flock(opened, mode)
        yield


def _move(written: Path, target: Path) -> None:
    _folder(target.parent)
    written.rename(target)
    sync_folder(target.parent)


def _folder(path: Path) -> Path:
    if not path.is_dir():
        _folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)
    return path


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
