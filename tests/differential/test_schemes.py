"""Whole schemes: every engine grades as the hand does, whatever the plan, the threads and the order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import pytest

from tests.differential.engines import (
    DuckDB,
    Postgres,
    Spark,
    duckdb_with,
    postgres_server,
    spark_with,
)
from tests.differential.graded import Row, Wanted, plan_of, relations, results, shown
from tests.differential.grading import Grading
from tests.differential.region import Region
from tests.differential.town import firm_records, schemes, town, town_programme
from tests.thorough import stood_for, third

IDS = [str(s["id"]) for s in schemes()]
QUOTAS = [id for id in IDS if id.startswith("quota_")]
OTHERS = [id for id in IDS if id not in QUOTAS]
# Between them every figure, rule for missing, way to round, to treat equals, to move and to refill.
FEW = [
    "quota_00", "quota_10", "quota_23", "missing_mean_at_total", "missing_drop_zero", "inverse",
    "range", "figure_upper", "figure_town", "adjusted", "two_stage", "people", "towns",
]  # fmt: skip


@cache
def wanted(id: str) -> Wanted:
    rules = town_programme().schemes[id]
    states = {"not_collected": "not_collected"}
    left = {
        number: (leave.class_, states.get(leave.as_, "not_rated"))
        for number, leave in enumerate(rules.leaves, 1)
    }
    return Wanted(Grading(rules, firm_records(town())).grade(), left)


def refills(id: str) -> bool:
    rules = town_programme().schemes[id]
    return bool(rules.moves) and rules.vacated == "refill"


def assert_as_by_hand(
    engine: DuckDB | Postgres | Spark, id: str, *, optimistic: bool = True
) -> None:
    got = results(engine, plan_of(town_programme(), id, optimistic=optimistic))
    found = wanted(id).differences(got, moved_by=not refills(id))
    assert not found, shown(found)


@pytest.fixture(scope="module")
def duck() -> Iterator[DuckDB]:
    with duckdb_with(town_programme(), town(), calendar=False) as engine:
        yield engine


@pytest.mark.parametrize("id", stood_for(OTHERS, FEW))
def test_duckdb_grades_as_the_hand_does(id: str, duck: DuckDB) -> None:
    assert_as_by_hand(duck, id)


@pytest.mark.parametrize("id", third(QUOTAS[::2]))
def test_quotas_are_rounded_and_ties_cut_as_by_hand(id: str, duck: DuckDB) -> None:
    assert_as_by_hand(duck, id)


@pytest.mark.parametrize("id", third(FEW))
def test_the_safe_plan_grades_the_same(id: str, duck: DuckDB) -> None:
    assert_as_by_hand(duck, id, optimistic=False)


@pytest.mark.parametrize("id", FEW[::3])
def test_one_thread_and_rows_in_another_order_grade_the_same(id: str) -> None:
    with duckdb_with(town_programme(), shuffled(town(), 7), threads=1, calendar=False) as engine:
        assert_as_by_hand(engine, id)


def shuffled(region: Region, seed: int) -> Region:
    """Return the same rows in another order."""
    dice = random.Random(seed)  # noqa: S311  # not a secret
    return Region({name: dice.sample(rows, len(rows)) for name, rows in region.rows.items()})


@pytest.mark.parametrize("id", [*third(QUOTAS[1::3]), "two_stage", "places"])
def test_classes_of_a_list_add_up_to_those_ranked_in_it(id: str, duck: DuckDB) -> None:
    rows = results(duck, plan_of(town_programme(), id)).values()
    for pool in {row["pool"] for row in rows if row["state"] == "rated"}:
        ranked = [r for r in rows if r["pool"] == pool and r["state"] == "rated"]
        assert len(ranked) == ranked[0]["pool_size"]
        assert all(r["class_ranked"] for r in ranked)


@pytest.mark.parametrize("id", ["adjusted_free", "missing_mean", "inverse", "half_points"])
def test_parts_add_up_to_the_score(id: str, duck: DuckDB) -> None:
    for row in results(duck, plan_of(town_programme(), id)).values():
        if row["state"] != "rated":
            continue
        assert row["score"] == row["score_items"] + row["score_adjust"]
        parts = sum(v for k, v in row.items() if k.startswith("points__"))
        if all(line["round_at"] == "item" for line in [_scoring(id)]):
            assert row["score_items"] == parts
        assert row["score_adjust"] == sum(v for k, v in row.items() if k.startswith("adjust__"))


def _scoring(id: str) -> dict[str, str]:
    return next(s["scoring"] for s in schemes() if s["id"] == id)


def test_counts_of_classes_are_those_of_the_results(duck: DuckDB) -> None:
    plan = plan_of(town_programme(), "quota_05")
    rows, groups = relations(duck, plan, "scheme_result", "scheme_group")
    told = {(r["pool"], r["item"]): r["count"] for r in groups if r["item"] in "ABCD"}
    counted: dict[tuple[str, str], Fraction] = dict.fromkeys(told, Fraction(0))
    for row in rows:
        if row["state"] == "rated":
            counted[row["pool"], row["class_ranked"]] += 1
    assert told == counted


# -- the other engines ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as engine:
        engine.load(town_programme(), town())
        yield engine


@pytest.mark.postgres
@pytest.mark.parametrize("id", FEW)
def test_postgres_grades_as_the_hand_does(id: str, postgres: Postgres) -> None:
    assert_as_by_hand(postgres, id)


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    with spark_with(town_programme(), town(), keeps=True) as engine:
        yield engine


@pytest.mark.spark
@pytest.mark.parametrize("id", FEW[::2])
def test_spark_grades_as_the_hand_does(id: str, spark: Spark) -> None:
    assert_as_by_hand(spark, id)


@pytest.mark.thorough
def test_somebody_is_ranked_everywhere() -> None:
    for id in IDS:
        rows: list[Row] = [vars(r) for r in wanted(id).rows.values()]
        assert sum(r["is_rated"] for r in rows) > 20, id
