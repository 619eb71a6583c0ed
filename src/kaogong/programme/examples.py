"""The golden cases of a programme: under `examples:` of a scheme, or in a file of their own.

Beside `<file>.yaml` stands `<file>.examples.yaml`: it holds either the cases by name, where the
file holds one scheme, or `{document: id, examples: {…}}`. Names and units are checked here; to run
the cases is the business of `insight`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaogong.kinds.scheme import Scheme
from kaogong.language.document import read_documents
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, Span, Text
from kaogong.programme.bundle import Bundle
from kaogong.programme.example import Example, Expected, Given, GivenFact
from kaogong.programme.example_reading import ExampleReader
from kaogong.programme.load import Documents, of_kind
from kaogong.programme.names import NameBook
from kaogong.programme.near import nearest
from kaogong.programme.rules import SchemeRules

__all__ = ["Example", "Expected", "Given", "GivenFact", "examples_of"]

BESIDE = ".examples.yaml"


def examples_of(
    book: NameBook, schemes: Mapping[str, SchemeRules], bundles: Sequence[Bundle]
) -> tuple[tuple[Example, ...], list[Finding]]:
    """Return the examples of every scheme, and what is wrong with those that are left out."""
    made: list[Example] = []
    findings: list[Finding] = []
    beside, told = _beside(book.documents, bundles)
    findings += told
    for id, document, model in of_kind(book.documents, Scheme):
        rules = schemes.get(id)
        if rules is None or model.abstract:
            continue
        tables = [t for t in (document.block.get("examples"), *beside.get(id, ())) if t is not None]
        if tables:
            reader = ExampleReader(book, document, model, rules, findings)
            made += [example for table in tables for example in reader.all_in(table)]
    return tuple(made), findings


def _beside(
    documents: Documents, bundles: Sequence[Bundle]
) -> tuple[dict[str, list[Block]], list[Finding]]:
    """Return the examples in files of their own, by the scheme they are of."""
    found: dict[str, list[Block]] = {}
    findings: list[Finding] = []
    for bundle in bundles:
        for path in (p for p in bundle.files if p.endswith(BESIDE)):
            shown = f"{bundle.name}/{path}" if bundle.name else path
            blocks, told = _read(bundle.files[path], shown)
            findings += told
            for block in blocks:
                id, table, refused = _whose(block, shown.removesuffix(BESIDE), documents)
                findings += refused
                if table is not None:
                    found.setdefault(id, []).append(table)
    return found, findings


def _read(content: bytes, shown: str) -> tuple[list[Block], list[Finding]]:
    try:
        return read_documents(content.decode("utf-8-sig"), shown)
    except UnicodeDecodeError:
        return [], [finding("KG106", Span(shown), file=shown)]


def _whose(
    block: Block, file: str, documents: Documents
) -> tuple[str, Block | None, list[Finding]]:
    """Return the scheme a document of examples is of, and its cases."""
    ids = [
        id
        for id, document, _ in of_kind(documents, Scheme)
        if any(layer.file in (f"{file}.yaml", f"{file}.yml") for layer in document.layers)
    ]
    named, inside = block.get("document"), block.get("examples")
    if isinstance(named, Text) and isinstance(inside, Block):
        if str(named) in ids:
            return str(named), inside, []
        near = nearest(str(named), ids)
        return "", None, [finding("KG201", named.span, name=named, subject=file, near=near)]
    if len(ids) == 1:
        return ids[0], block, []
    return "", None, [finding("KG104", block.span, kind="examples", id=file, key="document")]
