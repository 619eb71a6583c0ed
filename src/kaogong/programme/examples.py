"""The golden cases of a programme: under `examples:` of a document, or in a file of their own.

Beside `<file>.yaml` stands `<file>.examples.yaml`: it holds either the cases by name, where the
file holds one document, or `{document: id, examples: {…}}`. Names and units are checked here; to
run the cases is the business of `insight`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaogong.language.document import read_documents
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, Span, Text
from kaogong.programme.bundle import Bundle
from kaogong.programme.example import Example, Expected, Given, GivenFact
from kaogong.programme.example_reading import ExampleReader
from kaogong.programme.example_results import Results
from kaogong.programme.load import Documents, Key
from kaogong.programme.names import NameBook
from kaogong.programme.near import nearest

__all__ = ["Example", "Expected", "Given", "GivenFact", "examples_of"]

BESIDE = ".examples.yaml"
KINDS = ("Scheme", "Ladder", "Policy")  # that have cases


def examples_of(
    book: NameBook, results: Mapping[Key, Results], bundles: Sequence[Bundle]
) -> tuple[tuple[Example, ...], list[Finding]]:
    """Return the examples of every document, and what is wrong with those that are left out.

    `results` says, for each document that has cases, what they may expect.
    """
    made: list[Example] = []
    findings: list[Finding] = []
    beside, told = _beside(book.documents, bundles)
    findings += told
    for key, document in book.documents.items():
        if key not in results or document.model.abstract:
            continue
        own = document.block.get("examples")
        tables = [t for t in (own, *beside.get(key, ())) if t is not None]
        if tables:
            reader = ExampleReader(book, document, results[key], findings)
            made += [example for table in tables for example in reader.all_in(table)]
    return tuple(made), findings


def _beside(
    documents: Documents, bundles: Sequence[Bundle]
) -> tuple[dict[Key, list[Block]], list[Finding]]:
    """Return the examples in files of their own, by the document they are of."""
    found: dict[Key, list[Block]] = {}
    findings: list[Finding] = []
    for bundle in bundles:
        for path in (p for p in bundle.files if p.endswith(BESIDE)):
            shown = f"{bundle.name}/{path}" if bundle.name else path
            blocks, told = _read(bundle.files[path], shown)
            findings += told
            for block in blocks:
                key, table, refused = _whose(block, shown.removesuffix(BESIDE), documents)
                findings += refused
                if table is not None and key is not None:
                    found.setdefault(key, []).append(table)
    return found, findings


def _read(content: bytes, shown: str) -> tuple[list[Block], list[Finding]]:
    try:
        return read_documents(content.decode("utf-8-sig"), shown)
    except UnicodeDecodeError:
        return [], [finding("KG106", Span(shown), file=shown)]


def _whose(
    block: Block, file: str, documents: Documents
) -> tuple[Key | None, Block | None, list[Finding]]:
    """Return the document that a document of examples is of, and its cases."""
    keys = {
        id: (kind, id)
        for (kind, id), document in documents.items()
        if kind in KINDS
        and any(layer.file in (f"{file}.yaml", f"{file}.yml") for layer in document.layers)
    }
    named, inside = block.get("document"), block.get("examples")
    if isinstance(named, Text) and isinstance(inside, Block):
        if str(named) in keys:
            return keys[str(named)], inside, []
        near = nearest(str(named), tuple(keys))
        return None, None, [finding("KG201", named.span, name=named, subject=file, near=near)]
    if len(keys) == 1:
        return next(iter(keys.values())), block, []
    return None, None, [finding("KG104", block.span, kind="examples", id=file, key="document")]
