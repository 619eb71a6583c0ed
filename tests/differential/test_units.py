"""Members scored as one of their unit and alone: every engine holds the result the hand holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from kaogong.language.evaluate import Record
from kaogong.language.expression import Open
from kaogong.language.finding import has_errors
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme
from kaogong.programme.rules import MergeRule
from tests.differential.dice import Dice
from tests.differential.engines import DuckDB, Postgres, duckdb_with, postgres_server
from tests.differential.graded import Row, Wanted, plan_of, relations, shown
from tests.differential.grading import ALONE, Graded, Grading
from tests.differential.region import PERIOD, Region, Rows, record_of
from tests.differential.town import (
    INDICATORS,
    LINES,
    MOVES,
    RANK,
    REGISTERS,
    SCORING,
    scheme,
    town,
)

SITES = [f"S{n}" for n in range(14)]
ADDED = ("tax", "land", "output", "power", "honours")
UNITS = {"by": "宗地", "keep_apart": "保护", "also_alone": "true"}
COMBINES: tuple[Any, ...] = ("merged", "alone", "better", "worse", {"open": "未见"})
PART = {"takes_part": "用地 > 0亩 or 申请参评", "leaves": {
    "exempt": {"when": "免评", "as": "not_rated", "class": "T"},
}}  # fmt: skip
FIGURES = {
    **LINES,
    "tax": {**LINES["tax"], "benchmark": {"figure": "ratio_of_sums", "over": "group"}},
}


def _schemes() -> list[dict[str, Any]]:
    """Return every way to combine, under plain rules and under those that look across subjects."""
    made = []
    for combine in COMBINES:
        name = combine if isinstance(combine, str) else "open"
        units = {"merge": {**UNITS, "combine": combine}}
        made.append(scheme(f"plain_{name}", units=units, scoring={**SCORING, "missing": "0"}))
        made.append(
            scheme(
                f"across_{name}", units=units, scores=FIGURES, population=PART,
                scoring={**SCORING, "missing": "mean"}, moves=MOVES, vacated="leave",
                rank={**RANK, "ties": "by_key", "base": "taking_part"},
            )
        )  # fmt: skip
    all_rated = {"population": {"takes_part": "true"}}
    together = {"merge": {"by": "宗地", "keep_apart": "保护"}}
    made.append(scheme("united", units=together, **all_rated))
    made.append(scheme("single", **all_rated))
    for id, combine in (("all_merged", "merged"), ("all_alone", "alone")):
        made.append(scheme(id, units={"merge": {**UNITS, "combine": combine}}, **all_rated))
    return made


IDS = [str(s["id"]) for s in _schemes() if s["id"].startswith(("plain", "across"))]


@cache
def programme() -> Programme:
    header = "{kind: Programme, id: sites, title: 宗地, language: 1}\n"
    town_field = "  town: {title: 乡镇名, codes: towns}\n"
    registers = REGISTERS.replace(town_field, town_field + "  site: {title: 宗地}\n")
    files = {"programme.yaml": header, "registers.yaml": registers, "indicators.yaml": INDICATORS}
    files |= {f"{s['id']}.yaml": json.dumps(s, ensure_ascii=False) for s in _schemes()}
    made = load_programme(Bundle("sites", {name: text.encode() for name, text in files.items()}))
    assert not has_errors(made.findings), [f for f in made.findings if f.level == "error"]
    return made


@cache
def sites() -> Region:
    """Return the town with a site for most of its firms."""
    dice = Dice(5)
    firms = [{**row, "site": dice.one_of([*SITES, None])} for row in town().rows["enterprise"]]
    return Region({**town().rows, "enterprise": firms})


# -- by hand --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """The members of one unit, and the largest of them."""

    id: str
    members: tuple[str, ...]


def _years(subject: str) -> Rows:
    return [r for r in sites().rows["enterprise_year"] if r["subject_id"] == subject]


def _now(subject: str, field: str) -> Any:
    return next((r[field] for r in _years(subject) if r["period"] == PERIOD), None)


def _units() -> list[Unit]:
    found: dict[str, list[str]] = {}
    for row in sites().rows["enterprise"]:
        subject, site = row["subject_id"], row["site"]
        apart = site is None or _now(subject, "protected") is True
        found.setdefault(subject if apart else f"at {site}", []).append(subject)
    return [Unit(min(members, key=_size), tuple(sorted(members))) for members in found.values()]


def _size(subject: str) -> tuple[bool, Any, str]:
    land = _now(subject, "land")
    return land is None, 0 if land is None else -land, subject


def _record(unit: Unit) -> Record:
    """Return a unit as the oracle sees it: flows and stocks of all, the rest of the largest."""
    own = [r for r in sites().rows["enterprise"] if r["subject_id"] == unit.id]
    return record_of(programme(), {"enterprise": own, "enterprise_year": _added(unit)}, PERIOD)


def _added(unit: Unit) -> Rows:
    made = []
    for period in (PERIOD, "2021"):
        rows = {
            r["subject_id"]: r for m in unit.members for r in _years(m) if r["period"] == period
        }
        whole = dict(rows.get(unit.id, {"subject_id": unit.id, "period": period}))
        for field in ADDED:
            cells = [rows[m][field] if m in rows else None for m in unit.members]
            whole[field] = None if None in cells else sum(cells)
        made.append(whole)
    return made


@dataclass(frozen=True)
class Told:
    """What the hand says of one member."""

    row: Graded
    unit: str | None
    merged_into: str | None
    scored_as: str | None
    scores: tuple[Fraction | None, Fraction | None]


@cache
def by_hand(id: str) -> Mapping[str, Told]:
    rules = programme().schemes[id]
    assert isinstance(rules.merge, MergeRule)
    several = [u for u in _units() if len(u.members) > 1]
    records = {u.id: _record(u) for u in _units()}
    records |= {m + ALONE: _record(Unit(m, (m,))) for u in several for m in u.members}
    grading = Grading(rules, records)
    scored = {row.subject: row for row in grading.scored()}
    placed, told = [], {}
    for unit in _units():
        made = _held(unit, scored, rules.merge.combine)
        placed += list({r.row.subject: r.row for r in made.values()}.values())
        told |= made
    grading.place(placed)
    return told


def _held(unit: Unit, scored: Mapping[str, Graded], combine: str | Open) -> dict[str, Told]:
    whole = scored.get(unit.id)
    if len(unit.members) == 1:
        return {} if whole is None else {unit.id: Told(whole, None, None, None, (None, None))}
    chosen = {m: _chosen(whole, scored.get(m + ALONE), combine) for m in unit.members}
    sharing = [m for m in unit.members if chosen[m] == "merged"]
    key = unit.id if unit.id in sharing else min(sharing, default="")
    shared = None if whole is None else replace(whole, subject=key)
    made: dict[str, Told] = {}
    for member in unit.members:
        alone, name = scored.get(member + ALONE), chosen[member]
        scores = tuple(None if r is None else r.score for r in (whole, alone))
        row = shared if name == "merged" else None
        if name != "merged" and alone is not None:
            row = replace(alone, subject=member, score=alone.score if name else None)
        if row is not None:
            into = key if name == "merged" and key != member else None
            made[member] = Told(row, unit.id, into, name or None, scores)  # type: ignore[arg-type]
    return made


def _chosen(merged: Graded | None, alone: Graded | None, combine: str | Open) -> str:
    """Return which result holds: merged, alone, or empty where nobody can know."""
    if merged is None or alone is None:
        return "merged" if alone is None else "alone"
    if alone.leave > 0 or merged.leave > 0:
        return "merged" if alone.leave > 0 else "alone"
    if isinstance(combine, Open):
        return ""
    if combine in ("merged", "alone"):
        return combine
    if merged.score is None or alone.score is None:
        return "merged" if merged.score is None else "alone"
    is_alone = alone.score > merged.score if combine == "better" else alone.score < merged.score
    return "alone" if is_alone else "merged"


# -- by engines -----------------------------------------------------------------------------


def assert_as_by_hand(engine: DuckDB | Postgres, id: str, *, optimistic: bool = True) -> None:
    told = by_hand(id)
    plan = plan_of(programme(), id, optimistic=optimistic)
    result, parts = relations(engine, plan, "scheme_result", "scheme_part")
    part = {(r["subject"], r["scored_as"]): r for r in parts}
    got: dict[str, Row] = {}
    for row in result:
        key = row["unit"] if row["scored_as"] == "merged" else row["subject"]
        got[row["subject"]] = {**part.get((key, row["scored_as"]), {}), **row}
    found = Wanted({s: t.row for s, t in told.items()}, {1: ("T", "not_rated")}).differences(got)
    assert not found, shown(found)
    for subject, row in got.items():
        hand = told[subject]
        own = (row["unit"], row["merged_into"], row["scored_as"])
        assert own == (hand.unit, hand.merged_into, hand.scored_as), subject
        assert (row["score_merged"], row["score_alone"]) == hand.scores, subject


@pytest.fixture(scope="module")
def duck() -> Iterator[DuckDB]:
    with duckdb_with(programme(), sites(), calendar=False) as engine:
        yield engine


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as engine:
        engine.load(programme(), sites())
        yield engine


@pytest.mark.parametrize("id", IDS)
def test_duckdb_holds_the_result_the_hand_holds(id: str, duck: DuckDB) -> None:
    assert_as_by_hand(duck, id)


@pytest.mark.parametrize("id", ["across_better", "across_open"])
def test_the_safe_plan_holds_the_same(id: str, duck: DuckDB) -> None:
    assert_as_by_hand(duck, id, optimistic=False)


@pytest.mark.postgres
@pytest.mark.parametrize("id", ["plain_worse", "across_better", "across_open"])
def test_postgres_holds_the_result_the_hand_holds(id: str, postgres: Postgres) -> None:
    assert_as_by_hand(postgres, id)


@pytest.mark.parametrize(("twice", "once"), [("all_merged", "united"), ("all_alone", "single")])
def test_one_result_for_all_is_that_of_a_scheme_scored_once(
    twice: str, once: str, duck: DuckDB
) -> None:
    # Nobody leaves and benchmarks are fixed, so that neither result looks at the other.
    both = [relations(duck, plan_of(programme(), id), "scheme_result")[0] for id in (twice, once)]
    kept = ("subject", "state", "score", "rank", "pool_size", "quota_base", "class")
    first, second = ([[row[c] for c in kept] for row in rows] for rows in both)
    assert sorted(map(str, first)) == sorted(map(str, second))


def test_some_hold_either_result() -> None:
    held = [t.scored_as for t in by_hand("across_better").values()]
    assert held.count("merged") > 5
    assert held.count("alone") > 5
    states = [t.row.is_rated for t in by_hand("across_open").values() if t.unit and not t.scored_as]
    assert states
    assert not any(states)
