from __future__ import annotations

import re
from string import Formatter

import pytest

from kaogong.insight.words import WORDS as INSIGHT
from kaogong.report.words import WORDS as REPORT

BARE = ("= {numerator} ÷ {denominator}", "{name}", "{leave}", "{result}{way}{article}")
ALL = [(id, words) for table in (INSIGHT, REPORT) for id, words in table.items()]


def place_holders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("id", "words"), ALL)
def test_both_languages_say_the_same_things(id: str, words: tuple[str, str]) -> None:
    zh, en = words
    if id != "takes_part_in":  # names the other scheme in its own language
        assert place_holders(zh) == place_holders(en)
    assert not re.search(r"[\u4e00-\u9fff，。；：“”（）]", en)
    assert re.search(r"[\u4e00-\u9fff，。；：（）、]", zh) or zh == "{value}" or zh in BARE
