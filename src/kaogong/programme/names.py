"""Which names one subject has, over all documents of a programme.

The facts of a subject are the fields of its register and of every register of its periods, the
indicators declared for it, what schemes publish for it, and what adds up from finer subjects.
Registers of many records are its children; link fields lead to other subjects. Two different facts
under one name are a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kaogong.kinds.indicator import Indicator
from kaogong.kinds.ladder import Ladder
from kaogong.kinds.register import Register
from kaogong.kinds.scheme import Scheme
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, Refused, finding
from kaogong.language.functions.tables import TITLE_FIELDS
from kaogong.language.kind import NUMBER, TEXT, Kind
from kaogong.language.scope import Child, Lazy, Named, Scope, fold
from kaogong.language.span import Span, Text
from kaogong.language.vocabulary import Vocabulary
from kaogong.programme.fields import place_of, titles_of, unit_of, vocabulary_of
from kaogong.programme.indicators import IndicatorKey, VariantKey, plain_indicator
from kaogong.programme.load import Document, Documents, of_kind
from kaogong.programme.rolling import rolled_names

__all__ = ["SUBJECT_KEY", "NameBook", "is_single", "title_of", "unit_of", "vocabulary_of"]

Names = dict[str, Named | Lazy]
SUBJECT_KEY = "subject_id"
KEYS = (SUBJECT_KEY, "period")  # the key fields that registers of one subject share


@dataclass(slots=True)
class NameBook:
    """The names of every register that can be a subject, made once for a programme."""

    documents: Documents
    vocabularies: Mapping[str, Vocabulary]
    findings: list[Finding] = field(default_factory=list)
    fields: dict[tuple[str, str], Fact] = field(default_factory=dict)
    making: list[str] = field(default_factory=list)
    indicator_facts: dict[IndicatorKey, Fact] = field(default_factory=dict)
    variants: dict[VariantKey, Lazy] = field(default_factory=dict)
    _registers: dict[str, Register] = field(default_factory=dict)
    _names: dict[str, Names] = field(default_factory=dict)
    _spelled: dict[str, dict[str, str]] = field(default_factory=dict)
    _children: dict[str, dict[str, Child]] = field(default_factory=dict)
    _indicators: dict[str, list[Indicator]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note the registers that keep records, and the indicators by name."""
        for id, _, register in of_kind(self.documents, Register):
            if register.fields:
                self._registers[id] = register
        for id, _, model in of_kind(self.documents, Indicator):
            for name in dict.fromkeys((fold(id), fold(model.title["zh"]))):
                self._indicators.setdefault(name, []).append(model)

    def registers(self) -> dict[str, Register]:
        """Return every register that keeps records."""
        return self._registers

    def indicator(self, name: str, subject: str) -> Indicator | None:
        """Return the indicator of that id or title which is declared for the subject."""
        named = self._indicators.get(fold(name), ())
        return next((model for model in named if _is_of(model, subject)), None)

    def scope(self, subject: str) -> Scope:
        """Return the scope of an expression about one subject of register `subject`."""
        return Scope(
            title_of(self.documents, subject),
            self.names(subject),
            self.children(subject),
            self.linked,
            self.vocabularies,
            making=self.making,
            titles=self._titles(subject),
        )

    def _titles(self, subject: str) -> Child | None:
        """Return the records of titles that a ladder declares for a subject."""
        named = [
            model.titles
            for _, _, model in of_kind(self.documents, Ladder)
            if model.titles is not None and _is_of(model, subject)
        ]
        children = self.children(subject)
        found = (children.get(fold(name)) for name in named)
        return next((c for c in found if c is not None and is_of_titles(c)), None)

    def linked(self, link: Fact) -> Mapping[str, Named | Lazy] | None:
        """Return the names of the register that a link field points to."""
        if link.links_to is None or link.links_to not in self._registers:
            return None
        return self.names(link.links_to)

    def names(self, subject: str) -> Names:
        """Return the facts of a subject by folded id and title."""
        if subject not in self._names:
            made: Names = {}
            self._names[subject] = made
            for fact in self.stored_facts(subject):
                self._enter(subject, fact.id, fact.title, fact, fact.span)
            self._enter_indicators(subject)
            self._enter_published(subject)
            for name, named in rolled_names(self, subject).items():
                made.setdefault(name, named)
        return self._names[subject]

    def children(self, subject: str) -> dict[str, Child]:
        """Return the registers whose records belong to a subject, by folded id and title."""
        if subject not in self._children:
            made: dict[str, Child] = {}
            self._children[subject] = made
            for id, register in self._registers.items():
                if _parent(register) == subject and not is_single(register):
                    child = self._child(id, register)
                    made[fold(id)] = child
                    made[fold(register.title["zh"])] = child
        return self._children[subject]

    def stored_facts(self, subject: str) -> list[Fact]:
        """Return the fields of a subject's own register, then of those with one record a period."""
        mine = [subject] if subject in self._registers else []
        mine += [
            id
            for id, register in self._registers.items()
            if _parent(register) == subject and is_single(register)
        ]
        return [fact for register in mine for fact in self.facts_of(register)]

    def facts_of(self, register: str) -> list[Fact]:
        """Return the fields of one register as facts."""
        model = self._registers[register]
        document = self.documents["Register", register]
        return [self._fact(register, model, name, document) for name in model.fields]

    def spelled(self, subject: str, name: str) -> str:
        """Return how a name of a subject is written where it is declared."""
        return self._spelled.get(subject, {}).get(fold(name), name)

    def _child(self, id: str, register: Register) -> Child:
        owner = f"records of {id}"
        self._names[owner] = {}
        for fact in self.facts_of(id):
            self._enter(owner, fact.id, fact.title, fact, fact.span)
        wanted = [str(register.dated_by)] if register.dated_by else []
        wanted += [str(k) for k in register.key_ if str(k) not in KEYS]
        order = [self.fields[id, name] for name in wanted if (id, name) in self.fields]
        return Child(id, self._names[owner], tuple(order), register.title["zh"])

    def _fact(self, register: str, model: Register, name: str, document: Document) -> Fact:
        if (register, name) not in self.fields:
            place = place_of(register, name, model, document)
            try:
                self.fields[register, name] = place.fact(self.vocabularies, self._registers)
            except Refused as refused:
                self.findings.extend(refused.findings)
                self.fields[register, name] = place.plain()
        return self.fields[register, name]

    def _enter_indicators(self, subject: str) -> None:
        for id, document, model in of_kind(self.documents, Indicator):
            if _is_of(model, subject):
                span = document.block.span
                lazy = Lazy(id, _later(self, model, document, subject), span)
                self._enter(subject, id, titles_of(model.title, id), lazy, span)

    def _enter_published(self, subject: str) -> None:
        """Enter what schemes publish; versions of one text publish under one name."""
        published: dict[str, Fact] = {}
        for id, _, model in of_kind(self.documents, Scheme):
            if _is_of(model, subject) and not model.abstract and not model.trial:
                for what, name in model.publishes.items():
                    published.setdefault(fold(name), _published(id, what, name, model))
        for fact in published.values():
            self._enter(subject, fact.title["zh"], fact.title, fact, fact.span)

    def _enter(
        self, subject: str, id: str, title: Mapping[str, str], named: Named | Lazy, span: Span
    ) -> None:
        """Enter a fact under its id and its Chinese title; a name that is taken is a finding."""
        names = self._names[subject]
        spelled = self._spelled.setdefault(subject, {})
        for name in dict.fromkeys((id, title["zh"])):
            folded = fold(name)
            present = names.setdefault(folded, named)
            written = spelled.setdefault(folded, name)
            if present is named or name in KEYS or _is_same(present, named):
                continue
            self.findings.append(taken(name, written, span, _where(present), _where(named)))


