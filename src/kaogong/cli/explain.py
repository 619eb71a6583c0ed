"""`kaogong explain`: why a subject has the result it has, step by step down to the clause."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli.options import Form, Lang, RunPath
from kaogong.cli.tongue import Language, both, settled
from kaogong.language.finding import has_errors

if TYPE_CHECKING:
    from kaogong.insight.explain import Explanation


def explain(
    run: RunPath,
    scheme: Annotated[
        str, typer.Argument(metavar="SCHEME", help=both("评价办法编号。", "The id of the scheme."))
    ],
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT",
            help=both("主体编号，即结果中的subject。", "The subject, as the results call it."),
        ),
    ],
    form: Form = "text",
    lang: Lang = None,
) -> None:
    """Print the explanation of one subject; exit 1 where it differs from what the run kept."""
    made = show(run, scheme, subject, settled(lang), form)
    raise typer.Exit(int(has_errors(made.findings)))


def show(
    run: Path, scheme: str, subject: str, language: Language, form: str = "text"
) -> Explanation:
    """Print an explanation and return it."""
    from kaogong.insight.explain import explain as explained
    from kaogong.insight.opened import open_run
    from kaogong.insight.telling import as_json, as_text

    opened = open_run(run)
    made = explained(opened, scheme, subject)
    if form == "json":
        typer.echo(as_json(made))
    else:
        typer.echo(as_text(made, opened.programme, language))
    return made
