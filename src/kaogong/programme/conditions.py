"""Conditions of registers: checks of records, and who may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kaogong.kinds.register import Register
from kaogong.language.expression import Expression
from kaogong.language.finding import Finding, Refused, finding
from kaogong.language.kind import TEXT
from kaogong.language.scope import Scope
from kaogong.programme.load import Document
from kaogong.programme.names import NameBook, is_single
from kaogong.programme.values import condition_of

VIEWER = ("viewer_unit", "actor", "actor_unit")


def check_registers(
    book: NameBook, documents: Mapping[tuple[str, str], Document]
) -> list[Finding]:
    """Return what is wrong in the conditions and keys of every register."""
    found: list[Finding] = []
    for (kind, id), document in documents.items():
        model = document.model
        if kind == "Register" and isinstance(model, Register) and model.fields:
            book.names(id)
            found.extend(_keys(id, model, document))
            found.extend(_conditions(book, id, model))
    return found


def _keys(id: str, model: Register, document: Document) -> Iterator[Finding]:
    own = set(model.fields) | {"subject_id", "period"}
    for name in (*model.key_, *model.valid, *filter(None, (model.dated_by,))):
        if str(name) not in own:
            near = next(iter(model.fields), "")
            yield finding("KG201", name.span, name=name, subject=id, near=near)
    for parent in model.of or ():
        if ("Register", str(parent)) not in {k: None for k in ()} and not document:
            yield finding("KG201", parent.span, name=parent, subject=id, near="")


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
