"""Each function once: how many arguments it takes, what it becomes, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from kaogong.language.evaluate import Record, Value
from kaogong.language.expression import (
    NOW,
    Apply,
    Choose,
    Constant,
    DateWord,
    FirstTime,
    OverRecords,
    Read,
    Streak,
    ToDate,
    Via,
    When,
    shifted,
    walk,
)
from kaogong.language.finding import Finding, Refused
from kaogong.language.functions import FUNCTIONS
from kaogong.language.functions.function import MOST, MOST_PERIODS
from kaogong.language.kind import YES_NO
from tests.language.small_world import (
    AS_OF,
    firm,
    incident,
    parsed,
    sequence,
    unknown,
    value_of,
    with_incidents,
)

FIRM = with_incidents(
    replace(
        firm(
            "2022",
            {
                "税收": sequence(100, 200, 300, 400, 600),
                "面积": sequence(10, 10, 10, 20, 20),
                "规上": sequence(False, True, False, True, True),
                "成立日期": date(2020, 2, 29),
                "名称": "温州阀门",
                "行业": "D44",
                "园区": "P1",
                "等级": "B",
                "月产值": {"2022-01": 10, "2022-02": 25, "2022-03": 45},
            },
            links={("园区", None): firm("2022", {"级别": "省级", "园区税收": 7_000})},
            lines={"tax_points": Fraction(17)},
        )
    ),
    incident("1", 发生日期=date(2022, 3, 1), 严重="较大", 损失=5, 责任=True),
    incident("2", 发生日期=date(2021, 3, 1), 严重="重大", 损失=9, 责任=False),
)
CALLS: dict[str, tuple[str, object]] = {
    "abs": ("abs(税收 - 1000元)", 400),
    "floor": ("floor(税收 / 7)", 85),
    "ceil": ("ceil(税收 / 7)", 86),
    "round": ("round(税收 / 7, 1)", Fraction("85.7")),
    "least": ("least(税收, 500元)", 500),
    "greatest": ("greatest(税收, 500元)", 600),
    "clamp": ("clamp(税收, 1元, 500元)", 500),
    "portion": ("portion(税收, 100元, null)", 500),
    "coalesce": ("coalesce(可比收入, 税收)", 600),
    "known": ("known(可比收入)", False),
    "status": ("status(可比收入)", "not_reported"),
    "starts_with": ("starts_with(名称, '温州')", True),
    "contains": ("contains(名称, '杭州')", False),
    "length": ("length(名称)", 4),
    "years_ago": ("years_ago(3)", date(2020, 5, 15)),
    "months_ago": ("months_ago(3)", date(2023, 2, 15)),
    "days_ago": ("days_ago(15)", date(2023, 4, 30)),
    "add_years": ("add_years(成立日期, 1)", date(2021, 2, 28)),
    "add_months": ("add_months(成立日期, 1)", date(2020, 3, 29)),
    "add_days": ("add_days(成立日期, 1)", date(2020, 3, 1)),
    "add_working_days": ("add_working_days(2023-04-28, 3)", date(2023, 5, 6)),
    "year_of": ("year_of(成立日期)", 2020),
    "month_of": ("month_of(成立日期)", 2),
    "years_between": ("years_between(成立日期, as_of) = 3", True),
    "months_between": ("months_between(成立日期, as_of)", 38),
    "days_between": ("days_between(成立日期, 2020-03-01)", 1),
    "working_days_between": ("working_days_between(2023-04-28, 2023-05-06)", 3),
    "prior": ("prior(税收)", 400),
    "year_ago": ("year_ago(税收, 2)", 300),
    "at": ("at(税收, '2018')", 100),
    "sum_over": ("sum_over(税收, 2)", 1_000),
    "mean_over": ("mean_over(税收, 2)", 500),
    "min_over": ("min_over(税收, 2)", 400),
    "max_over": ("max_over(税收, 5)", 600),
    "every_period": ("every_period(规上, 2)", True),
    "any_period": ("any_period(not 规上, 2)", False),
    "count_periods": ("count_periods(规上, 3)", 2),
    "streak": ("streak(规上)", 2),
    "first_time": ("first_time(规上)", False),
    "to_date": ("to_date(税收)", 600),
    "single": ("single(税收)", 600),
    "growth": ("growth(税收)", Fraction(1, 2)),
    "mean_growth": ("mean_growth(税收, 2)", Fraction(5, 12)),
    "compound_growth": ("compound_growth(税收, 1) = 50%", True),
    "count_of": ("count_of(事故, 责任)", 1),
    "any_of": ("any_of(事故, 严重 >= '重大')", True),
    "distinct_of": ("distinct_of(事故, 严重)", 2),
    "sum_of": ("sum_of(事故, 损失)", 14),
    "max_of": ("max_of(事故, 损失)", 9),
    "min_of": ("min_of(事故, 损失)", 5),
    "latest_of": ("latest_of(事故, 损失)", 5),
    "subject": ("any_of(事故, subject(规上) and 责任)", True),
    "via": ("via(园区, 级别)", "省级"),
    "pick": ("pick(电价, 行业)", 600),
    "has": ("has(电价, 行业)", True),
    "under": ("under(行业, 公用行业)", True),
    "points": ("points(税收得分)", 17),
}
ELSEWHERE = {"holds": "holds('甲')", "times": "times(甲)", "need": "need(甲)", "offer": "offer(甲)"}


def refusal(text: str) -> Finding:
    with pytest.raises(Refused) as refused:
        parsed(text)
    (finding,) = refused.value.findings
    return finding


def test_every_function_is_tried_here() -> None:
    assert set(CALLS) | set(ELSEWHERE) == set(FUNCTIONS)


@pytest.mark.parametrize("name", CALLS)
def test_what_a_function_gives(name: str) -> None:
    text, expected = CALLS[name]
    assert value_of(text, FIRM) == expected


@pytest.mark.parametrize("name", ELSEWHERE)
def test_words_of_other_kinds_are_refused_here(name: str) -> None:
    assert refusal(ELSEWHERE[name]).id == "KG302"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arity(name: str) -> None:
    least, most = FUNCTIONS[name].arity
    for count in {least - 1, most + 1} - {-1, MOST + 1}:
        finding = refusal(f"规上 and {name}({', '.join(['税收'] * count)}) > 0")
        assert (finding.id, finding.span.column) == ("KG304", 8)
        shown = str(least) if least == most else f"{least} to {most}"
        assert finding.values["n"] == shown


def test_arity_is_said_in_both_languages() -> None:
    finding = refusal("prior()")
    assert finding.sentence("zh") == "函数prior应带1至2个参数"
    assert finding.sentence("en") == "prior takes 1 to 2 arguments"


def test_a_table_asks_for_as_many_keys_as_it_has() -> None:
    finding = refusal("has(电价, 行业, 行业)")
    assert (finding.id, finding.values["n"], finding.values["function"]) == ("KG304", "2", "has")


# -- whole numbers are written out --------------------------------------------------------

COUNTED = ["prior", "year_ago", "sum_over", "mean_over", "min_over", "max_over", "mean_growth"]


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize(
    "count", ["税收", "1 + 1", "1.5", "-1", "2年", "3%", "2人", "'2'", "规上", "121", "(1 + 0)"]
)
def test_a_number_of_periods_is_a_written_whole_number(name: str, count: str) -> None:
    finding = refusal(f"{name}(税收, {count}) > 0元")
    assert (finding.id, finding.values["function"]) == ("KG307", name)
    assert finding.span.column >= len(name) + 6


@pytest.mark.parametrize("name", ["every_period", "any_period", "count_periods"])
@pytest.mark.parametrize("count", ["0", "1.5", "2年", "税收"])
def test_a_number_of_periods_of_a_condition_is_one_too(name: str, count: str) -> None:
    assert refusal(f"{name}(规上, {count})").id == "KG307"


@pytest.mark.parametrize("name", ["sum_over", "mean_over", "min_over", "max_over", "mean_growth"])
def test_no_periods_at_all_are_none(name: str) -> None:
    assert refusal(f"{name}(税收, 0) > 0元").id == "KG307"


def test_the_most_periods() -> None:
    assert parsed(f"prior(税收, {MOST_PERIODS})").kind == parsed("税收").kind


@pytest.mark.parametrize("places", ["1.5", "-1", "19", "2元", "3%", "税收", "1 + 1", "'2'"])
def test_decimals_are_a_written_whole_number(places: str) -> None:
    finding = refusal(f"round(税收, {places})")
    assert finding.id == "KG310"
    assert finding.span.column >= 11
    assert "a whole number from 0 to 18" in finding.sentence("en")
    assert "0至18的整数" in finding.sentence("zh")


@pytest.mark.parametrize(
    "text", ["at(税收, 2021)", "at(税收, '2021年')", "at(税收, 名称)", "at(税收, '')"]
)
def test_a_fixed_period_is_a_written_period(text: str) -> None:
    assert refusal(text).id == "KG310"


# -- lengths of time ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("add_years(成立日期, 1年)", date(2021, 2, 28)),
        ("add_years(成立日期, 6月)", date(2020, 8, 29)),
        ("add_months(成立日期, 1年)", date(2021, 2, 28)),
        ("add_months(成立日期, 2季度)", date(2020, 8, 29)),
        ("add_days(成立日期, 1天)", date(2020, 3, 1)),
        ("add_days(成立日期, 2周)", date(2020, 3, 14)),
        ("add_working_days(2023-04-28, 3工作日)", date(2023, 5, 6)),
        ("add_days(成立日期, -1)", date(2020, 2, 28)),
        ("years_ago(1年)", date(2022, 5, 15)),
        ("months_ago(1年)", date(2022, 5, 15)),
        ("days_ago(2周)", date(2023, 5, 1)),
        ("add_years(成立日期, years_between(成立日期, as_of))", date(2023, 2, 28)),
        ("add_days(成立日期, days_between(成立日期, as_of))", AS_OF),
        ("add_days(成立日期, length(名称))", date(2020, 3, 4)),
    ],
)
def test_a_length_of_time_may_carry_its_unit(text: str, day: date) -> None:
    assert value_of(text, FIRM) == day


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("add_days(成立日期, 1月)", "(天, 月)"),
        ("add_days(成立日期, 1年)", "(天, 年)"),
        ("add_days(成立日期, 1工作日)", "(天, 工作日)"),
        ("add_working_days(成立日期, 1天)", "(工作日, 天)"),
        ("add_months(成立日期, 30天)", "(月, 天)"),
        ("add_years(成立日期, 365天)", "(月, 天)"),
        ("add_years(成立日期, 3%)", "(月, %)"),
        ("add_years(成立日期, 3人)", "(月, 人)"),
        ("years_ago(3元)", "(月, 元)"),
        ("days_ago(1月)", "(天, 月)"),
        ("add_days(成立日期, 税收)", "(天, 元)"),
        ("add_days(成立日期, months_between(成立日期, as_of))", "(天, 月)"),
    ],
)
def test_a_length_of_another_unit_is_refused(text: str, unit: str) -> None:
    finding = refusal(text)
    assert (finding.id, finding.values["unit"]) == ("KG401", unit)


def test_a_part_of_a_month_leads_to_no_day() -> None:
    assert value_of("add_years(成立日期, 0.1)", FIRM) == unknown("not_applicable", "成立日期")


# -- moving in time -----------------------------------------------------------------------

MOVED = [Read, Streak, FirstTime, ToDate, OverRecords, Via, DateWord]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("税收", Read),
        ("streak(规上)", Streak),
        ("first_time(规上)", FirstTime),
        ("to_date(税收)", ToDate),
        ("count_of(事故, 发生日期 > period_start)", OverRecords),
        ("via(园区, 园区税收)", Via),
        ("period_start", DateWord),
    ],
)
def test_what_knows_its_period_is_moved_as_a_whole(text: str, kind: type) -> None:
    plain = parsed(text)
    moved = shifted(plain, back=2, years=1)
    assert isinstance(moved, kind)
    assert moved == replace(plain, when=When(2, 1))  # type: ignore[call-arg]
    assert {kind} <= set(MOVED)


@pytest.mark.parametrize("when", [NOW, When(2), When(0, 3), When(1, 1)])
def test_moves_add_up(when: When) -> None:
    assert when.within(When(1, 2)) == When(when.back + 1, when.years + 2)


def test_a_fixed_period_stays_and_what_lies_within_counts_from_it() -> None:
    assert When(at="2019").within(When(3)) == When(at="2019")
    assert When(1).within(When(at="2019")) == When(1, 0, "2019")
    assert When(1, 0, "2019").within(When(at="2021")) == When(1, 0, "2019")


def test_no_function_leaves_a_fact_behind_when_it_is_moved() -> None:
    for text, _ in CALLS.values():
        for node in walk(shifted(parsed(text), back=7)):
            if isinstance(node, Read) and isinstance(parsed(text), Apply | Choose):
                assert node.when.back >= 7 or node.when.at, text


# -- growth -------------------------------------------------------------------------------


def revenue(now: object, base: object) -> Record:
    return firm("2022", {"税收": {"2022": now, "2021": base}})


@pytest.mark.parametrize(
    ("now", "base", "expected"),
    [
        (6, 4, Fraction(1, 2)),
        (0, 4, -1),
        (-1, 4, unknown("turned_to_loss", "税收")),
        (1, -4, unknown("turned_to_profit", "税收")),
        (0, -4, unknown("negative_base", "税收")),
        (-1, -4, unknown("negative_base", "税收")),
        (1, 0, unknown("zero_denominator", "税收")),
        (-1, 0, unknown("zero_denominator", "税收")),
    ],
)
def test_a_change_of_sign_is_a_state_and_no_rate(now: int, base: int, expected: Value) -> None:
    assert value_of("growth(税收)", revenue(now, base)) == expected


@pytest.mark.parametrize(
    ("now", "base", "expected"),
    [
        (121, 100, True),
        (120, 100, False),
        (5, 0, unknown("zero_denominator", "税收")),
        (5, -1, unknown("negative_base", "税收")),
    ],
)
def test_a_compound_rate_needs_a_base_above_zero(now: int, base: int, expected: Value) -> None:
    subject = firm("2022", {"税收": {"2022": now, "2020": base}})
    assert value_of("compound_growth(税收, 2) >= 10%", subject) == expected
    assert value_of("10% <= (compound_growth(税收, 2))", subject) == expected


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("compound_growth(税收, 2) >= 规上", "KG310"),
        ("compound_growth(税收, 2) >= 税收 / 税收", "KG307"),
        ("compound_growth(税收, 2) >= 3元", "KG401"),
        ("compound_growth(税收, 2) >= -150%", "KG403"),
        ("compound_growth(税收, 0) >= 5%", "KG307"),
        ("compound_growth(税收) >= 5%", "KG304"),
        ("compound_growth(规上, 2) >= 5%", "KG310"),
    ],
)
def test_a_compound_rate_is_compared_with_a_written_number(text: str, id: str) -> None:
    assert refusal(text).id == id


# -- the parts of the tree ----------------------------------------------------------------


def test_a_condition_of_records_may_be_left_out() -> None:
    node = parsed("count_of(事故)")
    assert isinstance(node, OverRecords)
    assert isinstance(node.condition, Constant)
    assert node.condition.kind == YES_NO


def test_records_come_with_the_order_of_their_register() -> None:
    node = parsed("latest_of(事故, 损失)")
    assert isinstance(node, OverRecords)
    assert [fact.id for fact in node.order] == ["发生日期", "编号"]


def test_a_name_is_asked_for_where_a_register_a_table_or_a_line_must_stand() -> None:
    for text in (
        "count_of(3)",
        "count_of('事故')",
        "pick(1, 2)",
        "points(2)",
        "has(税收 + 1元, 行业)",
    ):
        finding = refusal(text)
        assert (finding.id, finding.values["expected"]) == ("KG310", "a name")


def test_an_unknown_line_has_an_id_of_its_own() -> None:
    assert refusal("points(没有)").id == "KG611"


def test_names_of_functions_know_no_case() -> None:
    assert value_of("PRIOR(税收)", FIRM) == 400
