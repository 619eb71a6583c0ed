"""The text of an expression to a tree of sqlglot nodes, and what may stand in it.

sqlglot is the parser only. Its dialect here knows fifteen key words and no function, so every call
is a plain name and every other word is a name. Quantities (`2000万元`), dates and plain numbers are
replaced before parsing by place holders of the same length, so positions stay true and 24.097 keeps
its digits. What is left is held against an allow-list of node classes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import ClassVar

from sqlglot import Dialect, TokenType, exp, parser, tokens
from sqlglot.errors import SqlglotError

from kaogong.language.finding import refuse
from kaogong.language.quantity import Piece, Quantity, scan, wide_characters
from kaogong.language.refused import CALLS, CONSTRUCTS, LINK, OTHER, SIGNS, WORDS, WRITTEN_CODES
from kaogong.language.span import Span, Text
from kaogong.language.words import Words

LONGEST = 2000
MOST_NODES = 500
DEEPEST = 60
_FRAMES = 8_000  # the parser takes up to twenty calls a level, and a caller has some of its own

Branch = exp.Expr  # a node of the tree that the parser makes

ALLOWED: frozenset[type[Branch]] = frozenset({
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg,
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.And, exp.Or, exp.Not, exp.Between, exp.In, exp.Is, exp.Null, exp.Case, exp.If,
    exp.Paren, exp.Anonymous, exp.Column, exp.Identifier, exp.Literal, exp.Boolean,
})  # fmt: skip

_HOLDER = "\ue000"  # private-use characters: a first that says which literal, then padding
_PADDING = "\uf8ff"
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_PRIVATE = re.compile(f"[{_HOLDER}-{_PADDING}\x00-\x08\x0b-\x1f]")
_WORD = re.compile(r"([^\W\d]\w*)(\s*\()?")
_SIGN = re.compile("|".join(re.escape(sign) for sign in SIGNS))
_GAP = re.compile(r",\s*[),]|\(\s*,")  # an argument that nobody wrote
_DOTTED = re.compile(r"(?<!\w)\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Syntax:
    """A parsed expression; `literals` are what the place holders stand for."""

    tree: Branch
    text: Text
    literals: tuple[Quantity | date, ...]

    def literal(self, name: str) -> Quantity | date | None:
        """Return what a place holder stands for, or None for an ordinary name."""
        at = ord(name[0]) - ord(_HOLDER)
        return self.literals[at] if 0 <= at < len(self.literals) else None

    def span(self, node: Branch) -> Span:
        """Return where the first leaf of `node` stands."""
        starts = [leaf.meta["start"] for leaf in node.walk() if "start" in leaf.meta]
        return self.text.place(min(starts, default=0))

    def spoken(self, node: Branch) -> str:
        """Return the user's own words for `node`."""
        leaves = [leaf.meta for leaf in node.walk() if "start" in leaf.meta]
        if not leaves:
            return str(self.text)
        begins, ends = min(m["start"] for m in leaves), max(m["end"] for m in leaves) + 1
        while self.text.count("(", begins, ends) > self.text.count(")", begins, ends):
            close = self.text.find(")", ends) + 1
            ends = close or len(self.text)
            if not close:
                break
        return self.text[begins:ends]


class _Spoken(Dialect):
    """SQL's scalar expressions, with an empty function table."""

    class Tokenizer(tokens.Tokenizer):
        IDENTIFIERS: ClassVar[list[str | tuple[str, str]]] = ['"']
        QUOTES: ClassVar[list[str | tuple[str, str]]] = ["'"]
        COMMENTS: ClassVar[list[str | tuple[str, str]]] = []
        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            "AND": TokenType.AND, "OR": TokenType.OR, "NOT": TokenType.NOT,
            "BETWEEN": TokenType.BETWEEN, "IN": TokenType.IN, "IS": TokenType.IS,
            "NULL": TokenType.NULL, "TRUE": TokenType.TRUE, "FALSE": TokenType.FALSE,
            "CASE": TokenType.CASE, "WHEN": TokenType.WHEN, "THEN": TokenType.THEN,
            "ELSE": TokenType.ELSE, "END": TokenType.END,
            "<>": TokenType.NEQ, "<=": TokenType.LTE, ">=": TokenType.GTE,
        }  # fmt: skip

    class Parser(parser.Parser):
        FUNCTIONS: ClassVar = {}
        FUNCTION_PARSERS: ClassVar = {}
        NO_PAREN_FUNCTIONS: ClassVar = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar = {
            "CASE": parser.Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]
        }


