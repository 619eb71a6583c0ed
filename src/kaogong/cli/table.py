"""A small table of text for a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

GAP = "  "


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def lines(rows: Sequence[Sequence[str]], left: int = 1) -> Iterator[str]:
    """Yield the rows as lines; the first `left` columns stand left, the others right."""
    if not rows:
        return
    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = (_cell(text, widths[n], right=n >= left) for n, text in enumerate(row))
        yield GAP.join(cells).rstrip()


def _cell(text: str, wide: int, *, right: bool) -> str:
    blank = " " * (wide - width(text))
    return blank + text if right else text + blank
