"""What a run carries out: each kind of document that makes results, and what it takes to run one.

A kind is one row of a table: where its rules are, how they become a plan, what is checked in its
results, and what stands against calling them final.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

from kaogong.data.canonical import Json, content_id
from kaogong.engine.results import check_results
from kaogong.engine.written import files_at
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Span
from kaogong.plan.frame import Instant
from kaogong.plan.ladder.compile import compile_ladder
from kaogong.plan.policy.compile import compile_policy
from kaogong.plan.scheme.compile import CAPACITY, Setting, compile_scheme
from kaogong.plan.step import Plan
from kaogong.programme.adopted import is_own
from kaogong.programme.programme import Programme


class Rules(Protocol):
    """What a run asks of the rules of a document."""

    @property
    def id(self) -> str:
        """Return the id of the document."""

    @property
    def subject(self) -> str:
        """Return the register of its subjects."""

    @property
    def evidence(self) -> str:
        """Return how well its text was seen."""

    @property
    def span(self) -> Span:
        """Return where it stands."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document that is to be run."""

    kind: str
    rules: Any  # the rules of its kind

    @property
    def key(self) -> tuple[str, str]:
        """Return kind and id."""
        return (self.kind, self.rules.id)

    @property
    def publishes(self) -> bool:
        """Tell whether later documents may read its results."""
        return self.kind == "Scheme" and not self.rules.trial


@dataclass(frozen=True, slots=True)
class RunKind:
    """How documents of one kind are run."""

    rules: Callable[[Programme], Mapping[str, Rules]]
    compile: Callable[[Any, Setting], Plan]
    relation: str  # of its results
    doubtful: str  # which results stand against a final run, as a condition
    place: str  # of such a result: what it hangs on
    check: Callable[[duckdb.DuckDBPyConnection, Any], Iterable[Finding]]


KINDS: Mapping[str, RunKind] = {
    "Scheme": RunKind(
        lambda programme: programme.schemes,
        compile_scheme,
        "scheme_result",
        "state = 'held' OR (state = 'rated' AND class IS NULL)",
        "coalesce(reason, 'classes')",
        lambda connection, rules: check_results(connection, [rules]),
    ),
    "Ladder": RunKind(
        lambda programme: programme.ladders,
        compile_ladder,
        "ladder_result",
        "state = 'pending'",
        "missing",
        lambda _connection, _rules: (),
    ),
    "Policy": RunKind(
        lambda programme: programme.policies,
        compile_policy,
        "entitlement",
        "outcome = 'open' OR (outcome = 'entitled' AND after_budget IS NULL)",
        "clause || '.' || coalesce(reason, 'amount')",
        lambda _connection, _rules: (),
    ),
}


def of_programme(programme: Programme) -> list[Wanted]:
    """Return every document that could be run, kind by kind, in written order."""
    return [
        Wanted(kind, rules)
        for kind, how in KINDS.items()
        for rules in how.rules(programme).values()
    ]


def is_adopted(programme: Programme, wanted: Wanted) -> bool:
    """Tell whether a document is the programme's own."""
    return is_own(programme.documents[wanted.key], programme.id)


def of_kinds(
    programme: Programme, ready: list[Wanted], kinds: Container[str], instant: Instant
) -> list[Wanted]:
    """Return the documents of some kinds, and the schemes whose results they read."""
    made = [each for each in ready if each.kind in kinds]
    left = [each for each in ready if each.kind not in kinds]
    new = list(made)
    while new:
        plans = [plan_of(programme, each, instant, optimistic=True) for each in new]
        read = {id for plan in plans for id in plan.published}
        new = [each for each in left if each.kind == "Scheme" and each.rules.id in read]
        left = [each for each in left if each not in new]
        made += new
    return made


def plan_of(
    programme: Programme,
    wanted: Wanted,
    instant: Instant,
    *,
    optimistic: bool,
    capacity: int = CAPACITY,
) -> Plan:
    """Return the plan of one document for one period."""
    others = programme.schemes.values() if wanted.kind == "Scheme" else ()
    displaced_by = tuple(
        other
        for other in others
        if other.in_place_of == wanted.rules.id and is_adopted(programme, Wanted("Scheme", other))
    )
    setting = Setting(
        instant, programme.book.registers(), version_of(programme, *wanted.key), displaced_by,
        optimistic, capacity,
    )  # fmt: skip
    return KINDS[wanted.kind].compile(wanted.rules, setting)


def version_of(programme: Programme, kind: str, id: str) -> str:
    """Return the content hash of a document after all overlays."""
    return content_id(plain(programme.documents[kind, id].block))[:16]


def plain(node: object) -> Json:
    """Return a written tree as plain mappings, lists and texts."""
    if isinstance(node, dict):
        return {str(k): plain(v) for k, v in node.items()}
    if isinstance(node, list):
        return [plain(v) for v in node]
    return str(node)


def in_order(wanted: list[Wanted], plans: list[Plan]) -> list[Wanted]:
    """Return the documents so that each comes after those whose results it reads."""
    schemes = {w.rules.id for w in wanted if w.kind == "Scheme"}
    reads = {
        w.key: {("Scheme", id) for id in plan.published if id in schemes} - {w.key}
        for w, plan in zip(wanted, plans, strict=True)
    }
    made: list[Wanted] = []
    left = list(wanted)
    while left:
        done = {w.key for w in made}
        ready = [w for w in left if reads[w.key] <= done] or left
        made.append(ready[0])
        left.remove(ready[0])
    return made


def doubtful(wanted: Wanted, built: Path) -> list[Finding]:
    """Return what keeps results from being final: what they hang on, and for how many (KG718)."""
    how = KINDS[wanted.kind]
    rows = duckdb.execute(
        f"SELECT {how.place}, count(*) FROM read_parquet(?) "
        f"WHERE {how.doubtful} GROUP BY 1 ORDER BY 1",
        [files_at(built, how.relation, wanted.rules.id)],
    ).fetchall()
    id, span = wanted.rules.id, wanted.rules.span
    return [finding("KG718", span, place=f"{id}.{place}", n=n) for place, n in rows]
