"""Keys of the language that a kind declares and no run carries yet: refused, never passed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block


def not_carried(block: object, keys: Iterable[str], place: str) -> Iterator[Finding]:
    """Yield a finding (KG650) for each of the keys that is written in a block."""
    if not isinstance(block, Block):
        return
    for key in keys:
        if key in block:
            yield finding("KG650", block.keys_at[key], key=key, place=place)


def block_at(block: object, *path: str) -> object:
    """Return what stands at a path of keys, None where nothing does."""
    for step in path:
        if not isinstance(block, Block) or step not in block:
            return None
        block = block[step]
    return block
