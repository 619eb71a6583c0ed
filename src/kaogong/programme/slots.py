"""What a document leaves to people: open slots and chosen readings, each told as a note."""

from __future__ import annotations

from collections.abc import Iterator

from kaogong.kinds.parts import OPEN_KEYS
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, List, Text
from kaogong.programme.load import Documents


def check_opens(documents: Documents) -> list[Finding]:
    """Return a note for every open slot that stands in a document (KG505)."""
    return [
        finding("KG505", slot.span, place=address, why=str(slot["open"]))
        for (_, id), document in documents.items()
        for address, slot in slots_of(document.block, id)
    ]


def slots_of(node: object, address: str) -> Iterator[tuple[str, Block]]:
    """Yield the address and the slot of every open slot below `node`."""
    if isinstance(node, Block):
        if "open" in node and all(key in OPEN_KEYS for key in node):
            yield address, node
            return
        for key, value in node.items():
            if not isinstance(value, Text):
                yield from slots_of(value, f"{address}.{key}")
    elif isinstance(node, List):
        for number, value in enumerate(node, 1):
            if not isinstance(value, Text):
                yield from slots_of(value, f"{address}.{number}")


def check_readings(documents: Documents) -> list[Finding]:
    """Return a note for every place that can be read in two ways (KG612)."""
    return [
        finding("KG612", reading.question.span, question=reading.question, chosen=reading.chosen)
        for document in documents.values()
        for reading in document.model.readings.values()
    ]
