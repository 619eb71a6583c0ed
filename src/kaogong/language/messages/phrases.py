"""English phrases that findings are filled with, and their Chinese.

A finding's values arrive as text. Those that name what was expected, what stands there instead, or
why something cannot be read, are the project's own words and are looked up here when the sentence
is Chinese. A phrase that is not listed, above all a user's own words, is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# The place holders whose texts may be phrases; all others hold the user's words or numbers.
SPOKEN = frozenset({"expected", "got", "kinds", "instead", "reason", "construct", "what"})

PHRASES: Mapping[str, str] = {
    # -- kinds of value
    "number": "数",
    "text": "文字",
    "yes/no": "是或否",
    "yes_no": "是或否",
    "date": "日期",
    "code": "代码",
    "open": "待定",
    "number or date": "数或日期",
    "a name": "名称",
    "a table": "参数表",
    "a list": "代码清单",
    "a number": "数",
    "a ratio": "比率",
    "an indicator": "指标",
    "a link field": "关联字段",
    "a parameter table": "参数表",
    "a result that a scheme of that register publishes": "该名录的办法所公布的结果",
    # -- shapes of documents
    "a mapping": "成对书写的内容（名称: 内容）",
    "a text": "文字",
    "a title": "标题",
    "a text or {zh:, en:}": "文字，或{zh:, en:}",
    "true or false": "true或false",
    "a name or a list of names": "名称或名称的列表",
    "one value, not a range": "一个值，不是区间",
    "a value, not a figure": "一个值，不是group一类的统计值",
    "a figure of many": "group一类的统计值",
    "a written value": "写定的值",
    "missing, worst, best or a number": "missing、worst、best或数",
    "… desc or … asc": "“… desc”或“… asc”",
    "a share in % or places from 1": "百分比的区间，或从1起的名次区间",
    "[a-z][a-z0-9_]*": "小写字母开头，只含小写字母、数字和下划线",
    "a condition": "条件",
    "named conditions": "逐一命名的条件",
    "a value": "值",
    "a value: a quantity, an expression, bands, cases, a figure or open": (
        "值：数量、表达式、分档表、情形表、统计值或待定"
    ),
    "{of: expression, bands: {interval: value}}": "{of: 表达式, bands: {区间: 值}}",
    "a list of {when:, then:}": "{when:, then:}的列表",
    "{when:, then:} or {else:}": "{when:, then:}或{else:}",
    "[least, greatest]": "[最低, 最高]",
    "[from, to]": "[起, 止]",
    "a date": "日期",
    "one value": "一个值",
    "named cases": "逐一命名的算例",
    "subject(x) of a field or an indicator": "subject(x)中只写字段或指标",
    "a fact": "字段或指标",
    "a register of `codes`": "写有codes的名录",
    "0 to 12 decimals": "0至12位小数",
    "prior": "上期（prior）",
    "quantile with `at: 80%`": "quantile并写at: 80%",
    'shares, as "[0, 30%]"': "比例区间，如“[0, 30%]”",
    "not a JSON object": "不是JSON对象",
    "a valid dictionary": "成对书写的内容（名称: 内容）",
    "a valid list": "列表",
    "a valid tuple": "列表",
    "a valid string": "文字",
    "a valid integer": "整数",
    "a valid number": "数",
    "a valid boolean": "true或false",
    "a valid date": "日期",
}

# Phrases with something of the user's in them; `\1`, `\2` stand for it.
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"a unit \((.*)\)"), r"计量单位（如\1）"),
    (re.compile(r"a number, (.*)"), r"数，或\1"),
    (re.compile(r"one of (.*)"), r"其中之一：\1"),
    (re.compile(r"a day from (\S+) on"), r"不早于\1的日期"),
    (re.compile(r"((?:[\w.-]+, )*[\w.-]+) or ([\w.-]+)"), r"\1或\2"),
    (re.compile(r"a valid integer, .*"), "整数"),
    (re.compile(r"a valid (?:number|decimal), .*"), "数"),
    (re.compile(r"a valid date(?:time)?[, ].*"), "日期"),
    (re.compile(r"a valid (?:boolean|bool), .*"), "true或false"),
    (re.compile(r"(?:greater than or equal to|at least) (\S+)"), r"不小于\1"),
    (re.compile(r"(?:less than or equal to|at most) (\S+)"), r"不大于\1"),
    (re.compile(r"greater than (\S+)"), r"大于\1"),
    (re.compile(r"less than (\S+)"), r"小于\1"),
)


def in_chinese(name: str, text: str) -> str:
    """Return the Chinese of what fills place holder `name`, or the text where it is no phrase."""
    if name not in SPOKEN:
        return text
    if text in PHRASES:
        return PHRASES[text]
    for pattern, chinese in PATTERNS:
        found = pattern.fullmatch(text)
        if found is not None:
            return found.expand(chinese)
    return text
