from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from kaogong.language.evaluate import Record, Value, trace
from kaogong.language.expression import NOW, Read
from kaogong.language.kind import NUMBER
from kaogong.language.period import read_period
from tests.language.small_world import (
    HERE,
    INCIDENT,
    defined,
    fact,
    firm,
    incident,
    missing,
    parsed,
    value_of,
    with_incidents,
)

DAY = date(2023, 1, 5)
MAYBE = missing()


def day(month: int) -> date:
    return date(2022, month, 1)


def figure(text: str, *records: Record, **cells: object) -> Value:
    """Return the figure, the same in whatever order the records come."""
    subject = firm("2022", cells)
    values = {value_of(text, with_incidents(subject, *order)) for order in permutations(records)}
    assert len(values) == 1
    return values.pop()


THREE = (
    incident("1", 发生日期=day(1), 严重="一般", 损失=5, 责任=True, 属地="鹿城"),
    incident("2", 发生日期=day(9), 严重="重大", 损失=7, 责任=True, 属地="瓯海"),
    incident("3", 发生日期=day(5), 严重="较大", 损失=9, 责任=False, 属地="鹿城"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count_of(事故)", 3),
        ("count_of(事故, 责任)", 2),
        ("count_of(事故, 发生日期 > years_ago(1) and 严重 >= '较大')", 1),
        ("any_of(事故, 严重 > '较大')", True),
        ("any_of(事故, 严重 > '重大')", False),
        ("distinct_of(事故, 属地)", 2),
        ("distinct_of(事故, 属地, not 责任)", 1),
        ("sum_of(事故, 损失)", 21),
        ("sum_of(事故, 损失, 责任)", 12),
        ("max_of(事故, 损失, 责任)", 7),
        ("min_of(事故, 损失, 责任)", 5),
        ("max_of(事故, 严重)", "重大"),
        ("min_of(事故, 严重)", "一般"),
        ("max_of(事故, 发生日期)", day(9)),
        ("latest_of(事故, 损失)", 7),
        ("latest_of(事故, 损失, not 责任)", 9),
        ("any_of(事故, 损失 * 100 > subject(税收))", True),
        ("count_of(事故, 发生日期 >= period_start and 属地 = subject(名称))", 2),
    ],
)
def test_each_figure_over_records(text: str, expected: object) -> None:
    assert figure(text, *THREE, 税收=800, 名称="鹿城") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count_of(事故)", 0),
        ("any_of(事故, 责任)", False),
        ("distinct_of(事故, 属地)", 0),
        ("sum_of(事故, 损失)", 0),
        ("max_of(事故, 损失)", missing("incident")),
        ("min_of(事故, 损失)", missing("incident")),
        ("latest_of(事故, 损失)", missing("incident")),
    ],
)
def test_without_records(text: str, expected: object) -> None:
    assert figure(text) == expected
    not_meeting = incident("1", 发生日期=DAY, 损失=5, 责任=False, 属地="鹿城")
    separator = "" if "责任" in text else ", 责任"
    assert figure(f"{text[:-1]}{separator})", not_meeting) == expected


LIABLE = missing("责任")


@pytest.mark.parametrize(
    ("text", "loss", "expected"),
    [
        ("count_of(事故, 责任)", 5, LIABLE),
        ("any_of(事故, 责任)", 5, True),
        ("any_of(事故, 责任 and 损失 > 100元)", 5, False),
        ("sum_of(事故, 损失, 责任)", 5, LIABLE),
        ("sum_of(事故, 损失, 责任)", 0, 10),
        ("sum_of(事故, 损失, 责任)", MAYBE, missing("责任", "损失")),
        ("max_of(事故, 损失, 责任)", 10, 10),
        ("max_of(事故, 损失, 责任)", 11, LIABLE),
        ("max_of(事故, 损失, 责任)", MAYBE, missing("责任", "损失")),
        ("min_of(事故, 损失, 责任)", 10, 10),
        ("min_of(事故, 损失, 责任)", 9, LIABLE),
        ("distinct_of(事故, 损失, 责任)", 10, 1),
        ("distinct_of(事故, 损失, 责任)", 11, LIABLE),
    ],
)
def test_an_unknown_condition_decides_only_where_it_matters(
    text: str, loss: Value, expected: object
) -> None:
    sure = incident("1", 发生日期=day(1), 责任=True, 损失=10)
    doubtful = incident("2", 发生日期=day(2), 责任=MAYBE, 损失=loss)
    assert figure(text, sure, doubtful) == expected


