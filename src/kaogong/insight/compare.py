"""Two results side by side: who moved from class to class, who gained or lost, by which step.

One table holds a row for each subject of either run: both results, and by how much each line moved.
All differences are exact decimals, so a change that changes nothing is zero everywhere, to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaogong.data.sql import rows, sql, value
from kaogong.insight.differences import Differences, differences
from kaogong.insight.opened import OpenedRun
from kaogong.insight.words import titles

if TYPE_CHECKING:
    import duckdb

Class = str | None  # None: no class
MOST_CHANGES = 50  # subjects named one by one
OTHER_STEPS = ("population", "group", "total", "rank", "move")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two results."""

    scheme: str
    title: Mapping[str, str]
    period: str
    subjects: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened to the subjects of one group and pool (as they stand in the second result)."""

    group: str | None
    pool: str | None
    subjects: int
    better: int  # classes
    worse: int
    same: int
    entered: int  # only in the second result
    left: int  # only in the first
    risen: int  # ranks
    fallen: int
    gained: int  # scores
    lost: int
    score_change: Decimal  # sum over those with both scores


@dataclass(frozen=True, slots=True)
class Mover:
    """A step, and how many subjects it moved most."""

    step: str  # a line, an adjustment, or one of `OTHER_STEPS`
    title: Mapping[str, str]
    subjects: int
    better: int
    worse: int
    points: Decimal  # sum of the changes of points by this step, over all subjects


@dataclass(frozen=True, slots=True)
class Change:
    """One subject whose result changed."""

    subject: str
    group: str | None
    class_before: Class
    class_after: Class
    rank_before: int | None
    rank_after: int | None
    score_before: Decimal | None
    score_after: Decimal | None
    step: str
    points: Decimal  # by which that step moved the score


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results of one list of subjects."""

    before: Side
    after: Side
    classes: tuple[Class, ...]  # best first, none last
    matrix: Mapping[tuple[Class, Class], int]
    tallies: tuple[Tally, ...]
    movers: tuple[Mover, ...]
    changes: tuple[Change, ...]  # the largest, at most `MOST_CHANGES`
    changed: int  # subjects with any change of state, group, score, rank or class

    @property
    def is_null(self) -> bool:
        """Tell whether nothing changed for anybody."""
        return not self.changed


def compare(
    before: OpenedRun, after: OpenedRun, scheme: str, scheme_after: str | None = None
) -> Comparison:
    """Return the comparison of a scheme in two runs, or of two schemes in one run or two."""
    second = scheme_after or scheme
    before.scheme(scheme)
    after.scheme(second)
    made = differences(before, scheme, after, second)
    with before.connected() as connection:
        return _Comparing(connection, made).comparison(before, after)


@dataclass(frozen=True, slots=True)
class _Comparing:
    connection: duckdb.DuckDBPyConnection
    made: Differences

    def comparison(self, before: OpenedRun, after: OpenedRun) -> Comparison:
        """Return the comparison."""
        self.made.create(self.connection)
        classes = self._classes()
        return Comparison(
            _side(before, self.made.scheme_before, self._count("is_before")),
            _side(after, self.made.scheme_after, self._count("is_after")),
            classes, self._matrix(), self._tallies(), self._movers(), self._changes(),
            self._count("is_changed"),
        )  # fmt: skip

    def _ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(parameters)).fetchall()

    def _count(self, test: str) -> int:
        counts = {
            "is_before": "SELECT count(*) FROM change WHERE is_before",
            "is_after": "SELECT count(*) FROM change WHERE is_after",
            "is_changed": "SELECT count(*) FROM change WHERE is_changed",
        }
        return int(self._ask(counts[test])[0][0])

    def _classes(self) -> tuple[Class, ...]:
        """Return the classes somebody holds: as the schemes order them, then others, none last."""
        found = {row[0] for row in self._ask(
            "SELECT class_before FROM change UNION SELECT class_after FROM change"
        )}  # fmt: skip
        known = [name for name in self.made.order if name in found]
        others = sorted(name for name in found if name is not None and name not in known)
        return (*known, *others, None)

    def _matrix(self) -> dict[tuple[Class, Class], int]:
        return {(a, b): n for a, b, n in self._ask(
            "SELECT class_before, class_after, count(*) FROM change GROUP BY ALL"
        )}  # fmt: skip

    def _tallies(self) -> tuple[Tally, ...]:
        found = self._ask(
            'SELECT "group", pool, count(*), count(*) FILTER (course = 1), '
            "count(*) FILTER (course = -1), "
            "count(*) FILTER (course = 0 AND is_before AND is_after), "
            "count(*) FILTER (NOT is_before), count(*) FILTER (NOT is_after), "
            "count(*) FILTER (rank_after < rank_before), "
            "count(*) FILTER (rank_after > rank_before), "
            "count(*) FILTER (score_change > 0), count(*) FILTER (score_change < 0), "
            "coalesce(sum(score_change), 0) FROM change GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return tuple(Tally(*row) for row in found)

    def _movers(self) -> tuple[Mover, ...]:
        """Return the steps that moved somebody most, the most frequent first."""
        counted = self._ask(
            "SELECT step, count(*), count(*) FILTER (course = 1), count(*) FILTER (course = -1), "
            "sum(points) FROM change WHERE is_changed GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return tuple(Mover(row[0], self._title(row[0]), *row[1:]) for row in counted)

    def _title(self, step: str) -> Mapping[str, str]:
        return self.made.titles.get(step) or titles(f"step_of_{step}")

    def _changes(self) -> tuple[Change, ...]:
        found = rows(self.connection, sql(
            'SELECT subject, "group", class_before, class_after, rank_before, rank_after, '
            "score_before, score_after, step, points FROM change WHERE is_changed "
            "ORDER BY course = 0, abs(coalesce(rank_after - rank_before, 0)) DESC, "
            "abs(coalesce(score_change, 0)) DESC, subject LIMIT {most}",
            most=value(MOST_CHANGES),
        ))  # fmt: skip
        return tuple(Change(*row) for row in found)


def _side(run: OpenedRun, scheme: str, subjects: int) -> Side:
    return Side(scheme, run.scheme(scheme).title, run.period.text, subjects)
