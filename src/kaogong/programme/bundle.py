"""A programme as files in memory: what is loaded, hashed, published and kept with a run.

Reading a folder from disk is the business of `data`; everything here is a function of values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one programme by their path below its folder, in sorted order."""

    name: str  # how the folder is called in findings
    files: Mapping[str, bytes]

    @property
    def content_id(self) -> str:
        """Return the hash of all paths and contents: what `extends` pins when published."""
        digest = hashlib.sha256()
        for path in sorted(self.files):
            content = self.files[path]
            digest.update(f"{path}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def documents(self) -> list[str]:
        """Return the paths of the documents, in the order they are read."""
        return sorted(p for p in self.files if p.endswith((".yaml", ".yml")))


Finder = Callable[[str], Bundle | None]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Programmes that others may extend, by id."""

    bundles: Mapping[str, Bundle] = field(default_factory=dict)

    def __call__(self, id: str) -> Bundle | None:
        """Return the bundle of programme `id`, or None."""
        return self.bundles.get(id)
