"""Findings of expressions: KG301 to KG310."""

from __future__ import annotations

from kaogong.language.messages.message import Message

EXPRESSIONS: dict[str, Message] = {
    "KG301": Message(
        "E",
        "不是有效的表达式：{reason}",
        "Not an expression: {reason}",
        "请核对括号、引号和运算符；含特殊符号的名称加双引号，文字加单引号。",
        "Check brackets, quotes and operators; odd names take double, texts single quotes.",
    ),
    "KG302": Message(
        "E",
        "不允许使用{construct}；{instead}",
        "{construct} is not allowed; {instead}",
        "表达式只看一个主体、一个期间；请按提示的写法改写。",
        "An expression sees one subject and one period; write it in the way named.",
    ),
    "KG303": Message(
        "E",
        "出现全角字符“{char}”，请写“{half}”",
        'Full-width character "{char}"; write "{half}"',
        "表达式中的括号、运算符和数字一律用半角；全角字符只可写在引号内。",
        "Brackets, operators and digits are half-width; others belong inside quotes.",
    ),
    "KG304": Message(
        "E",
        "函数{function}应带{n}个参数",
        "{function} takes {n} arguments",
        "请对照函数表增减参数；参数之间用半角逗号隔开。",
        "Compare with the table of functions; arguments are separated by commas.",
    ),
    "KG305": Message(
        "E",
        "{left}与{right}不能比较：{kinds}",
        "{left} and {right} cannot be compared: {kinds}",
        "两边须为同一类值、同一代码表；不同代码表之间请先写明对照。",
        "Both sides need one kind and one vocabulary; map one vocabulary to the other first.",
    ),
    "KG306": Message(
        "E",
        "函数“{function}”涉及多个主体，请改用“{key}”项",
        '"{function}" looks across subjects; use "{key}"',
        "均值、排名、合计等写在为其专设的项中，不写在表达式里。",
        "Means, ranks and totals stand in keys made for them, never inside an expression.",
    ),
    "KG307": Message(
        "E",
        "函数{function}的期数须为直接写出的整数",
        "The number of periods of {function} must be a written whole number",
        "请直接写期数，如prior(营业收入, 2)；不得用字段或算式代替。",
        "Write the number itself, as in prior(营业收入, 2), not a field or a sum.",
    ),
    "KG309": Message(
        "E",
        "表达式过长或过于复杂：{what}",
        "Expression too long or too complex: {what}",
        "请把其中一部分在let中命名，或改用分档表、情形表。",
        "Give a part of it a name under `let`, or use a band table or a case table.",
    ),
    "KG310": Message(
        "E",
        "{place}应为{expected}，实为{got}",
        "{place} needs {expected}, not {got}",
        "请改写此处，使其结果为{expected}。",
        "Rewrite this place so that it gives {expected}.",
    ),
}
