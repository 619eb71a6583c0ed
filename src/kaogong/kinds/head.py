"""The head that every document has, and how models of this package are declared.

A key carries its title in Chinese and English; `describe`, `schema` and later the forms are made
from these, so no other room lists a kind's keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kaogong.kinds.parts import (
    NOWHERE,
    Condition,
    OpenFirst,
    OpenSlot,
    Reads,
    Value,
    only,
    read_condition,
    read_open,
    read_value,
    text_of,
)
from kaogong.language.finding import refuse
from kaogong.language.span import Block, List, Span, Text, span_of

EVIDENCE = (
    "official",
    "republished",
    "secondary",
    "recalled",
    "reading",
    "proposed",
    "example",
)
Evidence = Literal[
    "official", "republished", "secondary", "recalled", "reading", "proposed", "example"
]
Grain = Literal["year", "half", "quarter", "month", "ten_day", "week", "day", "last_year"]
Unknowns = Literal["hold", "apply", "skip"]


def key(  # a stand-in for a value of any type, as pydantic's own Field
    zh: str,
    en: str,
    default: Any = ...,  # noqa: ANN401
    *,
    absent: tuple[str, str] | None = None,
    **more: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Return the declaration of a key with its titles; without a default it is required.

    `absent` says in both languages what holds where the key is not written.
    """
    extra: dict[str, Any] = {"titles": {"zh": zh, "en": en}}
    if absent is not None:
        extra["absent"] = {"zh": absent[0], "en": absent[1]}
    return Field(default, title=f"{zh} · {en}", json_schema_extra=extra, **more)


class Model(BaseModel):
    """A mapping of known keys; an unknown key is a finding."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def read_title(node: object) -> dict[str, str]:
    """Return `{zh, en}` from a mapping of both or one text for zh."""
    if isinstance(node, Text):
        return {"zh": str(node)}
    if isinstance(node, Block) and set(node) <= {"zh", "en"} and "zh" in node:
        return {k: str(text_of(v)) for k, v in node.items()}
    raise refuse("KG112", _span(node), value="title", expected="a text or {zh:, en:}")


def read_yes_no(node: object) -> bool:
    """Return true or false; YAML's other spellings are words here."""
    if isinstance(node, bool):
        return node
    if node in ("true", "false"):
        return node == "true"
    raise refuse("KG112", _span(node), value=node, expected="true or false")


def read_names(node: object) -> tuple[Text, ...]:
    """Return one name or a list of names as a tuple."""
    if isinstance(node, Text):
        return (node,)
    if isinstance(node, List):
        return tuple(text_of(each) for each in node)
    raise refuse("KG112", _span(node), value="…", expected="a name or a list of names")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as written: a `value`, `values` by year, date or code, or a `list` of codes."""

    span: Span
    value: Value | None = None
    unit: Text | None = None
    by: tuple[Text, ...] | None = None
    values: Block | None = None
    codes: Text | None = None
    list: tuple[Text, ...] | None = None


@dataclass(frozen=True, slots=True)
class Let:
    """One local name as written; with a scale it is rounded and kept."""

    span: Span
    value: Value
    unit: Text | None = None
    scale: Text | None = None


PARAMETER_KEYS = ("unit", "values", "by", "codes", "list", "title", "note", "source", "scale")
LET_KEYS = ("value", "unit", "scale", "title", "note")


def read_parameter(node: object) -> Parameter:
    """Return a dated number, a table by code, a named set of codes, or a single value."""
    is_table = isinstance(node, Block) and read_open(node) is None
    if not isinstance(node, Block) or not is_table or not set(node) & {"values", "list"}:
        return Parameter(_span(node), read_value(node))
    only(node, "parameter", PARAMETER_KEYS)
    return Parameter(
        node.span,
        unit=_text(node, "unit"),
        by=read_names(node["by"]) if "by" in node else None,
        values=read_block(node["values"]) if "values" in node else None,
        codes=_text(node, "codes"),
        list=read_names(node["list"]) if "list" in node else None,
    )


def read_let(node: object) -> Let:
    """Return a local name's value, with unit and scale where they are written."""
    if not isinstance(node, Block) or "value" not in node:
        return Let(_span(node), read_value(node))
    only(node, "let", LET_KEYS)
    return Let(node.span, read_value(node["value"]), _text(node, "unit"), _text(node, "scale"))


