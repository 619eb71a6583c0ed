"""Rows of a sheet that are no records: blank ones, totals in the middle, footers, repeated headings.

A total is taken for one only where nothing else names a subject in its row, and a footer only
where its row holds no figure. Each is told of, so that a record left out by mistake is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaogong.data.heading import Heading, TakenColumn
from kaogong.data.shape import PERIOD, RegisterShape
from kaogong.data.sheet import Sheet, raw
from kaogong.data.sql import Sql, integer, joined, sql, value

BLANK, TOTAL, FOOTER, REPEATED = 1, 2, 3, 4
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
        FOOTER: _is_footer(sheet, heading),
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
    return sql("coalesce({cells}) IS NULL", cells=joined(", ", [*cells, Sql("NULL")]))


def _is_total(sheet: Sheet, heading: Heading, register: RegisterShape) -> Sql:
    known = {column.position: column for column in heading.columns}
    names = [c.position for c in heading.columns if _may_name(c) or c == heading.columns[0]]
    leading = [p for p in range(sheet.width) if p not in known][:_LEADING]
    subject = {*register.key, *register.identified_by} - {PERIOD}
    naming = [c.position for c in heading.columns if c.field.id in subject]
    if not names and not leading:
        return Sql("false")
    some = joined(" OR ", (_says_total(p) for p in sorted({*names, *leading})))
    others = joined(
        " AND ",
        [
            Sql("true"),
            *(
                sql("({cell} IS NULL OR {total})", cell=raw(p), total=_says_total(p))
                for p in naming
            ),
        ],
    )
    return sql("({some}) AND {others}", some=some, others=others)


def _may_name(column: TakenColumn) -> bool:
    """Tell whether the word 合计 may stand in that column: a free text, not a code of a list."""
    field = column.field
    return field.kind in _TEXTS and not field.has_list and field.number_check is None


def _says_total(position: int) -> Sql:
    return sql(
        "CASE WHEN contains({cell}::VARCHAR, '计') "
        "THEN regexp_full_match(regexp_replace({cell}, '\\s', '', 'g'), '{words}') ELSE false END",
        cell=raw(position),
        words=Sql(_TOTAL_WORDS),
    )


def _is_footer(sheet: Sheet, heading: Heading) -> Sql:
    figures = [raw(c.position) for c in heading.columns if _is_figure(c)]
    nothing = joined(" AND ", [Sql("true"), *(sql("{c} IS NULL", c=cell) for cell in figures)])
    return sql(
        "CASE WHEN {nothing} THEN "
        "regexp_full_match(regexp_replace({text}, '[\\s\u3000]', '', 'g'), '{words}') "
        "ELSE false END",
        nothing=nothing,
        text=first_text(sheet),
        words=Sql(_FOOTER_WORDS),
    )


def _is_figure(column: TakenColumn) -> bool:
    return column.field.kind not in _TEXTS


def _is_repeated(sheet: Sheet, heading: Heading) -> Sql:
    """Return whether the row is the heading again, as printed sheets repeat it on each page."""
    line = sheet.head[heading.row]
    same = [
        sql("{cell} = {text}", cell=raw(c.position), text=value(line[c.position]))
        for c in heading.columns
        if line[c.position].strip()
    ][:2]
    return joined(" AND ", same) if same else Sql("false")
