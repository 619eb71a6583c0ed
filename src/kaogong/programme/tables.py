"""Tables of bands and cases: printed holes that were closed (KG503), rows never reached (KG504)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kaogong.language.expression import (
    Choose,
    Compare,
    Constant,
    Every,
    Expression,
    Member,
    Read,
    Some,
    walk,
)
from kaogong.language.finding import Finding, finding
from kaogong.language.interval import (
    Interval,
    NotAnInterval,
    check_bands,
    interval_text,
    read_interval,
)
from kaogong.language.span import Block, List, Text
from kaogong.programme.load import Documents
from kaogong.programme.sameness import identity


def check_holes(documents: Documents) -> list[Finding]:
    """Return a warning for every printed hole between two bands, with the band as it is used."""
    return [
        told
        for document in documents.values()
        for table in _band_tables(document.block)
        for told in _holes(table)
    ]


def _band_tables(node: object) -> Iterator[Block]:
    if isinstance(node, Block):
        bands = node.get("bands")
        if isinstance(bands, Block) and "of" in node and "else" not in node:
            yield bands
        for inside in node.values():
            if not isinstance(inside, Text):
                yield from _band_tables(inside)
    elif isinstance(node, List):
        for inside in node:
            if not isinstance(inside, Text):
                yield from _band_tables(inside)


def _holes(bands: Block) -> Iterator[Finding]:
    try:
        intervals = [read_interval(text) for text in bands]
    except NotAnInterval:
        return  # told where the table is read
    spans = list(bands.keys_at.values())
    for problem in check_bands(intervals):
        if problem.mended is not None and None not in (problem.first, problem.second):
            a, b = intervals[problem.first or 0], intervals[problem.second or 0]
            shown = interval_text(problem.mended)
            yield finding("KG503", spans[problem.second or 0], a=a.text, b=b.text, c=shown)


# -- rows that are never reached ----------------------------------------------------------


def check_reach(expressions: Sequence[Expression]) -> list[Finding]:
    """Return a warning for every row of a cascade that earlier rows cover."""
    found: list[Finding] = []
    seen: set[object] = set()
    stack = list(expressions)
    while stack:
        for node in walk(stack.pop()):
            if isinstance(node, Choose):
                found.extend(_unreached(node))
            inside = node.fact.definition if isinstance(node, Read) else None
            if isinstance(node, Read) and inside is not None and node.fact.key not in seen:
                seen.add(node.fact.key)
                stack.append(inside)
    return found


def _unreached(table: Choose) -> Iterator[Finding]:
    conditions = [condition for condition, _ in table.branches]
    for n, condition in enumerate(conditions[1:], 2):
        if any(implies(condition, earlier) for earlier in conditions[: n - 1]):
            yield finding("KG504", condition.span, n=n)


def implies(one: Expression, other: Expression) -> bool:
    """Tell whether `other` plainly holds wherever `one` does; in doubt it does not."""
    if isinstance(other, Constant):
        return other.value is True
    if isinstance(other, Every):
        return all(implies(one, each) for each in other.items)
    if isinstance(one, Some):
        return all(implies(each, other) for each in one.items)
    if isinstance(other, Some) and any(implies(one, each) for each in other.items):
        return True
    if isinstance(one, Every):
        return any(implies(each, other) for each in one.items) or identity(one) == identity(other)
    return identity(one) == identity(other) or _narrower(one, other)


def _narrower(one: Expression, other: Expression) -> bool:
    """Tell whether two tests of one value leave the first no more than the second."""
    if isinstance(one, Member) and isinstance(other, Member):
        return identity(one.item) == identity(other.item) and one.codes <= other.codes
    a, b = _range(one), _range(other)
    return a is not None and b is not None and a[0] == b[0] and _inside(a[1], b[1])


def _range(test: Expression) -> tuple[str, Interval] | None:
    """Return the value that a comparison with a number tests, and the numbers it lets through."""
    if not isinstance(test, Compare) or test.sign == "<>":
        return None
    left, right, sign = test.left, test.right, test.sign
    if isinstance(left, Constant):
        left, right = right, left
        sign = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, "=")  # type: ignore[assignment]  # a sign
    if not isinstance(right, Constant) or not isinstance(right.value, Fraction):
        return None
    end, closed = right.value, sign in ("=", "<=", ">=")
    low = end if sign in ("=", ">", ">=") else None
    high = end if sign in ("=", "<", "<=") else None
    return identity(left), Interval(low, high, closed and low is not None, closed, "")


def _inside(one: Interval, other: Interval) -> bool:
    above = other.low is None or (
        one.low is not None
        and (one.low > other.low or (one.low == other.low and other.low_closed >= one.low_closed))
    )
    below = other.high is None or (
        one.high is not None
        and (
            one.high < other.high
            or (one.high == other.high and other.high_closed >= one.high_closed)
        )
    )
    return above and below
