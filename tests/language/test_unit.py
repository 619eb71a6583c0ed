from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.unit import (
    MULTIPLIERS,
    PERCENT,
    PURE,
    UNITS,
    Unit,
    UnknownUnit,
    read_unit,
    unit_at,
    unit_names,
    unit_text,
)

plain = st.sampled_from(unit_names()).map(read_unit)
values = st.fractions(max_denominator=10**6)


@pytest.mark.parametrize(
    ("text", "factor", "same_as"),
    [
        ("万元", 10**4, "元"),
        ("亿元", 10**8, "yuan"),
        ("百万元", 10**6, "CNY"),
        ("亩", Fraction(2000, 3), "平方米"),
        ("公顷", 15, "亩"),
        ("平方公里", 100, "公顷"),
        ("㎡", 1, "m2"),
        ("度", 1, "kWh"),
        ("万千瓦时", 10**4, "千瓦时"),
        ("兆瓦时", 1000, "千瓦时"),
        ("吨", 1000, "千克"),
        ("万吨标煤", 10**4, "tce"),
        ("吨标煤", 1000, "kgce"),
        ("万立方米", 10**4, "m3"),
        ("万人", 10**4, "人"),
        ("年", 12, "月"),
        ("季度", 3, "个月"),
        ("周", 7, "天"),
        ("日", 1, "天"),
        ("万元/亩", 15, "元/平方米"),
        ("万元/万千瓦时", 1, "元/千瓦时"),
        ("万元/人·年", 1, "万元/(人·年)"),
        ("元/亩/年", 1, "元/(亩·年)"),
        ("千瓦·时", 1, "千瓦时"),
        ("kW", 1, "千瓦时/小时"),
        ("万", 10**4, "倍"),
        ("%", Fraction(1, 100), "倍"),
        ("‰", Fraction(1, 10), "%"),
    ],
)
def test_units_convert_by_their_legal_factor(
    text: str, factor: int | Fraction, same_as: str
) -> None:
    assert read_unit(text).factor_to(read_unit(same_as)) == factor


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("吨", "吨标煤"),
        ("工作日", "天"),
        ("月", "天"),
        ("小时", "工作小时"),
        ("人", "家"),
        ("%", "百分点"),
        ("元", "万美元"),
        ("万元/人", "万元/(人·年)"),
        ("平方米", "立方米"),
        ("千瓦时", "吨标煤"),
    ],
)
def test_what_needs_a_rule_does_not_convert(left: str, right: str) -> None:
    assert not read_unit(left).same_dimension(read_unit(right))
    with pytest.raises(ValueError, match="does not convert"):
        read_unit(left).factor_to(read_unit(right))


@pytest.mark.parametrize(
    "text", ["", "万园", "元以上", "元 /亩", "元/", "/亩", "元//亩", "(元", "3", "元·"]
)
def test_other_texts_are_no_units(text: str) -> None:
    with pytest.raises(UnknownUnit):
        read_unit(text)


def test_an_unknown_unit_names_its_neighbours() -> None:
    with pytest.raises(UnknownUnit, match="万元") as caught:
        read_unit("万园")
    assert "万元" in caught.value.near


def test_brackets_deeper_than_any_writer_means_are_refused_without_a_crash() -> None:
    with pytest.raises(UnknownUnit):
        read_unit("(" * 5000 + "元" + ")" * 5000)


def test_latin_spellings_are_read_in_any_case_but_single_letters_are_not() -> None:
    assert read_unit("KWH").factor_to(read_unit("kWh")) == 1
    with pytest.raises(UnknownUnit):
        read_unit("T")


@pytest.mark.parametrize(
    "text", ["人", "家", "项", "件", "户", "个", "台", "次", "分", "天", "工作日", "月"]
)
def test_a_bare_number_may_stand_beside_a_count(text: str) -> None:
    assert read_unit(text).is_count


@pytest.mark.parametrize("text", ["元", "万人", "年", "%", "人/家", "当量", "百分点", "亩"])
def test_a_bare_number_beside_a_measure_or_a_scaled_count_is_refused(text: str) -> None:
    assert not read_unit(text).is_count


def test_a_unit_ends_where_the_word_ends() -> None:
    assert unit_at("元/亩均", 0) == (read_unit("元"), 1)
    assert unit_at("元/亩*5", 0) == (read_unit("元/亩"), 3)
    assert unit_at("元 / 亩", 0) == (read_unit("元"), 1)
    assert unit_at("元以上", 0) is None
    assert unit_at("m2x", 0) is None


def test_a_quotient_of_equal_units_is_pure() -> None:
    yuan = read_unit("元")
    assert (yuan / yuan) == PURE
    assert (read_unit("万元") / yuan).is_pure
    assert (read_unit("万元") / yuan).factor == 10**4
    assert PERCENT.is_pure


def test_powers_multiply_exponents() -> None:
    assert read_unit("米").power(2).same_dimension(read_unit("亩"))
    assert read_unit("元").power(0) == PURE
    assert read_unit("万元/亩").power(2).factor == 15**2


def test_the_table_lists_every_spelling_once() -> None:
    spellings = [word for row in UNITS for word in set(row.spellings)]
    assert len(spellings) == len(set(spellings))
    assert set(spellings) | set(MULTIPLIERS) <= set(unit_names())
    lengths = [len(word) for word in unit_names()]
    assert lengths == sorted(lengths, reverse=True)


@given(left=plain, right=plain, value=values)
def test_conversion_there_and_back_changes_nothing(
    left: Unit, right: Unit, value: Fraction
) -> None:
    if left.same_dimension(right):
        there = value * left.factor_to(right)
        assert there * right.factor_to(left) == value
        assert value * left.factor == there * right.factor


@given(a=plain, b=plain, c=plain, n=st.integers(-3, 3))
def test_a_computed_unit_reads_back_from_its_text(a: Unit, b: Unit, c: Unit, n: int) -> None:
    for unit in (a * b, a / b, a / (b * c), (a / b).power(n), (a / b) * c, a / b / c):
        if unit.text:
            assert read_unit(unit.text) == unit


@given(a=plain, b=plain)
def test_products_and_quotients_undo_each_other(a: Unit, b: Unit) -> None:
    back = a * b / b
    assert (back.factor, back.dimension) == (a.factor, a.dimension)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("万元/亩", "万元/亩", "10,000 yuan/mu"),
        ("yuan/kWh", "元/千瓦时", "yuan/kWh"),
        ("万元/(人·年)", "万元/(人·年)", "10,000 yuan/(person·year)"),
        ("个工作日", "工作日", "working day"),
        ("m2", "平方米", "m2"),
        ("%", "%", "%"),
        ("台(套)", "台", "set"),
        ("万", "万", "10,000"),
    ],
)
def test_a_unit_is_spelled_in_both_languages(text: str, zh: str, en: str) -> None:
    assert unit_text(read_unit(text), "zh") == zh
    assert unit_text(read_unit(text), "en") == en


@given(a=plain, b=plain)
def test_the_chinese_spelling_means_the_same_unit(a: Unit, b: Unit) -> None:
    spelled = read_unit(unit_text(a / (a * b), "zh") or "倍")
    assert (spelled.factor, spelled.dimension) == ((a / (a * b)).factor, (a / (a * b)).dimension)
