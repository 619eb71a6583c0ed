"""Which checks a delivered table goes through, as one table of conditions.

A check of a cell looks at what stood there and what became of it, only in marked rows; a check of
a row looks at values, in all rows at once. A cell has one reason: the first of its checks that
strikes, so their order here is the order in which a person would say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kaogong.data.cell_text import is_blank, is_formula_error, is_lost, number_of, state
from kaogong.data.convert import Cell as CellOf
from kaogong.data.convert import is_rounded
from kaogong.data.credit_code import LOOKS, SQL_CHECKS
from kaogong.data.shape import PERIOD, Condition, FieldShape, Level
from kaogong.data.sql import Sql, integer, joined, name, sql, value
from kaogong.data.typed import Reading
from kaogong.language.words import Words

Scope = Literal["cell", "row", "table"]

UNREAD, DOUBLE, WRONG_DIGIT, LOST = "KG808", "KG809", "KG810", "KG811"
JUMP, OUT_OF_RANGE, OUT_OF_TIME, UNKNOWN_CODE = "KG812", "KG813", "KG814", "KG815"
NO_PERIOD, ROUNDED, FORMULA, BLANK = "KG822", "KG824", "KG825", "KG833"
CONDITIONS: dict[Level, str] = {"error": "KG816", "warning": "KG831", "note": "KG832"}
WARNINGS = frozenset((JUMP, ROUNDED, FORMULA))

KINDS: Mapping[str, Words] = {
    "number": Words("数", "number"),
    "date": Words("日期", "date"),
    "yes_no": Words("“是”或“否”", "yes or no"),
    "credit_code": Words("统一社会信用代码", "social credit code"),
    "organisation_code": Words("组织机构代码", "organisation code"),
    "registration_number": Words("工商注册号", "registration number"),
}


NEVER = Sql("false")


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `where` is true in a row that fails it."""

    id: str  # of the finding
    scope: Scope
    field: FieldShape | None  # None: the row as a whole
    where: Sql = NEVER  # over raw and typed columns (cell), or typed ones (row)
    level: Level = "error"
    condition: Condition | None = None  # a check that the register itself declares

    @property
    def cell(self) -> str:
        """Return what may have one reason only: a field, or a condition of the register."""
        return self.condition.name if self.condition else self.field.id if self.field else ""

    @property
    def is_returned(self) -> bool:
        """Tell whether the row goes back to the office that sent it."""
        return self.id != ROUNDED


def checks_of(reading: Reading, conditions: tuple[Condition, ...] = ()) -> tuple[Check, ...]:
    """Return all checks of a table, in the order in which they are told."""
    return (
        *_cell_checks(reading),
        *_blank_checks(reading),
        *_range_checks(reading),
        *_code_checks(reading),
        Check(DOUBLE, "table", _first_key(reading)),
        *(Check(JUMP, "table", each, level="warning") for each in _numbers(reading)),
        *_conditions(reading, (*reading.register.checks, *conditions)),
    )


def delivered(reading: Reading) -> tuple[FieldShape, ...]:
    """Return the fields that the sheet has a column for."""
    return tuple(column.field for column in reading.heading.columns)


def key_of(reading: Reading) -> tuple[Sql, ...]:
    """Return what tells records apart: the key, or what names the subject in its place."""
    present = {each.id for each in reading.fields if each in delivered(reading)}
    if reading.period is not None or reading.heading.column(PERIOD):
        present.add(PERIOD)
    names = [each for each in reading.register.identified_by if each in present]
    parts: list[Sql] = []
    for each in reading.register.key:
        if each in present:
            parts.append(name(each))
        elif names:
            parts.append(
                sql("coalesce({names})", names=joined(", ", [*map(name, names), Sql("NULL")]))
            )
    return tuple(parts)


def _cell_checks(reading: Reading) -> Iterator[Check]:
    for column in reading.heading.columns:
        cell, field = reading.cell(column), column.field
        has_none = sql(
            "{field} IS NULL AND {given} IS NOT NULL AND {state} IS NULL",
            field=name(field.id),
            given=cell.given,
            state=state(cell.text),
        )
        yield from (
            Check(id, "cell", field, where, "warning" if id in WARNINGS else "error")
            for id, where in _reasons(cell, has_none)
        )


