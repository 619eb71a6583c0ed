"""Checks that need a whole scheme, or several: groups that leave somebody out, names twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from kaogong.language.expression import (
    Compare,
    Constant,
    Every,
    Expression,
    Member,
    Not,
    Open,
    Some,
)
from kaogong.language.finding import Finding, finding
from kaogong.programme.load import Document
from kaogong.programme.rules import SchemeRules

MOST_ATOMS = 10


def check_whole(
    schemes: Iterable[SchemeRules], documents: Mapping[tuple[str, str], Document]
) -> list[Finding]:
    """Return what is wrong between the parts of schemes."""
    rules = list(schemes)
    found = [f for scheme in rules for f in _nobody_left_out(scheme)]
    found += [f for scheme in rules for f in _items_and_pools(scheme)]
    return found + list(_published_twice(rules, documents))


def _nobody_left_out(scheme: SchemeRules) -> Iterator[Finding]:
    """Whoever takes part falls into a group, whatever the truth of the conditions' atoms."""
    if not scheme.groups or isinstance(scheme.takes_part, Open):
        return
    conditions = [g.when for g in scheme.groups]
    atoms: dict[str, None] = {}
    for condition in [scheme.takes_part, *conditions]:
        for atom in _atoms(condition):
            atoms.setdefault(atom)
    if len(atoms) > MOST_ATOMS or any(isinstance(c, Open) for c in conditions):
        return
    for truths in product((False, True), repeat=len(atoms)):
        world = dict(zip(atoms, truths, strict=True))
        if _holds(scheme.takes_part, world) and not any(_holds(c, world) for c in conditions):
            yield finding("KG603", scheme.groups[-1].span)
            return


def _atoms(condition: Expression) -> Iterator[str]:
    if isinstance(condition, Every | Some):
        for item in condition.items:
            yield from _atoms(item)
    elif isinstance(condition, Not):
        yield from _atoms(condition.item)
    elif not isinstance(condition, Constant):
        yield _name(condition)


def _name(condition: Expression) -> str:
    """Return an atom's identity; a comparison and its opposite are one atom."""
    if isinstance(condition, Compare):
        sign = {">=": "<", ">": "<=", "<>": "="}.get(condition.sign, condition.sign)
        return f"{sign} {_plain(condition.left)} {_plain(condition.right)}"
    if isinstance(condition, Member):
        return f"in {_plain(condition.item)} {sorted(condition.codes)}"
    return _plain(condition)


def _plain(expression: Expression) -> str:
    """Return an expression without its places."""
    from dataclasses import fields

    inside = [
        _shown(getattr(expression, f.name)) for f in fields(expression) if f.name != "span"
    ]
    return f"{type(expression).__name__}({', '.join(inside)})"


def _shown(value: object) -> str:
    from kaogong.language.expression import EXPRESSIONS
    from kaogong.language.fact import Fact

    if isinstance(value, EXPRESSIONS):
        return _plain(value)
    if isinstance(value, tuple):
        return ", ".join(_shown(v) for v in value)
    if isinstance(value, Fact):
        return str(value.key)
    return repr(value)


def _holds(condition: Expression, world: Mapping[str, bool]) -> bool:
    if isinstance(condition, Every):
        return all(_holds(x, world) for x in condition.items)
    if isinstance(condition, Some):
        return any(_holds(x, world) for x in condition.items)
    if isinstance(condition, Not):
        return not _holds(condition.item, world)
    if isinstance(condition, Constant):
        return bool(condition.value)
    truth = world[_name(condition)]
    opposite = isinstance(condition, Compare) and condition.sign in (">=", ">", "<>")
    return not truth if opposite else truth


def _items_and_pools(scheme: SchemeRules) -> Iterator[Finding]:
    for group in scheme.groups:
        pools = {p.id for p in group.pools}
        for cut in group.classes:
            if cut.source and cut.source not in pools:
                yield finding("KG610", cut.span, pool=cut.source, name=cut.source)


def _published_twice(
    schemes: list[SchemeRules], documents: Mapping[tuple[str, str], Document]
) -> Iterator[Finding]:
    """Two schemes that can hold for the same subject and day publish no name twice (KG605)."""
    by_name: dict[tuple[str, str], list[SchemeRules]] = {}
    for scheme in schemes:
        for name in scheme.publishes.values():
            by_name.setdefault((scheme.subject, name), []).append(scheme)
    for (_, name), several in by_name.items():
        for a, b in zip(several, several[1:], strict=False):
            if _together(a, b, documents) and a.in_place_of != b.id and b.in_place_of != a.id:
                yield finding("KG605", b.span, a=a.id, b=b.id, name=name)


def _together(
    a: SchemeRules, b: SchemeRules, documents: Mapping[tuple[str, str], Document]
) -> bool:
    from datetime import date

    def dates(rules: SchemeRules) -> tuple[date, date]:
        model = documents["Scheme", rules.id].model
        begins = model.effective_from if isinstance(model.effective_from, date) else date.min
        ends = model.effective_to if isinstance(model.effective_to, date) else date.max
        return begins, ends

    return False if a.trial or b.trial else max(dates(a)[0], dates(b)[0]) <= min(dates(a)[1], dates(b)[1])
