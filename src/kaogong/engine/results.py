"""What is odd in results: groups too small to speak of, classes that stay empty, bounds broken."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import duckdb

from kaogong.engine.render import quoted
from kaogong.language.expression import Open
from kaogong.language.finding import Finding, finding
from kaogong.language.interval import Interval
from kaogong.plan.scheme.ranking import is_ranked
from kaogong.programme.rules import FigureRule, GroupRule, RankRule, SchemeRules


def check_results(connection: duckdb.DuckDBPyConnection, rules: list[SchemeRules]) -> list[Finding]:
    """Return warnings and notes about the results of each scheme."""
    return [f for scheme in rules for f in _scheme(connection, scheme)]


def _scheme(connection: duckdb.DuckDBPyConnection, scheme: SchemeRules) -> Iterator[Finding]:
    table = quoted(f"{scheme.id}__counted")
    counted = connection.execute(
        f"SELECT kg_group, kg_pool, kg_class_placed, CAST(sum(kg_count) AS BIGINT) FROM {table} "
        "WHERE kg_is_rated GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for group in scheme.groups:
        yield from _bases(connection, scheme, group)
        mine = [row for row in counted if row[0] == group.id]
        yield from _small(group, sum(row[3] for row in mine))
        for pool in sorted({row[1] for row in mine}):
            yield from _classes(group, pool, {r[2]: r[3] for r in mine if r[1] == pool})


def _bases(
    connection: duckdb.DuckDBPyConnection, scheme: SchemeRules, group: GroupRule
) -> Iterator[Finding]:
    """Tell which benchmarks give nobody points: zero, below or unknown (KG617)."""
    for line in group.lines:
        rule = line.benchmark
        if not isinstance(rule, FigureRule):
            continue
        over = "figures" if rule.over == "group" else f"figures_{rule.over}"
        table = quoted(f"{scheme.id}__{group.id}__{over}")
        figure = quoted(f"benchmark__{line.id}")
        row = connection.execute(
            f"SELECT count(*) FROM {table} WHERE coalesce({figure}, 0) <= 0"
        ).fetchone()
        if row and row[0]:
            yield finding("KG617", line.span, item=line.id, group=group.id)


def _small(group: GroupRule, rated: int) -> Iterator[Finding]:
    if rated < 2 and isinstance(group.rank, RankRule) and is_ranked(group):
        why = "nobody" if not rated else "one subject is its own benchmark"
        yield finding("KG615", group.span, group=group.id, n=rated, why=why)


def _classes(group: GroupRule, pool: str, counts: dict[int | None, int]) -> Iterator[Finding]:
    total = sum(counts.values())
    if None in counts:
        return
    for number, name in enumerate(group.class_order(), 1):
        count = counts.get(number, 0)
        cut = next(c for c in group.classes if c.id == name)
        if not count and not isinstance(cut.take, Open):
            yield finding("KG616", cut.span, pool=pool, **{"class": name})
        if isinstance(cut.bound, Interval) and not cut.bound.contains(Fraction(count, total)):
            shown = f"{100 * count / total:.2f}%"
            yield finding("KG614", cut.span, share=shown, bound=cut.bound.text, **{"class": name})
