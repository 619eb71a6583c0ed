"""Versions of one text: on each day exactly one of a line holds.

A line is a text and what replaced it. A text without a last day ends where the one that replaces it
begins; one that reaches back by `covers_from` meets its elder there, unless `transition` says which
cases stay. Two at once are warned of (KG206), none in between is an error (KG207).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from kaogong.kinds.head import Head
from kaogong.language.finding import Finding, finding
from kaogong.programme.load import Document, Documents
from kaogong.programme.near import nearest

DAY = timedelta(days=1)


class _Follows(NamedTuple):
    """One text and an older one that it replaces."""

    newer: Head
    older: Head


def check_versions(documents: Documents) -> list[Finding]:
    """Return the texts that replace an older one and overlap with it, or leave days to nobody."""
    return [
        told
        for (kind, _), document in documents.items()
        if not document.model.abstract
        for told in _checked(kind, document, documents)
    ]


def _checked(kind: str, document: Document, documents: Documents) -> Iterator[Finding]:
    for name in document.model.replaces:
        older = documents.get((kind, str(name)))
        if older is None:
            near = nearest(str(name), [id for k, id in documents if k == kind])
            yield finding("KG201", name.span, name=name, subject=kind, near=near)
            continue
        follows = _Follows(document.model, older.model)
        first, last = _begins(document.model), _ends(follows)
        if first is None or last is None:
            continue
        if first <= last and document.model.transition is None:
            until = min(last, _last_day(document.model))
            values = {"a": older.model.id, "b": document.model.id, "from": first, "to": until}
            yield finding("KG206", name.span, **values)
        elif first > last + DAY and not _bridged(follows, kind, documents):
            gap = f"{last + DAY}…{first - DAY}"
            yield finding("KG207", name.span, line=document.model.title["zh"], period=gap)


def _begins(model: Head) -> date | None:
    """Return the first day a text covers."""
    for day in (model.covers_from, model.effective_from):
        if isinstance(day, date):
            return day
    return None


def _ends(follows: _Follows) -> date | None:
    """Return the older text's last day; without one, the day before the newer is in force."""
    older, newer = follows.older, follows.newer
    if isinstance(older.effective_to, date):
        return older.effective_to
    begins = newer.effective_from
    if older.effective_to is not None or not isinstance(begins, date):
        return None
    started = _begins(older)
    return None if started is None or started > begins else begins - DAY


def _last_day(model: Head) -> date:
    return model.effective_to if isinstance(model.effective_to, date) else date.max


def _bridged(follows: _Follows, kind: str, documents: Documents) -> bool:
    """Tell whether another text that replaces the older one begins before this one."""
    begins = _begins(follows.newer)
    return any(
        k == kind
        and other.model.id != follows.newer.id
        and str(follows.older.id) in map(str, other.model.replaces)
        and (day := _begins(other.model)) is not None
        and begins is not None
        and day < begins
        for (k, _), other in documents.items()
    )
