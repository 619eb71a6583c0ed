"""Words of the project's own inside a finding's sentence, in both languages.

What a user wrote is shown as it stands. What the project says of it ("a number in 万元", "more than
60 levels") has to be in the language of the sentence around it.
"""

from __future__ import annotations

from typing import Protocol, Self, runtime_checkable


class Words(str):
    """An English text that knows its Chinese; to everything else it is the English text."""

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, zh: str, en: str) -> Self:
        """Return the pair of both texts."""
        made = super().__new__(cls, en)
        made.zh = zh
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, object]]:
        return (self.zh, str(self)), {}


@runtime_checkable
class Spoken(Protocol):
    """A value that says in both languages what it is."""

    @property
    def words(self) -> Words:
        """Return the value in both languages."""
