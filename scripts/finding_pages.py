"""Lay out `docs/findings/`: the head of each page and the index come from the table of findings.

What a page says below its head (meaning, example, mending) is written by hand and kept as it is.
A new id gets a page with the three headings and nothing below them, which the tests refuse until
somebody has written it. `--check` writes nothing and names the pages that are behind.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from kaogong.language.messages import MESSAGES, Message

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "findings"
HEADINGS = (
    "## 含义 · What it means",
    "## 示例 · An example that causes it",
    "## 处理 · How to mend it",
)
LEVELS: Mapping[str, str] = {"E": "错误 error", "W": "提醒 warning", "N": "提示 note"}
RANGES: Mapping[str, str] = {
    "1": "文件与方案 · Files and programmes",
    "2": "名称、代码与日期 · Names, codes and dates",
    "3": "表达式 · Expressions",
    "4": "数与单位 · Numbers and units",
    "5": "分档与待定 · Bands and open slots",
    "6": "各类文件 · The kinds",
    "7": "政策审核与运行 · Review of policies, and runs",
    "8": "数据 · Data",
}
TABLE = "| 编号 id | 级别 level | 中文 | English |\n|---|---|---|---|\n"
PREFACE = """# 检查提示 · Findings

每条提示有固定编号、级别、位置和处理办法。错误须改正后才能运行；提醒和提示不妨碍运行。
`kaogong check` 一次列出全部提示；花括号处在提示中换成具体内容。

A finding has an id that never changes its meaning, a level, a place and a way to mend it. An error
stops everything; a warning or a note stops nothing, unless `--strict` makes warnings errors. All
findings are shown together. Words in braces stand for what the finding is about.
"""


class _AsWritten(dict[str, str]):
    """Leave each place holder as it stands."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def main(arguments: list[str]) -> int:
    """Bring the pages up to date; with `--check` return 1 when one of them is behind."""
    behind = [(file, text) for file, text in pages(FOLDER) if _current(file) != text]
    if "--check" in arguments:
        for file, _ in behind:
            print(f"{file.name} is behind the table of findings; run {Path(__file__).name}")
        return bool(behind)
    for file, text in behind:
        file.write_text(text, encoding="utf-8")
    print(f"findings: {len(MESSAGES)} pages, {len(behind)} written")
    return 0


def pages(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each page, hand-written part included, and then the index, with their files."""
    for id, message in MESSAGES.items():
        file = folder / f"{id}.md"
        yield file, head(id, message) + written(_current(file))
    yield folder / "index.md", index()


def head(id: str, message: Message) -> str:
    """Return what stands above the hand-written part of a page."""
    zh, en, hint_zh, hint_en = (
        as_written(text) for text in (message.zh, message.en, message.hint_zh, message.hint_en)
    )
    return (
        f"# {id} {LEVELS[message.level]}\n\n> {zh}\n>\n> {en}\n\n{hint_zh}\n\n{hint_en}\n\n"
        "[全部提示 · All findings](index.md)\n\n"
    )


def written(page: str) -> str:
    """Return the hand-written part of a page, or its empty headings."""
    _, mark, rest = page.partition(HEADINGS[0])
    return mark + rest if mark else "\n\n".join(HEADINGS) + "\n"


def index() -> str:
    """Return the page that lists every id by its hundred."""
    parts = [PREFACE]
    for hundred, ids in groupby(MESSAGES, key=lambda id: id[2]):
        rows = "\n".join(_row(id, MESSAGES[id]) for id in ids)
        parts.append(f"## {RANGES[hundred]}\n\n{TABLE}{rows}\n")
    return "\n".join(parts)


def as_written(pattern: str) -> str:
    """Return a sentence with its place holders standing and doubled braces made single."""
    return pattern.format_map(_AsWritten())


def _row(id: str, message: Message) -> str:
    zh, en = (as_written(text).replace("|", "\\|") for text in (message.zh, message.en))
    return f"| [{id}]({id}.md) | {LEVELS[message.level]} | {zh} | {en} |"


def _current(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
