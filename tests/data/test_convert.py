"""Cells as values: the engine's way against plain arithmetic in Python."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaogong.data.cell_text import is_blank
from kaogong.data.convert import Cell, converted, is_rounded
from kaogong.data.shape import FieldShape
from kaogong.data.sql import Sql
from kaogong.language.quantity import round_half_away
from kaogong.language.unit import read_unit

_DECIMALS = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=9
).map(lambda number: format(number, "f"))


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _engine(cell: Cell, texts: list[str]) -> list[tuple[Decimal | None, bool]]:
    query = (
        f"SELECT {converted(cell).text}, {is_rounded(cell).text} "
        "FROM (SELECT unnest(?::VARCHAR[]) AS given)"
    )
    return _connection().execute(query, [texts]).fetchall()


@pytest.mark.parametrize("scale", [0, 2, 4])
def test_numbers_are_rounded_half_away_from_zero(scale: int) -> None:
    cell = Cell(Sql("given"), FieldShape("x", "x", "number", "元", scale))

    @settings(max_examples=20)
    @given(st.lists(_DECIMALS, min_size=1, max_size=60))
    def agree(texts: list[str]) -> None:
        for text, (value, rounded) in zip(texts, _engine(cell, texts), strict=True):
            exact = Fraction(text)
            assert value is not None
            assert Fraction(value) == round_half_away(exact, scale)
            assert rounded == (round_half_away(exact, scale) != exact)

    agree()


@pytest.mark.parametrize(
    ("written", "kept", "scale"),
    [("万元", "元", 2), ("元", "万元", 4), ("亩", "平方米", 2), ("平方米", "亩", 4),
     ("公顷", "亩", 2), ("吨", "千克", 3), ("亿元", "元", 2), ("%", "", 6)],
)  # fmt: skip
def test_units_are_converted_exactly(written: str, kept: str, scale: int) -> None:
    target = read_unit(kept) if kept else read_unit("倍")
    factor = read_unit(written).factor_to(target)
    cell = Cell(Sql("given"), FieldShape("x", "x", "number", kept or None, scale), factor=factor)

    @settings(max_examples=20)
    @given(st.lists(_DECIMALS, min_size=1, max_size=60))
    def agree(texts: list[str]) -> None:
        for text, (value, rounded) in zip(texts, _engine(cell, texts), strict=True):
            exact = Fraction(text) * factor
            if abs(exact) < 10 ** (18 - scale):
                assert value is not None
                assert Fraction(value) == round_half_away(exact, scale)
                assert rounded == (round_half_away(exact, scale) != exact)

    agree()


@given(st.text(max_size=10).filter(lambda text: "\0" not in text))
def test_any_text_is_a_number_or_none(text: str) -> None:
    cell = Cell(Sql("given"), FieldShape("x", "x", "number", "元", 2))
    [(value, _)] = _engine(cell, [text])
    if value is not None:
        assert any(sign.isdigit() for sign in text)


@pytest.mark.parametrize(
    "word", ["", " ", "-", "－", "—", "/", "／", "无", " 无　", "#N/A", "#n/a", "未报", "NULL"]
)
def test_words_for_nothing(word: str) -> None:
    query = f"SELECT {is_blank(Sql('given')).text} FROM (SELECT ?::VARCHAR AS given)"
    assert _connection().execute(query, [word]).fetchall() == [(True,)]


@pytest.mark.parametrize("word", ["0", "0.00", "无锡", "无无", "-1", "N", "a-"])
def test_words_for_something(word: str) -> None:
    query = f"SELECT {is_blank(Sql('given')).text} FROM (SELECT ?::VARCHAR AS given)"
    assert _connection().execute(query, [word]).fetchall() == [(False,)]
