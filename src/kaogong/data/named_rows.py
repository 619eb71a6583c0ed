"""A sheet whose rows are named by code, customer number or name: whose rows they are.

An office seldom knows the number of a subject. Its sheet is read with the identifying fields of
the master register beside its own; `matching` then leads each row to its subject, and says what it
could not lead anywhere. Rows without a subject are not taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kaogong.data.derive import Ingredients, derive
from kaogong.data.freeze import pick_snapshots
from kaogong.data.intake import Intake
from kaogong.data.ledger import known_on, read_ledger
from kaogong.data.matching import (
    Master,
    Matching,
    Role,
    Sheet,
    WayName,
    identifiers_of,
    match_rows,
    with_subjects,
)
from kaogong.data.shape import PERIOD, RegisterShape
from kaogong.data.snapshot import paths_of, snapshots_of
from kaogong.data.sql import Sql, integer, name, parquet, sql
from kaogong.data.store import Store

if TYPE_CHECKING:
    import duckdb

# Fields of a master register that identify a subject: in a sheet, and among what the master knows.
ROLES: Mapping[str, Role] = {
    "uscc": "credit_code",
    "customer_no": "customer_number",
    "name": "name",
}
KNOWN: Mapping[WayName, str] = {
    "credit_code": "uscc",
    "former_code": "former_uscc",
    "customer_number": "customer_no",
    "former_name": "former_name",
    "name": "name",
}
ROW = "__row"
ALWAYS = (dt.date.min, dt.date.max)


@dataclass(frozen=True, slots=True)
class Named:
    """The rows of a sheet with their subjects; `source` is what stands behind FROM."""

    source: Sql
    matching: Matching


def subject_field(register: RegisterShape) -> str:
    """Return the field that says which subject a record is of."""
    return next(field for field in register.key if field != PERIOD)


def named_shape(register: RegisterShape, master: RegisterShape) -> RegisterShape:
    """Return a register whose sheets may name their subjects as the master register knows them."""
    taken = {heading for field in register.fields for heading in (field.title, *field.headings)}
    identifying = tuple(
        replace(field, required=False, headings=tuple(set(field.headings) - taken))
        for field in master.fields
        if field.id in ROLES and field.id not in register.by_id
    )
    named_by = (*register.identified_by, *(field.id for field in identifying))
    return replace(register, fields=(*register.fields, *identifying), identified_by=named_by)


def has_subjects(intake: Intake) -> bool:
    """Tell whether the sheet has a column with the numbers of subjects."""
    return any(c.field.id == subject_field(intake.reading.register) for c in intake.columns)


def known_subjects(
    connection: duckdb.DuckDBPyConnection, store: Store, register: str, day: dt.date
) -> Sql:
    """Return a register as a store knows it on a day; raise Refused (KG801) where it does not."""
    entries = known_on(read_ledger(store.ledger), day)
    mine = tuple(entry for entry in entries if entry.correction.register == register)
    picked = pick_snapshots(snapshots_of(store, register), register, day)
    last = list(picked.values())[-1]
    made, _ = derive(connection, store, Ingredients(last, mine))
    return parquet(paths_of(store, made))


def find_subjects(
    connection: duckdb.DuckDBPyConnection,
    intake: Intake,
    master: RegisterShape,
    known: Sql,
    period: tuple[dt.date, dt.date] = ALWAYS,
) -> Named:
    """Return the rows that were led to a subject; `known` is the master register behind FROM."""
    field = subject_field(intake.reading.register)
    sheet = Sheet(
        _numbered(intake),
        ROW,
        {ROLES[c.field.id]: c.field.id for c in intake.columns if c.field.id in ROLES},
        title=intake.file,
    )
    kinds = {way: column for way, column in KNOWN.items() if column in master.by_id}
    subject = subject_field(master)
    identifiers = identifiers_of(known, kinds, subject)
    subjects = sql("(SELECT {s} AS subject FROM {known})", s=name(subject), known=known)
    matching = match_rows(connection, sheet, Master((identifiers,), subjects), period)
    return Named(with_subjects(sheet, field), matching)


def _numbered(intake: Intake) -> Sql:
    """Return the taken rows with the number that each has in its file."""
    return sql(
        "(SELECT rowid + {first} AS {row}, * FROM {table})",
        first=integer(intake.reading.sheet.first_number + 1),
        row=name(ROW),
        table=name(intake.table),
    )
