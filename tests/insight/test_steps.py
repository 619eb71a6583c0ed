from __future__ import annotations

from decimal import Decimal

import pytest

from kaogong.insight.explain import explain
from kaogong.insight.opened import OpenedRun
from kaogong.insight.steps import COLUMNS, HEAD, create_step_view

SCHEMES = ("graded", "refilled", "dropped", "two_stage", "united", "twice")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_points_of_every_row_add_up_to_its_score(county: OpenedRun, scheme: str) -> None:
    with county.connected() as connection:
        create_step_view(connection, county, scheme)
        described = connection.execute("DESCRIBE step").fetchall()
        found = connection.execute(
            "SELECT r.subject, r.score, s.points FROM read_parquet(?) AS r LEFT JOIN ("
            "SELECT subject, sum(points) AS points FROM step "
            "WHERE part IN ('item', 'adjust', 'total') GROUP BY 1) AS s USING (subject)",
            [[str(p) for p in county.files("scheme_result", scheme)]],
        ).fetchall()
    assert [row[0] for row in described] == [*HEAD, *COLUMNS]
    scored = [row for row in found if row[1] is not None]
    assert len(scored) > 40
    assert [row for row in scored if row[1] != row[2]] == []


def test_areas_add_up_too(areas: OpenedRun) -> None:
    with areas.connected() as connection:
        create_step_view(connection, areas, "huangyan_2021")
        sums = connection.execute(
            "SELECT subject, sum(points) FILTER (part IN ('item', 'adjust', 'total')), "
            "max(value) FILTER (item = 'score') FROM step GROUP BY 1"
        ).fetchall()
    assert len(sums) == 10
    assert all(points == score for _, points, score in sums)


@pytest.mark.parametrize("scheme", ["graded", "each_list"])
@pytest.mark.parametrize("subject", ["F001", "F004", "F005", "F049"])
def test_bulk_and_explanation_tell_the_same(county: OpenedRun, subject: str, scheme: str) -> None:
    shared = ("item", "adjust", "rank", "class")
    told = [
        s for s in explain(county, scheme, subject).steps
        if s.part in shared and not s.item.startswith("quota.")
    ]  # fmt: skip
    with county.connected() as connection:
        create_step_view(connection, county, scheme)
        rows = connection.execute(
            "SELECT part, item, value, unit, bound, weight, points, article, evidence FROM step "
            "WHERE subject = ? AND part IN ('item', 'adjust', 'rank', 'class') ORDER BY seq",
            [subject],
        ).fetchall()
    expected = [
        (s.part, s.item, s.value, s.unit, _text(s.bound), s.weight, s.points, s.article, s.evidence)
        for s in told
    ]
    assert rows == expected


def _text(bound: Decimal | str | None) -> str | None:
    return f"{bound:f}" if isinstance(bound, Decimal) else bound
