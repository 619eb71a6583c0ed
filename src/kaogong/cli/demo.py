"""`kaogong demo`: the whole way on an invented city, and what to do next.

    city → run of the last year → classes → one enterprise explained → coefficients compared
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli import findings, results, synth
from kaogong.cli.findings import Manner
from kaogong.cli.opened import Opened, open_programme
from kaogong.cli.options import Lang, years_of
from kaogong.cli.progress import progress
from kaogong.cli.run import carry_out
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, both, settled
from kaogong.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from kaogong.engine.run import Report

PROGRAMME, OTHER = "demo", "demo_coefficients_2021"
COMPARED = "huangyan_2022"
SCHEMES = (COMPARED, "wenling_2021", "wenling_park_2022", "zhengzhou_2018", "anyang_2018")
SEED = 2022


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a demonstration stand."""

    out: Path

    @property
    def city(self) -> Path:
        """Return the folder of the invented data."""
        return self.out / "city"

    @property
    def run(self) -> Path:
        """Return the folder of the run."""
        return self.out / "run"

    @property
    def other(self) -> Path:
        """Return the folder of the run with the coefficients of the year before."""
        return self.out / "run_coefficients_2021"


def demo(
    firms: Annotated[int, typer.Option(help=both("企业户数。", "How many enterprises."))] = 20_000,
    years: Annotated[
        str, typer.Option(metavar="A..B", help=both("数据年份。", "The years of the data."))
    ] = "2021..2024",
    out: Annotated[
        Path | None,
        typer.Option(
            help=both("写入的目录，须为空；默认为新建的临时目录。", "The folder to write to, empty; "
                      "else a new temporary one."),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Make a city, evaluate it, explain one enterprise, compare two sets of coefficients."""
    language, span = settled(lang), years_of(years)
    places = Places(out or Path(tempfile.mkdtemp(prefix="kaogong-demo-")))
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WrongUse("not_empty", path=out)
    _make_city(places, firms, span, language)
    run = _run(PROGRAMME, SCHEMES, places.run, places, span[-1])
    _show_run(run, language)
    subject = _worth_a_look(places)
    _show_explained(places, subject, language)
    other = _run(OTHER, (COMPARED,), places.other, places, span[-1])
    _show_compared(places, language)
    _show_next(places, subject, language)
    raise typer.Exit(0 if run.out and other.out else 1)


def _make_city(places: Places, firms: int, years: range, language: Language) -> None:
    _head("demo_city", language)
    division = "980100"
    with progress(say(language, "demo_city")):
        report = synth.make(division, firms, years, SEED, places.city, is_csv=False)
    synth.tell_briefly(report, language)


def _run(programme: str, schemes: tuple[str, ...], out: Path, places: Places, year: int) -> Report:
    """Run a shipped programme over the city, for one year."""
    from kaogong.engine.run import Order

    opened = open_programme(Path(programme))
    order = Order(places.city, str(year), out, schemes=schemes)
    report = carry_out(opened, order)
    if report.out is None:
        shown = [f for f in (*opened.findings, *report.findings) if f.level == "error"]
        findings.show(shown, Manner(settled(None)))
        raise typer.Exit(1)
    return report
