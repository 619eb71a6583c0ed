"""How an explanation speaks: titles, names of facts and classes, quantities, rules, in zh or en."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kaogong.insight.words import WORDS, say
from kaogong.language.quantity import format_quantity
from kaogong.language.unit import UnknownUnit, read_unit
from kaogong.programme.programme import Programme
from kaogong.programme.rules import SchemeRules

_UNIT = re.compile(r"^(-?[0-9.]+)([^0-9.%‰ -])")
SILENT = ("rounding", "move")  # rules that other words tell already


@dataclass(frozen=True, slots=True)
class Speech:
    """One language, for the results of one scheme."""

    programme: Programme
    rules: SchemeRules
    language: str

    @property
    def article(self) -> str:
        """Return the article that the scheme as a whole names."""
        source = self.programme.documents["Scheme", self.rules.id].model.source
        return str(source.article or "") if source is not None else ""

    def say(self, id: str, /, **values: object) -> str:
        """Return a sentence with its names filled in."""
        return say(self.language, id, **values)

    def title(self, title: Mapping[str, str]) -> str:
        """Return a title in the language, else in Chinese."""
        return title.get(self.language) or title.get("zh", "")

    def joined(self, names: Iterable[str]) -> str:
        """Return names as a list."""
        return self.say("and").join(names)

    def class_name(self, name: str, place: str = "step") -> str:
        """Return a class as the scheme calls it: C 档, or by a title of its own."""
        cuts = [c for g in self.rules.groups for c in g.classes if c.id == name]
        title = next((c.title for c in cuts if c.title["zh"] != c.id), None)
        if title is None:
            return self.say(f"{place}_class", name=name)
        return self.say(f"{place}_titled_class", name=self.title(title))

    def facts(self, ids: Iterable[str]) -> str:
        """Return what facts are called; an open slot by its address."""
        return self.joined(self._fact(id) for id in ids)

    def _fact(self, id: str) -> str:
        book = self.programme.book
        fields = (fact for register in book.registers() for fact in book.facts_of(register))
        found = next((fact.title for fact in fields if fact.id == id), None)
        if found is not None:
            return self.title(found)
        lines = [line for group in self.rules.groups for line in group.lines]
        return next((self.title(line.title) for line in lines if line.id == id), id)

    def rule(self, rule: str, n: str = "") -> str:
        """Return which rule was used, in words; `n` is how many stand alike."""
        name, _, rest = rule.partition("=")
        if not rule or name in SILENT:
            return ""
        if rest.startswith("missing") and name == "zero":
            then = rest.partition("=")[2]
            parts = (self.say("rule_zero=missing"), self.rule(f"missing={then}") if then else "")
            return self.say("comma").join(part for part in parts if part)
        if f"rule_{rule}" in WORDS:
            return self.say(f"rule_{rule}", n=n)
        return self.say(f"rule_{name}", rule=rest) if f"rule_{name}" in WORDS else ""

    # -- numbers --------------------------------------------------------------------------

    def quantity(self, value: Decimal, unit: str) -> str:
        """Return a figure with its unit."""
        places = max(0, -int(value.as_tuple().exponent))
        try:
            known = read_unit(unit) if unit else None
        except UnknownUnit:
            return f"{value:f}{unit}"
        base = Fraction(value) * (known.factor if known is not None else 1)
        return spaced(format_quantity(base, known, places, self.language))

    def beside(self, value: Decimal, unit: str) -> str:
        """Return a figure beside another of its unit: in zh the unit is said once."""
        if self.language == "zh":
            return self.plain(value)
        return self.quantity(value.normalize(), unit)

    def plain(self, value: Decimal | None) -> str:
        """Return a number without the zeros that say nothing."""
        if value is None:
            return ""
        return f"{value.normalize():f}" if value else "0"


def spaced(text: str) -> str:
    """Return a quantity with a blank between number and unit; a percent sign stands close."""
    return _UNIT.sub(r"\1 \2", text, count=1)
