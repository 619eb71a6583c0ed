"""A run's folder, opened for questions: its programme, its papers and the files of its relations.

Everything comes from the folder itself, so that a run explains itself years later: the programme
is loaded from the bundles the run kept, never from what happens to be installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaogong.data.folder import HEADER, read_bundle
from kaogong.data.sql import Sql, name, sql
from kaogong.insight.refused import NotARun, NotInRun
from kaogong.language.period import Period, read_period
from kaogong.programme.bundle import Bundle, Shelf
from kaogong.programme.programme import Programme, load_programme
from kaogong.programme.rules import SchemeRules

if TYPE_CHECKING:
    import duckdb

RESULT, PART, GROUP = "scheme_result", "scheme_part", "scheme_group"
SCORED_AS = "scored_as"  # of a scheme that scores members of a unit twice
Record = Mapping[str, Any]


@dataclass(frozen=True)
class OpenedRun:
    """One run; what is dear to read is read once, when it is first asked for."""

    path: Path
    manifest: Mapping[str, Any]

    @cached_property
    def programme(self) -> Programme:
        """Return the programme as it was when the run was made."""
        folders = sorted(p for p in (self.path / "programme").iterdir() if p.is_dir())
        bundles = [read_bundle(folder, folder.name.partition("_")[2])[0] for folder in folders]
        named = {_id_of(bundle): bundle for bundle in bundles}
        return load_programme(bundles[-1], Shelf(named))

    @cached_property
    def period(self) -> Period:
        """Return the data period of the run."""
        return read_period(str(self.manifest["period"]))

    @property
    def as_of(self) -> date:
        """Return the day the run was made for."""
        return date.fromisoformat(str(self.manifest["as_of"]))

    @property
    def is_synthetic(self) -> bool:
        """Tell whether the programme marks its data as invented."""
        return bool(self.manifest["programme"].get("synthetic"))

    @property
    def schemes(self) -> tuple[str, ...]:
        """Return the schemes that were run, in the order of the manifest."""
        found = [r["document"] for r in self._relations if r["relation"] == RESULT]
        return tuple(dict.fromkeys(found))

    def scheme(self, id: str) -> SchemeRules:
        """Return the rules of a scheme that was run; raise NotInRun otherwise."""
        if id not in self.schemes or id not in self.programme.schemes:
            raise NotInRun("no_scheme", id=id, known=", ".join(self.schemes))
        return self.programme.schemes[id]

    def files(self, relation: str, document: str) -> list[Path]:
        """Return the files of one document of a relation, in their order."""
        return [
            self.path / name
            for each in self._relations
            if (each["relation"], each["document"]) == (relation, document)
            for name in each["files"]
        ]

    def columns(self, relation: str, document: str) -> dict[str, Record]:
        """Return the columns of one document of a relation, as the manifest describes them."""
        return {
            column["name"]: column
            for each in self._relations
            if (each["relation"], each["document"]) == (relation, document)
            for column in each["columns"]
        }

    def part_of(self, document: str, result: str, part: str) -> Sql:
        """Return the condition under which a row of the parts belongs to a row of the result."""
        names = {"r": name(result), "p": name(part)}
        plain = "{p}.subject = coalesce({r}.merged_into, {r}.subject)"
        if SCORED_AS not in self.columns(PART, document):
            return sql(plain, **names)
        return sql(
            "{p}.subject = CASE WHEN {r}.scored_as = 'merged' THEN {r}.unit ELSE {r}.subject END "
            "AND {p}.scored_as IS NOT DISTINCT FROM {r}.scored_as",
            **names,
        )

    @property
    def _relations(self) -> list[Record]:
        return list(self.manifest["relations"])

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """Return the engine that answers questions; it is dear to start and holds no data."""
        from kaogong.engine.duck import connect

        return connect()

    @contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection of this call's own, closed behind it."""
        connection = self._database.cursor()
        try:
            yield connection
        finally:
            connection.close()

    def close(self) -> None:
        """Let the engine go; a later question starts it again."""
        database = self.__dict__.pop("_database", None)
        if database is not None:
            database.close()


def open_run(path: Path) -> OpenedRun:
    """Return the run that stands in a folder; raise NotARun where none does."""
    paper = path / "manifest.json"
    try:
        manifest = json.loads(paper.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        raise NotARun("no_manifest", path=path) from None
    wanted = {"period", "as_of", "programme", "relations"}
    if not isinstance(manifest, dict) or not wanted <= set(manifest):
        raise NotARun("other_manifest", path=path, keys=", ".join(sorted(wanted)))
    if not (path / "programme").is_dir():
        raise NotARun("no_programme", path=path)
    return OpenedRun(path, manifest)


def _id_of(bundle: Bundle) -> str:
    """Return the id that a bundle's header names."""
    for line in bundle.files.get(HEADER, b"").decode("utf-8-sig").splitlines():
        if line.startswith("id:"):
            return line.removeprefix("id:").split("#")[0].strip().strip("'\"")
    return bundle.name
