"""The header of a programme's folder: not a kind, since nothing is computed from it."""

from __future__ import annotations

from kaogong.kinds.head import Model, Names, Title, Words, YesNo, key


class Header(Model):
    """The header of a programme's folder."""

    kind: Words = key("种类", "kind")
    id: Words = key("标识", "id")
    title: Title = key("名称", "title")
    language: Words = key("语言版本", "language")
    division: Words | None = key("行政区划", "division", None)
    calendar: Words | None = key("工作日历", "calendar", None)
    extends: Names = key("扩展自", "extends", ())
    owners: dict[str, Words] = key("责任单位", "owners", {})
    draft: YesNo = key("草案", "draft", False)
    synthetic: YesNo = key("合成数据", "synthetic", False)
    note: Words | None = key("备注", "note", None)
