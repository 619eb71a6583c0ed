"""Which column of a sheet is which field: titles, merged headings and units as offices write them.

The heading may stand below merged title rows and may itself take two or three rows; its unit
stands in brackets, in a row of its own, or once for the whole sheet (`单位:万元`). A heading fits a
field by id, title or a listed heading, after NFKC, without case and blanks. Nothing is guessed
beyond that: what fits no field is named and left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from kaogong.data.shape import PERIOD, FieldShape, RegisterShape
from kaogong.data.sheet import Sheet
from kaogong.language.finding import Finding, Refused, finding
from kaogong.language.unit import PURE, Unit, read_unit, unit_at

NO_HEADING, UNKNOWN_COLUMN, TWICE, MISSING = "KG804", "KG805", "KG806", "KG807"
UNIT_TAKEN, UNIT_MISFIT = "KG821", "KG834"

DEPTH = 3  # rows a merged heading may take
PERIOD_HEADINGS = (
    "period",
    "期间",
    "数据期",
    "所属期",
    "所属期间",
    "数据年度",
    "年度",
    "年份",
    "月份",
)
SERIAL = frozenset(("", "序号", "行号", "行次", "no", "no."))  # numbers of rows, worth no word

_BLANKS = re.compile(r"[\s*]+")
_BRACKET = re.compile(r"(.*)\(([^()]*)\)$|(.*)\[([^\[\]]*)\]$")
_TAIL_UNIT = re.compile(r"(.+?)[,，、/:](.+)$")
_YEAR = re.compile(r"^([0-9]{4})年度?")
_SHEET_UNIT = re.compile(r"(?:^|[\s(、,;])(?:计量|金额|货币|数据|面积)?单位:\s*([^\s)]+)")
_LISTED = re.compile(r"[、,;]")
_COUNTED = re.compile(r"\(?([0-9]{1,3})\)?|[甲乙丙丁戊己]")


@dataclass(frozen=True, slots=True)
class TakenColumn:
    """A column that became a field; `factor` turns its numbers into the register's unit."""

    position: int
    field: FieldShape
    heading: str
    unit: str | None = None
    factor: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the data begin and what the columns are."""

    row: int  # last row of the heading
    first_row: int  # first row of data
    columns: tuple[TakenColumn, ...]
    titles: tuple[str, ...]  # heading of every column of the sheet, known or not
    findings: tuple[Finding, ...]

    def column(self, field_id: str) -> TakenColumn | None:
        """Return the column of a field, or None where the sheet has none."""
        return next((each for each in self.columns if each.field.id == field_id), None)


@dataclass(frozen=True, slots=True)
class _Title:
    """The heading of one column: what it says, and the unit that it carries."""

    text: str
    names: tuple[tuple[str, str], ...]  # folded name and unit text, likeliest first


@dataclass(frozen=True, slots=True)
class _Reading:
    """Some rows read as the heading; of readings as good as each other the first holds."""

    row: int
    depth: int
    titles: tuple[_Title, ...]
    fits: dict[int, tuple[str, str]]  # column -> field and unit

    @property
    def score(self) -> int:
        return len({field_id for field_id, _ in self.fits.values()})


def fold(text: str) -> str:
    """Return a heading for comparison: NFKC, without case, blanks and asterisks.

    >>> fold(" 营业 收入（万元）*")
    '营业收入(万元)'
    """
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold().rstrip(":")


def find_heading(sheet: Sheet, register: RegisterShape, period: str | None = None) -> Heading:
    """Return the columns of the sheet; raise Refused: KG804, KG806, KG807, KG834.

    `period` is the one the whole sheet is for; a heading `2022年营业收入` fits where it is 2022.
    """
    names = _names(register, with_period=bool(register.period))
    best = max(
        (
            _Reading(row, depth, titles := _titles(sheet, row, depth), _fits(titles, names, period))
            for depth in range(1, 2 if sheet.format == "parquet" else DEPTH + 1)
            for row in range(len(sheet.head) - depth + 1)
        ),
        key=lambda reading: reading.score,
        default=None,
    )
    if best is None or best.score < min(2, len(register.fields)):
        raise Refused(finding(NO_HEADING, sheet.span(), register=register.title))
    return _settled(sheet, register, best.row + best.depth - 1, best.titles, best.fits)


def _settled(
    sheet: Sheet,
    register: RegisterShape,
    row: int,
    titles: tuple[_Title, ...],
    fits: dict[int, tuple[str, str]],
) -> Heading:
    """Return the heading that ends in `row`, with its units and all that is to say about it."""
    first_row, unit_row = _below(sheet, row, fits)
    shared = _sheet_units(sheet.head[: row + 1])
    wrong = _doubles(sheet, row, titles, fits) + _missing(sheet, register, row, fits)
    notes: list[Finding] = []
    columns: list[TakenColumn] = []
    shapes = register.by_id | {PERIOD: register.by_id.get(PERIOD, FieldShape(PERIOD, "期间"))}
    for position, (field_id, written) in sorted(fits.items()):
        shape, text = shapes[field_id], titles[position].text
        if shape.kind != "number":
            columns.append(TakenColumn(position, shape, text))
            continue
        unit = _unit_of(shape, (unit_row.get(position, ""), written), shared)
        factor = _factor(unit, shape)
        place = sheet.span(row, position)
        if factor is None:
            heading_unit = unit.text if unit else ""
            wrong.append(
                finding(
                    UNIT_MISFIT, place, heading=text, unit=heading_unit, expected=shape.unit or "1"
                )
            )
        elif unit is not None and factor != 1:
            notes.append(finding(UNIT_TAKEN, place, heading=text, unit=unit.text))
        columns.append(
            TakenColumn(
                position, shape, text, unit.text if unit else shape.unit, factor or Fraction(1)
            )
        )
    if wrong:
        raise Refused(*wrong)
    notes += [
        finding(UNKNOWN_COLUMN, sheet.span(row, position), heading=title.text)
        for position, title in enumerate(titles)
        if position not in fits and fold(title.text) not in SERIAL
    ]
    texts = tuple(title.text for title in titles)
    return Heading(row, first_row, tuple(columns), texts, tuple(notes))


def _names(register: RegisterShape, *, with_period: bool) -> dict[str, str | None]:
    """Return folded name -> field; None where two fields claim it."""
    found: dict[str, str | None] = {}
    for each in register.fields:
        for name in {fold(n) for n in (each.id, each.title, *each.headings)} - {""}:
            found[name] = each.id if found.get(name, each.id) == each.id else None
    if with_period:
        for name in PERIOD_HEADINGS:
            found.setdefault(fold(name), PERIOD)
    return found


def _titles(sheet: Sheet, row: int, depth: int) -> tuple[_Title, ...]:
    """Return the heading of each column from `depth` rows that begin with `row`."""
    stack = [list(sheet.head[r]) for r in range(row, row + depth)]
    for level in range(depth - 1):
        _spread(sheet, row + level, stack[level], stack[level + 1])
    return tuple(
        _title([line[position].strip() for line in stack if line[position].strip()])
        for position in range(sheet.width)
    )


def _spread(sheet: Sheet, row: int, line: list[str], below: Sequence[str]) -> None:
    """Write the text of a merged heading over all columns that it covers."""
    covered = {
        column: line[left]
        for (top, left), (bottom, right) in sheet.merged
        if top <= row <= bottom
        for column in range(left, min(right + 1, len(line)))
    }
    last = ""
    for position, text in enumerate(line):
        if text.strip():
            last = text
        elif position in covered:
            line[position] = last = covered[position]
        elif not sheet.merged and below[position].strip():
            line[position] = last  # csv knows no merged cells: a group runs on to the next word
        else:
            last = ""


def _title(parts: list[str]) -> _Title:
    """Return the heading made of the words from top to bottom."""
    if not parts:
        return _Title("", ())
    text = " ".join(dict.fromkeys(part.replace("\n", "") for part in parts))
    names: list[tuple[str, str]] = []
    for words in ([parts[-1]], parts, [parts[0]] if len(parts) == 1 else []):
        joined = "".join(dict.fromkeys(words))
        names += _readings(fold(joined))
    units = [unit for part in parts for _, unit in _readings(fold(part)) if unit]
    inherited = units[0] if units else ""
    return _Title(text, tuple((name, unit or inherited) for name, unit in names))


def _readings(folded: str) -> list[tuple[str, str]]:
    """Return what a folded heading may be: as it stands, or a name and a unit."""
    readings = [(folded, "")]
    if match := _BRACKET.fullmatch(folded):
        outside, inside = match[1] or match[3] or "", match[2] or match[4] or ""
        unit = inside.removeprefix("单位:")
        readings.append((outside, unit if _is_unit(unit) else ""))
    if (match := _TAIL_UNIT.fullmatch(folded)) and _is_unit(match[2].removeprefix("单位:")):
        readings.append((match[1], match[2].removeprefix("单位:")))
    return readings


def _fits(
    titles: tuple[_Title, ...], names: dict[str, str | None], period: str | None
) -> dict[int, tuple[str, str]]:
    """Return column -> field and unit text."""
    fits: dict[int, tuple[str, str]] = {}
    for position, title in enumerate(titles):
        for name, unit in title.names:
            field_id = names.get(name) or names.get(_without_year(name, period))
            if field_id is not None:
                fits[position] = (field_id, unit)
                break
    return fits


def _without_year(name: str, period: str | None) -> str:
    match = _YEAR.match(name)
    return name[match.end() :] if match and period and period.startswith(match[1]) else name


def _doubles(
    sheet: Sheet, row: int, titles: tuple[_Title, ...], fits: dict[int, tuple[str, str]]
) -> list[Finding]:
    first: dict[str, int] = {}
    found = []
    for position, (field_id, _) in sorted(fits.items()):
        if field_id in first:
            other = titles[first[field_id]].text
            values = {"field": field_id, "heading": titles[position].text, "other": other}
            found.append(finding(TWICE, sheet.span(row, position), **values))
        first.setdefault(field_id, position)
    return found


def _missing(
    sheet: Sheet, register: RegisterShape, row: int, fits: dict[int, tuple[str, str]]
) -> list[Finding]:
    """Return a finding for each required field without a column."""
    present = {field_id for field_id, _ in fits.values()}
    is_named = bool(present & set(register.identified_by))
    return [
        finding(MISSING, sheet.span(row), field=each.title or each.id)
        for each in register.fields
        if each.id not in present
        and each.id != PERIOD
        and (each.required or each.id in register.key)
        and not (each.id in register.key and is_named)
    ]


def _below(sheet: Sheet, row: int, fits: dict[int, tuple[str, str]]) -> tuple[int, dict[int, str]]:
    """Return the first row of data, and the units of a row that gives only units."""
    units: dict[int, str] = {}
    first = row + 1
    while sheet.format != "parquet" and first < len(sheet.head):
        cells = {p: fold(text) for p, text in enumerate(sheet.head[first]) if text.strip()}
        if len(cells) > 1 and _is_unit_row(cells, fits):
            units |= {p: cell for p, cell in cells.items() if _is_unit(cell)}
        elif not _counts_columns(list(cells.values())):
            break
        first += 1
    return first, units


def _is_unit_row(cells: dict[int, str], fits: dict[int, tuple[str, str]]) -> bool:
    named = [p for p, cell in cells.items() if _is_unit(cell) and p in fits]
    return bool(named) and all(_is_unit(cell) or set(cell) <= set("-—/") for cell in cells.values())


def _counts_columns(cells: list[str]) -> bool:
    """Tell whether the row only numbers the columns: 甲 乙 1 2 3."""
    matches = [_COUNTED.fullmatch(cell) for cell in cells]
    numbers = [int(m[1]) for m in matches if m and m[1]]
    steps = all(b == a + 1 for a, b in pairwise(numbers))
    return len(cells) > 2 and all(matches) and steps and numbers[:1] == [1]


def _sheet_units(lines: Iterable[Sequence[str]]) -> list[Unit]:
    """Return the units that hold for the whole sheet: 单位:万元、亩."""
    found: list[Unit] = []
    for line in lines:
        for cell in line:
            text = unicodedata.normalize("NFKC", cell)
            for match in _SHEET_UNIT.finditer(text):
                parts = [match[1]] if _is_unit(match[1]) else _LISTED.split(match[1])
                found += [read_unit(part) for part in parts if _is_unit(part)]
    return found


def _unit_of(shape: FieldShape, written: tuple[str, str], shared: list[Unit]) -> Unit | None:
    """Return the unit of a column: of its own heading, else one of the sheet that fits."""
    own = next((text for text in written if _is_unit(text)), None)
    if own is not None:
        return read_unit(own)
    expected = _expected(shape)
    fitting = [unit for unit in shared if not unit.is_pure and unit.same_dimension(expected)]
    return fitting[0] if fitting else None


def _factor(unit: Unit | None, shape: FieldShape) -> Fraction | None:
    """Return what the numbers are multiplied by; None where the units do not convert."""
    if unit is None:
        return Fraction(1)
    expected = _expected(shape)
    return unit.factor_to(expected) if unit.same_dimension(expected) else None


def _expected(shape: FieldShape) -> Unit:
    return read_unit(shape.unit) if shape.unit else PURE


def _is_unit(text: str) -> bool:
    found = unit_at(text, 0)
    return found is not None and found[1] == len(text)
