"""Why a cell has no value. None of these states is zero, and none of them is no.

Where several meet in one result, the first in the order of the table is the one that is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard, get_args

State = Literal[
    "not_reported",
    "not_applicable",
    "waived",
    "confidential",
    "zero_denominator",
    "negative_base",
    "turned_to_loss",
    "turned_to_profit",
    "open",
    "pending",
]


@dataclass(frozen=True, slots=True)
class StateRow:
    """What a state is called, the words that are read as it, and what it means."""

    zh: str
    en: str
    spellings: tuple[str, ...]  # words a delivered cell may hold; none: only computed
    meaning: str


STATES: Mapping[State, StateRow] = {
    "not_reported": StateRow(
        "未报", "not reported", ("未报", "未填报", "未上报"), "nobody delivered it"
    ),
    "not_applicable": StateRow(
        "不适用", "not applicable", ("不适用",), "the question does not arise for this subject"
    ),
    "waived": StateRow("免报", "waived", ("免报", "免填"), "the subject need not report it"),
    "confidential": StateRow("保密", "confidential", ("保密", "涉密"), "known, and withheld"),
    "zero_denominator": StateRow(
        "分母为零", "zero denominator", (), "a quotient whose denominator is zero"
    ),
    "negative_base": StateRow(
        "基数为负", "negative base", (), "a quotient or growth over a negative figure"
    ),
    "turned_to_loss": StateRow(
        "由盈转亏", "turned to loss", (), "growth from a gain to a loss has no rate"
    ),
    "turned_to_profit": StateRow(
        "扭亏为盈", "turned to profit", (), "growth from a loss to a gain has no rate"
    ),
    "open": StateRow("空缺", "open", (), "the text does not say, and nobody has filled it"),
    "pending": StateRow("待判断", "pending", (), "a person has to judge and has not yet"),
}


def is_state(text: str) -> TypeGuard[State]:
    """Tell whether `text` is the id of a state."""
    return text in get_args(State)


def spelled(state: State, language: str) -> str:
    """Return the title of `state` in `zh` or `en`."""
    row = STATES[state]
    return row.zh if language == "zh" else row.en


def read_state(text: str) -> State | None:
    """Return the state that a delivered cell spells, by its id or a listed word, or None.

    A department delivers only the states that have spellings; the others come out of a run.
    """
    return _DELIVERED.get(text.strip())


_DELIVERED: Mapping[str, State] = {
    word: state
    for state, row in STATES.items()
    if row.spellings
    for word in (state, *row.spellings)
}
