from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.evaluate import Evaluator, Record, Unknown, Value, evaluate, trace
from kaogong.language.expression import (
    NOW,
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Every,
    Not,
    Open,
    Read,
    Some,
    When,
)
from kaogong.language.fact import Fact
from kaogong.language.kind import NUMBER, OPEN, YES_NO
from tests.language.small_world import (
    FACTS,
    HERE,
    YUAN,
    defined,
    fact,
    firm,
    missing,
    parsed,
    sequence,
    unknown,
    value_of,
)

FIRM = firm(
    "2022",
    {
        "税收": sequence(100_000, 200_000, 300_000, 400_000, 500_000),
        "营业收入": sequence(1_000, 1_100, 1_210, 1_331, 1_600),
        "可比收入": 1_280,
        "面积": 2_000,
        "规上": {"2021": False, "2022": True},
        "等级": "B",
        "成立日期": date(2020, 2, 29),
        "名称": "温州市a阀门",
        "行业": "C35",
        "园区": "P1",
    },
    links={("园区", None): firm("2022", {"级别": "省级", "园区税收": 7_000})},
    words={"x": Fraction(3), "weight": Fraction(20)},
    lines={"tax_points": Fraction(17)},
)
MISSING = missing("可比收入")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(100元 - 税收)", 499_900),
        ("floor(12.7)", 12),
        ("floor(0 - 12.2)", -13),
        ("ceil(12.2)", 13),
        ("ceil(0 - 12.7)", -12),
        ("floor(19999元)", 19_999),
        ("floor(1.9999万元)", 10_000),
        ("round(1.005万元, 2)", 10_100),
        ("round(2.5, 0)", 3),
        ("round(0 - 2.5, 0)", -3),
        ("round(0 - 1.005, 2)", Fraction(-101, 100)),
        ("round(0.125, 2)", Fraction(13, 100)),
        ("least(3, 1, 2)", 1),
        ("greatest(3, 1, 2)", 3),
        ("greatest(2020-01-01, 成立日期)", date(2020, 2, 29)),
        ("clamp(税收, 1元, 20万元)", 200_000),
        ("clamp(0 - 5, 0, 1)", 0),
        ("portion(税收, 10万元, 40万元)", 300_000),
        ("portion(税收, 10万元, null)", 400_000),
        ("portion(税收, 60万元, 80万元)", 0),
        ("coalesce(prior(可比收入), 税收)", 500_000),
        ("known(税收)", True),
        ("known(prior(可比收入))", False),
        ("status(税收)", ""),
        ("status(prior(可比收入))", "not_reported"),
        ("税收 is null", False),
        ("prior(可比收入) is null", True),
        ("prior(可比收入) is not null", False),
        ("starts_with(名称, '温州')", True),
        ("starts_with(名称, '温州市A')", False),
        ("contains(名称, '阀门')", True),
        ("contains(名称, '%')", False),
        ("length(名称)", 6),
        ("years_ago(3)", date(2020, 5, 15)),
        ("months_ago(3)", date(2023, 2, 15)),
        ("days_ago(15)", date(2023, 4, 30)),
        ("add_years(成立日期, 1)", date(2021, 2, 28)),
        ("add_years(成立日期, 4)", date(2024, 2, 29)),
        ("add_years(成立日期, 1年)", date(2021, 2, 28)),
        ("add_months(2023-01-31, 1)", date(2023, 2, 28)),
        ("add_months(2023-03-31, 0 - 1)", date(2023, 2, 28)),
        ("add_days(成立日期, 1)", date(2020, 3, 1)),
        ("add_working_days(2023-04-28, 3)", date(2023, 5, 6)),
        ("year_of(成立日期)", 2020),
        ("month_of(成立日期)", 2),
        ("years_between(2020-02-29, 2023-02-27) / 1年", 2),
        ("years_between(2020-02-29, 2023-02-28) / 1年", 3),
        ("years_between(2020-12-31, 2021-01-01) / 1年", 0),
        ("months_between(2020-01-31, 2020-02-29)", 1),
        ("days_between(2020-02-28, 2020-03-01)", 2),
        ("working_days_between(2023-04-28, 2023-05-06)", 3),
        ("via(园区, 级别)", "省级"),
        ("via(园区, 园区税收)", 7_000),
        ("pick(电价, 行业)", Fraction(5, 100)),
        ("pick(电价, 'D44')", 500_000),
        ("has(电价, 行业)", True),
        ("has(电价, 'D45')", False),
        ("under(行业, 公用行业)", False),
        ("行业 in ('C35', 'D44')", True),
        ("points(税收得分) + x * weight", 77),
        ("as_of", date(2023, 5, 15)),
        ("period_start", date(2022, 1, 1)),
        ("period_end", date(2022, 12, 31)),
        ("税收 between 40万元 and 50万元", True),
        ("等级 >= 'B' and 等级 < 'A'", True),
        ("等级 <> 'A'", True),
        ("case when 规上 then 1 else 2 end", 1),
        ("case when not 规上 then 1 end", unknown("not_applicable", "规上")),
    ],
)
def test_each_function_of_one_period(text: str, expected: object) -> None:
    assert value_of(text, FIRM) == expected


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("least(税收, 可比收入)", "not_reported"),
        ("greatest(可比收入, 税收)", "not_reported"),
        ("clamp(可比收入, 1元, 2元)", "not_reported"),
        ("可比收入 + 税收", "not_reported"),
        ("可比收入 > 税收", "not_reported"),
        ("coalesce(可比收入, prior(可比收入))", "not_reported"),
        ("税收 / (面积 - 面积)", "zero_denominator"),
        ("税收 / (面积 - 面积 - 1平方米)", "negative_base"),
        ("add_days(成立日期, 9999999)", "not_applicable"),
        ("add_days(成立日期, 0.5)", "not_applicable"),
        ("add_years(成立日期, 0 - 5000)", "not_applicable"),
        ("pick(电价, 'D45')", "not_applicable"),
    ],
)
def test_what_cannot_be_told_is_a_state(text: str, state: str) -> None:
    value = value_of(text, firm("2022", {"税收": 1, "面积": 2, "成立日期": date(2020, 2, 29)}))
    assert isinstance(value, Unknown)
    assert value.state == state


