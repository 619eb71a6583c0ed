"""Vocabularies: written registers of codes, flat or hierarchical, with days of validity.

A code may be written with the letter of its own section before it (`D44` for 44 of GB/T 4754); with
another letter (`C44`) it is no code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Code:
    """One code; `parent` is empty at the top, dates are empty where unknown or unended."""

    code: str
    title: str = ""
    parent: str = ""
    begins: date | None = None
    ends: date | None = None

    def holds_on(self, day: date | None) -> bool:
        """Tell whether the code is in force on `day`; with no day, always."""
        if day is None:
            return True
        return (self.begins or day) <= day <= (self.ends or day)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes of one register or field; `is_ordered` means that they rise as written."""

    id: str
    codes: Mapping[str, Code]
    is_ordered: bool = False
    _below: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    _children: dict[str, list[str]] = field(default_factory=dict, compare=False)

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def order(self) -> tuple[str, ...]:
        """Return the codes from lowest to highest, empty where they have no order."""
        return tuple(self.codes) if self.is_ordered else ()

    def find(self, text: str, day: date | None = None) -> str | None:
        """Return the code meant by `text`, also with its own section's letter, or None."""
        code = text if text in self.codes else self._without_section(text)
        return code if code in self.codes and self.codes[code].holds_on(day) else None

    def _without_section(self, text: str) -> str:
        """Return a text without its first letter, where that is the section of the code behind."""
        code = text[1:] if text[:1].isalpha() else ""
        known = self.codes.get(code)
        is_own = known is not None and known.parent and self.section(code) == text[0].upper()
        return code if is_own else ""

    def section(self, code: str) -> str:
        """Return the topmost code above `code`: itself, where nothing stands above it."""
        above, steps = self.codes.get(code), 0
        while above is not None and above.parent and steps < len(self.codes):
            code, steps = above.parent, steps + 1
            above = self.codes.get(code)
        return code

    def below(self, code: str) -> frozenset[str]:
        """Return `code` and every code under it."""
        if not self._children:
            for each in self.codes.values():
                self._children.setdefault(each.parent, []).append(each.code)
        if code not in self._below:
            found, stack = {code}, [code]
            while stack:
                for child in self._children.get(stack.pop(), ()):
                    if child not in found:
                        found.add(child)
                        stack.append(child)
            self._below[code] = frozenset(found)
        return self._below[code]


def flat(id: str, codes: Iterable[str], *, is_ordered: bool = False) -> Vocabulary:
    """Return a vocabulary without a hierarchy, its codes being their own titles."""
    return Vocabulary(id, {code: Code(code, code) for code in codes}, is_ordered)
