"""What stands in a cell as a value of its field, in SQL, one expression a cell.

Each expression tries the plain way first (a cast) and reads spellings only where that fails, so a
clean million costs what the casts cost. A cell without a value is NULL; `may_be_unread` marks
those that hold something all the same, to be looked at once more where rows are few.
Decimals beyond the declared scale are rounded half away from zero, as the engine's cast of text
to decimal does; a unit is converted exactly before that, in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaogong.data.cell_text import (
    FORMULA_ERRORS,
    NO,
    YES,
    date_of,
    is_lost,
    is_one_of,
    is_plainly_blank,
    number_of,
    once,
    plain,
    says_nothing,
)
from kaogong.data.period_text import period_value
from kaogong.data.shape import PERIOD, FieldKind, FieldShape
from kaogong.data.sql import Sql, integer, joined, sql
from kaogong.language.period import Grain

LONGEST_BLANK = 15  # bytes; a longer text is not looked up among the words for nothing
WIDTH = 38  # decimal digits of the widest integer that the engine has


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


def may_be_unread(cell: Cell, converted_to: Sql) -> Sql:
    """Return whether something stands in the cell that may be no value; false for most text.

    Rare words for nothing, states and errors of formulas count too: they are told apart later,
    where rows are few.
    """
    if cell.field.kind in ("text", "code", "link") and cell.field.id != PERIOD:
        if cell.field.has_list:
            return Sql("false")
        error = sql("coalesce(starts_with({text}, '#'), false)", text=cell.text)
        if cell.field.kind == "text":
            return error
        return sql("({lost} OR {error})", lost=is_lost(cell.text), error=error)
    return sql(
        "CASE WHEN {value} IS NULL AND {given} IS NOT NULL THEN NOT {blank} ELSE false END",
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
        "THEN regexp_matches({text}, '[.][0-9]{{{scale}}}[0-9]*[1-9]') ELSE false END",
        text=cell.given,
        scale=integer(cell.field.scale),
    )


def _number(cell: Cell) -> Sql:
    kind = cell.field.column.sql_type
    if cell.factor != 1:
        return _in_other_unit(cell)
    if not cell.is_text:
        return sql("try_cast({given} AS {type})", given=cell.given, type=cell.field.sql_type)
    plainly = sql(
        "CASE WHEN contains({text}, 'E') THEN NULL ELSE try_cast({text} AS {type}) END",
        text=cell.given,
        type=Sql(kind),
    )
    spelled = sql(
        "CASE WHEN NOT {blank} THEN try_cast({number} AS {type}) END",
        blank=is_plainly_blank(cell.given),
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


def _yes_no(cell: Cell) -> Sql:
    spelled = sql(
        "CASE WHEN {is_yes} THEN true WHEN {is_no} THEN false END",
        is_yes=is_one_of(YES, Sql("lower(p)")),
        is_no=is_one_of(NO, Sql("lower(p)")),
    )
    return sql(
        "CASE WHEN {text} = '是' THEN true WHEN {text} = '否' THEN false "
        "WHEN {text} IS NOT NULL THEN {spelled} END",
        text=cell.text,
        spelled=once(cell.text, spelled),
    )


def _text(cell: Cell) -> Sql:
    """Return the text without blanks around it; a blank word is no text."""
    may_say_nothing = sql(
        "strlen({text}) <= {longest} AND {rare}",
        text=cell.text,
        longest=integer(LONGEST_BLANK),
        rare=_begins_rarely(cell.text),
    )
    trimmed = sql("trim({text}, ' \t\r\n\u3000\u00a0')", text=cell.text)
    return _tidied(cell.text, may_say_nothing, trimmed)


def _mark(cell: Cell) -> Sql:
    """Return a code or the name of a record; one that a list holds is set right by that list."""
    if cell.field.has_list:
        return cell.text
    return _tidied(cell.text, _begins_rarely(cell.text), Sql("p"))


def _tidied(text: Sql, where: Sql, tidy: Sql) -> Sql:
    """Return a text as it stands, or `tidy`, a term over `p`, `where` it may be untidy."""
    return sql(
        "CASE WHEN {where} OR {loose} THEN {spelled} ELSE {text} END",
        text=text,
        where=where,
        loose=_ends_loosely(text),
        spelled=once(
            text,
            sql("CASE WHEN NOT ({blank}) THEN {tidy} END", blank=_is_no_text(), tidy=tidy),
        ),
    )


def _is_no_text() -> Sql:
    """Return whether `p` is a word for nothing or the error of a formula."""
    error = is_one_of(FORMULA_ERRORS, Sql("lower(p)"))
    return sql("{blank} OR {error}", blank=says_nothing(), error=error)


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


_CONVERTED: Mapping[FieldKind, Callable[[Cell], Sql]] = {
    "number": _number,
    "date": _date,
    "yes_no": _yes_no,
    "text": _text,
    "code": _mark,
    "link": _mark,
}
_SAME_TYPE: Mapping[FieldKind, str] = {"date": "DATE", "yes_no": "BOOLEAN"}
