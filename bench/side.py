"""One side of a measurement, in a process of its own: `python -m bench.side NAME ...`.

Each prints what it took as one line of JSON. Processor time `cpu` is that of the work alone,
without the start of Python and without imports; the whole process is measured from outside.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.data import READ
from bench.hand import statement
from bench.job import Source, files_of

if TYPE_CHECKING:
    import duckdb

    from kaogong.plan.step import Step

Asked = argparse.Namespace


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _connect(asked: Asked) -> duckdb.DuckDBPyConnection:
    from kaogong.engine import duck

    return duck.connect(asked.threads, asked.memory, asked.spill)


def _source(asked: Asked) -> Source:
    return Source(asked.file, asked.rows, asked.one_list)


def scan(asked: Asked) -> dict[str, Any]:
    """Read the columns of the job and do nothing with them but add them up."""
    from bench.data import FIELDS

    connection = _connect(asked)
    numbers = {field.name for field in FIELDS}
    taken = ", ".join(f"sum({c})" if c in numbers else f"max(hash({c}))" for c in READ)
    began = _cpu()
    connection.execute(f"SELECT {taken} FROM {_source(asked).sql}").fetchall()
    return {"cpu": _cpu() - began}


def csv(asked: Asked) -> dict[str, Any]:
    """Read every column of a csv as text and do nothing with it but take the longest."""
    connection = _connect(asked)
    began = _cpu()
    query = "SELECT max(strlen(COLUMNS(*))) FROM read_csv(?, all_varchar = true)"
    connection.execute(query, [str(asked.file)]).fetchall()
    return {"cpu": _cpu() - began}


def hand(asked: Asked) -> dict[str, Any]:
    """Run the statement that a careful person would write."""
    from kaogong.engine.duck import WRITE

    connection = _connect(asked)
    began = _cpu()
    connection.execute(f"COPY ({statement(_source(asked).sql)}) TO '{asked.out}' ({WRITE})")
    return {"cpu": _cpu() - began}


class _Recorder:
    """A connection that notes each statement it is given, and what all of them take."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.statements: list[str] = []
        self.cpu = 0.0

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        """Note and run one statement."""
        self.statements.append(query)
        began = _cpu()
        try:
            return self._connection.execute(query)
        finally:
            self.cpu += _cpu() - began


def job(asked: Asked) -> dict[str, Any]:
    """Do the job as Kaogong does it; keep its statements for `bare`."""
    from bench.job import open_source, plans, run
    from kaogong.engine.duck import Overflow

    made = plans(asked.rows)
    plan = next(made)
    recorder: Any = _Recorder(_connect(asked))
    open_source(recorder, _source(asked))
    try:
        run(recorder, plan, asked.out)
    except Overflow:
        run(recorder, next(made), asked.out)
    if asked.statements:
        asked.statements.write_text(json.dumps(recorder.statements), "utf-8")
    return {"cpu": recorder.cpu}


def bare(asked: Asked) -> dict[str, Any]:
    """Run the statements that `job` kept, with nothing of Kaogong around them."""
    import duckdb

    config: dict[str, Any] = {"threads": asked.threads}
    if asked.memory:
        config["memory_limit"] = asked.memory
    connection = duckdb.connect(config=config)
    if asked.spill:
        connection.execute("SET temp_directory = ?", [str(asked.spill)])
    connection.execute("SET error_on_division_by_zero = false")
    began = _cpu()
    for query in json.loads(asked.statements.read_text("utf-8")):
        connection.execute(query)
    return {"cpu": _cpu() - began}


def differ(asked: Asked) -> dict[str, Any]:
    """Count the cells that differ between two files, subject by subject."""
    connection = _connect(asked)
    a, b = (f"read_parquet({files_of(path)})" for path in (asked.file, asked.out))
    described = [connection.execute(f"DESCRIBE FROM {x}").fetchall() for x in (a, b)]
    kinds = [[row[:2] for row in rows] for rows in described]
    if kinds[0] != kinds[1]:
        return {"cells": -1, "rows": 0}
    names = [name for name, _ in kinds[0] if name != "subject"]
    unlike = " + ".join(f"CAST(a.{c} IS DISTINCT FROM b.{c} AS BIGINT)" for c in names)
    query = f"""SELECT count(*), sum({unlike}), count(a.subject), count(b.subject)
                FROM {a} AS a FULL JOIN {b} AS b ON a.subject = b.subject"""
    rows, cells, left, right = connection.execute(query).fetchall()[0]
    return {"cells": int(cells or 0) + 2 * rows - left - right, "rows": rows}


