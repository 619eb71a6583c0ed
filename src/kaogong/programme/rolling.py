"""What a coarser subject has from finer ones: flows and stocks add up, ratios divide the sums.

A road leads from a register to the subject by a link field, or by a code field whose vocabulary is
that of the subject's key; a code below the subject's own belongs to it. Only numbers that can be
added are taken over. An indicator of the coarser subject is its definition over the sums, so that
its ratio is never a mean of ratios (permu:E64).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

from kaogong.kinds.register import Register
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.scope import Lazy, Named, fold
from kaogong.programme.fields import vocabulary_of

ADDED = ("flow", "stock")


class Registers(Protocol):
    """The little that rolling up asks of a book of names."""

    def registers(self) -> dict[str, Register]:
        """Return every register that keeps records."""

    def stored_facts(self, subject: str) -> list[Fact]:
        """Return the stored fields of a subject."""


@dataclass(frozen=True, slots=True)
class Road:
    """How subjects of a finer register lead to a coarser one."""

    finer: str
    by: str  # its link or code field


def roads_to(book: Registers, subject: str) -> list[Road]:
    """Return every road to a subject, in written order."""
    vocabulary = _key_vocabulary(book.registers().get(subject), subject)
    return [
        Road(id, name)
        for id, register in book.registers().items()
        if register.of is None and id != subject
        for name, field in register.fields.items()
        if str(field.link) == subject
        or (vocabulary and field.codes is not None and vocabulary_of(id, name, field) == vocabulary)
    ]


def rolled_names(book: Registers, subject: str) -> dict[str, Named | Lazy]:
    """Return by folded name what adds up for a subject; two roads to one name are refused."""
    several: dict[str, list[Fact]] = {}
    for fact in _rolled(book, subject):
        for name in dict.fromkeys((fold(fact.id), fold(fact.title["zh"]))):
            several.setdefault(name, []).append(fact)
    return {name: _one(name, facts) for name, facts in several.items()}


def _rolled(book: Registers, subject: str) -> Iterator[Fact]:
    for road in roads_to(book, subject):
        for fact in book.stored_facts(road.finer):
            if fact.nature in ADDED and fact.kind.name == "number":
                yield rolled(fact, road)


def rolled(fact: Fact, road: Road) -> Fact:
    """Return the sum of a fact over the finer subjects; what is never negative stays so."""
    is_positive = fact.low is not None and fact.low >= 0
    return replace(
        fact, low=Fraction(0) if is_positive else None, high=None,
        rolled_from=road.finer, rolled_by=road.by,
    )  # fmt: skip


def _one(name: str, facts: list[Fact]) -> Named | Lazy:
    if len(facts) == 1:
        return facts[0]
    a, b = (f"{f.owner}.{f.id} ({f.rolled_from}.{f.rolled_by})" for f in facts[:2])
    return Lazy(name, _refusing(name, a, b, facts[1]), facts[1].span)


def _refusing(name: str, a: str, b: str, fact: Fact) -> Callable[[], Named]:
    def refused() -> Named:
        raise refuse("KG202", fact.span, name=fact.title["zh"] or name, a=a, b=b)

    return refused


def _key_vocabulary(register: Register | None, subject: str) -> str:
    """Return the vocabulary of the field that names a subject, empty where that is no code."""
    if register is None or not register.key_:
        return ""
    name = str(register.key_[0])
    field = register.fields.get(name)
    return vocabulary_of(subject, name, field) if field is not None and field.codes else ""
