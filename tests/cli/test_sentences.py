from __future__ import annotations

from string import Formatter

import pytest

from kaogong.cli.sentences import SENTENCES


@pytest.mark.parametrize("id", sorted(SENTENCES))
def test_both_languages_say_the_same_things(id: str) -> None:
    zh, en = SENTENCES[id]
    names = [{place for _, place, _, _ in Formatter().parse(text) if place} for text in (zh, en)]
    assert names[0] == names[1]
    assert zh.strip()
    assert en.isascii()
