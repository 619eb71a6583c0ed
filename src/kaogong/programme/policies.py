"""Policies to rules: every key read in its scope, every mistake a finding.

exclusions of the document → per clause: records, conditions, amounts → limits over clauses
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kaogong.kinds.parts import OpenSlot
from kaogong.kinds.policy import Clause, Policy, Window
from kaogong.language.expression import (
    NOW,
    Choose,
    Compare,
    Constant,
    DateWord,
    Every,
    Expression,
    FirstTime,
    Not,
    OfSubject,
    Read,
    walk,
)
from kaogong.language.finding import Finding, refuse
from kaogong.language.kind import YES_NO
from kaogong.language.scope import Child, fold
from kaogong.language.span import Span, Text
from kaogong.programme.fields import titles_of
from kaogong.programme.indicators import Locals, local_scope
from kaogong.programme.load import Document
from kaogong.programme.named_conditions import Asking, ConditionRule, all_hold, derived, named
from kaogong.programme.names import NameBook
from kaogong.programme.near import nearest
from kaogong.programme.not_carried import block_at, not_carried
from kaogong.programme.policy_amounts import amounts_of
from kaogong.programme.policy_limits import limits_of
from kaogong.programme.policy_rules import ClauseRule, Period, PolicyRules
from kaogong.programme.reading import DocumentReading
from kaogong.programme.values import open_slots

PolicyReading = DocumentReading[Policy]
LATER = ("budgets", "publishes", "process")
LATER_OF_CLAUSE = ("base", "pays", "balance", "once", "includes_upper", "cost_share")
LATER_OF_CAP = ("project", "life")
LATER_OF_LIMIT = ("exempt", "across")
Conditions = tuple[ConditionRule, ...]


def read_policy(
    book: NameBook, document: Document, model: Policy
) -> tuple[PolicyRules | None, list[Finding]]:
    """Return the rules of a policy with every finding; None where it cannot be read at all."""
    subject = str((model.of or ("",))[0])
    reading = PolicyReading(book, document, model, book.scope(subject))
    reading.require("of", "period", "unknown")
    if not model.clauses:
        reading.tell("KG104", reading.span_at("clauses"), kind="Policy", id=model.id, key="clauses")
    _tell_later(reading)
    if subject not in book.registers():
        return None, reading.findings  # an unknown register is told with those of other kinds
    names = Locals(str(model.id), model.let, model.parameters)
    scope = reading.tried(lambda: local_scope(reading.scope, names))
    if scope is None:
        return None, reading.findings
    reading.scope = scope
    clauses = tuple(reading.each(model.clauses, lambda id, each: _clause(reading, id, each)))
    ends = model.effective_to
    return PolicyRules(
        id=reading.id,
        title=titles_of(model.title, reading.id),
        subject=subject,
        grain="year" if model.period in (None, "last_year") else str(model.period),
        unknown=str(model.unknown or "hold"),
        clauses=clauses,
        limits=limits_of(reading, clauses),
        last_day=ends if isinstance(ends, date) else None,
        evidence=str(model.source.evidence or "") if model.source else "",
        span=reading.span,
    ), reading.findings


def _tell_later(reading: PolicyReading) -> None:
    block, found = reading.document.block, reading.findings
    found.extend(not_carried(block, LATER, reading.id))
    for id in reading.model.clauses:
        place = reading.at(f"clauses.{id}")
        found.extend(not_carried(block_at(block, "clauses", id), LATER_OF_CLAUSE, place))
        if isinstance(reading.model.clauses[id].counts_to, tuple):
            found.extend(not_carried(block_at(block, "clauses", id), ("counts_to",), place))
        cap = block_at(block, "clauses", id, "cap")
        found.extend(not_carried(cap, LATER_OF_CAP, f"{place}.cap"))
    limits = reading.model.limits
    for id in limits if isinstance(limits, dict) else ():
        limit = block_at(block, "limits", id)
        found.extend(not_carried(limit, LATER_OF_LIMIT, reading.at(f"limits.{id}")))


def _clause(reading: PolicyReading, id: str, clause: Clause) -> ClauseRule:
    place, span = reading.at(f"clauses.{id}"), reading.span_at("clauses", id)
    child = _child(reading, clause.for_each)
    scope = reading.scope if child is None else reading.scope.of_records(child)
    owner = f"policy {reading.id}.{id}"
    asking = Asking(scope, owner, place)
    when = named(clause.when, "when", asking)
    bars = _bars(reading, clause, asking, is_of_record=child is not None)
    entitled = _entitled(reading, when, bars, span)
    amounts = amounts_of(clause, scope, place, owner, span)
    values = [entitled, *_definitions(amounts.low, amounts.high), *amounts.caps.values()]
    if amounts.minimum is not None:
        values.append(amounts.minimum)
    if child is not None:
        _refuse_first_time(values, place)
    window = clause.window if isinstance(clause.window, Window) else Window()
    return ClauseRule(
        id=id,
        title=titles_of(clause.title, id),
        child=child,
        belongs=None if child is None else _belongs(reading, child, span),
        conditions=(*when, *bars),
        entitled=derived("entitled", owner, entitled, kind=YES_NO),
        low=amounts.low,
        high=amounts.high,
        unit=amounts.unit,
        scale=clause.scale,
        caps=amounts.caps,
        minimum=amounts.minimum,
        opens=tuple({o.place: o for v in values for o in open_slots(v)}.values()),
        gives=clause.gives,
        direction=clause.direction,
        payee=str(clause.payee or ""),
        mode="" if isinstance(clause.mode, OpenSlot) else str(clause.mode),
        window=Period(_day(window.opens), _day(window.closes)),
        article=str(clause.source.article or "") if clause.source else "",
        span=span,
    )


def _definitions(*facts: object) -> list[Expression]:
    return [d for f in facts if (d := getattr(f, "definition", None)) is not None]


def _day(day: object) -> date | None:
    return day if isinstance(day, date) else None


def _child(reading: PolicyReading, name: Text | None) -> Child | None:
    """Return the register whose records are entitled one by one."""
    if name is None:
        return None
    children = reading.scope.children
    child = children.get(fold(name))
    if child is None:
        near = nearest(str(name), list(children))
        raise refuse("KG201", name.span, name=name, subject=reading.scope.subject, near=near)
    if reading.book.registers()[child.register].period is not None:
        raise refuse("KG650", name.span, key=f"for_each: {name}", place=reading.id)
    return child


def _bars(
    reading: PolicyReading, clause: Clause, asking: Asking, *, is_of_record: bool
) -> Conditions:
    """Return what bars from the clause: its own exclusions, then those of the document."""
    made: list[ConditionRule] = []
    if clause.excludes is not None:
        made += named(clause.excludes, "excludes", asking)
    if reading.model.excludes is not None:
        shared = Asking(reading.scope, f"policy {reading.id}", reading.id)
        rules = named(reading.model.excludes, "excluded", shared)
        made += (_of_owner(rule, asking.owner) if is_of_record else rule for rule in rules)
    return tuple(replace(rule, bars=True) for rule in made)


def _of_owner(rule: ConditionRule, owner: str) -> ConditionRule:
    """Return a condition of the subject as one of its records asks it."""
    span = rule.span
    outer = derived(rule.id, owner, OfSubject(Read(rule.fact, NOW, span), span), kind=YES_NO)
    asked = None if rule.asked is None else OfSubject(rule.asked, span)
    return replace(rule, fact=outer, asked=asked, numeric=None)


def _entitled(reading: PolicyReading, when: Conditions, bars: Conditions, span: Span) -> Expression:
    """Return whether the conditions hold and nothing bars; each unknown as the policy says."""
    unknown = str(reading.model.unknown or "hold")
    whole = [rule for rule in bars if rule.is_whole]
    free = [Not(settled(Read(r.fact, NOW, r.span), unknown), span) for r in whole]
    return Every((settled(all_hold(when, span), unknown), *free), span)


def settled(condition: Expression, unknown: str) -> Expression:
    """Return a condition with its unknown settled: held, taken as met, taken as not met."""
    if unknown == "hold":
        return condition
    span = condition.span
    yes, no = Constant(True, YES_NO, span), Constant(False, YES_NO, span)
    branches = ((condition, yes), (Not(condition, span), no))
    return Choose(branches, yes if unknown == "apply" else no, False, YES_NO, span)


def _belongs(reading: PolicyReading, child: Child, span: Span) -> Expression | None:
    """Return whether a record belongs to the period: one that has a date is of that day."""
    register = reading.book.registers()[child.register]
    if register.dated_by is None:
        return None
    fact = reading.book.fields[child.register, str(register.dated_by)]
    day = Read(fact, NOW, span)
    first, last = DateWord("period_start", span), DateWord("period_end", span)
    return Every((Compare(">=", day, first, span), Compare("<=", day, last, span)), span)


def _refuse_first_time(values: list[Expression], place: str) -> None:
    """Refuse what a record alone cannot answer yet: what it was the first of."""
    for value in values:
        for node in walk(value):
            if isinstance(node, FirstTime):
                raise refuse("KG650", node.span, key="first_time(…)", place=place)
