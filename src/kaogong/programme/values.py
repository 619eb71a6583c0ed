"""Written values and conditions to typed expressions, in the scope of one subject.

Bands and case tables become strict cascades (an unknown before the winner makes the result
unknown); an open slot becomes a node that is unknown and knows its address.
"""

from __future__ import annotations

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
from kaogong.language.unify import kind_of, takes_bare, unified


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
    if isinstance(condition, OpenSlot):
        return open_slot(condition, place, YES_NO)
    if isinstance(condition, Judge):
        return Open(place, condition.sentence, YES_NO, condition.span, "pending")
    if isinstance(condition, Test):
        return _test(condition, scope, place)
    items = tuple(
        condition_of(each, scope, f"{place}.{name}") for name, each in condition.items.items()
    )
    return (Every if isinstance(condition, AllOf) else Some)(items, condition.span)


def refuse_hold(condition: Condition, default: str) -> None:
    """Refuse `hold` on one condition of a document that settles every unknown otherwise.

    A document settles what a whole condition leaves unknown, so one part of it cannot be held.
    """
    if isinstance(condition, AllOf | AnyOf):
        for each in condition.items.values():
            refuse_hold(each, default)
    elif isinstance(condition, Test) and condition.unknown == "hold" and default != "hold":
        raise refuse("KG112", condition.when.span, value="unknown: hold", expected="apply, skip")


def _test(test: Test, scope: Scope, place: str) -> Expression:
    if isinstance(test.when, OpenSlot):
        return open_slot(test.when, place, YES_NO)
    made = _settled(check(test.when, scope, expected="yes_no"), test)
    if test.asked is None:
        return made
    asked = check(test.asked, scope, expected="yes_no")
    not_asked = Constant(True, YES_NO, made.span)
    branches = ((asked, made), (Not(asked, made.span), not_asked))
    return Choose(branches, None, True, YES_NO, made.span)


def _settled(made: Expression, test: Test) -> Expression:
    """Apply the condition's own rule for an unknown answer; `hold` leaves it unknown."""
    if test.unknown is None or test.unknown == "hold":
        return made
    span = made.span
    taken = Constant(test.unknown == "apply", YES_NO, span)
    no = Constant(False, YES_NO, span)
    branches = ((made, Constant(True, YES_NO, span)), (Not(made, span), no))
    return Choose(branches, taken, False, YES_NO, span)


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
    intervals = _without_holes([_interval(text, of) for text in bands.bands], of, bands, place)
    branches = [
        (within(of, interval, text.span), value_of(value, scope, f"{place}.{text}"))
        for interval, (text, value) in zip(intervals, bands.bands.items(), strict=True)
    ]
    otherwise = None if bands.otherwise is None else value_of(bands.otherwise, scope, place)
    return _cascade(branches, otherwise, bands.span)


def _interval(text: Text, of: Expression) -> Interval:
    made = interval_of(text)
    if made.unit is None and of.kind.name == "number" and not takes_bare(of.kind.unit):
        ends = [x for x in (made.low, made.high) if x is not None]
        if any(ends):
            raise refuse("KG402", text.span, number=text, name=of.kind, unit=of.kind.unit.text)
    return made


def interval_of(text: Text) -> Interval:
    """Return the interval a text writes, or raise `Refused`."""
    try:
        return read_interval(str(text))
    except NotAnInterval as error:
        raise refuse("KG112", text.span, value=text, expected=error) from None


def mended(intervals: list[Interval], problems: list[Problem]) -> list[Interval]:
    """Return the bands with each printed hole closed by the band above it (KG503)."""
    made = list(intervals)
    for problem in problems:
        if problem.kind == "hole" and problem.second is not None and problem.mended is not None:
            made[problem.second] = problem.mended
    return made


def _without_holes(
    intervals: list[Interval], of: Expression, bands: Bands, place: str
) -> list[Interval]:
    """Return the bands as they are used; a gap, an overlap or a strange unit is refused."""
    least = _least(of, intervals)
    ends = [i.low for i in intervals] + [i.high for i in intervals]
    domain = WHOLE_LINE if None in ends else _span_of(intervals)
    if least is not None and domain.low is None:
        domain = Interval(least, domain.high, True, domain.high_closed, "", domain.unit)
    problems = check_bands(intervals, domain, has_else=bands.otherwise is not None)
    for problem in problems:
        if problem.kind != "hole":
            raise _problem(problem, list(bands.bands), place)
    return mended(intervals, problems)


def _least(of: Expression, intervals: list[Interval]) -> Fraction | None:
    """Return the least value that bands have to cover: counts and amounts begin at zero.

    A streak is asked only of those who have one. Bands that begin at zero are of an amount.
    """
    if isinstance(of, Streak):
        return Fraction(1)
    if isinstance(of, OverRecords) and of.function == "count_of":
        return Fraction(0)
    if isinstance(of, Read):
        inside = of.fact.definition
        least = of.fact.low if inside is None else _least(inside, intervals)
        if least is not None:
            return least
    begins = [i for i in intervals if i.low == 0 and i.low_closed]
    return Fraction(0) if begins and all(i.low is not None for i in intervals) else None


def _span_of(intervals: list[Interval]) -> Interval:
    lowest = min(intervals, key=lambda i: i.low or Fraction(0))
    highest = max(intervals, key=lambda i: i.high or Fraction(0))
    return Interval(
        lowest.low, highest.high, lowest.low_closed, highest.high_closed, "", lowest.unit
    )


def _problem(problem: Problem, texts: list[Text], place: str) -> Refused:
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
    stack, seen = [expression], set[object]()
    while stack:
        for node in walk(stack.pop()):
            if isinstance(node, Open):
                found[node.place] = node
            inside = node.fact.definition if isinstance(node, Read) else None
            if isinstance(node, Read) and inside is not None and node.fact.key not in seen:
                seen.add(node.fact.key)
                stack.append(inside)
    return list(found.values())