def test_a_missing_ratio_never_scores_the_cap() -> None:
    points = "least(20 * 营业收入 / 可比收入, 20)"
    assert value_of(points, firm("2022", {"营业收入": 90})) == MISSING


@given(tens_of_mu=st.integers(1, 10**7), threshold=st.decimals("0.01", "999.99", places=2))
def test_a_firm_exactly_on_a_threshold_is_not_below_it(tens_of_mu: int, threshold: Decimal) -> None:
    """Tax = T x mu exactly: doubles put 17% of such firms below T."""
    mu = Fraction(tens_of_mu, 10_000)
    subject = firm("2022", {"税收": Fraction(threshold) * 10_000 * mu, "面积": mu * 2_000 / 3})
    assert value_of(f"税收 / 面积 >= {threshold}万元/亩", subject) is True
    assert value_of(f"税收 / 面积 > {threshold}万元/亩", subject) is False


def test_causes_are_united_over_what_matters() -> None:
    subject = firm("2022", {"规上": False, "税收": unknown("confidential")})
    assert value_of("税收 > 可比收入", subject) == missing("税收", "可比收入")
    assert value_of("规上 and 税收 > 可比收入", subject) is False
    assert value_of("规上 or 税收 > 0", subject) == unknown("confidential", "税收")


def test_a_quotient_over_zero_names_the_denominator() -> None:
    subject = firm("2022", {"税收": 1, "面积": 0})
    assert value_of("税收 / 面积", subject) == unknown("zero_denominator", "面积")


def test_a_negative_denominator_counts_where_it_is_allowed() -> None:
    sides = Constant(Fraction(6), NUMBER, HERE), Constant(Fraction(-4), NUMBER, HERE)
    allowed = Arithmetic("/", *sides, NUMBER, HERE, allow_negative_base=True)
    assert evaluate(allowed, FIRM) == Fraction(-3, 2)
    refused = Arithmetic("/", *sides, NUMBER, HERE)
    assert evaluate(refused, FIRM) == Unknown("negative_base")


def test_an_open_slot_names_its_address() -> None:
    slot = Open("huangyan.rank.base", "未见", OPEN, HERE)
    assert evaluate(slot, FIRM) == unknown("open", "huangyan.rank.base")


def test_a_code_outside_its_order_is_neither_above_nor_below() -> None:
    subject = firm("2022", {"等级": "T"})
    assert value_of("等级 >= 'B'", subject) == unknown("not_applicable", "等级")
    assert value_of("等级 = 'B'", subject) is False


