"""Units and their exact factors: what `万元/亩` is in yuan per square metre.

A value in a unit times `factor` is the value in base units; two units convert when their
dimensions are equal. `UNITS` is the whole table of plain units: one row a unit, its spellings,
and whether 万, 亿 and the other number words may stand before it. Compound units are made of plain
ones by `·` and `/`; what follows a `/` up to the next `/` is below the line, so `万元/人·年` is
万元/(人·年), as official tables print it. Tonnes of coal equivalent are not tonnes, working days
are not days, and months do not convert to days: such a step needs a rule, not a factor.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

Dimension = tuple[tuple[str, int], ...]

MULTIPLIERS: dict[str, int] = {
    "十": 10,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}

# Dimensions in whose plain unit things are counted.
COUNTS = frozenset(
    {
        *("person", "attendance", "firm", "household", "unit", "item", "piece", "set", "case"),
        *("kind", "place", "batch", "vehicle", "position", "point"),
        *("month", "day", "working_day", "hour", "working_hour"),
    }
)

_EXPONENT = re.compile(r"\^(-?[0-9]{1,2})(?![0-9])")
_DEEPEST = 8  # brackets within brackets


class UnknownUnit(ValueError):
    """A text that is no unit; `near` holds the nearest spellings."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.near = _near(text)
        hint = f"; near: {', '.join(self.near)}" if self.near else ""
        super().__init__(f"{text!r} is not a unit{hint}")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written; value in base units = value x `factor`; no dimension = pure ratio."""

    text: str
    factor: Fraction
    dimension: Dimension

    @property
    def is_pure(self) -> bool:
        """Tell whether values in this unit are plain ratios (`%`, 万, 倍)."""
        return not self.dimension

    @property
    def is_count(self) -> bool:
        """Tell whether a bare number may stand beside it; 万人 and 年 are scaled, so it may not."""
        return (
            self.factor == 1
            and len(self.dimension) == 1
            and self.dimension[0][1] == 1
            and self.dimension[0][0] in COUNTS
        )

    def same_dimension(self, other: Unit) -> bool:
        """Tell whether values in both units may be added and compared."""
        return self.dimension == other.dimension

    def factor_to(self, other: Unit) -> Fraction:
        """Return what a value in this unit is multiplied by to stand in `other`."""
        if not self.same_dimension(other):
            raise ValueError(f"{self.text!r} does not convert to {other.text!r}")
        return self.factor / other.factor

    def __mul__(self, other: Unit) -> Unit:
        return Unit(
            _product_text(self, other),
            self.factor * other.factor,
            _combined(self.dimension, other.dimension, 1),
        )

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(
            _quotient_text(self, other),
            self.factor / other.factor,
            _combined(self.dimension, other.dimension, -1),
        )

    def power(self, n: int) -> Unit:
        """Return the unit of a value raised to the whole number `n`."""
        if n == 1:
            return self
        if n == 0 or not self.text:
            return PURE
        dimension = tuple((name, exponent * n) for name, exponent in self.dimension)
        text = f"({self.text})" if _is_compound(self.text) else self.text
        return Unit(f"{text}^{n}", self.factor**n, dimension)


PURE = Unit("", Fraction(1), ())


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One plain unit of the table."""

    name: str  # the spelling printed in Chinese
    english: str  # the spelling printed in English
    factor: Fraction  # to the base unit of its dimension
    dimension: Dimension
    spellings: tuple[str, ...]  # all that are read, `name` and `english` among them
    is_multiplied: bool  # whether 万, 亿, ... may stand before it


def _row(
    spellings: str, factor: int | str, dimension: str = "", *, multiplied: bool = True
) -> UnitRow:
    """Return a row; the first two of `spellings` are its names, `dimension` reads `length^2`."""
    words = tuple(spellings.split()) or ("",)
    parts = [part.partition("^") for part in dimension.split()]
    exponents = tuple(sorted((name, int(exponent or 1)) for name, _, exponent in parts))
    return UnitRow(
        words[0], words[min(1, len(words) - 1)], Fraction(factor), exponents, words, multiplied
    )


