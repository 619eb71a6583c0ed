"""Names, kinds, units and codes: what is accepted, and each refusal with its id and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from kaogong.language.check import ACROSS, check
from kaogong.language.expression import (
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Every,
    Expression,
    Known,
    Member,
    Not,
    Open,
    Read,
    Some,
    Word,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, Refused
from kaogong.language.kind import DATE, NUMBER, OPEN, TEXT, YES_NO, Kind, number
from kaogong.language.scope import Child, CodeList, Lazy, Named, Scope, fold
from kaogong.language.span import Span, Text
from kaogong.language.unit import read_unit
from kaogong.language.vocabulary import Code, Vocabulary, flat

HERE = Span("a.yaml", 1, 1)
GRADES = flat("grades", ["D", "C", "B", "A"], is_ordered=True)
CLASSES = flat("classes", ["A", "B", "C"])
ABOVE = {"C": "", "D": "", "35": "C", "351": "35", "44": "D", "441": "44"}
INDUSTRIES = Vocabulary("gbt4754", {c: Code(c, parent=above) for c, above in ABOVE.items()})


def field(name: str, kind: Kind, **more: object) -> Fact:
    title = {"zh": str(more.pop("zh", name)), "en": name}
    return Fact(name, title, kind, "field", "firm_year", grain="year", **more)  # type: ignore[arg-type]


def of_unit(text: str) -> Kind:
    return number(read_unit(text))


FACTS = [
    field("tax", of_unit("元"), zh="实缴税金"),
    field("revenue", of_unit("万元"), zh="营业收入"),
    field("land", of_unit("平方米"), zh="用地面积"),
    field("power", of_unit("千瓦时"), zh="用电量"),
    field("staff", of_unit("人"), zh="职工人数"),
    field("rd_share", of_unit("%"), zh="研发占比"),
    field("points_up", of_unit("百分点"), zh="提高"),
    field("ratio", NUMBER, zh="倍数"),
    field("age", of_unit("年"), zh="从业年限"),
    field("coal", of_unit("吨标煤"), zh="能耗"),
    field("load", of_unit("吨"), zh="排放"),
    field("above", YES_NO, zh="规上"),
    field("founded", DATE, zh="成立日期"),
    field("name", TEXT, zh="名称"),
    field("grade", Kind("code", vocabulary="grades", order=GRADES.order), zh="等级"),
    field("class", Kind("code", vocabulary="classes"), zh="档次"),
    field("industry", Kind("code", vocabulary="gbt4754"), zh="行业"),
    field("rd", of_unit("万元"), zh="R&D经费"),
    field("park", TEXT, zh="园区", links_to="park"),
]
INCIDENT = field("severity", TEXT, zh="级别")


def entered(facts: list[Fact]) -> dict[str, Named | Lazy]:
    made: dict[str, Named | Lazy] = {}
    for fact in facts:
        made[fold(fact.id)] = made[fold(fact.title["zh"])] = fact
    return made


NAMES = entered(FACTS)
NAMES |= {
    fold("空缺"): Open("a.空缺", "未载", OPEN, HERE),
    fold("公用行业"): CodeList("公用行业", "gbt4754", ("D44",)),
}
SCOPE = Scope(
    "企业",
    NAMES,
    children={fold("事故"): Child("incident", entered([INCIDENT]), ())},
    links=lambda link: entered([field("level", TEXT)]) if link.links_to == "park" else None,
    vocabularies={each.id: each for each in (GRADES, CLASSES, INDUSTRIES)},
    words={"x": NUMBER, "weight": NUMBER},
    items={fold("税收得分"): "tax_points"},
)


def checked(text: str, scope: Scope = SCOPE) -> Expression:
    return check(Text(text, HERE), scope)


def refusal(text: str, scope: Scope = SCOPE, expected: str | None = None) -> Finding:
    with pytest.raises(Refused) as refused:
        check(Text(text, HERE), scope, expected=expected)
    (finding,) = refused.value.findings
    return finding


# -- names --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tax", "实缴税金", "TAX", "Tax", "ｔａｘ", '"实缴税金"'])
def test_id_and_title_in_any_width_and_case_are_one_name(name: str) -> None:
    read = checked(name)
    assert isinstance(read, Read)
    assert read.fact.id == "tax"


def test_a_file_may_mix_languages() -> None:
    assert checked("tax + 实缴税金 >= 1元").kind == YES_NO


def test_odd_names_stand_in_double_quotes() -> None:
    read = checked('"R&D经费"')
    assert isinstance(read, Read)
    assert read.fact.id == "rd"


def test_compatibility_characters_are_folded() -> None:
    scope = replace(SCOPE, names=NAMES | {fold("面积㎡"): FACTS[2]})
    assert isinstance(checked('"面积m2"', scope), Read)


@pytest.mark.parametrize(
    ("text", "column", "near"),
    [
        ("规上 and 实缴税款 > 0", 8, "实缴税金"),
        ("taxx > 0", 1, "tax"),
        ("any_of(事件, 级别 = '1')", 1, "事故"),
        ("any_of(事故, 级 别 = '1')", None, None),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    text: str, column: int | None, near: str | None
) -> None:
    finding = refusal(text)
    if near is not None:
        assert (finding.id, finding.span.column) == ("KG201", column)
        assert finding.values["near"] == near
        assert finding.values["subject"] == "企业"


def test_inside_a_child_condition_names_are_those_of_the_record() -> None:
    assert refusal("any_of(事故, 规上)").values["subject"] == "incident"
    assert checked("any_of(事故, subject(规上))").kind == YES_NO


def test_a_word_of_the_kind_goes_before_a_fact() -> None:
    assert isinstance(checked("x * weight"), Arithmetic)
    scope = replace(SCOPE, names=NAMES | {"x": FACTS[0]})
    assert isinstance(checked("x", scope), Word)


def test_a_circle_of_names_is_told_as_a_path() -> None:
    names = dict(NAMES)
    scope = replace(SCOPE, names=names)

    def later(text: str) -> Callable[[], Named]:
        return lambda: checked(text, scope)

    names |= {"a": Lazy("a", later("b + 1"), HERE), "b": Lazy("b", later("a + 1"), HERE)}
    finding = refusal("a", scope)
    assert (finding.id, finding.values["path"]) == ("KG204", "a → b → a")


def test_a_name_is_made_once() -> None:
    made = []

    def build() -> Named:
        made.append(1)
        return FACTS[0]

    scope = replace(SCOPE, names={"t": Lazy("t", build, HERE)})
    checked("t + t + t", scope)
    assert made == [1]


@pytest.mark.parametrize(
    "text", ["公用行业", "公用行业 = 'D44'", "pick(tax, 'a')", "via(规上, level)"]
)
def test_what_is_no_value_cannot_stand_for_one(text: str) -> None:
    assert refusal(text).id == "KG310"


# -- units --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "tax >= 2000万元",
        "tax + revenue - rd >= 0",
        "tax / land >= 10万元/亩",
        "tax >= 10万元/亩 * land",
        "研发占比 >= 3%",
        "研发占比 >= 0.03",
        "rd / revenue >= 3%",
        "倍数 >= 3 and 倍数 >= 150%",
        "staff >= 20",
        "staff >= 20人",
        "3 <= staff",
        "tax = 0",
        "0 < land",
        "- tax < 0",
        "提高 >= 2百分点",
        "研发占比 - prior(研发占比) >= 0.5百分点",
        "0.5百分点 < 研发占比 - 3%",
        "abs(研发占比 - prior(研发占比)) between 1百分点 and 2百分点",
        "-(研发占比 - prior(研发占比)) > 提高",
        "研发占比 - prior(研发占比) - 提高 = 0",
        "case when 规上 then 提高 else 研发占比 - 3% end > 1百分点",
        "从业年限 >= 3年",
        "power * 0.5元/千瓦时 <= tax",
        "tax between 1元 and 1亿元",
        "tax in (1元, 2万元)",
        "least(tax, revenue) >= 1元",
        "空缺 >= 3",
        "tax >= 空缺",
        "count_of(事故) = 0",
    ],
)
def test_units_of_one_dimension_meet(text: str) -> None:
    assert checked(text).kind == YES_NO


@pytest.mark.parametrize(
    ("text", "column", "unit"),
    [
        ("tax + land", 1, "(元, 平方米)"),
        ("规上 and tax > land", 8, "(元, 平方米)"),
        ("tax >= 3万元/亩", 1, "(元, 万元/亩)"),
        ("tax / land >= 3万元", 1, "(元/平方米, 万元)"),
        ("能耗 > 排放", 1, "(吨标煤, 吨)"),
        ("研发占比 >= 2百分点", 1, "(%, 百分点)"),
        ("提高 > 研发占比", 1, "(百分点, %)"),
        ("研发占比 + 研发占比 >= 2百分点", 1, "(%, 百分点)"),
        ("-研发占比 < 2百分点", 2, "(%, 百分点)"),
        ("提高 - 研发占比 > 0", 1, "(百分点, %)"),
        ("staff > 3家", 1, "(人, 家)"),
        ("tax >= 3%", 1, "(元, %)"),
        ("tax between 1元 and 3亩", 1, "(元, 亩)"),
        ("days_between(founded, as_of) > 3月", 1, "(天, 月)"),
    ],
)
def test_other_dimensions_do_not_add_or_compare(text: str, column: int, unit: str) -> None:
    finding = refusal(text)
    assert (finding.id, finding.span.column, finding.values["unit"]) == ("KG401", column, unit)


@pytest.mark.parametrize(
    ("text", "number", "name", "unit", "column"),
    [
        ("营业收入 >= 2000", "2000", "营业收入", "万元", 9),
        ("2000 <= 营业收入", "2000", "营业收入", "万元", 1),
        ("tax + 1", "1", "tax", "元", 7),
        ("tax / land > 10", "10", "tax / land", "元/平方米", 14),
        ("tax between 1 and 2元", "1", "tax", "元", 13),
        ("tax in (1, 2)", "1", "tax", "元", 9),
        ("提高 > 3", "3", "提高", "百分点", 6),
        ("staff / land > 3", "3", "staff / land", "人/平方米", 16),
    ],
)
def test_a_bare_number_beside_a_quantity_is_refused(
    text: str, number: str, name: str, unit: str, column: int
) -> None:
    finding = refusal(text)
    assert finding.id == "KG402"
    assert (finding.values["number"], finding.values["name"]) == (number, name)
    assert finding.values["unit"] == unit
    assert finding.span.column == column


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("years_between(founded, as_of) < 3", 36),
        ("years_between(founded, as_of) < 3年", 36),
        ("从业年限 < 3", 36),
        ("从业年限 < 36月", 36),
        ("months_between(founded, as_of) < 3", 3),
        ("months_between(founded, as_of) < 3月", 3),
    ],
)
def test_a_bare_number_beside_years_or_months_is_in_that_unit(text: str, months: int) -> None:
    test = checked(text)
    assert isinstance(test, Compare)
    assert isinstance(test.right, Constant)
    assert test.right.value == months


def test_a_bare_number_meets_years_in_a_function_as_in_a_comparison() -> None:
    assert checked("least(从业年限, 3) < 从业年限").kind == YES_NO


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("tax / land", "元/平方米"),
        ("tax * 3", "元"),
        ("tax / tax", ""),
        ("2 * 3", ""),
        ("1 / staff", "人^-1"),
        ("tax + revenue", "元"),
        ("3 + 5%", "%"),
    ],
)
def test_the_unit_of_a_result(text: str, unit: str) -> None:
    assert checked(text).kind.unit.text == unit


def test_numbers_are_in_the_base_of_their_unit_and_exact() -> None:
    constant = checked("24.097万元/亩")
    assert isinstance(constant, Constant)
    assert constant.value == Fraction("24.097") * 10_000 / Fraction(2_000, 3)


# -- kinds --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("规上 + 1", 1),
        ("1 + 名称", 5),
        ("- 规上", 3),
        ("规上 and tax", 8),
        ("tax or 规上", 1),
        ("not 名称", 5),
        ("case when tax then 1 end", 11),
        ("case when 规上 then 1 else '甲' end", 26),
        ("least(规上, 名称)", 11),
        ("abs(规上)", 5),
        ("year_of(tax)", 9),
        ("length(tax)", 8),
        ("starts_with(名称, 3)", 17),
        ("under(名称, '44')", 7),
        ("via(tax + 1元, level)", 5),
        ("sum_of(事故, 级别)", 12),
        ("coalesce(tax, 名称)", 15),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_at_its_place(text: str, column: int) -> None:
    finding = refusal(text)
    assert (finding.id, finding.span.column) == ("KG310", column)


@pytest.mark.parametrize(
    ("text", "kinds_en", "kinds_zh"),
    [
        ("名称 = 3", "text, number", "文字，数"),
        ("规上 = 'A'", "yes/no, text", "是或否，文字"),
        ("founded > 2020", "date, number", "日期，数"),
        ("名称 > 'A'", "text, text", "文字，文字"),
        ("规上 > true", "yes/no, yes/no", "是或否，是或否"),
        ("等级 = 档次", "code of grades, code of classes", "grades的代码，classes的代码"),
        ("档次 >= 'B'", "code of classes, code of classes", "classes的代码，classes的代码"),
        ("等级 = 名称", "code of grades, text", "grades的代码，文字"),
        ("档次 in (3)", "code of classes, number", "classes的代码，数"),
        ("founded between 1 and 2", "date, number", "日期，数"),
    ],
)
def test_other_kinds_cannot_be_compared(text: str, kinds_en: str, kinds_zh: str) -> None:
    finding = refusal(text)
    assert finding.id == "KG305"
    assert kinds_en in finding.sentence("en")
    assert kinds_zh in finding.sentence("zh")


@pytest.mark.parametrize(
    "text",
    [
        "名称 = 'A' and 名称 <> '乙'",
        "规上 = true",
        "founded >= 2020-01-01",
        "founded < as_of and founded <= period_end",
        "等级 >= 'B' and 等级 = 'A' and 等级 <> 'C'",
        "档次 = 'A'",
        "名称 in ('a', 'b')",
        "行业 = 'C35'",
    ],
)
def test_values_of_one_kind_compare(text: str) -> None:
    assert checked(text).kind == YES_NO


@pytest.mark.parametrize("kind", ["number", "yes_no", "date", "text"])
def test_a_place_expects_its_kind(kind: str) -> None:
    fits = {"number": "tax", "yes_no": "规上", "date": "founded", "text": "名称"}
    assert check(Text(fits[kind], HERE), SCOPE, expected=kind)
    assert check(Text("空缺", HERE), SCOPE, expected=kind).kind == OPEN
    for other in set(fits) - {kind}:
        assert refusal(fits[other], expected=kind).id == "KG310"


def test_a_wrong_kind_is_said_in_both_languages() -> None:
    finding = refusal("tax", expected="yes_no")
    assert finding.sentence("zh") == "tax应为是或否，实为以元计的数"
    assert finding.sentence("en") == "tax needs yes/no, not number in 元"


# -- codes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "vocabulary"),
    [
        ("等级 = 'E'", "E", "grades"),
        ("'E' = 等级", "E", "grades"),
        ("等级 in ('A', 'E')", "E", "grades"),
        ("等级 between 'D' and 'E'", "E", "grades"),
        ("under(行业, '99')", "99", "gbt4754"),
        ("under(行业, 'C44')", "C44", "gbt4754"),
        ("行业 = 'X35'", "X35", "gbt4754"),
    ],
)
def test_a_code_that_is_not_in_its_vocabulary_is_refused(
    text: str, code: str, vocabulary: str
) -> None:
    finding = refusal(text)
    assert finding.id == "KG205"
    assert (finding.values["code"], finding.values["vocabulary"]) == (code, vocabulary)


def test_a_code_may_carry_the_letter_of_its_section() -> None:
    member = checked("行业 in ('C35', '44')")
    assert isinstance(member, Member)
    assert member.codes == {"35", "44"}


def test_under_is_the_code_and_everything_below_it() -> None:
    for text in ("under(行业, 'D44')", "under(行业, 公用行业)"):
        member = checked(text)
        assert isinstance(member, Member)
        assert member.codes == {"44", "441"}


# -- what looks across subjects, and calls --------------------------------------------------


@pytest.mark.parametrize("function", ACROSS)
def test_what_looks_across_subjects_has_a_key_of_its_own(function: str) -> None:
    finding = refusal(f"规上 and {function}(tax) > 0")
    assert (finding.id, finding.span.column) == ("KG306", 8)
    assert finding.values["key"] == ACROSS[function]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("trim(名称)", None),
        ("read_csv('a')", None),
        ("month_between(founded, as_of)", "months_between"),
        ("row(tax, land)", None),
        ("tax = any(land)", None),
        ("values(1)", None),
    ],
)
def test_an_unknown_function_is_refused_with_the_nearest(text: str, near: str | None) -> None:
    finding = refusal(text)
    assert finding.id == "KG302"
    assert "()" in finding.values["instead"]
    assert (near or "") in finding.values["instead"]


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("1 < x < 5", "a < x < b"),
        ("tax >= land = true", "a < x < b"),
        ("规上 is true", "is"),
        ("规上 is not false", "is"),
        ("tax = null", "null"),
        ("coalesce(tax, null)", "null"),
        ("case 等级 when 'A' then 1 end", "case x when"),
        ("subject(tax) > 0", "subject(x)"),
        ("holds('甲')", "holds()"),
        ("times(apply) > 1", "times()"),
        ("need(x) > 1", "need()"),
        ("offer(x) > 1", "offer()"),
        ("compound_growth(tax, 2)", "compound_growth"),
        ("compound_growth(tax, 2) + 1", "compound_growth"),
    ],
)
def test_what_three_values_or_one_subject_do_not_allow(text: str, construct: str) -> None:
    finding = refusal(text)
    assert finding.id == "KG302"
    assert finding.values["construct"] == construct


# -- the tree -----------------------------------------------------------------------------


def test_a_run_of_and_is_one_conjunction() -> None:
    made = checked("规上 and 规上 and not 规上 and (规上 or 规上 or 规上)")
    assert isinstance(made, Every)
    assert len(made.items) == 4
    assert isinstance(made.items[2], Not)
    assert isinstance(made.items[3], Some)


def test_null_tests_ask_for_knowledge() -> None:
    made = checked("tax is null")
    assert isinstance(made, Not)
    assert isinstance(made.item, Known)


def test_a_case_passes_over_unknown_conditions() -> None:
    made = checked("case when 规上 then 1元 else tax end")
    assert isinstance(made, Choose)
    assert not made.strict
    assert made.kind.unit.text == "元"


def test_a_choice_takes_the_unit_of_its_values() -> None:
    assert checked("case when 规上 then 0 else tax end").kind.unit.text == "元"
    assert refusal("case when 规上 then 5 else tax end").id == "KG401"


def test_a_negative_number_is_written_as_one() -> None:
    assert checked("-5%").kind.unit.text == "%"
    assert _constant("-5%").value == Fraction(-5, 100)


def test_a_date_is_a_date() -> None:
    assert _constant("2024-08-01").value == date(2024, 8, 1)


def _constant(text: str) -> Constant:
    made = checked(text)
    assert isinstance(made, Constant)
    return made
