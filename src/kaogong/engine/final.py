"""A final run: refused where an open slot matters to anybody, warned where an example fills one."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kaogong.engine.written import files_at
from kaogong.kinds.head import EVIDENCE
from kaogong.language.finding import Finding, finding
from kaogong.programme.programme import Programme
from kaogong.programme.rules import SchemeRules

WEAK = EVIDENCE[EVIDENCE.index("secondary") :]


def check_final(
    programme: Programme, rules: list[SchemeRules], built: Path, *, final: bool
) -> list[Finding]:
    """Return what stands against calling the run final."""
    found = [f for scheme in rules for f in _evidence(programme, scheme, final=final)]
    if final:
        found += [f for scheme in rules for f in _held(scheme, built)]
    return found


def _evidence(programme: Programme, scheme: SchemeRules, *, final: bool) -> list[Finding]:
    document = programme.documents["Scheme", scheme.id]
    if scheme.evidence == "example":
        return [finding("KG719", document.block.span, place=scheme.id)]
    if final and scheme.evidence in WEAK:
        return [finding("KG712", document.block.span, place=scheme.id, evidence=scheme.evidence)]
    return []


def _held(scheme: SchemeRules, built: Path) -> list[Finding]:
    """Every subject must have a result: who is held, or ranked without a class, stops the run."""
    rows = duckdb.execute(
        "SELECT coalesce(reason, 'classes'), count(*) FROM read_parquet(?) "
        "WHERE state = 'held' OR (state = 'rated' AND class IS NULL) GROUP BY 1 ORDER BY 1",
        [files_at(built, "scheme_result", scheme.id)],
    ).fetchall()
    return [finding("KG718", scheme.span, place=f"{scheme.id}.{place}", n=n) for place, n in rows]
