"""The kinds of value an expression can have: number, text, yes or no, date, code.

Numbers carry a unit and are thought of in its base (元, 平方米, 千瓦时, 吨 …), as exact fractions.
An open slot fits every place, because nobody knows yet what will stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kaogong.language.unit import PURE, Unit
from kaogong.language.words import Words

KindName = Literal["number", "text", "yes_no", "date", "code", "open"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value; `bare` marks a number written without a unit."""

    name: KindName
    unit: Unit = PURE  # numbers only
    bare: bool = False  # numbers only: a literal beside which a unit may be missing
    vocabulary: str = ""  # codes only: the register that lists them
    order: tuple[str, ...] = ()  # codes only: rising, where the vocabulary is ordered

    @property
    def words(self) -> Words:
        """Return the kind as a sentence names it."""
        if self.name == "number" and self.unit.text:
            return Words(f"以{self.unit.text}计的数", f"number in {self.unit.text}")
        if self.name == "code" and self.vocabulary:
            return Words(f"{self.vocabulary}的代码", f"code of {self.vocabulary}")
        return _WORDS[self.name]

    def __str__(self) -> str:
        return str(self.words)


_WORDS: Mapping[KindName, Words] = {
    "number": Words("数", "number"),
    "text": Words("文字", "text"),
    "yes_no": Words("是或否", "yes/no"),
    "date": Words("日期", "date"),
    "code": Words("代码", "code"),
    "open": Words("待定的值", "open"),
}


YES_NO = Kind("yes_no")
TEXT = Kind("text")
DATE = Kind("date")
NUMBER = Kind("number")
BARE = Kind("number", bare=True)
OPEN = Kind("open")


def number(unit: Unit) -> Kind:
    """Return the kind of numbers in `unit`."""
    return Kind("number", unit)


def kind_named(name: str) -> Kind:
    """Return the plain kind of a name, as places that expect one kind write it."""
    return _NAMED[name]


_NAMED: Mapping[str, Kind] = {
    "number": NUMBER,
    "text": TEXT,
    "yes_no": YES_NO,
    "date": DATE,
    "code": Kind("code"),
    "open": OPEN,
}
