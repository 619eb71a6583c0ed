"""What a line needs from the other subjects of its group, read from what the run kept.

Figures stand in `scheme_group`. The mean points that a missing figure scores are summed here from
the kept figures and points of the group, exactly: as a sum where the formula is a straight line,
else figure by figure. What the run did not keep is unknown and noted in `unkept`, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kaogong.data.sql import Sql, name, parquet, sql, value
from kaogong.insight.lines import ROLES, ZERO
from kaogong.insight.opened import GROUP, PART, SCORED_AS, OpenedRun
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import (
    NOW,
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Every,
    Expression,
    Member,
    Not,
    Open,
    Read,
    Some,
    Word,
    walk,
)
from kaogong.language.fact import Fact
from kaogong.language.subject import Subject
from kaogong.language.value import Unknown, Value
from kaogong.plan.scheme.figures import set_name
from kaogong.programme.rules import FigureRule, LineRule

if TYPE_CHECKING:
    import duckdb

ONE = ("group", "all")  # sets with one figure for a whole group
MOST_FIGURES = 20_000  # different figures of one line that are scored one by one
SHARED = (Apply, Arithmetic, Choose, Compare, Constant, Every, Member, Not, Open, Some, Word)
Score = Callable[[Fraction], Value]


@dataclass
class RunOthers:
    """The others of one group in a run; asks the run once for each thing."""

    run: OpenedRun
    connection: duckdb.DuckDBPyConnection
    scheme: str
    group: str
    subject: Subject | None = None  # whose sets the figures over lists and fields are taken of
    pool: str | None = None  # the list the subject stands in
    unkept: list[str] = field(default_factory=list)  # what was asked for and not kept

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what the group's lines were held against, by line."""
        files = parquet(self.run.files(GROUP, self.scheme))
        query = sql(
            "SELECT item, benchmark, low, high FROM {files} "
            "WHERE {group} = {mine} AND pool IS NULL AND {over} IS NULL",
            files=files, group=name("group"), mine=value(self.group), over=name("over"),
        )  # fmt: skip
        found = self.connection.execute(query.text, list(query.parameters)).fetchall()
        return {row[0]: dict(zip(ROLES, row[1:], strict=True)) for row in found}

    def figure(self, line: LineRule, role: str, rule: FigureRule) -> Value:
        """Return a kept figure in the base of the line's unit."""
        kept = self.rows.get(line.id, {}).get(role) if rule.over in ONE else None
        if rule.over not in ONE:
            kept = self.of_set(line, set_name(rule), self._set(rule)).get(role)
        if kept is None:
            return Unknown("not_reported", frozenset({f"{line.id}.{role}"}))
        return Fraction(kept) * _factor(line)

    def of_set(self, line: LineRule, over: str, of: str | None) -> Mapping[str, Any]:
        """Return what a line was held against in one list, or among those of one value."""
        if of is None:
            return {}
        files = parquet(self.run.files(GROUP, self.scheme))
        query = sql(
            "SELECT benchmark, low, high FROM {files} WHERE {group} = {mine} AND item = {item} "
            "AND {over} = {parted} AND {of} = {value}",
            files=files, group=name("group"), mine=value(self.group), item=value(line.id),
            over=name("over"), parted=value(over), of=name("of"), value=value(of),
        )  # fmt: skip
        found = self.connection.execute(query.text, list(query.parameters)).fetchone()
        return {} if found is None else dict(zip(ROLES, found, strict=True))

    def _set(self, rule: FigureRule) -> str | None:
        """Return which list or value of a field the subject is held against."""
        if rule.over_fact is None or self.subject is None:
            return self.pool
        found = Evaluator(self.subject).value(Read(rule.over_fact, NOW, rule.span))
        if isinstance(found, Unknown):
            return None
        return str(found).lower() if isinstance(found, bool) else str(found)

    def mean_points(self, line: LineRule, score: Score) -> Value:
        """Return the mean points of a line over the known of the group."""
        if not all(isinstance(node, SHARED) for node in walk(line.points)):
            self.unkept.append(f"{line.id}.mean")
            return Unknown("not_reported", frozenset({line.id}))
        known = None if is_parted(line) else self._summed(line, score)
        if is_parted(line) and line.round_at == "item":
            known = self._parted_sum(line)
        if known is None:
            self.unkept.append(f"{line.id}.mean")
            return Unknown("not_reported", frozenset({line.id}))
        total, count = known
        return total / count if count else Unknown("not_reported", frozenset({line.id}))

    def _summed(self, line: LineRule, score: Score) -> tuple[Fraction, int] | None:
        """Return the sum of points over the known, and how many there are."""
        if line.round_at == "item":
            return self._kept_sum(line, score)
        if is_straight(line):
            return self._straight_sum(line, score)
        return self._sum_by_figure(line, score)

    def _kept_sum(self, line: LineRule, score: Score) -> tuple[Fraction, int]:
        """Add the kept points; a zero figure counts as scored, whatever it was settled to."""
        points, figure = name(f"points__{line.id}"), name(f"value__{line.id}")
        query = sql(
            "SELECT sum({points}) FILTER ({x} <> 0), count({points}) FILTER ({x} <> 0), "
            "count(*) FILTER ({x} = 0) FROM {files} WHERE {mine}",
            points=points, x=figure, files=self._parts, mine=self._mine,
        )  # fmt: skip
        row = self.connection.execute(query.text, list(query.parameters)).fetchone()
        total, count, zeros = row if row is not None else (None, 0, 0)
        made = Fraction(total or Decimal(0))
        at_zero = score(ZERO) if zeros and line.zero != "missing" else None
        if isinstance(at_zero, Fraction):
            made, count = made + zeros * at_zero, count + zeros
        return made, int(count)

    def _parted_sum(self, line: LineRule) -> tuple[Fraction, int] | None:
        """Add the kept points where each set has a scale of its own: zeros only as they scored."""
        points, figure = name(f"points__{line.id}"), name(f"value__{line.id}")
        query = sql(
            "SELECT sum({points}), count({points}), count(*) FILTER ({x} = 0) FROM {files} "
            "WHERE {mine} AND {x} IS NOT NULL {counted}",
            points=points, x=figure, files=self._parts, mine=self._mine,
            counted=self._counted(line),
        )  # fmt: skip
        row = self.connection.execute(query.text, list(query.parameters)).fetchone()
        total, count, zeros = row if row is not None else (None, 0, 0)
        if zeros and line.zero != "none":
            return None
        return Fraction(total or Decimal(0)), int(count)

    def _straight_sum(self, line: LineRule, score: Score) -> tuple[Fraction, int] | None:
        """Add the points of a straight formula: its value at zero, and its slope times the sum."""
        query = sql(
            "SELECT sum({x}), count(*) FROM {files} WHERE {mine} AND {x} IS NOT NULL {counted}",
            x=name(f"value__{line.id}"), files=self._parts, mine=self._mine,
            counted=self._counted(line),
        )  # fmt: skip
        row = self.connection.execute(query.text, list(query.parameters)).fetchone()
        total, count = row if row is not None else (None, 0)
        base, one = score(ZERO), score(_factor(line))
        if not isinstance(base, Fraction) or not isinstance(one, Fraction):
            return ZERO, 0
        return count * base + Fraction(total or Decimal(0)) * (one - base), int(count)

    def _sum_by_figure(self, line: LineRule, score: Score) -> tuple[Fraction, int] | None:
        """Add the points of each different figure; None where there are too many."""
        query = sql(
            "SELECT {x}, count(*) FROM {files} WHERE {mine} AND {x} IS NOT NULL {counted} "
            "GROUP BY 1 LIMIT {most}",
            x=name(f"value__{line.id}"), files=self._parts, mine=self._mine,
            counted=self._counted(line), most=value(MOST_FIGURES + 1),
        )  # fmt: skip
        rows = self.connection.execute(query.text, list(query.parameters)).fetchall()
        if len(rows) > MOST_FIGURES:
            return None
        total, count = ZERO, 0
        for figure, times in rows:
            points = score(Fraction(figure) * _factor(line))
            if isinstance(points, Fraction):
                total, count = total + points * times, count + times
        return total, count

    @property
    def _parts(self) -> Sql:
        return parquet(self.run.files(PART, self.scheme))

    @property
    def _mine(self) -> Sql:
        mine = sql("{group} = {mine}", group=name("group"), mine=value(self.group))
        if SCORED_AS not in self.run.columns(PART, self.scheme):
            return mine
        # A member scored alone beside its unit does not count among the others.
        return sql("{mine} AND {how} IS DISTINCT FROM 'alone'", mine=mine, how=name(SCORED_AS))

    def _counted(self, line: LineRule) -> Sql:
        """Leave out zero figures where zero counts as missing."""
        if line.zero != "missing":
            return sql("")
        return sql("AND {x} <> 0", x=name(f"value__{line.id}"))


