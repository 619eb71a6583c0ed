"""JSON whose numbers keep their digits: a decimal is written as it is, never through a float."""

from __future__ import annotations

import json
import re
from decimal import Decimal

MARK = "\x00number:"
_MARKED = re.compile(r'"\\u0000number:([^"]*)"')


def json_text(content: object) -> str:
    """Return content as JSON; what is neither plain nor a decimal raises TypeError."""
    text = json.dumps(content, ensure_ascii=False, indent=1, default=_marked)
    return _MARKED.sub(r"\1", text)


def _marked(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{MARK}{value:f}"
    raise TypeError(f"{value!r} has no place in JSON")
