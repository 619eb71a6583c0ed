"""Exact numbers in SQL against fractions: nothing is rounded but where it says so."""

from __future__ import annotations

from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.engine.render import render
from kaogong.language.finding import Refused
from kaogong.language.quantity import round_half_away
from kaogong.language.span import Span
from kaogong.plan import number as numbers
from kaogong.plan.number import Number
from kaogong.plan.sql import Node, alias, column

HERE = Span("here")
MOST = 10**6
UNIT = Fraction(1, 100)
CONNECTION = duckdb.connect(config={"threads": 1})  # one for all, since opening is dear

whole = st.integers(-MOST, MOST)
pairs = st.lists(st.tuples(whole, whole, whole), min_size=1, max_size=8)


def stored(name: str) -> Number:
    return numbers.stored(column(name), UNIT, -MOST, MOST, HERE)


def values(rows: list[tuple[int, int, int]], *made: Node) -> list[tuple[object, ...]]:
    """Return the value of each tree for each row, all in one query."""
    columns = ", ".join(render(alias(node, f"made_{n}")) for n, node in enumerate(made))
    CONNECTION.execute(
        "CREATE OR REPLACE TABLE t AS "
        "SELECT unnest(?)::BIGINT AS a, unnest(?)::BIGINT AS b, unnest(?)::BIGINT AS c",
        [list(column) for column in zip(*rows, strict=True)],
    )
    return CONNECTION.execute(f"SELECT {columns} FROM t").fetchall()


def quotient(a: int, b: int) -> Fraction | None:
    return Fraction(a, b) if b > 0 else None


@given(pairs)
def test_a_quotient_is_rounded_once_half_away_from_zero(rows: list[tuple[int, int, int]]) -> None:
    made = numbers.rounded(
        numbers.divided(stored("a"), stored("b"), allow_negative=False), Fraction(1, 10**4)
    )
    expected = [
        None if (q := quotient(a, b)) is None else int(round_half_away(q, 4) * 10**4)
        for a, b, _ in rows
    ]
    assert [row[0] for row in values(rows, made.top)] == expected


@given(pairs)
def test_quotients_are_compared_without_rounding(rows: list[tuple[int, int, int]]) -> None:
    left = numbers.divided(stored("a"), stored("b"), allow_negative=False)
    right = numbers.divided(stored("c"), stored("b"), allow_negative=False)
    bound = numbers.constant(Fraction(1, 3), HERE)
    made = [numbers.compared(">=", left, right), numbers.compared("<", left, bound)]
    expected = []
    for a, b, c in rows:
        q, r = quotient(a, b), quotient(c, b)
        expected.append((None, None) if q is None or r is None else (q >= r, q < Fraction(1, 3)))
    assert values(rows, *made) == expected


@given(pairs)
def test_sums_of_quotients_with_other_bottoms_stay_exact(
    rows: list[tuple[int, int, int]],
) -> None:
    left = numbers.divided(stored("a"), stored("b"), allow_negative=False)
    right = numbers.divided(stored("b"), stored("c"), allow_negative=False)
    made = numbers.rounded(numbers.added(left, right, "-"), Fraction(1, 10**6))
    expected: list[int | None] = []
    for a, b, c in rows:
        q, r = quotient(a, b), quotient(b, c)
        known = q is not None and r is not None
        expected.append(int(round_half_away(q - r, 6) * 10**6) if known else None)  # type: ignore[operator]  # known
    assert [row[0] for row in values(rows, made.top)] == expected


@given(pairs, st.sampled_from(["floor", "ceil"]))
def test_cutting_goes_down_or_up_for_negatives_too(
    rows: list[tuple[int, int, int]], direction: str
) -> None:
    made = numbers.floored(stored("a"), Fraction(1), direction)
    sign = {"floor": 1, "ceil": -1}[direction]
    cut = [sign * (sign * a // 100) for a, _, _ in rows]
    assert [row[0] for row in values(rows, made.top)] == cut


@pytest.mark.parametrize(
    ("units", "scale", "expected"),
    [(5, 1, 1), (-5, 1, -1), (4, 1, 0), (-4, 1, 0), (15, 1, 2), (-15, 1, -2), (100, 0, 1)],
)
def test_halves_go_away_from_zero(units: int, scale: int, expected: int) -> None:
    made = numbers.rounded(stored("a"), Fraction(1, 10**scale))
    assert values([(units, 0, 0)], made.top) == [(expected,)]


def test_what_does_not_fit_128_bits_is_a_finding() -> None:
    wide = numbers.stored(column("a"), Fraction(1), 0, 2**100, HERE)
    with pytest.raises(Refused) as refused:
        numbers.multiplied(wide, wide)
    assert [f.id for f in refused.value.findings] == ["KG412"]


def test_an_unknown_stays_unknown_through_every_step() -> None:
    nobody = numbers.unknown(HERE)
    made = [
        numbers.rounded(numbers.added(stored("a"), nobody, "+"), UNIT).top,
        numbers.rounded(numbers.multiplied(nobody, stored("a")), UNIT).top,
        numbers.compared(">", nobody, stored("a")),
        numbers.rounded(nobody, Fraction(1, 3)).top,
    ]
    assert values([(1, 1, 1)], *made) == [(None, None, None, None)]
