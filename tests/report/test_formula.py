from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.quantity import round_half_away
from kaogong.report.formula import (
    EMPTY,
    Binary,
    Node,
    Ref,
    Text,
    added,
    call,
    number,
    recalculated,
    round_corrected,
    written,
)


class Cells:
    """Cells by place."""

    def __init__(self, **values: float | str | bool) -> None:
        self.values = values

    def at(self, place: str) -> float | str | bool:
        return self.values.get(place, "")


A, B = Ref("A1", "a"), Ref("'数据'!$B2", "b")


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Binary("/", Binary("*", A, B), number(3)), "A1*'数据'!$B2/3"),
        (Binary("*", A, Binary("*", B, A)), "A1*('数据'!$B2*A1)"),
        (Binary("-", A, Binary("-", B, number(1))), "A1-('数据'!$B2-1)"),
        (Binary("*", Binary("+", A, B), number(Fraction(-1, 2))), "(A1+'数据'!$B2)*(-0.5)"),
        (number(Fraction(1, 3)), "(1/3)"),
        (call("IF", Binary("=", A, EMPTY), Text('a"b'), added([A, A])), 'IF(A1="","a""b",A1+A1)'),
    ],
)
def test_brackets_stand_only_where_they_keep_the_order(node: Node, text: str) -> None:
    assert written(node) == text


@pytest.mark.parametrize(
    ("value", "places", "want"),
    [
        (2.675, 2, 2.68),  # the double lies below; at fifteen digits it is a half
        (1.005, 2, 1.01),
        (-2.5, 0, -3.0),
        (0.5, 0, 1.0),
        (0.49999999999999994, 0, 1.0),  # and so is this, which exactly is none
        (1e16, 2, 1e16),
        (123.0, 3, 123.0),
        (1234.5678, -2, 1200.0),
    ],
)
def test_a_suite_rounds_at_the_fifteenth_digit(value: float, places: int, want: float) -> None:
    assert round_corrected(value, places) == want


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.integers(0, 4))
def test_written_decimals_round_as_they_should(units: int, scale: int, places: int) -> None:
    exact = Fraction(units, 10**scale)
    made = round_corrected(float(exact), places)
    assert round_half_away(Fraction(made), places) == round_half_away(exact, places)


@pytest.mark.parametrize(
    ("node", "want"),
    [
        (Binary("=", A, EMPTY), False),
        (Binary("=", B, EMPTY), True),
        (Binary("=", Binary("+", number(Fraction(1, 10)), number(Fraction(2, 10))),
                number(Fraction(3, 10))), True),
        (Binary("-", number(Fraction(3, 10)),
                Binary("+", number(Fraction(1, 10)), number(Fraction(2, 10)))), 0.0),
        (Binary(">", Text("x"), number(5)), True),
        (call("IF", Binary(">=", A, number(2)), call("MAX", A, number(1)), EMPTY), 2.0),
        (call("OR", Binary("=", B, EMPTY), Binary(">", A, number(9))), True),
        (call("INT", number(Fraction(-3, 2))), -2),
    ],
)  # fmt: skip
def test_a_suite_forgives_the_last_bits_and_sorts_texts_last(node: Node, want: object) -> None:
    assert recalculated(node, Cells(a=2.0)) == want
