from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from kaogong.engine.lookups import make_published
from kaogong.language.finding import Refused

HEAD = "scheme,period,subject,score,rank,class"
ROW = "formal,2022,E01,90,1,A"


def published(folder: Path, *lines: str) -> list[tuple[object, ...]]:
    (folder / "published.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with duckdb.connect() as connection:
        make_published(connection, ["formal"], folder)
        found = connection.execute('SELECT class, rank, trial FROM "published_formal"')
        return found.fetchall()


def test_without_the_column_nothing_was_a_trial(tmp_path: Path) -> None:
    assert published(tmp_path, HEAD, ROW) == [("A", 1, False)]


@pytest.mark.parametrize(
    ("word", "trial"), [("true", True), ("是", True), ("", False), ("否", False)]
)
def test_a_trial_publishes_nothing_but_that_it_took_place(
    tmp_path: Path, word: str, *, trial: bool
) -> None:
    wanted = (None, None, True) if trial else ("A", 1, False)
    assert published(tmp_path, f"{HEAD},trial", f"{ROW},{word}") == [wanted]


@pytest.mark.parametrize(
    "lines",
    [
        (f"{HEAD},trial", f"{ROW},perhaps"),
        ("scheme,period", "formal,2022"),
        (HEAD, ROW[:17] + "x,1,A"),
    ],
)
def test_a_file_that_does_not_hold_results_is_told(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as caught:
        published(tmp_path, *lines)
    assert [f.id for f in caught.value.findings] == ["KG802"]
