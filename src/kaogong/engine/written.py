"""A written output as files: one, or from half a million rows a folder of ranges by key.

Ranges let a reader open the one file that holds a subject: the manifest says what each begins and
ends with. The logical digest says that rows are equal, whatever engine and layout wrote them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kaogong.data import column as data
from kaogong.data.digest import digest, table_sum
from kaogong.data.sql import parquet
from kaogong.engine.duck import Written
from kaogong.engine.render import quoted
from kaogong.plan.sql import text
from kaogong.plan.step import Column

SPLIT_FROM = 500_000  # rows of an output that is kept as a folder of ranges
RANGE_ROWS = 491_520  # rows of a range: sixteen row groups


@dataclass(frozen=True, slots=True)
class RelationFile:
    """One document of a relation as it stands on disk."""

    relation: str
    document: str
    paths: tuple[Path, ...]
    rows: int
    columns: tuple[Column, ...]
    digest: str
    ranges: tuple[tuple[str, str], ...] = ()  # least and greatest key of each file


def settled(connection: duckdb.DuckDBPyConnection, written: Written, options: str) -> RelationFile:
    """Return a written output, split into ranges where it is large."""
    output, paths, rows = written.output, written.paths, written.rows
    ranges: tuple[tuple[str, str], ...] = ()
    if rows >= SPLIT_FROM and output.order:
        paths = tuple(_split(connection, paths[0], rows, options))
        ranges = tuple(_range(connection, each, output.order[0]) for each in paths)
    return RelationFile(
        output.relation, output.document, paths, rows, output.columns,
        logical_digest(connection, output.columns, paths), ranges,
    )  # fmt: skip


def files_at(root: Path, relation: str, document: str) -> list[str]:
    """Return the files of one document below a run's folder, in their order."""
    single = root / relation / f"{document}.parquet"
    if single.exists():
        return [str(single)]
    return [str(p) for p in sorted((root / relation / document).glob("*.parquet"))]


def logical_digest(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], paths: Sequence[Path]
) -> str:
    """Return the digest of the rows of some files."""
    described = [_described(column) for column in columns]
    return digest(described, table_sum(connection, described, parquet(list(paths))))


def _described(column: Column) -> data.Column:
    if column.kind == "number":
        return data.Column(column.name, "number", column.unit, column.scale)
    kinds: dict[str, data.ColumnType] = {"yes_no": "yes_no", "date": "date"}
    return data.Column(column.name, kinds.get(column.kind, "text"))


def _split(
    connection: duckdb.DuckDBPyConnection, path: Path, rows: int, options: str
) -> list[Path]:
    """Cut a file into ranges of its own order, in a folder of its name."""
    folder = path.with_suffix("")
    folder.mkdir()
    made: list[Path] = []
    for number, start in enumerate(range(0, rows, RANGE_ROWS)):
        target = folder / f"{number:04d}.parquet"
        inside = (
            f"SELECT * EXCLUDE (file_row_number) FROM read_parquet({_literal(path)}, "
            f"file_row_number = true) WHERE file_row_number >= {start} "
            f"AND file_row_number < {start + RANGE_ROWS} ORDER BY file_row_number"
        )
        connection.execute(f"COPY ({inside}) TO {_literal(target)} ({options})")
        made.append(target)
    path.unlink()
    return made


def _range(connection: duckdb.DuckDBPyConnection, path: Path, key: str) -> tuple[str, str]:
    name = quoted(key)
    row = connection.execute(
        f"SELECT CAST(min({name}) AS VARCHAR), CAST(max({name}) AS VARCHAR) "
        f"FROM read_parquet({_literal(path)})"
    ).fetchone()
    return (str(row[0]), str(row[1])) if row else ("", "")


def _literal(path: Path) -> str:
    return text(str(path)).sql(dialect="duckdb")