UNITS: tuple[UnitRow, ...] = (
    _row("% % percent", "1/100", multiplied=False),
    _row("‰ ‰ permille", "1/1000", multiplied=False),
    _row("倍 fold", 1, multiplied=False),
    _row("百分点 pp 个百分点 percentage_points", "1/100", "percentage_point", multiplied=False),
    _row("元 yuan 人民币元 CNY RMB", 1, "money"),
    _row("美元 USD", 1, "us_dollar"),
    _row("平方米 m2 m² ㎡ m^2 平米 平方 sqm", 1, "length^2"),
    _row("亩 mu", "2000/3", "length^2"),
    _row("公顷 ha hectare hectares hm2 hm²", 10**4, "length^2"),
    _row("平方公里 km2 km² km^2 平方千米", 10**6, "length^2"),
    _row("立方米 m3 m³ m^3 方 立方", 1, "length^3"),
    _row("升 litre litres", "1/1000", "length^3"),
    _row("米 m metre metres", 1, "length"),
    _row("公里 km 千米", 1000, "length"),
    _row("厘米 cm", "1/100", "length"),
    _row("毫米 mm", "1/1000", "length"),
    _row("千克 kg 公斤", 1, "mass"),
    _row("克 g", "1/1000", "mass"),
    _row("吨 t 公吨 tonne tonnes", 1000, "mass"),
    _row("千克标煤 kgce 千克标准煤 公斤标煤 公斤标准煤", 1, "coal_equivalent"),
    _row("吨标煤 tce 吨标准煤", 1000, "coal_equivalent"),
    _row("千瓦时 kWh 度 千瓦小时 千瓦·时 kW·h", 1, "energy"),
    _row("兆瓦时 MWh", 1000, "energy"),
    _row("吉瓦时 GWh", 10**6, "energy"),
    _row("兆焦 MJ", "5/18", "energy"),
    _row("吉焦 GJ", "2500/9", "energy"),
    _row("千瓦 kW", 1, "energy hour^-1"),
    _row("兆瓦 MW", 1000, "energy hour^-1"),
    _row("千伏安 kVA", 1, "apparent_power"),
    _row("当量 equivalent 污染当量 equivalents", 1, "pollutant_equivalent"),
    _row("吨二氧化碳 tCO2 tCO2e 吨二氧化碳当量", 1000, "carbon_dioxide"),
    _row("千克二氧化碳 kgCO2 kgCO2e", 1, "carbon_dioxide"),
    _row("人 person persons people 名", 1, "person"),
    _row("人次 attendances", 1, "attendance"),
    _row("家 firm firms", 1, "firm"),
    _row("户 household households", 1, "household"),
    _row("项 item items", 1, "item"),
    _row("件 piece pieces", 1, "piece"),
    _row("个 unit units", 1, "unit"),
    _row("台 set sets 套 台套 台(套)", 1, "set"),
    _row("次 occurrence occurrences 起 宗 例", 1, "case"),
    _row("种 kind kinds 类", 1, "kind"),
    _row("处 place places 座 所", 1, "place"),
    _row("批 batch batches 批次", 1, "batch"),
    _row("辆 vehicle vehicles", 1, "vehicle"),
    _row("位 position positions", 1, "position", multiplied=False),
    _row("分 point points", 1, "point", multiplied=False),
    _row("天 day days 日 d", 1, "day", multiplied=False),
    _row("周 week weeks", 7, "day", multiplied=False),
    _row("工作日 working_day working_days 个工作日", 1, "working_day", multiplied=False),
    _row("月 month months 个月", 1, "month", multiplied=False),
    _row("季度 quarter quarters 个季度 季", 3, "month", multiplied=False),
    _row("年 year years", 12, "month", multiplied=False),
    _row("小时 hour hours h 个小时", 1, "hour"),
    _row("分钟 minute minutes min", "1/60", "hour", multiplied=False),
    _row("工作小时 working_hour working_hours", 1, "working_hour", multiplied=False),
)


_NUMBER = _row("", 1)  # what a number word alone is a multiple of


def _words() -> dict[str, tuple[str, UnitRow]]:
    """Return every spelling of a plain unit, as the number word before it and its row."""
    words: dict[str, tuple[str, UnitRow]] = {}
    for row in UNITS:
        for word in row.spellings:
            words[word] = "", row
            for prefix in MULTIPLIERS if row.is_multiplied else ():
                words.setdefault(prefix + word, (prefix, row))
    return words | {prefix: (prefix, _NUMBER) for prefix in MULTIPLIERS}


_WORDS = _words()
_FOLDED = {word.casefold(): word for word in _WORDS if len(word) > 1}
_LONGEST = max(map(len, _WORDS))
_NAMES = tuple(sorted(_WORDS, key=lambda word: (-len(word), word)))


@cache
def _plain(word: str) -> Unit:
    """Return the plain unit of a spelling in the table."""
    prefix, row = _WORDS[word]
    return Unit(word, row.factor * MULTIPLIERS.get(prefix, 1), row.dimension)


PERCENT = _plain("%")


def unit_names() -> tuple[str, ...]:
    """Return every spelling of a plain unit, longest first."""
    return _NAMES


def _near(text: str) -> tuple[str, ...]:
    """Return three like spellings: those as long as `text` first, then in the table's order."""
    order = {word: place for place, word in enumerate(_WORDS)}
    near = difflib.get_close_matches(text, order, n=60, cutoff=0.5)
    return tuple(sorted(near, key=lambda word: (abs(len(word) - len(text)), order[word]))[:3])


