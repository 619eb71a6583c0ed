"""Going through typed trees: what lies below a node, the same tree changed, or moved in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from kaogong.language.expression.nodes import (
    EXPRESSIONS,
    Choose,
    DateWord,
    Expression,
    FirstTime,
    OverRecords,
    Pick,
    Read,
    Streak,
    ToDate,
    Via,
)
from kaogong.language.expression.when import When


def children(node: Expression) -> Iterator[Expression]:
    """Yield the expressions directly inside `node`, in written order (tables' entries included)."""
    if isinstance(node, Choose):
        for condition, value in node.branches:
            yield condition
            yield value
        if node.otherwise is not None:
            yield node.otherwise
        return
    if isinstance(node, Pick):
        yield from node.table.entries.values()
    for each in fields(node):
        inside = getattr(node, each.name)
        if isinstance(inside, tuple):
            yield from (x for x in inside if isinstance(x, EXPRESSIONS))
        elif isinstance(inside, EXPRESSIONS):
            yield inside


def walk(node: Expression) -> Iterator[Expression]:
    """Yield `node` and every expression below it, parents first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


def rebuilt(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return `node` with `change` applied to every expression directly inside it."""
    if isinstance(node, Choose):
        branches = tuple((change(c), change(v)) for c, v in node.branches)
        otherwise = None if node.otherwise is None else change(node.otherwise)
        return replace(node, branches=branches, otherwise=otherwise)
    changed: dict[str, Any] = {}
    if isinstance(node, Pick):
        entries = {key: change(entry) for key, entry in node.table.entries.items()}
        changed["table"] = replace(node.table, entries=entries)
    for each in fields(node):
        inside = getattr(node, each.name)
        if isinstance(inside, EXPRESSIONS):
            changed[each.name] = change(inside)
        elif isinstance(inside, tuple) and any(isinstance(x, EXPRESSIONS) for x in inside):
            changed[each.name] = tuple(change(x) for x in inside)
    return replace(node, **changed) if changed else node


_MOVED = (Read, Streak, FirstTime, ToDate, OverRecords, Via, DateWord)  # they know their period


def shifted(node: Expression, back: int = 0, years: int = 0, at: str | None = None) -> Expression:
    """Return `node` as it was in an earlier or a fixed period; `as_of` stays as it is."""
    if isinstance(node, _MOVED):
        return replace(node, when=node.when.within(When(back, years, at)))
    return rebuilt(node, lambda inside: shifted(inside, back, years, at))


def is_together(node: Expression) -> bool:
    """Tell whether January and February are one period for what `node` reads."""
    stack, seen = [node], set()
    while stack:
        for each in walk(stack.pop()):
            if isinstance(each, Read) and each.fact.key not in seen:
                if each.fact.together:
                    return True
                seen.add(each.fact.key)
                if each.fact.definition is not None:
                    stack.append(each.fact.definition)
    return False
