"""What is refused before a file is opened: missing, empty, locked, a zip bomb, not what it says.

A workbook is a zip archive, and a few kilobytes may unpack to terabytes. Its directory is read
here without unpacking anything; `workbook` then unpacks in a process with a limit of its own,
because a directory may lie.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from kaogong.language.finding import refuse
from kaogong.language.span import Span
from kaogong.language.words import Words

Format = Literal["csv", "workbook", "parquet"]

UNREADABLE, TOO_LARGE = "KG802", "KG803"

FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xls": "workbook",
    ".parquet": "parquet",
}

MOST_ENTRIES = 2_000
MOST_UNPACKED = 2 * 1024**3  # bytes, all entries together
MOST_RATIO = 250  # unpacked to packed; a sheet of equal rows reaches about 100
RATIO_FROM = 64 * 1024**2  # bytes below which a ratio harms nobody

_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
LOCKED = Words("工作簿已加密", "the workbook has a password")
BROKEN = Words("工作簿不完整", "the workbook is cut off or damaged")

_LOCKED = "EncryptedPackage".encode("utf-16-le")


def check_file(path: Path) -> Format:
    """Return how the file is to be read; raise Refused (KG802, KG803) where it must not be."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8)
            stream.seek(max(0, size - 4))
            tail = stream.read(4)
    except OSError as error:
        raise _unreadable(path, Words("无法打开", error.strerror or "cannot be opened")) from error
    if size == 0:
        raise _unreadable(path, Words("空文件", "empty file"))
    found = FORMATS.get(path.suffix.casefold())
    if found is None:
        raise _unreadable(
            path, Words(f"不支持扩展名{path.suffix}", f"unknown extension {path.suffix!r}")
        )
    if found == "workbook":
        _check_workbook(path, head)
    elif found == "parquet" and (head[:4] != _PARQUET or tail != _PARQUET):
        raise _unreadable(path, Words("Parquet文件不完整", "not a whole Parquet file"))
    elif found == "csv" and head.startswith((_ZIP, _OLE, _PARQUET)):
        raise _unreadable(path, Words("扩展名与内容不符", "the content is not text"))
    return found


def _check_workbook(path: Path, head: bytes) -> None:
    if head.startswith(_OLE):
        if _LOCKED in path.read_bytes():
            raise _unreadable(path, LOCKED)
        return
    if not head.startswith(_ZIP):
        raise _unreadable(path, Words("不是工作簿", "not a workbook"))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _unreadable(path, BROKEN) from error
    _check_entries(path, entries)


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _unreadable(path, LOCKED)
    if len(entries) > MOST_ENTRIES:
        raise _too_large(
            path,
            Words(
                f"部件{len(entries)}个，超过{MOST_ENTRIES}个",
                f"{len(entries)} parts, over {MOST_ENTRIES}",
            ),
        )
    if unpacked > MOST_UNPACKED:
        raise _too_large(
            path,
            Words(
                f"解压后{unpacked:,}字节，超过{MOST_UNPACKED:,}",
                f"{unpacked:,} bytes unpacked, over {MOST_UNPACKED:,}",
            ),
        )
    if unpacked > RATIO_FROM and unpacked > MOST_RATIO * max(1, packed):
        raise _too_large(
            path,
            Words(
                f"压缩比{unpacked // max(1, packed)}，超过{MOST_RATIO}",
                f"packed {unpacked // max(1, packed)} to 1, over {MOST_RATIO}",
            ),
        )


def _unreadable(path: Path, reason: Words) -> Exception:
    return refuse(UNREADABLE, Span(path.name), reason=reason)


def _too_large(path: Path, reason: Words) -> Exception:
    return refuse(TOO_LARGE, Span(path.name), reason=reason)
