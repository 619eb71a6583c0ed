"""What SQL and other languages say that an expression does not, and what to write instead.

An expression sees one subject and one period, gives the same result for ever, and computes no text
(language, section 3.6). Words and signs are refused before parsing, because some of them would
parse to something harmless-looking; constructs are refused by their class of node afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from kaogong.language.words import Words

_ONE_SUBJECT = Words(
    "表达式只看一个主体，其记录用…_of类函数",
    "an expression sees one subject; use the …_of functions for its records",
)
_DECLARED = Words("请在名录字段上声明值的类别", "declare the kind of the field")
_NO_PATTERN = Words("starts_with(t, p)或contains(t, p)", "starts_with(t, p) or contains(t, p)")
_AS_OF = Words("请写as_of", "write as_of")
_CASE = Words("请写case when … then … else … end", "write case when … then … else … end")
_NAMED = Words("请给该步命名并写小数位数", "name that step and give it a scale")
_ACROSS = Words("请用rank、classes或figure", "use rank, classes or a figure")
_OWN_OPERATORS = Words("只用+ - * /、比较、and、or、not", "use + - * /, comparisons, and, or, not")
_A_NAME = Words("请直接写名称", "write a name")
_NO_COMMENT = Words("说明请写入note或title", "write remarks in `note` or `title`")
_NO_TEXT = Words("文字不作计算", "texts are not computed")
WRITTEN_CODES = Words("请写in ('甲', '乙')", "write in ('a', 'b')")

# Words that stand for no name.
WORDS: dict[str, Words] = {
    "select": _ONE_SUBJECT,
    "from": _ONE_SUBJECT,
    "over": _ACROSS,
    "like": _NO_PATTERN,
    "ilike": _NO_PATTERN,
    "interval": Words(
        "请写years_ago、months_ago、days_ago或add_days",
        "write years_ago, months_ago, days_ago or add_days",
    ),
    "current_date": _AS_OF,
    "current_timestamp": _AS_OF,
}
# Words that are refused before a bracket; without one a field may be called so, as `power` is.
CALLS: dict[str, Words] = {
    "cast": _DECLARED,
    "try_cast": _DECLARED,
    "now": _AS_OF,
    "today": _AS_OF,
    "random": Words("结果须可重复，请删去", "results must repeat; leave it out"),
    "if": _CASE,
    "iif": _CASE,
    "nullif": Words("请用指标的on_zero或case", "use on_zero of the indicator, or case"),
    "power": Words("请用compound_growth或命名的值", "use compound_growth, or a named value"),
    "log": _NAMED,
    "ln": _NAMED,
    "exp": _NAMED,
    "sqrt": _NAMED,
}
# Signs of other languages, longest first, and what to write.
SIGNS: Mapping[str, Words] = {
    "->>": _A_NAME,
    "->": _A_NAME,
    "<=>": Words("请写=", "write ="),
    "==": Words("请写=", "write ="),
    "!=": Words("请写<>", "write <>"),
    ":=": _A_NAME,
    "||": _NO_TEXT,
    "&&": Words("请写and", "write and"),
    "<<": _OWN_OPERATORS,
    ">>": _OWN_OPERATORS,
    "::": _DECLARED,
    "--": _NO_COMMENT,
    "/*": _NO_COMMENT,
    "#": _NO_COMMENT,
    "**": _NAMED,
    "!": Words("请写not", "write not"),
    "{": _A_NAME,
    "}": _A_NAME,
    ";": Words("一处只写一个表达式", "write one expression"),
    "$": _A_NAME,
    "@": _A_NAME,
    "?": _A_NAME,
    ":": _A_NAME,
    "`": Words("特殊的名称加双引号", "put odd names in double quotes"),
    "\\": _A_NAME,
    "~": _OWN_OPERATORS,
    "^": _OWN_OPERATORS,
    "&": _OWN_OPERATORS,
    "|": _OWN_OPERATORS,
}
CONSTRUCTS: Mapping[type[exp.Expr], tuple[Words | str, Words]] = {
    exp.Dot: ("a.b", Words("请写via(关联字段, 名称)", "write via(link, name)")),
    exp.Bracket: ("x[1]", Words("请写prior(x, n)", "write prior(x, n)")),
    exp.Array: ("[…]", WRITTEN_CODES),
    exp.Star: ("*", _ONE_SUBJECT),
    exp.Alias: (
        Words("并列的两个词", "one word after another"),
        Words(
            "数后须紧跟计量单位表中的单位，含空格的名称加双引号",
            "a unit from the unit table stands behind its number, a name with blanks in quotes",
        ),
    ),
    exp.Mod: (
        "%",
        Words("百分号须紧跟在数后", "a percent sign stands directly behind its number"),
    ),
    exp.Tuple: ("(a, b)", WRITTEN_CODES),
    exp.National: ("N'…'", Words("文字写在单引号内", "put texts in single quotes")),
}
OTHER = (
    Words("这种写法", "this construct"),
    Words("只用本语言的运算符和函数", "use the operators and functions of the language"),
)
LINK = CONSTRUCTS[exp.Dot]
