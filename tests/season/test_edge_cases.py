"""Edge cases seen in published evaluations, each a small folder that a clerk can read and check.

A case holds `programme.yaml` (what it is about), `scheme.yaml` (the rules), `data/` (the input
tables) and what must come of them: `expected.csv` (rows of the result), `counts.csv` (how many of a
group are in a class) or `findings.csv` (what must be said, and where). Blank means: no value. The
registers and indicators that all cases share stand in `cases/county`. The number in a folder's name
is that of the edge case in the collection of published schemes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine.run import Order, Report, run
from kaogong.insight.facts import RunSubject
from kaogong.insight.opened import open_run
from kaogong.insight.registers import Registers
from kaogong.language.finding import Finding
from kaogong.programme.programme import Programme, load_programme

CASES = Path(__file__).parent / "cases"
Row = dict[str, str]


def _names(holding: str) -> list[str]:
    return sorted(p.parent.name for p in CASES.glob(f"*/{holding}"))


def _table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _programme(name: str) -> Programme:
    bundle, unread = read_bundle(CASES / name, name)
    assert not unread
    return load_programme(bundle, shelf(CASES / name))


@dataclass(frozen=True, slots=True)
class Asked:
    """One scheme in one period of a case."""

    scheme: str
    period: str


def _run(name: str, asked: Asked, out: Path) -> Report:
    programme = _programme(name)
    assert programme.can_run, programme.findings
    order = Order(CASES / name / "data", asked.period, out, schemes=(asked.scheme,))
    return run(programme, order)


@cache
def _results(name: str, asked: Asked) -> list[Row]:
    with TemporaryDirectory() as folder:
        return _results_in(name, asked, Path(folder) / "run")


def _results_in(name: str, asked: Asked, out: Path) -> list[Row]:
    report = _run(name, asked, out)
    assert report.out is not None, report.findings
    path = str(out / "scheme_result" / f"{asked.scheme}.parquet")
    found = duckdb.execute("SELECT * FROM read_parquet(?) ORDER BY subject", [path])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, map(_shown, row), strict=True)) for row in found.fetchall()]


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _asked(rows: Iterable[Row]) -> list[Asked]:
    return list(dict.fromkeys(Asked(row["scheme"], row["period"]) for row in rows))


@pytest.mark.parametrize("name", _names("expected.csv"))
def test_case_gives_the_rows_that_are_written(name: str) -> None:
    expected = _table(CASES / name / "expected.csv")
    for asked in _asked(expected):
        wanted = [r for r in expected if Asked(r["scheme"], r["period"]) == asked]
        columns = [c for c in wanted[0] if c not in ("scheme", "period")]
        got = [{c: row[c] for c in columns} for row in _results(name, asked)]
        assert got == [{c: row[c] for c in columns} for row in wanted], asked


@pytest.mark.parametrize("name", _names("counts.csv"))
def test_case_gives_the_counts_that_are_written(name: str) -> None:
    expected = _table(CASES / name / "counts.csv")
    for asked in _asked(expected):
        results = _results(name, asked)
        for row in expected:
            if Asked(row["scheme"], row["period"]) == asked:
                keys = [c for c in row if c not in ("scheme", "period", "count")]
                same = [r for r in results if all(r[c] == row[c] for c in keys if row[c] != "*")]
                assert len(same) == int(row["count"]), row


@pytest.mark.parametrize("name", _names("findings.csv"))
def test_case_says_what_is_written(name: str, tmp_path: Path) -> None:
    for row in _table(CASES / name / "findings.csv"):
        told: Iterable[Finding] = _programme(name).findings
        if row["period"]:
            told = _run(name, Asked(row["scheme"], row["period"]), tmp_path / row["id"]).findings
        mine = [f for f in told if f.id == row["id"]]
        assert len(mine) == int(row["count"]), (row, [str(f) for f in told])
        assert all(f.level == row["level"] for f in mine), row
        assert all(row["says"] in f.sentence("zh") for f in mine), [f.sentence("zh") for f in mine]


@pytest.mark.parametrize("name", sorted(p.name for p in CASES.iterdir()))
def test_case_is_said_in_two_languages_and_marked_as_an_example(name: str) -> None:
    programme = _programme(name)
    assert programme.header is not None
    assert programme.header.title["zh"]
    assert programme.header.title["en"]
    assert all(rules.evidence == "example" for rules in programme.schemes.values())


def test_every_edge_case_has_a_folder() -> None:
    numbered = {int(p.name[1:3]) for p in CASES.glob("c[0-9][0-9]_*")}
    assert numbered == set(range(1, 26))


def test_an_explanation_counts_the_years_of_the_predecessor(tmp_path: Path) -> None:
    report = _run("c21_renamed_in_between", Asked("escalation", "2023"), tmp_path / "run")
    assert report.out is not None
    with duckdb.connect() as connection:
        registers = Registers(open_run(report.out), connection)
        past = RunSubject(registers, "E03", "enterprise").history()
    assert [(str(p.period), getattr(p.subject, "id", "itself")) for p in past] == [
        ("2023", "itself"),
        ("2022", "E02"),
        ("2021", "E02"),
    ]