def test_an_unknown_condition_alone_leaves_no_best() -> None:
    doubtful = incident("2", 发生日期=day(2), 责任=MAYBE, 损失=5)
    assert figure("max_of(事故, 损失, 责任)", doubtful) == LIABLE
    assert figure("latest_of(事故, 损失, 责任)", doubtful) == LIABLE


@pytest.mark.parametrize("function", ["sum_of", "max_of", "min_of", "distinct_of", "latest_of"])
def test_a_record_that_counts_with_an_unknown_value_makes_the_figure_unknown(
    function: str,
) -> None:
    records = incident("1", 发生日期=day(1), 损失=5), incident("2", 发生日期=day(2))
    assert figure(f"{function}(事故, 损失)", *records) == missing("损失")


def test_an_earlier_record_in_doubt_does_not_touch_the_latest() -> None:
    early = incident("1", 发生日期=day(1), 责任=MAYBE, 损失=5)
    middle = incident("2", 发生日期=day(2), 责任=True, 损失=6)
    late = incident("3", 发生日期=day(3), 责任=MAYBE, 损失=7)
    assert figure("latest_of(事故, 损失, 责任)", early, middle) == 6
    assert figure("latest_of(事故, 损失, 责任)", early, middle, late) == LIABLE


def test_the_latest_goes_by_date_then_key() -> None:
    same_day = [incident(no, 发生日期=day(1), 损失=n) for no, n in (("1", 5), ("2", 6))]
    assert figure("latest_of(事故, 损失)", *same_day) == 6


def test_a_record_without_a_date_may_be_the_latest() -> None:
    dated, undated = incident("1", 发生日期=day(1), 损失=5), incident("2", 损失=6)
    assert figure("latest_of(事故, 损失)", dated, undated) == missing("发生日期")
    assert figure("latest_of(事故, 损失)", undated) == 6


def test_records_on_a_par_must_agree() -> None:
    twin = [incident("1", 发生日期=day(1), 损失=n) for n in (5, 5)]
    assert figure("latest_of(事故, 损失)", *twin) == 5
    other = incident("1", 发生日期=day(1), 损失=6)
    assert figure("latest_of(事故, 损失)", twin[0], other) == missing("incident")


def test_a_code_outside_its_order_beats_nobody() -> None:
    odd = incident("1", 发生日期=day(1), 严重="未定")
    plain = incident("2", 发生日期=day(2), 严重="一般")
    value = figure("max_of(事故, 严重)", odd, plain)
    assert value == missing("严重").__class__("not_applicable", frozenset({"严重"}))


def test_a_record_on_its_own_reaches_its_subject() -> None:
    owner = firm("2022", {"税收": 800})
    record = firm(None, {"编号": "1"}, belongs_to=owner)
    inside = parsed("any_of(事故, subject(税收) = 800元)").condition  # type: ignore[union-attr]
    assert trace(inside, record).value is True
    orphan = trace(inside, firm(None, {"编号": "1"}))
    assert orphan.value == missing("税收")


def test_a_subject_is_seen_in_the_period_the_figure_is_computed_for() -> None:
    subject = with_incidents(firm("2022", {"税收": {"2021": 7, "2022": 1}}), *THREE)
    expression = parsed("count_of(事故, 损失 >= prior(subject(税收)))")
    assert trace(expression, subject).value == 2


def test_a_record_with_a_period_of_its_own_keeps_it() -> None:
    """A yearly figure over monthly readings: each reading is of its month."""
    in_year = defined("当年", "发生日期 <= period_end", None, using=INCIDENT)
    readings = [
        replace(incident(str(month), 发生日期=day(month)), period=read_period(f"2022-{month:02}"))
        for month in (1, 2)
    ]
    subject = with_incidents(firm("2022"), *readings)
    condition = Read(in_year, NOW, HERE)
    count = replace(parsed("count_of(事故)"), condition=condition)
    figure_of_year = fact("数", NUMBER, home="indicator", definition=count)
    both = parsed("数 - prior(数)", 数=figure_of_year)
    assert trace(both, subject).value == 2


def test_a_trace_shows_condition_and_value_of_each_record() -> None:
    made = trace(parsed("sum_of(事故, 损失, 责任)"), with_incidents(firm(), *THREE))
    assert [child.value for child in made.children] == [True, 5, True, 7, False]
