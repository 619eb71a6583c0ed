"""A programme as a person reads it: every key by its title, every name in one language.

The keys and their titles come from the models, so nothing here lists what a kind has. Behind each
value stand in ⟨⟩ the file and line that set it, and what it covered where a layer lies over
another; what applies because nobody wrote it is marked as a default.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from kaogong.kinds.head import Head, Source
from kaogong.kinds.indicator import Indicator
from kaogong.kinds.ladder import Ladder
from kaogong.kinds.parts import OpenSlot
from kaogong.kinds.policy import Policy
from kaogong.kinds.programme import Header
from kaogong.kinds.register import Register
from kaogong.kinds.scheme import Scheme
from kaogong.kinds.words import spoken_word
from kaogong.language.finding import Refused, refuse
from kaogong.language.scope import Scope
from kaogong.language.span import Span
from kaogong.programme.adopted import is_own
from kaogong.programme.conditions import record_scope
from kaogong.programme.describe_words import phrase
from kaogong.programme.fields import titles_of
from kaogong.programme.indicators import Locals, local_scope
from kaogong.programme.load import Document
from kaogong.programme.near import nearest
from kaogong.programme.outline import Outline
from kaogong.programme.printed import Speech
from kaogong.programme.programme import Programme

SOURCE_KEYS = ("document", "number", "filing", "issuer", "issued", "article", "link")


def describe(programme: Programme, language: str, documents: Collection[str] | None = None) -> str:
    """Return the programme in `zh` or `en`, as Markdown.

    `documents` names ids; without it the programme's own documents are printed whole and those it
    takes over unchanged are listed. Raise `Refused` where an id is not there.
    """
    chosen = _chosen(programme, documents)
    lines = [*_header(programme, language)] if programme.header is not None else []
    for document in chosen:
        lines += ["", *_document(programme, document, language)]
    if documents is None:
        rest = [d for d in programme.documents.values() if d not in chosen]
        lines += _others(rest, language)
    return "\n".join(lines).strip() + "\n"


def _chosen(programme: Programme, documents: Collection[str] | None) -> list[Document]:
    every = programme.documents
    if documents is None:
        return [d for d in every.values() if is_own(d, programme.id)]
    ids = [id for _, id in every]
    for id in documents:
        if id not in ids:
            place = Span(programme.bundles[-1].name if programme.bundles else "")
            near = nearest(id, ids)
            raise refuse("KG201", place, name=id, subject=programme.id, near=near)
    return [d for (_, id), d in every.items() if id in documents]


def _header(programme: Programme, language: str) -> Iterator[str]:
    header = programme.header
    if header is None:
        return
    id = str(header.id)
    yield f"# {titles_of(header.title, id)[language]} `{id}`"
    yield ""
    marks = [name for name in ("draft", "synthetic") if getattr(header, name)]
    yield from (f"**{phrase(name, language)}**" for name in marks)
    for key in ("division", "calendar", "extends", "owners", "note"):
        value = getattr(header, key)
        if value:
            title = _title_of(key, language)
            yield f"- {title}{phrase('colon', language)}{_plain(value, language)}"


def _title_of(key: str, language: str) -> str:
    extra = Header.model_fields[key].json_schema_extra
    titles = extra["titles"] if isinstance(extra, dict) else {}
    return str(titles[language]) if isinstance(titles, dict) else key


def _plain(value: object, language: str) -> str:
    if isinstance(value, dict):
        colon = phrase("colon", language)
        return phrase("comma", language).join(f"{k}{colon}{v}" for k, v in value.items())
    if isinstance(value, tuple):
        return phrase("comma", language).join(map(str, value))
    return str(value)


def _document(programme: Programme, document: Document, language: str) -> Iterator[str]:
    model, (kind, id) = document.model, document.key
    titles = titles_of(model.title, id)
    by_default = "en" not in model.title and language == "en"
    mark = f" ({phrase('default', language)})" if by_default else ""
    named = f"{titles[language]}{mark} `{id}`"
    yield f"## {spoken_word(kind, language)}{phrase('colon', language)}{named}"
    yield ""
    yield f"- {_source(model, language)}"
    yield f"- {_in_force(model, language)}"
    speech = Speech(language, programme.documents, _scope(programme, document))
    outline = Outline(document, speech, programme.vocabularies)
    yield from outline.lines()


def _scope(programme: Programme, document: Document) -> Scope:
    """Return whose names a document speaks of; one that cannot be opened has none."""
    model, book = document.model, programme.book
    subject = str((model.of or ("",))[0])
    try:
        if isinstance(model, Register):
            known = str(model.id) in book.registers()
            return record_scope(book, str(model.id)) if known else Scope("", {})
        if isinstance(model, Scheme | Indicator | Ladder | Policy) and subject in book.registers():
            named = Locals(str(model.id), model.let, model.parameters)
            return local_scope(book.scope(subject), named)
    except Refused:
        pass
    return Scope("", {})


def _source(model: Head, language: str) -> str:
    """Return the source line: document, number, day, article, link, and how well it was seen."""
    if model.source is None:
        return phrase("no_source", language)
    head = f"{phrase('source', language)}{phrase('colon', language)}"
    return head + source_line(model.source, language)


def source_line(source: Source, language: str) -> str:
    """Return a source on one line."""
    said = [str(getattr(source, key)) for key in SOURCE_KEYS if getattr(source, key) is not None]
    if source.evidence is not None:
        said.append(f"{spoken_word(source.evidence, language)} ({source.evidence})")
    return " · ".join(said)


def _in_force(model: Head, language: str) -> str:
    head = f"{phrase('in_force', language)}{phrase('colon', language)}"
    begins = phrase("from", language, day=_day(model.effective_from, language))
    if model.effective_to is None:
        titles = Head.model_fields["effective_to"].json_schema_extra
        absent = titles["absent"] if isinstance(titles, dict) else {}
        said = str(absent[language]) if isinstance(absent, dict) else ""
        return f"{head}{begins}{phrase('comma', language)}{said} ({phrase('default', language)})"
    ends = phrase("until", language, day=_day(model.effective_to, language))
    return f"{head}{begins} {ends}"


def _day(day: date | OpenSlot | None, language: str) -> str:
    if isinstance(day, OpenSlot):
        return phrase("open", language, why=day.why)
    return str(day) if day is not None else "—"


def _others(documents: list[Document], language: str) -> list[str]:
    """Return the documents that are taken over unchanged, by kind."""
    if not documents:
        return []
    by_kind: dict[str, list[str]] = {}
    for document in documents:
        kind, id = document.key
        title = titles_of(document.model.title, id)[language]
        by_kind.setdefault(kind, []).append(f"{title} `{id}`")
    comma, colon = phrase("comma", language), phrase("colon", language)
    made = [
        f"- {spoken_word(kind, language)} {len(names)}{colon}{comma.join(names)}"
        for kind, names in by_kind.items()
    ]
    return ["", f"## {phrase('others', language)}", "", *made]
