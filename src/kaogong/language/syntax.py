"""The text of an expression to a tree of sqlglot nodes, and what may stand in it.

sqlglot is the parser only. Its dialect here knows fifteen key words and no function, so every call
is a plain name and every other word is a name. Quantities (`2000万元`), dates and plain numbers are
replaced before parsing by place holders of the same length, so positions stay true and 24.097 keeps
its digits. What is left is held against an allow-list of node classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlglot import Dialect, exp, parser, tokens
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from kaogong.language.finding import refuse
from kaogong.language.quantity import Quantity, scan, wide_characters
from kaogong.language.span import Span, Text

LONGEST = 2000
MOST_NODES = 500
DEEPEST = 60

ALLOWED: frozenset[type[exp.Expression]] = frozenset({
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg,
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.And, exp.Or, exp.Not, exp.Between, exp.In, exp.Is, exp.Null, exp.Case, exp.If,
    exp.Paren, exp.Anonymous, exp.Column, exp.Identifier, exp.Literal, exp.Boolean,
})  # fmt: skip

INSTEAD: Mapping[str, str] = {
    "select": "an expression sees one subject; use the …_of functions for its records",
    "from": "an expression sees one subject; use the …_of functions for its records",
    "over": "use rank, classes or a figure",
    "cast": "declare the kind of the field",
    "try_cast": "declare the kind of the field",
    "like": "starts_with(t, p) or contains(t, p)",
    "ilike": "starts_with(t, p) or contains(t, p)",
    "interval": "years_ago, months_ago, days_ago or add_days",
    "now": "as_of",
    "current_date": "as_of",
    "today": "as_of",
    "random": "results must repeat; leave it out",
    "if": "case when … then … else … end",
    "iif": "case when … then … else … end",
    "nullif": "on_zero of the indicator, or case",
    "power": "compound_growth, or a named value",
    "log": "a named value with a scale",
    "exp": "a named value with a scale",
    "sqrt": "a named value with a scale",
}
_CONSTRUCTS: Mapping[type[exp.Expression], tuple[str, str]] = {
    exp.Dot: ("a.b", "via(link, name)"),
    exp.Bracket: ("x[1]", "prior(x, n)"),
    exp.Parameter: ("@x", "a name"),
    exp.Placeholder: ("?", "a name"),
    exp.Star: ("*", "a name; an expression sees one subject"),
    exp.Alias: ("a number followed by a word", "a unit from the unit table directly behind it"),
    exp.Mod: ("%", "a percent directly behind its number"),
    exp.Tuple: ("(a, b)", "in (…) with written codes"),
    exp.Subquery: ("a subquery", "the …_of functions"),
}
_HOLDER = "\ue000"  # private-use characters: a first that says which literal, then padding
_PADDING = "\uf8ff"
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_WORD = re.compile(r"""'[^']*'|"[^"]*"|([^\W\d]\w*)""")
_TEMPLATE = re.compile(r"\|\||->|::|--|/\*|\{|\}|;|\$|@|\?")


@dataclass(frozen=True, slots=True)
class Syntax:
    """A parsed expression; `literals` are what the place holders stand for."""

    tree: exp.Expression
    text: Text
    literals: tuple[Quantity | date, ...]

    def literal(self, name: str) -> Quantity | date | None:
        """Return what a place holder stands for, or None for an ordinary name."""
        at = ord(name[0]) - ord(_HOLDER)
        return self.literals[at] if 0 <= at < len(self.literals) else None

    def span(self, node: exp.Expression) -> Span:
        """Return where the first leaf of `node` stands."""
        starts = [leaf.meta["start"] for leaf in node.walk() if "start" in leaf.meta]
        return place_in(self.text, min(starts, default=0))


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


def parse(text: Text) -> Syntax:
    """Return the tree of an expression, or raise `Refused` with the first thing that is wrong."""
    _refuse_size(text)
    _refuse_full_width(text)
    _refuse_words(text)
    written, literals = _with_holders(text)
    try:
        trees = _PARSER.parse(_SPOKEN.tokenize(written), written)
    except SqlglotError as error:
        raise refuse("KG301", _place_of(error, text), reason=_reason(error)) from None
    except RecursionError:
        raise refuse("KG309", text.span, what=f"more than {DEEPEST} levels") from None
    if len(trees) != 1 or trees[0] is None:
        raise refuse("KG301", text.span, reason="nothing stands here")
    syntax = Syntax(trees[0], text, tuple(literals))
    _refuse_nodes(syntax)
    return syntax


