"""The bench measures what it says: its job is right, its files are the same each time."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bench import sheet
from bench.bars import BARS, Reached
from bench.data import COLUMNS, make
from bench.hand import statement
from bench.job import Source, open_source, plans, run
from bench.run import cells, main
from kaogong.engine import duck

ROWS = 2_000


@pytest.fixture(scope="module")
def firms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("bench") / "firms.parquet", ROWS)


@pytest.mark.parametrize("is_one_list", [False, True])
def test_the_job_is_the_hand_written_statement_row_by_row(
    firms: Path, tmp_path: Path, is_one_list: bool
) -> None:
    source = Source(firms, ROWS, is_one_list)
    connection = duck.connect(1)
    open_source(connection, source)
    run(connection, next(plans(ROWS)), tmp_path / "job.parquet")
    connection.execute(f"COPY ({statement(source.sql)}) TO '{tmp_path / 'hand.parquet'}'")
    made, wanted = (
        duckdb.sql(f"FROM read_parquet('{tmp_path / name}') ORDER BY subject")
        for name in ("job.parquet", "hand.parquet")
    )
    assert made.columns == wanted.columns
    assert made.types == wanted.types
    assert made.fetchall() == wanted.fetchall()


def test_the_safe_plan_gives_the_same_rows(firms: Path, tmp_path: Path) -> None:
    rows = []
    for number, plan in enumerate(plans(ROWS)):
        connection = duck.connect(1)
        open_source(connection, Source(firms, ROWS))
        run(connection, plan, tmp_path / f"{number}.parquet")
        file = tmp_path / f"{number}.parquet"
        rows.append(duckdb.sql(f"FROM read_parquet('{file}') ORDER BY subject").fetchall())
    assert rows[0] == rows[1]


def test_the_file_is_the_same_each_time_and_lies_by_county_and_key(
    firms: Path, tmp_path: Path
) -> None:
    again = make(tmp_path / "again.parquet", ROWS)
    assert again.read_bytes() == firms.read_bytes()
    read = duckdb.sql(f"SELECT county, ent_id FROM read_parquet('{again}')").fetchall()
    assert read == sorted(read)
    assert len(duckdb.sql(f"FROM read_parquet('{again}')").columns) == COLUMNS


def test_no_row_of_the_sheet_has_two_faults() -> None:
    struck = [row for f in sheet.FAULTS for row in range(f.rest, 10_000, f.every)]
    assert len(struck) == len(set(struck)) == sheet.faulty(10_000)


@pytest.mark.slow
@pytest.mark.thorough  # a dozen processes; `make test` runs it
def test_the_runner_prints_every_bar_and_finds_no_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--rows", str(ROWS), "--rounds", "1", "--work", str(tmp_path)])
    printed = capsys.readouterr().out
    assert code == 0
    for bar in BARS:
        assert bar.title in printed


def test_a_bar_says_missed_when_it_is_missed() -> None:
    bar = BARS[0]
    assert cells(bar, Reached(bar.most, ""), 10_000_000)[3] == "met"
    assert cells(bar, Reached(bar.most * 1.01, ""), 10_000_000)[3] == "missed"
    assert cells(bar, Reached(0.1, ""), ROWS)[3] == "small"
