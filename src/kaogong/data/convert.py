"""What stands in a cell as a value of its field, in SQL, one expression a cell.

Each expression tries the plain way first (a cast) and reads spellings only where that fails, so a
clean million costs what the casts cost. A cell without a value is NULL; whether it was blank, a
state such as 免报, or unreadable is told by `is_blank`, `state` and `is_unread`.
Decimals beyond the declared scale are rounded half away from zero, as the engine's cast of text
to decimal does; a unit is converted exactly before that, in integers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaogong.data.period_text import period_value
from kaogong.data.shape import PERIOD, FieldKind, FieldShape
from kaogong.data.sql import Sql, integer, joined, sql
from kaogong.language.period import Grain
from kaogong.language.state import STATES

BLANKS = (
    "",
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "/",
    "\\",
    "无",
    "#n/a",
    "n/a",
    "null",
    "nan",
    "未报",
)
FORMULA_ERRORS = ("#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!")
YES = ("是", "1", "true", "yes", "y", "t", "√", "对")
NO = ("否", "0", "false", "no", "n", "f", "×", "错")

LONGEST_BLANK = 15  # bytes; a longer cell is not looked up among the blanks
ROUGH_DIGITS = 15  # digits that a workbook keeps of a number
WIDTH = 38  # decimal digits of the widest integer that the engine has

# Full-width signs and the half-width ones they stand for; blanks of all kinds become a blank.
_WIDE = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ．，－＋％（）／＃：−　\u00a0\t\r\n"
_HALF = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,-+%()/#:-     "


def _is_one_of(words: tuple[str, ...], text: Sql) -> Sql:
    """Return whether a text is one of our own words.

    A pattern, because the engine turns a long IN into a join, and then works out its left side
    for every row: a branch of a CASE would no longer be asked only where it matters.
    """
    pattern = "|".join(re.escape(word) for word in words)
    return sql("regexp_full_match({text}, '{pattern}')", text=text, pattern=Sql(pattern))


_PLAIN = sql(
    "trim(CASE WHEN strlen({{cell}}) = length({{cell}}) THEN regexp_replace({{cell}}, '\\s', ' ', 'g') "
    "ELSE translate({{cell}}, '{wide}', '{half}') END)",
    wide=Sql(_WIDE),
    half=Sql(_HALF),
).text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of one column in SQL, its field, and how its number becomes the register's."""

    given: Sql  # the column as the sheet gives it
    field: FieldShape
    type: str = "VARCHAR"  # the engine's type of that column
    factor: Fraction = Fraction(1)
    grain: Grain | None = None  # of the register, for the column of periods

    @property
    def is_text(self) -> bool:
        """Tell whether the sheet gives text, and not a value of a type."""
        return self.type == "VARCHAR"

    @property
    def text(self) -> Sql:
        """Return what stands in the cell, as text."""
        return self.given if self.is_text else sql("CAST({cell} AS VARCHAR)", cell=self.given)


def converted(cell: Cell) -> Sql:
    """Return the cell as a value of its field's type; NULL where it has none."""
    if cell.field.id == PERIOD and cell.grain is not None:
        return period_value(plain(cell.text), cell.text, cell.grain)
    if cell.type == _SAME_TYPE.get(cell.field.kind):
        return cell.given
    return _CONVERTED[cell.field.kind](cell)


def plain(text: Sql) -> Sql:
    """Return a text with half-width signs and without blanks around it."""
    return sql(_PLAIN, cell=text)


def _once(text: Sql, body: Sql) -> Sql:
    """Return `body`, a term over `p`, for the plain spelling of a text, worked out once.

    The engine takes a term that stands twice in a statement out of the branches of a CASE and
    works it out for every row; so the costly one may stand in a statement but once a cell.
    """
    return sql("list_transform([{plain}], lambda p: {body})[1]", plain=plain(text), body=body)


