"""Versions of one text: for a period exactly one of a line holds; overlaps are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kaogong.language.finding import Finding, finding
from kaogong.programme.load import Document

FAR = date.max


def check_versions(documents: Mapping[tuple[str, str], Document]) -> list[Finding]:
    """Return the texts that name an older one and hold together with it."""
    return [f for key, document in documents.items() for f in _overlaps(key[0], document, documents)]


def _overlaps(
    kind: str, document: Document, documents: Mapping[tuple[str, str], Document]
) -> Iterator[Finding]:
    for name in document.model.replaces:
        older = documents.get((kind, str(name)))
        if older is None:
            yield finding("KG201", name.span, name=name, subject=kind, near="")
            continue
        begins, ends = _dates(document)
        older_begins, older_ends = _dates(older)
        if older.model.effective_to is None or begins is None or older_begins is None:
            continue
        first, last = max(begins, older_begins), min(ends, older_ends)
        if first <= last:
            values = {"a": older.model.id, "b": document.model.id, "from": first, "to": last}
            yield finding("KG206", name.span, **values)


def _dates(document: Document) -> tuple[date | None, date]:
    begins, ends = document.model.effective_from, document.model.effective_to
    return (begins if isinstance(begins, date) else None, ends if isinstance(ends, date) else FAR)
