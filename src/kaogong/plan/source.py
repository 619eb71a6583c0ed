"""From the registers to one row a subject: the select that answers a frame's requests.

Stored decimals become whole units once, here. A register of periods is read for each period that
was asked for; a subject without a row in any of them is no candidate. What a finer period or a
finer subject delivers is added up by its nature, and is unknown where a part of it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from kaogong.kinds.register import Register
from kaogong.language.fact import Fact
from kaogong.language.period import GRAINS, period_of, read_period
from kaogong.plan import sql
from kaogong.plan.frame import KEY, Frame, Hop, Path, Request, unit_value
from kaogong.plan.sql import Node, column
from kaogong.programme.fields import vocabulary_of

SUBJECT = "subject"
PUBLISHED = "scheme "  # owner of facts that a scheme publishes
STATE = "__state"
TRIAL = "trial"  # marks a result that was published for information only
PREDECESSOR, SUCCESSOR, UNTIL = "kg_predecessor", "kg_successor", "kg_until"
CANDIDATE = "kg_candidate"  # whether a row is a subject of the period, not only a predecessor


@dataclass(frozen=True, slots=True)
class Tables:
    """The registers of a programme as tables."""

    registers: Mapping[str, Register]

    def key(self, register: str) -> str:
        """Return the column that says which subject a record is or belongs to."""
        if register.startswith(PUBLISHED):
            return SUBJECT
        names = [str(k) for k in self.registers[register].key_ if str(k) != "period"]
        return names[0]

    def has_periods(self, register: str) -> bool:
        """Tell whether records of the register are for a period."""
        return register.startswith(PUBLISHED) or self.registers[register].period is not None

    def closure_of(self, register: str, by: str) -> str | None:
        """Return the vocabulary whose codes below a subject lead to it; None for a plain link."""
        declared = self.registers[register].fields[by]
        return vocabulary_of(register, by, declared) if declared.codes is not None else None


def table_name(register: str) -> str:
    """Return the table of a register, or of what a scheme publishes."""
    if register.startswith(PUBLISHED):
        return f"published_{register.removeprefix(PUBLISHED)}"
    return f"register_{register}"


def closure_name(vocabulary: str) -> str:
    """Return the table that says which codes stand at or above a code."""
    return f"above_{vocabulary}"


def lineage_name(register: str) -> str:
    """Return the table of who went on in whom: `PREDECESSOR`, `SUCCESSOR`, and until which day.

    One row for each predecessor whose years the successor carries, near or far. It stands for the
    periods that begin before the day, for all where the day is null.
    """
    return f"lineage_{register}"


@dataclass(frozen=True, slots=True)
class Joined:
    """One register joined for one period along one path of links or from finer subjects."""

    path: Path
    register: str
    period: str
    grain: str = ""
    rolled_from: str = ""
    rolled_by: str = ""

    @property
    def alias(self) -> str:
        """Return the alias of the join."""
        way = [f"{self.rolled_from}_{self.rolled_by}"] if self.rolled_from else []
        name = "__".join([*self.path, *way, self.register])
        return name + (f"__{self.period}" if self.period else "")


@dataclass(slots=True)
class Source:
    """Builds the select of one frame's requests."""

    frame: Frame
    tables: Tables
    closures: set[str] = field(default_factory=set)
    marks_candidates: bool = False  # set by `query`: predecessors stand among the rows

    def query(self) -> exp.Select:
        """Return the select of all requested columns, one row a subject."""
        self._request_links()
        own = self._own()
        key = column(self.tables.key(self.frame.master), own.alias)
        joins = dict.fromkeys(self._join_of(r) for r in self.frame.requests)
        joins.pop(own, None)
        columns = [sql.alias(key, SUBJECT)]
        columns += [
            sql.alias(self._column(r, fact), r.name) for r, fact in self.frame.requests.items()
        ]
        query = exp.Select(expressions=columns).from_(self._from(own), copy=False)
        for join in sorted(joins, key=lambda j: (len(j.path), j.alias)):
            query = query.join(
                self._from(join), on=self._on(join, key), join_type="left", copy=False
            )
        return self._candidates(query, own, list(joins))

    def _candidates(self, query: exp.Select, own: Joined, joins: list[Joined]) -> exp.Select:
        """Keep who has a record of the period, where the subject's own register has none."""
        now = self.frame.instant.period.text
        present = [j for j in joins if not j.path and not j.rolled_from and j.period == now]
        if not present or own.period:
            return query
        there = sql.some([sql.is_known(column(self._key(j), j.alias)) for j in present])
        if self.frame.inherited:
            self.marks_candidates = True
            return query.select(sql.alias(there, CANDIDATE), copy=False)
        return query.where(there, copy=False)

    def _request_links(self) -> None:
        """Ask for the link column of every path that is followed."""
        for path in sorted(self.frame.links, key=len):
            *way, last = self.frame.links[path]
            self.frame.stored(last.link, last.when, tuple(way))

    def _own(self) -> Joined:
        master = self.frame.master
        grain = str(self.tables.registers[master].period or "")
        period = self.frame.instant.period.text if grain else ""
        return Joined((), master, period, grain)

    def _join_of(self, request: Request) -> Joined:
        if (
            request.field == KEY
            and not request.period
            and self.tables.has_periods(request.register)
        ):
            grain = str(self.tables.registers[request.register].period)
            return Joined(request.path, request.register, self.frame.instant.period.text, grain)
        return Joined(
            request.path, request.register, request.period, request.grain,
            request.rolled_from, request.rolled_by,
        )  # fmt: skip

    def _key(self, join: Joined) -> str:
        return SUBJECT if join.rolled_from else self.tables.key(join.register)

    def _column(self, request: Request, fact: Fact) -> Node:
        join = self._join_of(request)
        if request.field == KEY:
            return column(self._key(join), join.alias)
        node = column(request.field, join.alias)
        if join.rolled_from or self._is_finer(join):
            return node  # added up in whole units already
        return whole_units(node, fact)

    # -- tables ---------------------------------------------------------------------------

    def _from(self, join: Joined) -> Node:
        if join.rolled_from:
            return sql.subquery(self._rolled(join), join.alias)
        if self._is_finer(join):
            return sql.subquery(self._over_periods(join, join.register), join.alias)
        if not join.period:
            return sql.table(table_name(join.register), join.alias)
        wanted = sql.binary("=", column("period"), sql.text(join.period))
        inside = exp.select("*").from_(sql.table(table_name(join.register))).where(wanted)
        return sql.subquery(inside, join.alias)

    def _is_finer(self, join: Joined) -> bool:
        """Tell whether the register's periods lie inside the one that is asked for."""
        if not join.period or not join.grain:
            return False
        asked = read_period(join.period).grain
        return GRAINS.index(join.grain) > GRAINS.index(asked)

    def _facts(self, join: Joined) -> Iterator[tuple[str, Fact]]:
        for request, fact in self.frame.requests.items():
            if self._join_of(request) == join and request.field != KEY:
                yield request.field, fact

    def _over_periods(self, join: Joined, register: str) -> exp.Select:
        """Return a register's rows over the periods inside: flows add, stocks take the last."""
        key = column(self.tables.key(register))
        facts = dict(self._facts(join))
        parts = _parts(join, together=any(fact.together for fact in facts.values()))
        columns = [
            sql.alias(parts.whole(whole_units(column(id), fact), fact), id)
            for id, fact in facts.items()
        ]
        wanted = sql.member(column("period"), parts.read())
        return (
            exp.Select(expressions=[sql.alias(key, self.tables.key(register)), *columns])
            .from_(sql.table(table_name(register)), copy=False)
            .where(wanted, copy=False)
            .group_by(key, copy=False)
        )

    def _rolled(self, join: Joined) -> exp.Select:
        """Return the finer subjects' values added up for each coarser one."""
        finer, by = join.rolled_from, join.rolled_by
        link = column(by, finer)
        query = exp.Select().from_(sql.table(table_name(finer), finer), copy=False)
        target: Node = link
        vocabulary = self.tables.closure_of(finer, by)
        if vocabulary is not None:
            self.closures.add(vocabulary)
            on = sql.binary("=", column("code", "above"), link)
            query = query.join(sql.table(closure_name(vocabulary), "above"), on=on, copy=False)
            target = column("above", "above")
        values: Node = column("", finer)
        alias = finer
        if join.register != finer:
            alias = "facts"
            part = Joined((), join.register, join.period, join.grain)
            on = sql.binary(
                "=", column(self.tables.key(join.register), alias),
                column(self.tables.key(finer), finer),
            )  # fmt: skip
            values = self._part(join, part, alias)
            query = query.join(values, on=on, copy=False)
        columns = [
            sql.alias(_whole_sum(self._part_column(join, id, fact, alias)), id)
            for id, fact in self._facts(join)
        ]
        query.set("expressions", [sql.alias(target, SUBJECT), *columns])
        return query.group_by(target, copy=False)

    def _part(self, join: Joined, part: Joined, alias: str) -> Node:
        if self._is_finer(part):
            made = self._over_periods(join, join.register)
            return sql.subquery(made, alias)
        wanted = sql.binary("=", column("period"), sql.text(part.period))
        inside = exp.select("*").from_(sql.table(table_name(part.register)))
        return sql.subquery(inside.where(wanted) if part.period else inside, alias)

    def _part_column(self, join: Joined, id: str, fact: Fact, alias: str) -> Node:
        node = column(id, alias)
        return node if self._is_finer(join) else whole_units(node, fact)

    def _on(self, join: Joined, key: Node) -> Node:
        theirs = column(self._key(join), join.alias)
        if not join.path:
            return sql.binary("=", theirs, key)
        last = self.frame.links[join.path][-1]
        above = self.holding(last, join.path[:-1])
        return sql.binary("=", theirs, column(last.link.id, above.alias))

    def holding(self, hop: Hop, path: Path) -> Joined:
        """Return the join whose rows hold a link."""
        link = hop.link
        return Joined(path, link.owner, self.frame.period_of(hop), link.grain or "")


