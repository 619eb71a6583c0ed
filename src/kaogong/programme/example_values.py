"""What an example says of one fact: a value in the fact's kind and unit, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import Kind
from kaogong.language.quantity import read_quantity
from kaogong.language.span import Text
from kaogong.language.state import STATES, is_state
from kaogong.language.unify import takes_bare
from kaogong.language.value import Unknown, Value
from kaogong.language.vocabulary import Vocabulary

Vocabularies = Mapping[str, Vocabulary]
_SPELLED = {
    word: state for state, row in STATES.items() for word in (row.zh, row.en, *row.spellings)
}


def given_value(text: Text, fact: Fact, vocabularies: Vocabularies) -> Value:
    """Return a written cell: numbers in base units, a state as unknown; else raise `Refused`."""
    state = state_of(text)
    if state is not None:
        return state
    read = _READERS.get(fact.kind.name, _any)
    return read(text, fact, vocabularies)


def state_of(text: Text) -> Unknown | None:
    """Return the unknown that a word for a state of a cell stands for, or None."""
    if is_state(text):
        return Unknown(text)
    return Unknown(_SPELLED[text]) if text in _SPELLED else None


def number_in_kind(text: Text, kind: Kind, name: str) -> Value:
    """Return a number in base units; a unit that is missing or another one is refused."""
    quantity = read_quantity(str(text))
    if quantity is None:
        raise refuse("KG310", text.span, place=name, expected=f"number ({kind})", got=text)
    unit = quantity.unit
    if unit is not None and not unit.same_dimension(kind.unit):
        units = f"({unit.text or '1'}, {kind.unit.text or '1'})"
        raise refuse("KG401", text.span, left=name, right=text, unit=units)
    if unit is not None or not quantity.value or kind.unit.is_pure:
        return quantity.base
    if not takes_bare(kind.unit):
        raise refuse("KG402", text.span, number=text, name=name, unit=kind.unit.text)
    return quantity.value * kind.unit.factor


def _number(text: Text, fact: Fact, _vocabularies: Vocabularies) -> Value:
    return number_in_kind(text, fact.kind, fact.title["zh"])


def _yes_no(text: Text, fact: Fact, _vocabularies: Vocabularies) -> Value:
    if text not in ("true", "false"):
        raise refuse("KG310", text.span, place=fact.title["zh"], expected="true, false", got=text)
    return text == "true"


def day_in(text: Text, name: str) -> date:
    """Return the day a text writes, or raise `Refused`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("KG310", text.span, place=name, expected="2024-12-31", got=text) from None


def _date(text: Text, fact: Fact, _vocabularies: Vocabularies) -> Value:
    return day_in(text, fact.title["zh"])


def _code(text: Text, fact: Fact, vocabularies: Vocabularies) -> Value:
    vocabulary = vocabularies.get(fact.kind.vocabulary)
    found = text if vocabulary is None else vocabulary.find(text)
    if found is None:
        raise refuse("KG205", text.span, code=text, vocabulary=fact.kind.vocabulary, date="—")
    return str(found)


def _any(text: Text, fact: Fact, _vocabularies: Vocabularies) -> Value:
    """Return a text, or for an open kind a number where it reads as one."""
    quantity = read_quantity(str(text)) if fact.kind.name == "open" else None
    return str(text) if quantity is None else quantity.base


_READERS: Mapping[str, Callable[[Text, Fact, Vocabularies], Value]] = {
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "code": _code,
}
