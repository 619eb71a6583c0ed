from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.quantity import (
    WideCharacter,
    decimal_text,
    exact_text,
    format_quantity,
    read_quantity,
    round_half_away,
    scan,
    wide_characters,
)
from kaogong.language.unit import read_unit, unit_names

ALPHABET = "0123456789.-+/*%'\" ()_eE·元万亩千瓦时人以上月a\n，％"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in scan(text)]


def literals(text: str) -> list[tuple[str, str]]:
    return [pair for pair in kinds(text) if pair[0] not in ("raw", "quoted")]


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("30", 30),
        ("24.097万元/亩", Fraction("24.097") * 10**4 * Fraction(3, 2000)),
        ("3%", Fraction(3, 100)),
        ("-0.5百分点", Fraction(-1, 200)),
        ("7 工作日", 7),
        ("100万", 10**6),
        ("10元/亩", Fraction(3, 200)),
        ("+2年", 24),
    ],
)
def test_a_quantity_is_worth_its_base(text: str, base: int | Fraction) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert quantity.base == base
    assert quantity.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "元",
        "1,000",
        "10元 / 亩",
        "10  元",
        "10万园",
        "1e5",
        ".5",
        "5.",
        "１",
        "3元以上",
        "--1",
        "3 ",
        "1" * 5000,
    ],
)
def test_other_texts_are_no_quantities(text: str) -> None:
    assert read_quantity(text) is None


def test_a_number_that_looks_like_plain_sql_is_one_literal() -> None:
    assert kinds("营业收入 >= 2000万元 and 率 >= 3%") == [
        ("raw", "营业收入 >= "),
        ("quantity", "2000万元"),
        ("raw", " and 率 >= "),
        ("quantity", "3%"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10元/亩", [("quantity", "10元/亩")]),
        ("10元 / 亩", [("quantity", "10元")]),
        ("10元/亩均税收", [("quantity", "10元")]),
        ("10 元/亩*5", [("quantity", "10 元/亩"), ("number", "5")]),
        ("d >= 2024-08-01", [("date", "2024-08-01")]),
        ("2024-8-1", [("number", "2024"), ("number", "8"), ("number", "1")]),
        ("prior(规上2, 2)", [("number", "2")]),
        ("100万", [("quantity", "100万")]),
        ("case when x > 3 then 5 end", [("number", "3"), ("number", "5")]),
        ("3月以上", [("unread", "3月以上")]),
        ("2000万园", [("unread", "2000万园")]),
        ("1e5", [("unread", "1e5")]),
        ("5.", [("unread", "5.")]),
        ("a.5 .5", []),
        ("'2000万元' \"3%\"", []),
        ("'it''s 3%'", []),
        ("portion(x, 500万元, null) * 15%", [("quantity", "500万元"), ("quantity", "15%")]),
    ],
)
def test_literals_are_found_outside_quotes_and_names(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert literals(text) == found


def test_a_day_that_its_month_lacks_is_still_a_date_and_has_no_day() -> None:
    assert [piece.day for piece in scan("2024-02-29")] == [date(2024, 2, 29)]
    assert [(piece.kind, piece.day) for piece in scan("2023-02-29")] == [("date", None)]


def test_no_unit_is_a_word_of_the_grammar() -> None:
    words = {
        "and",
        "or",
        "not",
        "between",
        "in",
        "is",
        "null",
        "case",
        "when",
        "then",
        "else",
        "end",
    }
    assert not words & {name.casefold() for name in unit_names()}


def test_full_width_signs_outside_quotes_are_reported() -> None:
    assert wide_characters("（a）＋１ '％' ≥") == [
        WideCharacter(0, "（", "("),
        WideCharacter(2, "）", ")"),
        WideCharacter(3, "＋", "+"),
        WideCharacter(4, "１", "1"),
        WideCharacter(10, "≥", ">="),
    ]
    assert wide_characters("营业收入·Ａ") == []


@given(st.text(ALPHABET, max_size=60))
def test_pieces_joined_are_the_text(text: str) -> None:
    pieces = scan(text)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        assert text[piece.offset : piece.offset + len(piece.text)] == piece.text
        if piece.quantity is not None:
            assert read_quantity(piece.text) == piece.quantity


@given(st.text(max_size=40))
def test_any_text_can_be_scanned(text: str) -> None:
    assert "".join(piece.text for piece in scan(text)) == text
    wide_characters(text)
    read_quantity(text)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_is_kept_to_its_last_digit(number: Decimal) -> None:
    quantity = read_quantity(f"{number:f}")
    assert quantity is not None
    assert quantity.value == Fraction(number)
    assert quantity.value == Fraction(exact_text(quantity.value))


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.345", 2, "2.35"),
        ("-0.004", 2, "0.00"),
        ("0.05", 1, "0.1"),
        ("1/3", 3, "0.333"),
        ("-12", 2, "-12.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: str, scale: int, text: str) -> None:
    assert decimal_text(Fraction(value), scale) == text


def test_a_fraction_that_never_ends_is_not_cut() -> None:
    assert exact_text(Fraction(1, 3)) == "1/3"
    assert exact_text(Fraction(-5, 8)) == "-0.625"
    assert exact_text(Fraction(1200)) == "1200"


def test_a_negative_scale_rounds_tens() -> None:
    assert round_half_away(Fraction(1250), -2) == 1300
    with pytest.raises(ValueError, match="decimals"):
        decimal_text(Fraction(1), -1)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
    ),
    st.integers(0, 6),
)
def test_rounding_agrees_with_decimal(value: Decimal, scale: int) -> None:
    with localcontext(prec=40):
        expected = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    assert round_half_away(Fraction(value), scale) == Fraction(expected)


def test_a_value_is_printed_in_its_unit() -> None:
    per_mu = read_unit("万元/亩")
    assert format_quantity(Fraction("24.097") * per_mu.factor, per_mu, 2, "zh") == "24.10万元/亩"
    assert format_quantity(Fraction("24.097") * per_mu.factor, per_mu, 2, "en") == "241000 yuan/mu"
    assert (
        format_quantity(Fraction("24.097") * per_mu.factor, per_mu, 5, "en") == "240970.0 yuan/mu"
    )
    assert format_quantity(Fraction(10**6), read_unit("万"), 0, "en") == "1000000"
    assert format_quantity(Fraction(5), read_unit("kWh"), 0, "en") == "5 kWh"
    assert format_quantity(Fraction(3, 100), read_unit("%"), 1, "en") == "3.0%"
    assert format_quantity(Fraction(7, 2), None, 1, "zh") == "3.5"