def tidy_number(text: Sql) -> Sql:
    """Return a national number in capitals without blanks and full-width signs; NULL for a blank."""
    return _once(
        text,
        sql("CASE WHEN NOT {blank} THEN upper(replace(p, ' ', '')) END", blank=_says_nothing()),
    )


def is_blank(text: Sql) -> Sql:
    """Return whether the cell says nothing: empty, `-`, `/`, `无`, `#N/A`."""
    return sql("coalesce({blank}, true)", blank=_once(text, _says_nothing()))


def _says_nothing() -> Sql:
    """Return whether `p` is one of the words for nothing."""
    return _is_one_of(BLANKS, Sql("lower(p)"))


def is_plainly_blank(text: Sql) -> Sql:
    """Return whether the cell holds the commonest words for nothing, at once and on any number."""
    return sql("({text} = '' OR {text} = '-' OR {text} = '/' OR {text} = '无')", text=text)


def is_formula_error(text: Sql) -> Sql:
    """Return whether the cell is an error of a formula, such as `#DIV/0!`."""
    return sql(
        "CASE WHEN starts_with({text}, '#') THEN {error} ELSE false END",
        text=text,
        error=_is_one_of(FORMULA_ERRORS, sql("lower({plain})", plain=plain(text))),
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


def may_be_unread(cell: Cell, converted_to: Sql) -> Sql:
    """Return whether something stands in the cell that may be no value; false for most text.

    Rare words for nothing, states and errors of formulas count too: they are told apart later,
    where rows are few.
    """
    if cell.field.kind in ("text", "code", "link") and cell.field.id != PERIOD:
        is_free = cell.field.kind == "text" or cell.field.has_list
        return Sql("false") if is_free else is_lost(cell.text)
    return sql(
        "({value} IS NULL AND {given} IS NOT NULL AND NOT {blank})",
        value=converted_to,
        given=cell.given,
        blank=is_plainly_blank(cell.text),
    )


def is_rounded(cell: Cell) -> Sql:
    """Return whether the number had more decimals than its field keeps."""
    if cell.field.kind != "number":
        return Sql("false")
    if cell.factor != 1:
        return sql("coalesce({rest} <> 0, false)", rest=_divided(cell, "%"))
    if not cell.is_text:
        return sql(
            "coalesce({given} <> try_cast({given} AS {type}), false)",
            given=cell.given,
            type=cell.field.sql_type,
        )
    return sql(
        "CASE WHEN instr({text}, '.') > 0 AND strlen({text}) - instr({text}, '.') > {scale} "
        "THEN regexp_matches({digits}, '[.][0-9]{{{scale}}}[0-9]*[1-9]') ELSE false END",
        text=cell.given,
        digits=_digits_of_sheet(cell),
        scale=integer(cell.field.scale),
    )


def number_of(text: Sql, *, percent_is: str = "") -> Sql:
    """Return the plain digits of a number however it is written, or NULL.

    Thousands commas must stand where they belong; brackets mean less than zero; a percent sign is
    read where the field is in % (`strip`) or a pure ratio (`divide`).
    """
    percent = _PERCENT.get(percent_is, Sql(""))
    return _once(
        text,
        sql(
            "CASE"
            " WHEN regexp_full_match(p, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE]-[0-9]+)?') THEN p"
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


def _number(cell: Cell) -> Sql:
    kind = cell.field.column.sql_type
    if cell.factor != 1:
        return _in_other_unit(cell)
    if not cell.is_text:
        return sql("try_cast({given} AS {type})", given=cell.given, type=cell.field.sql_type)
    plainly = sql(
        "CASE WHEN contains({text}, 'E') OR contains({text}, 'e') "
        "THEN NULL ELSE try_cast({digits} AS {type}) END",
        text=cell.given,
        digits=_digits_of_sheet(cell),
        type=Sql(kind),
    )
    spelled = sql(
        "try_cast({number} AS {type})",
        number=number_of(cell.given, percent_is=_percent_of(cell.field)),
        type=Sql(kind),
    )
    return sql(
        "CAST(coalesce({plainly}, {spelled}) AS {type})",
        plainly=plainly,
        spelled=spelled,
        type=cell.field.sql_type,
    )


def _percent_of(field: FieldShape) -> str:
    return {"%": "strip", "": "divide"}.get(field.unit or "", "")


def _digits_of_sheet(cell: Cell) -> Sql:
    """Return the digits, those of a computed cell as a sheet shows them: 0.3, not 0.30000000000004."""
    if cell.type != "VARCHAR":
        return cell.text
    return sql(
        "CASE WHEN strlen({text}) > {long} AND regexp_full_match({text}, '-?[0-9]{{1,14}}[.][0-9]+')"
        " THEN printf('%.15g', try_cast({text} AS DOUBLE)) ELSE {text} END",
        text=cell.given,
        long=integer(ROUGH_DIGITS + 2),
    )


def _in_other_unit(cell: Cell) -> Sql:
    """Return the number in the register's unit, rounded half away from zero."""
    whole = sql("CAST({units} AS DECIMAL(38,0))", units=_divided(cell, "//"))
    step = Sql(f"0.{'0' * (cell.field.scale - 1)}1" if cell.field.scale else "1")
    return sql(
        "try_cast({whole} * {step} AS {type})", whole=whole, step=step, type=cell.field.sql_type
    )


def _divided(cell: Cell, operator: str) -> Sql:
    """Return quotient (`//`, half away from zero) or rest (`%`) of the conversion, in integers.

    Digits x numerator over 10^decimals x denominator, all as integers of 128 bits; NULL where
    the digits do not fit, which counts as a number too large for its field.
    """
    scaled = cell.factor * Fraction(10) ** cell.field.scale
    digits = sql("replace({number}, '.', '')", number=Sql("n"))
    above = sql(
        "CAST({digits} AS HUGEINT) * {times}", digits=digits, times=integer(scaled.numerator)
    )
    below = sql(
        "CAST(rpad('1', CAST(1 + {decimals} AS INTEGER), '0') AS HUGEINT) * {times}",
        decimals=Sql("CASE WHEN contains(n, '.') THEN strlen(n) - instr(n, '.') ELSE 0 END"),
        times=integer(scaled.denominator),
    )
    room = WIDTH - 3 - len(str(scaled.numerator * scaled.denominator))
    result = sql(_DIVIDED[operator], above=above, below=below)
    return sql(
        "list_transform([{number}], lambda n: CASE WHEN strlen(n) <= {room} THEN {result} END)[1]",
        number=_fixed(number_of(cell.text, percent_is=_percent_of(cell.field))),
        room=integer(room),
        result=result,
    )


_DIVIDED = {
    "//": "sign({above}) * ((2 * abs({above}) + {below}) // (2 * {below}))",
    "%": "abs({above}) % ({below})",
}


def _fixed(number: Sql) -> Sql:
    """Return the digits of a number without an exponent."""
    return sql(
        "list_transform([{number}], lambda d: CASE WHEN contains(lower(d), 'e') THEN "
        "CAST(try_cast(d AS DECIMAL(38,25)) AS VARCHAR) ELSE d END)[1]",
        number=number,
    )


def _date(cell: Cell) -> Sql:
    """Return the day: ISO and its kin by a cast, else 2023年5月1日, 20230501 or a serial number."""
    plainly = sql(
        "CASE WHEN strlen({text}) BETWEEN 8 AND 10 AND ascii({text}) BETWEEN 48 AND 57 "
        "AND NOT contains({text}, ' ') THEN try_cast({text} AS DATE) END",
        text=cell.text,
    )
    return sql("coalesce({plainly}, {spelled})", plainly=plainly, spelled=date_of(cell.text))


def date_of(text: Sql) -> Sql:
    """Return a day however an office writes it, or NULL; a month without a day is none."""
    return _once(
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


def _yes_no(cell: Cell) -> Sql:
    spelled = sql(
        "CASE WHEN {is_yes} THEN true WHEN {is_no} THEN false END",
        is_yes=_is_one_of(YES, Sql("lower(p)")),
        is_no=_is_one_of(NO, Sql("lower(p)")),
    )
    return sql(
        "CASE WHEN {text} = '是' THEN true WHEN {text} = '否' THEN false "
        "WHEN {text} IS NOT NULL THEN {spelled} END",
        text=cell.text,
        spelled=_once(cell.text, spelled),
    )


def _text(cell: Cell) -> Sql:
    """Return the text without blanks around it; a blank word is no text."""
    return _tidied(cell.text, sql("trim({text}, ' \t\r\n\u3000\u00a0')", text=cell.text))


def _mark(cell: Cell) -> Sql:
    """Return a code or the name of a record; one that a list holds is set right by that list."""
    if cell.field.has_list:
        return cell.text
    return _tidied(cell.text, Sql("p"))


def _tidied(text: Sql, tidy: Sql) -> Sql:
    """Return a text as it stands where no blank is around it, else `tidy`, a term over `p`."""
    return sql(
        "CASE WHEN strlen({text}) <= {longest} AND {rare} OR {loose} THEN {spelled} ELSE {text} END",
        text=text,
        longest=integer(LONGEST_BLANK),
        rare=_begins_rarely(text),
        loose=_ends_loosely(text),
        spelled=_once(
            text, sql("CASE WHEN NOT {blank} THEN {tidy} END", blank=_says_nothing(), tidy=tidy)
        ),
    )


def _begins_rarely(text: Sql) -> Sql:
    """Return whether a text begins as blanks, full-width signs and the words for nothing do.

    By order and not by sign: the engine compares the first bytes of a text without reading it.
    """
    ranges = (("\u2010", "\u3001"), ("\uff01", None), ("\u00a0", "\u00a1"), ("无", "旡"),
              ("未", "末"), ("N", "O"), ("n", "o"), ("\\", "]"))  # fmt: skip
    within = (
        sql(
            "({text} >= '{low}'{high})",
            text=text,
            low=Sql(low),
            high=sql(" AND {text} < '{high}'", text=text, high=Sql(high)) if high else Sql(""),
        )
        for low, high in ranges
    )
    return sql("({text} < '0' OR {within})", text=text, within=joined(" OR ", within))


def _ends_loosely(text: Sql) -> Sql:
    """Return whether a blank stands before or behind the text."""
    signs = ("' '", "'\u3000'", "'\u00a0'", "'\t'", "'\n'")
    ends = (sql("suffix({text}, {sign})", text=text, sign=Sql(sign)) for sign in signs)
    return sql(
        "({text} < '!' OR {text} BETWEEN '\u3000' AND '\u3001' OR {ends})",
        text=text,
        ends=joined(" OR ", ends),
    )


def is_lost(text: Sql) -> Sql:
    """Return whether the text is a number that no longer shows all its digits."""
    return sql(
        "CASE WHEN ascii({text}) BETWEEN 48 AND 57 AND "
        "(contains({text}, 'E+') OR contains({text}, 'e+') OR suffix({text}, '.0')) THEN "
        "regexp_full_match({text}, '[0-9]([.][0-9]+)?[eE][+][0-9]+ *|[0-9]{{15,}}[.]0') "
        "ELSE false END",
        text=text,
    )


_CONVERTED: Mapping[FieldKind, Callable[[Cell], Sql]] = {
    "number": _number,
    "date": _date,
    "yes_no": _yes_no,
    "text": _text,
    "code": _mark,
    "link": _mark,
}
_SAME_TYPE: Mapping[FieldKind, str] = {"date": "DATE", "yes_no": "BOOLEAN"}
