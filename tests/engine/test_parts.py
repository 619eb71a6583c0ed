"""A plan carried out in parts gives the rows of the whole, wherever the parts end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.data import PERIOD, make
from bench.job import PROGRAMME, Source, files_of, open_source, plans, run
from kaogong.data.folder import read_bundle, shelf
from kaogong.engine import duck, parts
from kaogong.engine.run import Order
from kaogong.engine.run import run as run_programme
from kaogong.plan.step import Plan
from kaogong.programme.programme import load_programme

ROWS = 6_000


@pytest.fixture(scope="module")
def firms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("parts") / "firms.parquet", ROWS)


@pytest.fixture
def plan() -> Plan:
    return next(plans(ROWS))


def made(firms: Path, out: Path, plan: Plan) -> tuple[list[tuple[object, ...]], int]:
    connection = duck.connect()
    open_source(connection, Source(firms, ROWS))
    run(connection, plan, out)
    files = files_of(out)
    return connection.execute(f"FROM read_parquet({files}) ORDER BY ALL").fetchall(), len(files)


@pytest.mark.parametrize("rows", [500, 1_700, 2_999])
def test_parts_of_any_size_give_the_rows_of_the_whole(
    firms: Path, tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    whole, files = made(firms, tmp_path / "whole.parquet", plan)
    assert files == 1
    monkeypatch.setattr(parts, "PART_ROWS", rows)
    parted, files = made(firms, tmp_path / "parts.parquet", plan)
    assert files > 1
    assert parted == whole


def test_rows_that_lie_scattered_are_taken_as_a_whole(
    firms: Path, tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = made(firms, tmp_path / "whole.parquet", plan)
    scattered = tmp_path / "scattered.parquet"
    duck.connect().execute(f"COPY (FROM '{firms}' ORDER BY hash(ent_id)) TO '{scattered}'")
    monkeypatch.setattr(parts, "PART_ROWS", 500)
    assert made(scattered, tmp_path / "one.parquet", plan) == (whole, 1)


def test_a_subject_in_no_county_stands_in_the_first_part(
    firms: Path, tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "nowhere.parquet"
    query = f"SELECT * REPLACE (nullif(county, 'C0000') AS county) FROM '{firms}'"
    duck.connect().execute(f"COPY ({query}) TO '{nowhere}'")
    whole, _ = made(nowhere, tmp_path / "whole.parquet", plan)
    monkeypatch.setattr(parts, "PART_ROWS", 1_000)
    parted, files = made(nowhere, tmp_path / "parts.parquet", plan)
    assert files > 1
    assert parted == whole


def test_a_run_in_parts_keeps_the_same_relations(
    firms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "firm.parquet").symlink_to(firms)
    programme = load_programme(read_bundle(PROGRAMME)[0], shelf(PROGRAMME))
    digests = []
    for name, rows in (("whole", parts.PART_ROWS), ("parts", 900)):
        monkeypatch.setattr(parts, "PART_ROWS", rows)
        report = run_programme(programme, Order(data, PERIOD, tmp_path / name, csv=True))
        assert not [f for f in report.findings if f.level == "error"]
        digests.append({(r.relation, r.rows, r.digest) for r in report.relations})
    assert digests[0] == digests[1]
    csv = [
        (tmp_path / name / "scheme_result" / "job.csv").read_text() for name in ("whole", "parts")
    ]
    assert csv[0] == csv[1]
