"""One table of subjects with every column that a set of expressions reads, computed facts included.

Stored columns and figures over records come first; facts with definitions follow in layers, each
layer reading only earlier ones, so that a kept value is rounded once and then used by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from kaogong.plan import sql
from kaogong.plan.frame import Frame
from kaogong.plan.lower import Lowerer
from kaogong.plan.merging import Merge, merged, twice, units
from kaogong.plan.records import record_figure, when_none
from kaogong.plan.source import (
    CANDIDATE,
    PREDECESSOR,
    SUBJECT,
    SUCCESSOR,
    Source,
    Tables,
    lineage_name,
)
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Step

OF_UNITS = "__of_units"  # ends the tables of figures over the records of all members


@dataclass(slots=True)
class SubjectTable:
    """Collects what is read, then says how to make it."""

    name: str
    frame: Frame
    tables: Tables
    closures: frozenset[str] = frozenset()  # vocabularies whose codes above must be there
    merge: Merge | None = None

    @property
    def lowerer(self) -> Lowerer:
        """Return a lowerer whose requests this table will answer."""
        return Lowerer(self.frame)

    @property
    def stored(self) -> str:
        """Return the view with the stored facts, from which the computed ones are made."""
        is_plain = not self.frame.records and not self.frame.computed and self.merge is None
        return self.name if is_plain else f"{self.name}__stored"

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the registers (and published schemes) that the columns come from."""
        frame = self.frame
        read = {r.register for r in frame.requests} | {frame.master}
        read |= {r.rolled_from for r in frame.requests if r.rolled_from} | frame.beside
        read |= {links[-1].link.links_to or "" for links in frame.links.values()} - {""}
        read |= {n.register for n in frame.records.values()}
        return tuple(sorted(read))

    def steps(self) -> list[Step]:
        """Return the steps that make the table, to be called after everything was lowered."""
        stored_name = f"{self.name}__stored"
        figures = self._figures(stored_name)
        source = Source(self.frame, self.tables)
        stored = Step(stored_name, source.query(), "facts of subjects")
        self.closures = frozenset(source.closures)
        if self.stored == self.name:
            return [replace(stored, name=self.name)]
        note = "facts, figures over records, computed facts"
        facts = sql.table(stored_name, "stored")
        between, single = self._computed(self._with_figures(facts))
        if source.marks_candidates:
            single = _candidates(single)
        before = [stored, *figures, *between]
        if self.merge is None:
            return [*before, Step(self.name, single, note)]
        return [*before, *self._merged(single, self.merge)]

    @property
    def units(self) -> str:
        """Return the table that says which unit a subject belongs to."""
        return f"{self.name}__units"

    def _merged(self, single: exp.Select, merge: Merge) -> list[Step]:
        alone = f"{self.name}__alone"
        added = f"{self.name}__added"
        facts = self._with_figures(sql.table(added, "stored"), OF_UNITS)
        _, whole = self._computed(facts, inherits=False)
        if merge.also_alone:
            whole = twice(whole, self.frame, alone, self.units)
        return [
            Step(alone, single, "subjects by themselves"),
            Step(self.units, units(merge, alone), "which subjects are one unit", is_kept=True),
            Step(added, merged(self.frame, alone, self.units), "facts of members added up"),
            *self._figures(added, OF_UNITS, self.units),
            Step(self.name, whole, "units: members added up"),
        ]

    def _computed(
        self, query: exp.Select, *, inherits: bool = True
    ) -> tuple[list[Step], exp.Select]:
        """Return a select with the computed facts added, layer by layer, and the steps before it.

        What a subject has of its predecessors needs a table of all rows; a unit has it already.
        """
        between: list[Step] = []
        for layer in self._layers():
            made = [n for n in layer if not self.frame.computed[n].is_inherited]
            inherited = [n for n in layer if self.frame.computed[n].is_inherited]
            if inherited and inherits:
                name = f"{self.name}__before_{len(between) + 1}"
                note = "what predecessors are asked for"
                between.append(Step(name, query, note, is_kept=True))
                query = self._with_inherited(name, inherited)
            if made:
                columns = [sql.alias(self.frame.computed[n].node, n) for n in made]
                query = exp.Select(expressions=[exp.Star(), *columns]).from_(
                    sql.subquery(query, "inside"), copy=False
                )
        return between, query

    def _with_inherited(self, table: str, names: list[str]) -> exp.Select:
        """Return the rows of a table with figures over the rows of their predecessors."""
        figures = [sql.alias(self.frame.computed[n].node, n) for n in names]
        on = sql.binary("=", column(PREDECESSOR, "lineage"), column(SUBJECT, "earlier"))
        key = column(SUCCESSOR, "lineage")
        inherited = (
            exp.Select(expressions=[sql.alias(key, SUCCESSOR), *figures])
            .from_(sql.table(lineage_name(self.frame.master), "lineage"), copy=False)
            .join(sql.table(table, "earlier"), on=on, copy=False)
            .group_by(key, copy=False)
        )
        own = exp.Column(this=exp.Star(), table=exp.to_identifier("own", quoted=True))
        columns = [column(n, "inherited") for n in names]
        on = sql.binary("=", column(SUCCESSOR, "inherited"), column(SUBJECT, "own"))
        return (
            exp.Select(expressions=[own, *columns])
            .from_(sql.table(table, "own"), copy=False)
            .join(sql.subquery(inherited, "inherited"), on=on, join_type="left", copy=False)
        )

    def _figures(self, facts: str, suffix: str = "", units_table: str | None = None) -> list[Step]:
        """Return the steps of figures over records: of each subject, or of each unit."""
        return [
            Step(
                f"{self.name}__{name}{suffix}",
                record_figure(node, self.frame, self.tables, facts, units_table),
                f"{node.function} over {node.register}",
                is_kept=True,
            )
            for name, node in list(self.frame.records.items())
        ]

    def _with_figures(self, stored: Node, suffix: str = "") -> exp.Select:
        columns: list[Node] = [
            exp.Column(this=exp.Star(), table=exp.to_identifier("stored", quoted=True))
        ]
        query = exp.Select().from_(stored, copy=False)
        for name, node in self.frame.records.items():
            on = sql.binary("=", column(SUBJECT, name), column(SUBJECT, "stored"))
            joined = sql.table(f"{self.name}__{name}{suffix}", name)
            query = query.join(joined, on=on, join_type="left", copy=False)
            columns.append(sql.alias(when_none(node, column("figure", name)), name))
        query.set("expressions", columns)
        return query

    def _layers(self) -> list[list[str]]:
        """Return the computed columns so that each reads only earlier layers."""
        computed = self.frame.computed
        done: set[str] = set()
        layers: list[list[str]] = []
        while len(done) < len(computed):
            ready = [n for n, c in computed.items() if n not in done and c.needs <= done]
            layers.append(ready)
            done |= set(ready)
        return layers


def _candidates(query: exp.Select) -> exp.Select:
    """Return the rows that are subjects of the period themselves."""
    rows = exp.Select(expressions=[exp.Star()]).from_(sql.subquery(query, "rows"), copy=False)
    return rows.where(column(CANDIDATE), copy=False)
