"""What each node of an expression is worth, given the values it asks for.

A leaf has its value at once. A step yields an `Ask` for each value it needs and returns its own;
whoever drives it answers. Nothing here calls itself, so depth costs no stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction

from kaogong.language.expression import (
    NOW,
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    DateWord,
    Every,
    Expression,
    Has,
    Known,
    Member,
    Not,
    OfSubject,
    Open,
    Pick,
    Plain,
    Points,
    Read,
    Some,
    Status,
    Via,
    Word,
)
from kaogong.language.frame import Ask, Frame, Steps, asked
from kaogong.language.period import NotAPeriod, Period
from kaogong.language.quantity import exact_text
from kaogong.language.scalar import applied, calculated, compared
from kaogong.language.value import Unknown, Value, all_of, any_of, causes_in, negated, united

# -- leaves: values that need nothing else ------------------------------------------------


def constant(node: Constant, _frame: Frame) -> Value:
    """Return the written value."""
    return node.value


def open_slot(node: Open, _frame: Frame) -> Value:
    """Return unknown: nobody has filled the slot."""
    return Unknown(node.state, frozenset({node.place}))


def date_word(node: DateWord, frame: Frame) -> Value:
    """Return a day of the run; a period's ends follow the period a definition is computed for."""
    if node.word == "as_of":
        return frame.root.as_of
    try:
        period = node.when.of(frame.period)
    except NotAPeriod:
        period = None
    if period is None:
        return Unknown("not_applicable", frozenset({node.word}))
    return _ENDS[node.word](period)


_ENDS: Mapping[str, Callable[[Period], date]] = {
    "period_start": lambda period: period.start,
    "period_end": lambda period: period.end,
    "year_start": lambda period: period.year_start,
}


def points(node: Points, frame: Frame) -> Value:
    """Return the points of a line."""
    return frame.root.points(node.item)


def word(node: Word, frame: Frame) -> Value:
    """Return a word of the kind."""
    return frame.root.word(node.word)


# -- steps: values made of others ---------------------------------------------------------


def _all(items: Iterable[Expression], frame: Frame) -> Steps[list[Value]]:
    return (yield from asked(Ask(item, frame) for item in items))


def arithmetic(node: Arithmetic, frame: Frame) -> Steps[Value]:
    """Return the result over both sides."""
    left, right = yield from _all((node.left, node.right), frame)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return united((left, right)) or left
    return calculated(node, left, right)


def compare(node: Compare, frame: Frame) -> Steps[Value]:
    """Return whether the comparison holds."""
    left, right = yield from _all((node.left, node.right), frame)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return united((left, right)) or left
    return compared(node, left, right)


def member(node: Member, frame: Frame) -> Steps[Value]:
    """Return whether the item is one of the codes."""
    item = yield Ask(node.item, frame)
    return item if isinstance(item, Unknown) else item in node.codes


def every(node: Every, frame: Frame) -> Steps[Value]:
    """Return Kleene's `and`."""
    return all_of((yield from _all(node.items, frame)))


def some(node: Some, frame: Frame) -> Steps[Value]:
    """Return Kleene's `or`."""
    return any_of((yield from _all(node.items, frame)))


def negation(node: Not, frame: Frame) -> Steps[Value]:
    """Return Kleene's `not`."""
    return negated((yield Ask(node.item, frame)))


def known(node: Known, frame: Frame) -> Steps[Value]:
    """Return whether a value stands there; never unknown."""
    item = yield Ask(node.item, frame)
    return not isinstance(item, Unknown)


def status(node: Status, frame: Frame) -> Steps[Value]:
    """Return the state of a cell, empty where a value stands; never unknown."""
    item = yield Ask(node.item, frame)
    return item.state if isinstance(item, Unknown) else ""


def choose(node: Choose, frame: Frame) -> Steps[Value]:
    """Return the value of the first condition that holds; those after it are not asked."""
    doubts: list[Value] = []
    chosen = node.otherwise
    for condition, value in node.branches:
        held = yield Ask(condition, frame)
        if held is True:
            chosen = value
            break
        doubts.append(held)
    doubt = united(doubts)
    if doubt is not None and (node.strict or chosen is None):
        return doubt
    if chosen is None:
        causes = causes_in(*(condition for condition, _ in node.branches))
        return Unknown(node.otherwise_state, causes)
    return (yield Ask(chosen, frame))


def apply(node: Apply, frame: Frame) -> Steps[Value]:
    """Return the value of a function; all but `coalesce` need every argument."""
    if node.function == "coalesce":
        return (yield from _coalesce(node, frame))
    known: list[Plain] = []
    doubts: list[Value] = []
    for argument in node.arguments:
        value = yield Ask(argument, frame)
        if isinstance(value, Unknown):
            doubts.append(value)
        else:
            known.append(value)
    return united(doubts) or applied(node, known, frame.root.calendar)


def _coalesce(node: Apply, frame: Frame) -> Steps[Value]:
    doubts: list[Value] = []
    for argument in node.arguments:
        value = yield Ask(argument, frame)
        if not isinstance(value, Unknown):
            return value
        doubts.append(value)
    return united(doubts) or Unknown("not_applicable")


def of_subject(node: OfSubject, frame: Frame) -> Steps[Value]:
    """Return a value of the subject that the record belongs to."""
    owner = frame.owner()
    if owner is None:
        return Unknown("not_reported", causes_in(node.item))
    return (yield Ask(node.item, owner))


def via(node: Via, frame: Frame) -> Steps[Value]:
    """Return a value of the linked record; a link unknown or leading nowhere is the cause."""
    cause = frozenset({node.link.id})
    inside = frame.seen(node.when)
    if inside is None:
        return Unknown("not_applicable", cause)
    target = inside.subject.linked(node.link, inside.absolute(node.link))
    if target is not None:
        return (yield Ask(node.item, inside.linked(target)))
    link = yield Ask(Read(node.link, NOW, node.span), inside)
    return link if isinstance(link, Unknown) else Unknown("not_reported", cause)


def _entry(node: Pick | Has, frame: Frame) -> Steps[Expression | Unknown | None]:
    """Return the entry under the keys, unknown where a key is, None where there is none."""
    keys = yield from _all(node.keys, frame)
    return united(keys) or node.table.entries.get(tuple(map(_key, keys)))


def _key(value: Value) -> str:
    """Return a key as tables write it: codes and texts as they stand, whole numbers in digits."""
    return exact_text(value) if isinstance(value, Fraction) else str(value)


def pick(node: Pick, frame: Frame) -> Steps[Value]:
    """Return the entry of a table."""
    entry = yield from _entry(node, frame)
    if isinstance(entry, Unknown):
        return entry
    if entry is None:
        return Unknown("not_applicable", frozenset({node.table.id}))
    return (yield Ask(entry, frame))


def has(node: Has, frame: Frame) -> Steps[Value]:
    """Return whether a table has an entry."""
    entry = yield from _entry(node, frame)
    return entry if isinstance(entry, Unknown) else entry is not None
