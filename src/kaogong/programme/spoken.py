"""Expressions in one language: the text as written, each name by its title in zh or en.

Numbers, units, dates, texts in quotes, functions and key words stay as they are. Inside `…_of`
the names are those of the records, behind `via` those of the linked record, and `subject()` reaches
out, as in the checker; a name that means nothing stays, because telling so is the checker's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kaogong.language.fact import Fact
from kaogong.language.quantity import scan
from kaogong.language.scope import Lazy, Named, Scope, fold
from kaogong.programme.fields import titles_of
from kaogong.programme.load import Documents

_PIECE = re.compile(r"[^\W\d]\w*|[(),]|[^\w(),]+|\w+")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
KEY_WORDS = frozenset((
    "and", "or", "not", "between", "in", "is", "null", "true", "false", "case", "when", "then",
    "else", "end", "asc", "desc",
))  # fmt: skip


WORDS: Mapping[str, str] = {  # words of the kinds, as a Chinese reader reads them
    "x": "指标值", "weight": "权重", "benchmark": "基准值", "low": "最低值", "high": "最高值",
    "total": "总分", "ranked_class": "排序档次", "as_of": "截止日", "period_start": "期初",
    "period_end": "期末", "viewer_unit": "查看单位",
}  # fmt: skip


@dataclass(slots=True)
class _Call:
    """One open bracket: the function before it, and the names inside."""

    function: str
    scope: Scope
    outer: Scope
    argument: int = 0
    link: Fact | None = None  # first argument of `via`


def spoken(text: str, scope: Scope, documents: Documents, language: str) -> str:
    """Return an expression with its names in `language`."""
    return "".join(_Speaker(scope, documents, language).pieces(text))


def name_in(name: str, scope: Scope, documents: Documents, language: str) -> str:
    """Return the title in `language` of what a name means, quoted where it is no plain name."""
    title = _title(scope.names.get(fold(name)), documents, language)
    if title is None:
        child = scope.children.get(fold(name))
        title = (
            _register_title(child.register, documents, language) if child else _word(name, language)
        )
    return title if _PLAIN_NAME.fullmatch(title) else f'"{title}"'


class _Speaker:
    """Goes through the pieces of one expression, keeping track of whose names are meant."""

    def __init__(self, scope: Scope, documents: Documents, language: str) -> None:
        self.documents = documents
        self.language = language
        self.calls = [_Call("", scope, scope)]
        self.last_word = ""

    def pieces(self, text: str) -> Iterator[str]:
        """Yield the pieces of the translated text."""
        for piece in scan(text):
            if piece.kind == "quoted" and piece.text.startswith('"'):
                yield self._name(piece.text[1:-1])
            elif piece.kind == "raw":
                yield from self._raw(piece.text)
            else:
                yield piece.text

    def _raw(self, text: str) -> Iterator[str]:
        found = [m.group() for m in _PIECE.finditer(text)]
        for at, piece in enumerate(found):
            following = next((p for p in found[at + 1 :] if not p.isspace()), "")
            if _PLAIN_NAME.fullmatch(piece):
                yield self._word(piece, is_called=following == "(")
            else:
                self._sign(piece)
                yield piece

    def _word(self, word: str, *, is_called: bool) -> str:
        self.last_word = word.lower() if is_called else ""
        if is_called or word.lower() in KEY_WORDS:
            return word
        return self._name(word)

    def _name(self, name: str) -> str:
        call = self.calls[-1]
        spoken_name = name_in(name, call.scope, self.documents, self.language)
        if call.argument == 0:
            self._take(call, name)
        return spoken_name

    def _take(self, call: _Call, name: str) -> None:
        """Note the first argument where it decides whose names follow."""
        child = call.outer.children.get(fold(name))
        if call.function.endswith("_of") and child is not None:
            call.scope = call.outer.of_records(child)
        elif call.function == "via":
            found = call.outer.names.get(fold(name))
            call.link = found if isinstance(found, Fact) else None

    def _sign(self, piece: str) -> None:
        call = self.calls[-1]
        if piece == "(":
            scope = call.scope
            if self.last_word == "subject":
                scope = scope.owner or scope
            self.calls.append(_Call(self.last_word, scope, scope))
            self.last_word = ""
        elif piece == ")" and len(self.calls) > 1:
            self.calls.pop()
        elif piece == ",":
            call.argument += 1
            names = call.outer.links(call.link) if call.link is not None else None
            if names is not None:
                call.scope = Scope("", names, links=call.outer.links)


def _word(name: str, language: str) -> str:
    return WORDS.get(name, name) if language == "zh" else name


def _title(named: Named | Lazy | None, documents: Documents, language: str) -> str | None:
    if isinstance(named, Fact):
        return named.title.get(language) or named.title["zh"]
    document = documents.get(("Indicator", named.id)) if isinstance(named, Lazy) else None
    if document is not None:
        return titles_of(document.model.title, str(document.model.id))[language]
    return None


def _register_title(register: str, documents: Documents, language: str) -> str:
    document = documents.get(("Register", register))
    titles: Mapping[str, str] = titles_of(document.model.title if document else None, register)
    return titles[language]
