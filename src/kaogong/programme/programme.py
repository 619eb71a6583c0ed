"""A whole programme: what `check` reports on and `compile` starts from.

The pipeline, each step a function from value to value:

    bundle → link (merge, read models) → vocabularies → names → rules → findings of the whole
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from kaogong.kinds.head import Head
from kaogong.kinds.indicator import Indicator
from kaogong.kinds.ladder import Ladder
from kaogong.kinds.policy import Policy
from kaogong.kinds.programme import Header
from kaogong.kinds.register import Register
from kaogong.kinds.scheme import Scheme
from kaogong.language.expression import Expression
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, has_errors, in_order
from kaogong.language.vocabulary import Vocabulary
from kaogong.programme.adopted import is_own
from kaogong.programme.bundle import Bundle, Finder, Shelf
from kaogong.programme.conditions import check_registers, check_subjects
from kaogong.programme.example_claims import LadderResults, PolicyResults, check_examples
from kaogong.programme.example_results import Results, SchemeResults
from kaogong.programme.examples import Example, examples_of
from kaogong.programme.heads import check_heads
from kaogong.programme.indicators import every_choice, every_option
from kaogong.programme.ladder_rules import LadderRules
from kaogong.programme.ladders import read_ladder
from kaogong.programme.load import Document, Documents, Key, Linked, link, of_kind
from kaogong.programme.names import NameBook
from kaogong.programme.policies import read_policy
from kaogong.programme.policy_rules import PolicyRules
from kaogong.programme.purposes import check_purposes
from kaogong.programme.room import check_room
from kaogong.programme.rules import SchemeRules
from kaogong.programme.schemes import read_scheme
from kaogong.programme.slots import check_opens, check_readings
from kaogong.programme.tables import check_holes, check_reach
from kaogong.programme.uses import expressions_of, of_ladder, of_policy
from kaogong.programme.versions import check_versions
from kaogong.programme.vocabularies import vocabularies_of
from kaogong.programme.whole import check_whole

Model = TypeVar("Model", bound=Head)
Rules = TypeVar("Rules")


@dataclass(frozen=True, slots=True)
class Programme:
    """A checked programme; what has errors cannot be run."""

    header: Header | None
    documents: Documents
    vocabularies: Mapping[str, Vocabulary]
    book: NameBook
    schemes: Mapping[str, SchemeRules]
    indicators: Mapping[str, tuple[Fact, ...]]  # of the first register: each option once
    findings: tuple[Finding, ...]
    content_id: str
    bundles: tuple[Bundle, ...]
    examples: tuple[Example, ...] = ()  # golden cases, in written order
    ladders: Mapping[str, LadderRules] = field(default_factory=dict)
    policies: Mapping[str, PolicyRules] = field(default_factory=dict)

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
        if not isinstance(model, Register):
            raise TypeError(f"{id} is no register")
        return model

    def schemes_in_force(self, start: date, end: date) -> list[SchemeRules]:
        """Return the schemes to run for a period: not abstract, in force, in written order."""
        return [r for id, r in self.schemes.items() if self.in_force("Scheme", id, start, end)]

    def in_force(self, kind: str, id: str, start: date, end: date) -> bool:
        """Tell whether a document holds on some day of a period."""
        return _holds(self.documents[kind, id], start, end)


def load_programme(bundle: Bundle, find: Finder | None = None) -> Programme:
    """Return the programme of `bundle` with every finding; nothing in it raises."""
    linked = link(bundle, find or Shelf())
    return checked(linked)


def checked(linked: Linked) -> Programme:
    """Return a linked programme with its names, rules and findings."""
    documents = linked.documents
    vocabularies, findings = vocabularies_of(documents, linked.bundles)
    findings += linked.findings
    book = NameBook(documents, vocabularies)
    schemes = _rules_of(Scheme, read_scheme, book, documents, findings)
    ladders = _rules_of(Ladder, read_ladder, book, documents, findings)
    policies = _rules_of(Policy, read_policy, book, documents, findings)
    indicators = _indicators(book, documents, findings)
    findings += check_registers(book, documents)
    uses = [("Scheme", list(expressions_of(r))) for r in schemes.values()]
    uses += [("Ladder", list(of_ladder(r))) for r in ladders.values()]
    uses += [("Policy", list(of_policy(r))) for r in policies.values()]
    findings += _between(linked, schemes, uses, indicators)
    results: dict[Key, Results] = {("Scheme", id): SchemeResults(r) for id, r in schemes.items()}
    results |= {("Ladder", id): LadderResults(r) for id, r in ladders.items()}
    results |= {("Policy", id): PolicyResults(r) for id, r in policies.items()}
    examples, told = examples_of(book, results, linked.bundles)
    findings += check_examples(ladders.values(), policies.values(), examples)
    findings += [*told, *book.findings]
    return Programme(
        linked.header, documents, vocabularies, book, schemes, indicators,
        tuple(in_order(findings)), linked.content_id, linked.bundles, examples, ladders, policies,
    )  # fmt: skip


def _between(
    linked: Linked,
    schemes: Mapping[str, SchemeRules],
    uses: Sequence[tuple[str, Sequence[Expression]]],
    indicators: Mapping[str, tuple[Fact, ...]],
) -> Iterator[Finding]:
    """Yield the findings that need whole documents, or several."""
    documents, rules = linked.documents, list(schemes.values())
    id = str(linked.header.id) if linked.header else ""
    own = {key: d for key, d in documents.items() if is_own(d, id)}
    yield from check_heads(documents)
    yield from check_subjects(documents)
    yield from check_versions(documents)
    yield from check_opens(documents)
    yield from check_readings(documents)
    yield from check_holes(documents)
    yield from check_room(linked)
    yield from check_whole(rules, own)
    yield from check_purposes(uses, documents)
    expressions = [e for _, inside in uses for e in inside]
    defined = [f.definition for facts in indicators.values() for f in facts]
    yield from check_reach([*expressions, *(d for d in defined if d is not None)])


def _rules_of(
    kind: type[Model],
    read: Callable[[NameBook, Document, Model], tuple[Rules | None, list[Finding]]],
    book: NameBook,
    documents: Documents,
    findings: list[Finding],
) -> dict[str, Rules]:
    """Return the rules of every document of a kind that can be read; abstract ones make none."""
    made: dict[str, Rules] = {}
    for id, document, model in of_kind(documents, kind):
        if model.abstract:
            continue
        rules, told = read(book, document, model)
        findings += told
        if rules is not None:
            made[id] = rules
    return made


def _indicators(
    book: NameBook, documents: Documents, findings: list[Finding]
) -> dict[str, tuple[Fact, ...]]:
    """Check each indicator for each of its registers, and return the facts of its first."""
    made: dict[str, tuple[Fact, ...]] = {}
    for id, _, model in of_kind(documents, Indicator):
        named = () if model.abstract else model.of or ()
        subjects = [str(s) for s in named if str(s) in book.registers()]
        made[id] = ()
        for subject in subjects[:1]:
            made[id], refused = every_choice(book, model, subject)
            findings += refused
        findings += [f for s in subjects[1:] for f in every_option(book, model, s)]
    return made


def _holds(document: Document, start: date, end: date) -> bool:
    model = document.model
    begins, ends = model.effective_from, model.effective_to
    starts = not isinstance(begins, date) or begins <= end
    return starts and (not isinstance(ends, date) or ends >= start)
