"""What a register expects of a sheet, in the few facts that taking in a file needs.

The kind Register says much more; its adapter makes a `RegisterShape` of it. A key field that an
office does not know (the subject's number) may stay away where one of `identified_by` is there:
rows are then matched to subjects later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from kaogong.data.column import Column, ColumnType
from kaogong.data.sql import Sql

FieldKind = Literal["number", "text", "yes_no", "date", "code", "link"]
NumberCheck = Literal["credit_code", "registration_number", "organisation_code"]
Level = Literal["error", "warning", "note"]

LEAST_DIGITS, MOST_DIGITS = 18, 38
PERIOD = "period"

# National numbers that carry their own check digit, by the titles of the standards.
_CHECKED_TITLES: dict[str, NumberCheck] = {
    "统一社会信用代码": "credit_code",
    "工商注册号": "registration_number",
    "组织机构代码": "organisation_code",
}
_COLUMN_TYPES: dict[FieldKind, ColumnType] = {
    "number": "number",
    "yes_no": "yes_no",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field of a register; `low` and `high` are included."""

    id: str
    title: str
    kind: FieldKind = "text"
    unit: str | None = None  # numbers: the unit that the table keeps
    scale: int = 0  # numbers: decimals that the table keeps
    low: Decimal | date | None = None
    high: Decimal | date | None = None
    required: bool = False
    headings: tuple[str, ...] = ()
    vocabulary: str | None = None  # codes: the register that lists them
    codes: tuple[str, ...] | None = None  # codes: a small set of the field's own
    check: NumberCheck | None = None

    @property
    def number_check(self) -> NumberCheck | None:
        """Return which check digit the field carries, by its own word or its standard title."""
        return self.check or _CHECKED_TITLES.get(self.title)

    @property
    def has_list(self) -> bool:
        """Tell whether the field holds codes of a list."""
        return self.codes is not None or self.vocabulary is not None

    @property
    def digits(self) -> int:
        """Return the decimal digits of the column: 18, or as many as the range needs."""
        bounds = [abs(int(b)) for b in (self.low, self.high) if isinstance(b, Decimal)]
        needed = max((len(str(bound)) for bound in bounds), default=0) + self.scale
        return LEAST_DIGITS if needed <= LEAST_DIGITS else min(needed, MOST_DIGITS)

    @property
    def column(self) -> Column:
        """Return the field as a column of a snapshot."""
        kind = _COLUMN_TYPES.get(self.kind, "text")
        if kind != "number":
            return Column(self.id, kind)
        return Column(self.id, kind, self.unit or "", self.scale, self.digits)

    @property
    def sql_type(self) -> Sql:
        """Return the type of the field in a typed table; a whole number of 18 digits is BIGINT."""
        if self.kind == "number" and self.scale == 0 and self.digits <= LEAST_DIGITS:
            return Sql("BIGINT")
        return Sql(self.column.sql_type)


@dataclass(frozen=True, slots=True)
class Condition:
    """A check of the register; `sql` is true where a record meets it, over the typed columns."""

    name: str
    sql: Sql
    level: Level = "error"
    title: str = ""
    fields: tuple[str, ...] = ()  # what it compares; a failing sheet shows the reason at the first


@dataclass(frozen=True, slots=True)
class RegisterShape:
    """The register a sheet is read for."""

    id: str
    title: str
    of: str | None = None
    key: tuple[str, ...] = ()
    period: str | None = None  # grain, one record for each subject and period
    fields: tuple[FieldShape, ...] = ()
    dated_by: str | None = None
    valid: tuple[str, str] | None = None  # fields of the first and the last day
    checks: tuple[Condition, ...] = ()
    identified_by: tuple[str, ...] = ()  # fields that name a subject where the key is unknown
    by_id: dict[str, FieldShape] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {each.id: each for each in self.fields})
