"""The checks of a register as conditions over its own typed columns, for taking a file in.

A check that reads more than the record itself is not asked while one file comes in; a finding names
each of them, so that nobody believes them to be held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kaogong.data.shape import Condition
from kaogong.data.sql import Sql
from kaogong.engine.render import render
from kaogong.language.expression import Expression, Read, When, walk
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, finding
from kaogong.language.period import period_of
from kaogong.language.words import Words
from kaogong.plan.frame import Frame, Hop, Instant
from kaogong.plan.lower import Lowerer
from kaogong.plan.source import whole_units
from kaogong.plan.sql import Node, column
from kaogong.programme.conditions import checks_of
from kaogong.programme.programme import Programme


@dataclass(slots=True)
class _RecordFrame(Frame):
    """A frame whose stored columns are those of the record that is checked."""

    def stored(self, fact: Fact, when: When, path: tuple[Hop, ...]) -> Node:
        """Return the record's own column, in whole units."""
        del when, path  # a record is checked as it is, by itself
        return whole_units(column(fact.id), fact)


def conditions_of(programme: Programme, register: str, day: date) -> tuple[Condition, ...]:
    """Return the checks of a register that its own columns can answer."""
    instant = Instant(period_of(day, "day"), day)
    lowerer = Lowerer(_RecordFrame(instant, register))
    model = programme.register(register)
    made: list[Condition] = []
    for name, expression in checks_of(programme.book, register).items():
        fields = own_fields(expression, register)
        if fields is None:
            continue
        declared = model.checks[name]
        title = declared.title["zh"] if declared.title else name
        text = Sql(render(lowerer.node(expression)))
        made.append(Condition(name, text, declared.level, title, fields))
    return tuple(made)


def unasked(programme: Programme, register: str) -> tuple[Finding, ...]:
    """Return a finding for each check of a register that no single record can answer."""
    model = programme.register(register)
    beyond = {
        name: model.checks[name].title
        for name, expression in checks_of(programme.book, register).items()
        if own_fields(expression, register) is None
    }
    return tuple(
        finding(
            "KG836",
            model.id.span,
            check=Words(title["zh"], title["en"]) if title else name,
            register=register,
        )
        for name, title in beyond.items()
    )


def own_fields(expression: Expression, register: str) -> tuple[str, ...] | None:
    """Return the fields a check compares, or None where it reads beyond its own record."""
    fields: dict[str, None] = {}
    for node in walk(expression):
        if isinstance(node, Read):
            fact = node.fact
            if fact.owner != register or fact.definition is not None or node.when != When():
                return None
            fields.setdefault(fact.id)
    return tuple(fields)
