"""`kaogong synth`: an invented region, reproducible from its seed, marked synthetic on its face."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli.opened import open_programme
from kaogong.cli.options import Lang, ProgrammePath, years_of
from kaogong.cli.progress import progress
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, both, settled
from kaogong.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from kaogong.data.synth import RegionReport

NO_DIVISION = "980100"  # never assigned


def synth(  # noqa: PLR0913 (each option of the command is a parameter)
    programme: ProgrammePath,
    firms: Annotated[int, typer.Option(help=both("企业户数。", "How many enterprises."))],
    years: Annotated[
        str, typer.Option(metavar="A..B", help=both("年份，如2021..2024。", "Years: 2021..2024."))
    ],
    out: Annotated[
        Path, typer.Option(help=both("写入的目录，须为空。", "The folder to write to, empty."))
    ],
    seed: Annotated[
        int,
        typer.Option(min=0, help=both("种子；相同则数据相同。", "The seed; same seed, same data.")),
    ] = 1,
    csv: Annotated[
        bool,
        typer.Option("--csv", help=both("写csv而不写Parquet。", "Write csv instead of Parquet.")),
    ] = False,
    lang: Lang = None,
) -> None:
    """Make a synthetic region for a programme."""
    header = open_programme(programme).programme.header
    division = str(header.division or NO_DIVISION) if header is not None else NO_DIVISION
    with progress(str(out)):
        report = make(division, firms, years_of(years), seed, out, is_csv=csv)
    tell(report, settled(lang))


def make(  # noqa: PLR0913 (the whole wish of a user)
    division: str, firms: int, years: range, seed: int, out: Path, *, is_csv: bool
) -> RegionReport:
    """Make a region in a folder that is not there yet, or empty."""
    from kaogong.data.synth.make import FEWEST_FIRMS, make_region

    if firms < FEWEST_FIRMS:
        raise WrongUse("few_firms", least=FEWEST_FIRMS)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WrongUse("not_empty", path=out)
    return make_region(division, firms, years, seed, out, form="csv" if is_csv else "parquet")


def sentence(report: RegionReport, language: Language) -> str:
    """Return what was made, in one sentence."""
    years = f"{report.years[0]}–{report.years[-1]}"
    return say(language, "synthetic", path=report.out, firms=report.firms, years=years)


def tell(report: RegionReport, language: Language) -> None:
    """Print what was made and where."""
    typer.echo(sentence(report, language))
    for register, rows in sorted(report.rows.items()):
        typer.echo(f"  {register}  {rows}")
    if report.known:
        typer.echo(say(language, "known_firms", path=report.out / "known_firms.csv"))
    if report.missing_cases:
        typer.echo(say(language, "short_of", cases=", ".join(report.missing_cases)))
