"""Which names one subject has, over all documents of a programme.

The facts of a subject are the fields of its register and of every register of its periods, the
indicators declared for it and what schemes publish for it. Registers of many records are its
children; link fields lead to other subjects. Two different facts under one name are a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kaogong.kinds.indicator import Indicator
from kaogong.kinds.register import Field, Register
from kaogong.kinds.scheme import Scheme
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.interval import NotAnInterval, read_interval
from kaogong.language.kind import DATE, NUMBER, TEXT, YES_NO, Kind
from kaogong.language.scope import Child, Lazy, Named, Scope, fold
from kaogong.language.span import Block, Span, Text
from kaogong.language.unit import PURE, Unit, UnknownUnit, read_unit
from kaogong.language.vocabulary import Vocabulary
from kaogong.programme.load import Document

Names = dict[str, Named | Lazy]
SUBJECT_KEY = "subject_id"


@dataclass(slots=True)
class NameBook:
    """The names of every register that can be a subject, made once for a programme."""

    documents: Mapping[tuple[str, str], Document]
    vocabularies: Mapping[str, Vocabulary]
    findings: list[Finding] = field(default_factory=list)
    fields: dict[tuple[str, str], Fact] = field(default_factory=dict)
    making: list[str] = field(default_factory=list)
    _names: dict[str, Names] = field(default_factory=dict)
    _children: dict[str, dict[str, Child]] = field(default_factory=dict)

    def registers(self) -> dict[str, Register]:
        """Return every register that keeps records."""
        return {
            id: d.model
            for (kind, id), d in self.documents.items()
            if kind == "Register" and isinstance(d.model, Register) and d.model.fields
        }

    def scope(self, subject: str) -> Scope:
        """Return the scope of an expression about one subject of register `subject`."""
        return Scope(
            title_of(self.documents, subject),
            self.names(subject),
            self.children(subject),
            self.linked,
            self.vocabularies,
            making=self.making,
        )

    def linked(self, link: Fact) -> Mapping[str, Named | Lazy] | None:
        """Return the names of the register that a link field points to."""
        if link.links_to is None or ("Register", link.links_to) not in self.documents:
            return None
        return self.names(link.links_to)

    def names(self, subject: str) -> Names:
        """Return the facts of a subject by folded id and title."""
        if subject not in self._names:
            made: Names = {}
            self._names[subject] = made
            for register in self._registers_of(subject):
                for fact in self.facts_of(register):
                    self._enter(made, fact.id, fact.title, fact, fact.span)
            self._enter_indicators(made, subject)
            self._enter_published(made, subject)
        return self._names[subject]

    def children(self, subject: str) -> dict[str, Child]:
        """Return the registers whose records belong to a subject, by folded id and title."""
        if subject not in self._children:
            made: dict[str, Child] = {}
            self._children[subject] = made
            for id, register in self.registers().items():
                if str((register.of or ("",))[0]) == subject and not is_single(register):
                    child = self._child(id, register)
                    made[fold(id)] = child
                    made[fold(register.title["zh"])] = child
        return self._children[subject]

    def facts_of(self, register: str) -> list[Fact]:
        """Return the fields of one register as facts."""
        document = self.documents["Register", register]
        model = document.model
        assert isinstance(model, Register)
        return [self._fact(register, model, name, each, document) for name, each in model.fields.items()]

    def _registers_of(self, subject: str) -> list[str]:
        """Return the subject's own register, then those with one record a period."""
        mine = [subject] if ("Register", subject) in self.documents else []
        return mine + [
            id
            for id, register in self.registers().items()
            if str((register.of or ("",))[0]) == subject and is_single(register)
        ]

    def _child(self, id: str, register: Register) -> Child:
        names: Names = {}
        for fact in self.facts_of(id):
            self._enter(names, fact.id, fact.title, fact, fact.span)
        wanted = [str(register.dated_by)] if register.dated_by else []
        wanted += [str(k) for k in register.key_ if str(k) not in (SUBJECT_KEY, "period")]
        order = [self.fields[id, name] for name in wanted if (id, name) in self.fields]
        return Child(id, names, tuple(order), register.title["zh"])

    def _fact(
        self, register: str, model: Register, name: str, declared: Field, document: Document
    ) -> Fact:
        if (register, name) not in self.fields:
            span = _span_of_field(document.block, name)
            try:
                self.fields[register, name] = _made_fact(register, model, name, declared, span, self)
            except Refused as refused:
                self.findings.extend(refused.findings)
                self.fields[register, name] = Fact(
                    name, _titles(declared.title, name), TEXT, "field", register, span=span
                )
        return self.fields[register, name]

    def _enter_indicators(self, made: Names, subject: str) -> None:
        for (kind, id), document in self.documents.items():
            model = document.model
            if kind == "Indicator" and isinstance(model, Indicator) and _is_of(model, subject):
                lazy = Lazy(id, _deferred(self, model, document, subject), document.block.span)
                self._enter(made, id, _titles(model.title, id), lazy, document.block.span)

    def _enter_published(self, made: Names, subject: str) -> None:
        for (kind, id), document in self.documents.items():
            model = document.model
            if kind != "Scheme" or not isinstance(model, Scheme) or not _is_of(model, subject):
                continue
            if model.abstract or model.trial:
                continue
            for what, name in model.publishes.items():
                published = _published(id, what, name, model)
                made.setdefault(fold(str(name)), published)

    def _enter(
        self, made: Names, id: str, title: Mapping[str, str], named: Named | Lazy, span: Span
    ) -> None:
        """Enter a fact under its id and its Chinese title; a name that is taken is a finding."""
        for name in dict.fromkeys((id, title["zh"])):
            present = made.get(fold(name))
            if present is None or present is named:
                made[fold(name)] = named
            elif name not in (SUBJECT_KEY, "period") and not _same_key(present, named):
                self.findings.append(
                    finding("KG202", span, name=name, a=_where(present), b=_where(named))
                )


