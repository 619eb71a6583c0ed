from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kaogong.language.evaluate import Past, Record, Unknown, evaluate
from kaogong.language.expression import Read, When
from kaogong.language.kind import TEXT
from tests.language.small_world import (
    FACTS,
    HERE,
    YUAN,
    defined,
    fact,
    firm,
    incident,
    missing,
    parsed,
    sequence,
    unknown,
    value_of,
    with_incidents,
)

FIRM = firm(
    "2022",
    {
        "税收": sequence(100, 200, 300, 400, 600),
        "营业收入": sequence(1_000, 1_100, 1_210, 1_331, 1_600),
        "可比收入": {"2022": 1_280},
        "规上": sequence(False, True, False, True, True),
        "面积": sequence(10, 10, 10, 20, 20),
    },
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prior(税收)", 400),
        ("prior(税收, 2)", 300),
        ("prior(税收, 0)", 600),
        ("prior(prior(税收))", 300),
        ("prior(税收 - prior(税收))", 100),
        ("year_ago(税收, 3)", 200),
        ("at(税收, '2019')", 200),
        ("prior(at(税收, '2019'))", 200),
        ("sum_over(税收, 3)", 1_300),
        ("mean_over(税收, 2)", 500),
        ("mean_over(税收 / 面积, 2)", 25),
        ("min_over(税收, 5)", 100),
        ("max_over(税收, 5)", 600),
        ("every_period(规上, 2)", True),
        ("every_period(规上, 3)", False),
        ("any_period(not 规上, 2)", False),
        ("any_period(not 规上, 3)", True),
        ("count_periods(规上, 5)", 3),
        ("growth(营业收入) = 25%", True),
        ("growth(税收) = 50%", True),
        ("mean_growth(税收, 2) = (1/2 + 1/3) / 2", True),
        ("compound_growth(营业收入, 4) >= 12.4%", True),
        ("compound_growth(营业收入, 4) >= 12.5%", False),
        ("streak(规上)", 2),
        ("streak(not 规上)", 0),
        ("streak(税收 >= 1元)", 5),
        ("first_time(税收 > 500元)", True),
        ("first_time(规上)", False),
        ("first_time(税收 > 900元)", False),
    ],
)
def test_each_function_of_several_periods(text: str, expected: object) -> None:
    assert value_of(text, FIRM) == expected


@pytest.mark.parametrize(
    "text",
    ["prior(税收, 5)", "sum_over(税收, 6)", "min_over(税收, 6)", "count_periods(税收 > 0, 6)"],
)
def test_a_period_that_was_not_reported_makes_the_figure_unknown(text: str) -> None:
    assert value_of(text, FIRM) == missing("税收")


def test_one_definite_period_decides_where_others_are_unknown() -> None:
    assert value_of("every_period(规上, 9)", FIRM) is False
    assert value_of("any_period(规上, 9)", FIRM) is True
    assert value_of("every_period(税收 > 0, 9)", FIRM) == missing("税收")


def test_growth_over_a_zero_or_negative_base_is_a_state() -> None:
    zero = firm("2022", {"税收": {"2022": 5, "2021": 0}})
    assert value_of("growth(税收)", zero) == unknown("zero_denominator", "税收")
    negative = firm("2022", {"营业收入": -5, "可比收入": -1})
    assert value_of("growth(营业收入)", negative) == unknown("negative_base", "可比收入")


def test_growth_from_a_gain_to_a_loss_and_back_is_a_state() -> None:
    loss = firm("2022", {"营业收入": -5, "可比收入": 1})
    assert value_of("growth(营业收入)", loss) == unknown("turned_to_loss", "可比收入", "营业收入")
    profit = firm("2022", {"营业收入": 5, "可比收入": -1})
    turned = unknown("turned_to_profit", "可比收入", "营业收入")
    assert value_of("growth(营业收入)", profit) == turned
    assert value_of("status(growth(营业收入))", profit) == "turned_to_profit"


