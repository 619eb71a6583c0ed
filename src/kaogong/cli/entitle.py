"""`kaogong entitle`: what one subject is owed, what it just misses and by how much, deadlines."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli import findings
from kaogong.cli.check import manner_of
from kaogong.cli.invented import over_invented
from kaogong.cli.opened import Opened, open_programme
from kaogong.cli.options import PERIOD_HELP, Form, Lang, ProgrammePath, date_of, period_of
from kaogong.cli.owed_text import lines_of
from kaogong.cli.run import carry_out
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, both, settled
from kaogong.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from kaogong.engine.run import Order, Report
    from kaogong.insight.entitled import Answer
    from kaogong.language.finding import Finding


def entitle(  # noqa: PLR0913 (each option of the command is a parameter)
    programme: ProgrammePath,
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help=both("主体编号。", "The id of the subject."))
    ],
    data: Annotated[
        Path,
        typer.Option(
            help=both(
                "数据目录，内有<名录>.csv、.xlsx或.parquet；或一个冻结的.json。",
                "The folder of the data: <register>.csv, .xlsx or .parquet; or a freeze's .json.",
            )
        ),
    ],
    period: Annotated[str, typer.Option(help=PERIOD_HELP)],
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help=both(
                "评价时点；默认为期间的最后一天。", "The day of judgement; else the period's last."
            ),
            show_default=False,
        ),
    ] = None,
    form: Form = "text",
    lang: Lang = None,
) -> None:
    """Run the programme and print what it says of one subject."""
    from kaogong.engine.run import Order

    language = settled(lang)
    asked = open_programme(programme)
    if not data.exists():
        raise WrongUse("no_path", path=data)
    opened = over_invented(asked, data)
    if opened is not asked:
        typer.echo(say(language, "invented"), err=True)
    with tempfile.TemporaryDirectory(prefix="kaogong-entitle-") as folder:
        out = Path(folder) / "run"
        order = Order(data, period_of(period).text, out, date_of(as_of), kinds=("Ladder", "Policy"))
        answer = _answer(opened, order, subject, language)
    if form == "json":
        typer.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=1))
    else:
        for line in lines_of(answer, opened.programme, language):
            typer.echo(line)


def _answer(opened: Opened, order: Order, subject: str, language: Language) -> Answer:
    """Return what a run of the programme says of a subject; leave with 1 where none was made."""
    from kaogong.insight.entitled import entitled

    report = carry_out(opened, order)
    if report.out is None:
        findings.show(list(_told(opened, report)), manner_of(opened, language))
        raise typer.Exit(1)
    answer = entitled(opened.programme, report.out, subject, order.period)
    if not answer.is_known:
        typer.echo(say(language, "no_subject", subject=subject, period=order.period), err=True)
        raise typer.Exit(1)
    return answer


def _told(opened: Opened, report: Report) -> Iterator[Finding]:
    yield from (f for f in opened.findings if f.level != "note")
    yield from report.findings
