"""What a case may expect of a ladder or a policy: rungs and conditions, clauses and amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kaogong.language.finding import Finding, finding, refuse
from kaogong.language.kind import NUMBER, Kind
from kaogong.language.span import Block, Span
from kaogong.programme.example import Example, Expected
from kaogong.programme.example_figures import Figures
from kaogong.programme.example_results import Pair, number, one_text, refuse_figures
from kaogong.programme.example_values import Vocabularies, state_of
from kaogong.programme.ladder_rules import LadderRules, RungRule
from kaogong.programme.near import nearest
from kaogong.programme.policy_rules import PolicyRules

OUTCOMES = {"true": "met", "false": "failed"}  # and met, failed, unknown, not_asked
ANSWERS = ("met", "failed", "unknown", "not_asked")
OF_LADDER = ("rung", "state", "next_rung", "missing")
WORDS = ("outcome", "reason")
AMOUNTS = ("amount", "amount_min", "amount_max", "after_cap", "after_limit")


def _pairs(block: Block) -> Iterator[Pair]:
    for name, node in block.items():
        if not isinstance(node, Block):
            yield name, node, block.keys_at[name]
            continue
        for item, value in node.items():
            yield f"{name}.{item}", value, node.keys_at[item]


@dataclass(frozen=True, slots=True)
class LadderResults:
    """What a ladder makes of one subject: `rung`, `state`, and `<rung>.<condition or points>`."""

    rules: LadderRules

    @property
    def subject(self) -> str:
        """Return the register of the subjects."""
        return self.rules.subject

    def pairs(self, block: Block) -> Iterator[Pair]:
        """Yield each result, and what stands below a rung."""
        return _pairs(block)

    def figures(self, node: object, _vocabularies: Vocabularies, span: Span) -> Figures:
        """Return nothing: a ladder has no figures of many subjects."""
        return refuse_figures(node, span)

    def result(self, address: str, node: object, span: Span) -> Expected:
        """Return one expected result, or raise `Refused`."""
        key, _, item = address.partition(".")
        text = one_text(node, address, span)
        rungs = {rung.id: rung for rung in self.rules.rungs}
        if not item and key in OF_LADDER:
            if key in ("rung", "next_rung") and text not in (*rungs, "none"):
                near = nearest(text, tuple(rungs))
                raise refuse("KG201", text.span, name=text, subject=self.rules.id, near=near)
            return Expected(key, "", str(text), text.span)
        if not item or (key != "base" and key not in rungs):
            near = nearest(address, (*OF_LADDER, *(f"{id}." for id in rungs)))
            raise refuse("KG103", span, kind="expect", key=address, near=near)
        if key == "base":
            known = {rule.id: rule.id for rule in self.rules.base}
            return _answer(key, known.get(f"base.{item}"), text, address, known)
        rung = rungs[key]
        sums = {p.id: p.id for p in rung.points}
        if item in sums:
            state = state_of(text)
            value = state if state is not None else number(text, NUMBER, address)
            return Expected(key, item, value, text.span)
        known = _known(rung)
        return _answer(key, known.get(item), text, address, known)


def _known(rung: RungRule) -> dict[str, str]:
    """Return the conditions by id; those of the entry by their own name, too."""
    known = {rule.id: rule.id for rule in rung.conditions}
    for id in list(known):
        known.setdefault(id.removeprefix("entry."), id)
    return known


def _answer(
    key: str, item: str | None, text: object, address: str, known: dict[str, str]
) -> Expected:
    span = getattr(text, "span", Span(""))
    if item is None:
        near = nearest(address, tuple(known))
        raise refuse("KG201", span, name=address, subject=key, near=near)
    outcome = OUTCOMES.get(str(text), str(text))
    if outcome not in ANSWERS:
        raise refuse("KG310", span, place=address, expected=", ".join(ANSWERS), got=text)
    return Expected(key, item, outcome, span)


@dataclass(frozen=True, slots=True)
class PolicyResults:
    """What a policy makes of one subject: `<clause>: {outcome, amount, after_cap, …}`."""

    rules: PolicyRules

    @property
    def subject(self) -> str:
        """Return the register of the subjects."""
        return self.rules.subject

    def pairs(self, block: Block) -> Iterator[Pair]:
        """Yield what stands below each clause; a clause with one word expects that outcome."""
        for address, node, span in _pairs(block):
            yield (address if "." in address else f"{address}.outcome"), node, span

    def figures(self, node: object, _vocabularies: Vocabularies, span: Span) -> Figures:
        """Return nothing: a policy has no figures of many subjects."""
        return refuse_figures(node, span)

    def result(self, address: str, node: object, span: Span) -> Expected:
        """Return one expected result, or raise `Refused`."""
        key, _, item = address.partition(".")
        clauses = {clause.id: clause for clause in self.rules.clauses}
        if key not in clauses:
            near = nearest(key, tuple(clauses))
            raise refuse("KG201", span, name=key, subject=self.rules.id, near=near)
        text = one_text(node, address, span)
        if item in WORDS:
            return Expected(key, item, str(text), text.span)
        if item not in AMOUNTS:
            near = nearest(item, (*WORDS, *AMOUNTS))
            raise refuse("KG103", span, kind="expect", key=address, near=near)
        if text == "none":
            return Expected(key, item, "none", text.span)
        kind = Kind("number", clauses[key].unit)
        return Expected(key, item, number(text, kind, address), text.span)


def check_examples(
    ladders: Iterable[LadderRules], policies: Iterable[PolicyRules], examples: Iterable[Example]
) -> Iterator[Finding]:
    """Yield the rungs and clauses that no case names (KG709)."""
    named: dict[tuple[str, str], set[str]] = {}
    for example in examples:
        expected = named.setdefault(example.document, set())
        expected |= {each.key for each in example.expect}
        expected |= {str(each.value) for each in example.expect if each.key == "rung"}
    for ladder in ladders:
        for rung in ladder.rungs:
            if rung.id not in named.get(("Ladder", ladder.id), ()):
                yield finding("KG709", rung.span, clause=f"{ladder.id}.rungs.{rung.id}")
    for policy in policies:
        for clause in policy.clauses:
            if clause.id not in named.get(("Policy", policy.id), ()):
                yield finding("KG709", clause.span, clause=f"{policy.id}.clauses.{clause.id}")
