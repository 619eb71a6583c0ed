"""Open slots of a programme: each is a note with its address, so that nobody overlooks one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kaogong.kinds.parts import OPEN_SCHEMA
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, List, Text
from kaogong.programme.load import Document
from kaogong.programme.rules import SchemeRules


def check_opens(
    rules: Iterable[SchemeRules], documents: Mapping[tuple[str, str], Document]
) -> list[Finding]:
    """Return a note for every open slot that stands in a document."""
    return [
        finding("KG505", slot.span, place=address, why=str(slot["open"]))
        for (_, id), document in documents.items()
        for address, slot in slots_of(document.block, id)
    ]


def slots_of(node: object, address: str) -> Iterator[tuple[str, Block]]:
    """Yield the address and the slot of every open slot below `node`."""
    if isinstance(node, Block):
        if "open" in node and set(node) <= set(OPEN_SCHEMA["properties"]) | {"note"}:
            yield address, node
            return
        for key, value in node.items():
            yield from slots_of(value, f"{address}.{key}")
    elif isinstance(node, List):
        for number, value in enumerate(node, 1):
            if not isinstance(value, Text):
                yield from slots_of(value, f"{address}.{number}")
