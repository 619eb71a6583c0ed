"""The form of one row of the table of findings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """What one finding says; `zh` and `en` name the same place holders."""

    level: str  # E error: nothing runs; W warning; N note
    zh: str  # one sentence, as an office would write it
    en: str
    hint_zh: str  # how to mend it
    hint_en: str
