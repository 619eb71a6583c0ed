"""One golden case: what is given of one subject, and what a scheme has to make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from kaogong.language.fact import Fact
from kaogong.language.span import Span
from kaogong.language.subject import Cell
from kaogong.language.value import Unknown, Value


@dataclass(frozen=True, slots=True)
class GivenFact:
    """One cell; the value of a fact with a definition stands in its place."""

    fact: Fact  # without its definition, and for every choice of its variants
    period: str | None  # None: the example's own period, or valid at any time
    value: Value  # numbers in base units
    span: Span


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of one subject, or of one record."""

    facts: tuple[GivenFact, ...] = ()
    records: Mapping[str, tuple[Given, ...]] = field(default_factory=dict)  # by child register
    links: Mapping[str, Given] = field(default_factory=dict)  # by id of the link field
    period: str | None = None
    as_of: date | None = None
    figures: Mapping[tuple[str, str], Value] = field(default_factory=dict)  # of a line, by role

    def cells(self, period: str | None) -> dict[Cell, Value]:
        """Return the values by fact and period, as a `Record` of that period holds them."""
        return {
            (g.fact.id, g.period or (period if g.fact.grain is not None else None)): g.value
            for g in self.facts
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """One result: `key` is a column of the result, `item` a line or adjustment of it."""

    key: str
    item: str  # empty but for points and adjust
    value: Fraction | str | Unknown
    span: Span


@dataclass(frozen=True, slots=True)
class Example:
    """One golden case of a document."""

    name: str
    document: tuple[str, str]  # kind and id
    given: Given
    expect: tuple[Expected, ...]
    span: Span
