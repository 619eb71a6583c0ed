"""`kaogong check`: is a programme sound? Every finding at once, with its place and a hint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaogong.cli import findings
from kaogong.cli.findings import Manner
from kaogong.cli.opened import Opened, open_programme
from kaogong.cli.options import Form, Lang
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, both, settled
from kaogong.language.finding import Finding


def check(
    path: Annotated[
        Path,
        typer.Argument(
            help=both(
                "方案目录、其中一个.yaml文件，或随软件提供的方案编号。",
                "A programme's folder, one .yaml file in it, or the id of a shipped programme.",
            )
        ),
    ],
    form: Form = "text",
    strict: Annotated[
        bool, typer.Option("--strict", help=both("警告按错误计。", "Count warnings as errors."))
    ] = False,
    notes: Annotated[
        bool,
        typer.Option(
            "--notes",
            help=both(
                "逐条列出全部说明，不只报数。", "List every note and open slot instead of counting."
            ),
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """Print the findings of a programme; exit 1 where one is an error."""
    opened = open_programme(path)
    manner = manner_of(opened, settled(lang), is_strict=strict, shows_notes=notes)
    asked = opened.asked
    if form == "json":
        typer.echo(findings.as_json(asked, manner))
    else:
        findings.show(asked, manner)
        _tell_elsewhere(opened, asked, manner)
    raise typer.Exit(findings.exit_code(asked, manner))


def manner_of(
    opened: Opened, language: Language, *, is_strict: bool = False, shows_notes: bool = False
) -> Manner:
    """Return how the findings of a programme are shown."""
    folder = f"{opened.folder}/"
    return Manner(language, is_strict, shows_notes, opened.own_documents, folder)


def _tell_elsewhere(opened: Opened, asked: list[Finding], manner: Manner) -> None:
    errors = sum(f.level == "error" for f in opened.findings) - sum(
        f.level == "error" for f in asked
    )
    if errors:
        typer.echo(say(manner.language, "elsewhere", n=errors))
