"""A programme from a path: its folder, one file inside it, or the id of one that ships."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaogong.cli.wrong_use import WrongUse
from kaogong.language.finding import Finding, has_errors, in_order

if TYPE_CHECKING:
    from kaogong.programme.programme import Programme

HEADER = "programme.yaml"


@dataclass(frozen=True, slots=True)
class Opened:
    """A loaded programme; `only` is the file that was asked for, as findings call it."""

    programme: Programme
    findings: tuple[Finding, ...]
    folder: str  # as findings call it
    only: str | None = None

    @property
    def can_run(self) -> bool:
        """Tell whether no finding of the whole programme is an error."""
        return self.programme.header is not None and not has_errors(self.findings)

    @property
    def own_documents(self) -> frozenset[str]:
        """Return the ids of what the programme declares or changes, beside what it extends."""
        from kaogong.programme.adopted import is_own

        programme = self.programme
        every = programme.documents.items()
        return frozenset(id for (_, id), each in every if is_own(each, programme.id))

    @property
    def asked(self) -> list[Finding]:
        """Return the findings of what was asked for."""
        return [f for f in self.findings if self.only is None or f.span.file == self.only]


def open_programme(path: Path) -> Opened:
    """Return the programme at a path; raise WrongUse where there is none to read."""
    return _open(*_folder_of(path))


def open_shipped(id: str) -> Opened:
    """Return a programme that ships with Kaogong, whatever lies in the present folder."""
    folder = _shipped(id)
    if folder is None:
        raise WrongUse("no_path", path=id)
    return _open(folder, id, None)


def _open(folder: Path, shown: str, only: str | None) -> Opened:
    with _without_collector():
        from kaogong.data.folder import read_bundle, shelf
        from kaogong.programme.programme import load_programme

        bundle, found = read_bundle(folder, shown)
        programme = load_programme(bundle, shelf(folder))
    return Opened(programme, tuple(in_order((*found, *programme.findings))), shown, only)


def _folder_of(path: Path) -> tuple[Path, str, str | None]:
    """Return the folder, its name in findings, and the file where one was named."""
    if path.is_file():
        return _around(path)
    shipped = None if (path / HEADER).exists() else _shipped(str(path))
    if shipped is None and not path.is_dir():
        raise WrongUse("no_path", path=path)
    return shipped or path, str(path), None


def _around(file: Path) -> tuple[Path, str, str]:
    """Return the programme that a file belongs to."""
    if file.suffix not in {".yaml", ".yml"}:
        raise WrongUse("not_yaml", path=file)
    for folder in (*file.parents, *file.resolve().parents):
        if (folder / HEADER).is_file() and file.resolve().is_relative_to(folder.resolve()):
            inside = file.resolve().relative_to(folder.resolve()).as_posix()
            return folder, str(folder), f"{folder}/{inside}"
    raise WrongUse("no_programme_above", path=file)


def _shipped(id: str) -> Path | None:
    from kaogong.data.folder import shipped

    return shipped().get(id)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the garbage collector still: loading makes many objects and no rubbish."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
