"""Checks that need a whole scheme, or several: groups that leave somebody out, names twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations, product

from kaogong.kinds.head import Head
from kaogong.language.expression import (
    Compare,
    Constant,
    Every,
    Expression,
    Not,
    Open,
    Some,
)
from kaogong.language.finding import Finding, finding
from kaogong.language.scope import fold
from kaogong.programme.load import Documents
from kaogong.programme.rules import SchemeRules
from kaogong.programme.sameness import identity

MOST_ATOMS = 10


def check_whole(schemes: Iterable[SchemeRules], adopted: Documents) -> list[Finding]:
    """Return what is wrong between the parts of schemes, and between schemes in force together."""
    rules = list(schemes)
    found = [f for scheme in rules for f in _nobody_left_out(scheme)]
    found += [f for scheme in rules for f in _items_and_pools(scheme)]
    return found + list(_published_twice(rules, adopted))


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
        return f"{sign} {identity(condition.left)} {identity(condition.right)}"
    return identity(condition)


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


def _published_twice(schemes: list[SchemeRules], adopted: Documents) -> Iterator[Finding]:
    """Two schemes that can hold for the same subject and day publish no name twice (KG605)."""
    by_name: dict[tuple[str, str], list[SchemeRules]] = {}
    for scheme in schemes:
        if not scheme.trial and ("Scheme", scheme.id) in adopted:
            for name in scheme.publishes.values():
                by_name.setdefault((scheme.subject, fold(name)), []).append(scheme)
    for several in by_name.values():
        for a, b in combinations(several, 2):
            if _together(a, b, adopted):
                shared = {fold(n) for n in a.publishes.values()}
                name = next(n for n in b.publishes.values() if fold(n) in shared)
                yield finding("KG605", b.span, a=a.id, b=b.id, name=name)


def _together(a: SchemeRules, b: SchemeRules, documents: Documents) -> bool:
    """Tell whether both can hold on one day and neither stands in the other's place."""
    if a.in_place_of == b.id or b.in_place_of == a.id:
        return False
    one, other = (documents["Scheme", rules.id].model for rules in (a, b))
    if a.id in map(str, other.replaces) or b.id in map(str, one.replaces):
        return False
    (begins, ends), (starts, stops) = _days(one), _days(other)
    return max(begins, starts) <= min(ends, stops)


def _days(model: Head) -> tuple[date, date]:
    begins, ends = model.effective_from, model.effective_to
    return (
        begins if isinstance(begins, date) else date.min,
        ends if isinstance(ends, date) else date.max,
    )
