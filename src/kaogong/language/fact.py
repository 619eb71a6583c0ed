"""What a name in an expression stands for: a field, an indicator, a published result, a local name.

A fact without `definition` is stored and read from a register; one with a definition is computed
from it and, where `scale` is set, rounded once to that many decimals of its unit (half away from
zero), because it has a name that is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from kaogong.language.kind import Kind
from kaogong.language.span import Span

if TYPE_CHECKING:
    from kaogong.language.expression import Expression

Nature = Literal["flow", "stock", "ratio", "level"]
Home = Literal["field", "indicator", "published", "let", "word", "figure"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One named thing of a subject; bounds are in the base of its unit."""

    id: str
    title: Mapping[str, str]  # zh, en
    kind: Kind
    home: Home
    owner: str  # register, indicator or scheme that declares it
    grain: str | None = None  # period grain of the owner; None: valid at any time
    nature: Nature | None = None
    scale: int | None = None  # decimals of the unit that are kept
    low: Fraction | None = None
    high: Fraction | None = None
    definition: Expression | None = None
    comparable: str | None = None  # field that holds last year's comparable value
    provided_by: str | None = None
    span: Span = Span("")
    links_to: str | None = None  # register a link field points to
    variant: Mapping[str, str] = field(default_factory=dict)
    rolled_from: str | None = None  # finer register whose subjects' values are added up
    rolled_by: str | None = None  # its link or code field that leads to the coarser subject
    together: bool = False  # months: January and February are one period

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """Return what makes the fact one and the same wherever it is read."""
        way = (("rolled_by", f"{self.rolled_from}.{self.rolled_by}"),) if self.rolled_from else ()
        return (self.owner, self.id, (*sorted(self.variant.items()), *way))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fact) and self.key == other.key and self.home == other.home
