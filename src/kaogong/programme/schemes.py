"""Schemes to rules: every key read in its scope, every mistake a finding.

    local names → population → groups (lines, adjustments, rank, cuts) → moves → checks between them

A group's own `scores scoring adjust rank pools classes` hold whole, else the scheme's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kaogong.kinds.parts import OpenSlot
from kaogong.kinds.scheme import Cut, Group, Scheme
from kaogong.language.expression import Open
from kaogong.language.finding import Finding
from kaogong.language.kind import NUMBER
from kaogong.language.scope import Scope, fold
from kaogong.programme.fields import titles_of
from kaogong.programme.indicators import Locals, local_scope
from kaogong.programme.load import Document
from kaogong.programme.names import NameBook
from kaogong.programme.reading import GroupReading, Reading
from kaogong.programme.rules import CutRule, GroupRule, LineRule, SchemeRules
from kaogong.programme.scheme_cuts import check_classes, cuts_of, rank_of
from kaogong.programme.scheme_lines import lines_of
from kaogong.programme.scheme_moves import (
    adjust_caps,
    adjustments_of,
    check_class_names,
    moves_of,
    total_floor,
    vacated,
)
from kaogong.programme.scheme_population import leaves, merge, open_parts, returns, takes_part
from kaogong.programme.values import open_slot

TABLES = (
    "groups", "scores", "scoring", "adjust", "adjust_caps", "rank", "pools", "classes", "moves",
    "total",
)  # fmt: skip


def read_scheme(
    book: NameBook, document: Document, model: Scheme
) -> tuple[SchemeRules | None, list[Finding]]:
    """Return the rules of a scheme with every finding; None where it cannot be read at all."""
    subject = str((model.of or ("",))[0])
    reading = Reading(book, document, model, book.scope(subject))
    reading.require("of", "period", "unknown", "total")
    if subject not in book.registers():
        return None, reading.findings  # an unknown register is told with those of other kinds
    named = Locals(str(model.id), model.let, model.parameters)
    scope = reading.tried(lambda: local_scope(reading.scope, named))
    if scope is None:
        return None, reading.findings
    reading.scope = scope
    _check_locals(reading)
    return _rules(reading), reading.findings


def _rules(reading: Reading) -> SchemeRules:
    model = reading.model
    groups = _groups(reading)
    left, moves = leaves(reading), moves_of(reading)
    reading.findings.extend(check_class_names(reading, groups, moves, left))
    return SchemeRules(
        id=reading.id,
        title=titles_of(model.title, reading.id),
        subject=reading.subject,
        grain=str(model.period or "year"),
        unknown=str(model.unknown or "hold"),
        takes_part=takes_part(reading),
        leaves=left,
        returns=returns(reading),
        merge=merge(reading),
        groups=groups,
        adjust_caps=adjust_caps(reading),
        floor=total_floor(reading),
        moves=moves,
        vacated=vacated(reading),
        publishes={what: str(name) for what, name in model.publishes.items()},
        trial=model.trial,
        in_place_of=str(model.in_place_of or ""),
        opens=tuple(_open_tables(reading)),
        evidence=str(model.source.evidence or "") if model.source else "",
        span=reading.span,
    )


def _check_locals(reading: Reading) -> None:
    """Read every local name and parameter once, so that a mistake in an unused one is told."""
    for name in (*reading.model.parameters, *reading.model.let):
        reading.tried(lambda name=name: reading.scope.find(name, reading.span))  # type: ignore[misc]  # bound now


def _open_tables(reading: Reading) -> list[Open]:
    """Return the tables of the scheme that are open as a whole."""
    tables = ((key, getattr(reading.model, key)) for key in TABLES)
    found = [open_slot(t, reading.at(k)) for k, t in tables if isinstance(t, OpenSlot)]
    return found + open_parts(reading)


def _groups(reading: Reading) -> tuple[GroupRule, ...]:
    groups = reading.model.groups
    if isinstance(groups, OpenSlot):
        return ()
    return tuple(reading.each(groups, lambda id, group: _group(reading, id, group)))


def _group(reading: Reading, id: str, model: Group) -> GroupRule | None:
    group = GroupReading(reading, id, model)
    when = reading.tried(lambda: reading.condition(model.when, f"{group.place}.when"))
    lines = lines_of(group)
    ranked = _ranked_scope(reading.scope, lines)
    adjustments = adjustments_of(group)
    rank = rank_of(group, ranked)
    pools = _cuts(group, "pools", model.pools, reading.model.pools, ranked)
    told = len(reading.findings)
    classes = _cuts(group, "classes", model.classes, reading.model.classes, ranked)
    if all(f.level != "error" for f in reading.findings[told:]):  # one refused leaves a gap
        reading.findings.extend(check_classes(classes, id))
    if when is None:
        return None
    return GroupRule(
        id, titles_of(model.title, id), when, tuple(lines), adjustments, rank, pools, classes,
        tuple(group.opens), reading.span_at("groups", id),
    )  # fmt: skip


def _ranked_scope(scope: Scope, lines: list[LineRule]) -> Scope:
    """Return the scope of orders: with the total, and the points of each line by id and title."""
    items = {fold(line.id): line.id for line in lines}
    items |= {fold(line.title["zh"]): line.id for line in lines}
    return replace(scope, words={**scope.words, "total": NUMBER}, items=items)


def _cuts(
    group: GroupReading,
    key: str,
    own: Mapping[str, Cut] | OpenSlot | None,
    of_scheme: Mapping[str, Cut] | OpenSlot | None,
    scope: Scope,
) -> tuple[CutRule, ...]:
    table = group.whole(own, of_scheme, key)
    if table is None:
        return ()
    place = f"{group.place}.{key}" if own is not None else group.reading.at(key)
    return cuts_of(group.reading, table, place, scope)
