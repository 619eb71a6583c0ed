"""The table behind a comparison: one row a subject, with both results and what moved it.

`step` names what moved a subject most: its state or group where these changed, else the line or
adjustment whose points changed most (the first written of equals), else the rest of the total, else
a move, else the rank alone, which only others can have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaogong.data.sql import Sql, integer, joined, name, parquet, sql, value
from kaogong.insight.opened import PART, RESULT, OpenedRun

if TYPE_CHECKING:
    import duckdb

POINTS = ("points__", "adjust__")
NUMBER = sql("DECIMAL(38, 12)")


@dataclass(frozen=True, slots=True)
class Differences:
    """What is read to compare two results, and how the steps are called."""

    scheme_before: str
    scheme_after: str
    order: tuple[str, ...]  # classes, best first
    steps: tuple[str, ...]  # columns of points, in written order
    titles: Mapping[str, Mapping[str, str]]  # by column of points
    results: tuple[list[Path], list[Path]]
    parts: tuple[list[Path], list[Path]]
    columns: tuple[frozenset[str], frozenset[str]]  # columns of points that each side has
    part_of: tuple[Sql, Sql]  # how a row of the parts belongs to one of the result

    def create(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the table `change` in the connection."""
        query = self._query()
        connection.execute(f"CREATE TEMP TABLE change AS {query.text}", list(query.parameters))

    def _query(self) -> Sql:
        return sql(
            "WITH result_a AS (SELECT * FROM {result_a}), result_b AS (SELECT * FROM {result_b}), "
            "part_a AS (SELECT * FROM {part_a}), part_b AS (SELECT * FROM {part_b}), "
            "sides AS (SELECT {both} FROM result_a AS a "
            "FULL JOIN result_b AS b ON a.subject = b.subject "
            "LEFT JOIN part_a AS pa ON {of_a} LEFT JOIN part_b AS pb ON {of_b}), "
            "rested AS (SELECT *, {rest} AS rest FROM sides), "
            "moved AS (SELECT *, {largest} AS largest FROM rested) "
            "SELECT *, {step} AS step, {points} AS points FROM moved",
            result_a=parquet(self.results[0]), result_b=parquet(self.results[1]),
            part_a=parquet(self.parts[0]), part_b=parquet(self.parts[1]),
            of_a=self.part_of[0], of_b=self.part_of[1],
            both=joined(", ", self._both()), rest=self._rest(), largest=self._largest(),
            step=self._step(), points=self._points(),
        )  # fmt: skip

    def _both(self) -> Iterator[Sql]:
        """Yield the columns of both results, and the difference of each line."""
        yield sql(
            'coalesce(a.subject, b.subject) AS subject, a.state IS NOT NULL AS is_before, '
            'b.state IS NOT NULL AS is_after, '
            'coalesce(b."group", a."group") AS "group", coalesce(b.pool, a.pool) AS pool, '
            "a.class AS class_before, b.class AS class_after, a.rank AS rank_before, "
            "b.rank AS rank_after, a.score AS score_before, b.score AS score_after, "
            "CAST(b.score AS {number}) - CAST(a.score AS {number}) AS score_change, "
            "a.state IS DISTINCT FROM b.state AS is_other_state, "
            'a."group" IS DISTINCT FROM b."group" AS is_other_group, '
            "a.moved_by IS DISTINCT FROM b.moved_by AS is_other_move, "
            'a.state IS DISTINCT FROM b.state OR a."group" IS DISTINCT FROM b."group" '
            "OR a.class IS DISTINCT FROM b.class OR a.rank IS DISTINCT FROM b.rank "
            "OR a.score IS DISTINCT FROM b.score OR a.moved_by IS DISTINCT FROM b.moved_by "
            "AS is_changed, {course} AS course",
            number=NUMBER, course=self._course(),
        )  # fmt: skip
        for step in self.steps:
            sides = zip(("pa", "pb"), self.columns, strict=True)
            before, after = (self._side(alias, step, there) for alias, there in sides)
            yield sql("{after} - {before} AS {name}", after=after, before=before, name=name(step))

    def _side(self, alias: str, step: str, there: frozenset[str]) -> Sql:
        """Return the points of a line on one side; who has none has nothing from it."""
        if step not in there:
            return sql("CAST(0 AS {number})", number=NUMBER)
        return sql(
            "coalesce(CAST({alias}.{step} AS {number}), 0)",
            alias=name(alias), step=name(step), number=NUMBER,
        )  # fmt: skip

    def _course(self) -> Sql:
        """Return 1 for a better class, −1 for a worse one, 0 for the same or no order."""
        return sql(
            "coalesce(sign({before} - {after}), 0)", before=self._place("a"), after=self._place("b")
        )

    def _place(self, alias: str) -> Sql:
        if not self.order:
            return sql("CAST(NULL AS BIGINT)")
        cases = [
            sql("WHEN {class_} THEN {place}", class_=value(class_), place=integer(place))
            for place, class_ in enumerate(self.order, 1)
        ]
        return sql("CASE {alias}.class {cases} END", alias=name(alias), cases=joined(" ", cases))

    def _rest(self) -> Sql:
        """Return what no line says of a change of score: rounding, caps, floor."""
        steps = [sql("- {step}", step=name(step)) for step in self.steps]
        return sql("coalesce(score_change, 0) {steps}", steps=joined(" ", steps))

    def _largest(self) -> Sql:
        sizes = [sql("abs({step})", step=name(step)) for step in (*self.steps, "rest")]
        return sql("greatest({sizes})", sizes=joined(", ", sizes))

    def _step(self) -> Sql:
        """Return what moved a subject most."""
        lines = [
            sql("WHEN abs({step}) = largest THEN {id}", step=name(step), id=value(step))
            for step in self.steps
        ]
        return sql(
            "CASE WHEN is_other_state THEN 'population' WHEN is_other_group THEN 'group' "
            "WHEN largest = 0 AND is_other_move THEN 'move' WHEN largest = 0 THEN 'rank' {lines} "
            "ELSE 'total' END",
            lines=joined(" ", lines),
        )  # fmt: skip

    def _points(self) -> Sql:
        """Return by how much that step moved the score."""
        lines = [
            sql("WHEN abs({step}) = largest THEN {step}", step=name(step)) for step in self.steps
        ]
        return sql(
            "CAST(CASE WHEN is_other_state OR is_other_group THEN 0 {lines} ELSE rest END "
            "AS {number})", lines=joined(" ", lines), number=NUMBER,
        )  # fmt: skip


def differences(
    before: OpenedRun, scheme_before: str, after: OpenedRun, scheme_after: str
) -> Differences:
    """Return what is compared: the schemes' classes in order, and the lines of both."""
    sides = ((before, scheme_before), (after, scheme_after))
    parts = [
        {c: column for c, column in run.columns(PART, scheme).items() if c.startswith(POINTS)}
        for run, scheme in sides
    ]
    order = dict.fromkeys(
        name for run, scheme in sides for g in run.scheme(scheme).groups for name in g.class_order()
    )
    return Differences(
        scheme_before, scheme_after, tuple(order), tuple(dict.fromkeys((*parts[0], *parts[1]))),
        {c: column["title"] for part in parts for c, column in part.items()},
        (before.files(RESULT, scheme_before), after.files(RESULT, scheme_after)),
        (before.files(PART, scheme_before), after.files(PART, scheme_after)),
        (frozenset(parts[0]), frozenset(parts[1])),
        (before.part_of(scheme_before, "a", "pa"), after.part_of(scheme_after, "b", "pb")),
    )  # fmt: skip
