"""Functions of parameter tables, code lists, titles and the lines of a scheme."""

from __future__ import annotations

from sqlglot import exp

from kaogong.language.expression import (
    NOW,
    Compare,
    DateWord,
    Every,
    Expression,
    Has,
    Known,
    Member,
    Not,
    OverRecords,
    Pick,
    Points,
    Read,
    Some,
    Table,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.functions.function import Build, Call
from kaogong.language.kind import YES_NO, Kind
from kaogong.language.scope import Child, CodeList, fold
from kaogong.language.span import Span
from kaogong.language.words import Words

A_LADDER = Words("须由载明titles的Ladder声明该称号", "a Ladder with titles must declare them")
TITLE_FIELDS = ("title", "level", "valid_from", "valid_to", "status")  # of a register of titles
ENDED = frozenset({"到期", "撤销"})  # states in which a title is held no longer


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


def holds(call: Call) -> Expression:
    """Return whether a record of the title is valid on `as_of`, and neither ended nor revoked."""
    titles = call.checker.scope.titles
    if titles is None:
        return elsewhere(A_LADDER)(call)
    span = call.span
    tests = [_named(call, titles, "title", 0)]
    if len(call.arguments) > 1:
        tests.append(_named(call, titles, "level", 1))
    as_of = DateWord("as_of", span)
    begins, ends = (Read(_field(titles, name), NOW, span) for name in ("valid_from", "valid_to"))
    tests.append(Compare("<=", begins, as_of, span))
    tests.append(Some((Not(Known(ends, span), span), Compare(">=", ends, as_of, span)), span))
    tests.append(Not(Member(Read(_field(titles, "status"), NOW, span), ENDED, span), span))
    condition = Every(tuple(tests), span)
    return OverRecords("any_of", titles.register, None, condition, titles.order, YES_NO, span)


def _named(call: Call, titles: Child, field: str, place: int) -> Expression:
    """Return the test that a field of a title is the text or code that is written."""
    node = call.arguments[place]
    fact, span = _field(titles, field), call.checker.span(node)
    if not isinstance(node, exp.Literal):
        raise call.checker.wrong(node, Kind("text").words, Words("别的写法", "something else"))
    name = call.checker.code(node.name, fact.kind, span) if fact.kind.name == "code" else node.name
    return Member(Read(fact, NOW, span), frozenset({name}), span)


def _field(titles: Child, name: str) -> Fact:
    found = titles.names[fold(name)]
    assert isinstance(found, Fact)
    return found


def elsewhere(where: Words) -> Build:
    """Return the builder of a word that has a meaning only in another kind of document."""

    def build(call: Call) -> Expression:
        raise refuse("KG302", call.span, construct=f"{call.name}()", instead=where)

    return build
