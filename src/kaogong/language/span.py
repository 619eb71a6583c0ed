"""Where something stands: a file, a line and a column, both counted from 1 in characters."""

from __future__ import annotations

from typing import NamedTuple, Self


class Span(NamedTuple):
    """A place in a user's file; `line` and `column` are 0 where a whole file is meant."""

    file: str
    line: int = 0
    column: int = 0

    def shifted(self, characters: int) -> Span:
        """Return the place `characters` further right on the same line."""
        return self._replace(column=self.column + characters)

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


class Text(str):
    """A scalar as it was written, with its place; `quoted` tells `'12'` from `12`.

    It is a plain `str` to everything that does not ask for the place.
    """

    __slots__ = ("is_folded", "quoted", "span")
    span: Span
    quoted: bool
    is_folded: bool

    def __new__(
        cls, text: str, span: Span, *, quoted: bool = False, is_folded: bool = False
    ) -> Self:
        """Return `text` as a `Text` that stands at `span`; `is_folded` tells of several lines."""
        made = super().__new__(cls, text)
        made.span = span
        made.quoted = quoted
        made.is_folded = is_folded
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, Span], dict[str, bool]]:
        return (str(self), self.span), {"quoted": self.quoted, "is_folded": self.is_folded}

    def place(self, offset: int) -> Span:
        """Return where a character stands; of a text over several lines, where it begins."""
        if self.is_folded or "\n" in self:
            return self.span
        return self.span.shifted(offset + (1 if self.quoted else 0))


class Block(dict[str, object]):
    """A mapping as it was written: values are `Block`, `List` or `Text`; keys keep their places."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span
        self.keys_at: dict[str, Span] = {}


class List(list[object]):
    """A sequence as it was written."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


Node = Block | List | Text


def span_of(node: object, fallback: Span) -> Span:
    """Return where `node` stands, or `fallback` for a value that no file holds."""
    return node.span if isinstance(node, Block | List | Text) else fallback