def test_the_month_of_a_cumulative_figure() -> None:
    subject = firm("2022-03", {"月产值": {"2022-03": 60, "2022-02": 35, "2022-01": 20}})
    assert value_of("single(月产值)", subject) == 25
    january = replace(subject, period=firm("2022-01").period)
    assert value_of("single(月产值)", january) == 20


def test_the_cumulative_figure_of_a_month() -> None:
    cells = {"2021-12": 99, "2022-01": 20, "2022-02": 15, "2022-03": 25}
    assert value_of("to_date(月产值)", firm("2022-03", {"月产值": cells})) == 60


GRAINS = {
    "year": ("2022", ["2022"], "2021"),
    "half": ("2022H2", ["2022H1", "2022H2"], "2021H2"),
    "quarter": ("2022Q2", ["2022Q1", "2022Q2"], "2021Q4"),
    "month": ("2022-02", ["2022-01", "2022-02"], "2021-12"),
    "ten_day": ("2022-02A", ["2022-01A", "2022-01B", "2022-01C", "2022-02A"], "2021-12C"),
    "week": ("2020W02", ["2020W01", "2020W02"], "2019W52"),  # the first week begins in 2019
    "day": ("2022-01-03", ["2022-01-01", "2022-01-02", "2022-01-03"], "2021-12-31"),
}


@pytest.mark.parametrize("grain", GRAINS)
def test_only_periods_of_the_same_year_are_added(grain: str) -> None:
    now, parts, before = GRAINS[grain]
    output = fact("产值", YUAN, grain, nature="flow")
    cells = {before: 1_000, **{part: 10**n for n, part in enumerate(parts)}}
    expected = sum(10**n for n in range(len(parts)))
    assert value_of("to_date(产值)", firm(now, {"产值": cells}), 产值=output) == expected


@pytest.mark.parametrize("grain", GRAINS)
def test_the_first_period_of_a_year_is_its_own_cumulative_figure(grain: str) -> None:
    _, parts, before = GRAINS[grain]
    output = fact("产值", YUAN, grain, nature="flow")
    cells = {before: 1_000, **{part: n * 10 for n, part in enumerate(parts, 1)}}
    for place, part in enumerate(parts):
        single = 10 if place else cells[part]
        assert value_of("single(产值)", firm(part, {"产值": cells}), 产值=output) == single


def test_a_missing_part_makes_the_sum_since_the_year_began_unknown() -> None:
    subject = firm("2022-03", {"月产值": {"2022-01": 20, "2022-03": 25}})
    assert value_of("to_date(月产值)", subject) == missing("月产值")
    assert value_of("to_date(月产值)", firm(None)) == unknown("not_applicable", "月产值")


# -- January and February as one period ---------------------------------------------------

TOGETHER = fact("月产值", YUAN, "month", nature="flow", together=True)
COUNTED = {"2022-03": 45, "2022-01+02": 20, "2021-12": 300, "2021-11": 270, "2021-01+02": 10}


@pytest.mark.parametrize(
    ("text", "period", "expected"),
    [
        ("prior(月产值)", "2022-03", 20),
        ("prior(月产值, 2)", "2022-03", 300),
        ("prior(月产值)", "2022-01+02", 300),
        ("year_ago(月产值)", "2022-01+02", 10),
        ("single(月产值)", "2022-03", 25),
        ("single(月产值)", "2022-01+02", 20),
        ("single(月产值)", "2021-12", 30),
        ("to_date(月产值)", "2022-03", 65),
        ("to_date(月产值)", "2022-01+02", 20),
        ("sum_over(月产值, 3)", "2022-03", 365),
        ("at(prior(月产值), '2022-03')", "2021-12", 20),
        ("streak(月产值 > 0)", "2022-03", 4),
        ("prior(月产值 - prior(月产值))", "2022-03", -280),
    ],
)
def test_a_register_may_count_january_and_february_as_one(
    text: str, period: str, expected: int
) -> None:
    cells = {text: value for text, value in COUNTED.items() if text != "2021-01+02"}
    cells = COUNTED if "year_ago" in text else cells
    assert value_of(text, firm(period, {"月产值": cells}), 月产值=TOGETHER) == expected


