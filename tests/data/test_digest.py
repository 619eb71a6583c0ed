from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaogong.data.column import Cell, Column
from kaogong.data.digest import (
    RowSum,
    digest,
    row_sum,
    row_text,
    row_text_sql,
    table_sum,
)
from kaogong.data.sql import name, rows, sql

COLUMNS = (
    Column("名称", "text"),
    Column('实缴 "税金"', "number", "元", 2),
    Column("职工", "number", "人", 0, 9),
    Column("比率", "number", "", 7, 38),
    Column("成立", "date"),
    Column("规上", "yes_no"),
)
Row = tuple[Cell, ...]


def _decimals(digits: int, scale: int) -> st.SearchStrategy[Decimal]:
    most = 10**digits - 1
    return st.integers(-most, most).map(lambda n: Decimal(n).scaleb(-scale))


ROWS: st.SearchStrategy[list[Row]] = st.lists(
    st.tuples(
        st.none()
        | st.text(st.characters(exclude_categories=["Cs"]))
        | st.sampled_from(["", "0:", "\x1f", "1:a\x1f", "温州企业", "𠮷野", "é", "é"]),
        st.none() | _decimals(18, 2),
        st.none() | st.integers(-999_999_999, 999_999_999).map(Decimal),
        st.none() | _decimals(28, 7),
        st.none() | st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)),
        st.none() | st.booleans(),
    ),
    max_size=8,
)


def _load(connection: duckdb.DuckDBPyConnection, table: list[Row]) -> None:
    columns = sql(
        ", ".join(f"{{c{n}}} {c.sql_type}" for n, c in enumerate(COLUMNS)),
        **{f"c{n}": name(c.name) for n, c in enumerate(COLUMNS)},
    )
    rows(connection, sql("CREATE OR REPLACE TABLE t ({columns})", columns=columns))
    if table:
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", table)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ROWS)
def test_duckdb_and_python_write_the_same_row_and_the_same_digest(
    connection: duckdb.DuckDBPyConnection, table: list[Row]
) -> None:
    _load(connection, table)
    written = sql("SELECT {row} FROM t", row=row_text_sql(COLUMNS))
    assert sorted(text for (text,) in rows(connection, written)) == sorted(
        row_text(COLUMNS, row) for row in table
    )
    assert table_sum(connection, COLUMNS, name("t")) == row_sum(COLUMNS, table)


@given(ROWS, st.randoms(use_true_random=False))
def test_order_and_cutting_do_not_change_the_sum(table: list[Row], random: Random) -> None:
    shuffled = list(table)
    random.shuffle(shuffled)
    assert row_sum(COLUMNS, shuffled) == row_sum(COLUMNS, table)
    half = len(table) // 2
    assert row_sum(COLUMNS, table[:half]) + row_sum(COLUMNS, table[half:]) == row_sum(
        COLUMNS, table
    )


@given(ROWS, ROWS)
def test_other_rows_have_another_digest(one: list[Row], other: list[Row]) -> None:
    same = sorted(map(repr, one)) == sorted(map(repr, other))
    assert (digest(COLUMNS, row_sum(COLUMNS, one)) == digest(COLUMNS, row_sum(COLUMNS, other))) == (
        same
    )


def test_canonical_text_is_the_documented_one() -> None:
    row = ("温州企业", Decimal("-0.5"), Decimal(12), Decimal(0), dt.date(2024, 12, 31), True)
    assert row_text(COLUMNS, row) == "4:温州企业\x1f-0.50\x1f12\x1f0.0000000\x1f2024-12-31\x1f1"
    assert row_text(COLUMNS, ("", None, None, None, None, False)) == "0:\x1f\x1f\x1f\x1f\x1f0"


def test_a_repeated_row_does_not_vanish() -> None:
    row: Row = ("a", None, None, None, None, None)
    sums = {row_sum(COLUMNS, [row] * n) for n in range(4)}
    assert len(sums) == 4


def test_schema_is_part_of_the_digest() -> None:
    total = RowSum()
    renamed = (Column("企业名称", "text"), *COLUMNS[1:])
    finer = (COLUMNS[0], Column(COLUMNS[1].name, "number", "元", 3), *COLUMNS[2:])
    assert len({digest(columns, total) for columns in (COLUMNS, renamed, finer)}) == 3


def test_a_value_with_more_decimals_than_declared_has_no_canonical_text() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        row_text(COLUMNS[1:2], (Decimal("0.005"),))


@pytest.mark.parametrize(
    ("text", "want"),
    [("-0.50", "-0.50"), ("-0", "0.00"), ("1E+3", "1000.00"), ("12.3", "12.30"), ("007", "7.00")],
)
def test_a_decimal_is_written_one_way(text: str, want: str) -> None:
    column = COLUMNS[1]
    assert column.cell_text(column.cell(text)) == want


@pytest.mark.parametrize("text", ["", "一万", "NaN", "Infinity", "0.001", "1" * 17])
def test_what_is_no_decimal_of_the_column_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="税金"):
        COLUMNS[1].cell(text)
