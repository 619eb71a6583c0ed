"""Arguments and options that several commands share, and how their texts are read."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from kaogong.cli.tongue import Language, both
from kaogong.cli.wrong_use import WrongUse
from kaogong.language.period import NotAPeriod, Period, read_period

ProgrammePath = Annotated[
    Path,
    typer.Argument(
        metavar="PROGRAMME",
        help=both(
            "方案目录，或随软件提供的方案编号。",
            "A programme's folder, or the id of a shipped programme.",
        ),
    ),
]
RunPath = Annotated[
    Path, typer.Argument(metavar="RUN", help=both("运行结果目录。", "The folder of a run."))
]
Schemes = Annotated[
    list[str] | None,
    typer.Option(
        "--scheme",
        metavar="ID",
        help=both(
            "只用这个评价办法；可写多次。默认为该期间有效的本方案全部办法。",
            "Only this scheme; may be given again. Else all of the programme's own in force.",
        ),
        show_default=False,
    ),
]
Lang = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        metavar="zh|en",
        help=both("输出语言；默认随系统语言。", "Language of the output; else the system's."),
        show_default=False,
    ),
]
Form = Annotated[
    Literal["text", "json"],
    typer.Option("--format", metavar="text|json", help=both("文本或JSON。", "Text or JSON.")),
]
PERIOD_HELP = both(
    "数据所属期间，如2022、2022H1、2022Q3、2022-07。",
    "The period of the data: 2022, 2022H1, 2022Q3, 2022-07.",
)
_SIZE = re.compile(r"\d+(\.\d+)? ?([KMGT]i?B)", re.IGNORECASE)
_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4}))?")


def period_of(text: str) -> Period:
    """Return the period a text means; raise WrongUse where it means none."""
    try:
        return read_period(text)
    except NotAPeriod:
        raise WrongUse("not_period", text=text) from None


def date_of(text: str | None) -> date | None:
    """Return the date a text means."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise WrongUse("not_date", text=text) from None


def memory_of(text: str | None) -> str | None:
    """Return a size of memory as the engine reads it."""
    if text is not None and not _SIZE.fullmatch(text):
        raise WrongUse("not_memory", text=text)
    return text


def years_of(text: str) -> range:
    """Return the years of `2021..2024` or `2021`."""
    found = _YEARS.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise WrongUse("not_years", text=text)
    return range(first, last + 1)