def place_in(text: Text, offset: int) -> Span:
    """Return the place of a character of `text`; a text over many lines gives its beginning."""
    if "\n" in text:
        return text.span
    return text.span.shifted(offset + (1 if text.quoted else 0))


def _refuse_size(text: Text) -> None:
    if len(text) > LONGEST:
        raise refuse("KG309", text.span, what=f"{len(text)} > {LONGEST} characters")
    deepest = depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise refuse("KG309", text.span, what=f"{deepest} > {DEEPEST} levels")


def _refuse_full_width(text: Text) -> None:
    for found in wide_characters(text):
        raise refuse("KG303", place_in(text, found.offset), char=found.text, half=found.half)


def _refuse_words(text: Text) -> None:
    """Refuse SQL that reads like an expression but is not one, with what to write instead."""
    for found in _WORD.finditer(text):
        word = (found.group(1) or "").lower()
        if word in INSTEAD:
            raise refuse(
                "KG302", place_in(text, found.start()), construct=word, instead=INSTEAD[word]
            )
    bare = _WORD.sub(lambda m: " " * len(m.group()), text)
    if sign := _TEMPLATE.search(bare):
        raise refuse(
            "KG302", place_in(text, sign.start()), construct=sign.group(), instead="plain operators"
        )


def _with_holders(text: Text) -> tuple[str, list[Quantity | date]]:
    """Replace each literal by a place holder of its own length."""
    written: list[str] = []
    literals: list[Quantity | date] = []
    for piece in scan(text):
        if piece.kind == "unread" or (piece.kind == "date" and piece.day is None):
            reason = f"{piece.text} is no number with a known unit, and no date"
            raise refuse("KG301", place_in(text, piece.offset), reason=reason)
        value = piece.quantity or piece.day
        if value is None:
            written.append(piece.text)
            continue
        holder = chr(ord(_HOLDER) + len(literals))
        written.append(holder + _PADDING * (len(piece.text) - 1))
        literals.append(value)
    return "".join(written), literals


def _refuse_nodes(syntax: Syntax) -> None:
    for count, (node, depth) in enumerate(_depth_first(syntax.tree), 1):
        if count > MOST_NODES:
            raise refuse("KG309", syntax.text.span, what=f"more than {MOST_NODES} nodes")
        if depth > DEEPEST * 2:
            raise refuse("KG309", syntax.text.span, what=f"more than {DEEPEST} levels")
        _refuse_node(node, syntax)


def _refuse_node(node: exp.Expression, syntax: Syntax) -> None:
    if isinstance(node, exp.Column) and node.args.get("table"):
        raise refuse("KG302", syntax.span(node), construct="a.b", instead="via(link, name)")
    if type(node) not in ALLOWED:
        construct, instead = _CONSTRUCTS.get(
            type(node), (type(node).__name__, "the operators and functions of the language")
        )
        raise refuse("KG302", syntax.span(node), construct=construct, instead=instead)
    if isinstance(node, exp.Identifier) and not _is_name(node, syntax):
        raise refuse("KG301", syntax.span(node), reason=f"{node.name} is not a name")
    if isinstance(node, exp.In) and (node.args.get("query") or not node.expressions):
        raise refuse("KG302", syntax.span(node), construct="in", instead="in ('a', 'b')")


def _is_name(node: exp.Identifier, syntax: Syntax) -> bool:
    name = node.name
    quoted = bool(node.args.get("quoted"))
    return bool(name) and (
        quoted or syntax.literal(name) is not None or bool(_PLAIN_NAME.fullmatch(name))
    )


def _depth_first(tree: exp.Expression) -> Iterator[tuple[exp.Expression, int]]:
    stack = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in node.iter_expressions(reverse=True))


def _place_of(error: SqlglotError, text: Text) -> Span:
    details = getattr(error, "errors", None) or [{}]
    column = details[0].get("col") or 1
    return place_in(text, max(column - 1, 0)) if details[0].get("line", 1) == 1 else text.span


def _reason(error: SqlglotError) -> str:
    details = getattr(error, "errors", None) or [{}]
    words = str(details[0].get("description") or error).splitlines()[0]
    return "".join(c for c in words if c.isprintable() and not "\ue000" <= c <= "\uf8ff")
