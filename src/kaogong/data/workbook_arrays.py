"""The cells of an ordinary sheet of an xlsx, found by arrays: a third of a general reader's time.

A large sheet is millions of cells of a few forms: an address, a format, a type, a value. Their tags
are found all at once in a piece of the sheet, and cells of one form are read together. Whatever is
written otherwise than spreadsheet programmes write it, or asks for judgement (times of day, formats
that are neither figures nor days), raises `Unusual`: the general reader then reads the whole sheet.
Runs in the process that opens workbooks and imports nothing of the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from kaogong.data.workbook_texts import (
    Unusual,
    csv_texts,
    day_text,
    demand,
    number_text,
    percent_text,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Marks = NDArray[np.bool_]

PIECE = 2**20  # bytes of a sheet that are read at a time
PAD = 64  # bytes behind a piece, so that every look ahead stays within it
BLANKS = 20  # places for each cell with a value, beyond which a sheet is not laid out
COLUMNS = 2**14
HEAD = 1_000  # blank rows that any sheet may have
ATTRIBUTES = 24  # bytes; the longest of ` s="12345" t="inlineStr"`

_MASKS = np.array([2 ** (8 * n) - 1 for n in range(9)], dtype=np.uint64)
_FORM = re.compile(rb'(?: s="(\d+)")?(?: t="(\w+)")?')
_EMPTY_TEXTS = (b't="str"', b't="inlineStr"')  # what a formula gives may be an empty text


def _code(tag: bytes) -> int:
    return int.from_bytes(tag, "little")


_CELL, _CELL_END, _ROW = _code(b"<c "), _code(b"</c"), _code(b"<ro")
_VALUE, _VALUE_END, _INLINE = _code(b"<v>"), _code(b"</v"), _code(b"<is")
_ROW_END = b"</row>"
_TEXTS = (_code(b"<t>"), _code(b"<t "))
_FORMULAS = (_code(b"<f>"), _code(b"<f "))


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of a sheet refer to; texts are written as csv writes them."""

    texts: NDArray[np.object_]  # shared ones
    formats: Mapping[int, str]  # number of a cell format -> number, percent, date; else unknown


