"""The vocabularies of a programme: written registers of codes, and the small lists of fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from posixpath import dirname, join, normpath

from kaogong.kinds.register import Register
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, Span, Text
from kaogong.language.vocabulary import Code, Vocabulary, flat
from kaogong.programme.bundle import Bundle
from kaogong.programme.load import Documents, of_kind

MOST_CODES = 100_000
COLUMNS = ("code", "title", "parent", "from", "to")


def vocabularies_of(
    documents: Documents, bundles: Sequence[Bundle]
) -> tuple[dict[str, Vocabulary], list[Finding]]:
    """Return every vocabulary by id, and the files of codes that cannot be read."""
    made: dict[str, Vocabulary] = {}
    files = _Files(bundles)
    for id, _, model in of_kind(documents, Register):
        if model.is_vocabulary:
            made[id] = _register(id, model, files)
        for name, each in model.fields.items():
            own = f"{id}.{name}"
            if isinstance(each.codes, tuple):
                made[own] = flat(own, (str(c) for c in each.codes))
            elif isinstance(each.codes, Block):
                made[own] = _titled(own, each.codes, is_ordered=False)
    return made, files.findings


def _register(id: str, model: Register, files: _Files) -> Vocabulary:
    is_ordered = model.ordered == "rising"
    if isinstance(model.codes, tuple):
        return flat(id, (str(c) for c in model.codes), is_ordered=is_ordered)
    if isinstance(model.codes, Block):
        return _titled(id, model.codes, is_ordered=is_ordered)
    return Vocabulary(id, files.codes(model.file) if model.file else {}, is_ordered)


def _titled(id: str, codes: Block, *, is_ordered: bool) -> Vocabulary:
    made: dict[str, Code] = {}
    for code, entry in codes.items():
        if isinstance(entry, Block):
            made[code] = Code(
                code, str(entry.get("title", code)), str(entry.get("parent", "")),
                _day(str(entry.get("from", ""))), _day(str(entry.get("to", ""))),
            )  # fmt: skip
        else:
            made[code] = Code(code, str(entry) or code)
    return Vocabulary(id, made, is_ordered)


@dataclass(slots=True)
class _Files:
    """The files of all programmes, as documents name them by `file:`."""

    bundles: Sequence[Bundle]
    findings: list[Finding] = field(default_factory=list)

    def codes(self, file: Text) -> Mapping[str, Code]:
        """Return the codes of a named file; what is wrong with it is noted."""
        path = str(file)
        if path.startswith("/") or ".." in path.split("/"):
            self.findings.append(finding("KG117", file.span, file=path))
            return {}
        content = self._content(file)
        if content is None:
            self.findings.append(finding("KG116", file.span, file=path))
            return {}
        codes = _read_codes(content)
        if codes is None:
            self.findings.append(finding("KG106", Span(path), file=path))
        return codes or {}

    def _content(self, file: Text) -> bytes | None:
        """Return the file beside the document that names it, else below the programme's folder."""
        for bundle in reversed(self.bundles):
            prefix = f"{bundle.name}/" if bundle.name else ""
            own = file.span.file.removeprefix(prefix)
            if not file.span.file.startswith(prefix) or own not in bundle.files:
                continue
            for path in (normpath(join(dirname(own), file)), str(file)):
                if path in bundle.files:
                    return bundle.files[path]
        return None


@lru_cache(maxsize=16)
def _read_codes(content: bytes) -> Mapping[str, Code] | None:
    """Return the codes of a csv with columns code, title, parent, from, to."""
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return None
    heading = next(rows, [])
    places = [heading.index(name) if name in heading else -1 for name in COLUMNS]
    made: dict[str, Code] = {}
    for row in rows:
        cells = [row[at].strip() if 0 <= at < len(row) else "" for at in places]
        code, title, parent, begins, ends = cells
        if code and len(made) < MOST_CODES:
            made[code] = Code(code, title, parent, _day(begins), _day(ends))
    return made


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
