"""What a case may expect of each kind of document, and how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from kaogong.language.finding import refuse
from kaogong.language.kind import NUMBER, Kind
from kaogong.language.span import Block, Span, Text
from kaogong.programme.example import Expected
from kaogong.programme.example_figures import Figures, figures_of
from kaogong.programme.example_values import Vocabularies, number_in_kind, state_of
from kaogong.programme.near import nearest
from kaogong.programme.rules import SchemeRules

WORDS = ("group", "class", "class_ranked", "state", "reason", "treated_as", "moved_by")
NUMBERS = ("score", "score_items", "score_adjust")
ITEMS = ("points", "adjust")  # of one line, of one adjustment: `points.tax_per_mu`
Pair = tuple[str, object, Span]


class Results(Protocol):
    """What a document makes of one subject."""

    @property
    def subject(self) -> str:
        """Return the register of the subjects."""

    def pairs(self, block: Block) -> Iterator[Pair]:
        """Yield the address, the value and the place of everything expected."""

    def result(self, address: str, node: object, span: Span) -> Expected:
        """Return one expected result, or raise `Refused`."""

    def figures(self, node: object, vocabularies: Vocabularies, span: Span) -> Figures:
        """Return the figures of many subjects that a case gives, or raise `Refused`."""


def refuse_figures(node: object, span: Span) -> Figures:
    """Refuse figures of many subjects, where the kind has none."""
    if node is not None:
        raise refuse("KG103", span, kind="given", key="figures", near="period")
    return {}


def one_text(node: object, address: str, span: Span) -> Text:
    """Return an expected value as it is written, or raise `Refused`."""
    if not isinstance(node, Text):
        raise refuse("KG112", span, value=address, expected="one value")
    return node


def number(text: Text, kind: Kind, address: str) -> Fraction:
    """Return an expected number in the base of its unit, or raise `Refused`."""
    made = number_in_kind(text, kind, address)
    if not isinstance(made, Fraction):
        raise refuse("KG310", text.span, place=address, expected="number", got=text)
    return made


@dataclass(frozen=True, slots=True)
class SchemeResults:
    """What a scheme makes of one subject."""

    rules: SchemeRules

    @property
    def subject(self) -> str:
        """Return the register of the subjects."""
        return self.rules.subject

    def figures(self, node: object, vocabularies: Vocabularies, span: Span) -> Figures:
        """Return the given benchmarks, lows and highs of lines."""
        return figures_of(node, self.rules, vocabularies, span)

    def pairs(self, block: Block) -> Iterator[Pair]:
        """Yield each result, and each line and adjustment of it."""
        for name, node in block.items():
            span = block.keys_at[name]
            if name in ITEMS and isinstance(node, Block):
                yield from ((f"{name}.{item}", value, span) for item, value in node.items())
            else:
                yield name, node, span

    def result(self, address: str, node: object, span: Span) -> Expected:
        """Return a column of the result, or the points of a line or an adjustment."""
        key, _, item = address.partition(".")
        if (key in ITEMS) != bool(item) or key not in (*WORDS, *NUMBERS, *ITEMS):
            near = nearest(address, (*WORDS, *NUMBERS, *(f"{i}." for i in ITEMS)))
            raise refuse("KG103", span, kind="expect", key=address, near=near)
        text = one_text(node, address, span)
        self._refuse_stranger(key, item or str(text), span if item else text.span)
        if key in WORDS:
            return Expected(key, item, str(text), text.span)
        state = state_of(text)
        if state is not None:
            return Expected(key, item, state, text.span)
        return Expected(key, item, number(text, NUMBER, address), text.span)

    def _refuse_stranger(self, key: str, name: str, span: Span) -> None:
        """Refuse a group, class, line or adjustment that the scheme does not have."""
        groups = self.rules.groups
        known = {
            "group": [g.id for g in groups],
            "class": [c.id for g in groups for c in g.classes],
            "class_ranked": [c.id for g in groups for c in g.classes],
            "treated_as": [c.id for g in groups for c in g.classes],
            "points": [line.id for g in groups for line in g.lines],
            "adjust": [a.id for g in groups for a in g.adjust],
            "moved_by": [m.id for m in self.rules.moves],
        }.get(key, [])
        if known and name not in known:
            near = nearest(name, known)
            raise refuse("KG201", span, name=name, subject=f"{self.rules.id}.{key}", near=near)