_SPOKEN = _Spoken()
_PARSER = _SPOKEN.parser()
_ONE = Lock()


def parse(text: Text) -> Syntax:
    """Return the tree of an expression, or raise `Refused` with the first thing that is wrong."""
    tree, literals = _read(text)
    return Syntax(tree, text, literals)


@lru_cache(maxsize=4096)
def _read(text: Text) -> tuple[exp.Expr, tuple[Quantity | date, ...]]:
    """Return the tree and literals of a text; the same text elsewhere has the same."""
    _refuse_size(text)
    _refuse_full_width(text)
    _refuse_characters(text)
    _refuse_words(text)
    written, literals = _with_holders(text)
    try:
        with _deep():
            trees = _PARSER.parse(_SPOKEN.tokenize(written), written)
    except SqlglotError as error:
        raise refuse("KG301", _place_of(error, text), reason=_reason(error)) from None
    except RecursionError:
        raise refuse("KG309", text.span, what=_LEVELS) from None
    if len(trees) != 1 or trees[0] is None:
        raise refuse("KG301", text.span, reason=Words("没有内容", "nothing stands here"))
    syntax = Syntax(trees[0], text, tuple(literals))
    _refuse_nodes(syntax)
    return syntax.tree, syntax.literals


@contextmanager
def _deep() -> Iterator[None]:
    """Let Python call as deeply as the parser needs, whoever calls; one at a time."""
    with _ONE:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, _FRAMES))
        try:
            yield
        finally:
            sys.setrecursionlimit(before)


_LEVELS = Words(f"超过{DEEPEST}层", f"more than {DEEPEST} levels")


def _refuse_size(text: Text) -> None:
    if len(text) > LONGEST:
        what = Words(f"{len(text)}个字符，至多{LONGEST}", f"{len(text)} > {LONGEST} characters")
        raise refuse("KG309", text.span, what=what)
    deepest = depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        what = Words(f"{deepest}层，至多{DEEPEST}层", f"{deepest} > {DEEPEST} levels")
        raise refuse("KG309", text.span, what=what)


def _refuse_full_width(text: Text) -> None:
    for found in wide_characters(text):
        raise refuse("KG303", text.place(found.offset), char=found.text, half=found.half)


def _refuse_characters(text: Text) -> None:
    """Refuse what no keyboard gives, and a quote that is not closed."""
    if found := _PRIVATE.search(text):
        reason = Words("含有不可见的字符", "it holds characters that cannot be seen")
        raise refuse("KG301", text.place(found.start()), reason=reason)
    for piece in scan(text):
        if piece.kind == "raw" and (quote := re.search("['\"]", piece.text)):
            reason = Words("引号没有结束", "a quote is not closed")
            raise refuse("KG301", text.place(piece.offset + quote.start()), reason=reason)


def _refuse_words(text: Text) -> None:
    """Refuse SQL that reads like an expression but is not one, with what to write instead."""
    for piece in scan(text):
        if piece.kind == "raw":
            _refuse_raw(piece, text)
    bare = "".join(_blanked(piece) for piece in scan(text))
    if gap := _GAP.search(bare):
        reason = Words("括号或逗号之间缺少内容", "something is missing beside a comma")
        raise refuse("KG301", text.place(gap.start()), reason=reason)


def _blanked(piece: Piece) -> str:
    """Return a piece with its literals made unreadable, and as long as before."""
    return piece.text if piece.kind == "raw" else "x" * len(piece.text)


