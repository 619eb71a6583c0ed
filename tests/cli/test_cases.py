from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Call


def test_cases_that_hold_are_counted(call: Call, town: Path) -> None:
    said = call("test", town / "programme")
    assert (said.code, said.out) == (0, "  town_2024  2/2\nCases: 2, as expected: 2\n")


def test_a_case_that_does_not_hold_is_an_error_with_its_place(
    call: Call, changed: Callable[..., Path]
) -> None:
    folder = changed("scheme.yaml", "score: 150", "score: 151")
    said = call("test", folder)
    assert said.code == 1
    assert "An example of" in said.out
    assert "gives 150, not 151" in said.out
    assert "  town_2024  1/2\n" in said.out
    rows = json.loads(call("test", folder, "--format", "json").out)
    assert [row["holds"] for row in rows] == [True, False]
    assert rows[1]["findings"][0]["id"] == "KG710"


def test_a_programme_with_errors_is_not_tested(call: Call, changed: Callable[..., Path]) -> None:
    said = call("test", changed("scheme.yaml", "weight: 100", "weight: 99"))
    assert said.code == 1
    assert "KG601" in said.out
