"""What the text of a cell may be, in SQL: a word for nothing, a state, digits, a day.

Offices write one thing in many ways; here stands which ways are read. Each reading works on the
plain spelling of the text: half-width signs, no blanks around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kaogong.data.sql import Sql, sql
from kaogong.language.state import STATES

BLANKS = (
    *("", "-", "--", "---", "—", "——", "–", "/", "\\", "无", "#n/a", "n/a", "null", "nan"),
    *STATES["not_reported"].spellings,
)
FORMULA_ERRORS = ("#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!")
YES = ("是", "1", "true", "yes", "y", "t", "√", "对")
NO = ("否", "0", "false", "no", "n", "f", "×", "错")


# Full-width signs and the half-width ones they stand for; blanks of all kinds become a blank.
_SIGNS = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,-+%()/#:"  # in both widths
)
_BLANK_SIGNS = "\u3000\u00a0\t\r\n"
_WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in _SIGNS) + "−" + _BLANK_SIGNS
_HALF = _SIGNS + "-" + " " * len(_BLANK_SIGNS)


_PLAIN = sql(
    "CASE WHEN strlen({{cell}}) = length({{cell}}) THEN trim({{cell}}, ' \t\r\n') "
    "ELSE trim(translate({{cell}}, '{wide}', '{half}')) END",
    wide=Sql(_WIDE),
    half=Sql(_HALF),
).text


def plain(text: Sql) -> Sql:
    """Return a text with half-width signs and without blanks around it."""
    return sql(_PLAIN, cell=text)


def once(text: Sql, body: Sql) -> Sql:
    """Return `body`, a term over `p`, for the plain spelling of a text, worked out once.

    The engine takes a term that stands twice in a statement out of the branches of a CASE and
    works it out for every row; so the costly one may stand in a statement but once a cell.
    """
    return sql("list_transform([{plain}], lambda p: {body})[1]", plain=plain(text), body=body)


def is_one_of(words: tuple[str, ...], text: Sql) -> Sql:
    """Return whether a text is one of our own words.

    A pattern, because the engine turns a long IN into a join, and then works out its left side
    for every row: a branch of a CASE would no longer be asked only where it matters.
    """
    pattern = "|".join(re.escape(word) for word in words)
    return sql("regexp_full_match({text}, '{pattern}')", text=text, pattern=Sql(pattern))


def tidy_number(text: Sql) -> Sql:
    """Return a national number in capitals, half-width, without blanks; NULL for a blank."""
    return once(
        text,
        sql("CASE WHEN NOT {blank} THEN upper(replace(p, ' ', '')) END", blank=says_nothing()),
    )


def is_blank(text: Sql) -> Sql:
    """Return whether the cell says nothing: empty, `-`, `/`, `无`, `#N/A`."""
    return sql("coalesce({blank}, true)", blank=once(text, says_nothing()))


def says_nothing() -> Sql:
    """Return whether `p` is one of the words for nothing."""
    return is_one_of(BLANKS, Sql("lower(p)"))


def is_plainly_blank(text: Sql) -> Sql:
    """Return whether the cell holds the commonest words for nothing, at once and on any number."""
    return sql("({text} = '' OR {text} = '-' OR {text} = '/' OR {text} = '无')", text=text)


def is_formula_error(text: Sql) -> Sql:
    """Return whether the cell is an error of a formula, such as `#DIV/0!`."""
    return sql(
        "CASE WHEN starts_with({text}, '#') THEN {error} ELSE false END",
        text=text,
        error=is_one_of(FORMULA_ERRORS, sql("lower({plain})", plain=plain(text))),
    )


def state(text: Sql) -> Sql:
    """Return the state that a word in the cell spells, or NULL; not_reported is a plain blank."""
    cases = "".join(
        f" WHEN '{word}' THEN '{each}'"
        for each, row in STATES.items()
        if each != "not_reported"
        for word in row.spellings
    )
    return sql(
        f"CASE WHEN strlen({{text}}) > length({{text}}) THEN CASE trim({{text}}){cases} END END",
        text=text,
    )


def number_of(text: Sql, *, percent_is: str = "") -> Sql:
    """Return the plain digits of a number however it is written, or NULL.

    Thousands commas must stand where they belong; brackets mean less than zero; a percent sign is
    read where the field is in % (`strip`) or a pure ratio (`divide`).
    """
    percent = _PERCENT.get(percent_is, Sql(""))
    return once(
        text,
        sql(
            "CASE"
            " WHEN regexp_full_match(p,"
            " '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)(E-[0-9]+|e[+-]?[0-9]+)?') THEN p"
            " WHEN regexp_full_match(p, '[+-]?[0-9]{{1,3}}(,[0-9]{{3}})+([.][0-9]*)?')"
            " THEN replace(p, ',', '')"
            " WHEN regexp_full_match(p, '[(][0-9]{{1,3}}(,?[0-9]{{3}})*([.][0-9]*)?[)]')"
            " THEN '-' || regexp_replace(p, '[(),]', '', 'g')"
            "{percent} END",
            percent=percent,
        ),
    )


_PERCENT: Mapping[str, Sql] = {
    "strip": Sql(" WHEN regexp_full_match(p, '[+-]?[0-9]+([.][0-9]+)?%') THEN replace(p, '%', '')"),
    "divide": Sql(
        " WHEN regexp_full_match(p, '[+-]?[0-9]{1,14}([.][0-9]{1,14})?%') THEN"
        " CAST(CAST(replace(p, '%', '') AS DECIMAL(30,14)) * 0.01 AS VARCHAR)"
    ),
}


def date_of(text: Sql) -> Sql:
    """Return a day however an office writes it, or NULL; a month without a day is none."""
    return once(
        text,
        sql(
            "CASE"
            " WHEN regexp_full_match(p, '{long}')"
            " THEN try_cast(regexp_replace(p, '{long}', '\\1-\\2-\\3') AS DATE)"
            " WHEN regexp_full_match(p, '[12][0-9]{{7}}') THEN try_cast(regexp_replace(p,"
            " '([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})', '\\1-\\2-\\3') AS DATE)"
            " WHEN regexp_full_match(p, '[1-9][0-9]{{4}}([.][0-9]+)?')"
            " THEN DATE '1899-12-30' + CAST(floor(try_cast(p AS DECIMAL(18,6))) AS INTEGER)"
            " END",
            long=Sql(_LONG_DATE),
        ),
    )


_LONG_DATE = (
    "([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
    "([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?"
)


def is_lost(text: Sql) -> Sql:
    """Return whether the text is a number that no longer shows all its digits."""
    return sql(
        "CASE WHEN ascii({text}) BETWEEN 48 AND 57 AND "
        "(contains({text}, 'E+') OR contains({text}, 'e+')) THEN "
        "regexp_full_match({text}, '[0-9]([.][0-9]+)?[eE][+][0-9]+ *') "
        "ELSE false END",
        text=text,
    )
