"""What goes wrong on the way: each error is planted at a declared rate and written down.

The list of errors is the yardstick for intake: what it recovers can be counted against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.drafts import Cell, Draft, day_number, named

WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@dataclass(frozen=True, slots=True)
class Defect:
    """One planted error; `row` counts the rows of the table from 1, header and titles left out."""

    sheet: str
    kind: str
    row: int
    column: str
    subject: str
    written: str
    true: str


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A sheet as it is sent, the earlier version where a corrected one follows, and its errors."""

    draft: Draft
    earlier: Draft | None
    defects: tuple[Defect, ...]


class _Spoiler:
    """Works on a copy of the columns and notes what it does."""

    def __init__(self, draft: Draft, city: City, generator: np.random.Generator) -> None:
        self.draft = replace(
            draft, columns=[list(column) for column in draft.columns], who=list(draft.who)
        )
        self.city, self.generator = city, generator
        self.defects: list[Defect] = []

    def some(self, rate: float) -> list[int]:
        """Draw rows about a firm; at least one where the rate is above nothing."""
        rows = np.flatnonzero(np.array(self.draft.who) >= 0)
        count = min(max(round(rate * len(rows)), 1), len(rows))
        return [int(n) for n in np.sort(self.generator.choice(rows, count, replace=False))]

    def write(self, kind: str, row: int, column: int, cell: Cell) -> None:
        """Put a cell in place of the true one."""
        cells = self.draft.columns[column]
        self.note(kind, row, column, cell, cells[row])
        cells[row] = cell

    def note(self, kind: str, row: int, column: int, cell: Cell, true: Cell) -> None:
        """Write an error down."""
        self.defects.append(Defect(
            self.draft.id, kind, row + 1, self.draft.headings[column], named(self.draft.who[row]),
            "" if cell is None else str(cell), "" if true is None else str(true),
        ))  # fmt: skip


def spoil(draft: Draft, city: City, generator: np.random.Generator) -> Spoiled:
    """Return the sheet with every error its office makes."""
    work = _Spoiler(draft, city, generator)
    for step in STEPS:
        step(work)
    earlier = _earlier(work) if draft.corrected else None
    _twice(work)
    return Spoiled(work.draft, earlier, tuple(work.defects))


def _names(work: _Spoiler) -> None:
    """Write some names as people write them: a blank, a longer or shorter form, a stamp."""
    at = work.draft.names
    if at is None:
        return
    for row in work.some(work.city.name_differs):
        name = str(work.draft.columns[at][row])
        ways = (
            name.replace("有限公司", "有限责任公司"),
            f"{name[:2]} {name[2:]}",
            name.replace("有限公司", "公司"),
            f"{name}　",
            name[2:],
            f"{name}(盖章)",
        )
        chosen = ways[int(work.generator.integers(len(ways)))]
        work.write("name_differs", row, at, chosen if chosen != name else f"{name} ")


def _codes(work: _Spoiler) -> None:
    """Write some codes wrong: one sign changed, two swapped, the letter O for a nought."""
    at = work.draft.codes
    if at is None:
        return
    for row in work.some(work.city.code_wrong):
        code = work.draft.columns[at][row]
        if not isinstance(code, str) or len(code) != 18:
            continue
        place = int(work.generator.integers(8, 16))
        changed = code[:place] + str((int(code[place]) + 3) % 10) + code[place + 1 :]
        ways = (changed, code[:17], code.replace("0", "O", 1))
        work.write("code_wrong", row, at, ways[int(work.generator.integers(len(ways)))])


def _off_by_10000(work: _Spoiler) -> None:
    """Give some amounts in yuan where 10,000 yuan are asked."""
    if not work.draft.money:
        return
    for row in work.some(work.city.off_by_10000):
        at = work.draft.money[int(work.generator.integers(len(work.draft.money)))]
        amount = work.draft.columns[at][row]
        if isinstance(amount, (int, float)) and amount:
            work.write("off_by_10000", row, at, round(amount * 10_000, 2))


def _blanks(work: _Spoiler) -> None:
    """Write a row's missing figures with one of the office's signs; only a nought is an error."""
    signs = work.draft.blanks
    drawn = work.generator.integers(0, len(signs), len(work.draft.who)).tolist()
    for at, cells in enumerate(work.draft.columns):
        for row in [row for row, cell in enumerate(cells) if cell is None]:
            sign = signs[drawn[row]]
            if sign == "0.00":
                work.write("missing_as_zero", row, at, sign)
            elif sign:
                cells[row] = sign


def _wide_digits(work: _Spoiler) -> None:
    """Type some numbers in full-width digits."""
    at = work.draft.wide
    if at is None:
        return
    for row in work.some(0.004):
        figure = work.draft.columns[at][row]
        if isinstance(figure, (int, float)):
            work.write("wide_digits", row, at, str(figure).translate(WIDE))


def _day_numbers(work: _Spoiler) -> None:
    """Turn some dates into a spreadsheet's day number."""
    for at in work.draft.dates:
        for row in work.some(0.01):
            work.write("date_as_number", row, at, str(day_number(str(work.draft.columns[at][row]))))


def _scientific(work: _Spoiler) -> None:
    """Show codes of digits only as a spreadsheet shows long numbers: their last digits are lost."""
    at = work.draft.codes
    if work.draft.form != "gb18030" or at is None:
        return
    for row, code in enumerate(work.draft.columns[at]):
        if isinstance(code, str) and code.isdecimal():
            work.write("code_scientific", row, at, f"{int(code):.3E}")


STEPS: tuple[Callable[[_Spoiler], None], ...] = (
    _names, _scientific, _codes, _off_by_10000, _blanks, _wide_digits, _day_numbers,
)  # fmt: skip


def _earlier(work: _Spoiler) -> Draft:
    """Return the version sent first: some rows had other figures, corrected in the second sheet."""
    columns = [list(column) for column in work.draft.columns]
    for row in work.some(work.city.corrected_later):
        at = work.draft.corrected[int(work.generator.integers(len(work.draft.corrected)))]
        true = columns[at][row]
        if isinstance(true, (int, float)):
            columns[at][row] = round(true * (1.05 + 0.2 * float(work.generator.random())) + 0.1, 4)
            work.note("corrected_later", row, at, columns[at][row], true)
    return replace(work.draft, columns=columns)


def _twice(work: _Spoiler) -> None:
    """Send some rows twice, the second time at the end."""
    for row in work.some(work.city.row_twice):
        for cells in work.draft.columns:
            cells.append(cells[row])
        work.draft.who.append(work.draft.who[row])
        work.note("row_twice", len(work.draft.who) - 1, 0, None, None)


ERRORS: Mapping[str, str] = {
    "name_differs": "名称不一致",
    "code_wrong": "信用代码错误",
    "off_by_10000": "数值差一万倍",
    "missing_as_zero": "缺失写成0.00",
    "wide_digits": "全角数字",
    "date_as_number": "日期成序列号",
    "code_scientific": "代码成科学计数",
    "corrected_later": "报送后更正",
    "row_twice": "重复行",
}
