"""Programmes on disk: a folder to a bundle, and the shelf of programmes that others may extend.

A programme may extend what ships with Kaogong and what stands in a folder beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path

from kaogong.language.finding import Finding, finding
from kaogong.language.span import Span
from kaogong.programme.bundle import Bundle, Finder

HEADER = "programme.yaml"
TAKEN = (".yaml", ".yml", ".csv")
LARGEST = 64 * 2**20  # bytes of one file


def read_bundle(folder: Path, shown: str | None = None) -> tuple[Bundle, list[Finding]]:
    """Return the files of a programme's folder; what lies outside it by a link is left out."""
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    root = folder.resolve()
    name = shown if shown is not None else str(folder)
    for path in _files(folder):
        relative = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(root):
            findings.append(finding("KG117", Span(f"{name}/{relative}"), file=relative))
        elif path.stat().st_size > LARGEST:
            findings.append(
                finding("KG829", Span(f"{name}/{relative}"), limit=f"{LARGEST // 2**20} MB")
            )
        else:
            files[relative] = path.read_bytes()
    return Bundle(name, files), findings


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a programme; a folder below that is a programme itself is another one."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not (path / HEADER).exists():
                yield from _files(path)
        elif path.suffix in TAKEN:
            yield path


def shelf(beside: Path | None = None) -> Finder:
    """Return what finds a programme by its id: in and beside the given folder, then as shipped."""

    def find(id: str) -> Bundle | None:
        for place in _places(beside):
            folder = place.get(id)
            if folder is not None:
                return read_bundle(folder, folder.name)[0]
        return None

    return find


def _places(beside: Path | None) -> Iterator[dict[str, Path]]:
    if beside is not None:
        yield _by_id(beside.resolve())
        yield _by_id(beside.resolve().parent)
    yield shipped()


@lru_cache(maxsize=1)
def shipped() -> dict[str, Path]:
    """Return the folders of the programmes that ship with Kaogong, by id."""
    root = Path(str(resources.files("kaogong"))) / "programmes"
    made = _by_id(root)
    for folder in (p for p in root.iterdir() if p.is_dir()):
        made |= _by_id(folder)
    return made


def _by_id(folder: Path) -> dict[str, Path]:
    return {
        id: path
        for path in sorted(folder.iterdir())
        if path.is_dir() and (id := _id_of(path / HEADER))
    }


def _id_of(header: Path) -> str:
    """Return the id a header names, without reading the whole programme."""
    try:
        lines = header.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    for line in lines:
        if line.startswith("id:"):
            return line.removeprefix("id:").split("#")[0].strip().strip("'\"")
    return ""
