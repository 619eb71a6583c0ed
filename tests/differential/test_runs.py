"""Runs of years over predecessors and trial years: the engines against the oracle, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaogong.data.succession import ALWAYS, successions
from kaogong.language.check import check
from kaogong.language.evaluate import Record, Unknown
from kaogong.language.expression import Expression
from kaogong.language.finding import has_errors
from kaogong.language.period import Period, read_period
from kaogong.language.span import Span, Text
from kaogong.language.subject import Past
from kaogong.plan.frame import Frame, Instant
from kaogong.plan.source import PREDECESSOR, SUCCESSOR, UNTIL, Tables
from kaogong.plan.subjects import SubjectTable
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme
from tests.differential.dice import Dice
from tests.differential.engines import DuckDB, Engine, load, postgres_server, spark_with
from tests.differential.lowered import Columns, differences, oracle
from tests.differential.region import AS_OF, CALENDAR, Region, record_of

NOW, EARLIER = "2023", ("2022", "2021", "2020", "2019", "2018")
YEARS = tuple(reversed((NOW, *EARLIER)))
HEAD = "source: {evidence: example}, effective_from: 2018-01-01"
FILES = {
    "programme.yaml": "{kind: Programme, id: runs, title: 连续, language: 1}",
    "registers.yaml": f"""\
{{kind: Register, id: enterprise, title: 企业, {HEAD}, key: [subject_id], kept: live, visible_to: true, succeeds: predecessor,
  fields: {{subject_id: {{title: 主体编号, required: true}}, predecessor: {{title: 承继主体, link: enterprise}}}}}}
---
{{kind: Register, id: enterprise_year, title: 企业年度, {HEAD}, of: enterprise, period: year, key: [subject_id, period], kept: delivered, visible_to: true,
  fields: {{tax: {{title: 税收, unit: 元, scale: 0, nature: flow, range: "[-100, 100]"}}, above: {{title: 规上, type: yes_no}}, land: {{title: 面积, unit: 平方米, scale: 0, nature: stock, range: "[0, 100]"}}}}}}
---
{{kind: Register, id: incident, title: 事故, {HEAD}, of: enterprise, key: [subject_id, incident_no], dated_by: happened_on, kept: delivered, visible_to: true,
  fields: {{incident_no: {{title: 编号, required: true}}, happened_on: {{title: 发生日期, type: date}}}}}}
""",
    "indicators.yaml": f"""\
{{kind: Indicator, id: tax_per_land, title: 地均税收, {HEAD}, of: enterprise, period: year, value: 税收 / 面积, unit: 元/平方米, scale: 1, nature: ratio, better: high, on_zero: missing}}
---
{{kind: Indicator, id: years_above, title: 规上年数, {HEAD}, of: enterprise, period: year, value: streak(规上), unit: 年, scale: 0, nature: level, better: high}}
""",
    "scheme.yaml": f"""\