def _text(node: Block, key: str) -> Text | None:
    return text_of(node[key]) if key in node else None


def _span(node: object) -> Span:
    return span_of(node, NOWHERE)


def read_block(node: object) -> Block:
    """Return a mapping as it was written."""
    if isinstance(node, Block):
        return node
    raise refuse("KG112", _span(node), value=node, expected="a mapping")


Title = Annotated[dict[str, str], Reads(read_title, "title")]
YesNo = Annotated[bool, Reads(read_yes_no, "yes_no")]
Names = Annotated[tuple[Text, ...], Reads(read_names, "names")]
Words = Annotated[Text, Reads(text_of, "text")]
ConditionPart = Annotated[Condition, Reads(read_condition, "condition")]
ValuePart = Annotated[Value, Reads(read_value, "value")]
ParameterPart = Annotated[Parameter, Reads(read_parameter, "parameter")]
LetPart = Annotated[Let, Reads(read_let, "let")]
BlockPart = Annotated[Block, Reads(read_block, "mapping")]
OpenDate = Annotated[date | OpenSlot, OpenFirst()]
OpenWords = Annotated[Words | OpenSlot, OpenFirst()]


class Source(Model):
    """Where a rule stands: the document, its number, who issued it, and how well it was seen."""

    document: Words | None = key("文件", "document", None)
    number: Words | None = key("文号", "number", None)
    filing: Words | None = key("备案号", "filing number", None)
    issuer: Words | None = key("发文机关", "issuer", None)
    issued: Words | None = key("发文日期", "issued", None)
    article: Words | None = key("条款", "article", None)
    link: Words | None = key("链接", "link", None)
    evidence: Evidence | None = key("依据等级", "evidence", None)
    note: Words | None = key("说明", "note", None)


class Reading(Model):
    """A place where the text can be read two ways."""

    question: Words = key("疑点", "question")
    chosen: Words = key("采用的读法", "chosen reading")
    other: BlockPart = key("另一种读法", "other reading")


class Transition(Model):
    """Cases that remain under the older text."""

    when: ConditionPart = key("适用条件", "when")
    stay_with: Words = key("沿用文件", "stays with")


class Head(Model):
    """The keys of language section 2.2."""

    kind: Words = key("种类", "kind")
    id: Words = key("标识", "id")
    title: Title = key("名称", "title")
    source: Source | None = key("来源", "source", None)
    effective_from: OpenDate | None = key("生效日期", "effective from", None)
    effective_to: OpenDate | None = key(
        "失效日期", "effective to", None, absent=("长期有效", "no end")
    )
    covers_from: OpenDate | None = key(
        "追溯起点", "covers from", None, absent=("自生效日期起", "from the first day in force")
    )
    replaces: Names = key("替代", "replaces", ())
    transition: Transition | None = key("过渡安排", "transition", None, absent=("无", "none"))
    extends: Words | None = key("扩展自", "extends", None)
    overrides: Words | None = key("改动", "overrides", None)
    abstract: YesNo = key("仅供扩展", "abstract", False)
    draft: YesNo = key("草案", "draft", False)
    of: Names | None = key("评价对象名录", "of", None)
    period: Grain | None = key("期间", "period", None)
    unknown: Unknowns | None = key("条件不明时", "where unknown", None)
    parameters: dict[str, ParameterPart] = key("参数", "parameters", {})
    let: dict[str, LetPart] = key("本地名称", "local names", {})
    readings: dict[str, Reading] = key("读法", "readings", {})
    examples: BlockPart | None = key("算例", "examples", None)
    tags: Names = key("标签", "tags", ())
    note: Words | None = key("备注", "note", None)
