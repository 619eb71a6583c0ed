"""What names an expression may use: the facts of one subject, its records and its links.

A name is looked up folded (NFKC and case), by id or by title, in one flat mapping: shadowing is
refused where the mapping is built. Facts with definitions are made on first use, so that a circle
of names is found and told as a path.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kaogong.language.expression import Expression, Table
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import Kind
from kaogong.language.span import Span
from kaogong.language.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named set of codes of one vocabulary."""

    id: str
    vocabulary: str
    codes: tuple[str, ...]


Named = Fact | Table | CodeList | Expression


@dataclass(slots=True)
class Lazy:
    """A name that is made when first read; reading it while it is being made is a circle."""

    id: str
    build: Callable[[], Named]
    span: Span
    _made: Named | None = None

    def get(self, making: list[str]) -> Named:
        """Return what the name stands for, made once; `making` is the path of names being made."""
        if self._made is None:
            if self.id in making:
                path = " → ".join([*making[making.index(self.id) :], self.id])
                raise refuse("KG204", self.span, id=self.id, path=path)
            making.append(self.id)
            try:
                self._made = self.build()
            finally:
                making.pop()
        return self._made


@dataclass(frozen=True, slots=True)
class Child:
    """A register of records that belong to the subject."""

    register: str
    names: Mapping[str, Named | Lazy]
    order: tuple[Fact, ...]  # date, then key: which record is the latest
    title: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything an expression in one place may say."""

    subject: str  # title of the register, for messages
    names: Mapping[str, Named | Lazy]
    children: Mapping[str, Child] = field(default_factory=dict)
    links: Callable[[Fact], Mapping[str, Named | Lazy] | None] = lambda _: None
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    words: Mapping[str, Kind] = field(default_factory=dict)  # x weight benchmark low high total …
    items: Mapping[str, str] = field(default_factory=dict)  # folded name of a line -> its id
    owner: Scope | None = None  # the subject's scope, inside a child condition
    titles: Child | None = None  # the records of titles that `holds` asks
    making: list[str] = field(default_factory=list)

    def find(self, name: str, span: Span) -> Named:
        """Return what `name` stands for, or raise KG201 with the nearest name."""
        named = self.names.get(fold(name))
        if named is None:
            raise refuse("KG201", span, name=name, subject=self.subject, near=self.near(name))
        return named.get(self.making) if isinstance(named, Lazy) else named

    def near(self, name: str) -> str:
        """Return the known name that looks most like `name`."""
        known = [*self.names, *self.words, *self.children]
        close = difflib.get_close_matches(fold(name), known, n=1, cutoff=0.4)
        return close[0] if close else (known[0] if known else "")

    def of_records(self, child: Child) -> Scope:
        """Return the scope of a condition on the records of `child`."""
        return Scope(
            child.title or child.register, child.names, links=self.links,
            vocabularies=self.vocabularies, owner=self, making=self.making,
        )  # fmt: skip

    def of_link(self, link: Fact, span: Span) -> Scope:
        """Return the scope of the record that `link` points to."""
        names = self.links(link)
        if names is None:
            raise refuse(
                "KG310", span, place=link.title["zh"], expected="a link field", got=link.kind
            )
        return Scope(
            link.links_to or link.id, names, links=self.links,
            vocabularies=self.vocabularies, making=self.making,
        )  # fmt: skip


def fold(name: str) -> str:
    """Return the form under which two spellings of a name are one."""
    return unicodedata.normalize("NFKC", name).casefold()
