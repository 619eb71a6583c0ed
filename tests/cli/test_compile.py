from __future__ import annotations

from pathlib import Path

import duckdb

from tests.cli.conftest import Call


def test_every_step_is_named_and_is_sql(call: Call, town: Path) -> None:
    said = call("compile", town / "programme", "--period", "2024")
    assert said.code == 0
    assert said.out.startswith("-- town_2024: reads ")
    statements = duckdb.extract_statements(said.out)
    notes = [line for line in said.out.splitlines() if line.startswith("-- ")]
    assert len(statements) == len(notes) - 1
    assert "-- scheme_result/town_2024" in notes


def test_a_programme_with_errors_has_no_plan(call: Call, changed: object) -> None:
    folder = changed("scheme.yaml", "weight: 100", "weight: 99")  # type: ignore[operator]
    said = call("compile", folder, "--period", "2024")
    assert said.code == 1
    assert "KG601" in said.out


def test_an_unknown_scheme_is_wrong_use(call: Call, town: Path) -> None:
    said = call("compile", town / "programme", "--period", "2024", "--scheme", "x")
    assert said.code == 2
    assert 'There is no scheme "x"' in said.err
