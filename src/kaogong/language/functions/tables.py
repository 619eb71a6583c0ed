"""Functions of parameter tables, code lists and the lines of a scheme."""

from __future__ import annotations

from sqlglot import exp

from kaogong.language.expression import Expression, Has, Member, Pick, Points, Table
from kaogong.language.finding import refuse
from kaogong.language.functions.function import Build, Call
from kaogong.language.kind import Kind
from kaogong.language.scope import CodeList, fold
from kaogong.language.span import Span
from kaogong.language.words import Words


def pick(call: Call) -> Expression:
    """Return the entry of a table."""
    table = _table(call)
    return Pick(table, _keys(call, table), call.span)


def has(call: Call) -> Expression:
    """Return whether a table has an entry."""
    table = _table(call)
    return Has(table, _keys(call, table), call.span)


def _table(call: Call) -> Table:
    node = call.arguments[0]
    found = call.checker.scope.find(call.name_at(0), call.checker.span(node))
    if not isinstance(found, Table):
        wanted = Words("参数表", "a parameter table")
        raise call.checker.wrong(node, wanted, Words("别的名称", "another name"))
    return found


def _keys(call: Call, table: Table) -> tuple[Expression, ...]:
    keys = tuple(call.expression(place) for place in range(1, len(call.arguments)))
    width = len(next(iter(table.entries), ()))
    if table.entries and width != len(keys):
        raise refuse("KG304", call.span, function=call.name, n=width + 1)
    return keys


def under(call: Call) -> Expression:
    """Return whether a code is one of those written or lies below one."""
    item = call.expression(0)
    if item.kind.name != "code":
        raise call.checker.wrong(call.arguments[0], Kind("code").words, item.kind)
    vocabulary = call.checker.scope.vocabularies.get(item.kind.vocabulary)
    codes: set[str] = set()
    for text, span in _written_codes(call):
        code = call.checker.code(text, item.kind, span)
        codes |= vocabulary.below(code) if vocabulary else {code}
    return Member(item, frozenset(codes), call.span)


def _written_codes(call: Call) -> list[tuple[str, Span]]:
    node = call.arguments[1]
    span = call.checker.span(node)
    if isinstance(node, exp.Literal):
        return [(node.name, span)]
    if isinstance(node, exp.Column):
        found = call.checker.scope.find(call.name_at(1), span)
        if isinstance(found, CodeList):
            return [(code, span) for code in found.codes]
    wanted = Words("代码或代码清单", "a code in quotes or a list of codes")
    raise call.checker.wrong(node, wanted, Words("别的写法", "something else"))


def points(call: Call) -> Expression:
    """Return the points of one line."""
    name = call.name_at(0)
    item = call.checker.scope.items.get(fold(name))
    if item is None:
        raise refuse("KG611", call.span, item=name, name=name)
    return Points(item, call.span)


def elsewhere(where: Words) -> Build:
    """Return the builder of a word that has a meaning only in another kind of document."""

    def build(call: Call) -> Expression:
        raise refuse("KG302", call.span, construct=f"{call.name}()", instead=where)

    return build