def _refuse_raw(piece: Piece, text: Text) -> None:
    for found in _WORD.finditer(piece.text):
        word = found.group(1).lower()
        if word in WORDS or (word in CALLS and found.group(2)):
            place = text.place(piece.offset + found.start())
            raise refuse("KG302", place, construct=word, instead=(WORDS | CALLS)[word])
    if sign := _SIGN.search(piece.text):
        place = text.place(piece.offset + sign.start())
        raise refuse("KG302", place, construct=sign.group(), instead=SIGNS[sign.group()])
    if dotted := _DOTTED.search(piece.text):
        reason = Words(f"请写0{dotted.group()}", f"write 0{dotted.group()}")
        raise refuse("KG301", text.place(piece.offset + dotted.start()), reason=reason)


def _with_holders(text: Text) -> tuple[str, list[Quantity | date]]:
    """Replace each literal by a place holder of its own length."""
    written: list[str] = []
    literals: list[Quantity | date] = []
    for piece in scan(text):
        if piece.kind == "unread" or (piece.kind == "date" and piece.day is None):
            raise refuse("KG301", text.place(piece.offset), reason=_unread(piece.text))
        value = piece.quantity or piece.day
        if value is None:
            written.append(piece.text)
            continue
        holder = chr(ord(_HOLDER) + len(literals))
        written.append(holder + _PADDING * (len(piece.text) - 1))
        literals.append(value)
    return "".join(written), literals


def _unread(text: str) -> Words:
    return Words(
        f"{text}不是带有已知单位的数，也不是日期",
        f"{text} is no number with a known unit, and no date",
    )


def _refuse_nodes(syntax: Syntax) -> None:
    for count, (node, depth) in enumerate(_depth_first(syntax.tree), 1):
        if count > MOST_NODES:
            what = Words(f"超过{MOST_NODES}个节点", f"more than {MOST_NODES} nodes")
            raise refuse("KG309", syntax.text.span, what=what)
        if depth > DEEPEST * 2:
            raise refuse("KG309", syntax.text.span, what=_LEVELS)
        _refuse_node(node, syntax)


def _refuse_node(node: Branch, syntax: Syntax) -> None:
    span = syntax.span(node)
    if isinstance(node, exp.Column) and node.args.get("table"):
        raise refuse("KG302", span, construct=LINK[0], instead=LINK[1])
    if type(node) not in ALLOWED:
        construct, instead = CONSTRUCTS.get(type(node), OTHER)
        raise refuse("KG302", span, construct=construct, instead=instead)
    if isinstance(node, exp.Identifier) and not _is_name(node, syntax):
        reason = Words(f"{node.name}不是名称", f"{node.name} is not a name")
        raise refuse("KG301", span, reason=reason)
    if isinstance(node, exp.In) and (node.args.get("query") or not node.expressions):
        raise refuse("KG302", span, construct="in", instead=WRITTEN_CODES)


def _is_name(node: exp.Identifier, syntax: Syntax) -> bool:
    name = node.name
    quoted = bool(node.args.get("quoted"))
    return bool(name) and (
        quoted or syntax.literal(name) is not None or bool(_PLAIN_NAME.fullmatch(name))
    )


def _depth_first(tree: Branch) -> Iterator[tuple[Branch, int]]:
    stack = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in node.iter_expressions(reverse=True))


def _place_of(error: SqlglotError, text: Text) -> Span:
    details = getattr(error, "errors", None) or [{}]
    column = details[0].get("col") or 1
    return text.place(max(column - 1, 0)) if details[0].get("line", 1) == 1 else text.span


# What the parser says, by how it begins.
_REASONS: Mapping[str, Words] = {
    "Expecting )": Words("括号不成对，此处缺少“)”", "brackets do not pair; a ) is missing"),
    "Required keyword": Words("此处缺少一个值", "a value is missing here"),
    "Expected END": Words("case缺少then或end", "case lacks its then or end"),
}
_UNEXPECTED = Words("此处的写法读不通", "this cannot stand here")


def _reason(error: SqlglotError) -> Words:
    details = getattr(error, "errors", None) or [{}]
    said = str(details[0].get("description") or "")
    return next(
        (words for begins, words in _REASONS.items() if said.startswith(begins)), _UNEXPECTED
    )