def test_without_that_word_february_is_a_month_of_its_own() -> None:
    assert value_of("prior(月产值)", firm("2022-03", {"月产值": COUNTED})) == missing("月产值")


def test_what_is_computed_from_such_a_register_counts_with_it() -> None:
    half = defined("半数", "月产值 / 2", "month", using={"月产值": TOGETHER})
    subject = firm("2022-03", {"月产值": COUNTED})
    assert value_of("prior(半数)", subject, 半数=half) == 10
    assert value_of("to_date(半数)", subject, 半数=half) == Fraction(65, 2)


def test_a_quarter_of_such_a_register_has_two_parts() -> None:
    subject = firm("2022Q1", {"月产值": COUNTED})
    assert value_of("月产值", subject, 月产值=TOGETHER) == 65
    without_march = firm("2022Q1", {"月产值": {"2022-01+02": 20}})
    assert value_of("月产值", without_march, 月产值=TOGETHER) == missing("月产值")


# -- what else knows its period -----------------------------------------------------------

AGES = {"规上": sequence(True, True, False, True, True)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prior(streak(规上))", 1),
        ("prior(streak(规上), 3)", 2),
        ("at(streak(规上), '2020')", 0),
        ("streak(规上) - prior(streak(规上))", 1),
        ("prior(first_time(规上), 4)", True),
        ("prior(first_time(not 规上), 2)", True),
        ("prior(first_time(not 规上))", False),
        ("prior(to_date(税收))", 400),
        ("year_of(prior(period_start)) = 2021", True),
        ("at(period_end, '2019H1')", date(2019, 6, 30)),
        ("prior(as_of)", date(2023, 5, 15)),
        ("prior(税收 + at(税收, '2018'))", 500),
        ("at(prior(税收), '2021')", 300),
        ("at(year_ago(税收, 2), '2021')", 200),
        ("at(sum_over(税收, 2), '2021')", 700),
        ("at(at(税收, '2018'), '2021')", 100),
        ("year_ago(prior(税收), 2)", 200),
        ("every_period(streak(规上) >= 1, 2)", True),
    ],
)
def test_a_shift_moves_runs_dates_and_fixed_periods(text: str, expected: object) -> None:
    assert value_of(text, replace(FIRM, cells=FIRM.cells | firm("2022", AGES).cells)) == expected


def test_a_shift_follows_the_link_of_that_period() -> None:
    link = fact("驻地", TEXT, links_to="park")
    old = firm("2022", {"园区税收": {"2021": 7, "2022": 70}})
    new = firm("2022", {"园区税收": {"2021": 8, "2022": 80}})
    subject = firm(
        "2022",
        {"驻地": {"2021": "甲", "2022": "乙"}},
        links={("驻地", "2021"): old, ("驻地", "2022"): new},
    )
    assert value_of("via(驻地, 园区税收)", subject, 驻地=link) == 80
    assert value_of("prior(via(驻地, 园区税收))", subject, 驻地=link) == 7
    assert value_of("via(驻地, prior(园区税收))", subject, 驻地=link) == 8
    assert value_of("via(prior(驻地), 园区税收)", subject, 驻地=link) == 7
    assert value_of("prior(via(驻地, 园区税收), 2)", subject, 驻地=link) == missing("驻地")


def test_a_shift_sees_records_from_that_period() -> None:
    subject = with_incidents(
        FIRM,
        incident("1", 发生日期=date(2022, 3, 1)),
        incident("2", 发生日期=date(2021, 3, 1)),
        incident("3", 发生日期=date(2021, 9, 1)),
    )
    happened = "count_of(事故, 发生日期 between period_start and period_end)"
    assert value_of(happened, subject) == 1
    assert value_of(f"prior({happened})", subject) == 2
    assert value_of(f"at({happened}, '2020')", subject) == 0
    owner = "any_of(事故, 发生日期 >= period_start and subject(税收) = 400元)"
    assert value_of(owner, subject) is False
    assert value_of(f"prior({owner})", subject) is True


