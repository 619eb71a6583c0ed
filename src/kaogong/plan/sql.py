"""Small constructors of SQL trees. A tree is never made of pasted text.

The trees are meant for no engine in particular; `engine` renders them. Numbers are integers: units
of a declared scale, in `bigint` or, where range analysis says so, in a 128-bit integer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from sqlglot import exp

Node = exp.Expr
Width = Literal["integer", "bigint", "hugeint"]
INTEGER_MOST = 2**31 - 1
BIGINT_MOST = 2**63 - 1
HUGEINT_MOST = 10**38 - 1  # what the widest whole number of every engine holds
_TYPES = {
    "integer": exp.DataType.Type.INT,
    "bigint": exp.DataType.Type.BIGINT,
    "hugeint": exp.DataType.Type.INT128,
}


def column(name: str, table: str | None = None) -> Node:
    """Return a quoted column."""
    at = exp.to_identifier(table, quoted=True) if table else None
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=at)


def integer(value: int) -> Node:
    """Return a whole number as a literal of the width it needs."""
    literal: Node = exp.Literal.number(abs(value))
    if value < 0:
        literal = exp.Neg(this=literal)
    if abs(value) > BIGINT_MOST:
        return cast(literal, "hugeint")
    return literal


def value_of(node: Node) -> int | None:
    """Return the whole number a literal stands for, None for any other node."""
    if isinstance(node, exp.Cast):
        return value_of(node.this)
    if isinstance(node, exp.Neg):
        inside = value_of(node.this)
        return None if inside is None else -inside
    is_number = isinstance(node, exp.Literal) and not node.is_string
    return int(node.name) if is_number else None


def text(value: str) -> Node:
    """Return a text literal."""
    return exp.Literal.string(value)


def boolean(value: bool) -> Node:
    """Return true or false."""
    return exp.Boolean(this=value)


def null(kind: str = "") -> Node:
    """Return an unknown; with a kind, of that type."""
    types = {
        "number": exp.DataType.Type.BIGINT, "yes_no": exp.DataType.Type.BOOLEAN,
        "text": exp.DataType.Type.TEXT, "code": exp.DataType.Type.TEXT,
        "date": exp.DataType.Type.DATE,
    }  # fmt: skip
    if kind not in types:
        return exp.Null()
    return exp.Cast(this=exp.Null(), to=exp.DataType(this=types[kind]))


def day(value: date) -> Node:
    """Return a date literal."""
    return exp.Cast(
        this=exp.Literal.string(value.isoformat()), to=exp.DataType(this=exp.DataType.Type.DATE)
    )


def cast(node: Node, width: Width) -> Node:
    """Return a node as an integer of a width."""
    return exp.Cast(this=node, to=exp.DataType(this=_TYPES[width]))


def as_text(node: Node) -> Node:
    """Return a node as a text."""
    return exp.Cast(this=node, to=exp.DataType(this=exp.DataType.Type.TEXT))


def width_of(most: int) -> Width | None:
    """Return the width that holds numbers up to `most`, or None where none does."""
    if most <= BIGINT_MOST:
        return "bigint"
    return "hugeint" if most <= HUGEINT_MOST else None


def narrow(node: Node, most: int) -> Node:
    """Return a node as the narrowest whole number that holds `most`, at most 64 bits."""
    return cast(node, "integer" if most <= INTEGER_MOST else "bigint")


def case(branches: Iterable[tuple[Node, Node]], otherwise: Node | None = None) -> Node:
    """Return a cascade."""
    made = exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches])
    if otherwise is not None:
        made.set("default", otherwise)
    return made


def every(items: Iterable[Node]) -> Node:
    """Return `and` over items; over none, true."""
    return _joined(exp.And, list(items), True)


def some(items: Iterable[Node]) -> Node:
    """Return `or` over items; over none, false."""
    return _joined(exp.Or, list(items), False)


def _joined(node: type[exp.Connector], items: list[Node], empty: bool) -> Node:
    if not items:
        return boolean(empty)
    made = items[0]
    for item in items[1:]:
        made = node(this=paren(made), expression=paren(item))
    return made


def paren(node: Node) -> Node:
    """Return a node in parentheses, unless it is a leaf."""
    leaves = exp.Column | exp.Literal | exp.Boolean | exp.Paren | exp.Cast | exp.Func
    if isinstance(node, leaves) and not isinstance(node, exp.Connector):  # `and` is called a Func
        return node
    return exp.Paren(this=node)


def binary(sign: str, left: Node, right: Node) -> Node:
    """Return an arithmetic or comparison node."""
    return _BINARY[sign](this=paren(left), expression=paren(right))


def negate(node: Node) -> Node:
    """Return `not node`."""
    return exp.Not(this=paren(node))


def is_null(node: Node) -> Node:
    """Return `node is null`."""
    return exp.Is(this=paren(node), expression=exp.Null())


def is_known(node: Node) -> Node:
    """Return `node is not null`."""
    return exp.Not(this=exp.Is(this=paren(node), expression=exp.Null()))


def is_true(node: Node) -> Node:
    """Return whether a condition is definitely true (unknown counts as no)."""
    return coalesce([node, boolean(False)])


def coalesce(items: list[Node]) -> Node:
    """Return the first that is not null."""
    return exp.Coalesce(this=items[0], expressions=items[1:])


def member(item: Node, values: Iterable[str]) -> Node:
    """Return `item in (values)`."""
    return exp.In(this=paren(item), expressions=[text(v) for v in sorted(values)])


def call(name: str, *arguments: Node) -> Node:
    """Return a call that `engine` knows how to spell."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def divide(top: Node, bottom: Node) -> Node:
    """Return an integer division that cuts towards zero."""
    return exp.IntDiv(this=paren(top), expression=paren(bottom))


def divisor(node: Node) -> Node:
    """Return a node that is never below zero, unknown where it is zero: nothing divides by it."""
    return call("kg_divisor", node)


def alias(node: Node, name: str) -> Node:
    """Return a named column of a select."""
    return exp.Alias(this=node, alias=exp.to_identifier(name, quoted=True))


def table(name: str, alias: str | None = None) -> Node:
    """Return a table, under an alias where one is given."""
    made = exp.Table(this=exp.to_identifier(name, quoted=True))
    return made if alias is None else exp.alias_(made, alias, table=True, quoted=True)


def subquery(query: exp.Select, alias: str) -> exp.Subquery:
    """Return a select as a table."""
    return exp.Subquery(
        this=query, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
    )


_BINARY: dict[str, type[exp.Binary]] = {
    "+": exp.Add, "-": exp.Sub, "*": exp.Mul,
    "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
