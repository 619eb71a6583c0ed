"""`kaogong describe`: a programme as a person reads it, with every default that applies."""

from __future__ import annotations

from typing import Annotated

import typer

from kaogong.cli.opened import open_programme
from kaogong.cli.options import Lang, ProgrammePath
from kaogong.cli.tongue import both, settled
from kaogong.cli.wrong_use import WrongUse
from kaogong.language.finding import has_errors


def describe(
    programme: ProgrammePath,
    document: Annotated[
        list[str] | None,
        typer.Option(
            "--document",
            metavar="ID",
            help=both(
                "只写这份文件；可写多次。默认为本方案自己的全部文件。",
                "Only this document; may be given again. Else all of the programme's own.",
            ),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Print the programme in words, as Markdown; exit 1 where it has errors."""
    from kaogong.programme.describe import describe as described

    opened = open_programme(programme)
    known = list(dict.fromkeys(id for _, id in opened.programme.documents))
    for id in document or ():
        if id not in known:
            raise WrongUse("no_document", id=id, known=", ".join(known))
    typer.echo(described(opened.programme, settled(lang), document or None), nl=False)
    raise typer.Exit(int(has_errors(opened.findings)))
