"""Named conditions as facts: what a ladder or a policy asks, one by one, and how far off it is.

A condition whose text compares two numbers keeps both sides, so that the distance can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from kaogong.kinds.parts import AllOf, AnyOf, Condition, Judge, OpenSlot, Test
from kaogong.language.check import check
from kaogong.language.expression import (
    NOW,
    Compare,
    Constant,
    Every,
    Expression,
    FirstTime,
    Read,
)
from kaogong.language.fact import Fact
from kaogong.language.kind import YES_NO
from kaogong.language.scope import Scope
from kaogong.language.span import Span, Text
from kaogong.language.unit import Unit
from kaogong.programme.values import condition_of

Titles = Mapping[str, str]
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


@dataclass(frozen=True, slots=True)
class Numeric:
    """The two sides of a comparison of numbers: what the subject has, and what is asked."""

    value: Expression
    sign: str  # value sign bound
    bound: Expression
    unit: Unit


@dataclass(frozen=True, slots=True)
class ConditionRule:
    """One condition, whole or inside an `any`."""

    id: str  # below its document, rung or clause: `entry.revenue`, `when.market.share`
    title: Titles
    fact: Fact
    asked: Expression | None
    numeric: Numeric | None
    is_whole: bool  # one of those that all must hold; otherwise a part of such a one
    bars: bool = False  # whoever meets it is excluded
    article: str = ""

    @property
    def span(self) -> Span:
        """Return where the condition stands."""
        return self.fact.span


@dataclass(frozen=True, slots=True)
class Asking:
    """Where conditions stand: their scope, who owns them, and the address of their document."""

    scope: Scope
    owner: str
    address: str  # of the document, the rung or the clause


def named(condition: Condition, key: str, asking: Asking) -> tuple[ConditionRule, ...]:
    """Return the conditions under a key, those inside an `any` after the one they belong to."""
    return tuple(_named(condition, key, asking, is_whole=True))


def all_hold(rules: tuple[ConditionRule, ...], span: Span) -> Expression:
    """Return whether all whole conditions hold."""
    return Every(tuple(Read(r.fact, NOW, r.span) for r in rules if r.is_whole), span)


def derived(id: str, owner: str, definition: Expression, **more: object) -> Fact:
    """Return a named figure of a subject that a document computes."""
    name = id.replace(".", "_")
    made = Fact(
        name, {"zh": id, "en": id}, definition.kind, "let", owner,
        definition=definition, span=definition.span,
    )  # fmt: skip
    return replace(made, **more) if more else made  # type: ignore[arg-type]  # fields of a fact


def _named(
    condition: Condition, key: str, asking: Asking, *, is_whole: bool
) -> Iterator[ConditionRule]:
    if isinstance(condition, AllOf):
        if not is_whole:
            yield _rule(condition, key, asking, is_whole=False)
        for name, each in condition.items.items():
            yield from _named(each, f"{key}.{name}", asking, is_whole=is_whole)
        return
    yield _rule(condition, key, asking, is_whole=is_whole)
    if isinstance(condition, AnyOf):
        for name, each in condition.items.items():
            yield from _named(each, f"{key}.{name}", asking, is_whole=False)


def _rule(condition: Condition, key: str, asking: Asking, *, is_whole: bool) -> ConditionRule:
    made = condition_of(condition, asking.scope, f"{asking.address}.{key}")
    fact = derived(key, asking.owner, made, kind=YES_NO)
    asked = numeric = None
    article = ""
    if isinstance(condition, Test):
        article = condition.article
        if condition.asked is not None:
            asked = check(condition.asked, asking.scope, expected="yes_no")
        numeric = _numeric(condition, asking.scope)
    title = _TITLES[type(condition)](condition) or key.rpartition(".")[2]
    return ConditionRule(
        key, {"zh": title, "en": title}, fact, asked, numeric, is_whole, article=article
    )


def _numeric(test: Test, scope: Scope) -> Numeric | None:
    """Return the two sides of a condition that compares numbers; the written number is asked."""
    if not isinstance(test.when, Text):
        return None
    made = check(test.when, scope, expected="yes_no")
    if isinstance(made, FirstTime):
        made = made.item  # how far the period itself is off
    if not isinstance(made, Compare) or made.left.kind.name != "number":
        return None
    value, bound, sign = made.left, made.right, made.sign
    if isinstance(value, Constant):
        value, bound, sign = bound, value, TURNED[sign]  # type: ignore[assignment]  # a sign
    if bound.kind.name != "number":
        return None
    unit = value.kind.unit if bound.kind.bare or not bound.kind.unit.text else bound.kind.unit
    return Numeric(value, sign, bound, unit)


_TITLES: Mapping[type, Callable[..., str]] = {
    Test: lambda test: test.title,
    Judge: lambda judge: judge.sentence,
    OpenSlot: lambda _: "",
    AllOf: lambda _: "",
    AnyOf: lambda _: "",
}
