"""Numbers that carry their own check digit: GB 32100-2015, GB 11714-1997 and registration numbers.

A unified social credit code has 18 characters without I, O, S, V and Z: registering department,
kind, division at the time of registration, organisation code, check character (GB 32100-2015,
section 4). Departments are digits or A, N, Y; the division never changes with the map, so no
place is read from it. The organisation code has a check character of its own (GB 11714-1997);
codes exist whose ninth digit does not follow it, so it is not asked of a credit code.
A registration number of 15 digits follows ISO 7064 MOD 11,10 (工商总局 GS 15-2006).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from kaogong.data.shape import NumberCheck
from kaogong.data.sql import Sql, integer, joined, sql

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Reason = Literal["length", "character", "department", "division", "check digit"]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
LENGTH = 18

# Registering departments (table 1 of the standard with its later additions).
DEPARTMENTS = "123456789ANY"

# What each number looks like before its check digit is worked out.
LOOKS: Mapping[NumberCheck, str] = {
    "credit_code": f"[{DEPARTMENTS}][{ALPHABET}][0-9]{{6}}[{ALPHABET}]{{10}}",
    "organisation_code": "[0-9A-Z]{8}-?[0-9X]",
    "registration_number": "[0-9]{15}",
}
_WRONG = "9" * 17 + "A"

_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ASCII = "".join(map(chr, range(128)))

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_credit_code(text: str) -> Reason | None:
    """Return why `text` is no unified social credit code, or None where it is one.

    >>> check_credit_code("91330381MA00TEH1XT")
    >>> check_credit_code("91330381MA00TEH1XU")
    'check digit'
    """
    if len(text) != LENGTH:
        return "length"
    if any(sign not in ALPHABET for sign in text):
        return "character"
    if text[0] not in DEPARTMENTS:
        return "department"
    if not text[2:8].isdigit():
        return "division"
    return None if credit_check_character(text[:17]) == text[17] else "check digit"


def credit_check_character(body: str) -> str:
    """Return the last character for the first 17 of a credit code."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check_organisation_code(text: str) -> Reason | None:
    """Return why `text` is no organisation code of GB 11714, with or without its hyphen."""
    signs = text.replace("-", "")
    if len(signs) != 9:
        return "length"
    if any(sign not in _ORGANISATION_SIGNS for sign in signs):
        return "character"
    total = sum(
        _ORGANISATION_SIGNS.index(sign) * weight
        for sign, weight in zip(signs[:8], _ORGANISATION_WEIGHTS, strict=True)
    )
    return None if "0123456789X"[-total % 11] == signs[8] else "check digit"


def check_registration_number(text: str) -> Reason | None:
    """Return why `text` is no registration number of 15 digits (six of them the office's)."""
    if len(text) != 15:
        return "length"
    if not (text.isascii() and text.isdigit()):
        return "character"
    product = 10
    for digit in map(int, text[:14]):
        product = ((product + digit) % 10 or 10) * 2 % 11
    return None if (product + int(text[14])) % 10 == 1 else "check digit"


CHECKS: Mapping[NumberCheck, Callable[[str], Reason | None]] = {
    "credit_code": check_credit_code,
    "organisation_code": check_organisation_code,
    "registration_number": check_registration_number,
}


def are_credit_codes(texts: list[str]) -> NDArray[np.bool_]:
    """Return for each text of 18 ASCII characters whether it is a credit code, by arrays."""
    import numpy as np

    codes = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(-1, LENGTH)
    allowed = (DEPARTMENTS, ALPHABET, *("0123456789",) * 6, *(ALPHABET,) * 10)
    table = np.array(
        [
            [ALPHABET.find(chr(c)) if chr(c) in signs else -1 for c in range(128)]
            for signs in allowed
        ],
        dtype=np.int16,
    )
    values = table[np.arange(LENGTH), codes]
    sums = values @ np.array((*WEIGHTS, 1), dtype=np.int16)
    right: NDArray[np.bool_] = (values.min(axis=1) >= 0) & (sums % 31 == 0)
    return right