def book_of(texts: Sequence[str], formats: Mapping[int, str]) -> Book:
    """Return a book with its shared texts as an array."""
    array: NDArray[np.object_] = np.empty(len(texts), dtype=np.object_)
    array[:] = texts
    return Book(array, formats)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows on end, as csv."""

    first: int  # number of the first row, from 0
    width: int
    lines: list[str]

    @property
    def end(self) -> int:
        """Return the row behind the last."""
        return self.first + len(self.lines)


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a sheet that hold something, and what stands in the sheet behind its rows."""

    stretches: tuple[Stretch, ...]
    behind: bytes

    @property
    def rows(self) -> int:
        """Return how many rows there are from the top of the sheet to the last value."""
        return self.stretches[-1].end

    @property
    def width(self) -> int:
        """Return how many columns there are from the left of the sheet to the last value."""
        return max(each.width for each in self.stretches)

    def lines(self) -> Iterator[str]:
        """Yield all rows of the sheet from its top, of one width; none is an empty line."""
        row, width = 0, self.width
        for each in self.stretches:
            yield from ["," * (width - 1) or '""'] * (each.first - row)
            more = "," * (width - each.width)
            yield from [line + more or '""' for line in each.lines]
            row = each.end


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some whole rows, and the places of the cells that hold a value."""

    text: str  # one sign a byte
    signs: bytes  # padded
    begins: Numbers  # of values
    ends: Numbers

    def values(self, some: Numbers) -> list[str]:
        """Return what stands in some cells."""
        places = zip(self.begins[some].tolist(), self.ends[some].tolist(), strict=True)
        return [self.text[begin:end] for begin, end in places]


def read_sheet(stream: IO[bytes], book: Book) -> Found:
    """Return the rows of a sheet that hold something; raise Unusual."""
    stretches: list[Stretch] = []
    rest, stop = _begin(stream), -1
    while stop < 0:
        piece = stream.read(PIECE)
        text = rest + piece
        stop = text.find(b"</sheetData>")
        whole = stop if stop >= 0 else text.rfind(_ROW_END) + len(_ROW_END)
        demand(stop >= 0 or (piece and whole >= len(_ROW_END)))
        made = _stretch(text[:whole], book)
        if made is not None:
            demand(not stretches or made.first >= stretches[-1].end)
            stretches.append(made)
        rest = text[whole:]
    held = sum(len(each.lines) for each in stretches)
    demand(held and stretches[-1].end <= 2 * held + HEAD)
    return Found(tuple(stretches), rest + stream.read())


def _begin(stream: IO[bytes]) -> bytes:
    """Return what was read beyond the beginning of the rows."""
    head, sign, rest = stream.read(PIECE).partition(b"<sheetData>")
    demand(sign and not re.search(rb"encoding=[\"'](?!utf-8)", head, re.IGNORECASE))
    return rest


def _stretch(data: bytes, book: Book) -> Stretch | None:
    """Return the rows in a piece of a sheet, from the first value to the last; None without one."""
    signs = data + bytes(PAD)
    opens, closes = _tags(signs)
    heads = np.append(_look(signs, opens, "<u4") & 0xFFFFFF, np.zeros(8, np.uint32))
    cells, begins, ends = _values(signs, heads, (opens, closes))
    if not len(cells):
        return None
    rows, columns, after = _addresses(signs, heads, opens, cells)
    demand((np.diff(rows * COLUMNS + columns) > 0).all())
    forms = list(_forms(signs, after, closes[cells]))
    counts = ends > begins
    for form, some in forms:
        counts[some] |= form.endswith(_EMPTY_TEXTS)
    if not counts.any():
        return None
    first, width = int(rows[counts][0]), int(columns[counts].max()) + 1
    height = int(rows[counts][-1]) + 1 - first
    demand(height * width <= BLANKS * len(cells) + PIECE // BLANKS)
    grid: NDArray[np.object_] = np.full(height * width, "", dtype=np.object_)
    piece = _Piece(data.decode("latin-1"), signs, begins, ends)
    places = (rows - first) * width + columns
    for form, every in forms:
        some = every[counts[every]]
        grid[places[some]] = _read(piece, some, form, book)
    return Stretch(first, width, list(map(",".join, grid.reshape(height, width).tolist())))


def _look(signs: bytes, places: Numbers, kind: str) -> NDArray[Any]:
    """Return the number of some bytes that stands at each place."""
    size = np.dtype(kind).itemsize
    return np.ndarray((len(signs) - size + 1,), kind, signs, strides=(1,))[places]


def _tags(signs: bytes) -> tuple[Numbers, Numbers]:
    """Return where tags open and close."""
    array = np.frombuffer(signs, np.uint8)
    opens, closes = np.flatnonzero(array == ord("<")), np.flatnonzero(array == ord(">"))
    demand(len(opens) == len(closes) and (opens < closes).all())
    demand((closes[:-1] < opens[1:]).all())
    return opens, closes


def _values(
    signs: bytes, heads: NDArray[np.uint32], tags: tuple[Numbers, Numbers]
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the cells with a value as numbers of their tags, where values begin and end.

    Every tag must belong to a cell of a known form or be that of a row.
    """
    opens, closes = tags
    array = np.frombuffer(signs, np.uint8)
    cells, rows = np.flatnonzero(heads == _CELL), np.flatnonzero(heads == _ROW)
    is_closed = array[closes[cells] - 1] == ord("/")
    closed_rows = int((array[closes[rows] - 1] == ord("/")).sum())
    follows = heads[cells + 1]
    is_empty = ~is_closed & (follows == _CELL_END)
    has_value = ~is_closed & ~is_empty
    cells, follows = cells[has_value], follows[has_value]
    is_formula, is_inline = np.isin(follows, _FORMULAS), follows == _INLINE
    short = is_formula & (array[closes[np.minimum(cells + 1, len(closes) - 1)] - 1] == ord("/"))
    value = cells + 1 + 2 * is_formula - short + is_inline
    demand(np.where(is_inline, np.isin(heads[value], _TEXTS), heads[value] == _VALUE).all())
    demand((heads[value[~is_inline] + 1] == _VALUE_END).all() and heads[value + 1].all())
    inner = 4 * len(cells) + int((2 * is_formula - short + 2 * is_inline).sum())
    counted = inner + int(is_closed.sum()) + 2 * int(is_empty.sum()) + 2 * len(rows) - closed_rows
    demand(counted == len(opens))
    return cells, closes[value] + 1, opens[value + 1]


