"""Registers: their keys and fields, the checks of their records, and who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kaogong.kinds.read import KINDS
from kaogong.kinds.register import Register
from kaogong.language.expression import Expression
from kaogong.language.finding import Finding, Refused, finding
from kaogong.language.kind import TEXT
from kaogong.language.scope import Scope
from kaogong.language.span import Text
from kaogong.programme.load import LATER_KINDS, Documents, of_kind
from kaogong.programme.names import KEYS, NameBook, is_single
from kaogong.programme.near import nearest
from kaogong.programme.values import condition_of

ALL_KINDS = (*KINDS, *LATER_KINDS)
VIEWER = ("viewer_unit", "actor", "actor_unit")


def check_registers(book: NameBook, documents: Documents) -> list[Finding]:
    """Return what is wrong in the keys, fields and conditions of every register."""
    found: list[Finding] = []
    for id, _, model in of_kind(documents, Register):
        if model.fields:
            book.names(id)
            book.children(id)
            found.extend(_keys(id, model))
            found.extend(_dates(id, model))
            found.extend(_fields(book, id, model))
            found.extend(_conditions(book, id, model))
        found.extend(_purpose(model))
    return found


def check_subjects(documents: Documents) -> list[Finding]:
    """Return the registers that documents are of and that do not exist (KG201)."""
    registers = [id for id, _, model in of_kind(documents, Register) if model.fields]
    return [
        finding("KG201", name.span, name=name, subject=id, near=nearest(str(name), registers))
        for (_, id), document in documents.items()
        for name in document.model.of or ()
        if str(name) not in registers
    ]


def _keys(id: str, model: Register) -> Iterator[Finding]:
    """Yield the names that are no field: in the key, of dates, of the predecessor."""
    own = (*model.fields, *KEYS)
    named = (*model.key_, *model.valid, *filter(None, (model.dated_by, model.succeeds)))
    for name in named:
        if str(name) not in own:
            near = nearest(str(name), list(model.fields))
            yield finding("KG201", name.span, name=name, subject=id, near=near)


def _dates(id: str, model: Register) -> Iterator[Finding]:
    """Yield fields that give days and are no dates, and a predecessor that is no link home."""
    for name in (*model.valid, *filter(None, (model.dated_by,))):
        field = model.fields.get(str(name))
        if field is not None and field.value_type != "date":
            yield _wrong(name, "a date", field.value_type)
    if len(model.valid) not in (0, 2):
        span = model.valid[0].span
        yield finding("KG112", span, value=", ".join(model.valid), expected="[from, to]")
    if model.succeeds is not None and str(model.succeeds) in model.fields:
        field = model.fields[str(model.succeeds)]
        if str(field.link) != id:
            yield _wrong(model.succeeds, f"link: {id}", field.link or field.value_type)


def _fields(book: NameBook, id: str, model: Register) -> Iterator[Finding]:
    """Yield links to no register and comparable bases that are no field."""
    for field in model.fields.values():
        if field.link is not None and str(field.link) not in book.registers():
            near = nearest(str(field.link), list(book.registers()))
            yield finding("KG201", field.link.span, name=field.link, subject=id, near=near)
        base = field.comparable
        if base is not None and str(base) not in model.fields:
            near = nearest(str(base), list(model.fields))
            yield finding("KG201", base.span, name=base, subject=id, near=near)


def _wrong(name: Text, expected: str, got: object) -> Finding:
    return finding("KG310", name.span, place=name, expected=expected, got=got)


def _purpose(model: Register) -> Iterator[Finding]:
    for kind in model.purpose:
        if str(kind) not in ALL_KINDS:
            near = nearest(str(kind), list(ALL_KINDS))
            yield finding("KG201", kind.span, name=kind, subject="purpose", near=near)


def record_scope(book: NameBook, id: str) -> Scope:
    """Return the scope of a condition on one record of register `id`."""
    model = book.registers()[id]
    parent = str((model.of or ("",))[0])
    if model.of is not None and not is_single(model):
        child = next((c for c in book.children(parent).values() if c.register == id), None)
        if child is not None:
            return book.scope(parent).of_records(child)
    subject = parent or id
    scope = book.scope(subject if subject in book.registers() else id)
    return replace(scope, owner=scope)


def checks_of(book: NameBook, id: str) -> dict[str, Expression]:
    """Return the typed checks of one register; those that cannot be read are left out."""
    model = book.registers()[id]
    scope = record_scope(book, id)
    made: dict[str, Expression] = {}
    for name, check in model.checks.items():
        try:
            made[name] = condition_of(check.when, scope, f"{id}.checks.{name}")
        except Refused:
            continue
    return made


def _conditions(book: NameBook, id: str, model: Register) -> Iterator[Finding]:
    scope = record_scope(book, id)
    viewing = replace(scope, words={**scope.words, **dict.fromkeys(VIEWER, TEXT)})
    for name, check in model.checks.items():
        try:
            condition_of(check.when, scope, f"{id}.checks.{name}")
        except Refused as refused:
            yield from refused.findings
    if model.visible_to is not None:
        try:
            condition_of(model.visible_to, viewing, f"{id}.visible_to")
        except Refused as refused:
            yield from (f for f in refused.findings if f.id != "KG305")
