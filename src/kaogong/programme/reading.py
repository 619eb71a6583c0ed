"""What every part of reading a document needs: its scope, its places, and a list of findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kaogong.kinds.head import Head
from kaogong.kinds.parts import Condition, OpenSlot, Value
from kaogong.kinds.scheme import Group, Scheme
from kaogong.language.expression import Expression, Open
from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.scope import Scope
from kaogong.language.span import Block, Span
from kaogong.programme.load import Document
from kaogong.programme.names import NameBook
from kaogong.programme.values import condition_of, open_slot, refuse_hold, value_of

Made = TypeVar("Made")
Entry = TypeVar("Entry")
Model = TypeVar("Model", bound=Head)


@dataclass
class DocumentReading(Generic[Model]):
    """One document being read; findings are collected, so that all are told together."""

    book: NameBook
    document: Document
    model: Model
    scope: Scope
    findings: list[Finding] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the id of the document."""
        return str(self.model.id)

    @property
    def subject(self) -> str:
        """Return the register of its subjects."""
        return str((self.model.of or ("",))[0])

    @property
    def span(self) -> Span:
        """Return where the document stands."""
        return self.document.block.span

    def tried(self, build: Callable[[], Made]) -> Made | None:
        """Return what `build` makes, or None with its findings collected."""
        try:
            return build()
        except Refused as refused:
            self.findings.extend(refused.findings)
            return None

    def each(
        self, table: Mapping[str, Entry], build: Callable[[str, Entry], Made | None]
    ) -> list[Made]:
        """Return what `build` makes of each entry; those refused are told and left out."""
        made = (self.tried(lambda k=k, v=v: build(k, v)) for k, v in table.items())  # type: ignore[misc]  # bound now
        return [x for x in made if x is not None]

    def tell(self, finding_id: str, span: Span, /, **values: object) -> None:
        """Collect one finding."""
        self.findings.append(finding(finding_id, span, **values))

    def require(self, *keys: str) -> None:
        """Tell the keys of the document that are missing."""
        for key in keys:
            if getattr(self.model, key) is None:
                self.tell("KG104", self.span, kind=self.model.kind, id=self.id, key=key)

    def missing(self, key: str, span: Span | None = None) -> Refused:
        """Return the refusal of a place that lacks a required key."""
        return refuse("KG104", span or self.span, kind=self.model.kind, id=self.id, key=key)

    def at(self, address: str) -> str:
        """Return the address of a part of the document."""
        return f"{self.id}.{address}"

    def span_at(self, *path: str) -> Span:
        """Return where the last key of a path stands that is there."""
        place: object = self.document.block
        span = self.span
        for step in path:
            if not isinstance(place, Block) or step not in place:
                break
            span = place.keys_at.get(step, span)
            place = place[step]
        return span

    def condition(
        self, condition: Condition, address: str, scope: Scope | None = None
    ) -> Expression:
        """Return a condition in the document's scope or a wider one, or raise `Refused`."""
        refuse_hold(condition, str(self.model.unknown or "hold"))
        return condition_of(condition, scope or self.scope, address)

    def value(self, value: Value, address: str) -> Expression:
        """Return a value in the document's scope, or raise `Refused`."""
        return value_of(value, self.scope, address)


Reading = DocumentReading[Scheme]


@dataclass(slots=True)
class GroupReading:
    """One group being read: its own tables hold whole, else the scheme's."""

    reading: Reading
    id: str
    model: Group
    opens: list[Open] = field(default_factory=list)  # its own tables that are open as a whole

    @property
    def place(self) -> str:
        """Return the group's address."""
        return self.reading.at(f"groups.{self.id}")

    def whole(
        self, of_group: Made | OpenSlot | None, of_scheme: Made | OpenSlot | None, key: str
    ) -> Made | None:
        """Return a table of the group, else the scheme's; an open one is noted and left out."""
        table = of_group if of_group is not None else of_scheme
        if not isinstance(table, OpenSlot):
            return table
        if of_group is not None:
            self.opens.append(open_slot(table, f"{self.place}.{key}"))
        return None