def _addresses(
    signs: bytes, heads: NDArray[np.uint32], opens: Numbers, cells: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return row and column of cells, from 0, and where their addresses end."""
    array = np.frombuffer(signs, np.uint8)
    row_tags = opens[np.flatnonzero(heads == _ROW)]
    demand((_look(signs, row_tags, "<u8") == _code(b'<row r="')).all())
    numbers, stops = _digits(signs, row_tags + 8)
    demand((array[stops] == ord('"')).all())
    mine = np.cumsum(heads == _ROW)[cells] - 1
    demand((mine >= 0).all())
    rows, size, begins = numbers[mine], (stops - row_tags - 8)[mine], opens[cells] + 6
    demand((_look(signs, begins - 4, "<u4") == _code(b' r="')).all())
    columns = np.zeros(len(cells), np.int64)
    reading = np.ones(len(cells), np.bool_)
    letters = np.zeros(len(cells), np.int64)
    for place in range(3):
        letter = array[begins + place].astype(np.int64) - 64
        reading = reading & (letter > 0) & (letter < 27)
        if not reading.any():
            break
        columns = np.where(reading, columns * 26 + letter, columns)
        letters += reading
    stops = begins + letters + size
    demand((letters > 0).all() and (array[stops] == ord('"')).all())
    demand((array[stops - 1] == rows % 10 + 48).all() and rows.min() > 0)
    return rows - 1, columns - 1, stops + 1


def _digits(signs: bytes, begins: Numbers) -> tuple[Numbers, Numbers]:
    """Return the numbers of up to seven digits that begin somewhere, and where they end."""
    array = np.frombuffer(signs, np.uint8)
    numbers, stops = np.zeros(len(begins), np.int64), begins.copy()
    reading = np.ones(len(begins), np.bool_)
    for place in range(7):
        digit = array[begins + place].astype(np.int64) - 48
        reading &= (digit >= 0) & (digit < 10)
        if not reading.any():
            break
        numbers = np.where(reading, numbers * 10 + digit, numbers)
        stops += reading
    return numbers, stops


def _forms(signs: bytes, begins: Numbers, ends: Numbers) -> Iterator[tuple[bytes, Numbers]]:
    """Yield each form of cells, such as ` s="3" t="s"`, with the cells that have it."""
    sizes = ends - begins
    demand(sizes.max() <= ATTRIBUTES)
    words = [
        _look(signs, begins + at, "<u8") & _MASKS[np.clip(sizes - at, 0, 8)]
        for at in range(0, ATTRIBUTES, 8)
    ]
    left = np.arange(len(begins))
    while len(left):
        one = left[0]
        same = np.logical_and.reduce([word[left] == word[one] for word in words])
        yield signs[begins[one] : ends[one]], left[same]
        left = left[~same]


def _read(
    piece: _Piece, some: Numbers, form: bytes, book: Book
) -> Sequence[str] | NDArray[np.object_]:
    """Return the cells of one form as csv writes them."""
    read = _FORM.fullmatch(form)
    if read is None:
        raise Unusual
    kind = (read[2] or b"n").decode()
    if kind == "s":
        numbers, stops = _digits(piece.signs, piece.begins[some])
        demand((stops == piece.ends[some]).all() and (numbers < len(book.texts)).all())
        return book.texts[numbers]
    if kind == "n":
        kind = book.formats.get(int(read[1] or 0), "unknown")
    if kind not in _READ:
        raise Unusual
    return _READ[kind](piece, some)


def _numbers(piece: _Piece, some: Numbers) -> list[str]:
    """Return numbers as a sheet shows them: at most 15 digits."""
    texts = piece.values(some)
    for place in np.flatnonzero(~_are_plain(piece, some)).tolist():
        texts[place] = number_text(texts[place])
    return texts


def _are_plain(piece: _Piece, some: Numbers) -> Marks:
    """Tell which numbers are written as they are shown already."""
    signs = np.frombuffer(piece.signs, np.uint8)
    begins, ends = piece.begins[some], piece.ends[some]
    sizes = ends - begins
    digits = _look(piece.signs, begins, "V16").view(np.uint8).reshape(-1, 16)
    within = np.arange(16) < sizes[:, None]
    points = ((digits == ord(".")) & within).sum(axis=1)
    strange = (((digits < 48) | (digits > 57)) & within).sum(axis=1)
    first, second, last = signs[begins], signs[begins + 1], signs[ends - 1]
    is_tiny = (digits[:, 2:5] == 48).all(axis=1)  # 0.00001 is shown as 1e-05
    zero_first = (first == 48) & (sizes > 1) & ((second != ord(".")) | is_tiny)
    zero_last = (points > 0) & ((last == 48) | (last == ord(".")))
    fits: Marks = (sizes <= 15) & (strange == points) & (points < 2)
    fits &= (first != ord(".")) & ~zero_first & ~zero_last
    return fits


def _percents(piece: _Piece, some: Numbers) -> list[str]:
    return list(map(percent_text, piece.values(some)))


def _days(piece: _Piece, some: Numbers) -> list[str]:
    texts = piece.values(some)
    return list(map({text: day_text(text) for text in set(texts)}.__getitem__, texts))


def _answers(piece: _Piece, some: Numbers) -> list[str]:
    texts = piece.values(some)
    demand(set(texts) <= {"0", "1"})
    return ["True" if text == "1" else "False" for text in texts]


def _errors(piece: _Piece, some: Numbers) -> list[str]:
    texts = piece.values(some)
    demand(all(text.startswith("#") for text in texts))
    return texts


def _strings(piece: _Piece, some: Numbers) -> list[str]:
    return csv_texts([text.encode("latin-1") for text in piece.values(some)])


_READ: Mapping[str, Callable[[_Piece, Numbers], list[str]]] = {
    "number": _numbers,
    "percent": _percents,
    "date": _days,
    "b": _answers,
    "e": _errors,
    "str": _strings,
    "inlineStr": _strings,
}