def read_unit(text: str) -> Unit:
    """Return the unit that the whole of `text` spells; raise `UnknownUnit` otherwise."""
    found = unit_at(text, 0)
    if found is None or found[1] != len(text):
        raise UnknownUnit(text)
    return found[0]


def unit_text(unit: Unit, language: str) -> str:
    """Return the unit in the words of `zh` or `en`; number words become digits in `en`."""
    text, position = "", 0
    while position < len(unit.text):
        found = _plain_at(unit.text, position)
        end = position + 1 if found is None else found[1]
        word = unit.text[position:end]
        text += word if found is None else _spelled(found[0].text, language)
        position = end
    return text


def _spelled(word: str, language: str) -> str:
    prefix, row = _WORDS[word]
    if language == "zh":
        return prefix + row.name
    digits = f"{MULTIPLIERS[prefix]:,}" if prefix else ""
    return f"{digits} {row.english.replace('_', ' ')}".strip()


def leading_multiplier(unit: Unit) -> tuple[int, Unit]:
    """Return the number word a unit begins with, as a number, and the unit without it."""
    found = _plain_at(unit.text, 0)
    prefix, row = _WORDS[found[0].text] if found else ("", _NUMBER)
    if not prefix or found is None or unit.text[found[1] : found[1] + 1] == "^":
        return 1, unit
    multiplier = MULTIPLIERS[prefix]
    text = row.name + unit.text[found[1] :]
    return multiplier, Unit(text, unit.factor / multiplier, unit.dimension)


def unit_at(text: str, start: int, depth: int = 0) -> tuple[Unit, int] | None:
    """Return the longest unit that begins at `start`, and where it ends.

    A unit ends where no letter, digit or `_` follows, so `元` is not read out of `元以上`.
    `depth` counts the brackets around `start`.
    """
    found: tuple[Unit, int] | None = None
    unit: Unit | None = None
    position = start
    while (part := _product_at(text, position, depth)) is not None:
        unit = part[0] if unit is None else unit / part[0]
        position = part[1]
        if not _is_word(text, position):
            found = Unit(text[start:position], unit.factor, unit.dimension), position
        if text[position : position + 1] != "/":
            break
        position += 1
    return found


def _product_at(text: str, start: int, depth: int) -> tuple[Unit, int] | None:
    """Return the longest run of factors joined by `·` at `start`."""
    found = _factor_at(text, start, depth)
    while found is not None and text[found[1] : found[1] + 1] in ("·", "⋅"):
        following = _factor_at(text, found[1] + 1, depth)
        if following is None:
            break
        found = found[0] * following[0], following[1]
    return found


def _factor_at(text: str, start: int, depth: int) -> tuple[Unit, int] | None:
    """Return a plain unit or a bracketed one at `start`, with its `^n`."""
    found = _bracketed_at(text, start, depth) or _plain_at(text, start)
    if found is None:
        return None
    exponent = _EXPONENT.match(text, found[1])
    if exponent is None:
        return found
    return found[0].power(int(exponent[1])), exponent.end()


def _bracketed_at(text: str, start: int, depth: int) -> tuple[Unit, int] | None:
    if text[start : start + 1] != "(" or depth == _DEEPEST:
        return None
    found = unit_at(text, start + 1, depth + 1)
    if found is None or text[found[1] : found[1] + 1] != ")":
        return None
    return found[0], found[1] + 1


def _plain_at(text: str, start: int) -> tuple[Unit, int] | None:
    """Return the longest plain unit at `start` that no letter or digit continues."""
    for end in range(min(len(text), start + _LONGEST), start, -1):
        if _is_word(text, end) and _is_word(text, end - 1):
            continue
        word = text[start:end]
        known = word if word in _WORDS else _FOLDED.get(word.casefold())
        if known is not None:
            return _plain(known), end
    return None


def _is_word(text: str, position: int) -> bool:
    character = text[position : position + 1]
    return character == "_" or character.isalnum()


def _combined(left: Dimension, right: Dimension, sign: int) -> Dimension:
    exponents = dict(left)
    for name, exponent in right:
        exponents[name] = exponents.get(name, 0) + sign * exponent
    return tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))


def _is_compound(text: str) -> bool:
    return any(sign in text for sign in "/·⋅^(")


def _product_text(left: Unit, right: Unit) -> str:
    if not left.text or not right.text:
        return left.text or right.text
    return f"{_operand(left.text)}·{_operand(right.text)}"


def _quotient_text(left: Unit, right: Unit) -> str:
    if not right.text or left == right:
        return left.text if not right.text else ""
    if not left.text:
        return f"{_operand(right.text)}^-1"
    return f"{left.text}/{_operand(right.text)}"


def _operand(text: str) -> str:
    return f"({text})" if _is_compound(text) else text
