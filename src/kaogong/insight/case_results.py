"""What a golden case of a ladder or a policy may expect, by address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from kaogong.insight.climbing import climbed
from kaogong.insight.owed import ENTITLED, Owed
from kaogong.insight.owing import owing
from kaogong.language.fact import Fact
from kaogong.language.subject import Subject
from kaogong.language.value import Value
from kaogong.programme.example import Given
from kaogong.programme.ladder_rules import LadderRules
from kaogong.programme.policy_rules import PolicyRules
from kaogong.programme.programme import Programme

Result = tuple[str, Value | None]
AMOUNTS = ("amount", "amount_min", "amount_max", "after_cap", "after_limit")


def of_ladder(
    _programme: Programme, rules: LadderRules, subject: Subject, _given: Given
) -> Iterator[Result]:
    """Yield the rung, and of each rung its conditions and points."""
    stand = climbed(rules, subject)
    yield "rung", stand.rung
    yield "state", stand.state
    yield "next_rung", stand.next_rung
    yield "missing", "; ".join(stand.missing) or None
    yield from ((f"base.{id}", each.outcome) for id, each in stand.base.items())
    for rung in rules.rungs:
        for id, each in stand.rungs[rung.id].items():
            yield f"{rung.id}.{id}", each.outcome
        yield from ((f"{rung.id}.{id}", v) for id, v in stand.points[rung.id].items())


def of_policy(
    programme: Programme, rules: PolicyRules, subject: Subject, _given: Given
) -> Iterator[Result]:
    """Yield outcome and amounts of each clause; of several records, what they come to together."""
    rows = owing(rules, subject, keys_of(programme, rules))
    for clause in rules.clauses:
        mine = [row for row in rows if row.clause is clause]
        if not mine:
            continue
        entitled = [row for row in mine if row.outcome == ENTITLED]
        shown = entitled[0] if entitled else mine[0]
        yield f"{clause.id}.outcome", shown.outcome
        yield f"{clause.id}.reason", shown.reason or None
        for name in AMOUNTS:
            yield f"{clause.id}.{name}", _sum(name, entitled)


def _sum(name: str, rows: Sequence[Owed]) -> Fraction | None:
    values = [getattr(row, name) for row in rows]
    if not values or None in values:
        return None
    return sum(values, Fraction(0))


def keys_of(programme: Programme, rules: PolicyRules) -> Mapping[str, Sequence[Fact]]:
    """Return the fields that tell the records of each register apart, beside their subject."""
    made: dict[str, list[Fact]] = {}
    for clause in rules.clauses:
        if clause.child is None:
            continue
        register = clause.child.register
        names = [str(k) for k in programme.register(register).key_]
        made[register] = [
            programme.book.fields[register, name]
            for name in names[1:]
            if (register, name) in programme.book.fields
        ]
    return made
