"""Ladders and policies run over small tables: each folder below `owed` is read and checked by eye.

A folder holds a programme, its `data/`, and for each relation the rows that must be among those of
the run; blank means: no value. The golden cases of its documents are run, too.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import duckdb
import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine.run import Order, run
from kaogong.insight.cases import run_cases
from kaogong.programme.programme import Programme, load_programme

FOLDERS = Path(__file__).parent / "owed"
NAMES = sorted(path.name for path in FOLDERS.iterdir())
EXPECTED = sorted(f"{path.parent.name}/{path.stem}" for path in FOLDERS.glob("*/*.csv"))
PERIOD = "2024"
Row = dict[str, str]


@cache
def _programme(name: str) -> Programme:
    bundle, unread = read_bundle(FOLDERS / name, name)
    assert not unread
    programme = load_programme(bundle, shelf(FOLDERS / name))
    assert programme.can_run, programme.findings
    return programme


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {}
    for name in NAMES:
        out = tmp_path_factory.mktemp("owed") / name
        report = run(_programme(name), Order(FOLDERS / name / "data", PERIOD, out))
        assert report.out is not None, report.findings
        made[name] = out
    return made


def _rows(out: Path, relation: str) -> list[Row]:
    files = [str(path) for path in (out / relation).glob("*.parquet")]
    found = duckdb.execute("SELECT * FROM read_parquet(?, union_by_name = true)", [files])
    names = [column[0] for column in found.description or ()]
    return [
        {n: "" if v is None else str(v) for n, v in zip(names, row, strict=True)}
        for row in found.fetchall()
    ]


@pytest.mark.parametrize("case", EXPECTED)
def test_the_run_gives_the_rows_that_are_written(case: str, runs: dict[str, Path]) -> None:
    name, _, relation = case.partition("/")
    with (FOLDERS / name / f"{relation}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    columns = list(expected[0])
    made = _rows(runs[name], relation)
    got = [{column: row[column] for column in columns} for row in made]
    assert [row for row in expected if row not in got] == []
    if relation in ("ladder_result", "entitlement"):
        assert len(got) == len(expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_cases_hold(name: str) -> None:
    results = run_cases(_programme(name))
    assert results
    assert [(r.case.address, r.got) for r in results if not r.holds] == []


@pytest.mark.parametrize("name", NAMES)
def test_relations_begin_with_what_every_relation_begins_with(
    name: str, runs: dict[str, Path]
) -> None:
    for relation in ("ladder_result", "ladder_condition", "entitlement", "entitlement_condition"):
        for row in _rows(runs[name], relation):
            assert list(row)[:4] == ["document", "version", "period", "subject"]
