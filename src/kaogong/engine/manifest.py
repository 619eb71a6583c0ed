"""The two papers of a run: the manifest, equal for equal inputs, and the provenance."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from kaogong import __version__
from kaogong.engine.inputs import Input
from kaogong.plan.frame import Instant
from kaogong.plan.step import Column
from kaogong.programme.programme import Programme

FORMAT = 1


@dataclass(frozen=True, slots=True)
class RelationFile:
    """One file of a relation."""

    relation: str
    document: str
    path: Path
    rows: int
    columns: tuple[Column, ...]


def describe_files(files: list[RelationFile], root: Path) -> list[dict[str, object]]:
    """Return each file with its rows, schema and hash."""
    return [
        {
            "relation": f.relation,
            "document": f.document,
            "files": [f.path.relative_to(root).as_posix()],
            "rows": f.rows,
            "sha256": hashlib.sha256(f.path.read_bytes()).hexdigest(),
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
    engine: str, threads: int | None, data: Path, inputs: list[Input]
) -> Mapping[str, object]:
    """Return how, where and when the run was made."""
    return {
        "engine": engine,
        "engine_version": duckdb.__version__,
        "threads": threads,
        "python": platform.python_version(),
        "host": platform.node(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": str(data.resolve()),
        "files": {i.register: str(i.file) if i.file else None for i in inputs},
    }
