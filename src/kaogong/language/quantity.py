"""Numbers with units as they are written, and the pass that finds them in an expression.

`2000万元`, `3%` and `0.15元/千瓦时` are one literal each, and so is the date `2024-08-01`; SQL
would read a number called 万元, a remainder, a quotient and a difference. One blank may stand
before a unit and none inside a compound one: `10元/亩` is a quantity, `10元 / 亩` divides by the
field 亩. Digits stay exactly as they stand; nothing here is ever a float.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from kaogong.language.unit import Unit, leading_multiplier, unit_at, unit_text

PieceKind = Literal["raw", "quoted", "quantity", "number", "date", "unread"]

_LONGEST_NUMBER = 100  # characters; a longer one is not read
_WRITTEN = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]+)?) ?")
_TAIL = re.compile(r"\w+|\.")  # what may not follow a number
_TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-]))
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<word>\w+)
      | (?P<dotted>\.[0-9]+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written; `unit` is None for a bare number."""

    value: Fraction
    unit: Unit | None
    text: str

    @property
    def base(self) -> Fraction:
        """Return the value in base units."""
        return self.value if self.unit is None else self.value * self.unit.factor


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an expression's text; the pieces joined are the text again.

    `quantity` and `number` carry a `quantity`; a `date` carries the day, or None when its month
    has no such day; `unread` is a number with too many digits, or with a point or a word behind
    it that is no unit.
    """

    kind: PieceKind
    offset: int
    text: str
    quantity: Quantity | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class WideCharacter:
    """A full-width or typographic sign outside quotes, and what to write instead."""

    offset: int
    text: str
    half: str


TYPOGRAPHIC = {
    "\u3000": " ",
    "。": ".",
    "、": ",",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "【": "[",
    "】": "]",
    "×": "*",
    "÷": "/",
    "−": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "<>",
}


def read_quantity(text: str) -> Quantity | None:
    """Return the quantity that the whole of `text` spells, or None."""
    match = _WRITTEN.match(text)
    if match is None or len(match[2]) > _LONGEST_NUMBER:
        return None
    value = Fraction(match[1] + match[2])
    if match.end(2) == len(text):
        return Quantity(value, None, text)
    found = unit_at(text, match.end())
    if found is None or found[1] != len(text):
        return None
    return Quantity(value, found[0], text)


def scan(text: str) -> list[Piece]:
    """Split an expression into literals and what stands between them, in order."""
    pieces: list[Piece] = []
    raw_from = position = 0
    while (match := _TOKEN.match(text, position)) is not None:
        piece = _literal(text, match)
        if piece is None:
            position = match.end()
            continue
        if raw_from < position:
            pieces.append(Piece("raw", raw_from, text[raw_from:position]))
        pieces.append(piece)
        raw_from = position = position + len(piece.text)
    if raw_from < len(text):
        pieces.append(Piece("raw", raw_from, text[raw_from:]))
    return pieces


def wide_characters(text: str) -> list[WideCharacter]:
    """Return the full-width and typographic signs outside quotes, in order."""
    return [
        WideCharacter(piece.offset + place, character, half)
        for piece in scan(text)
        if piece.kind != "quoted"
        for place, character in enumerate(piece.text)
        if (half := _half_width(character)) is not None
    ]


def _literal(text: str, match: re.Match[str]) -> Piece | None:
    """Return the quoted text, date or number that `match` found, or None for anything else."""
    if match.lastgroup == "quoted":
        return Piece("quoted", match.start(), match[0])
    if match.lastgroup == "date":
        return Piece("date", match.start(), match[0], day=_day(match[0]))
    if match.lastgroup == "number":
        return _number_at(text, match.start(), match.end())
    return None


def _number_at(text: str, start: int, end: int) -> Piece:
    """Return the number at `start`, with its unit where one follows."""
    if end - start > _LONGEST_NUMBER:
        return Piece("unread", start, text[start:end])
    value = Fraction(text[start:end])
    blank = text[end : end + 1] == " "
    found = unit_at(text, end + blank)
    if found is not None:
        written = text[start : found[1]]
        return Piece("quantity", start, written, Quantity(value, found[0], written))
    tail = _TAIL.match(text, end)
    if tail is not None:
        return Piece("unread", start, text[start : tail.end()])
    written = text[start:end]
    return Piece("number", start, written, Quantity(value, None, written))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _half_width(character: str) -> str | None:
    if "\uff01" <= character <= "\uff5e" and not (character.isalpha() or character == "＿"):
        return chr(ord(character) - 0xFEE0)
    return TYPOGRAPHIC.get(character)


def round_half_away(value: Fraction, scale: int) -> Fraction:
    """Return `value` at `scale` decimals, halves away from zero; a negative scale rounds tens."""
    step = Fraction(10) ** scale
    scaled = abs(value) * step
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (whole if value >= 0 else -whole) / step


def decimal_text(value: Fraction, scale: int) -> str:
    """Return `value` rounded half away from zero and written with `scale` decimals."""
    if scale < 0:
        raise ValueError("a text has no negative number of decimals")
    units = round_half_away(value, scale) * 10**scale
    digits = str(abs(units.numerator)).rjust(scale + 1, "0")
    sign = "-" if units < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


def exact_text(value: Fraction) -> str:
    """Return all decimals of `value`, or a fraction `a/b` where they never end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return decimal_text(value, max(twos, fives))


def format_quantity(base: Fraction, unit: Unit | None, scale: int, language: str) -> str:
    """Return a value in base units as a person reads it in `unit`, with `scale` decimals.

    English has no word for 万: `24.10万元/亩` is `241000 yuan/mu`, rounded at the same digit.
    """
    if unit is None or not unit.text:
        return decimal_text(base, scale)
    value = round_half_away(base / unit.factor, scale)
    if language == "en":
        multiplier, unit = leading_multiplier(unit)
        value, scale = value * multiplier, max(0, scale - len(str(multiplier)) + 1)
    name = unit_text(unit, language)
    blank = " " if language == "en" and name[:1].isalnum() else ""
    return f"{decimal_text(value, scale)}{blank}{name}"
