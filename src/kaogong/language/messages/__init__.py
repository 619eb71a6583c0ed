"""The sentences of all findings, one row an id, in Chinese and English.

An id never changes its meaning and is never used again. The hundreds say where the mistake lies:
1 files, 2 names and dates, 3 expressions, 4 numbers and units, 5 bands and open slots, 6 kinds,
7 policy review and runs, 8 data. `docs/findings/` holds a page for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kaogong.language.messages.answers import ANSWERS
from kaogong.language.messages.bands import BANDS
from kaogong.language.messages.delivery import DELIVERY
from kaogong.language.messages.expressions import EXPRESSIONS
from kaogong.language.messages.files import FILES
from kaogong.language.messages.kept import KEPT
from kaogong.language.messages.kinds import KINDS
from kaogong.language.messages.message import Message
from kaogong.language.messages.names import NAMES
from kaogong.language.messages.numbers import NUMBERS
from kaogong.language.messages.records import RECORDS
from kaogong.language.messages.runs import RUNS

__all__ = ["MESSAGES", "Message"]

MESSAGES: Mapping[str, Message] = MappingProxyType(
    dict(
        sorted(
            (
                FILES
                | NAMES
                | EXPRESSIONS
                | NUMBERS
                | BANDS
                | KINDS
                | RUNS
                | ANSWERS
                | DELIVERY
                | RECORDS
                | KEPT
            ).items()
        )
    )
)
