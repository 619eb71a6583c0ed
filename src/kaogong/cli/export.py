"""`kaogong export`: one ranking pool as a workbook whose scores are live formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli import findings, results
from kaogong.cli.findings import Manner
from kaogong.cli.options import Lang, RunPath
from kaogong.cli.sentences import say
from kaogong.cli.tongue import both, settled
from kaogong.cli.wrong_use import WrongUse
from kaogong.language.finding import has_errors

if TYPE_CHECKING:
    from kaogong.insight.opened import OpenedRun


def export(
    run: RunPath,
    scheme: Annotated[
        str, typer.Argument(metavar="SCHEME", help=both("评价办法编号。", "The id of the scheme."))
    ],
    workbook: Annotated[
        Path,
        typer.Option(metavar="FILE", help=both("写出的xlsx文件。", "The xlsx file to write.")),
    ],
    pool: Annotated[
        str | None,
        typer.Option(
            metavar="P",
            help=both(
                "排序范围，即结果中的pool；只有一个时可不写。",
                "The pool, as the results call it; may be left out where there is only one.",
            ),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Write a workbook, and print what in it is no formula or counts to another digit."""
    from kaogong.insight.opened import open_run
    from kaogong.report.workbook import export_workbook

    language = settled(lang)
    opened = open_run(run)
    opened.scheme(scheme)
    if not workbook.parent.is_dir():
        raise WrongUse("no_path", path=workbook.parent)
    made = export_workbook(opened, scheme, pool or _only_pool(opened, scheme), workbook, language)
    if made.findings:
        findings.show(made.findings, Manner(language, shows_notes=True))
    typer.echo(say(language, "workbook", path=made.path, n=made.subjects))
    raise typer.Exit(int(has_errors(made.findings)))


def _only_pool(opened: OpenedRun, scheme: str) -> str:
    """Return the one pool of a scheme; raise WrongUse where there are several or none."""
    pools = results.pools(opened.path, scheme)
    if len(pools) != 1:
        raise WrongUse("which_pool", scheme=scheme, known=", ".join(pools))
    return pools[0]
