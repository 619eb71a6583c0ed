"""`kaogong init`: a small programme that checks clean, with every part explained beside it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from kaogong.cli.options import Lang
from kaogong.cli.results import quoted
from kaogong.cli.sentences import say
from kaogong.cli.tongue import both, settled
from kaogong.cli.wrong_use import WrongUse

FILES = ("programme.yaml", "registers.yaml", "indicators.yaml", "scheme.yaml")
STARTER_ID = "my_county"


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help=both("新目录，须为空或不存在。", "The new folder: empty, or not there."),
        ),
    ],
    lang: Lang = None,
) -> None:
    """Write the starter programme into a folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse("not_empty", path=folder)
    folder.mkdir(parents=True, exist_ok=True)
    starter = resources.files("kaogong.cli") / "starter"
    id = _id_for(folder)
    for file in FILES:
        text = (starter / file).read_text("utf-8")
        (folder / file).write_text(text.replace(f"id: {STARTER_ID}", f"id: {id}"), "utf-8")
    language = settled(lang)
    typer.echo(say(language, "made", path=folder))
    for file in FILES:
        typer.echo(f"  {file}")
    typer.echo(say(language, "next"))
    for command in ("check", "describe"):
        typer.echo(f"  kaogong {command} {quoted(folder)}")


def _id_for(folder: Path) -> str:
    """Return the folder's own name where it can be an id."""
    name = folder.resolve().name.lower().replace("-", "_")
    return name if re.fullmatch(r"[a-z][a-z0-9_]*", name) else STARTER_ID
