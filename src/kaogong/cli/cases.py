"""`kaogong test`: the golden cases of a programme, each computed anew and held against its text."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import typer

from kaogong.cli import findings, table
from kaogong.cli.check import manner_of
from kaogong.cli.opened import Opened, open_programme
from kaogong.cli.options import Form, Lang, ProgrammePath, Schemes
from kaogong.cli.run import check_schemes
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, settled
from kaogong.language.finding import has_errors

if TYPE_CHECKING:
    from kaogong.insight.cases import CaseResult


def golden_cases(
    programme: ProgrammePath,
    scheme: Schemes = None,
    form: Form = "text",
    lang: Lang = None,
) -> None:
    """Run the cases of the schemes asked for, else of all of the programme's own documents."""
    language = settled(lang)
    opened = open_programme(programme)
    check_schemes(opened, tuple(scheme or ()))
    if has_errors(opened.findings):
        findings.show(opened.findings, manner_of(opened, language))
        raise typer.Exit(1)
    done = _run(opened, scheme)
    if form == "json":
        typer.echo(json.dumps([_as_json(r) for r in done], ensure_ascii=False, indent=1))
    else:
        _show(opened, done, language)
    raise typer.Exit(int(any(not result.holds for result in done)))


def _run(opened: Opened, schemes: list[str] | None) -> list[CaseResult]:
    from kaogong.insight.cases import run_cases

    return run_cases(opened.programme, schemes or opened.own_documents)


def _show(opened: Opened, done: list[CaseResult], language: Language) -> None:
    found = [f for result in done for f in result.findings]
    if found:
        findings.show(found, manner_of(opened, language))
    counted = Counter(result.case.document for result in done)
    held = Counter(result.case.document for result in done if result.holds)
    for line in table.lines([[id, f"{held[id]}/{n}"] for id, n in counted.items()]):
        typer.echo(f"  {line}")
    typer.echo(say(language, "cases", n=counted.total(), held=held.total()))


def _as_json(result: CaseResult) -> dict[str, object]:
    return {
        "case": result.case.address,
        "holds": result.holds,
        "expected": dict(result.expected),
        "got": dict(result.got),
        "findings": [each.as_json() for each in result.findings],
    }
