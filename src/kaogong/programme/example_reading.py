"""Examples as they are written to typed cases: names, units, periods and records checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from kaogong.kinds.scheme import Scheme
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.kind import NUMBER, Kind
from kaogong.language.period import NotAPeriod, read_period
from kaogong.language.scope import Child, Lazy, Named, Scope, fold
from kaogong.language.span import Block, List, Span, Text, span_of
from kaogong.programme.example import Example, Expected, Given, GivenFact
from kaogong.programme.example_figures import Figures, figures_of
from kaogong.programme.example_values import day_in, given_value, number_in_kind, state_of
from kaogong.programme.fields import titles_of, unit_of
from kaogong.programme.indicators import Locals, local_scope
from kaogong.programme.load import Document
from kaogong.programme.names import NameBook
from kaogong.programme.near import nearest
from kaogong.programme.rules import SchemeRules

Made = TypeVar("Made")
EXAMPLE_KEYS = ("given", "expect", "note", "source", "title")
FIGURES = "figures"  # of many subjects, given for one
WORDS = ("group", "class", "class_ranked", "state", "reason", "treated_as", "moved_by")
NUMBERS = ("score", "score_items", "score_adjust")
ITEMS = ("points", "adjust")  # of one line, of one adjustment: `points.tax_per_mu`


@dataclass(slots=True)
class ExampleReader:
    """Reads the examples of one scheme; findings are collected."""

    book: NameBook
    document: Document
    model: Scheme
    rules: SchemeRules
    findings: list[Finding]
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        """Open the scope of the scheme's subjects, with its local names."""
        named = Locals(self.rules.id, self.model.let, self.model.parameters)
        self.scope = local_scope(self.book.scope(self.rules.subject), named)

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
        document = ("Scheme", self.rules.id)
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
        return figures_of(given.get(FIGURES), self.rules, self.book.vocabularies, span)

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
            model = self.book.indicator(name, self.rules.subject)
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
        for name, node in block.items():
            span = block.keys_at[name]
            if name in ITEMS and isinstance(node, Block):
                pairs = [(f"{name}.{item}", value) for item, value in node.items()]
            else:
                pairs = [(name, node)]
            for address, value in pairs:
                each = self._tried(lambda a=address, v=value, s=span: self._result(a, v, s))  # type: ignore[misc]  # bound now
                made += [] if each is None else [each]
        return tuple(made)

    def _result(self, address: str, node: object, span: Span) -> Expected:
        key, _, item = address.partition(".")
        if (key in ITEMS) != bool(item) or key not in (*WORDS, *NUMBERS, *ITEMS):
            near = nearest(address, (*WORDS, *NUMBERS, *(f"{i}." for i in ITEMS)))
            raise refuse("KG103", span, kind="expect", key=address, near=near)
        if not isinstance(node, Text):
            raise refuse("KG112", span, value=address, expected="one value")
        self._refuse_stranger(key, item or str(node), span if item else node.span)
        state = state_of(node)
        if state is not None and key not in WORDS:
            return Expected(key, item, state, node.span)
        if key in WORDS:
            return Expected(key, item, str(node), node.span)
        number = number_in_kind(node, NUMBER, address)
        if not isinstance(number, Fraction):
            raise refuse("KG310", node.span, place=address, expected="number", got=node)
        return Expected(key, item, number, node.span)

    def _refuse_stranger(self, key: str, name: str, span: Span) -> None:
        """Refuse a group, class, line or adjustment that the scheme does not have."""
        groups = self.rules.groups
        known = {
            "group": [g.id for g in groups],
            "class": [c.id for g in groups for c in g.classes],
            "class_ranked": [c.id for g in groups for c in g.classes],
            "treated_as": [c.id for g in groups for c in g.classes],
            "points": [line.id for g in groups for line in g.lines],
            "adjust": [a.id for g in groups for a in g.adjust],
            "moved_by": [m.id for m in self.rules.moves],
        }.get(key, [])
        if known and name not in known:
            near = nearest(name, known)
            raise refuse("KG201", span, name=name, subject=f"{self.rules.id}.{key}", near=near)

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