def test_a_shift_moves_the_entries_of_a_table() -> None:
    subject = replace(FIRM, cells=FIRM.cells | {("行业", None): "D44"})
    assert value_of("pick(电价, 行业)", subject) == 600
    assert value_of("prior(pick(电价, 行业))", subject) == 400


@pytest.mark.parametrize(
    "text",
    ["prior(streak(规上), 99)", "prior(first_time(规上), 99)", "prior(to_date(税收), 99)",
     "prior(count_of(事故), 99) = 0", "prior(via(园区, 级别), 99) = '省级'",
     "prior(period_start, 99) = as_of"],
)  # fmt: skip
def test_before_the_first_year_there_is_no_period_for_anything(text: str) -> None:
    value = value_of(text, replace(FIRM, period=firm("0050").period))
    assert isinstance(value, Unknown)
    assert value.state == "not_applicable"


# -- definitions in other periods ---------------------------------------------------------


def test_a_definition_is_computed_in_the_period_it_is_read_for() -> None:
    rise = defined("增收", "税收 - prior(税收)")
    assert value_of("增收", FIRM, 增收=rise) == 200
    assert value_of("prior(增收, 2)", FIRM, 增收=rise) == 100
    assert value_of("at(增收, '2019')", FIRM, 增收=rise) == 100


def test_a_linked_record_is_read_in_the_same_period() -> None:
    tax = defined("园区税", "via(园区, 园区税收)")
    park = firm("2030", {"园区税收": {"2021": 7, "2022": 8, "2030": 9}})
    subject = firm("2022", {"园区": "P1"}, links={("园区", None): park})
    assert value_of("园区税", subject, 园区税=tax) == 8
    assert value_of("prior(园区税)", subject, 园区税=tax) == 7


def test_shifts_add_up_through_several_definitions() -> None:
    before = defined("上年", "prior(税收)")
    twice = defined("前年", "prior(上年)", using={"上年": before})
    assert value_of("prior(前年)", FIRM, 前年=twice) == 200


def test_the_ends_of_the_period_follow_a_definition() -> None:
    year = defined("年份", "year_of(period_end)")
    assert value_of("prior(年份, 2)", FIRM, 年份=year) == 2020


def test_back_goes_by_the_periods_of_the_document() -> None:
    subject = firm("2022Q1", {"月产值": {f"2021-{month}": 5 for month in (10, 11, 12)}})
    assert value_of("prior(月产值)", subject) == 15


def test_a_same_month_a_year_ago() -> None:
    subject = firm("2022-03", {"月产值": {"2021-03": 7}})
    assert value_of("year_ago(月产值)", subject) == 7


def test_a_fact_valid_at_any_time_has_no_earlier_value() -> None:
    assert value_of("prior(名称)", firm("2022", {"名称": "a"})) == "a"


def test_a_subject_without_a_period_has_no_earlier_one() -> None:
    assert value_of("prior(税收)", firm(None)) == unknown("not_applicable", "税收")
    assert value_of("period_start", firm(None)) == unknown("not_applicable", "period_start")


def test_before_the_first_year_there_is_no_period() -> None:
    subject = firm("0002")
    assert value_of("prior(税收, 9)", subject) == unknown("not_applicable", "税收")


# -- finer facts in a coarser document ----------------------------------------------------

MONTHS = {f"2022-{month:02}": month for month in range(1, 13)}


def monthly(**cells: object) -> Record:
    return firm("2022", cells)


def test_flows_add_and_stocks_take_the_last() -> None:
    subject = monthly(月产值=MONTHS, 月末人数=MONTHS, 月末状态={"2022-12": "开工"}, 月指数=MONTHS)
    assert value_of("月产值", subject) == 78
    assert value_of("月末人数", subject) == 12
    assert value_of("月末状态", subject) == "开工"
    assert value_of("月指数", subject) == unknown("not_applicable", "月指数")


