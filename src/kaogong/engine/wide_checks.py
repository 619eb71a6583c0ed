"""Checks of registers that read beyond their own record, asked once all registers are taken in.

A figure held against the year before, another register or child records needs more than one sheet.
A run has all of them and asks such a check of the records of its own period. What no plan can carry
is named (KG836), so that nobody believes it to be held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from kaogong.engine import duck
from kaogong.engine.record_checks import own_fields, unasked
from kaogong.engine.render import render
from kaogong.kinds.register import Check, Register
from kaogong.language.finding import Finding, Refused, finding
from kaogong.language.span import Span
from kaogong.language.words import Words
from kaogong.plan import sql
from kaogong.plan.frame import Frame, Instant
from kaogong.plan.source import PUBLISHED, SUBJECT, Tables
from kaogong.plan.step import Step
from kaogong.plan.subjects import SubjectTable
from kaogong.programme.conditions import checks_of
from kaogong.programme.programme import Programme

FAILING = {"error": "KG837", "warning": "KG839", "note": "KG849"}
SHOWN = 3  # subjects that a finding names


@dataclass(frozen=True, slots=True)
class WideChecks:
    """The checks of one register that more than its own record answers."""

    register: str
    place: Span
    steps: tuple[Step, ...]
    failing: exp.Select  # subject, and for each check whether it fails
    checks: tuple[tuple[str, Check], ...]
    reads: frozenset[str]  # registers
    unasked: tuple[Finding, ...] = ()


def wide_checks(programme: Programme, register: str, instant: Instant) -> WideChecks | None:
    """Return what asks the checks of a register, or None where its own records answer all."""
    if not unasked(programme, register):
        return None
    model = programme.register(register)
    try:
        return _compiled(programme, register, model, instant)
    except Refused:
        left = unasked(programme, register)
        return WideChecks(register, model.id.span, (), exp.Select(), (), frozenset(), left)


def _compiled(programme: Programme, register: str, model: Register, instant: Instant) -> WideChecks:
    master = str(model.of[0]) if model.of else register
    frame = Frame(instant, master)
    table = SubjectTable(f"checks__{register}", frame, Tables(programme.book.registers()))
    wide = {
        name: expression
        for name, expression in checks_of(programme.book, register).items()
        if own_fields(expression, register) is None
    }
    columns = [
        sql.alias(sql.negate(sql.coalesce([table.lowerer.node(e), sql.boolean(True)])), name)
        for name, e in wide.items()
    ]
    failing = exp.Select(expressions=[sql.column(SUBJECT), *columns]).from_(
        sql.table(table.name), copy=False
    )
    return WideChecks(
        register, model.id.span, tuple(table.steps()), failing,
        tuple((name, model.checks[name]) for name in wide),
        frozenset(r for r in table.reads if not r.startswith(PUBLISHED)),
    )  # fmt: skip


def ask(connection: duckdb.DuckDBPyConnection, wide: WideChecks) -> Iterator[Finding]:
    """Yield, for each check that somebody fails, how many fail it and who for instance."""
    yield from wide.unasked
    if not wide.checks:
        return
    duck.make_steps(connection, wide.steps)
    for name, check in wide.checks:
        query = (
            exp.Select(expressions=[sql.column(SUBJECT)])
            .from_(sql.subquery(wide.failing.copy(), "asked"), copy=False)
            .where(sql.column(name), copy=False)
        )
        failed = sorted(row[0] for row in connection.execute(render(query)).fetchall())
        if failed:
            yield finding(
                FAILING[check.level],
                wide.place,
                check=Words(check.title["zh"], check.title["en"]) if check.title else name,
                register=wide.register,
                n=len(failed),
                subjects=", ".join(failed[:SHOWN]),
            )