class RecordSource(Source):
    """Builds the select of child records: one row a record, whatever its period."""

    def _own(self) -> Joined:
        return Joined((), self.frame.master, "")

    def holding(self, hop: Hop, path: Path) -> Joined:
        """Return the join whose rows hold a link: a record holds its own, whatever its period."""
        is_own = not path and hop.link.owner == self.frame.master
        return self._own() if is_own else Source.holding(self, hop, path)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The finer periods inside a coarser one, earliest first."""

    texts: tuple[str, ...]
    tiles: bool  # they fill it without a rest
    both: str  # January and February as one, where both lie inside by themselves; else empty

    def read(self) -> list[str]:
        """Return the periods whose rows are read; one that nobody reports where there are none."""
        return [*self.texts, *([self.both] if self.both else [])] or [""]

    def whole(self, node: Node, fact: Fact) -> Node:
        """Return a fact over all parts by its nature; unknown where a part is missing."""
        if fact.kind.name == "number" and fact.nature == "flow" and self.tiles:
            return self._sum(node)
        if not self.texts or (fact.kind.name == "number" and fact.nature != "stock"):
            return sql.null(fact.kind.name)
        last = sql.binary("=", column("period"), sql.text(self.texts[-1]))
        return exp.Max(this=sql.case([(last, node)]))

    def _sum(self, node: Node) -> Node:
        """Add the parts; January and February as one stand in where either is missing."""
        if not self.both:
            return _sum_of(node, len(self.texts))
        is_both = sql.binary("=", column("period"), sql.text(self.both))
        is_early = sql.member(column("period"), self.texts[:2])
        apart = sql.case([(sql.negate(is_both), node)])
        joined = sql.case([(sql.negate(is_early), node.copy())])
        there = sql.binary(
            ">", exp.Count(this=sql.case([(is_both.copy(), node.copy())])), sql.integer(0)
        )
        together = sql.case([(there, _sum_of(joined, len(self.texts) - 1))])
        return sql.coalesce([_sum_of(apart, len(self.texts)), together])


def _parts(join: Joined, *, together: bool) -> _Parts:
    whole = read_period(join.period)
    parts = whole.split(join.grain, together=together)  # type: ignore[arg-type]  # a grain
    tiles = bool(parts) and (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    both = ""
    if len(parts) > 1 and parts[0].grain == "month" and not parts[0].is_together:
        first = period_of(parts[0].start, "month", together=True)
        both = first.text if first.is_together else ""
    return _Parts(tuple(p.text for p in parts), tiles, both)


def _sum_of(node: Node, parts: int) -> Node:
    there = sql.binary("=", exp.Count(this=node), sql.integer(parts))
    return sql.case([(there, sql.cast(exp.Sum(this=node.copy()), "bigint"))])


def _whole_sum(node: Node) -> Node:
    """Return the sum over finer subjects; unknown where one of them is."""
    there = sql.binary("=", exp.Count(this=node), exp.Count(this=exp.Star()))
    return sql.case([(there, sql.cast(exp.Sum(this=node.copy()), "bigint"))])


def whole_units(node: Node, fact: Fact) -> Node:
    """Return a stored decimal as whole units of its declared scale."""
    if fact.kind.name != "number" or fact.id.endswith(STATE):
        return node
    ends = [abs(e / unit_value(fact)) for e in (fact.low, fact.high) if e is not None]
    width: sql.Width = "bigint" if max(ends, default=0) <= sql.BIGINT_MOST else "hugeint"
    if not fact.scale:
        return sql.cast(node, width)
    return sql.cast(sql.binary("*", node, sql.integer(10**fact.scale)), width)
