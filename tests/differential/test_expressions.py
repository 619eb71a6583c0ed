"""Every engine gives what the oracle gives, cell by cell, where engines are known to part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaogong.language.expression import Expression
from tests.differential.engines import (
    Engine,
    Postgres,
    Spark,
    duckdb_with,
    postgres_server,
    spark_with,
)
from tests.differential.expressions import ALL, MONTHLY
from tests.differential.lowered import Columns, Values, columns, differences, oracle, shown
from tests.differential.region import EARLIER, PERIOD, Region, records, region
from tests.differential.trees import trees
from tests.differential.world import parsed, programme

TREES = 200


@dataclass(frozen=True)
class Question:
    """Some expressions about the region, and what the oracle says."""

    texts: tuple[str, ...]
    expressions: tuple[Expression, ...]
    wanted: Values
    period: str = PERIOD
    earlier: tuple[str, ...] = EARLIER

    def columns(self, *, optimistic: bool = False) -> Columns:
        return columns(
            programme(), self.expressions, optimistic=optimistic, period=self.period,
            earlier=self.earlier,
        )  # fmt: skip

    def assert_same(self, engine: Engine, *, optimistic: bool = False) -> None:
        asked = self.columns(optimistic=optimistic)
        (answer,) = engine.answers(asked.steps(), [asked.query()])
        got = asked.values(answer, len(self.expressions))
        found = differences(self.texts, got, self.wanted, frozenset(asked.refused))
        assert not found, "\n".join(f"{text}: {cases}" for text, cases in found.items())


@cache
def listed() -> Question:
    """Every function and every trap."""
    made = tuple(parsed(text) for text in ALL)
    return Question(tuple(ALL), made, oracle(made, records(region())))


@cache
def random() -> Question:
    """Trees nobody would write."""
    return of_trees(seed=1, count=TREES, region=region())


def of_trees(seed: int, count: int, region: Region) -> Question:
    made = tuple(trees(seed, count))
    named = tuple(f"{place} {shown(tree)}" for place, tree in enumerate(made))
    return Question(named, made, oracle(made, records(region)))


@cache
def monthly() -> Question:
    """What is asked in March."""
    made = tuple(parsed(text) for text in MONTHLY)
    wanted = oracle(made, records(region(), "2022-03"))
    registers = [region().rows[name] for name in ("enterprise_month", "enterprise_joint")]
    there = {r["subject_id"] for rows in registers for r in rows if r["period"] == "2022-03"}
    wanted = {subject: values for subject, values in wanted.items() if subject in there}
    return Question(tuple(MONTHLY), made, wanted, "2022-03", ("2022-02", "2022-01"))


QUESTIONS = pytest.mark.parametrize(
    "question", [listed, random, monthly], ids=["listed", "random", "monthly"]
)


@QUESTIONS
@pytest.mark.parametrize("threads", [pytest.param(1, marks=pytest.mark.thorough), 2])
def test_duckdb_gives_what_the_oracle_gives(question: type, threads: int) -> None:
    with duckdb_with(programme(), region(), threads) as engine:
        question().assert_same(engine)


@settings(max_examples=4)
@given(st.integers(0, 2**32))
def test_any_trees_over_any_firms_come_out_equal(seed: int) -> None:
    some = region(12, seed)
    with duckdb_with(programme(), some, calendar=False) as engine:
        of_trees(seed, 25, some).assert_same(engine)


def test_only_sums_of_quotients_are_refused() -> None:
    told = {ALL[n]: r.findings[0].id for n, r in listed().columns().refused.items()}
    assert told == {}


def test_few_random_trees_are_too_wide() -> None:
    assert len(random().columns().refused) < TREES / 3


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as engine:
        engine.load(programme(), region())
        yield engine


@pytest.mark.postgres
@QUESTIONS
def test_postgres_gives_what_the_oracle_gives(question: type, postgres: Postgres) -> None:
    question().assert_same(postgres)


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    with spark_with(programme(), region()) as engine:
        yield engine


@pytest.mark.spark
@QUESTIONS
def test_spark_gives_what_the_oracle_gives(question: type, spark: Spark) -> None:
    question().assert_same(spark)
