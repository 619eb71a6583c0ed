"""Turn `docs/**/*.md` into pages under `build/docs` that need no network, and check their links.

A page is Markdown and nothing else: no plug-ins, no scripts, no fonts from elsewhere. A folder
without an `index.md` gets one that lists its pages. `--check` writes nothing; it also reads the
Markdown files of the project's root, whose links break as easily.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OUT = ROOT / "build" / "docs"
# The reading order of the side bar; what is not named here follows by name.
ORDER = ("index.md", "language", "findings", "glossary.md", "architecture.md", "dependencies.md")

STYLE = """
:root { color-scheme: light dark; --line: #8884; --accent: #1a66b3; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; display: flex; flex-wrap: wrap; gap: 2rem;
  font: 1rem/1.65 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
nav { flex: 0 0 12rem; } main { flex: 1 1 30rem; min-width: 0; }
nav a { display: block; padding: .15rem 0; } a { color: var(--accent); }
nav a[aria-current] { font-weight: 600; color: inherit; text-decoration: none; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); border-radius: .3rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
@media print { nav { display: none; } }
"""

SHEET = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Kaogong</title>
<link rel="stylesheet" href="{up}style.css">
<nav>{navigation}</nav>
<main>{body}</main>
</html>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file, read."""

    path: Path  # relative to the folder it was read from
    title: str  # its first heading
    tokens: tuple[Token, ...]
    anchors: frozenset[str]  # ids of its headings
    links: tuple[str, ...]  # targets of its links and pictures, as written


def main(arguments: list[str]) -> int:
    """Build the pages, or check them with `--check`; return 1 when a link is broken."""
    pages = read_folder(DOCS)
    read_root = {
        file.relative_to(ROOT): read_page(file, ROOT) for file in sorted(ROOT.glob("*.md"))
    }
    broken = [*broken_links(pages, DOCS), *broken_links(read_root, ROOT)]
    for sentence in broken:
        print(sentence, file=sys.stderr)
    if broken:
        return 1
    if "--check" in arguments:
        print(f"documentation: {len(pages)} pages, every link leads somewhere")
        return 0
    write(pages, OUT)
    print(f"documentation: {len(pages)} pages in {OUT.relative_to(ROOT)}/index.html")
    return 0


def read_folder(folder: Path) -> dict[Path, Page]:
    """Return the pages below a folder by their path, with a list of pages where an index lacks."""
    files = sorted(folder.rglob("*.md"))
    pages = {file.relative_to(folder): read_page(file, folder) for file in files}
    for below in sorted({path.parent for path in pages} - {Path()}):
        if below / "index.md" not in pages:
            pages[below / "index.md"] = _read(_listing(below, pages), below / "index.md")
    return pages


def read_page(file: Path, folder: Path) -> Page:
    """Return one Markdown file as a page whose path is relative to the folder."""
    return _read(file.read_text(encoding="utf-8"), file.relative_to(folder))


def broken_links(pages: Mapping[Path, Page], folder: Path) -> Iterator[str]:
    """Yield a sentence for each link inside the project that leads nowhere."""
    for page in pages.values():
        for link in page.links:
            if not re.match(r"[a-z]+:", link) and not _leads_somewhere(page, link, pages, folder):
                yield f"{page.path} in {folder}: the link to {link} leads nowhere"


def write(pages: Mapping[Path, Page], out: Path) -> None:
    """Write every page as HTML, replacing the folder."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / "style.css").write_text(STYLE, encoding="utf-8")
    for page in pages.values():
        target = out / page.path.with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_sheet(page, pages), encoding="utf-8")


def _read(text: str, path: Path) -> Page:
    tokens = _parser().parse(text)
    headings = [
        (opening, _plain(inline))
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open"
    ]
    seen: Counter[str] = Counter()
    for opening, words in headings:
        opening.attrSet("id", _anchor(words, seen))
    anchors = frozenset(str(opening.attrGet("id")) for opening, _ in headings)
    title = headings[0][1] if headings else path.stem
    return Page(path, title, tuple(tokens), anchors, tuple(_links(tokens)))


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _anchor(heading: str, seen: Counter[str]) -> str:
    """Return the id that code forges give a heading: its words, numbered when they come again."""
    plain = re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
    seen[plain] += 1
    return plain if seen[plain] == 1 else f"{plain}-{seen[plain] - 1}"


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _links(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if isinstance(target, str):
                yield target


def _leads_somewhere(page: Page, link: str, pages: Mapping[Path, Page], folder: Path) -> bool:
    place, _, anchor = link.partition("#")
    path = Path(os.path.normpath(page.path.parent / place)) if place else page.path
    if path in pages:
        return not anchor or anchor in pages[path].anchors
    return ".." not in path.parts and (folder / path).exists()


def _listing(below: Path, pages: Mapping[Path, Page]) -> str:
    inside = [page for path, page in sorted(pages.items()) if path.parent == below]
    rows = "\n".join(f"- [{page.title}]({page.path.name})" for page in inside)
    return f"# {below.name.capitalize()}\n\n{rows}\n"


def _sheet(page: Page, pages: Mapping[Path, Page]) -> str:
    for token in page.tokens:
        for child in token.children or ():
            target = child.attrGet("href")
            if isinstance(target, str):
                child.attrSet("href", _as_page(target))
    return SHEET.format(
        language="zh-Hans" if page.path.stem.endswith(".zh") else "en",
        title=html.escape(page.title),
        up="../" * (len(page.path.parts) - 1),
        navigation=_navigation(page, pages),
        body=_parser().renderer.render(list(page.tokens), _parser().options, {}),
    )


def _as_page(link: str) -> str:
    return link if re.match(r"[a-z]+:", link) else re.sub(r"\.md(?=#|$)", ".html", link)


def _navigation(page: Page, pages: Mapping[Path, Page]) -> str:
    up = "../" * (len(page.path.parts) - 1)
    rows = []
    for entry in _entries(pages):
        here = ' aria-current="page"' if entry == page.path else ""
        target = up + entry.with_suffix(".html").as_posix()
        rows.append(f'<a href="{target}"{here}>{html.escape(pages[entry].title)}</a>')
    return "\n".join(rows)


def _entries(pages: Mapping[Path, Page]) -> list[Path]:
    """Return the pages of the side bar: those at the top and the index of each folder."""
    shown = [p for p in pages if len(p.parts) == 1 or (len(p.parts) == 2 and p.name == "index.md")]
    rank = {name: place for place, name in enumerate(ORDER)}
    return sorted(shown, key=lambda path: (rank.get(path.parts[0], len(rank)), path.as_posix()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