def is_credit_code(text: Sql) -> Sql:
    """Return whether a text is a credit code, as SQL; NULL where the text is.

    Two million codes a second and core: a pattern tells what may stand where, then the characters
    are read as base64, eight at a time, so that each is six bits of a number and one look at a
    constant list gives its value. What does not fit the pattern is replaced by a wrong code first,
    because a text that is no base64 would end the statement.
    """
    parts = [(0, 8, 0), (8, 8, 0), (14, 4, 2)]  # first character, how many, how many known before
    fitting = sql(
        "CASE WHEN regexp_full_match({text}, '{looks}') THEN {text} ELSE '{wrong}' END",
        text=text,
        looks=Sql(LOOKS["credit_code"]),
        wrong=Sql(_WRONG),
    )
    terms = (
        sql(
            "{values}[(({bits} >> {shift}) & 63) + 1] * {weight}",
            values=_values(ALPHABET, _BASE64),
            bits=_bits(fitting, first, length),
            shift=integer(6 * (length - 1 - place)),
            weight=integer((*WEIGHTS, 1)[first + place]),
        )
        for first, length, known in parts
        for place in range(known, length)
    )
    return sql(
        "(({terms}) % 31 = CASE WHEN {text} IS NOT NULL THEN 0 END)",
        text=text,
        terms=joined(" + ", terms),
    )


def _bits(text: Sql, first: int, length: int) -> Sql:
    """Return some characters, read as base64, as one number."""
    return sql(
        "CAST(CAST(from_base64(substr({text}, {first}, {length})) AS BIT) AS BIGINT)",
        text=text,
        first=integer(first + 1),
        length=integer(length),
    )


def is_organisation_code(text: Sql) -> Sql:
    """Return whether a text is an organisation code, as SQL; NULL where the text is."""
    signs = sql("replace({text}, '-', '')", text=text)
    terms = joined(
        " + ",
        (
            sql(
                "{values}[ascii(substr({signs}, {place}, 1)) + 1] * {weight}",
                values=_values(_ORGANISATION_SIGNS, _ASCII),
                signs=signs,
                place=integer(place + 1),
                weight=integer(weight),
            )
            for place, weight in enumerate(_ORGANISATION_WEIGHTS)
        ),
    )
    last = sql("strpos('0123456789X', substr({signs}, 9, 1)) - 1", signs=signs)
    return sql(
        "CASE WHEN {text} IS NOT NULL THEN strlen({signs}) = 9 AND "
        "coalesce({last} >= 0 AND ({terms} + {last}) % 11 = 0, false) END",
        text=text,
        signs=signs,
        last=last,
        terms=terms,
    )


def is_registration_number(text: Sql) -> Sql:
    """Return whether a text is a registration number, as SQL; NULL where the text is."""
    digits = sql(
        "list_transform(string_split(substr({text}, 1, 14), ''), lambda x: x::INTEGER)", text=text
    )
    product = sql(
        "list_reduce(list_prepend(10, {digits}), "
        "lambda p, d: CASE WHEN (p + d) % 10 = 0 THEN 10 ELSE (p + d) % 10 END * 2 % 11)",
        digits=digits,
    )
    return sql(
        "CASE WHEN {text} IS NULL THEN NULL WHEN regexp_full_match({text}, '[0-9]{{15}}') "
        "THEN ({product} + substr({text}, 15, 1)::INTEGER) % 10 = 1 ELSE false END",
        text=text,
        product=product,
    )


SQL_CHECKS: Mapping[NumberCheck, Callable[[Sql], Sql]] = {
    "credit_code": is_credit_code,
    "organisation_code": is_organisation_code,
    "registration_number": is_registration_number,
}


def _values(alphabet: str, signs: str) -> Sql:
    """Return a constant list: for each of `signs` its value in `alphabet`, NULL if it has none."""
    values = (str(alphabet.index(sign)) if sign in alphabet else "NULL" for sign in signs)
    return Sql(f"([{', '.join(values)}])")