def test_a_flow_with_a_missing_part_is_unknown() -> None:
    assert value_of("月产值", monthly(月产值=MONTHS | {"2022-07": missing()})) == missing("月产值")


def test_january_and_february_may_be_one_period() -> None:
    together = {text: n for text, n in MONTHS.items() if n > 2} | {"2022-01+02": 5}
    assert value_of("月产值", monthly(月产值=together)) == 80
    february = {text: n for text, n in MONTHS.items() if n != 2}
    assert value_of("月产值", monthly(月产值=february)) == missing("月产值")
    assert value_of("月产值", monthly(月产值=MONTHS | {"2022-01+02": 999})) == 78


def test_no_other_month_stands_in_for_two() -> None:
    april_june = firm("2022Q2", {"月产值": {"2022-04": 4, "2022-06": 6}})
    assert value_of("月产值", april_june) == missing("月产值")


def test_january_and_february_precede_march_as_one_period() -> None:
    subject = firm("2022-01+02", {"月产值": {"2022-01+02": 5, "2021-12": 3, "2021-01+02": 4}})
    assert value_of("月产值", subject) == 5
    assert value_of("prior(月产值)", subject) == 3
    assert value_of("year_ago(月产值)", subject) == 4


def test_a_ratio_divides_the_sums() -> None:
    per_head = defined("人均产值", "月产值 / 月末人数", "month", nature="ratio")
    subject = monthly(月产值=MONTHS, 月末人数=MONTHS)
    assert value_of("人均产值", subject, 人均产值=per_head) == 78 / 12


def test_a_computed_flow_adds_its_kept_parts() -> None:
    half = defined("半数", "月产值 / 2", "month", nature="flow", scale=0)
    assert value_of("半数", monthly(月产值=MONTHS), 半数=half) == sum(
        (n + 1) // 2 for n in range(1, 13)
    )


def test_weeks_do_not_add_up_to_a_year() -> None:
    weekly = fact("周产值", YUAN, "week", nature="flow")
    assert value_of("周产值", monthly(), 周产值=weekly) == unknown("not_applicable", "周产值")


def test_a_finer_document_has_no_reading_of_a_coarser_fact() -> None:
    subject = firm("2022-03", {"税收": {"2022": 5}})
    assert value_of("税收", subject) == unknown("not_applicable", "税收")
    assert value_of("at(税收, '2022')", subject) == 5


# -- runs of periods ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([True, True, True], 3),
        ([True, False, True], 1),
        ([True, True, False], 0),
        ([False, True, True], 2),
        ([True, missing(), True], missing("规上")),
        ([missing(), False, True], 1),
        ([missing(), False, True, True], 2),
        ([True, True, missing()], missing("规上")),
        ([missing(), True, True], missing("规上")),
    ],
)
def test_a_streak_is_unknown_where_a_gap_decides(held: list[Any], expected: object) -> None:
    subject = firm("2022", {"规上": sequence(*held, start=2023 - len(held))})
    assert value_of("streak(规上)", subject) == expected


def test_a_year_between_two_others_that_nobody_reported_is_a_gap() -> None:
    subject = firm("2022", {"规上": {"2020": True, "2022": True}})
    assert value_of("streak(规上)", subject) == missing("规上")
    assert value_of("first_time(not 规上)", subject) is False
    assert value_of("first_time(规上)", subject) is False
    unseen = firm("2022", {"规上": {"2020": False, "2022": True}})
    assert value_of("first_time(规上)", unseen) == missing("规上")


def test_a_trial_year_neither_counts_nor_breaks() -> None:
    cells = {"规上": sequence(True, False, True, True, start=2019)}
    subject = firm("2022", cells, trials=frozenset({"2020"}))
    assert value_of("streak(规上)", subject) == 3
    assert value_of("streak(规上)", firm("2022", cells)) == 2
    now = firm("2022", cells, trials=frozenset({"2022"}))
    assert value_of("streak(规上)", now) == 1


