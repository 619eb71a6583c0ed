"""A final run: refused where an open slot matters to anybody, warned where an example fills one."""

from __future__ import annotations

from pathlib import Path

from kaogong.engine.documents import Wanted, doubtful
from kaogong.kinds.head import EVIDENCE
from kaogong.language.finding import Finding, finding
from kaogong.programme.programme import Programme

WEAK = EVIDENCE[EVIDENCE.index("secondary") :]


def check_final(
    programme: Programme, wanted: list[Wanted], built: Path, *, final: bool
) -> list[Finding]:
    """Return what stands against calling the run final."""
    found = [f for each in wanted for f in _evidence(programme, each, final=final)]
    if final:
        found += [f for each in wanted for f in doubtful(each, built)]
    return found


def _evidence(programme: Programme, wanted: Wanted, *, final: bool) -> list[Finding]:
    span, rules = programme.documents[wanted.key].block.span, wanted.rules
    if rules.evidence == "example":
        return [finding("KG719", span, place=rules.id)]
    if final and rules.evidence in WEAK:
        return [finding("KG712", span, place=rules.id, evidence=rules.evidence)]
    return []
