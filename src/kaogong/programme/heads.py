"""Checks of heads: what every document must carry, and what its evidence is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaogong.kinds.register import Register
from kaogong.language.finding import Finding, finding
from kaogong.programme.load import Document

REGISTER_KEYS = ("key", "kept", "visible_to")
KIND_KEYS: Mapping[str, tuple[str, ...]] = {"Indicator": ("of", "period")}


def check_heads(documents: Mapping[tuple[str, str], Document]) -> list[Finding]:
    """Return the required keys of heads that are missing."""
    return [f for document in documents.values() for f in _missing(document)]


def _missing(document: Document) -> Iterator[Finding]:
    model, kind = document.model, document.key[0]
    needed = ["source", "effective_from"]
    if isinstance(model, Register):
        needed = [] if model.is_vocabulary else [*needed, *REGISTER_KEYS]
    needed += KIND_KEYS.get(kind, ())
    for key in needed:
        if key not in document.block:
            yield finding("KG104", document.block.span, kind=kind, id=model.id, key=key)
    if model.source is not None and model.source.evidence is None:
        yield finding(
            "KG104", document.block.span, kind=kind, id=model.id, key="source.evidence"
        )
