from __future__ import annotations

from typing import get_args

from kaogong.language.state import STATES, State, is_state, read_state, spelled


def test_every_state_has_a_title_of_its_own_in_both_languages() -> None:
    assert set(STATES) == set(get_args(State))
    for language in ("zh", "en"):
        titles = [spelled(state, language) for state in STATES]
        assert all(titles)
        assert len(set(titles)) == len(titles)


def test_a_delivered_word_is_read_as_its_state() -> None:
    assert read_state(" 未报 ") == "not_reported"
    assert read_state("涉密") == "confidential"
    assert read_state("waived") == "waived"


def test_a_zero_an_empty_cell_and_a_computed_state_are_not_read() -> None:
    assert [read_state(text) for text in ("0", "", "-", "open", "分母为零")] == [None] * 5


def test_an_id_is_recognised() -> None:
    assert is_state("pending")
    assert not is_state("待判断")
