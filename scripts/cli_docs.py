"""Write `docs/cli.md` and `docs/zh/cli.md` from the help of the commands; `--check` only compares.

The help is read in a process of its own for each language, because a process speaks one language.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"en": ROOT / "docs" / "cli.md", "zh": ROOT / "docs" / "zh" / "cli.md"}
HEADS = {"en": ("argument or option", "meaning", "default"), "zh": ("参数", "含义", "默认")}
REQUIRED = {"en": "required", "zh": "必填"}
INTRODUCTIONS = {
    "en": """# The command line

This page is made from the help texts; `scripts/cli_docs.py` renews it.

A command speaks the language of `--lang`, else that of the environment (`KAOGONG_LANG`, `LC_ALL`,
`LC_MESSAGES`, `LANG`): Chinese where it begins with `zh`, else English.

| exit code | meaning |
|---|---|
| 0 | done; warnings and notes are allowed |
| 1 | at least one finding is an error; with `--strict`, a warning too |
| 2 | wrong use: an unknown option, scheme or subject, a folder that is no run, an unreadable path |

Results and findings go to standard output, progress and wrong use to standard error. No command
ends in a traceback; `KAOGONG_DEBUG=1` shows one where the program itself failed.

Where a programme is asked for, the id of one that ships with Kaogong (`library`, `demo`) will do.
""",
    "zh": """# 命令行

本页由命令的帮助文字生成，用`scripts/cli_docs.py`更新。

命令按`--lang`选定的语言输出；未写时按环境变量（`KAOGONG_LANG`、`LC_ALL`、`LC_MESSAGES`、`LANG`）：以
`zh`开头为中文，否则为英文。

| 退出码 | 含义 |
|---|---|
| 0 | 完成；可以有警告和说明 |
| 1 | 至少有一个错误；写了`--strict`时警告也算 |
| 2 | 用法不对：没有该选项、评价办法或主体，目录不是运行结果，路径无法读取 |

结果和检查提示写到标准输出，进度和用法错误写到标准错误。任何命令都不以程序堆栈收场；程序自身出错时，
`KAOGONG_DEBUG=1`可显示堆栈。

需要写方案目录的地方，也可以写随软件提供的方案编号（如`library`、`demo`）。
""",
}


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them with `--check`; return 1 where one is stale."""
    if arguments[:1] == ["--page"]:
        sys.stdout.write(page(arguments[1]))
        return 0
    stale = [path for language, path in PAGES.items() if _read(path) != _made(language)]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run scripts/cli_docs.py", file=sys.stderr)
        return int(bool(stale))
    for language, path in PAGES.items():
        path.write_text(_made(language), encoding="utf-8")
    return 0


def page(language: str) -> str:
    """Return the page in the language that this process speaks."""
    from kaogong.cli.commands import COMMANDS

    return "\n".join([INTRODUCTIONS[language], *(_section(n, language) for n in COMMANDS)])


def _section(name: str, language: str) -> str:
    from typer.main import get_command

    from kaogong.cli.commands import COMMANDS
    from kaogong.cli.main import application

    command = get_command(application(name, COMMANDS[name]))
    rows = list(_rows(command.params, language))
    usage = " ".join(["kaogong", name, *(row[0] for row in rows if not row[0].startswith("-"))])
    table = "\n".join(f"| `{left}` | {told} | {default} |" for left, told, default in rows)
    head = " | ".join(HEADS[language])
    listed = f"\n| {head} |\n|---|---|---|\n{table}\n" if rows else ""
    return f"## {name}\n\n{COMMANDS[name].help}\n\n```sh\n{usage} …\n```\n{listed}"


def _rows(parameters: Sequence[object], language: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, meaning and default of each parameter."""
    for each in parameters:
        names, told = getattr(each, "opts", []), getattr(each, "help", None) or ""
        metavar = getattr(each, "metavar", None)
        if names and names[0].startswith("-"):
            left = names[0] if getattr(each, "is_flag", False) else f"{names[0]} {_value(each)}"
        else:
            left = metavar or str(getattr(each, "name", "")).upper()
        yield left, told.replace("|", "\\|"), _default(each, language)


def _value(parameter: object) -> str:
    """Return what stands behind an option."""
    metavar = getattr(parameter, "metavar", None)
    if metavar:
        return str(metavar).replace("|", "\\|")
    return str(getattr(parameter, "name", "")).upper()


def _default(parameter: object, language: str) -> str:
    if getattr(parameter, "required", False):
        return REQUIRED[language]
    default = getattr(parameter, "default", None)
    is_shown = getattr(parameter, "show_default", True) and not getattr(parameter, "is_flag", False)
    return f"`{default}`" if is_shown and default not in (None, "", ()) else ""


def _made(language: str) -> str:
    """Return the page as a process that speaks the language makes it."""
    done = subprocess.run(  # noqa: S603 (this very file)
        [sys.executable, __file__, "--page", language],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "KAOGONG_LANG": language, "PYTHONUTF8": "1"},
    )
    return done.stdout


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
