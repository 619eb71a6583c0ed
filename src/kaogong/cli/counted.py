"""Ladders and policies of a run in brief: how many on which rung, how many owed how much."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kaogong.cli import table
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language

if TYPE_CHECKING:
    from kaogong.programme.ladder_rules import LadderRules
    from kaogong.programme.policy_rules import PolicyRules

OUTCOMES = ("entitled", "not_entitled", "unknown", "open")


def show_rungs(out: Path, rules: LadderRules, language: Language) -> None:
    """Print a ladder's title and how many stand on each rung."""
    found = dict(_rows("SELECT coalesce(rung, state), count(*)", out, "ladder_result", rules.id))
    names = {rung.id: rung.title.get(language) or rung.id for rung in rules.rungs}
    names |= {"pending": say(language, "rung_undecided"), "fails": say(language, "on_no_rung")}
    rows = [[name, str(found[id])] for id, name in names.items() if id in found]
    _show(rules.title, rules.id, rows, language)


def show_clauses(out: Path, rules: PolicyRules, language: Language) -> None:
    """Print a policy's title and, for each clause, how many are entitled and to how much."""
    found = _entitlements(out, rules)
    counts = {(c, o): n for c, o, n, _ in found}
    sums = {c: s for c, o, _, s in found if o == "entitled" and s is not None}
    head = ["", *(say(language, f"outcome_{o}") for o in OUTCOMES), say(language, "to_be_paid")]
    rows = [head]
    for clause in rules.clauses:
        cells = [str(counts.get((clause.id, outcome), "·")) for outcome in OUTCOMES]
        total = sums.get(clause.id)
        shown = "·" if total is None else f"{total.normalize():f}{clause.unit.text}"
        rows.append([clause.title.get(language) or clause.id, *cells, shown])
    _show(rules.title, rules.id, rows, language)


def _entitlements(out: Path, rules: PolicyRules) -> list[tuple]:  # type: ignore[type-arg]  # a row
    what = "SELECT clause, outcome, count(*), sum(after_budget)"
    return _rows(what, out, "entitlement", rules.id, "1, 2")


def _rows(what: str, out: Path, relation: str, document: str, group: str = "1") -> list[tuple]:  # type: ignore[type-arg]  # a row
    import duckdb

    from kaogong.engine.written import files_at

    query = f"{what} FROM read_parquet(?) GROUP BY {group} ORDER BY {group}"
    return duckdb.execute(query, [files_at(out, relation, document)]).fetchall()


def _show(title: Mapping[str, str], id: str, rows: list[list[str]], language: Language) -> None:
    typer.secho(f"{title.get(language) or id}  ({id})", bold=True)
    for line in table.lines(rows):
        typer.echo(f"  {line}")
