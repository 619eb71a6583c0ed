"""The texts of a workbook's cells as csv writes them and as a sheet shows them.

Whatever asks for more judgement than this raises `Unusual`: the general reader reads it then. Runs
in the process that opens workbooks and imports nothing of the project.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import unescape

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
QUOTED = re.compile('[,"\r\n]')  # what a cell of a csv is put in quotes for
_NAMED = {"&quot;": '"', "&apos;": "'"}
_SIMPLE = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
FIRST_DAY, LAST_DAY = 61, 109_574  # before March 1900 day numbers are off by one; 2199-12-31


class Unusual(Exception):
    """The sheet has to be read by the general reader."""


def demand(holds: object) -> None:
    """Raise Unusual where something does not hold."""
    if not holds:
        raise Unusual


def number_text(text: str) -> str:
    """Return a number with the 15 digits that a workbook keeps."""
    demand(_NUMBER.fullmatch(text))
    shown = f"{float(text):.15g}"
    demand(shown not in ("inf", "-inf"))
    return "0" if shown == "-0" else shown


def percent_text(text: str) -> str:
    """Return a share as the percent that its cell shows: 0.0302 as 3.02%."""
    return f"{Decimal(number_text(text)) * 100:f}%"


def day_text(text: str) -> str:
    """Return the day of a whole number of days; times and days long past are unusual."""
    demand(text.isdigit() and len(text) < 7 and FIRST_DAY <= int(text) <= LAST_DAY)
    return str(dt.date(1899, 12, 30) + dt.timedelta(int(text)))


def csv_texts(given: Sequence[bytes]) -> list[str]:
    """Return texts of a sheet as csv writes them, with one kind of line end."""
    joined = b"\0".join(given)  # no text of a workbook holds that sign
    demand(b"_x" not in joined and b"&#" not in joined)  # escapes of single signs
    everything = unescape(joined.decode("utf-8"), _NAMED)
    texts = everything.split("\0") if given else []
    demand(len(texts) == len(given))
    return list(map(quoted, texts)) if QUOTED.search(everything) else texts


def quoted(text: str) -> str:
    """Return a text in quotes where it needs them, with one kind of line end."""
    if not QUOTED.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace('"', '""')
    return f'"{text}"'


def shared_texts(part: bytes) -> list[str]:
    """Return the shared texts of a workbook as csv writes them; raise Unusual."""
    texts = _SIMPLE.findall(part)
    if len(texts) != part.count(b"<si"):
        texts = [_joined(item) for item in re.findall(rb"<si>(.*?)</si>", part, re.DOTALL)]
        demand(len(texts) == part.count(b"<si"))
    return csv_texts(texts)


def _joined(item: bytes) -> bytes:
    """Return the text of an item that is written in several fonts; how to say it is left out."""
    said = re.sub(rb"<rPh\b.*?</rPh>", b"", item, flags=re.DOTALL)
    return b"".join(re.findall(rb"<t(?: [^>]*)?>([^<]*)</t>", said))
