from __future__ import annotations

from datetime import date

import pytest

from kaogong.language.vocabulary import Code, Vocabulary, flat

TRADES = Vocabulary("trades", {
    c.code: c for c in (
        Code("C"), Code("26", parent="C"), Code("2651", parent="26"),
        Code("D"), Code("44", parent="D", ends=date(2020, 12, 31)),
    )
})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2651", "2651"), ("C2651", "2651"), ("c2651", "2651"), ("D44", "44"), ("C", "C"),
        ("D2651", None), ("C44", None), ("X26", None), ("C9999", None), ("", None), ("CC", None),
    ],
)  # fmt: skip
def test_a_code_may_have_the_letter_of_its_own_section(text: str, meant: str | None) -> None:
    assert TRADES.find(text) == meant


def test_a_code_that_ended_is_not_found_with_its_letter_either() -> None:
    assert TRADES.find("D44", date(2020, 12, 31)) == "44"
    assert TRADES.find("D44", date(2021, 1, 1)) is None


def test_a_list_without_sections_knows_no_letters() -> None:
    assert flat("sectors", ["35", "C44"]).find("C35") is None
    assert flat("sectors", ["35", "C44"]).find("C44") == "C44"
