"""Findings of names, codes and dates of validity: KG201 to KG207."""

from __future__ import annotations

from kaogong.language.messages.message import Message

NAMES: dict[str, Message] = {
    "KG201": Message(
        "E",
        "{subject}没有“{name}”这一名称，是否应为“{near}”？",
        '"{name}" is not known to {subject}; did you mean "{near}"?',
        "请改用已有的字段、指标或本文件的名称；尚无此字段的，先在名录中登记。",
        "Use a field, indicator or local name that exists, or add the field to its register.",
    ),
    "KG202": Message(
        "E",
        "“{name}”同时指{a}和{b}",
        '"{name}" means {a} and {b}',
        "一个名称只能指一件事；请给其中一个改名。",
        "One name means one thing; rename one of the two.",
    ),
    "KG203": Message(
        "E",
        "“{a}”与“{b}”仅全角半角或大小写不同",
        '"{a}" and "{b}" differ only in width or case',
        "这样的名称按同一名称处理；请统一写法，或改用明显不同的名称。",
        "Such names count as one; write both alike, or choose a clearly different name.",
    ),
    "KG204": Message(
        "E",
        "“{id}”循环依赖自身：{path}",
        '"{id}" depends on itself: {path}',
        "请断开其中一环：引用上期的值用prior，或把共用部分另设名称。",
        "Break the circle: take last period's value with `prior`, or name the shared part.",
    ),
    "KG205": Message(
        "E",
        "代码“{code}”在{date}不属于“{vocabulary}”",
        'Code "{code}" is not in {vocabulary} on {date}',
        "请核对代码及其有效日期；区划、行业代码以当日有效的版本为准。",
        "Check the code and its dates; the list in force on that day decides.",
    ),
    "KG206": Message(
        "W",
        "{a}与{b}在{from}至{to}期间同时有效",
        "{a} and {b} both hold from {from} to {to}",
        "请给前一文件写effective_to，或在后一文件写replaces。",
        "Give the older text `effective_to`, or let the newer one name it in `replaces`.",
    ),
    "KG207": Message(
        "E",
        "“{line}”在{period}没有有效文本",
        "No text of {line} holds for {period}",
        "请核对各版本的effective_from、effective_to，或选择有文本有效的期间。",
        "Check the dates of its versions, or choose a period that one of them governs.",
    ),
}