def places(asked: Asked) -> dict[str, Any]:
    """Time the steps from scores to places: many lists, and one list that holds everybody."""
    from bench.job import after_the_list, open_source, plans

    plan = next(plans(asked.rows))
    ranking = after_the_list(plan)
    connections = []
    for is_one_list in (False, True):
        connection = _connect(asked)
        open_source(connection, Source(asked.file, asked.rows, is_one_list))
        _make(connection, tuple(step for step in plan.steps if step not in ranking))
        connections.append(connection)
    took: list[list[float]] = [[], []]
    for _ in range(asked.rounds):
        for many, connection in zip(took, connections, strict=True):
            began = _cpu()
            _make(connection, ranking)
            many.append(_cpu() - began)
    ratios = [one / many for many, one in zip(*took, strict=True)]
    middle = [statistics.median(each) for each in took]
    return {"many": middle[0], "one": middle[1], "ratio": statistics.median(ratios)}


def _make(connection: duckdb.DuckDBPyConnection, steps: Iterable[Step]) -> None:
    from kaogong.engine import duck

    duck.make_steps(connection, steps)


def stored(asked: Asked) -> dict[str, Any]:
    """Read the stored rows that explain one firm, again and again on one connection."""
    connection = _connect(asked)
    connection.execute("SET parquet_metadata_cache = true")
    manifest = json.loads((asked.file / "manifest.json").read_text("utf-8"))
    files = {
        each["relation"]: [str(asked.file / name) for name in each["files"]]
        for each in manifest["relations"]
    }
    subjects = _subjects(connection, files["scheme_result"], asked.rounds)
    took, score = [], None
    for subject in subjects:
        began = time.perf_counter()
        score = _rows_of(connection, files, subject)
        took.append(1_000 * (time.perf_counter() - began))
    return {
        "ms": statistics.median(took[1:] or took),
        "first": took[0],
        "subject": subjects[-1],
        "score": str(score),
    }


def _subjects(connection: duckdb.DuckDBPyConnection, files: list[str], count: int) -> list[str]:
    """Return subjects from everywhere in the run, always the same."""
    query = "SELECT subject FROM read_parquet(?) ORDER BY hash(subject) LIMIT ?"
    return [row[0] for row in connection.execute(query, [files, count + 1]).fetchall()]


def _rows_of(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, list[str]], subject: str
) -> object:
    """Read result, parts, facts and the figures of the list; return the score."""
    found = connection.execute(
        "SELECT * FROM read_parquet(?) WHERE subject = ?", [files["scheme_result"], subject]
    )
    names = [column[0] for column in found.description]
    result = dict(zip(names, found.fetchall()[0], strict=True))
    for relation, key in (("scheme_part", "subject"), ("register_firm", "ent_id")):
        query = f"SELECT * FROM read_parquet(?) WHERE {key} = ?"
        connection.execute(query, [files[relation], subject]).fetchall()
    query = 'SELECT * FROM read_parquet(?) WHERE "group" = ? AND (pool IS NULL OR pool = ?)'
    group = [files["scheme_group"], result["group"], result["pool"]]
    connection.execute(query, group).fetchall()
    return result["score"]


def score_of(asked: Asked) -> dict[str, Any]:
    """Return a subject's score in a file of the hand-written statement."""
    query = "SELECT score FROM read_parquet(?) WHERE subject = ?"
    row = _connect(asked).execute(query, [str(asked.file), asked.subject]).fetchone()
    return {"score": None if row is None else str(row[0])}


def taken(asked: Asked) -> dict[str, Any]:
    """Count the rows of the snapshots in a store."""
    from bench.sheet import REGISTER
    from kaogong.data.snapshot import snapshots_of
    from kaogong.data.store import Store

    return {"rows": sum(each.rows for each in snapshots_of(Store(asked.file), REGISTER))}


SIDES: Mapping[str, Callable[[Asked], dict[str, Any]]] = {
    each.__name__: each
    for each in (scan, csv, hand, job, bare, differ, places, stored, score_of, taken)
}


def _arguments() -> Asked:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=SIDES)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory")
    parser.add_argument("--spill", type=Path)
    parser.add_argument("--statements", type=Path)
    parser.add_argument("--subject", default="")
    parser.add_argument("--one-list", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    print(json.dumps(SIDES[arguments.name](arguments)))
