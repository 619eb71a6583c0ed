"""`kaogong run`: a programme over a region's data, to a folder that appears whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kaogong.cli import counted, findings, results
from kaogong.cli.check import manner_of
from kaogong.cli.frozen import data_of
from kaogong.cli.invented import over_invented
from kaogong.cli.opened import Opened, open_programme
from kaogong.cli.options import (
    PERIOD_HELP,
    Lang,
    ProgrammePath,
    Schemes,
    date_of,
    memory_of,
    period_of,
)
from kaogong.cli.progress import progress
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, both, settled
from kaogong.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from kaogong.engine.run import Order, Report

Engine = Literal["duckdb", "spark"]


def run(  # noqa: PLR0913 (each option of the command is a parameter)
    programme: ProgrammePath,
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
    out: Annotated[
        Path,
        typer.Option(help=both("结果写入的目录。", "The folder that the results go to.")),
    ],
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
    final: Annotated[
        bool,
        typer.Option(
            "--final",
            help=both(
                "正式运行：有待定项影响结果时不予运行。",
                "Refuse to run where an open slot matters.",
            ),
        ),
    ] = False,
    engine: Annotated[
        Engine,
        typer.Option(
            metavar="duckdb|spark",
            help=both("计算引擎；各引擎结果相同。", "The engine; results are the same on each."),
        ),
    ] = "duckdb",
    threads: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=both("线程数；默认用全部核。", "Threads; all cores where left out."),
            show_default=False,
        ),
    ] = None,
    csv: Annotated[
        bool,
        typer.Option("--csv", help=both("Parquet之外再写csv。", "Write csv beside Parquet.")),
    ] = False,
    scheme: Schemes = None,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help=both("内存上限，如2GB。", "At most this much memory, such as 2GB."),
            show_default=False,
        ),
    ] = None,
    notes: Annotated[
        bool,
        typer.Option(
            "--notes", help=both("逐条列出全部说明。", "List every note instead of counting.")
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """Carry out a run and print its findings, its classes and what to do next."""
    from kaogong.engine.run import Order

    language = settled(lang)
    asked = open_programme(programme)
    opened = over_invented(asked, data)
    if opened is not asked:
        typer.echo(say(language, "invented"), err=True)
    order = Order(
        data, period_of(period).text, out, date_of(as_of), final, engine, threads, csv,
        tuple(scheme or ()), memory_of(memory),
    )  # fmt: skip
    check_order(opened, order)
    manner = manner_of(opened, language, shows_notes=notes)
    report = carry_out(opened, order)
    shown = [f for f in opened.findings if f.level != "note"] + list(report.findings)
    findings.show(shown, manner)
    _tell(report, opened, language)
    raise typer.Exit(int(report.out is None))


def carry_out(opened: Opened, order: Order) -> Report:
    """Run a programme that may be run; one with errors is not."""
    from kaogong.engine.run import Report, WrongOrder
    from kaogong.engine.run import run as run_engine

    if not opened.can_run:
        return Report((), None)
    try:
        with progress() as show, data_of(order.data) as (folder, frozen):
            return run_engine(opened.programme, replace(order, data=folder, frozen=frozen), show)
    except WrongOrder as error:
        raise WrongUse("not_possible", reason=error) from None


def check_order(opened: Opened, order: Order) -> None:
    """Raise WrongUse for what cannot be asked of this programme and these folders."""
    check_schemes(opened, order.schemes)
    if not order.data.exists():
        raise WrongUse("no_path", path=order.data)
    if not _may_become_run(order.out):
        raise WrongUse("taken", path=order.out)
    if order.engine == "spark" and find_spec("pyspark") is None:
        raise WrongUse("no_spark")


def _may_become_run(out: Path) -> bool:
    """Tell whether a path is free, empty, or an earlier run that makes way."""
    if not out.exists() or (out / "manifest.json").is_file():
        return True
    return out.is_dir() and not any(out.iterdir())


def check_schemes(opened: Opened, schemes: tuple[str, ...]) -> None:
    """Raise WrongUse for a scheme that a sound programme does not have."""
    known = opened.programme.schemes
    for id in schemes:
        if id not in known and opened.can_run:
            raise WrongUse("no_scheme", id=id, known=", ".join(known))


def _tell(report: Report, opened: Opened, language: Language) -> None:
    if report.out is None:
        typer.echo(say(language, "run_refused"))
        return
    done = [f.document for f in report.relations if f.relation == "scheme_result"]
    for id in done:
        typer.echo()
        results.show_classes(report.out, opened.programme.schemes[id], language)
    _tell_others(report, opened, language)
    typer.echo()
    typer.echo(say(language, "run_stands", out=report.out))
    subject = results.example(report.out, done[0]) if done else None
    if subject is not None:
        typer.echo(say(language, "next_explain"))
        typer.echo(f"  kaogong explain {results.quoted(report.out, done[0], subject)}")


def _tell_others(report: Report, opened: Opened, language: Language) -> None:
    """Print ladders and policies in brief."""
    programme = opened.programme
    for each in report.relations:
        if report.out is None or each.relation not in ("ladder_result", "entitlement"):
            continue
        typer.echo()
        if each.relation == "ladder_result":
            counted.show_rungs(report.out, programme.ladders[each.document], language)
        else:
            counted.show_clauses(report.out, programme.policies[each.document], language)
