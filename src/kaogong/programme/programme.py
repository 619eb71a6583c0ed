"""A whole programme: what `check` reports on and `compile` starts from.

The pipeline, each step a function from value to value:

    bundle → link (merge, read models) → vocabularies → names → rules → findings of the whole
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kaogong.kinds.indicator import Indicator
from kaogong.kinds.register import Register
from kaogong.kinds.scheme import Scheme
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, Refused, has_errors, in_order
from kaogong.language.vocabulary import Vocabulary
from kaogong.programme.bundle import Bundle, Finder, Shelf
from kaogong.programme.conditions import check_registers
from kaogong.programme.heads import check_heads
from kaogong.programme.indicators import indicator_fact
from kaogong.programme.load import Document, Header, Linked, link
from kaogong.programme.names import NameBook
from kaogong.programme.rules import SchemeRules
from kaogong.programme.schemes import SchemeReader
from kaogong.programme.slots import check_opens
from kaogong.programme.versions import check_versions
from kaogong.programme.vocabularies import vocabularies_of
from kaogong.programme.whole import check_whole
from kaogong.language.span import Text


@dataclass(frozen=True, slots=True)
class Programme:
    """A checked programme; what has errors cannot be run."""

    header: Header | None
    documents: Mapping[tuple[str, str], Document]
    vocabularies: Mapping[str, Vocabulary]
    book: NameBook
    schemes: Mapping[str, SchemeRules]
    indicators: Mapping[str, tuple[Fact, ...]]  # every choice of variants, one after another
    findings: tuple[Finding, ...]
    content_id: str
    bundles: tuple[Bundle, ...]

    @property
    def id(self) -> str:
        """Return the programme's id."""
        return str(self.header.id) if self.header else ""

    @property
    def can_run(self) -> bool:
        """Tell whether no finding is an error."""
        return self.header is not None and not has_errors(self.findings)

    def register(self, id: str) -> Register:
        """Return the model of a register."""
        model = self.documents["Register", id].model
        assert isinstance(model, Register)
        return model

    def schemes_in_force(self, start: date, end: date) -> list[SchemeRules]:
        """Return the schemes to run for a period: not abstract, in force, in written order."""
        return [
            rules
            for id, rules in self.schemes.items()
            if _holds(self.documents["Scheme", id], start, end)
        ]


def load_programme(bundle: Bundle, find: Finder | None = None) -> Programme:
    """Return the programme of `bundle` with every finding; nothing in it raises."""
    linked = link(bundle, find or Shelf())
    return checked(linked)


def checked(linked: Linked) -> Programme:
    """Return a linked programme with its names, rules and findings."""
    findings = list(linked.findings)
    vocabularies, unread = vocabularies_of(linked.documents, linked.files)
    findings += unread
    book = NameBook(linked.documents, vocabularies)
    schemes = _schemes(book, linked, findings)
    indicators = _indicators(book, linked, findings)
    findings += check_heads(linked.documents)
    findings += check_registers(book, linked.documents)
    findings += check_versions(linked.documents)
    findings += check_opens(schemes.values(), linked.documents)
    findings += check_whole(schemes.values(), linked.documents)
    findings += book.findings
    return Programme(
        linked.header, linked.documents, vocabularies, book, schemes, indicators,
        tuple(in_order(findings)), linked.content_id, linked.bundles,
    )  # fmt: skip


def _schemes(book: NameBook, linked: Linked, findings: list[Finding]) -> dict[str, SchemeRules]:
    made: dict[str, SchemeRules] = {}
    for (kind, id), document in linked.documents.items():
        if kind == "Scheme" and isinstance(document.model, Scheme) and not document.model.abstract:
            reader = SchemeReader(book, document)
            try:
                rules = reader.read()
            except Refused as refused:
                findings += refused.findings
                rules = None
            findings += reader.findings
            if rules is not None:
                made[id] = rules
    return made


def _indicators(
    book: NameBook, linked: Linked, findings: list[Finding]
) -> dict[str, tuple[Fact, ...]]:
    """Check each indicator once for each of its registers and each choice of variants."""
    made: dict[str, tuple[Fact, ...]] = {}
    for (kind, id), document in linked.documents.items():
        model = document.model
        if kind != "Indicator" or not isinstance(model, Indicator) or model.abstract:
            continue
        facts: list[Fact] = []
        for subject in model.of or ():
            if ("Register", str(subject)) not in linked.documents:
                continue
            for choice in choices(model):
                try:
                    facts.append(indicator_fact(book, model, str(subject), choice))
                except Refused as refused:
                    findings += refused.findings if str(subject) == str((model.of or ("",))[0]) else ()
        made[id] = tuple(facts)
    return made


def choices(model: Indicator) -> list[dict[str, Text]]:
    """Return every choice of variants: each name's options once, the others at their first."""
    first = {name: next(iter(options)) for name, options in model.variants.items()}
    made = [first]
    for name, options in model.variants.items():
        made += [{**first, name: option} for option in list(options)[1:]]
    return [{k: Text(v, model.id.span) for k, v in choice.items()} for choice in made]


def _holds(document: Document, start: date, end: date) -> bool:
    model = document.model
    begins, ends = model.effective_from, model.effective_to
    starts = not isinstance(begins, date) or begins <= end
    return starts and (not isinstance(ends, date) or ends >= start)