def test_a_trial_year_is_no_first_time() -> None:
    cells = {"规上": sequence(True, False, True, start=2020)}
    assert value_of("first_time(规上)", firm("2022", cells)) is False
    assert value_of("first_time(规上)", firm("2022", cells, trials=frozenset({"2020"}))) is True


def test_streaks_and_first_times_follow_predecessors() -> None:
    before = firm("2020", {"规上": sequence(False, True, True, start=2018)})
    subject = firm("2022", {"规上": sequence(True, True, start=2021)}, predecessors=(before,))
    assert value_of("streak(规上)", subject) == 4
    assert value_of("first_time(规上)", subject) is False
    assert value_of("first_time(not 规上)", subject) is False


def test_a_predecessor_of_a_predecessor_is_followed() -> None:
    oldest = firm("2019", {"规上": {"2019": True}})
    older = firm("2020", {"规上": {"2020": True}}, predecessors=(oldest,))
    subject = firm("2022", {"规上": sequence(True, True, start=2021)}, predecessors=(older,))
    assert value_of("streak(规上)", subject) == 4


def test_the_subjects_own_period_goes_before_its_predecessors() -> None:
    absorbed = firm("2021", {"规上": {"2021": True}})
    subject = firm("2022", {"规上": {"2021": False, "2022": True}}, predecessors=(absorbed,))
    assert value_of("streak(规上)", subject) == 1
    assert value_of("first_time(规上)", subject) is False


def test_a_streak_in_an_earlier_period_forgets_what_came_later() -> None:
    run = defined("连续", "streak(规上)")
    subject = firm("2022", {"规上": sequence(True, True, False, start=2020)})
    assert value_of("连续", subject, 连续=run) == 0
    assert value_of("prior(连续)", subject, 连续=run) == 2


def test_a_record_holds_for_the_first_time_among_earlier_records() -> None:
    earlier = firm(None, {"事件": "A"})
    subject = firm(None, {"事件": "B"}, predecessors=(earlier,))
    assert value_of("first_time(事件 = 'B')", subject) is True
    assert value_of("first_time(事件 = 'A')", subject) is False
    again = replace(subject, cells=earlier.cells)
    assert value_of("first_time(事件 = 'A')", again) is False


def test_months_with_january_and_february_together_are_not_a_gap() -> None:
    subject = firm("2022-03", {"月产值": {"2022-03": 1, "2022-01+02": 1, "2021-12": 1}})
    assert value_of("streak(月产值 > 0)", subject) == 3


def test_before_its_first_period_a_subject_has_no_run_of_none() -> None:
    subject = firm("2018", {"规上": {"2020": True}})
    assert value_of("streak(规上)", subject) == missing("规上")


def test_history_of_another_grain_is_not_counted() -> None:
    subject = firm("2022", {"规上": {"2022": True}, "月产值": {"2010-01": 1}})
    assert value_of("streak(规上)", subject) == 1


def test_a_fixed_period_is_read_whatever_the_period_of_the_result() -> None:
    read = Read(FACTS["税收"], When(at="2018"), HERE)
    assert evaluate(read, firm(None, {"税收": {"2018": 3}})) == 3


def test_the_past_of_a_successor_names_whose_it_is() -> None:
    before = firm("2020", {"规上": {"2020": True}})
    subject = firm("2022", {"规上": {"2022": True}}, predecessors=(before,))
    own, inherited = subject.history()
    assert own == Past(firm("2022").period)
    assert inherited == Past(before.period, before)


def test_parsed_expressions_stand_for_every_period() -> None:
    expression = parsed("税收 - prior(税收)")
    values = [
        evaluate(expression, replace(FIRM, period=firm(year).period)) for year in ("2020", "2021")
    ]
    assert values == [100, 100]
