"""From the registers to one row a subject: the select that answers a frame's requests.

Stored decimals become whole units once, here. A register of periods is read for each period that
was asked for; a subject without a row in any of them is no candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from kaogong.kinds.register import Register
from kaogong.language.fact import Fact
from kaogong.plan import sql
from kaogong.plan.frame import Frame, Path, Request
from kaogong.plan.sql import Node, column

SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Tables:
    """The registers of a programme as tables."""

    registers: Mapping[str, Register]

    def key(self, register: str) -> str:
        """Return the column that says which subject a record is or belongs to."""
        names = [str(k) for k in self.registers[register].key_ if str(k) != "period"]
        return names[0]

    def has_periods(self, register: str) -> bool:
        """Tell whether records of the register are for a period."""
        return self.registers[register].period is not None


def table_name(register: str) -> str:
    """Return the table of a register."""
    return f"register_{register}"


@dataclass(frozen=True, slots=True)
class Joined:
    """One register joined for one period along one path of links."""

    path: Path
    register: str
    period: str

    @property
    def alias(self) -> str:
        """Return the alias of the join."""
        return "__".join([*self.path, self.register]) + (f"__{self.period}" if self.period else "")


def facts(frame: Frame, tables: Tables) -> exp.Select:
    """Return the select of all requested columns, one row a subject."""
    _request_links(frame)
    own = _base(frame, tables)
    joins = dict.fromkeys(_join_of(r, tables) for r in frame.requests)
    joins.pop(own, None)
    key = column(tables.key(frame.master), own.alias)
    columns = [sql.alias(key, SUBJECT)]
    columns += [
        sql.alias(whole_units(column(r.field, _join_of(r, tables).alias), fact), r.name)
        for r, fact in frame.requests.items()
    ]
    query = exp.Select(expressions=columns).from_(_from(own, frame, tables))
    for join in sorted(joins, key=lambda j: (len(j.path), j.alias)):
        on = _on(join, key, frame, tables)
        query = query.join(_from(join, frame, tables), on=on, join_type="left", copy=False)
    present = [j for j in joins if not j.path and j.period and j.period == frame.instant.period.text]
    if present and not own.period:
        tests = [sql.is_known(column(tables.key(j.register), j.alias)) for j in present]
        query = query.where(sql.some(tests), copy=False)
    return query


def _request_links(frame: Frame) -> None:
    """Ask for the link column of every path that is followed."""
    from kaogong.language.expression import NOW

    for path in sorted(frame.links, key=len):
        chain = frame.links[path]
        frame.stored(chain[-1], NOW, chain[:-1])


def _base(frame: Frame, tables: Tables) -> Joined:
    period = frame.instant.period.text if tables.has_periods(frame.master) else ""
    return Joined((), frame.master, period)


def _join_of(request: Request, tables: Tables) -> Joined:
    return Joined(request.path, request.register, request.period)


def _from(join: Joined, frame: Frame, tables: Tables) -> Node:
    if not join.period:
        return sql.table(table_name(join.register), join.alias)
    wanted = sql.binary("=", column("period"), sql.text(join.period))
    inside = exp.select("*").from_(sql.table(table_name(join.register))).where(wanted)
    return sql.subquery(inside, join.alias)


def _on(join: Joined, key: Node, frame: Frame, tables: Tables) -> Node:
    theirs = column(tables.key(join.register), join.alias)
    if not join.path:
        return sql.binary("=", theirs, key)
    link = frame.links[join.path][-1]
    above = Joined(join.path[:-1], link.owner, _period_of(link, frame))
    return sql.binary("=", theirs, column(link.id, above.alias))


def _period_of(link: Fact, frame: Frame) -> str:
    return "" if link.grain is None else frame.instant.period.text


def whole_units(node: Node, fact: Fact) -> Node:
    """Return a stored decimal as whole units of its declared scale."""
    if fact.kind.name != "number" or fact.id.endswith("__state"):
        return node
    if not fact.scale:
        return sql.cast(node, "bigint")
    return sql.cast(sql.binary("*", node, sql.integer(10**fact.scale)), "bigint")
