"""One step of an explanation: the columns of the relation `step` (language, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from kaogong.language.quantity import decimal_text, exact_text
from kaogong.language.value import Unknown, Value

MOST_DECIMALS = 12  # of a figure whose decimals never end
PARTS = ("population", "group", "item", "adjust", "total", "rank", "class", "move")
ADDED = ("item", "adjust", "total")  # parts whose points add up to the score
OUTCOMES = ("yes", "no", "unknown", "not_asked")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a subject on the way to its result."""

    seq: int
    part: str
    item: str
    title: Mapping[str, str]
    outcome: str = ""  # yes, no, unknown, not_asked; empty for a number
    value: Decimal | None = None
    unit: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    bound: Decimal | str | None = None  # benchmark, range, places, or the class
    weight: Decimal | None = None
    points: Decimal | None = None
    cap_hit: str = ""
    rule: str = ""
    missing: tuple[str, ...] = ()
    article: str = ""
    evidence: str = ""

    def as_record(self) -> dict[str, object]:
        """Return the step by its columns."""
        made = {each.name: getattr(self, each.name) for each in fields(self)}
        return made | {"title": dict(self.title), "missing": list(self.missing)}


def outcome(answer: Value | None) -> str:
    """Return an answer as the step table spells it; None was not asked."""
    if answer is None:
        return "not_asked"
    if isinstance(answer, Unknown):
        return "unknown"
    return "yes" if answer else "no"


def exact(value: Value | None, scale: int | None = None) -> Decimal | None:
    """Return a number with its declared decimals, else all of them; None for what is unknown.

    A figure whose decimals never end is cut, half away from zero, at `MOST_DECIMALS`.
    """
    if not isinstance(value, Fraction):
        return None
    if scale is not None:
        return Decimal(decimal_text(value, scale))
    text = exact_text(value)
    return Decimal(decimal_text(value, MOST_DECIMALS) if "/" in text else text)
