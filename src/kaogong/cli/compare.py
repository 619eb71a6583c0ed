"""`kaogong compare`: two results side by side: who moved, and which step moved whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli.options import Form, Lang
from kaogong.cli.tongue import both, settled

if TYPE_CHECKING:
    from kaogong.insight.compare import Comparison


def compare(  # noqa: PLR0913 (each option of the command is a parameter)
    before: Annotated[
        Path, typer.Argument(metavar="RUN", help=both("前一次运行的目录。", "The folder of a run."))
    ],
    after: Annotated[
        Path,
        typer.Argument(
            metavar="OTHER_RUN",
            help=both("后一次运行的目录；可与前者相同。", "That of the other; it may be the same."),
        ),
    ],
    scheme: Annotated[
        str, typer.Option(metavar="ID", help=both("评价办法编号。", "The id of the scheme."))
    ],
    other_scheme: Annotated[
        str | None,
        typer.Option(
            "--other-scheme",
            metavar="ID",
            help=both(
                "后一次运行中用另一个评价办法比较。", "Another scheme to look at in the other run."
            ),
            show_default=False,
        ),
    ] = None,
    form: Form = "text",
    lang: Lang = None,
) -> None:
    """Print the comparison of a scheme in two runs, or of two schemes."""
    from kaogong.insight.comparing import as_json, as_text

    made = compared(before, after, scheme, other_scheme)
    typer.echo(as_json(made) if form == "json" else as_text(made, settled(lang)))


def compared(before: Path, after: Path, scheme: str, other_scheme: str | None) -> Comparison:
    """Return the comparison of two runs; one run is opened once."""
    from kaogong.insight.compare import compare as made
    from kaogong.insight.opened import open_run

    first = open_run(before)
    second = first if before == after else open_run(after)
    return made(first, second, scheme, other_scheme)
