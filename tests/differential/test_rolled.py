"""What the engines add up for parks from firms, and for units from members, beside sums by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kaogong.language.check import check
from kaogong.language.evaluate import Record, Unknown, Value
from kaogong.language.span import Span, Text
from kaogong.plan.merging import Merge
from tests.differential.engines import DuckDB, Postgres, duckdb_with, postgres_server
from tests.differential.expressions import ALL
from tests.differential.lowered import columns, differences, oracle
from tests.differential.region import Region, records, region
from tests.differential.world import programme

ASKED = ("单位面积税收", "prior(单位面积税收)", "单位面积税收 >= 1元/平方米")


def by_hand(of: Region, period: str) -> dict[str, Fraction | None]:
    """Return tax over area of each park: unknown where a firm's is, rounded to two decimals."""
    firms = {row["subject_id"]: row["park"] for row in of.rows["enterprise"]}
    made: dict[str, Fraction | None] = {}
    for park in (row["subject_id"] for row in of.rows["park"]):
        rows = [
            row
            for row in of.rows["enterprise_year"]
            if row["period"] == period and firms[row["subject_id"]] == park
        ]
        made[park] = _ratio(rows)
    return made


def _ratio(rows: list[dict[str, Any]]) -> Fraction | None:
    if not rows or any(row[name] is None for row in rows for name in ("tax", "area")):
        return None
    tax, area = (sum((Fraction(row[n]) for row in rows), Fraction(0)) for n in ("tax", "area"))
    if area <= 0:
        return None
    cents = abs(tax / area) * 100
    whole = int(cents + Fraction(1, 2))
    return Fraction(whole if tax >= 0 else -whole, 100)


def few(of: Region, first: int, count: int) -> Region:
    """Return the region with a few of its firms, so that some parks are known whole."""
    kept = {row["subject_id"] for row in of.rows["enterprise"][first : first + count]}
    rows = {
        name: [r for r in rows if name.startswith("park") or r["subject_id"] in kept]
        for name, rows in of.rows.items()
    }
    return Region(rows)


LINKS = {  # where a register says in which park
    "enterprise": "park", "enterprise_year": "year_park", "incident": "site",
    "park": "subject_id", "park_year": "subject_id",
}  # fmt: skip


def side_by_side(of: Region, spans: list[tuple[int, int]]) -> Region:
    """Return the firms of several spans in parks of their own, so that one question asks for all."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in of.rows}
    for first, count in spans:
        for name, own in few(of, first, count).rows.items():
            key = LINKS.get(name, "subject_id")
            own_park = [{**r, key: r[key] and f"{r[key]}-{first}"} for r in own]
            rows[name] += own_park if name in LINKS else own
    return Region(rows)


def assert_added_up(engine: DuckDB | Postgres, of: Region) -> None:
    scope = programme().book.scope("park")
    expressions = [check(Text(text, Span("suite", 1, 1)), scope) for text in ASKED]
    asked = columns(programme(), expressions, "park")
    (answer,) = engine.answers(asked.steps(), [asked.query()])
    got = asked.values(answer, len(ASKED))
    now, before = by_hand(of, "2022"), by_hand(of, "2021")
    assert got == {
        park: [now[park], before[park], None if now[park] is None else now[park] >= 1]  # type: ignore[operator]
        for park in now
    }


SOME = [(first, 3) for first in range(10, 120, 12)]


@pytest.mark.parametrize("spans", [SOME, SOME[:1], [(0, 120)]])
def test_duckdb_adds_firms_up_to_parks(spans: list[tuple[int, int]]) -> None:
    some = side_by_side(region(), spans)
    with duckdb_with(programme(), some) as engine:
        assert_added_up(engine, some)


# -- units: the records of all members at once, the flows and stocks of all added up -----------

OVER_RECORDS = [text for text in ALL if "事故" in text]
ADDED = ("tax", "revenue", "revenue_base", "rd", "area", "staff", "huge")


def unit_records(of: Region) -> dict[str, Record]:
    """Return the firms of each park as one, known by its first; a firm of no park is alone."""
    singles = records(of)
    return {
        own[0]: replace(
            singles[own[0]],
            cells={**singles[own[0]].cells, **_sums([singles[m] for m in own])},
            children={"incident": [r for m in own for r in singles[m].children["incident"]]},
        )
        for own in _members(of)
    }


def _members(of: Region) -> list[list[str]]:
    """Return the firms of each unit, the one it is known by first."""
    members: dict[str, list[str]] = {}
    for row in sorted(of.rows["enterprise"], key=lambda row: str(row["subject_id"])):
        members.setdefault(row["park"] or row["subject_id"], []).append(row["subject_id"])
    return list(members.values())


def _sums(of: list[Record]) -> dict[tuple[str, str | None], Value]:
    """Return the flows and stocks of all, unknown where one is."""
    keys = {key for record in of for key in record.cells if key[0] in ADDED}
    made: dict[tuple[str, str | None], Value] = {}
    for key in keys:
        cells = [record.cells.get(key) for record in of]
        numbers = [cell for cell in cells if isinstance(cell, Fraction)]
        is_known = len(numbers) == len(cells)
        made[key] = sum(numbers, Fraction(0)) if is_known else Unknown("not_reported")
    return made


def assert_units(engine: DuckDB | Postgres, of: Region) -> None:
    scope = programme().book.scope("enterprise")
    expressions = [check(Text(text, Span("suite", 1, 1)), scope) for text in OVER_RECORDS]
    asked = columns(programme(), expressions)
    by = asked.table.lowerer.node(check(Text("所在园区", Span("suite", 1, 1)), scope))
    asked.table.merge = Merge(by, None, None)
    (answer,) = engine.answers(asked.steps(), [asked.query()])
    got = asked.values(answer, len(expressions))
    found = differences(OVER_RECORDS, got, oracle(expressions, unit_records(of)))
    assert not found, found


@pytest.mark.parametrize("spans", [SOME, SOME[:1]])
def test_duckdb_counts_the_records_of_all_members_once(spans: list[tuple[int, int]]) -> None:
    some = side_by_side(region(), spans)
    with duckdb_with(programme(), some) as engine:
        assert_units(engine, some)


def test_some_value_of_two_members_is_counted_once() -> None:
    scope = programme().book.scope("enterprise")
    places = check(Text("distinct_of(事故, 属地)", Span("suite", 1, 1)), scope)
    shared = 0
    for of in (few(region(), *some) for some in SOME):
        single, whole = (oracle([places], r) for r in (records(of), unit_records(of)))
        for own in _members(of):
            (count,), counts = whole[own[0]], [single[m][0] for m in own]
            known = [c for c in (count, *counts) if isinstance(c, Fraction)]
            shared += len(known) == len(own) + 1 and known[0] < sum(known[1:])
    assert shared


def test_some_park_is_known_and_some_is_not() -> None:
    values = [v for some in SOME for v in by_hand(few(region(), *some), "2022").values()]
    assert None in values
    assert len({v for v in values if v is not None}) > 2


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as engine:
        engine.load(programme(), region())
        yield engine


@pytest.mark.postgres
def test_postgres_adds_firms_up_to_parks(postgres: Postgres) -> None:
    assert_added_up(postgres, region())
