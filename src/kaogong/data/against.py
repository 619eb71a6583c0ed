"""What a delivery is held against, beside its register: code lists, history, further conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kaogong.data.shape import Condition
from kaogong.language.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Against:
    """Everything that the file and its register do not hold themselves."""

    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    history: str | None = None  # table of the period before, with the same fields
    conditions: tuple[Condition, ...] = ()
    day: date | None = None  # on which codes must hold where a record has neither date nor period


NOTHING = Against()
