"""A run on either engine: the same findings, rows and digests, from files to files."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from kaogong.engine import duck
from kaogong.engine.run import Order, Report, WrongOrder, run
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme

REGISTERS = """\
{kind: Programme, id: town, title: 城, language: 1}
---
kind: Register
id: firm
title: 企业
source: {evidence: example}
effective_from: 2018-01-01
key: [subject_id]
kept: live
visible_to: true
fields:
  subject_id: {title: 主体编号, required: true}
  joined_on: {title: 入库日期, type: date}
---
kind: Register
id: firm_year
title: 企业年度
source: {evidence: example}
effective_from: 2018-01-01
of: firm
period: year
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  tax: {title: 税收, unit: 万元, scale: 2, nature: flow}
  land: {title: 用地, unit: 亩, scale: 2, nature: stock}
  late: {title: 迟报, type: yes_no}
---
kind: Indicator
id: tax_per_mu
title: 亩均税收
source: {evidence: example}
effective_from: 2018-01-01
of: firm
period: year
value: 税收 / 用地
unit: 万元/亩
scale: 4
nature: ratio
better: high
on_zero: missing
"""
SCHEME = """\
kind: Scheme
id: graded
title: 评价
source: {evidence: example}
effective_from: 2018-01-01
of: firm
period: year
unknown: hold
population: {takes_part: true}
scoring:
  {points: weight * x / benchmark, scale: 2, round_at: item, cap: none, floor: none, missing: mean,
   zero: none}
groups: {all: {title: 全部, when: true}}
scores:
  tax: {indicator: 亩均税收, weight: 100, benchmark: {figure: ratio_of_sums, over: group}}
adjust:
  run: {points: streak(迟报) * -1}
  soon: {when: "working_days_between(入库日期, period_end) < 5", points: 1}
total: {floor: none}
rank:
  {within: [], by: [total desc], base: rated, rounding: half_up, rounding_of: boundary,
   ties: by_key}
classes: {A: {take: "[0, 50%]"}, B: {take: "(50%, 100%]"}}
"""
FIRMS = """\
subject_id,joined_on
甲,2022-12-26
乙,2022-12-23
丙,
丁,2020-01-01
戊,2022-12-31
"""
YEARS = """\
subject_id,period,tax,land,late
丁,2022,30.00,3.00,是
甲,2022,100.00,10.00,是
乙,2022,33.33,7.00,否
丙,2022,,5.00,是
戊,2022,8.00,0.00,是
甲,2021,1.00,10.00,是
丁,2021,1.00,10.00,是
戊,2021,1.00,1.00,否
甲,2019,1.00,10.00,是
"""


def programme(scheme: str = SCHEME) -> Programme:
    files = {"programme.yaml": f"{REGISTERS}---\n{scheme}".encode()}
    return load_programme(Bundle("town", files))


def graded(tmp_path: Path, name: str, made: Programme | None = None, **order: object) -> Report:
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    (data / "firm.csv").write_text(FIRMS, "utf-8")
    (data / "firm_year.csv").write_text(YEARS, "utf-8")
    return run(made or programme(), Order(data, "2022", tmp_path / name, **order))  # type: ignore[arg-type]


def rows(report: Report) -> dict[str, tuple[object, ...]]:
    assert report.out is not None, [f.sentence("en") for f in report.findings]
    path = report.out / "scheme_result" / "graded.parquet"
    found = duckdb.execute(
        "SELECT subject, state, score_adjust, class FROM read_parquet(?)", [str(path)]
    ).fetchall()
    return {row[0]: row[1:] for row in found}


def test_runs_of_years_and_working_days_come_out_as_counted(tmp_path: Path) -> None:
    made = rows(graded(tmp_path, "run"))
    assert made["乙"][:2] == ("rated", 0)  # never late; five working days since a Friday
    assert made["丁"][:2] == ("rated", -2)  # late in 2021 and 2022, no earlier year
    assert made["甲"][0] == "held"  # late in 2019, 2021, 2022; nobody knows of 2020
    assert made["丙"][0] == "held"  # nobody knows when it joined
    assert made["戊"][:2] == ("rated", 0)  # late once; joined on a Saturday, no working day left


@pytest.mark.spark
def test_spark_gives_the_same_run(tmp_path: Path) -> None:
    here = graded(tmp_path, "here", csv=True)
    there = graded(tmp_path, "there", csv=True, engine="spark", threads=2)
    assert rows(there) == rows(here)
    assert there.findings == here.findings
    assert here.out is not None
    assert there.out is not None
    one, other = (
        json.loads((out / "manifest.json").read_text("utf-8")) for out in (here.out, there.out)
    )
    for made in (one, other):
        for relation in made["relations"]:
            for file in ("sha256", "files"):
                relation.pop(file, None)
    assert one == other
    for path in here.out.rglob("*.csv"):
        assert (there.out / path.relative_to(here.out)).read_bytes() == path.read_bytes()


def test_an_engine_nobody_knows_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongOrder, match="duckdb and spark"):
        graded(tmp_path, "run", engine="oracle")


def test_a_number_too_large_is_a_finding(tmp_path: Path) -> None:
    """Whatever the plan: the value does not fit what the field may hold."""
    wide = SCHEME.replace("weight * x / benchmark", "weight * x * 100000000000 * x")
    report = graded(tmp_path, "run", programme(wide))
    assert report.out is None
    assert [f.id for f in report.findings if f.level == "error"] in (["KG725"], ["KG412"])


def test_the_plan_that_overflows_is_taken_again_safely(tmp_path: Path) -> None:
    """A tax that an optimistic plan does not expect gives the same rows by the safe plan."""
    huge = YEARS.replace("丁,2022,30.00,3.00", "丁,2022,90000000000.00,0.10")
    data = tmp_path / "data"
    data.mkdir()
    (data / "firm.csv").write_text(FIRMS, "utf-8")
    (data / "firm_year.csv").write_text(huge, "utf-8")
    report = run(programme(), Order(data, "2022", tmp_path / "run"))
    made = rows(report)
    assert made["丁"][0] == "rated"
    assert made["丁"][2] == "A"


def test_overflow_is_told_apart_from_other_failures() -> None:
    connection = duck.connect()
    for query in (
        "SELECT 9223372036854775807 * CAST(2 AS BIGINT)",
        "SELECT CAST(CAST('1e30' AS HUGEINT) AS BIGINT)",
    ):
        with pytest.raises(duck.TOO_LARGE):
            connection.execute(query).fetchall()
    with pytest.raises(duckdb.CatalogException):
        connection.execute("SELECT * FROM nothing")
