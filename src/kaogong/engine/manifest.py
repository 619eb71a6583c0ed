"""The two papers of a run: the manifest, equal for equal inputs, and the provenance."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from kaogong import __version__
from kaogong.engine.inputs import Input
from kaogong.engine.written import RelationFile
from kaogong.plan.frame import Instant
from kaogong.plan.step import Column
from kaogong.programme.programme import Programme

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Frozen:
    """The freeze whose data a run reads."""

    id: str  # sha256 of its content
    knowledge_date: date
    file: Path
    files: Mapping[str, tuple[Path, ...]]  # of each register, in the store

    @property
    def as_json(self) -> dict[str, str]:
        """Return the freeze as a manifest names it: not by a path."""
        return {"sha256": self.id, "knowledge_date": self.knowledge_date.isoformat()}


def describe_files(files: list[RelationFile], root: Path) -> list[dict[str, object]]:
    """Return each document of a relation: files, ranges, rows, logical digest, hashes, schema."""
    return [
        {
            "relation": f.relation,
            "document": f.document,
            "files": [p.relative_to(root).as_posix() for p in f.paths],
            "ranges": [list(r) for r in f.ranges],
            "rows": f.rows,
            "digest": f.digest,
            "sha256": [hashlib.sha256(p.read_bytes()).hexdigest() for p in f.paths],
            "columns": [_column(c) for c in f.columns],
        }
        for f in files
    ]


def _column(column: Column) -> dict[str, object]:
    made: dict[str, object] = {
        "name": column.name,
        "kind": column.kind,
        "title": dict(column.titles),
    }
    if column.kind == "number":
        made |= {"scale": column.scale, "unit": column.unit}
    return made


def manifest(
    programme: Programme,
    instant: Instant,
    inputs: list[Input],
    files: list[dict[str, object]],
    *,
    final: bool,
) -> dict[str, object]:
    """Return what the run is: no clock, path, host, thread or engine stands in it."""
    return {
        "format": FORMAT,
        "kaogong": __version__,
        "programme": {
            "id": programme.id,
            "title": programme.header.title if programme.header else {},
            "content": programme.content_id,
            "synthetic": bool(programme.header and programme.header.synthetic),
        },
        "period": instant.period.text,
        "as_of": instant.as_of.isoformat(),
        "final": final,
        "registers": {i.register: {"rows": i.rows, "digest": i.digest} for i in inputs},
        "relations": files,
    }


def provenance(
    engine: str,
    threads: int | None,
    data: Path,
    inputs: list[Input],
    frozen: Frozen | None = None,
) -> Mapping[str, object]:
    """Return how, where and when the run was made; of a freeze, the files of its store."""
    made: dict[str, object] = {
        "engine": engine,
        "engine_version": duckdb.__version__,
        "threads": threads,
        "python": platform.python_version(),
        "host": platform.node(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": str(data.resolve()),
        "files": {i.register: str(i.file) if i.file else None for i in inputs},
    }
    if frozen is None:
        return made
    read = {i.register: frozen.files.get(i.register, ()) for i in inputs}
    return made | {
        "data": str(frozen.file.resolve()),
        "freeze": frozen.file.stem,
        "files": {register: [str(path) for path in paths] for register, paths in read.items()},
    }
