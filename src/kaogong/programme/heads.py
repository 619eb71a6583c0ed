"""Checks of heads: what every document must carry, and days that come one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kaogong.kinds.register import Register
from kaogong.language.finding import Finding, finding
from kaogong.language.span import span_of
from kaogong.programme.load import Document, Documents

REGISTER_KEYS = ("key", "kept", "visible_to")
KIND_KEYS: Mapping[str, tuple[str, ...]] = {"Indicator": ("of", "period")}


def check_heads(documents: Documents) -> list[Finding]:
    """Return the required keys of heads that are missing, and days in the wrong order."""
    return [
        told for document in documents.values() for told in (*_missing(document), *_days(document))
    ]


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
        span = document.block.keys_at.get("source", document.block.span)
        yield finding("KG104", span, kind=kind, id=model.id, key="source.evidence")


def _days(document: Document) -> Iterator[Finding]:
    begins, ends = document.model.effective_from, document.model.effective_to
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        span = span_of(document.block.get("effective_to"), document.block.span)
        yield finding("KG112", span, value=ends, expected=f"a day from {begins} on")