def _reasons(cell: CellOf, has_none: Sql) -> Iterator[tuple[str, Sql]]:
    """Return what may be wrong in a cell of that kind, most telling first."""
    field = cell.field
    if field.id == PERIOD:
        yield NO_PERIOD, _and(has_none, Sql("true"))
        return
    if field.number_check is not None:
        given = sql("{f} IS NOT NULL AND {s} IS NULL", f=name(field.id), s=state(cell.text))
        looks = sql(
            "regexp_full_match({f}, '{p}')", f=name(field.id), p=Sql(LOOKS[field.number_check])
        )
        wrong = sql("NOT {r}", r=SQL_CHECKS[field.number_check](name(field.id)))
        yield LOST, is_lost(cell.text)
        yield UNREAD, _and(given, sql("NOT {looks}", looks=looks))
        yield WRONG_DIGIT, _and(given, wrong)
        return
    if field.kind in ("text", "code", "link"):
        if not field.has_list:
            yield FORMULA, is_formula_error(cell.text)
        if field.kind != "text" and not field.has_list:
            yield LOST, is_lost(cell.text)
        return
    yield FORMULA, is_formula_error(cell.text)
    unread = _and(has_none, sql("NOT {blank}", blank=is_blank(cell.text)))
    if field.kind == "number":
        yield (
            LOST,
            _and(unread, sql("regexp_full_match(trim({t}), '[0-9.]+[eE][+]?[0-9]+')", t=cell.text)),
        )
        yield OUT_OF_RANGE, _and(unread, sql("{n} IS NOT NULL", n=number_of(cell.text)))
    yield UNREAD, unread
    if field.kind == "number":
        yield ROUNDED, is_rounded(cell)


def _and(first: Sql, second: Sql) -> Sql:
    return sql("({first}) AND ({second})", first=first, second=second)


def _blank_checks(reading: Reading) -> Iterator[Check]:
    """Return a check for each field that must not be blank: required, or part of the key."""
    present = {each.id for each in delivered(reading)}
    for field in reading.fields:
        is_key = field.id in reading.register.key and field.id != PERIOD
        if field.id in present and (field.required or is_key):
            id = NO_PERIOD if field.id == PERIOD else BLANK
            yield Check(id, "row", field, sql("{f} IS NULL", f=name(field.id)))
    missing = [each for each in reading.register.key if each not in present and each != PERIOD]
    names = [
        each
        for each in reading.fields
        if each.id in reading.register.identified_by and each.id in present
    ]
    if missing and names:
        all_blank = joined(" AND ", (sql("{f} IS NULL", f=name(each.id)) for each in names))
        yield Check(BLANK, "row", names[0], all_blank)


def _range_checks(reading: Reading) -> Iterator[Check]:
    for field in delivered(reading):
        for bound, operator in ((field.low, "<"), (field.high, ">")):
            if bound is not None:
                outside = sql(f"{{f}} {operator} {{bound}}", f=name(field.id), bound=value(bound))
                id = OUT_OF_TIME if field.kind == "date" else OUT_OF_RANGE
                yield Check(id, "row", field, outside)
    if reading.register.valid:
        first, last = reading.register.valid
        reverse = sql("{last} < {first}", first=name(first), last=name(last))
        yield Check(OUT_OF_TIME, "row", reading.register.by_id[last], reverse)
    if reading.period is not None and reading.heading.column(PERIOD):
        other = sql("{p} <> {given}", p=name(PERIOD), given=value(reading.period))
        field = next(each for each in reading.fields if each.id == PERIOD)
        yield Check(NO_PERIOD, "row", field, other)


def _code_checks(reading: Reading) -> Iterator[Check]:
    return (Check(UNKNOWN_CODE, "table", each) for each in delivered(reading) if each.has_list)


def _numbers(reading: Reading) -> Iterator[FieldShape]:
    return (each for each in delivered(reading) if each.kind == "number")


def _first_key(reading: Reading) -> FieldShape | None:
    present = {each.id for each in delivered(reading)}
    named = (*reading.register.key, *reading.register.identified_by)
    return next(
        (
            reading.register.by_id[id]
            for id in named
            if id in present and id in reading.register.by_id
        ),
        None,
    )


def _conditions(reading: Reading, conditions: tuple[Condition, ...]) -> Iterator[Check]:
    for each in conditions:
        field = next((reading.register.by_id.get(id) for id in each.fields), None)
        fails = sql("NOT ({holds})", holds=each.sql)
        yield Check(CONDITIONS[each.level], "row", field, fails, each.level, each)


def strikes(checks: Iterable[tuple[int, Check]]) -> Sql:
    """Return the list of the numbers of those checks that a row fails."""
    cases = (
        sql("CASE WHEN {where} THEN {number} END", where=check.where, number=integer(number))
        for number, check in checks
    )
    return sql(
        "list_filter([{cases}]::INTEGER[], lambda x: x IS NOT NULL)", cases=joined(", ", cases)
    )
