"""What the pages show is true: YAML reads, and a wrong example is wrong in the way named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaogong.language.check import check
from kaogong.language.document import read_documents
from kaogong.language.fact import Fact
from kaogong.language.finding import Refused
from kaogong.language.functions import FUNCTIONS
from kaogong.language.kind import DATE, NUMBER, YES_NO, Kind, number
from kaogong.language.scope import Scope, fold
from kaogong.language.span import Block, List, Text
from kaogong.language.unit import read_unit
from kaogong.language.vocabulary import Code, Vocabulary
from scripts.finding_pages import HEADINGS

DOCS = Path(__file__).resolve().parents[2] / "docs"
LANGUAGE_PAGES = [*sorted((DOCS / "language").glob("*.md")), *sorted((DOCS / "zh").glob("*.md"))]
FINDING_PAGES = sorted((DOCS / "findings").glob("KG*.md"))
UNREADABLE = {"KG101", "KG102", "KG107", "KG109"}
EXPRESSIONS = ("KG301", "KG302", "KG303", "KG304", "KG305", "KG306", "KG307", "KG401", "KG402")
PLACES = {"when", "value", "points", "benchmark", "amount", "takes_part"}
INDUSTRIES = Vocabulary(
    "gbt4754", {code: Code(code, parent=code[:-1]) for code in ("C", "C3", "C30", "C301")}
)
FACTS: dict[str, Kind] = {
    "营业收入": number(read_unit("元")),
    "主营业务收入": number(read_unit("万元")),
    "研发费用": number(read_unit("万元")),
    "R&D经费": number(read_unit("万元")),
    "实缴税金": number(read_unit("元")),
    "亩均税收": number(read_unit("万元/亩")),
    "用地面积": number(read_unit("平方米")),
    "连续年数": NUMBER,
    "规上": YES_NO,
    "成立日期": DATE,
    "行业代码": Kind("code", vocabulary="gbt4754"),
}


def scope() -> Scope:
    facts = [
        Fact(name, {"zh": name, "en": name}, kind, "field", "works", grain="year", nature="flow")
        for name, kind in FACTS.items()
    ]
    return Scope(
        "企业",
        {fold(fact.id): fact for fact in facts},
        vocabularies={"gbt4754": INDUSTRIES},
        words={"x": NUMBER, "weight": NUMBER, "benchmark": NUMBER},
    )


def yaml_blocks(text: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)\n```", text, re.DOTALL)


def example_and_mending(id: str) -> tuple[str, str]:
    page = (DOCS / "findings" / f"{id}.md").read_text(encoding="utf-8")
    example, mending = page.split(HEADINGS[1])[1].split(HEADINGS[2])
    return "\n---\n".join(yaml_blocks(example)), "\n---\n".join(yaml_blocks(mending))


def findings_of(text: str) -> list[str]:
    return [found.id for found in read_documents(text, "page.yaml")[1]]


def expressions(node: object) -> Iterator[Text]:
    if isinstance(node, Block):
        for key, value in node.items():
            if key in PLACES and isinstance(value, Text):
                yield value
            else:
                yield from expressions(value)
    elif isinstance(node, List):
        for value in node:
            yield from expressions(value)


def refused(text: str) -> set[str]:
    found = set()
    for document in read_documents(text, "page.yaml")[0]:
        for expression in expressions(document):
            try:
                check(expression, scope())
            except Refused as error:
                found |= {finding.id for finding in error.findings}
    return found


@pytest.mark.parametrize("page", LANGUAGE_PAGES, ids=lambda page: page.name)
def test_the_yaml_of_a_page_reads(page: Path) -> None:
    for block in yaml_blocks(page.read_text(encoding="utf-8")):
        assert findings_of(block) == [], block


@pytest.mark.parametrize("id", [page.stem for page in FINDING_PAGES])
def test_the_yaml_of_a_finding_reads_once_mended(id: str) -> None:
    example, mending = example_and_mending(id)
    assert findings_of(mending) == []
    assert set(findings_of(example)) == ({id} if id in UNREADABLE else set())


@pytest.mark.parametrize("id", EXPRESSIONS)
def test_a_wrong_expression_is_wrong_in_the_way_named_and_mended_below(id: str) -> None:
    example, mending = example_and_mending(id)
    assert refused(example) == {id}
    assert refused(mending) == set()


def test_every_function_is_told_and_nothing_else_is() -> None:
    page = (DOCS / "language" / "functions.md").read_text(encoding="utf-8")
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
        for name in re.findall(r"`(\w+)\(", row)
    }
    assert told == set(FUNCTIONS)
