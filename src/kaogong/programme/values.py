"""Written values and conditions to typed expressions, in the scope of one subject.

Bands and case tables become strict cascades (an unknown before the winner makes the result
unknown); an open slot becomes a node that is unknown and knows its address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from kaogong.kinds.parts import (
    AllOf,
    AnyOf,
    Bands,
    Cases,
    Condition,
    Judge,
    OpenSlot,
    Range,
    Test,
    Value,
)
from kaogong.language.check import check
from kaogong.language.expression import (
    Choose,
    Compare,
    Constant,
    Every,
    Expression,
    Not,
    Open,
    OverRecords,
    Read,
    Some,
    Streak,
    walk,
)
from kaogong.language.finding import Refused, refuse
from kaogong.language.interval import (
    WHOLE_LINE,
    Interval,
    NotAnInterval,
    Problem,
    check_bands,
    interval_text,
    read_interval,
)
from kaogong.language.kind import OPEN, YES_NO, Kind
from kaogong.language.scope import Scope
from kaogong.language.span import Span, Text
from kaogong.language.unify import kind_of, unified


def value_of(value: Value, scope: Scope, place: str) -> Expression:
    """Return the typed expression of a written value; `place` is its address."""
    if isinstance(value, OpenSlot):
        return open_slot(value, place)
    if isinstance(value, Text):
        return check(value, scope)
    if isinstance(value, Bands):
        return _bands(value, scope, place)
    if isinstance(value, Cases):
        return _cases(value, scope, place)
    expected = "one value, not a range" if isinstance(value, Range) else "a value, not a figure"
    raise refuse("KG112", value.span, value=place, expected=expected)


def open_slot(slot: OpenSlot, place: str, kind: Kind = OPEN) -> Open:
    """Return the node of an open slot."""
    return Open(place, slot.why, kind, slot.span)


def condition_of(condition: Condition, scope: Scope, place: str) -> Expression:
    """Return the typed yes/no of a written condition; all named conditions must hold."""
    return _CONDITIONS[type(condition)](condition, scope, place)


def _test(test: Condition, scope: Scope, place: str) -> Expression:
    assert isinstance(test, Test)
    if isinstance(test.when, OpenSlot):
        return open_slot(test.when, place, YES_NO)
    made = check(test.when, scope, expected="yes_no")
    if test.asked is None:
        return made
    asked = check(test.asked, scope, expected="yes_no")
    not_asked = Constant(True, YES_NO, made.span)
    return Choose(((asked, made), (Not(asked, made.span), not_asked)), None, True, YES_NO, made.span)


def _judge(judge: Condition, scope: Scope, place: str) -> Expression:
    assert isinstance(judge, Judge)
    return Open(place, judge.sentence, YES_NO, judge.span)


def _open_condition(slot: Condition, scope: Scope, place: str) -> Expression:
    assert isinstance(slot, OpenSlot)
    return open_slot(slot, place, YES_NO)


def _all_of(group: Condition, scope: Scope, place: str) -> Expression:
    assert isinstance(group, AllOf)
    items = tuple(condition_of(c, scope, f"{place}.{k}") for k, c in group.items.items())
    return Every(items, group.span)


def _any_of(group: Condition, scope: Scope, place: str) -> Expression:
    assert isinstance(group, AnyOf)
    items = tuple(condition_of(c, scope, f"{place}.{k}") for k, c in group.items.items())
    return Some(items, group.span)


_CONDITIONS: Mapping[type, Callable[[Condition, Scope, str], Expression]] = {
    Test: _test,
    Judge: _judge,
    OpenSlot: _open_condition,
    AllOf: _all_of,
    AnyOf: _any_of,
}


# -- tables -------------------------------------------------------------------------------


def _cases(cases: Cases, scope: Scope, place: str) -> Expression:
    branches = [
        (condition_of(when, scope, f"{place}.{n}"), value_of(then, scope, f"{place}.{n}"))
        for n, (when, then) in enumerate(cases.rows, 1)
    ]
    otherwise = None if cases.otherwise is None else value_of(cases.otherwise, scope, place)
    return _cascade(branches, otherwise, cases.span)


def _cascade(
    branches: list[tuple[Expression, Expression]], otherwise: Expression | None, span: Span
) -> Expression:
    values = [v for _, v in branches] + ([] if otherwise is None else [otherwise])
    values = unified(values, span)
    made = tuple((c, v) for (c, _), v in zip(branches, values, strict=False))
    last = None if otherwise is None else values[-1]
    return Choose(made, last, True, kind_of(values), span)


def _bands(bands: Bands, scope: Scope, place: str) -> Expression:
    of = check(bands.of, scope, expected="number")
    intervals = [_interval(text, of) for text in bands.bands]
    _refuse_holes(intervals, of, bands, place)
    branches = [
        (within(of, interval, text.span), value_of(value, scope, f"{place}.{text}"))
        for interval, (text, value) in zip(intervals, bands.bands.items(), strict=True)
    ]
    otherwise = None if bands.otherwise is None else value_of(bands.otherwise, scope, place)
    return _cascade(branches, otherwise, bands.span)


def _interval(text: Text, of: Expression) -> Interval:
    try:
        made = read_interval(str(text))
    except NotAnInterval as error:
        raise refuse("KG112", text.span, value=text, expected=error) from None
    if made.unit is None and of.kind.name == "number" and not of.kind.unit.is_pure:
        ends = [x for x in (made.low, made.high) if x is not None]
        if any(ends) and not of.kind.unit.is_count:
            raise refuse(
                "KG402", text.span, number=text, name=of.kind, unit=of.kind.unit.text
            )
    return made


def _refuse_holes(intervals: list[Interval], of: Expression, bands: Bands, place: str) -> None:
    ends = [i.low for i in intervals] + [i.high for i in intervals]
    least = _least(of)
    domain = WHOLE_LINE if None in ends else _span_of(intervals)
    if least is not None and domain.low is None:
        domain = Interval(least, domain.high, True, domain.high_closed, "", domain.unit)
    problems = check_bands(intervals, domain, has_else=bands.otherwise is not None)
    for problem in problems:
        if problem.kind != "hole":
            raise _problem(problem, intervals, list(bands.bands), place)


def _least(of: Expression) -> Fraction | None:
    """Return the least value a number can have where that is plain: counts, and bounded fields."""
    if isinstance(of, Streak) or (isinstance(of, OverRecords) and of.function == "count_of"):
        return Fraction(0)
    if isinstance(of, Read):
        inside = of.fact.definition
        return of.fact.low if inside is None else _least(inside)
    return None


def _span_of(intervals: list[Interval]) -> Interval:
    lowest = min(intervals, key=lambda i: i.low or Fraction(0))
    highest = max(intervals, key=lambda i: i.high or Fraction(0))
    return Interval(
        lowest.low, highest.high, lowest.low_closed, highest.high_closed, "", lowest.unit
    )


def _problem(problem: Problem, intervals: list[Interval], texts: list[Text], place: str) -> Refused:
    span = texts[problem.second if problem.second is not None else problem.first or 0].span
    if problem.kind == "overlap":
        return refuse("KG502", span, place=place, point=interval_text(problem.where))
    if problem.kind == "units":
        return refuse("KG401", span, left=texts[0], right=interval_text(problem.where), unit="")
    a = texts[problem.first] if problem.first is not None else "−∞"
    b = texts[problem.second] if problem.second is not None else "+∞"
    return refuse("KG501", span, place=place, a=a, b=b)


def within(of: Expression, interval: Interval, span: Span) -> Expression:
    """Return the test that a number lies in an interval."""
    tests: list[Expression] = []
    for end, closed, sign in (
        (interval.low, interval.low_closed, ">"),
        (interval.high, interval.high_closed, "<"),
    ):
        if end is not None:
            bound = Constant(end, of.kind, span)
            tests.append(Compare(f"{sign}=" if closed else sign, of, bound, span))  # type: ignore[arg-type]  # a sign
    if not tests:
        return Constant(True, YES_NO, span)
    return tests[0] if len(tests) == 1 else Every(tuple(tests), span)


def open_slots(expression: Expression) -> list[Open]:
    """Return every open slot an expression rests on, definitions of its facts included."""
    found: dict[str, Open] = {}
    stack, seen = [expression], set()
    while stack:
        for node in walk(stack.pop()):
            if isinstance(node, Open):
                found[node.place] = node
            elif isinstance(node, Read) and node.fact.definition is not None:
                if node.fact.key not in seen:
                    seen.add(node.fact.key)
                    stack.append(node.fact.definition)
    return list(found.values())


def conjunction(items: list[Expression], span: Span) -> Expression:
    """Return `and` over conditions; over none it is true."""
    if not items:
        return Constant(True, YES_NO, span)
    return items[0] if len(items) == 1 else Every(tuple(items), span)

