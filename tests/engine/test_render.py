from __future__ import annotations

from datetime import date

import duckdb
import pytest
from sqlglot import exp

from kaogong.engine.render import ENGINES, quoted, render
from kaogong.plan import sql
from kaogong.plan.dates import DATE_FUNCTIONS, DATE_NUMBERS
from kaogong.plan.sql import Node, column

A, B = column("a"), column("b")
DECIMAL_A, DECIMAL_B = (f"CAST(`{name}` AS DECIMAL(38, 0))" for name in "ab")
WIDE = sql.divide(sql.cast(A, "hugeint"), B)


@pytest.mark.parametrize(
    ("engine", "narrow", "wide"),
    [
        ("duckdb", '"a" // "b"', 'CAST("a" AS INT128) // "b"'),
        (
            "spark",
            "(CAST(`a` AS BIGINT) DIV CAST(`b` AS BIGINT))",
            f"CAST((({DECIMAL_A} - {DECIMAL_A} % {DECIMAL_B}) / {DECIMAL_B}) AS DECIMAL(38, 0))",
        ),
        (
            "postgres",
            '(CAST("a" AS BIGINT) / CAST("b" AS BIGINT))',
            'DIV(CAST("a" AS DECIMAL), CAST("b" AS DECIMAL))',
        ),
    ],
)
def test_a_whole_division_is_spelt_by_its_width(engine: str, narrow: str, wide: str) -> None:
    assert render(sql.divide(A, B), engine) == narrow
    assert render(WIDE, engine) == wide


@pytest.mark.parametrize("engine", ENGINES)
def test_no_call_of_the_plan_is_left(engine: str) -> None:
    """A call inside a call is spelt, too."""
    nested = DATE_NUMBERS["months_between"](DATE_FUNCTIONS["add_months"](A, B), column("c"))
    texts = [sql.call("kg_starts_with", A, B), sql.call("kg_joined", A, sql.call("kg_length", B))]
    for node in (nested, *texts):
        assert "kg_" not in render(node, engine).casefold()


def test_a_tree_is_left_as_it_was() -> None:
    node = sql.divide(sql.cast(A, "hugeint"), sql.call("kg_length", B))
    before = repr(node)
    for engine in ENGINES:
        render(node, engine)
    assert repr(node) == before


@pytest.mark.parametrize(
    "node",
    [
        sql.binary("*", sql.integer(100_000), sql.integer(100_000)),
        sql.binary(
            "*", sql.case([(sql.boolean(True), sql.integer(100_000))]), sql.integer(100_000)
        ),
        sql.binary("*", sql.coalesce([sql.integer(100_000), A]), sql.integer(100_000)),
        sql.binary("*", sql.integer(-100_000), sql.integer(-100_000)),
    ],
    ids=["product", "case", "coalesce", "negative"],
)
def test_short_literals_do_not_multiply_in_32_bits(node: Node) -> None:
    source = "(SELECT 1 AS a, 2 AS b)"
    assert duckdb.execute(f"SELECT {render(node)} FROM {source}").fetchall() == [(10**10,)]


def test_texts_are_quoted_and_never_pasted() -> None:
    hostile = "x'); DROP TABLE t; --\\"
    for engine in ENGINES:
        made = render(sql.binary("=", A, sql.text(hostile)), engine)
        assert made.count("DROP TABLE") == 1
    equal = render(sql.binary("=", sql.text(hostile), sql.text(hostile)))
    assert duckdb.execute(f"SELECT {equal}").fetchall() == [(True,)]


def test_a_long_name_is_shortened_for_postgres_only() -> None:
    long = "亩均税收不论正负的上年同期比较值与本年比较值"
    assert quoted(long) == f'"{long}"'
    made = quoted(long, "postgres").strip('"')
    assert len(made.encode()) <= 63
    assert made != quoted(long + "二", "postgres").strip('"')


def test_text_made_of_numbers_keeps_the_order_of_bytes() -> None:
    shown = exp.Cast(this=A, to=exp.DataType(this=exp.DataType.Type.TEXT))
    assert render(shown, "postgres") == 'CAST("a" AS TEXT) COLLATE "C"'


@pytest.mark.parametrize(
    ("start", "months", "wanted"),
    [
        ("2023-01-31", 1, "2023-02-28"), ("2024-01-31", 1, "2024-02-29"),
        ("2023-03-31", -1, "2023-02-28"), ("2020-02-29", 12, "2021-02-28"),
        ("2023-12-31", 2, "2024-02-29"), ("9999-01-31", 12, None), ("0001-01-31", -1, None),
        ("2023-01-31", 10**9, None),
    ],
)  # fmt: skip
def test_a_missing_day_becomes_the_months_last(start: str, months: int, wanted: str | None) -> None:
    day = column("day")
    added = DATE_FUNCTIONS["add_months"](day, column("n"))
    source = f"(SELECT DATE '{start}' AS day, CAST({months} AS BIGINT) AS n)"
    (row,) = duckdb.execute(f"SELECT CAST({render(added)} AS VARCHAR) FROM {source}").fetchall()
    assert row == (wanted,)


def test_a_written_day_is_counted_when_the_plan_is_made() -> None:
    made = DATE_FUNCTIONS["add_months"](sql.day(date(2023, 5, 31)), sql.integer(-3))
    assert made == sql.day(date(2023, 2, 28))
    assert DATE_FUNCTIONS["add_days"](sql.day(date.max), sql.integer(1)) == sql.null("date")
