"""`kaogong demo`: the whole way on an invented city, and what to do next.

city → run of the last year → classes → one enterprise explained → two sets of coefficients
"""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from kaogong.cli import compare, explain, findings, results, synth
from kaogong.cli.findings import Manner
from kaogong.cli.opened import Opened, open_shipped
from kaogong.cli.options import Lang, years_of
from kaogong.cli.progress import progress
from kaogong.cli.run import carry_out
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, both, settled

PROGRAMME = "demo"
BEFORE, COMPARED = "huangyan_2021", "huangyan_2022"
SCHEMES = (BEFORE, COMPARED, "wenling_2021", "wenling_park_2022", "zhengzhou_2018", "anyang_2018")
CASE = "smelter"  # a quarter of its county's turnover, thin value added and tax
NAMED = 5  # subjects named in the comparison
SEED = 2022


@dataclass(frozen=True, slots=True)
class _Demo:
    """One demonstration: what is made, and where it goes."""

    out: Path
    firms: int
    years: range
    language: Language

    @property
    def city(self) -> Path:
        """Return the folder of the invented data."""
        return self.out / "city"

    @property
    def run(self) -> Path:
        """Return the folder of the run."""
        return self.out / "run"

    def head(self, id: str, **values: object) -> None:
        """Print a heading."""
        typer.secho(f"\n{say(self.language, id, **values)}", bold=True)


def demo(
    firms: Annotated[int, typer.Option(help=both("企业户数。", "How many enterprises."))] = 20_000,
    years: Annotated[
        str, typer.Option(metavar="A..B", help=both("数据年份。", "The years of the data."))
    ] = "2021..2024",
    out: Annotated[
        Path | None,
        typer.Option(
            help=both(
                "写入的目录，须为空；默认为新建的临时目录。",
                "The folder to write to, empty; else a new temporary one.",
            ),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Make a city, evaluate it, explain one enterprise, compare two sets of coefficients."""
    span = years_of(years)
    place = out or Path(tempfile.mkdtemp(prefix="kaogong-demo-"))
    show = _Demo(place, firms, span, settled(lang))
    _make_city(show)
    opened = open_shipped(PROGRAMME)
    _evaluate(show, opened)
    _show_classes(show, opened)
    subject = _worth_a_look(show)
    _explain(show, subject)
    _compare(show)
    _say_next(show, subject)


def _make_city(show: _Demo) -> None:
    show.head("demo_city")
    with progress(say(show.language, "demo_city")):
        report = synth.make(
            synth.NO_DIVISION, show.firms, show.years, SEED, show.city, is_csv=False
        )
    typer.echo(synth.sentence(report, show.language))


def _evaluate(show: _Demo, opened: Opened) -> None:
    """Run the schemes over the city for its last year; an error ends the demonstration."""
    from kaogong.engine.run import Order

    order = Order(show.city, str(show.years[-1]), show.run, schemes=SCHEMES)
    report = carry_out(opened, order)
    if report.out is None:
        wrong = [f for f in (*opened.findings, *report.findings) if f.level == "error"]
        findings.show(wrong, Manner(show.language))
        raise typer.Exit(1)


def _show_classes(show: _Demo, opened: Opened) -> None:
    show.head("demo_classes", year=show.years[-1])
    typer.echo(say(show.language, "demo_filled"))
    for id in SCHEMES:
        typer.echo()
        results.show_classes(show.run, opened.programme.schemes[id], show.language)


def _worth_a_look(show: _Demo) -> str:
    """Return the enterprise to explain: a known case, else one near the top."""
    with (show.city / "known_firms.csv").open(encoding="utf-8", newline="") as file:
        known = [row["subject_id"] for row in csv.DictReader(file) if row["case"] == CASE]
    return known[0] if known else results.example(show.run, COMPARED) or ""


def _explain(show: _Demo, subject: str) -> None:
    show.head("demo_explain")
    explain.show(show.run, COMPARED, subject, show.language)


def _compare(show: _Demo) -> None:
    """Print what the coefficients of 2022 move against those of 2021, without single subjects."""
    from kaogong.insight.comparing import as_text

    show.head("demo_compare", year=show.years[-1])
    made = compare.compared(show.run, show.run, BEFORE, COMPARED)
    typer.echo(as_text(replace(made, changes=made.changes[:NAMED]), show.language))


def _say_next(show: _Demo, subject: str) -> None:
    """Print commands to go on with, all of which work as they stand."""
    show.head("next")
    other = show.out / "workbook.xlsx"
    for command in (
        ("explain", show.run, "wenling_2021", subject),
        ("compare", show.run, show.run, "--scheme", BEFORE, "--other-scheme", COMPARED),
        ("export", "--workbook", other, show.run, "zhengzhou_2018"),
        ("describe", PROGRAMME, "--document", COMPARED),
        ("init", "my_county"),
    ):
        typer.echo(f"  kaogong {results.quoted(*command)}")
    typer.echo(say(show.language, "demo_stands", path=show.out))