kind: Scheme
id: formal
title: 评价
{HEAD.replace(", ", chr(10))}
of: enterprise
period: year
unknown: hold
population: {{takes_part: true}}
publishes: {{class: 等级}}
scoring: {{points: weight * x / benchmark, scale: 4, round_at: item, cap: none, floor: none, missing: hold, zero: none}}
groups: {{all: {{title: 全部, when: true, scores: {{tax_per_land: {{indicator: 地均税收, weight: 100, benchmark: 10元/平方米}}}}}}}}
total: {{floor: none}}
rank: {{within: [], by: [total desc], base: rated, rounding: half_up, rounding_of: class, ties: together_up}}
classes: {{A: {{take: "[0, 50%]"}}, D: {{take: "(50%, 100%]"}}}}
""",
}
OF_FACTS = (
    "streak(规上)", "streak(not 规上)", "streak(税收 > 0元)", "streak(地均税收 >= 1元/平方米)",
    "streak(known(税收))", "first_time(规上)", "first_time(税收 > 0元)", "first_time(known(税收))",
    "streak(规上) >= 2", "prior(streak(规上))", "prior(first_time(规上))", "规上年数",
    "prior(规上年数)", "streak(规上年数 >= 2年)", "streak(streak(规上) >= 2)",
    "streak(first_time(规上))", "streak(税收 > prior(税收))", "at(streak(规上), '2020')",
    "streak(规上 and count_of(事故, 发生日期 between period_start and period_end) = 0)",
    "first_time(any_of(事故, 发生日期 <= period_end) and 规上)",
)  # fmt: skip
OF_RESULTS = (
    "streak(等级 = 'D')", "streak(等级 in ('A', 'B'))", "first_time(等级 = 'D')", "prior(等级)",
    "streak(not 等级 = 'D')", "prior(streak(等级 = 'D'))", "streak(known(等级))",
)  # fmt: skip


@cache
def programme() -> Programme:
    made = load_programme(Bundle("runs", {name: text.encode() for name, text in FILES.items()}))
    assert not has_errors(made.findings), list(made.findings)
    return made


def parsed(texts: Sequence[str]) -> list[Expression]:
    scope = programme().book.scope("enterprise")
    return [check(Text(text, Span("suite", 1, 1)), scope) for text in texts]


# -- the town -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Town:
    """Firms with their years, results and predecessors."""

    region: Region
    results: list[dict[str, Any]]  # subject, period, class, trial
    links: dict[str, str]


def town(seed: int, count: int = 60) -> Town:
    """Return firms of which half go on in a later one; each with a span of years of its own."""
    dice = Dice(seed)
    names = [f"E{n:03d}" for n in range(count)]
    rows: dict[str, list[dict[str, Any]]] = {r: [] for r in programme().book.registers()}
    results: list[dict[str, Any]] = []
    links: dict[str, str] = {}
    for place, subject in enumerate(names):
        if place and dice.whole(0, 1):
            links[subject] = names[dice.whole(max(place - 4, 0), place - 1)]
        rows["enterprise"].append({"subject_id": subject, "predecessor": links.get(subject)})
        first, last = sorted((dice.whole(0, len(YEARS) - 1), dice.whole(0, len(YEARS) - 1)))
        for year in YEARS[first : last + 1]:
            if dice.whole(0, 9):
                rows["enterprise_year"].append(_year(dice, subject, year))
            if dice.whole(0, 5):
                results.append(_result(dice, subject, year))
        for number in range(dice.whole(0, 2)):
            day = date(dice.whole(2017, 2023), dice.whole(1, 12), 1)
            rows["incident"].append(
                {"subject_id": subject, "incident_no": f"{number}", "happened_on": day}
            )
    return Town(Region(rows), results, links)


def _year(dice: Dice, subject: str, year: str) -> dict[str, Any]:
    return {
        "subject_id": subject, "period": year, "tax": dice.one_of((1, 1, 5, 0, -1, None)),
        "above": dice.one_of((True, True, True, False, None)), "land": dice.one_of((1, 2, None)),
    }  # fmt: skip


def _result(dice: Dice, subject: str, year: str) -> dict[str, Any]:
    trial = dice.whole(0, 4) == 0
    shown = None if trial else dice.one_of(("D", "D", "D", "A", None))
    return {"subject": subject, "period": year, "class": shown, "trial": trial}


@dataclass(frozen=True, slots=True, eq=False)
class Firm(Record):
    """A firm whose periods are those of the rows given, not of every cell."""

    own: tuple[tuple[Period, bool], ...] = ()

    def history(self) -> Sequence[Past]:
        """Return the firm's own periods, and its predecessors'."""
        mine = [Past(period, None, trial) for period, trial in self.own]
        return mine + [past for each in self.predecessors for past in each.as_past()]


def firms(of: Town, *, by_results: bool) -> dict[str, Record]:
    """Return the firms of this year as the oracle sees them; periods by facts or by results."""
    made: dict[str, Record] = {}
    for row in of.region.rows["enterprise"]:
        subject = row["subject_id"]
        mine = [r for r in of.region.rows["enterprise_year"] if r["subject_id"] == subject]
        results = [r for r in of.results if r["subject"] == subject]
        record = record_of(programme(), {"enterprise": [row], "enterprise_year": mine}, NOW)
        told = {("class", r["period"]): r["class"] or Unknown("not_reported") for r in results}
        own = [(r["period"], r["trial"]) for r in results] if by_results else []
        own += [] if by_results else [(r["period"], False) for r in mine]
        made[subject] = Firm(
            AS_OF, CALENDAR, record.period, {**record.cells, **told},
            {"incident": [_incident(r) for r in of.region.rows["incident"] if r["subject_id"] == subject]},
            predecessors=[made[of.links[subject]]] if subject in of.links else [],
            own=tuple((read_period(text), trial) for text, trial in own),
        )  # fmt: skip
    there = {r["subject_id"] for r in of.region.rows["enterprise_year"] if r["period"] == NOW}
    there = {r["subject"] for r in of.results if r["period"] == NOW} if by_results else there
    return {subject: record for subject, record in made.items() if subject in there}


def _incident(row: Mapping[str, Any]) -> Record:
    return record_of(programme(), {"incident": [dict(row)]}, None)


# -- the engines ----------------------------------------------------------------------------


def lineage_rows(of: Town) -> list[tuple[str, str, date | None]]:
    known = successions(of.links, (), AS_OF).known
    return [(s.successor, s.predecessor, None if s.until == ALWAYS else s.until) for s in known]


BESIDE = {
    "lineage_enterprise": {SUCCESSOR: "VARCHAR", PREDECESSOR: "VARCHAR", UNTIL: "DATE"},
    "published_formal": {
        "subject": "VARCHAR", "period": "VARCHAR", "class": "VARCHAR", "trial": "BOOLEAN",
    },
}  # fmt: skip


def fill(connection: Any, of: Town, text: str = "VARCHAR", mark: str = "?") -> None:
    """Make the predecessors and the results tables of a connection, beside the registers."""
    rows = {"lineage_enterprise": lineage_rows(of)}
    rows["published_formal"] = [tuple(result.values()) for result in of.results]
    for table, columns in BESIDE.items():
        made = ", ".join(f"{n} {k.replace('VARCHAR', text)}" for n, k in columns.items())
        connection.execute(f"CREATE TABLE {table} ({made})")
        cells = ", ".join(f"CAST({mark} AS {k})" for k in columns.values())
        for row in rows[table]:
            connection.execute(f"INSERT INTO {table} VALUES ({cells})", row)


def lowered(expressions: Sequence[Expression]) -> Columns:
    instant = Instant(read_period(NOW), AS_OF, EARLIER, frozenset({"enterprise"}))
    frame = Frame(instant, "enterprise")
    made = Columns(SubjectTable("suite", frame, Tables(programme().book.registers())))
    for number, expression in enumerate(expressions):
        made.add(number, expression)
    return made


def assert_same(engine: Engine, of: Town, texts: Sequence[str]) -> None:
    """Assert that an engine says what the oracle says."""
    expressions = parsed(texts)
    asked = lowered(expressions)
    assert not asked.refused, asked.refused
    (answer,) = engine.answers(asked.steps(), [asked.query()])
    wanted = oracle(expressions, firms(of, by_results=texts is OF_RESULTS))
    found = differences(texts, asked.values(answer, len(texts)), wanted)
    assert not found, "\n".join(f"{text}: {cases}" for text, cases in found.items())


@pytest.mark.parametrize("texts", [OF_FACTS, OF_RESULTS], ids=["facts", "results"])
@settings(max_examples=3)
@given(st.integers(0, 2**32))
def test_runs_go_on_in_predecessors_as_the_oracle_says(texts: Sequence[str], seed: int) -> None:
    of = town(seed)
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        load(connection, programme(), of.region)
        fill(connection, of)
        assert_same(DuckDB(connection), of, texts)


@pytest.mark.postgres
def test_postgres_follows_predecessors() -> None:
    of = town(1)
    with postgres_server() as engine:
        engine.load(programme(), of.region)
        fill(engine.connection, of, 'text COLLATE "C"', "%s")
        engine.connection.commit()
        for texts in (OF_FACTS, OF_RESULTS):
            assert_same(engine, of, texts)


@pytest.mark.spark
def test_spark_follows_predecessors() -> None:
    of = town(1)
    with spark_with(programme(), of.region, keeps=True) as engine:
        fill(engine.runner.connection, of)
        for texts in (OF_FACTS, OF_RESULTS):
            assert_same(engine, of, texts)
