"""Which file set a value, and what it covered: the history of one document, asked by address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kaogong.language.span import Block, List, Span, Text, span_of
from kaogong.programme.load import Document
from kaogong.programme.overlay import TABLES, WHOLE

Path = tuple[str, ...]
Node = Block | List | Text


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry of a lower text that a layer took out."""

    path: Path
    node: Node
    by: Span  # the layer that took it out


@dataclass(frozen=True, slots=True)
class Layers:
    """One document with the states it went through."""

    document: Document

    def covered(self, path: Path) -> list[Node]:
        """Return what stood at an address before, latest first; what only merged is not covered."""
        now = at(self.document.block, path)
        found: list[Node] = []
        above: object = now
        for state in reversed(self.document.before):
            node = at(state, path)
            if not isinstance(node, Block | List | Text):
                break
            if _place(node) != _place(above) and not (_merges(node, path) and _merges(above, path)):
                found.append(node)
            above = node
        return found

    def removed(self) -> Iterator[Removed]:
        """Yield what layers took out of the texts below them."""
        states = (*self.document.before, self.document.block)
        own = self.document.layers[-len(self.document.before) :] if self.document.before else ()
        for before, after, layer in zip(states, states[1:], own, strict=False):
            for path, node in _gone(before, after, ()):
                yield Removed(path, node, layer)


def at(block: Block, path: Path) -> object:
    """Return what stands at an address, or None."""
    place: object = block
    for step in path:
        if isinstance(place, Block):
            place = place.get(step)
        elif isinstance(place, List) and step.isdigit() and int(step) <= len(place):
            place = place[int(step) - 1]
        else:
            return None
    return place


def is_table(node: object) -> bool:
    """Tell whether a mapping is one value: bands, cases, a figure, an open slot, `any`, `judge`."""
    return isinstance(node, Block) and bool(WHOLE & set(node))


def _merges(node: object, path: Path) -> bool:
    """Tell whether a mapping is laid over another name by name."""
    return (
        isinstance(node, Block) and not is_table(node) and path[-1:] not in [(t,) for t in TABLES]
    )


def _place(node: object) -> Span:
    return span_of(node, Span(""))


def _gone(before: Block, after: Block, path: Path) -> Iterator[tuple[Path, Node]]:
    for key, node in before.items():
        here = (*path, key)
        later = after.get(key)
        if later is None and isinstance(node, Block | List | Text):
            yield here, node
        elif _merges(node, here) and _merges(later, here):
            yield from _gone(node, later, here)  # type: ignore[arg-type]  # both are mappings