def is_single(register: Register) -> bool:
    """Tell whether a register has at most one record for a subject (and period)."""
    others = {str(k) for k in register.key_} - {SUBJECT_KEY, "period"}
    if register.of is None:
        return True
    return not others and not register.valid and register.dated_by is None


def title_of(documents: Mapping[tuple[str, str], Document], register: str) -> str:
    """Return the Chinese title of a register, or its id."""
    document = documents.get(("Register", register))
    return document.model.title["zh"] if document else register


def _made_fact(
    register: str, model: Register, name: str, declared: Field, span: Span, book: NameBook
) -> Fact:
    kind = _kind(register, name, declared, book.vocabularies, span)
    low, high = bounds(declared, kind, span)
    return Fact(
        name, _titles(declared.title, name), kind, "field", register,
        grain=model.period, nature=declared.nature,
        scale=(declared.scale or 0) if kind.name == "number" else None,
        low=low, high=high, comparable=str(declared.comparable) if declared.comparable else None,
        provided_by=str(declared.provided_by) if declared.provided_by else None,
        span=span, links_to=str(declared.link) if declared.link else None,
    )  # fmt: skip


def _kind(
    register: str, name: str, declared: Field, vocabularies: Mapping[str, Vocabulary], span: Span
) -> Kind:
    value_type = declared.value_type
    if value_type == "number":
        return Kind("number", unit_of(declared.unit))
    if value_type == "code":
        id = vocabulary_of(register, name, declared)
        if id not in vocabularies:
            raise refuse("KG201", span, name=id, subject=register, near=_nearest(id, vocabularies))
        return Kind("code", vocabulary=id, order=vocabularies[id].order)
    return {"yes_no": YES_NO, "date": DATE}.get(value_type, TEXT)


def vocabulary_of(register: str, name: str, declared: Field) -> str:
    """Return the id of a field's vocabulary: the register it names, or its own small list."""
    return str(declared.codes) if isinstance(declared.codes, Text) else f"{register}.{name}"


def unit_of(text: Text | None) -> Unit:
    """Return the unit a document names, or refuse an unknown one."""
    if text is None:
        return PURE
    try:
        return read_unit(str(text))
    except UnknownUnit as error:
        near = "、".join(error.near) or "万元 / 亩 / 吨标煤"
        raise refuse("KG112", text.span, value=text, expected=f"a unit ({near})") from None


def bounds(declared: Field, kind: Kind, span: Span) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and greatest value in base units; a range is written in the field's unit."""
    if kind.name != "number":
        return None, None
    if declared.range is None:
        widest = Fraction(10) ** 15 / Fraction(10) ** (declared.scale or 0) * kind.unit.factor
        return -widest, widest
    try:
        written = read_interval(str(declared.range))
    except NotAnInterval as error:
        raise refuse("KG112", declared.range.span, value=declared.range, expected=error) from None
    factor = kind.unit.factor if written.unit is None else Fraction(1)
    low = None if written.low is None else written.low * factor
    high = None if written.high is None else written.high * factor
    return low, high


def _published(scheme: str, what: str, name: Text, model: Scheme) -> Fact:
    kinds = {"score": NUMBER, "rank": NUMBER, "class": _class_kind(model)}
    grain = model.period
    scale = 6 if what == "score" else 0 if what == "rank" else None
    return Fact(
        what, {"zh": str(name), "en": f"{what} under {scheme}"}, kinds.get(what, TEXT),
        "published", f"scheme {scheme}", grain=grain, scale=scale, span=name.span,
    )  # fmt: skip


def _class_kind(model: Scheme) -> Kind:
    return TEXT


def _deferred(book: NameBook, model: Indicator, document: Document, subject: str):  # type: ignore[no-untyped-def]
    def build() -> Named:
        from kaogong.programme.indicators import plain_indicator

        return plain_indicator(book, model, document, subject)

    return build


def _titles(title: Mapping[str, str], id: str) -> dict[str, str]:
    return {"zh": title["zh"], "en": title.get("en", id.replace("_", " "))}


def _is_of(model: Indicator | Scheme, subject: str) -> bool:
    return subject in [str(x) for x in model.of or ()]


def _same_key(present: Named | Lazy, named: Named | Lazy) -> bool:
    return isinstance(present, Fact) and isinstance(named, Fact) and present == named


def _where(named: Named | Lazy) -> str:
    if isinstance(named, Fact):
        return f"{named.owner}.{named.id}"
    return str(getattr(named, "id", "…"))


def _nearest(name: str, known: Mapping[str, object]) -> str:
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.0)
    return close[0] if close else ""


def _span_of_field(block: Block, name: str) -> Span:
    fields = block.get("fields")
    return fields.keys_at.get(name, block.span) if isinstance(fields, Block) else block.span


