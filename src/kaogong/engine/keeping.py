"""What a run keeps beside its results, so that it can be explained and made again by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from kaogong.engine import duck
from kaogong.engine.inputs import Input
from kaogong.engine.written import RelationFile
from kaogong.plan.source import table_name
from kaogong.programme.programme import Programme


def keep_registers(
    connection: duckdb.DuckDBPyConnection, inputs: Sequence[Input], built: Path
) -> list[RelationFile]:
    """Keep the data the run was made of, so that it can be explained by itself."""
    files: list[RelationFile] = []
    for each in inputs:
        if each.file is None:
            continue
        path = built / table_name(each.register) / f"{each.register}.parquet"
        path.parent.mkdir()
        source = f'SELECT * FROM "intake_{each.register}" ORDER BY ALL'
        connection.execute(f"COPY ({source}) TO '{path}' ({duck.WRITE})")
        relation = table_name(each.register)
        files.append(RelationFile(relation, each.register, (path,), each.rows, (), each.digest))
    return files


def keep_programme(programme: Programme, built: Path) -> None:
    """Keep every bundle of a programme, lowest first."""
    for bundle, name in zip(programme.bundles, _bundle_names(programme), strict=True):
        for path, content in bundle.files.items():
            target = built / "programme" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _bundle_names(programme: Programme) -> list[str]:
    """Return a folder name for each bundle: its place in the order and its own name."""
    return [f"{n:02d}_{Path(b.name).name}" for n, b in enumerate(programme.bundles)]
