"""A text file of any office as UTF-8: byte order marks, UTF-8, UTF-16 and GB18030.

GB18030 contains GBK and GB 2312, which Excel writes on Chinese systems. A file is decoded from
end to end before a row is read: a wrong encoding is found here and not in row 300,000.
"""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kaogong.data.guard import UNREADABLE
from kaogong.language.finding import refuse
from kaogong.language.span import Span
from kaogong.language.words import Words

CHUNK = 1 << 22  # bytes read at a time

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """A file in UTF-8 without a mark."""

    path: Path
    encoding: str  # of the file as it came
    lines: int


def as_utf8(path: Path, scratch: Path) -> PlainText:
    """Return the file itself where it is UTF-8, else a copy in `scratch`; raise Refused (KG802).

    The first four million bytes decide; the engine checks the rest while it reads, and where it
    finds a wrong byte, `decoded` reads the file to its end.
    """
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    mark, encoding = next(((m, e) for m, e in _MARKS if head.startswith(m)), (b"", ""))
    if encoding:
        return _copy(path, scratch, encoding, len(mark))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < CHUNK)
    except UnicodeDecodeError:
        return _copy(path, scratch, "gb18030", 0)
    return _counted(path, path.name, "utf-8")


def decoded(path: Path, scratch: Path) -> PlainText:
    """Return a copy of the file as UTF-8, decoded to its end; raise Refused (KG802)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in itertools.chain(_chunks(path), (b"",)):
            decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError:
        return _copy(path, scratch, "gb18030", 0)
    return _counted(path, path.name, "utf-8")


def count_lines(path: Path) -> int:
    """Return the number of lines of a file; the last needs no end."""
    lines, last = 0, b""
    for chunk in _chunks(path):
        lines += chunk.count(b"\n")
        last = chunk[-1:]
    return lines + (last not in (b"\n", b""))


def _counted(path: Path, file: str, encoding: str) -> PlainText:
    """Return the file with the number of its lines; raise Refused (KG802) where it is no text."""
    lines, last = 0, b""
    for chunk in _chunks(path):
        if b"\0" in chunk:
            raise refuse(UNREADABLE, Span(file), reason=Words("不是文本文件", "not a text file"))
        lines += chunk.count(b"\n")
        last = chunk[-1:]
    return PlainText(path, encoding, lines + (last not in (b"\n", b"")))


def _copy(path: Path, scratch: Path, encoding: str, skip: int) -> PlainText:
    """Write the file to `scratch` as UTF-8."""
    target = scratch / "decoded.csv"
    decoder = codecs.getincrementaldecoder(encoding)()
    position = skip
    with target.open("wb") as out:
        try:
            for chunk in itertools.chain(_chunks(path, skip), (b"",)):
                out.write(decoder.decode(chunk, final=not chunk).encode("utf-8"))
                position += len(chunk)
        except UnicodeError as error:
            reason = Words(
                f"既非UTF-8也非GB18030（第{position}字节前后）",
                f"neither UTF-8 nor GB18030, about byte {position}",
            )
            raise refuse(UNREADABLE, Span(path.name), reason=reason) from error
    return _counted(target, path.name, encoding)


def _chunks(path: Path, skip: int = 0) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(skip)
        while chunk := stream.read(CHUNK):
            yield chunk
