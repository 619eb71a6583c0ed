"""One ranking pool of a run: its subjects with figures, points and results, for a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaogong.data.sql import Sql, joined, name, names, parquet, rows, sql, value
from kaogong.insight.opened import PART, RESULT, OpenedRun
from kaogong.insight.refused import NotInRun
from kaogong.insight.registers import register_relation
from kaogong.language.finding import Refused, refuse
from kaogong.language.span import Span
from kaogong.programme.rules import GroupRule, SchemeRules

if TYPE_CHECKING:
    import duckdb

MOST_SUBJECTS = 5_000
NAME = "name"  # field of a master register that people read instead of the key


@dataclass(frozen=True, slots=True)
class Pool:
    """The scored subjects of one pool, rated or held, in the order of their ranks."""

    rules: SchemeRules
    id: str
    subjects: tuple[Mapping[str, Any], ...]  # columns of result and part by name
    names: Mapping[str, str]
    groups: tuple[GroupRule, ...]  # those somebody of the pool stands in

    def of_group(self, group: str) -> list[Mapping[str, Any]]:
        """Return the subjects of one group."""
        return [row for row in self.subjects if row["group"] == group]


def read_pool(
    run: OpenedRun, rules: SchemeRules, pool: str, connection: duckdb.DuckDBPyConnection
) -> Pool:
    """Return a pool; raise NotInRun where there is none, Refused (KG721) where it is too long."""
    reading = _Reading(run, rules, connection)
    counts = reading.counts()
    if pool not in counts:
        known = ", ".join(sorted(counts))
        raise NotInRun("no_pool", scheme=rules.id, pool=pool, known=known)
    if counts[pool] > MOST_SUBJECTS:
        raise too_long(rules.span, pool, counts[pool])
    subjects = tuple(reading.subjects(pool))
    there = {row["group"] for row in subjects}
    groups = tuple(group for group in rules.groups if group.id in there)
    return Pool(rules, pool, subjects, reading.names(pool), groups)


def too_long(span: Span, pool: str, n: int) -> Refused:
    """Return the refusal of a pool that no workbook takes."""
    return refuse("KG721", span, pool=pool, n=n, most=MOST_SUBJECTS)


@dataclass(frozen=True, slots=True)
class _Reading:
    run: OpenedRun
    rules: SchemeRules
    connection: duckdb.DuckDBPyConnection

    def counts(self) -> dict[str, int]:
        """Return how many subjects each pool holds, rated or held."""
        query = sql(
            "SELECT pool, count(*) FROM {result} WHERE pool IS NOT NULL "
            "AND state IN ('rated', 'held') AND merged_into IS NULL GROUP BY pool",
            result=self._files(RESULT),
        )  # fmt: skip
        return dict(rows(self.connection, query))

    def subjects(self, pool: str) -> list[Mapping[str, Any]]:
        """Return the rows of a pool with their parts."""
        shared = ("document", "version", "period", "subject", "group", "scored_as")
        parts = [c for c in self.run.columns(PART, self.rules.id) if c not in shared]
        listed = joined(", ", [sql("result.*"), *(sql("part.{c}", c=name(c)) for c in parts)])
        query = sql(
            "SELECT {listed} FROM {result} AS result JOIN {part} AS part "
            "ON {of} WHERE pool = {pool} AND state IN ('rated', 'held') AND merged_into IS NULL "
            "ORDER BY rank NULLS LAST, result.subject",
            listed=listed, result=self._files(RESULT), part=self._files(PART), pool=value(pool),
            of=self.run.part_of(self.rules.id, "result", "part"),
        )  # fmt: skip
        cursor = self.connection.execute(query.text, list(query.parameters))
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def names(self, pool: str) -> dict[str, str]:
        """Return what the subjects are called, where their register says so."""
        register = self.run.programme.register(self.rules.subject)
        files = self.run.files(register_relation(self.rules.subject), self.rules.subject)
        if NAME not in register.fields or not files:
            return {}
        key = next(str(k) for k in register.key_ if str(k) != "period")
        query = sql(
            "SELECT {columns} FROM {files} WHERE {key} IN "
            "(SELECT subject FROM {result} WHERE pool = {pool})",
            columns=names([key, NAME]), files=parquet(files), key=name(key),
            result=self._files(RESULT), pool=value(pool),
        )  # fmt: skip
        return {subject: called for subject, called in rows(self.connection, query) if called}

    def _files(self, relation: str) -> Sql:
        return parquet(self.run.files(relation, self.rules.id))
