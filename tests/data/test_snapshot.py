from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from kaogong.data.column import Column
from kaogong.data.digest import digest, row_sum, table_sum
from kaogong.data.ranges import Layout
from kaogong.data.snapshot import Delivery, paths_of, read_snapshot, snapshots_of
from kaogong.data.sql import name, parquet, rows, sql
from kaogong.data.store import Store, document_names, verify_object
from kaogong.language.finding import Refused
from tests.data.region import DELIVERY, LAYOUT, at, later, take


def _hashes(snapshot: object) -> list[str]:
    return [file.sha256 for file in snapshot.files]  # type: ignore[attr-defined]


def test_a_snapshot_reads_back_as_it_came_in_and_in_order(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    snapshot = take(connection, store)
    assert read_snapshot(store, snapshot.id) == snapshot
    stored = parquet(paths_of(store, snapshot))
    in_order = rows(connection, sql("SELECT * FROM {s}", s=stored))
    assert (
        in_order == connection.execute("SELECT * FROM firms ORDER BY subject_id, period").fetchall()
    )
    assert snapshot.rows == 20
    assert snapshot.digest == digest(LAYOUT.columns, row_sum(LAYOUT.columns, in_order))


def test_files_name_their_least_and_greatest_key(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    snapshot = take(connection, store)
    ends = [(file.least, file.greatest, file.total.rows) for file in snapshot.files]
    assert ends == [
        (("S01", "2022"), ("S05", "2022"), 5),
        (("S06", "2022"), ("S10", "2022"), 5),
        (("S11", "2022"), ("S15", "2022"), 5),
        (("S16", "2022"), ("S20", "2022"), 5),
    ]


def test_bytes_and_id_are_the_same_for_one_and_two_threads(tmp_path: Path) -> None:
    delivery = replace(DELIVERY, layout=replace(LAYOUT, columns=LAYOUT.columns[:4]))
    made = []
    for threads in (1, 2):
        with duckdb.connect() as connection:
            connection.execute(f"SET threads = {threads}")
            connection.execute(
                "CREATE TABLE many AS SELECT CAST(i AS VARCHAR) AS subject_id, '2022' AS period,"
                " CAST(i % 7 AS VARCHAR) AS division, CAST(i AS DECIMAL(18, 2)) AS tax"
                f" FROM range(300000) AS numbers(i) ORDER BY hash(i * {threads})"
            )
            wide = replace(delivery, layout=replace(delivery.layout, rows_per_file=260_000))
            made.append(
                take(connection, Store(tmp_path / str(threads)), delivery=wide, source=name("many"))
            )
    assert len(made[0].files) == 2
    assert _hashes(made[0]) == _hashes(made[1])
    assert made[0].id == made[1].id


def test_a_changed_row_rewrites_only_the_file_of_its_range(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    before = take(connection, store)
    kept = {sha256: store.object_path(sha256).stat().st_ino for sha256 in _hashes(before)}
    child = later(DELIVERY, at(2023, 4, 1), before.id)
    after = take(connection, store, changed=True, delivery=child)
    same = [a == b for a, b in zip(_hashes(before), _hashes(after), strict=True)]
    assert same == [True, True, False, True]
    assert all(store.object_path(s).stat().st_ino == inode for s, inode in kept.items())
    assert after.delivery.parent == before.id


def test_a_new_row_falls_into_the_range_of_its_neighbours(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    before = take(connection, store)
    connection.execute("INSERT INTO firms SELECT 'S10x', * EXCLUDE (subject_id) FROM firms LIMIT 1")
    child = later(DELIVERY, at(2023, 4, 1), before.id)
    after = take(connection, store, delivery=child, source=name("firms"))
    assert [file.total.rows for file in after.files] == [5, 6, 5, 5]
    assert [a == b for a, b in zip(_hashes(before), _hashes(after), strict=True)] == [
        True,
        False,
        True,
        True,
    ]


def test_ranges_hold_whole_rank_groups_those_without_one_last(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    connection.execute("UPDATE firms SET division = NULL WHERE subject_id = 'S09'")
    grouped = replace(DELIVERY, layout=replace(LAYOUT, groups=("division",)))
    snapshot = take(connection, store, delivery=grouped, source=name("firms"))
    assert [(file.least[0], file.greatest[0], file.total.rows) for file in snapshot.files] == [
        ("330300", "330300", 5),
        ("330301", "330301", 7),
        ("330302", "330302", 7),
        (None, None, 1),
    ]
    again = take(
        connection,
        store,
        delivery=later(grouped, at(2023, 4, 1), snapshot.id),
        source=name("firms"),
    )
    assert _hashes(again) == _hashes(snapshot)


def test_who_recorded_it_when_is_not_part_of_the_id(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    first = take(connection, store)
    again = take(
        connection, store, delivery=replace(DELIVERY, recorded=at(2024, 1, 1), recorded_by="统计局")
    )
    assert again == first
    assert len(document_names(store, "snapshots")) == 1
    other = take(connection, store, delivery=replace(DELIVERY, source={"file": "税务2.csv"}))
    assert other.id != first.id
    assert other.digest == first.digest
    assert {s.id for s in snapshots_of(store, "enterprise_year")} == {first.id, other.id}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("INSERT INTO firms SELECT * FROM firms WHERE subject_id = 'S07'", "S07 / 2022"),
        ("UPDATE firms SET subject_id = NULL WHERE subject_id = 'S07'", " / 2022"),
    ],
)
def test_a_bad_key_is_refused_and_nothing_is_named(
    connection: duckdb.DuckDBPyConnection, store: Store, change: str, key: str
) -> None:
    take(connection, Store(store.root / "elsewhere"))
    connection.execute(change)
    with pytest.raises(Refused) as refused:
        take(connection, store, source=name("firms"))
    assert [(f.id, f.values["key"]) for f in refused.value.findings] == [("KG809", key)]
    assert document_names(store, "snapshots") == []


def test_a_register_without_rows_is_a_snapshot_too(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, Store(store.root / "elsewhere"))
    connection.execute("DELETE FROM firms")
    snapshot = take(connection, store, source=name("firms"))
    assert (snapshot.rows, len(snapshot.files)) == (0, 1)
    assert read_snapshot(store, snapshot.id) == snapshot
    stored = parquet(paths_of(store, snapshot))
    assert table_sum(connection, LAYOUT.columns, stored).rows == 0


def test_stored_types_are_signed_and_written_as_parquet_v2(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    columns = (Column("k", "number", "", 0, 9), Column("b", "number", "", 0), Column("s", "text"))
    connection.execute("CREATE TABLE t AS SELECT 1::UTINYINT AS k, 2::UBIGINT AS b, 'x' AS s")
    delivery = Delivery("r", Layout(columns, ("k",)), at(2023, 1, 1), "office")
    snapshot = take(connection, store, delivery=delivery, source=name("t"))
    stored = parquet(paths_of(store, snapshot))
    described = rows(connection, sql("DESCRIBE SELECT * FROM {s}", s=stored))
    assert [row[1] for row in described] == ["INTEGER", "BIGINT", "VARCHAR"]
    path = str(verify_object(store, snapshot.files[0].sha256))
    meta = connection.execute(
        "SELECT compression, encodings FROM parquet_metadata(?)", [path]
    ).fetchall()
    assert {compression for compression, _ in meta} == {"ZSTD"}
    assert all("PLAIN" not in encodings.split(", ") for _, encodings in meta), meta


def test_a_manifest_somebody_edited_is_refused(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    snapshot = take(connection, store)
    path = store.document_path("snapshots", snapshot.id)
    path.chmod(0o644)
    path.write_text(path.read_text("utf-8").replace("税务.csv", "税务2.csv"), encoding="utf-8")
    with pytest.raises(Refused, match="KG848"):
        read_snapshot(store, snapshot.id)
