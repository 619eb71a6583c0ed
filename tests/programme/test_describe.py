"""A programme printed in words: two snapshots, and what must stand in any of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import kaogong
from kaogong.data.folder import read_bundle, shelf
from kaogong.language.finding import Refused
from kaogong.language.scope import Scope
from kaogong.programme.describe import describe
from kaogong.programme.programme import Programme, load_programme
from kaogong.programme.spoken import spoken
from tests.programme.world import HERE, above, county, scheme

LIBRARY = Path(kaogong.__file__).parent / "programmes" / "library"


@cache
def library() -> Programme:
    return load_programme(read_bundle(LIBRARY, "library")[0], shelf())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_huangyan_is_printed_as_its_snapshot(language: str) -> None:
    wanted = (HERE / "described" / f"huangyan_2022.{language}.md").read_text("utf-8")
    assert describe(library(), language, ["huangyan_2022"]) == wanted


UPPER = scheme(
    moves="{first: {when: ranked_class = 'C' and 规上, up: 1}, second: {when: 规上, down: 1}}",
    vacated="{open: 原文未见, ask: office}",
    adjust="{size: {points: {of: 利润率, bands: {'( , 5%)': 0, '[5%, )': 税收 / 1亿元}}, cap: 2}}",
)
OVER = """\
kind: Scheme
overrides: county_2022
groups: {all: {scores: {tax_per_mu: {weight: 50}, labour: {weight: 50}}}}
rank: {ties: by_key}
remove: [moves.second]
"""


def test_an_overlay_is_printed_as_its_snapshot() -> None:
    wanted = (HERE / "described" / "overlay.zh.md").read_text("utf-8")
    assert describe(above(OVER, upper=UPPER), "zh") == wanted


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_document_of_the_library_can_be_printed(language: str) -> None:
    printed = describe(library(), language)
    assert printed.count("\n## ") == len(library().documents)
    assert "None" not in printed
    assert "OpenSlot" not in printed
    if language == "en":
        assert not [line for line in printed.splitlines() if line.lstrip(" -").startswith("来源")]


def test_only_own_documents_are_printed_whole_and_the_others_listed() -> None:
    printed = describe(above(scheme(title="{zh: 新办法, en: New}")), "en")
    assert "## scheme: New `county_2022`" in printed
    assert "## documents taken over unchanged" in printed
    assert "Firms `firm`" in printed
    assert "`tax_base`" not in printed


def test_an_unknown_document_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        describe(county(), "zh", ["firn"])
    assert refused.value.findings[0].values["near"] == "firm"


def test_every_default_is_marked_in_both_languages() -> None:
    zh, en = (describe(above(scheme()), language) for language in ("zh", "en"))
    assert "- 调档：无 (默认)" in zh
    assert "- moves: none (default)" in en
    assert zh.count("(默认)") == en.count("(default)") > 10


def test_codes_are_summarised() -> None:
    printed = describe(library(), "zh", ["gbt4754", "severity"])
    assert "共4个代码，由低到高：一般、较大、重大、特别重大" in printed
    assert "等" in next(line for line in printed.splitlines() if "01 农业" in line)


@pytest.mark.parametrize(
    ("text", "en"),
    [
        ("税收 / 面积 >= 10万元/亩", "Tax / land >= 10万元/亩"),
        ("any_of(事故, 等级 >= '重大' and subject(规上))",
         "any_of(Accidents, grade >= '重大' and subject(above))"),
        ("via(所在园区, 园区级别) = '省级'", "via(park, level) = '省级'"),
        ("via(所在园区, 税收) + 税收", "via(park, Tax) + Tax"),
        ("亩均税收 > 1 and 成立日期 < 2022-01-01",
         '"Tax per mu" > 1 and "founded on" < 2022-01-01'),
        ('"税收" * 2 + count_of(事故)', "Tax * 2 + count_of(Accidents)"),
        ("nobody_knows + x", "nobody_knows + x"),
    ],
)  # fmt: skip
def test_names_are_spoken_in_the_language_and_nothing_else_is_touched(text: str, en: str) -> None:
    programme = county()
    scope = programme.book.scope("firm")
    assert spoken(text, scope, programme.documents, "en") == en
    back = spoken(en, scope, programme.documents, "en")
    assert back == en


def test_words_of_the_kind_are_chinese_for_chinese_readers() -> None:
    scope = Scope("", {})
    assert spoken("weight * x / benchmark", scope, {}, "zh") == "权重 * 指标值 / 基准值"
    assert spoken("weight * x / benchmark", scope, {}, "en") == "weight * x / benchmark"