def test_the_order_of_codes_comes_from_either_side() -> None:
    d = Constant("D", FACTS["名称"].kind, HERE)
    grade = Read(FACTS["等级"], NOW, HERE)
    assert evaluate(Compare("<", d, grade, HERE), FIRM) is True
    assert evaluate(Compare(">", grade, d, HERE), FIRM) is True


def test_years_stand_in_the_base_of_their_unit() -> None:
    first, last = (
        Constant(date(year, 1, 1), FACTS["成立日期"].kind, HERE) for year in (2020, 2023)
    )
    in_months = parsed("1年").kind
    assert evaluate(Apply("years_between", (first, last), in_months, HERE), FIRM) == 36
    assert evaluate(Apply("years_between", (first, last), NUMBER, HERE), FIRM) == 3


def test_text_compares_by_bytes() -> None:
    small, large = (Constant(text, FACTS["名称"].kind, HERE) for text in ("Z", "a"))
    assert evaluate(Compare("<", small, large, HERE), FIRM) is True


def test_a_link_that_leads_nowhere_is_the_cause() -> None:
    assert value_of("via(园区, 级别)", firm("2022", {"园区": "P9"})) == missing("园区")
    hidden = firm("2022", {"园区": unknown("confidential")})
    assert value_of("via(园区, 级别)", hidden) == unknown("confidential", "园区")


# -- three values -------------------------------------------------------------------------

YES = Constant(True, YES_NO, HERE)
NO = Constant(False, YES_NO, HERE)
MAYBE = Open("a", "", YES_NO, HERE)
PERHAPS = Open("b", "", YES_NO, HERE)
A, B = unknown("open", "a"), unknown("open", "b")


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (YES, YES, True, True),
        (YES, NO, False, True),
        (YES, MAYBE, A, True),
        (NO, YES, False, True),
        (NO, NO, False, False),
        (NO, MAYBE, False, A),
        (MAYBE, YES, A, True),
        (MAYBE, NO, False, A),
        (MAYBE, PERHAPS, unknown("open", "a", "b"), unknown("open", "a", "b")),
    ],
)
def test_and_and_or_are_kleenes(left: Open, right: Open, both: object, either: object) -> None:
    assert evaluate(Every((left, right), HERE), FIRM) == both
    assert evaluate(Some((left, right), HERE), FIRM) == either


@pytest.mark.parametrize(("item", "expected"), [(YES, False), (NO, True), (MAYBE, A)])
def test_not_is_kleenes(item: Open, expected: object) -> None:
    assert evaluate(Not(item, HERE), FIRM) == expected


@pytest.mark.parametrize(
    ("first", "second", "strict", "expected"),
    [
        (YES, MAYBE, True, 1),
        (NO, YES, True, 2),
        (NO, NO, True, 3),
        (MAYBE, YES, True, A),
        (MAYBE, PERHAPS, True, unknown("open", "a", "b")),
        (NO, MAYBE, True, A),
        (MAYBE, YES, False, 2),
        (MAYBE, NO, False, 3),
    ],
)
def test_an_unknown_before_the_winner_decides_only_a_strict_cascade(
    first: Open, second: Open, strict: bool, expected: object
) -> None:
    one, two, three = (Constant(Fraction(n), NUMBER, HERE) for n in (1, 2, 3))
    cascade = Choose(((first, one), (second, two)), three, strict, NUMBER, HERE)
    assert evaluate(cascade, FIRM) == expected


def test_a_cascade_without_an_else_ends_unknown() -> None:
    one = Constant(Fraction(1), NUMBER, HERE)
    assert evaluate(Choose(((MAYBE, one),), None, False, NUMBER, HERE), FIRM) == A
    ended = evaluate(Choose(((NO, one),), None, True, NUMBER, HERE), FIRM)
    assert ended == Unknown("not_applicable")


def test_the_state_of_two_unknowns_does_not_depend_on_their_order() -> None:
    subject = firm("2022", {"税收": unknown("waived"), "营业收入": unknown("confidential")})
    expected = unknown("waived", "税收", "营业收入")
    assert value_of("税收 + 营业收入", subject) == expected
    assert value_of("营业收入 + 税收", subject) == expected


# -- facts with a definition --------------------------------------------------------------


