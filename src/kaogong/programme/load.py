"""A bundle and what it extends to a linked programme: documents merged, models read.

Order: the programmes in `extends` from left to right, each after what it extends itself, then the
folder's own documents. A document with `overrides` changes the one of that id; one with `extends`
is new and begins as the other's content. Nothing is checked here but form and links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kaogong.kinds.head import Head
from kaogong.kinds.programme import Header
from kaogong.kinds.read import KINDS, model_of, read_model
from kaogong.language.document import read_documents
from kaogong.language.finding import Finding, finding, in_order
from kaogong.language.span import Block, Span, Text, span_of
from kaogong.programme.bundle import Bundle, Finder
from kaogong.programme.overlay import inherited, laid_over

HEADER = "programme.yaml"
LATER_KINDS = ("Target", "Process", "Chain", "Match", "Bulletin")


@dataclass(frozen=True, slots=True)
class Document:
    """One document after all overlays: its tree, its model, and the texts it was made of."""

    block: Block
    model: Head
    programme: str
    layers: tuple[Span, ...]  # lowest first
    is_changed: bool = False  # by an override of a programme that extends the declaring one
    before: tuple[Block, ...] = ()  # its content before each further layer, lowest first

    @property
    def key(self) -> tuple[str, str]:
        """Return kind and id."""
        return (str(self.model.kind), str(self.model.id))


Key = tuple[str, str]  # kind and id
Documents = Mapping[Key, Document]
Kind = TypeVar("Kind", bound=Head)


def of_kind(documents: Documents, model: type[Kind]) -> Iterator[tuple[str, Document, Kind]]:
    """Yield id, document and model of each document of one kind, in written order."""
    for (_, id), document in documents.items():
        if isinstance(document.model, model):
            yield id, document, document.model


@dataclass(frozen=True, slots=True)
class Linked:
    """All documents a programme consists of."""

    header: Header | None
    documents: Documents
    files: Mapping[str, Mapping[str, bytes]]  # programme id -> its files, for `file:` tables
    findings: tuple[Finding, ...]
    content_id: str
    bundles: tuple[Bundle, ...]  # lowest first, the programme itself last


@dataclass(slots=True)
class _Draft:
    """A document while overlays are laid upon it."""

    block: Block
    programme: str
    layers: tuple[Span, ...]
    before: tuple[Block, ...] = ()
    is_changed: bool = False


def link(bundle: Bundle, find: Finder) -> Linked:
    """Return the programme of `bundle`, with everything it extends and every finding of form."""
    linker = _Linker(find)
    header = linker.add(bundle)
    documents = linker.models()
    identity = "\n".join(b.content_id for b in linker.bundles.values())
    return Linked(
        header,
        documents,
        {id: b.files for id, b in linker.bundles.items()},
        tuple(in_order(linker.findings)),
        Bundle("", {"bundles": identity.encode()}).content_id,
        tuple(linker.bundles.values()),
    )


class _Linker:
    def __init__(self, find: Finder) -> None:
        self._find = find
        self.findings: list[Finding] = []
        self.bundles: dict[str, Bundle] = {}
        self._drafts: dict[Key, _Draft] = {}
        self._opening: list[str] = []
        self._waiting: dict[Key, list[Block]] = {}  # of the bundle being added
        self._laying: list[Key] = []

    def add(self, bundle: Bundle) -> Header | None:
        """Add what the bundle extends, then the bundle's own documents."""
        blocks = list(self._read(bundle))
        header = self._header(bundle, blocks)
        if header is None:
            return None
        id = str(header.id)
        if id in self._opening:
            path = " → ".join([*self._opening, id])
            self.findings.append(finding("KG204", header.id.span, id=id, path=path))
            return header
        self._opening.append(id)
        for name in header.extends:
            self._extend(name)
        self._opening.pop()
        self.bundles[id] = bundle
        for block in blocks:
            if block.get("kind") != "Programme":
                self._waiting.setdefault(_key_of(block), []).append(block)
        for key in list(self._waiting):
            self._lay(key, id)
        return header

    def models(self) -> dict[Key, Document]:
        """Return the documents as models; those that cannot be read are findings."""
        made: dict[Key, Document] = {}
        for name, draft in self._drafts.items():
            model, findings = read_model(draft.block)
            self.findings.extend(findings)
            if model is not None:
                made[name] = Document(
                    draft.block,
                    model,
                    draft.programme,
                    draft.layers,
                    draft.is_changed,
                    draft.before,
                )
        return made

    def _extend(self, name: Text) -> None:
        if str(name) in self.bundles:
            return
        bundle = self._find(str(name))
        if bundle is None:
            self.findings.append(finding("KG113", name.span, id=name))
        else:
            self.add(bundle)

    def _read(self, bundle: Bundle) -> Iterator[Block]:
        for path in bundle.documents():
            shown = f"{bundle.name}/{path}" if bundle.name else path
            if path.endswith(".examples.yaml"):
                continue
            try:
                text = bundle.files[path].decode("utf-8-sig")
            except UnicodeDecodeError:
                self.findings.append(finding("KG106", Span(shown), file=shown))
                continue
            documents, findings = read_documents(text, shown)
            self.findings.extend(findings)
            yield from documents

    def _header(self, bundle: Bundle, blocks: list[Block]) -> Header | None:
        heads = [b for b in blocks if b.get("kind") == "Programme"]
        if not heads:
            place = Span(f"{bundle.name}/{HEADER}" if bundle.name else HEADER)
            if HEADER not in bundle.files:
                self.findings.append(finding("KG110", place, folder=bundle.name or "."))
            else:
                self.findings.append(finding("KG104", place, kind="Programme", id="", key="kind"))
            return None
        header, findings = model_of(Header, heads[0], "Programme")
        self.findings.extend(findings)
        return header

    def _lay(self, key: Key, programme: str) -> None:
        """Lay all that the bundle says of one document; what others build on comes before them."""
        self._laying.append(key)
        for block in self._waiting.pop(key, ()):
            self._document(block, programme)
        self._laying.pop()

    def _document(self, block: Block, programme: str) -> None:
        kind = block.get("kind")
        if not isinstance(kind, Text) or kind not in KINDS:
            self._unknown_kind(block, kind)
        elif "overrides" in block:
            self._override(block, str(kind), programme)
        else:
            self._new(block, str(kind), programme)

    def _unknown_kind(self, block: Block, kind: object) -> None:
        span = span_of(kind, block.span)
        if kind is None:
            self.findings.append(finding("KG104", span, kind="?", id="", key="kind"))
            return
        shown = str(kind) if isinstance(kind, Text) else "…"
        id = "KG111" if shown in LATER_KINDS else "KG112"
        listed = ", ".join(KINDS)
        values = {"kind": shown, "list": listed, "value": shown, "expected": listed}
        self.findings.append(finding(id, span, **values))

    def _new(self, block: Block, kind: str, programme: str) -> None:
        id = block.get("id")
        if not isinstance(id, Text):
            self.findings.append(finding("KG104", block.span, kind=kind, id="", key="id"))
            return
        if not _is_id(id):
            self.findings.append(finding("KG112", id.span, value=id, expected="[a-z][a-z0-9_]*"))
            return
        present = self._drafts.get((kind, str(id)))
        if present is not None and present.programme == programme:
            self.findings.append(
                finding(
                    "KG105", id.span, kind=kind, id=id,
                    file=str(present.block.span), other_file=str(block.span),
                )
            )  # fmt: skip
            return
        draft = _Draft(block, programme, (block.span,))
        if (base := self._base(block, kind, programme)) is not None:
            below = inherited(base.block)
            draft.block = self._laid(below, block)
            draft.layers = (*base.layers, block.span)
            draft.before = (*base.before, below)
        self._drafts[kind, str(id)] = draft

    def _base(self, block: Block, kind: str, programme: str) -> _Draft | None:
        name = block.get("extends")
        if not isinstance(name, Text):
            return None
        key = (kind, str(name))
        if key in self._laying and key not in self._drafts:
            path = " → ".join([*(id for _, id in self._laying[self._laying.index(key) :]), name])
            self.findings.append(finding("KG204", name.span, id=name, path=path))
            return None
        self._lay(key, programme)
        base = self._drafts.get(key)
        if base is None:
            self.findings.append(finding("KG114", name.span, id=name))
        return base

    def _override(self, block: Block, kind: str, programme: str) -> None:
        name = block["overrides"]
        base = self._drafts.get((kind, str(name)))
        if base is None or base.programme == programme:
            span = name.span if isinstance(name, Text) else block.span
            self.findings.append(finding("KG114", span, id=name))
            return
        over = Block(block.span)
        over.update({k: v for k, v in block.items() if k != "overrides"})
        over.keys_at.update(block.keys_at)
        merged = self._laid(base.block, over)
        self._drafts[kind, str(name)] = _Draft(
            merged,
            programme,
            (*base.layers, block.span),
            (*base.before, base.block),
            is_changed=True,
        )

    def _laid(self, base: Block, over: Block) -> Block:
        merged, findings = laid_over(base, over)
        self.findings.extend(findings)
        return merged


def _key_of(block: Block) -> Key:
    """Return which document a block is about: the one it declares, or the one it changes."""
    kind, id = block.get("kind"), block.get("overrides", block.get("id"))
    return (str(kind) if isinstance(kind, Text) else "", str(id) if isinstance(id, Text) else "")


def _is_id(text: str) -> bool:
    head, rest = text[:1], text[1:]
    letters = "abcdefghijklmnopqrstuvwxyz"
    return head in letters and head != "" and all(c in letters + "0123456789_" for c in rest)
