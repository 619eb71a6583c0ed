"""The kinds of value an expression can have: number, text, yes or no, date, code.

Numbers carry a unit and are thought of in its base (元, 平方米, 千瓦时, 吨 …), as exact fractions.
An open slot fits every place, because nobody knows yet what will stand there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kaogong.language.unit import PURE, Unit

KindName = Literal["number", "text", "yes_no", "date", "code", "open"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value; `bare` marks a number written without a unit."""

    name: KindName
    unit: Unit = PURE  # numbers only
    bare: bool = False  # numbers only: a literal beside which a unit may be missing
    vocabulary: str = ""  # codes only: the register that lists them
    order: tuple[str, ...] = ()  # codes only: rising, where the vocabulary is ordered

    def __str__(self) -> str:
        if self.name == "number" and self.unit.text:
            return f"number in {self.unit.text}"
        if self.name == "code":
            return f"code of {self.vocabulary}"
        return self.name.replace("_", "/")


YES_NO = Kind("yes_no")
TEXT = Kind("text")
DATE = Kind("date")
NUMBER = Kind("number")
BARE = Kind("number", bare=True)
OPEN = Kind("open")


def number(unit: Unit) -> Kind:
    """Return the kind of numbers in `unit`."""
    return Kind("number", unit)
