"""Golden cases as values: names, units, periods, records, states; and what is wrong in one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kaogong.language.value import Unknown
from kaogong.programme.examples import Example
from tests.programme.world import county, errors, scheme


def example(given: str, expect: str = "{score: 1}", **more: str) -> Example:
    """Return the one case of a scheme."""
    programme = county(s=_with(given, expect), **more)
    assert [f.sentence("en") for f in errors(programme)] == []
    (made,) = programme.examples
    return made


def told(given: str, expect: str = "{score: 1}") -> list[tuple[str, int]]:
    """Return id and column of each finding of the case."""
    programme = county(s=_with(given, expect))
    assert programme.examples == ()
    return [(f.id, f.span.column) for f in programme.findings]


def _with(given: str, expect: str) -> str:
    return scheme(
        examples=f"{{one: {{given: {given}, expect: {expect}}}}}",
        moves="{relief: {when: 规上, up: 1}}",
        vacated="leave",
        let="{负担: 税收 / 2}",
    )


@pytest.mark.parametrize(
    ("cell", "id", "value"),
    [
        ("税收: 2万元", "tax", Fraction(20_000)),
        ("税收: 0", "tax", Fraction(0)),
        ("亩均税收: 15万元/亩", "tax_per_mu", Fraction(225)),
        ("劳动生产率: 20万元/人", "labour", Fraction(200_000)),
        ("利润率: 3.5%", "margin", Fraction(7, 200)),
        ("人数: 12", "staff", Fraction(12)),
        ("规上: true", "above", True),
        ("成立日期: 2021-03-01", "founded_on", date(2021, 3, 1)),
        ("行业: C34", "trade", "C34"),
        ("所在园区: P1", "park", "P1"),
        ("负担: 1元", "负担", Fraction(1)),
        ("税收: 未报", "tax", Unknown("not_reported")),
        ("人数: not_applicable", "staff", Unknown("not_applicable")),
    ],
)
def test_a_cell_is_a_value_in_the_base_of_its_unit(cell: str, id: str, value: object) -> None:
    (given,) = example(f"{{{cell}}}").given.facts
    assert (given.fact.id, given.value, given.period) == (id, value, None)
    assert given.fact.definition is None or given.fact.home == "let"


def test_an_indicator_stands_for_every_choice_of_its_variants() -> None:
    (given,) = example("{劳动生产率: 20万元/人}").given.facts
    assert (given.fact.home, given.fact.variant) == ("indicator", {})


def test_values_of_several_periods_are_told_apart() -> None:
    made = example("{税收: {2021: 1万元, 2022: 2万元}, 规上: true, period: 2022}").given
    assert made.period == "2022"
    assert made.cells("2022") == {
        ("tax", "2021"): Fraction(10_000),
        ("tax", "2022"): Fraction(20_000),
        ("above", None): True,
    }


def test_records_of_a_child_register_have_names_of_their_own() -> None:
    accidents = "[{等级: 重大, 发生日期: 2022-05-01}, {等级: 一般}]"
    made = example(f"{{事故: {accidents}, as_of: 2023-01-01}}").given
    assert made.as_of == date(2023, 1, 1)
    first, second = made.records["accident"]
    assert [(g.fact.id, g.value) for g in first.facts] == [
        ("grade", "重大"), ("happened_on", date(2022, 5, 1)),
    ]  # fmt: skip
    assert len(second.facts) == 1


def test_a_linked_record_may_be_given_by_its_facts() -> None:
    made = example("{所在园区: {园区级别: 省级}}").given
    assert [(g.fact.id, g.value) for g in made.links["park"].facts] == [("level", "省级")]


@pytest.mark.parametrize(
    ("text", "key", "item", "value"),
    [
        ("{score: 102.0996}", "score", "", Fraction(1020996, 10000)),
        ("{group: all}", "group", "", "all"),
        ("{class: T}", "class", "", "T"),
        ("{state: held}", "state", "", "held"),
        ("{points.tax_per_mu: 60}", "points", "tax_per_mu", Fraction(60)),
        ("{points: {labour: 40}}", "points", "labour", Fraction(40)),
        ("{points: {labour: open}}", "points", "labour", Unknown("open")),
        ("{moved_by: relief}", "moved_by", "", "relief"),
    ],
)
def test_expected_results_are_columns_of_the_result(
    text: str, key: str, item: str, value: object
) -> None:
    (made,) = example("{}", text).expect
    assert (made.key, made.item, made.value) == (key, item, value)


@pytest.mark.parametrize(
    ("given", "id"),
    [
        ("{税: 1元}", "KG201"),
        ("{税收: 1亩}", "KG401"),
        ("{税收: 100}", "KG402"),
        ("{税收: 很多}", "KG310"),
        ("{税收: [1元]}", "KG112"),
        ("{税收: {今年: 1元}}", "KG822"),
        ("{规上: 是}", "KG310"),
        ("{成立日期: 去年}", "KG310"),
        ("{行业: C99}", "KG205"),
        ("{事故: [{严重: 重大}]}", "KG201"),
        ("{事故: [重大]}", "KG112"),
        ("{所在园区: {级别: 省级}}", "KG201"),
        ("{period: 今年}", "KG822"),
        ("{as_of: 今天}", "KG310"),
    ],
)
def test_what_is_wrong_in_given_is_told_at_its_place(given: str, id: str) -> None:
    ((found, column),) = told(given)
    assert found == id
    assert column > len("examples: {one: {given: ")


@pytest.mark.parametrize(
    ("expect", "id"),
    [
        ("{group: none}", "KG201"),
        ("{class: E}", "KG201"),
        ("{points.tax: 1}", "KG201"),
        ("{points: 1}", "KG103"),
        ("{points.tax_per_mu: many}", "KG310"),
        ("{scores: 1}", "KG103"),
        ("{score: [1]}", "KG112"),
        ("{score: 1元}", "KG401"),
    ],
)
def test_what_is_wrong_in_expect_is_told(expect: str, id: str) -> None:
    assert [found for found, _ in told("{}", expect)] == [id]


@pytest.mark.parametrize(
    ("examples", "id"),
    [
        ("[1]", "KG112"),
        ("{one: 1}", "KG112"),
        ("{one: {given: {}}}", "KG104"),
        ("{one: {given: {}, expected: {}}}", "KG103"),
    ],
)
def test_a_case_of_the_wrong_form_is_told(examples: str, id: str) -> None:
    assert id in [f.id for f in county(s=scheme(examples=examples)).findings]


def test_cases_may_stand_in_a_file_beside_the_scheme() -> None:
    cases = "one: {given: {规上: true}, expect: {group: all}}\n"
    programme = county(s=scheme(), s__examples=cases)
    assert errors(programme) == []
    (made,) = programme.examples
    assert (made.name, made.document, made.span.file) == (
        "one", ("Scheme", "county_2022"), "s.examples.yaml",
    )  # fmt: skip


def test_a_file_of_several_schemes_says_whose_cases_stand_beside_it() -> None:
    both = f"{scheme()}\n---\n{scheme('other')}"
    case = "examples: {one: {given: {}, expect: {group: all}}}\n"
    found = county(s=both, s__examples=f"document: other\n{case}")
    assert [e.document[1] for e in found.examples] == ["other"]
    assert [f.id for f in county(s=both, s__examples=case).findings] == ["KG104"]
    assert [f.id for f in county(s=both, s__examples=f"document: plain\n{case}").findings] == [
        "KG201"
    ]


OF_MANY = "{all: {scores: {tax_per_mu: {benchmark: {figure: mean, over: group}}}}}"


def _with_figures(figures: str) -> str:
    given = f"{{亩均税收: 15万元/亩, figures: {figures}}}"
    return scheme(examples=f"{{one: {{given: {given}, expect: {{score: 60}}}}}}", groups=OF_MANY)


def test_a_case_may_give_the_figures_of_a_group() -> None:
    (made,) = county(s=_with_figures("{tax_per_mu: {benchmark: 10万元/亩}}")).examples
    assert made.given.figures == {("tax_per_mu", "benchmark"): Fraction(150)}


@pytest.mark.parametrize(
    ("figures", "id"),
    [
        ("{tax_per_mu: {benchmark: 10万元}}", "KG401"),
        ("{tax_per_mu: {mean: 10万元/亩}}", "KG103"),
        ("{u: {benchmark: 10万元/亩}}", "KG201"),
        ("{tax_per_mu: 10万元/亩}", "KG112"),
        ("{tax_per_mu: {benchmark: {a: 1}}}", "KG112"),
        ("{labour: {benchmark: 10万元/人}}", "KG310"),
    ],
)
def test_a_wrong_figure_in_a_case_is_told(figures: str, id: str) -> None:
    programme = county(s=_with_figures(figures))
    assert programme.examples == ()
    assert [f.id for f in errors(programme)] == [id]
