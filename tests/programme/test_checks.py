"""What is wrong with a programme is told by its id, where it stands, and nothing else is told.

Each file of `cases` is laid over the small county of `world`; its first line says what is found.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programme.world import HERE, county

CASES = sorted((HERE / "cases").glob("*.yaml"))


def test_nothing_is_wrong_with_the_county_itself() -> None:
    assert county().findings == ()


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_case_is_told_at_its_place(case: Path) -> None:
    text = case.read_text("utf-8")
    found = county(case=text).findings
    said = ", ".join(f"{each.id} {each.span}" for each in found)
    assert f"# {said or 'nothing is wrong'}" == text.splitlines()[0]
    for each in found:
        assert "{" not in each.sentence("zh") + each.sentence("en")