def test_a_kept_value_is_rounded_once_in_its_own_unit() -> None:
    per_mu = defined("亩均税收", "税收 / 面积", scale=2, kind=parsed("1万元/亩").kind)
    # 5,000 元 on 100 亩 are 0.005 万元/亩: a half, so it goes away from zero
    subject = firm("2022", {"税收": 5_000, "面积": Fraction(200_000, 3)})
    assert value_of("亩均税收 = 0.01万元/亩", subject, 亩均税收=per_mu) is True
    below = firm("2022", {"税收": Fraction(4_999), "面积": Fraction(200_000, 3)})
    assert value_of("亩均税收 = 0万元/亩", below, 亩均税收=per_mu) is True
    negative = firm("2022", {"税收": -5_000, "面积": Fraction(200_000, 3)})
    assert value_of("亩均税收 = 0万元/亩 - 0.01万元/亩", negative, 亩均税收=per_mu) is True


def test_a_local_name_without_a_scale_is_not_rounded() -> None:
    third = defined("三分之一", "1 / 3", None)
    assert value_of("三分之一 * 3 = 1", FIRM, 三分之一=third) is True


def test_a_golden_case_may_give_a_computed_fact() -> None:
    per_mu = defined("亩均税收", "税收 / 面积")
    subject = firm("2022", {"亩均税收": Fraction(7)})
    assert value_of("亩均税收", subject, 亩均税收=per_mu) == 7


def test_a_golden_case_may_give_a_local_name() -> None:
    base = defined("基数", "税收 / 面积", None)
    subject = replace(FIRM, cells={("基数", "2022"): Fraction(7)})
    assert value_of("基数", subject, 基数=base) == 7


class _Counting(Record):
    """Counts how often a cell is read."""

    read: ClassVar[dict[str, int]] = {}

    def stored(self, fact: Fact, when: When) -> Value:
        self.read[fact.id] = self.read.get(fact.id, 0) + 1
        return super().stored(fact, when)


def test_a_fact_is_computed_once_however_often_it_is_named() -> None:
    facts = {"f0": defined("f0", "税收 + 税收")}
    for n in range(1, 40):
        facts[f"f{n}"] = defined(f"f{n}", f"f{n - 1} + f{n - 1}", using=facts)
    subject = _Counting(FIRM.as_of, FIRM.calendar, FIRM.period, FIRM.cells)
    assert value_of("f39", subject, **facts) == 500_000 * 2**40
    assert subject.read == {"税收": 1}


def test_a_long_chain_of_definitions_does_not_exhaust_the_stack() -> None:
    one = Constant(Fraction(1), YUAN, HERE)
    made = FACTS["税收"]
    for n in range(5_000):
        more = Arithmetic("+", Read(made, NOW, HERE), one, YUAN, HERE)
        made = fact(f"f{n}", YUAN, home="indicator", definition=more)
    assert evaluate(Read(made, NOW, HERE), FIRM) == 505_000


def test_one_session_serves_many_expressions() -> None:
    session = Evaluator(FIRM)
    assert session.value(parsed("税收 > 1元")) is True
    assert session.value(parsed("prior(税收)")) == 400_000


# -- traces -------------------------------------------------------------------------------


def test_a_trace_shows_every_step_down_to_the_cells() -> None:
    per_mu = defined("亩均税收", "税收 / 面积")
    made = trace(parsed("亩均税收 >= 1元/平方米", 亩均税收=per_mu), FIRM)
    assert made.value is True
    ratio, bound = made.children
    assert (ratio.value, bound.value) == (250, 1)
    (quotient,) = ratio.children
    assert [child.value for child in quotient.children] == [500_000, 2_000]


def test_a_trace_says_which_period_a_value_is_of() -> None:
    doubled = defined("加倍", "税收 + 税收")
    made = trace(parsed("prior(加倍)", 加倍=doubled), FIRM)
    (total,) = made.children
    assert (total.value, str(total.period)) == (800_000, "2021")


def test_a_trace_leaves_out_the_branches_that_were_not_asked() -> None:
    made = trace(parsed("case when 规上 then 1 when 等级 = 'A' then 2 else 3 end"), FIRM)
    assert [child.value for child in made.children] == [True, 1]


def test_coalesce_stops_at_the_first_known_value() -> None:
    made = trace(Apply("coalesce", (MAYBE, YES, PERHAPS), YES_NO, HERE), FIRM)
    assert [child.value for child in made.children] == [A, True]