def taken(name: str, written: str, span: Span, a: str, b: str) -> Finding:
    """Return the finding of a name that means two things, or that only looks like another."""
    if name != written:
        return finding("KG203", span, a=written, b=name)
    return finding("KG202", span, name=name, a=a, b=b)


def is_single(register: Register) -> bool:
    """Tell whether a register has at most one record for a subject (and period)."""
    if register.of is None:
        return True
    others = {str(k) for k in register.key_} - set(KEYS)
    return not others and not register.valid and register.dated_by is None


def title_of(documents: Documents, register: str) -> str:
    """Return the Chinese title of a register, or its id."""
    document = documents.get(("Register", register))
    return document.model.title["zh"] if document else register


def _parent(register: Register) -> str:
    return str((register.of or ("",))[0])


def _published(scheme: str, what: str, name: Text, model: Scheme) -> Fact:
    kinds: dict[str, tuple[Kind, int | None]] = {"score": (NUMBER, 6), "rank": (NUMBER, 0)}
    kind, scale = kinds.get(what, (TEXT, None))
    return Fact(
        what, {"zh": str(name), "en": f"{what} under {scheme}"}, kind,
        "published", f"scheme {scheme}", grain=model.period, scale=scale, span=name.span,
    )  # fmt: skip


def _later(
    book: NameBook, model: Indicator, document: Document, subject: str
) -> Callable[[], Named]:
    return lambda: plain_indicator(book, model, document, subject)


def is_of_titles(child: Child) -> bool:
    """Tell whether a register has the fields by which `holds` knows a title."""
    return all(isinstance(child.names.get(name), Fact) for name in TITLE_FIELDS)


def _is_of(model: Indicator | Ladder | Scheme, subject: str) -> bool:
    return any(str(x) == subject for x in model.of or ())


def _is_same(present: Named | Lazy, named: Named | Lazy) -> bool:
    return isinstance(present, Fact) and isinstance(named, Fact) and present == named


def _where(named: Named | Lazy) -> str:
    if isinstance(named, Fact):
        return f"{named.owner}.{named.id}"
    return str(getattr(named, "id", "…"))
