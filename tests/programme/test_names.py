"""Which names a subject has, and what adds up for a coarser one."""

from __future__ import annotations

import pytest

from kaogong.language.expression import Arithmetic, Read
from kaogong.language.fact import Fact
from kaogong.language.finding import Refused
from kaogong.language.scope import Lazy
from kaogong.language.span import Span
from tests.programme.world import above, county, errors, ids, scheme

HERE = Span("")
PARK_YEAR = """\
kind: Register
id: park_year
title: 园区年度数据
source: {evidence: example}
effective_from: 2020-01-01
of: park
period: year
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  tax: {title: 税收, unit: 万元, scale: 2, nature: flow}
  staff: {title: 园区人数, unit: 人, scale: 0, nature: stock}
"""


def fact(subject: str, name: str, **files: str) -> Fact:
    programme = county(**files)
    assert errors(programme) == []
    found = programme.book.scope(subject).find(name, HERE)
    assert isinstance(found, Fact)
    return found


@pytest.mark.parametrize("name", ["tax", "税收", "TAX", "ｔａｘ"])
def test_id_and_title_are_both_the_name_whatever_the_width(name: str) -> None:
    assert (fact("firm", name).owner, fact("firm", name).id) == ("firm_year", "tax")


def test_records_and_links_have_names_of_their_own() -> None:
    scope = county().book.scope("firm")
    accident = scope.children["事故"]
    assert [f.id for f in accident.order] == ["happened_on", "number"]
    assert "损失" in accident.names
    assert "损失" not in scope.names
    park = scope.find("所在园区", HERE)
    assert isinstance(park, Fact)
    linked = scope.links(park)
    assert linked is not None
    assert "园区级别" in linked


def test_what_a_scheme_publishes_is_a_fact_of_its_subjects() -> None:
    published = fact("firm", "亩均等级", s=scheme(publishes="{class: 亩均等级, score: 得分}"))
    assert (published.home, published.id, published.owner) == (
        "published", "class", "scheme county_2022",
    )  # fmt: skip


@pytest.mark.parametrize("keys", [{"trial": "true"}, {"abstract_": "true"}])
def test_a_trial_or_a_pack_publishes_nothing(keys: dict[str, str]) -> None:
    text = scheme(publishes="{class: 亩均等级}", **keys).replace("abstract: false\n", "")
    assert "亩均等级" not in county(s=text).book.names("firm")


def test_an_unused_local_name_is_read_all_the_same() -> None:
    assert ids(county(s=scheme(let="{idle: 税收 + 面积}"))) == ["KG401"]


# -- rolling up (permu:E64) ---------------------------------------------------------------


def test_a_flow_of_firms_adds_up_for_the_park_they_link_to() -> None:
    rolled = fact("park", "税收")
    assert (rolled.rolled_from, rolled.rolled_by) == ("firm", "park")
    assert (rolled.owner, rolled.id, rolled.grain) == ("firm_year", "tax", "year")
    assert rolled.low == 0
    assert rolled.high is None
    assert rolled != fact("firm", "税收")


def test_a_stock_of_the_master_list_adds_up_for_the_place_of_its_code() -> None:
    rolled = fact("division", "注册资本")
    assert (rolled.rolled_from, rolled.rolled_by, rolled.owner) == ("firm", "place", "firm")


@pytest.mark.parametrize("name", ["利润率", "规上", "行业", "成立日期", "损失"])
def test_what_cannot_be_added_is_no_name_of_the_park(name: str) -> None:
    with pytest.raises(Refused) as refused:
        fact("park", name)
    assert refused.value.findings[0].id == "KG201"


def test_a_ratio_divides_the_sums() -> None:
    ratio = fact("division", "亩均税收").definition
    assert isinstance(ratio, Arithmetic)
    assert ratio.sign == "/"
    sides = [side.fact for side in (ratio.left, ratio.right) if isinstance(side, Read)]
    assert [(s.id, s.rolled_from, s.rolled_by) for s in sides] == [
        ("tax", "firm", "place"),
        ("land", "firm", "place"),
    ]


def test_an_own_figure_of_the_park_comes_before_the_sum_of_its_firms() -> None:
    own = fact("park", "税收", park_year=PARK_YEAR)
    assert (own.owner, own.rolled_from) == ("park_year", None)
    assert fact("park", "人数", park_year=PARK_YEAR).rolled_from == "firm"


def test_two_ways_to_one_sum_are_refused_where_it_is_used() -> None:
    second = """\
kind: Register
id: shop
title: 个体户
source: {evidence: example}
effective_from: 2020-01-01
key: [subject_id]
kept: live
visible_to: true
fields:
  subject_id: {title: 主体编号, required: true}
  place:      {title: 所在地, codes: places}
  capital:    {title: 注册资本, unit: 万元, scale: 2, nature: stock}
"""
    scope = county(shop=second).book.scope("division")
    assert isinstance(scope.names["注册资本"], Lazy)
    with pytest.raises(Refused) as refused:
        scope.find("注册资本", HERE)
    (told,) = refused.value.findings
    assert told.id == "KG202"
    assert told.values["a"] == "firm.capital (firm.place)"
    assert told.values["b"] == "shop.capital (shop.place)"


def test_an_indicator_that_cannot_roll_up_is_told_for_its_further_register() -> None:
    text = """\
kind: Indicator
id: margin_again
title: 利润率复本
source: {evidence: example}
effective_from: 2020-01-01
of: [firm, park]
period: year
value: 利润率
unit: "%"
scale: 2
nature: ratio
better: high
"""
    (told,) = [f for f in county(i=text).findings if f.level == "error"]
    assert told.id == "KG201"
    assert told.values["subject"] == "园区"


def test_a_scheme_of_divisions_reads_what_adds_up() -> None:
    over = scheme(
        of="division",
        groups="{all: {scores: {tax_per_mu: {weight: 100}}}}",
        remove="[groups.all.scores.labour]",
    )
    programme = above(over)
    assert ids(programme) == []
    line = programme.schemes["county_2022"].groups[0].lines[0]
    assert isinstance(line.fact, Fact)
    assert isinstance(line.fact.definition, Arithmetic)
