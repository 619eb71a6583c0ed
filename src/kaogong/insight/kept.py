"""What a run kept of one subject and of the list it stands in, read by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kaogong.data.sql import Sql, joined, name, parquet, rows, sql, value
from kaogong.insight.opened import PART, RESULT, OpenedRun
from kaogong.insight.refused import NotInRun

if TYPE_CHECKING:
    import duckdb

NEAR = 3  # names offered where a subject is not there


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows a run kept of one subject; empty where it is not on the list."""

    result: Mapping[str, Any] = field(default_factory=dict)
    part: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """Return who is scored: the subject, or the unit it is merged into."""
        return str(self.result.get("merged_into") or self.result["subject"])

    @property
    def own_unit(self) -> str:
        """Return the unit of a member that is scored alone, too; empty for anybody else."""
        return str(self.result.get("unit") or "")

    @property
    def scored_as(self) -> str:
        """Return which of a member's two results holds: merged, alone, or empty."""
        return str(self.result.get("scored_as") or "")

    @property
    def is_undecided(self) -> bool:
        """Tell whether nobody can know which of a member's two results holds."""
        return bool(self.own_unit) and not self.scored_as

    def points(self, item: str) -> Fraction | None:
        """Return the kept points of a line."""
        return _number(self.part.get(f"points__{item}"))

    def adjust(self, item: str) -> Fraction | None:
        """Return the kept points of an adjustment."""
        return _number(self.part.get(f"adjust__{item}"))

    def number(self, column: str) -> Fraction | None:
        """Return a number of the result."""
        return _number(self.result.get(column))


def _number(kept: Decimal | int | None) -> Fraction | None:
    return None if kept is None else Fraction(kept)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """How many of a list score better than a subject, as it does, and so up to its key."""

    better: int
    alike: int
    alike_before: int  # the subject itself among them


@dataclass(frozen=True, slots=True)
class Shelf:
    """The relations of one scheme in a run."""

    run: OpenedRun
    connection: duckdb.DuckDBPyConnection
    scheme: str

    def kept(self, subject: str) -> Kept:
        """Return what the run kept of a subject; its parts are those of the unit it is in."""
        kept = Kept(self._record(RESULT, subject))
        if kept.is_undecided:
            return kept
        if not kept.own_unit:
            part = self._record(PART, kept.result.get("merged_into") or subject)
        else:
            key = kept.own_unit if kept.scored_as == "merged" else subject
            part = self._record(PART, key, scored_as=kept.scored_as)
        return Kept(kept.result, part)

    def members(self, unit: str) -> list[str]:
        """Return everybody who is scored as one with a unit, itself among them."""
        found = self._ask(
            "SELECT subject FROM {result} "
            "WHERE subject = {unit} OR merged_into = {unit} ORDER BY 1",
            unit=value(unit),
        )
        return [row[0] for row in found]

    def members_of(self, unit: str) -> list[str]:
        """Return the members of a unit whose members are scored alone, too."""
        found = self._ask("SELECT subject FROM {result} WHERE unit = {unit} ORDER BY 1",
                          unit=value(unit))  # fmt: skip
        return [row[0] for row in found]

    def _record(self, relation: str, subject: str, **also: str) -> Mapping[str, Any]:
        tests = [sql(" AND {column} = {value}", column=name(k), value=value(v))
                 for k, v in also.items()]  # fmt: skip
        query = sql(
            "SELECT * FROM {files} WHERE subject = {subject}{also}",
            files=self.relation(relation), subject=value(subject), also=joined("", tests),
        )  # fmt: skip
        cursor = self.connection.execute(query.text, list(query.parameters))
        row, columns = cursor.fetchone(), [c[0] for c in cursor.description or ()]
        return {} if row is None else dict(zip(columns, row, strict=True))

    def relation(self, relation: str) -> Sql:
        """Return the source that reads a relation of the scheme."""
        return parquet(self.run.files(relation, self.scheme))

    def neighbours(self, kept: Kept) -> Neighbours:
        """Return how a ranked subject's score stands among those of its list."""
        found = self._ask(
            "SELECT count(*) FILTER (score > {score}), count(*) FILTER (score = {score}), "
            "count(*) FILTER (score = {score} AND subject <= {subject}) "
            "FROM {result} WHERE pool = {pool} AND rank IS NOT NULL AND merged_into IS NULL",
            score=value(kept.result["score"]), subject=value(kept.unit),
            pool=value(kept.result["pool"]),
        )  # fmt: skip
        return Neighbours(*found[0])

    def least_score(self, pool: str, class_: str) -> Fraction | None:
        """Return the least score that a class of a list holds by rank."""
        found = self._ask(
            "SELECT min(score) FROM {result} WHERE pool = {pool} AND class_ranked = {name}",
            pool=value(pool), name=value(class_),
        )  # fmt: skip
        return _number(found[0][0])

    def class_counts(self, pool: str) -> list[tuple[str | None, str | None, bool, int]]:
        """Return how many of a list stand in each class by rank and at last, moved or not."""
        return self._ask(
            "SELECT class_ranked, class, moved_by IS NOT NULL, count(*) FROM {result} "
            "WHERE pool = {pool} AND rank IS NOT NULL AND merged_into IS NULL "
            "GROUP BY ALL ORDER BY ALL",
            pool=value(pool),
        )  # fmt: skip

    def unmoved_place(self, kept: Kept) -> int:
        """Return a subject's place among those of its list that no move touched."""
        found = self._ask(
            "SELECT count(*) FROM {result} WHERE pool = {pool} AND rank IS NOT NULL "
            "AND merged_into IS NULL AND moved_by IS NULL "
            "AND (rank < {rank} OR rank = {rank} AND subject <= {subject})",
            pool=value(kept.result["pool"]), rank=value(kept.result["rank"]),
            subject=value(kept.unit),
        )  # fmt: skip
        return int(found[0][0])

    def _ask(self, template: str, **parts: Sql) -> list[tuple[Any, ...]]:
        return rows(self.connection, sql(template, result=self.relation(RESULT), **parts))

    def not_there(self, subject: str) -> NotInRun:
        """Return the refusal for a subject nobody knows, with the names most like it."""
        found = self._ask(
            "SELECT subject FROM {result} "
            "ORDER BY jaro_winkler_similarity(subject, {subject}) DESC, subject LIMIT {most}",
            subject=value(subject), most=value(NEAR),
        )  # fmt: skip
        names = ", ".join(row[0] for row in found)
        return NotInRun("no_subject_near" if names else "no_subject", id=subject, names=names)
