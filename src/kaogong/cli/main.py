"""The command `kaogong`: which command the arguments name, and the page that lists them.

That page is made here, without typer, whose import alone takes most of a tenth of a second; each
command is an application of its own, imported when it is called. Nothing heavy (duckdb, sqlglot,
pydantic, numpy, rich) is imported before a command needs it.
"""

from __future__ import annotations

import difflib
import shutil
import sys
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from kaogong import __version__
from kaogong.cli import edge
from kaogong.cli.commands import COMMANDS, Command
from kaogong.cli.tongue import both
from kaogong.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    import typer

TITLE = both(
    "考工：把一个地区发展制造业的规则写成文件，检查、运行、逐条解释。",
    "Kaogong: a region's rules for its manufacturing as files; checked, run and explained.",
)
USAGE = both("用法：kaogong 命令 …", "Usage: kaogong COMMAND ...")
MORE = both(
    "kaogong 命令 --help 列出该命令的参数；--lang zh|en 选择语言；--version 显示版本。\n"
    "退出码：0 完成，1 有错误，2 用法不对。",
    "kaogong COMMAND --help tells its options; --lang zh|en chooses the language; --version.\n"
    "Exit codes: 0 done, 1 errors, 2 wrong use.",
)
WIDEST = 100


def main() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
    edge.leave(lambda: dispatch(sys.argv[1:]))


def dispatch(arguments: Sequence[str]) -> int:
    """Return the exit code of the command that the arguments name."""
    name, rest = _named(arguments)
    if name in {"", "--help", "-h"}:
        sys.stdout.write("\n".join(page()) + "\n")
        return edge.DONE
    if name == "--version":
        sys.stdout.write(f"kaogong {__version__}\n")
        return edge.DONE
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        raise WrongUse("no_command", name=name, known=", ".join(near or COMMANDS))
    return carry_out(name, COMMANDS[name], rest)


def application(name: str, command: Command) -> typer.Typer:
    """Return one command as an application of its own."""
    import typer

    made = typer.Typer(
        rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )  # fmt: skip
    made.command(name, help=command.help)(command.load())
    return made


def carry_out(name: str, command: Command, arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    run = application(name, command)
    done = run(list(arguments), prog_name=f"kaogong {name}", standalone_mode=False)
    return done if isinstance(done, int) else edge.DONE


def page() -> Iterator[str]:
    """Yield the page that lists the commands."""
    room = min(shutil.get_terminal_size().columns, WIDEST) - 12
    yield TITLE
    yield ""
    yield USAGE
    yield ""
    for name, command in COMMANDS.items():
        first, *others = _folded(command.help, room)
        yield f"  {name:<10}{first}"
        yield from (" " * 12 + line for line in others)
    yield ""
    yield MORE


def _folded(text: str, room: int) -> list[str]:
    """Return a text in lines; Chinese characters are two columns wide and need no blank to fold."""
    return wrap(text, max(room if text.isascii() else room // 2, 20))


def _named(arguments: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the command's name and what follows; `--lang` may stand before it."""
    rest = list(arguments)
    while rest and rest[0].partition("=")[0] == "--lang":
        rest = rest[1:] if "=" in rest[0] else rest[2:]
    return (rest[0], rest[1:]) if rest else ("", [])
