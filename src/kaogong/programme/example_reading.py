"""Examples as they are written to typed cases: names, units, periods and records checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.kind import Kind
from kaogong.language.period import NotAPeriod, read_period
from kaogong.language.scope import Child, Lazy, Named, Scope, fold
from kaogong.language.span import Block, List, Span, Text, span_of
from kaogong.programme.example import Example, Expected, Given, GivenFact
from kaogong.programme.example_figures import Figures
from kaogong.programme.example_results import Results
from kaogong.programme.example_values import day_in, given_value
from kaogong.programme.fields import titles_of, unit_of
from kaogong.programme.indicators import Locals, local_scope
from kaogong.programme.load import Document
from kaogong.programme.names import NameBook
from kaogong.programme.near import nearest

Made = TypeVar("Made")
EXAMPLE_KEYS = ("given", "expect", "note", "source", "title")
FIGURES = "figures"  # of many subjects, given for one


@dataclass(slots=True)
class ExampleReader:
    """Reads the examples of one document; findings are collected."""

    book: NameBook
    document: Document
    results: Results
    findings: list[Finding]
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        """Open the scope of the document's subjects, with its local names."""
        model = self.document.model
        named = Locals(str(model.id), model.let, model.parameters)
        self.scope = local_scope(self.book.scope(self.results.subject), named)

    def all_in(self, table: object) -> Iterator[Example]:
        """Yield the examples of one table."""
        if not isinstance(table, Block):
            span = span_of(table, self.document.block.span)
            self.findings.append(finding("KG112", span, value="examples", expected="named cases"))
            return
        for name, node in table.items():
            before = len(self.findings)
            example = self._example(name, node, table.keys_at[name])
            if example is not None and len(self.findings) == before:
                yield example

    def _example(self, name: str, node: object, span: Span) -> Example | None:
        if not isinstance(node, Block):
            self._tell("KG112", span, value=name, expected="{given:, expect:}")
            return None
        for key in node:
            if key not in EXAMPLE_KEYS:
                near = nearest(key, EXAMPLE_KEYS)
                self._tell("KG103", node.keys_at[key], kind="example", key=key, near=near)
        given, expect = node.get("given"), node.get("expect")
        for key, part in (("given", given), ("expect", expect)):
            if not isinstance(part, Block):
                self._tell("KG104", span, kind="example", id=name, key=key)
        if not isinstance(given, Block) or not isinstance(expect, Block):
            return None
        document = self.document.key
        cells = self._given(given, self.scope)
        figures = self._tried(lambda: self._figures(given, span))
        cells = replace(cells, figures=figures or {})
        return Example(name, document, cells, self._expected(expect), span)

    # -- given ----------------------------------------------------------------------------

    def _given(self, block: Block, scope: Scope) -> Given:
        facts: list[GivenFact] = []
        records: dict[str, tuple[Given, ...]] = {}
        links: dict[str, Given] = {}
        for name, node in block.items():
            span = block.keys_at[name]
            child = scope.children.get(fold(name))
            if name in ("period", "as_of") or (name == FIGURES and scope is self.scope):
                continue
            if child is not None and isinstance(node, List):
                records[child.register] = tuple(self._records(node, child, scope))
                continue
            fact = self._tried(lambda n=name, s=span: self._fact(n, scope, s))  # type: ignore[misc]  # bound now
            if fact is None:
                continue
            linked = self._linked(fact, node)
            if linked is not None:
                links[fact.id] = linked
            else:
                facts.extend(self._cells(fact, node, span))
        return Given(
            tuple(facts), records, links, self._period(block.get("period")),
            self._day(block.get("as_of")),
        )  # fmt: skip

    def _figures(self, given: Block, span: Span) -> Figures:
        return self.results.figures(given.get(FIGURES), self.book.vocabularies, span)

    def _records(self, listed: List, child: Child, scope: Scope) -> Iterator[Given]:
        inside = scope.of_records(child)
        for node in listed:
            if isinstance(node, Block):
                yield self._given(node, inside)
            else:
                span = span_of(node, listed.span)
                self._tell("KG112", span, value=node, expected="{name: value, …}")

    def _fact(self, name: str, scope: Scope, span: Span) -> Fact:
        """Return what a given name stands for: an indicator counts for all its variants."""
        if scope.owner is None:
            model = self.book.indicator(name, self.results.subject)
            if model is not None:
                id = str(model.id)
                return Fact(
                    id, titles_of(model.title, id), Kind("number", unit_of(model.unit)),
                    "indicator", f"indicator {id}",
                    grain=str(model.period) if model.period else None, nature=model.nature,
                    scale=model.scale, span=model.id.span,
                )  # fmt: skip
        found = scope.find(name, span)
        if not isinstance(found, Fact):
            raise refuse("KG310", span, place=name, expected="a fact", got="a parameter")
        return found

    def _linked(self, fact: Fact, node: object) -> Given | None:
        """Return the facts of a linked record, where they are written instead of its key."""
        names = self.scope.links(fact) if fact.links_to is not None else None
        if names is None or not isinstance(node, Block) or all(_is_period(k) for k in node):
            return None
        return self._given(node, _scope_of(fact, names, self.scope))

    def _cells(self, fact: Fact, node: object, span: Span) -> Iterator[GivenFact]:
        by_period: dict[str | None, object] = {None: node}
        if isinstance(node, Block):
            by_period = {}
            for key, value in node.items():
                if _is_period(key):
                    by_period[key] = value
                else:
                    self._tell("KG822", node.keys_at[key], value=key)
        for period, value in by_period.items():
            if not isinstance(value, Text):
                self._tell("KG112", span, value=fact.title["zh"], expected="one value")
                continue
            made = self._tried(lambda v=value: given_value(v, fact, self.book.vocabularies))  # type: ignore[misc]  # bound now
            if made is not None:
                yield GivenFact(fact, period, made, value.span)

    def _period(self, node: object) -> str | None:
        if isinstance(node, Text) and not _is_period(node):
            self._tell("KG822", node.span, value=node)
            return None
        return str(node) if isinstance(node, Text) else None

    def _day(self, node: object) -> date | None:
        return self._tried(lambda: day_in(node, "as_of")) if isinstance(node, Text) else None

    # -- expected -------------------------------------------------------------------------

    def _expected(self, block: Block) -> tuple[Expected, ...]:
        made: list[Expected] = []
        for address, node, span in self.results.pairs(block):
            each = self._tried(lambda a=address, n=node, s=span: self.results.result(a, n, s))  # type: ignore[misc]  # bound now
            made += [] if each is None else [each]
        return tuple(made)

    # -- findings -------------------------------------------------------------------------

    def _tried(self, build: Callable[[], Made]) -> Made | None:
        try:
            return build()
        except Refused as refused:
            self.findings.extend(refused.findings)
            return None

    def _tell(self, id: str, span: Span, /, **values: object) -> None:
        self.findings.append(finding(id, span, **values))


def _is_period(text: str) -> bool:
    try:
        read_period(text)
    except NotAPeriod:
        return False
    return True


def _scope_of(link: Fact, names: Mapping[str, Named | Lazy], scope: Scope) -> Scope:
    return Scope(
        link.links_to or link.id, names, links=scope.links, vocabularies=scope.vocabularies,
        owner=scope, making=scope.making,
    )  # fmt: skip
