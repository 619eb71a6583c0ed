"""Register 名录: whose facts are kept, and which; language section 4.1."""

from __future__ import annotations

from typing import Annotated, Literal

from kaogong.kinds.head import (
    BlockPart,
    ConditionPart,
    Head,
    Model,
    Names,
    Title,
    Words,
    YesNo,
    key,
    read_names,
    read_yes_no,
)
from kaogong.kinds.parts import Reads, text_of
from kaogong.language.span import Block, List, Text

Type = Literal["number", "text", "yes_no", "date", "code", "link"]
Nature = Literal["flow", "stock", "ratio", "level"]


def read_codes(node: object) -> Text | tuple[Text, ...] | Block:
    """Return the name of a vocabulary, or the codes themselves (listed, or with titles)."""
    if isinstance(node, Block):
        return node
    return read_names(node) if isinstance(node, List) else text_of(node)


def read_tags(node: object) -> bool | tuple[Text, ...]:
    """Return whether a vocabulary is one of tags, or the document's own tags."""
    return read_names(node) if isinstance(node, List) else read_yes_no(node)


Codes = Annotated[Text | tuple[Text, ...] | Block, Reads(read_codes, "codes")]


class Field(Model):
    """One field of a register."""

    title: Title = key("名称", "title")
    unit: Words | None = key("单位", "unit", None)
    scale: int | None = key("小数位数", "decimals", None, ge=0, le=12)
    nature: Nature | None = key("性质", "nature", None)
    codes: Codes | None = key("代码表", "codes", None)
    link: Words | None = key("关联名录", "link", None)
    type: Type | None = key("类型", "type", None)
    range: Words | None = key("取值范围", "range", None)
    required: YesNo = key("必填", "required", False)
    headings: Names = key("表头", "headings", ())
    provided_by: Words | None = key("提供部门", "provided by", None)
    sensitivity: Words | None = key("敏感程度", "sensitivity", None)
    self_declared: YesNo = key("自行申报", "self-declared", False)
    comparable: Words | None = key("可比基数", "comparable base", None)
    filter: YesNo = key("可筛选", "may be filtered", False)
    note: Words | None = key("备注", "note", None)

    @property
    def value_type(self) -> Type:
        """Return the type as declared, or as unit, codes or link tell it; else text."""
        if self.type is not None:
            return self.type
        if self.link is not None:
            return "link"
        if self.codes is not None:
            return "code"
        return "number" if self.unit is not None or self.scale is not None else "text"


class Check(Model):
    """A condition each record must meet."""

    when: ConditionPart = key("条件", "when")
    level: Literal["error", "warning", "note"] = key("级别", "level", "error")
    title: Title | None = key("名称", "title", None)


class Register(Head):
    """A table of records: kept live, delivered for a period, or written in the programme."""

    key_: Names = key("主键", "key", (), alias="key")
    dated_by: Words | None = key("发生日期字段", "dated by", None)
    valid: Names = key("有效期字段", "valid", ())
    kept: Literal["live", "delivered", "written"] | None = key("保存方式", "kept", None)
    fields: dict[str, Field] = key("字段", "fields", {})
    checks: dict[str, Check] = key("校核", "checks", {})
    succeeds: Words | None = key("承继字段", "succeeds", None)
    visible_to: ConditionPart | None = key("可见范围", "visible to", None)
    purpose: Names = key("用途", "purpose", (), absent=("各类文件均可使用", "all kinds"))
    jan_feb: Literal["together"] | None = key(
        "一二月合并", "January and February", None, absent=("分月", "two months")
    )
    codes: Codes | None = key("代码", "codes", None)
    file: Words | None = key("代码文件", "file", None)
    records: BlockPart | None = key("记录", "records", None)
    ordered: Literal["rising"] | None = key("有序", "ordered", None)
    tags: Annotated[bool | tuple[Text, ...], Reads(read_tags, "tags")] = key("标签", "tags", False)  # type: ignore[assignment]  # a vocabulary of tags says `tags: true`

    @property
    def is_vocabulary(self) -> bool:
        """Tell whether the register is only a list of codes."""
        return not self.fields and (self.codes is not None or self.file is not None)
