"""Rows of a sheet that are no records: blank ones, totals, footers, repeated headings.

A total is taken for one only where nothing else names a subject in its row, and a footer only
where its row holds no figure. Each is told of, so that a record left out by mistake is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kaogong.data.heading import Heading, TakenColumn
from kaogong.data.shape import PERIOD, RegisterShape
from kaogong.data.sheet import Sheet, raw
from kaogong.data.sql import Sql, integer, joined, sql, value

BLANK, TOTAL, FOOTER, REPEATED, HEADING = 1, 2, 3, 4, 5
TOLD = (TOTAL, FOOTER, REPEATED)  # kinds that are findings

_TEXTS = ("text", "code", "link")
_LEADING = 2  # unknown columns looked at besides, such as the number of the row
_TOTAL_WORDS = "[^0-9A-Za-z]{0,8}(合计|总计|小计|共计|累计)[:：]?"
_FOOTER_WORDS = (
    "((单位|统计|企业)?负责人|填[表报]人|制表人?|审核人?|复核人?|经办人|联系人|联系电话|电话|"
    "(填[表报]|报送|编制)(单位|机关)|(填[表报]|报[出送]|制表)?日期|填[表报]时间|"
    "(备|附)?注|(填[表报])?说明|(数据|资料)来源)[0-9]?[:：].*|以下空白.*"
)


def odd_row(sheet: Sheet, heading: Heading, register: RegisterShape) -> Sql:
    """Return which kind of odd row a row is, or NULL for a record."""
    cells = [raw(i) for i in range(sheet.width)]
    if sheet.format == "parquet":
        return sql(
            "CASE WHEN {blank} THEN {number} END", blank=_is_blank(cells), number=integer(BLANK)
        )
    kinds: Mapping[int, Sql] = {
        BLANK: _is_blank(cells),
        TOTAL: _is_total(sheet, heading, register),
        FOOTER: _is_footer(sheet, heading, register),
        REPEATED: _is_repeated(sheet, heading),
    }
    cases = joined(
        " ",
        (
            sql("WHEN {where} THEN {kind}", where=where, kind=integer(kind))
            for kind, where in kinds.items()
        ),
    )
    return sql("CASE {cases} END", cases=cases)


def first_text(sheet: Sheet) -> Sql:
    """Return the first cell of a row that holds something."""
    return sql(
        "coalesce({cells}, '')",
        cells=joined(", ", (sql("{cell}::VARCHAR", cell=raw(i)) for i in range(sheet.width))),
    )


def _is_blank(cells: Sequence[Sql]) -> Sql:
    return joined(" AND ", (sql("{cell} IS NULL", cell=cell) for cell in cells))


def _is_total(sheet: Sheet, heading: Heading, register: RegisterShape) -> Sql:
    """Return whether a cell says 合计 and nothing else in the row names a subject."""
    known = {column.position for column in heading.columns}
    leading = [p for p in range(sheet.width) if p not in known][:_LEADING]
    looked_at = [c.position for c in heading.columns if _may_name(c) or c == heading.columns[0]]
    some = joined(" OR ", map(_says_total, sorted({*looked_at, *leading})))
    return sql("(({some}) AND {nobody})", some=some, nobody=_nobody(heading, register, _says_total))


def _may_name(column: TakenColumn) -> bool:
    """Tell whether the word 合计 may stand in that column: a free text, not a code of a list."""
    field = column.field
    return field.kind in _TEXTS and not field.has_list and field.number_check is None


def _nobody(heading: Heading, register: RegisterShape, odd: Callable[[int], Sql]) -> Sql:
    """Return whether every cell that could name a subject is blank or odd itself."""
    subject = {*register.key, *register.identified_by} - {PERIOD}
    naming = (c.position for c in heading.columns if c.field.id in subject)
    return joined(
        " AND ",
        [
            Sql("true"),
            *(sql("({cell} IS NULL OR {odd})", cell=raw(p), odd=odd(p)) for p in naming),
        ],
    )


def _says_total(position: int) -> Sql:
    return sql(
        "CASE WHEN contains({cell}, '计') "
        "THEN regexp_full_match(regexp_replace({cell}, '\\s', '', 'g'), '{words}') ELSE false END",
        cell=raw(position),
        words=Sql(_TOTAL_WORDS),
    )


def _is_footer(sheet: Sheet, heading: Heading, register: RegisterShape) -> Sql:
    """Return whether the row begins with words such as 填表人： and names no subject.

    Rows that begin with a Latin letter or a digit are let through by their first bytes.
    """
    return sql(
        "CASE WHEN {first} >= '一' THEN {footer} AND {nobody} ELSE false END",
        first=first_text(sheet),
        footer=_says_footer(first_text(sheet)),
        nobody=_nobody(heading, register, lambda position: _says_footer(raw(position))),
    )


def _says_footer(text: Sql) -> Sql:
    return sql(
        "regexp_full_match(regexp_replace({text}, '[\\s\u3000]', '', 'g'), '{words}')",
        text=text,
        words=Sql(_FOOTER_WORDS),
    )


def _is_repeated(sheet: Sheet, heading: Heading) -> Sql:
    """Return whether the row is the heading again, as printed sheets repeat it on each page."""
    line = sheet.head[heading.row]
    same = [
        sql("{cell} = {text}", cell=raw(c.position), text=value(line[c.position]))
        for c in heading.columns
        if line[c.position].strip()
    ][:2]
    return joined(" AND ", same) if same else Sql("false")