@dataclass(frozen=True, slots=True)
class NoOthers:
    """Nobody else is known: a single case, whose figures of a group are given or unknown."""

    figures: Mapping[tuple[str, str], Value] = field(default_factory=dict)  # of a line, by role

    def figure(self, line: LineRule, role: str, _rule: FigureRule) -> Value:
        """Return the given figure, else unknown, naming it."""
        unknown = Unknown("not_reported", frozenset({f"{line.id}.{role}"}))
        return self.figures.get((line.id, role), unknown)

    def mean_points(self, line: LineRule, _score: Score) -> Value:
        """Return unknown, naming the mean."""
        return Unknown("not_reported", frozenset({f"{line.id}.mean"}))


def is_parted(line: LineRule) -> bool:
    """Tell whether a line holds subjects of one group against figures of different sets."""
    figures = [held for role in ROLES if isinstance(held := getattr(line, role), FigureRule)]
    return any(figure.over not in ONE for figure in figures)


def fields_over(line: LineRule) -> tuple[str, ...]:
    """Return the fields over whose values a line takes figures."""
    figures = [held for role in ROLES if isinstance(held := getattr(line, role), FigureRule)]
    return tuple(dict.fromkeys(set_name(f) for f in figures if f.over_fact is not None))


def is_straight(line: LineRule) -> bool:
    """Tell whether points rise in step with the figure: no cap, no floor, no case, no power."""
    return line.cap is None and line.floor is None and _degree(line.points) in (0, 1)


def _degree(node: Expression) -> int | None:
    """Return the power of x in a formula: 0, 1, or None for anything else."""
    if isinstance(node, Word):
        return 1 if node.word == "x" else 0
    if isinstance(node, Constant):
        return 0
    if not isinstance(node, Arithmetic):
        return None
    left, right = _degree(node.left), _degree(node.right)
    if left is None or right is None:
        return None
    if node.sign == "/":
        return left if right == 0 else None
    if node.sign == "*":
        return left + right if left + right <= 1 else None
    return max(left, right)


def _factor(line: LineRule) -> Fraction:
    return line.fact.kind.unit.factor if isinstance(line.fact, Fact) else Fraction(1)
