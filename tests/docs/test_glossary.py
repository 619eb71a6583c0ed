from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
WORDS = (
    *("scheme", "indicator", "line", "weight", "benchmark", "figure", "cut", "move", "score"),
    *("rank", "class", "quota", "pool", "veto", "reading", "pack", "merged subject", "rung"),
    *("title", "clause", "entitlement", "payment", "limit", "budget", "target", "path", "light"),
    *("case", "event", "clock", "segment", "cadence", "freeze", "snapshot", "run", "publication"),
    *("subject", "enterprise", "unit", "position", "division", "park", "parcel", "chain", "node"),
    *("gap", "finding", "open slot"),
)
KINDS = (
    *("register", "indicator", "scheme", "ladder", "policy", "target", "process", "chain"),
    *("match", "bulletin"),
)


class Row(NamedTuple):
    word: str
    chinese: str
    meaning: str


def rows() -> list[Row]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [Row(*row) for row in cells if row[0] != "word" and set(row[0]) != {"-"}]


@pytest.mark.parametrize("word", dict.fromkeys((*WORDS, *KINDS)))
def test_a_word_of_the_house_stands_once_with_its_chinese_term(word: str) -> None:
    found = [row for row in rows() if row.word == word]
    assert len(found) == 1
    assert re.fullmatch(r"[\u4e00-\u9fff]{2,8}", found[0].chinese)
    assert len(found[0].meaning) > 10


def test_no_word_and_no_term_stands_twice() -> None:
    for names in ([row.word for row in rows()], [row.chinese for row in rows()]):
        assert [name for name, times in Counter(names).items() if times > 1] == []
