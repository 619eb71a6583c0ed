"""Columns and rows that the relations of several kinds share."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from kaogong.plan import sql
from kaogong.plan.frame import Frame
from kaogong.plan.source import PUBLISHED
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Column, Output, Plan, Step
from kaogong.plan.subjects import SubjectTable

Named = tuple[Column, Node]


def text_column(name: str, zh: str, en: str) -> Column:
    """Return a column of texts."""
    return Column(name, "text", titles={"zh": zh, "en": en})


def place_column(name: str, zh: str, en: str) -> Column:
    """Return a column of small whole numbers."""
    return Column(name, "number", titles={"zh": zh, "en": en}, most=10**9)


def head(document: str, version: str, period: str) -> list[Named]:
    """Return the columns that every relation begins with."""
    return [
        (text_column("document", "文件", "document"), sql.text(document)),
        (text_column("version", "版本", "version"), sql.text(version)),
        (text_column("period", "期间", "period"), sql.text(period)),
    ]


def select(columns: Sequence[Named], source: str) -> exp.Select:
    """Return the select of named columns of one table."""
    aliased = [sql.alias(node, made.name) for made, node in columns]
    return exp.Select(expressions=aliased).from_(sql.table(source), copy=False)


def stacked(selects: Sequence[exp.Select], columns: Sequence[Column]) -> exp.Select:
    """Return the rows of several selects as one; of none, a select without rows."""
    if not selects:
        kinds = {"number": "number", "date": "date"}
        nobody = [sql.alias(sql.null(kinds.get(c.kind, "text")), c.name) for c in columns]
        return exp.Select(expressions=nobody).where(sql.boolean(False), copy=False)
    made: exp.Expression = selects[0]
    for each in selects[1:]:
        made = exp.Union(this=made, expression=each, distinct=False)
    whole = exp.Subquery(this=made, alias=exp.TableAlias(this=exp.to_identifier("rows")))
    return exp.Select(expressions=[column(c.name) for c in columns]).from_(whole, copy=False)


def registers_read(frame: Frame, subject: str) -> tuple[str, ...]:
    """Return every register that a frame's columns come from."""
    read = {r.register for r in frame.requests} | {subject}
    read |= {r.rolled_from for r in frame.requests if r.rolled_from} | frame.beside
    read |= {links[-1].link.links_to or "" for links in frame.links.values()} - {""}
    read |= {n.register for n in frame.records.values()}
    return tuple(sorted(read))


def plan_of(
    document: str,
    subjects: SubjectTable,
    steps: Sequence[Step],
    outputs: Sequence[Output],
    beside: Sequence[str] = (),
) -> Plan:
    """Return a plan over one table of subjects; `beside` are registers read besides."""
    frame = subjects.frame
    reads = sorted({*registers_read(frame, frame.master), *beside})
    return Plan(
        document,
        tuple(steps),
        tuple(outputs),
        tuple(r for r in reads if not r.startswith(PUBLISHED)),
        tuple(r.removeprefix(PUBLISHED) for r in reads if r.startswith(PUBLISHED)),
        tuple(sorted(subjects.closures)),
        tuple(sorted(frame.followed)),
    )
