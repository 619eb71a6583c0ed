"""A move's condition for those of one class by rank.

`ranked_class` is known only after the list is cut, and facts are read before. So a condition that
asks for it is taken apart beforehand: once for each class, with the class put in place of the word.
"""

from __future__ import annotations

from kaogong.language.expression import (
    Compare,
    Constant,
    Every,
    Expression,
    Member,
    Not,
    Some,
    Word,
    rebuilt,
    walk,
)
from kaogong.language.kind import TEXT, YES_NO

RANKED_CLASS = "ranked_class"


def asks_for_rank(when: Expression) -> bool:
    """Tell whether a condition asks for the class by rank."""
    return any(isinstance(node, Word) and node.word == RANKED_CLASS for node in walk(when))


def in_class(when: Expression, name: str) -> Expression:
    """Return the condition for those whose class by rank is `name`; what that settles is folded."""
    if isinstance(when, Word) and when.word == RANKED_CLASS:
        return Constant(name, TEXT, when.span)
    return _folded(rebuilt(when, lambda inside: in_class(inside, name)))


def _folded(node: Expression) -> Expression:
    if isinstance(node, Member) and isinstance(node.item, Constant):
        return Constant(str(node.item.value) in node.codes, YES_NO, node.span)
    if isinstance(node, Compare) and node.sign in ("=", "<>"):
        left, right = node.left, node.right
        if isinstance(left, Constant) and isinstance(right, Constant):
            return Constant((left.value == right.value) == (node.sign == "="), YES_NO, node.span)
    if isinstance(node, Not) and isinstance(node.item, Constant):
        return Constant(node.item.value is False, YES_NO, node.span)
    if isinstance(node, Every):
        return _joined(node, decided_by=False)
    return _joined(node, decided_by=True) if isinstance(node, Some) else node


def _joined(node: Every | Some, *, decided_by: bool) -> Expression:
    """Fold `and` (which one no decides) or `or` (which one yes decides)."""
    if any(isinstance(x, Constant) and x.value is decided_by for x in node.items):
        return Constant(decided_by, YES_NO, node.span)
    open_items = tuple(x for x in node.items if not isinstance(x, Constant))
    if not open_items:
        return Constant(not decided_by, YES_NO, node.span)
    return open_items[0] if len(open_items) == 1 else type(node)(open_items, node.span)
