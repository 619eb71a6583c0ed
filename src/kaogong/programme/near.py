"""The name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the known name that looks most like `name`; empty where nothing is known."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return close[0] if close else ""
