"""The vocabularies of a programme: written registers of codes, and the small lists of fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from kaogong.kinds.register import Register
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, Span, Text
from kaogong.language.vocabulary import Code, Vocabulary, flat
from kaogong.programme.load import Document

Files = Mapping[str, Mapping[str, bytes]]
MOST_CODES = 100_000


def vocabularies_of(
    documents: Mapping[tuple[str, str], Document], files: Files
) -> tuple[dict[str, Vocabulary], list[Finding]]:
    """Return every vocabulary by id, and the files of codes that cannot be read."""
    made: dict[str, Vocabulary] = {}
    findings: list[Finding] = []
    for (kind, id), document in documents.items():
        model = document.model
        if kind != "Register" or not isinstance(model, Register):
            continue
        if model.is_vocabulary:
            made[id] = _register(id, model, document, files, findings)
        for name, field in model.fields.items():
            if isinstance(field.codes, tuple):
                made[f"{id}.{name}"] = flat(f"{id}.{name}", (str(c) for c in field.codes))
            elif isinstance(field.codes, Block):
                made[f"{id}.{name}"] = _titled(f"{id}.{name}", field.codes, False)
    return made, findings


def _register(
    id: str, model: Register, document: Document, files: Files, findings: list[Finding]
) -> Vocabulary:
    is_ordered = model.ordered == "rising"
    if isinstance(model.codes, tuple):
        return flat(id, (str(c) for c in model.codes), is_ordered=is_ordered)
    if isinstance(model.codes, Block):
        return _titled(id, model.codes, is_ordered)
    if model.file is not None:
        codes = _from_file(model.file, document, files, findings)
        return Vocabulary(id, codes, is_ordered)
    return flat(id, ())


def _titled(id: str, codes: Block, is_ordered: bool) -> Vocabulary:
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


def _from_file(
    file: Text, document: Document, files: Files, findings: list[Finding]
) -> Mapping[str, Code]:
    path = str(file)
    if path.startswith("/") or ".." in path.split("/"):
        findings.append(finding("KG117", file.span, file=path))
        return {}
    content = files.get(document.programme, {}).get(path)
    if content is None:
        findings.append(finding("KG116", file.span, file=path))
        return {}
    codes = _read_codes(content)
    if codes is None:
        findings.append(finding("KG106", Span(path), file=path))
    return codes or {}


@lru_cache(maxsize=16)
def _read_codes(content: bytes) -> Mapping[str, Code] | None:
    """Return the codes of a csv with columns code, title, parent, from, to."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    made: dict[str, Code] = {}
    for row in csv.DictReader(io.StringIO(text)):
        code = (row.get("code") or "").strip()
        if code and len(made) < MOST_CODES:
            made[code] = Code(
                code, (row.get("title") or "").strip(), (row.get("parent") or "").strip(),
                _day(row.get("from") or ""), _day(row.get("to") or ""),
            )  # fmt: skip
    return made


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
