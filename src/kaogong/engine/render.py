"""Plan trees as the SQL of one engine: one table of spellings each, and what numbers need there.

A plan is meant for no engine. Four things differ and are settled here, never by transpiling text:
calls named `kg_…`, whole division, 128-bit integers, and the width that literals, counts and ranks
have by themselves. Quotients are cut towards zero everywhere. Where a division has no 128-bit cast
in it, its two sides fit 64 bits by range analysis, whatever type the engine carries them in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from kaogong.plan import sql
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node

Spelling = Callable[..., Node]
Change = Callable[[Node], Node]
_LONGEST_NAME = 63  # bytes of an identifier in PostgreSQL
_DAYS = "calendar_day"


@dataclass(frozen=True, slots=True)
class Engine:
    """How one engine writes what engines write differently."""

    dialect: str  # of sqlglot's generator
    spellings: Mapping[str, Spelling]
    changes: Mapping[type[Node], Change]
    before: Change = lambda tree: tree  # what is done to a whole tree first


def render(node: Node, engine: str = "duckdb", *, pretty: bool = False) -> str:
    """Return a tree as SQL of `engine`: duckdb, spark or postgres."""
    spoken = ENGINES[engine]
    own = _respelt(spoken.before(node.copy()), spoken)
    return own.sql(dialect=spoken.dialect, copy=False, identify=True, pretty=pretty)


def quoted(name: str, engine: str = "duckdb") -> str:
    """Return a name as `engine` quotes it."""
    return render(sql.column(name), engine)


def _respelt(root: Node, engine: Engine) -> Node:
    """Return the tree with every node spelt, leaves first, so that calls may stand in calls."""
    for node in reversed(list(root.walk(bfs=True))):
        made = _spelt(node, engine)
        if made is node:
            continue
        if node is root:
            root = made
        else:
            node.replace(made)
    return root


def _spelt(node: Node, engine: Engine) -> Node:
    if isinstance(node, exp.Anonymous) and str(node.this) in engine.spellings:
        return engine.spellings[str(node.this)](*node.expressions)
    change = engine.changes.get(type(node))
    return node if change is None else change(node)


# -- types ----------------------------------------------------------------------------------


def _to(kind: str) -> Change:
    """Return what casts a node to a type, unless it is of that type by a cast already."""
    wanted = exp.DataType.build(kind)

    def change(node: Node) -> Node:
        if isinstance(node, exp.Cast) and node.to == wanted:
            return node
        return exp.Cast(this=node, to=wanted.copy())

    return change


_date, _small, _big = _to("date"), _to("int"), _to("bigint")
_numeric, _decimal = _to("numeric"), _to("decimal(38, 0)")


def _literal(node: Node) -> Node:
    """Return a whole number in 64 bits where it alone says of what type its place is.

    An engine takes a short literal for 32 bits, and the product of two of them overflows.
    """
    if node.is_string or "." in str(node.this) or not _decides_type(node):
        return node
    return _big(node.copy())


def _decides_type(node: Node) -> bool:
    parent = node.parent
    while isinstance(parent, exp.Neg | exp.Paren):
        node, parent = parent, parent.parent
    if isinstance(parent, exp.Add | exp.Sub | exp.Mul | exp.IntDiv | exp.Mod):
        return node is parent.this and not isinstance(node, exp.Column)
    if isinstance(parent, exp.If):
        return node.arg_key == "true"
    if isinstance(parent, exp.Case):
        return node.arg_key == "default"
    return isinstance(parent, exp.Coalesce | exp.Alias)


def _widened(cast_to: Change) -> Change:
    """Return what writes a cast to 128 bits as a cast to the engine's widest whole number."""

    def change(node: Node) -> Node:
        is_wide = node.args["to"].this == exp.DataType.Type.INT128
        return cast_to(node.this.copy()) if is_wide else node

    return change


def _is_wide(division: Node) -> bool:
    return any(
        to.this in (exp.DataType.Type.INT128, exp.DataType.Type.DECIMAL)
        for cast in division.find_all(exp.Cast)
        for to in (cast.to,)
    )


def _bare(node: Node) -> Node:
    return node.this.copy() if isinstance(node, exp.Paren) else node.copy()


# -- DuckDB ---------------------------------------------------------------------------------


def _called(name: str) -> Spelling:
    return lambda *arguments: exp.Anonymous(this=name, expressions=[a.copy() for a in arguments])


def _counted(name: str) -> Spelling:
    """Return a call that gives 32 bits in one engine or another, as 64."""
    return lambda *arguments: _big(_called(name)(*arguments))


def _joined(*parts: Node) -> Node:
    made = parts[0].copy()
    for part in parts[1:]:
        bar = exp.DPipe(this=made, expression=sql.text("|"))
        made = exp.DPipe(this=bar, expression=sql.paren(part.copy()))
    return made


def _minus(start: Node, end: Node) -> Node:
    return _big(
        exp.Paren(this=exp.Sub(this=sql.paren(end.copy()), expression=sql.paren(start.copy())))
    )


def _add_days(day: Node, days: Node) -> Node:
    return _date(
        exp.Paren(this=exp.Add(this=sql.paren(day.copy()), expression=_small(days.copy())))
    )


def _add_interval(name: str, *before: Node) -> Spelling:
    """Adding months as an interval: a missing day becomes the month's last."""

    def spell(day: Node, months: Node) -> Node:
        counts = [*(b.copy() for b in before), _small(months.copy())]
        interval = exp.Anonymous(this=name, expressions=counts)
        return _date(exp.Paren(this=exp.Add(this=sql.paren(day.copy()), expression=interval)))

    return spell


def _looked_up(wanted: str, found: str, *, working: bool = False) -> Spelling:
    """Return one column of the calendar, found by another; nothing outside its years."""

    def spell(value: Node) -> Node:
        tests = [sql.binary("=", sql.column(found, _DAYS), value.copy())]
        if working:
            tests.append(sql.column("is_working", _DAYS))
        answer = exp.Max(this=sql.column(wanted, _DAYS))
        query = exp.Select(expressions=[answer]).from_(sql.table(_DAYS), copy=False)
        return exp.Subquery(this=query.where(sql.every(tests), copy=False))

    return spell


def _row(table: Node) -> Node:
    """Return what tells the rows of a table of subjects apart where rows have no number."""
    return sql.column(SUBJECT, table.name)


def _if_above_zero(node: Node) -> Node:
    """Return a divisor where it is above zero."""
    return sql.paren(sql.case([(sql.binary(">", node.copy(), sql.integer(0)), node.copy())]))


_CALENDAR: Mapping[str, Spelling] = {
    "kg_day_ordinal": _looked_up("ordinal", "day"),
    "kg_working_day": _looked_up("day", "ordinal", working=True),
}


def _unguarded(tree: Node) -> Node:
    """Return a tree whose divisions carry no test of their divisors.

    The connection gives nothing for a division by zero, which is what the test is for. Only factors
    of the very bottom lose it, there and in the top, where they are half of what is rounded.
    """
    for division in list(tree.find_all(exp.IntDiv)):
        factors = _factors(division.expression)
        for divisor in list(division.find_all(exp.Anonymous)):
            if divisor.this == "kg_divisor" and divisor in factors:
                divisor.replace(sql.paren(divisor.expressions[0]))
    return tree


def _factors(node: Node) -> list[Node]:
    """Return the divisors that a bottom is a product of."""
    if isinstance(node, exp.Mul):
        return [*_factors(node.this), *_factors(node.expression)]
    if isinstance(node, exp.Paren | exp.Cast):
        return _factors(node.this)
    is_divisor = isinstance(node, exp.Anonymous) and node.this == "kg_divisor"
    return [node.copy()] if is_divisor else []


def _place_of_all(window: Node, before: Node, *word: Node) -> Node:
    """Return a place in a list as a place among all, less the rows of the lists before.

    One sort of everybody costs the same whether there is one list or thousands.
    """
    lists, keys = window.args["partition_by"], window.args["order"].expressions
    first = [*word, *keys[1:]] if word else [*lists, *keys]
    order = exp.Order(expressions=[key.copy() for key in first])
    among_all = exp.Window(this=window.this.copy(), order=order)
    return exp.Paren(this=exp.Sub(this=among_all, expression=before.copy()))


_DUCKDB = Engine(
    "duckdb",
    {
        **_CALENDAR,
        "kg_divisor": _if_above_zero,
        "kg_place": _place_of_all,
        "kg_row": lambda table: sql.column("rowid", table.name),
        "kg_starts_with": _called("starts_with"),
        "kg_contains": _called("contains"),
        "kg_length": _called("length"),
        "kg_year": _called("year"),
        "kg_month": _called("month"),
        "kg_add_months": _add_interval("to_months"),
        "kg_add_days": _add_days,
        "kg_days_between": _minus,
        "kg_joined": _joined,
    },
    {exp.Literal: _literal},
    _unguarded,
)


# -- Spark ----------------------------------------------------------------------------------


def _spark_division(node: Node) -> Node:
    """Return `div` on 64 bits; on decimals `(a − a % b) / b`, since `div` keeps 64 bits only."""
    top, bottom = node.this, node.expression
    if not _is_wide(node):
        return exp.Paren(this=exp.IntDiv(this=_big(_bare(top)), expression=_big(_bare(bottom))))
    a, b = _decimal(_bare(top)), _decimal(_bare(bottom))
    whole = exp.Paren(this=exp.Sub(this=a, expression=exp.Mod(this=a.copy(), expression=b)))
    return _decimal(exp.Paren(this=exp.Div(this=whole, expression=b.copy(), typed=True)))


def _spark_sum(node: Node) -> Node:
    return exp.Sum(this=_decimal(node.this.copy()))


def _ranked(node: Node) -> Node:
    """Return a place in 64 bits: Spark counts them in 32."""
    is_place = isinstance(node.this, exp.RowNumber | exp.Anonymous)
    return _big(node.copy()) if is_place else node


_SPARK = Engine(
    "spark",
    {
        # functions of the session, since a query inside a query sees no further than one level
        "kg_day_ordinal": _called("kg_day_ordinal"),
        "kg_working_day": _called("kg_working_day"),
        "kg_divisor": _if_above_zero,
        "kg_place": lambda window, *_: window.copy(),
        "kg_row": _row,
        "kg_starts_with": _called("startswith"),
        "kg_contains": _called("contains"),
        "kg_length": _counted("char_length"),
        "kg_year": _counted("year"),
        "kg_month": _counted("month"),
        "kg_add_months": lambda day, months: _called("add_months")(day, _small(months.copy())),
        "kg_add_days": lambda day, days: _called("date_add")(day, _small(days.copy())),
        "kg_days_between": lambda start, end: _counted("datediff")(end, start),
        "kg_joined": _joined,
    },
    {
        exp.Literal: _literal,
        exp.Cast: _widened(_decimal),
        exp.IntDiv: _spark_division,
        exp.Sum: _spark_sum,
        exp.Window: _ranked,
    },
)


# -- PostgreSQL -----------------------------------------------------------------------------


def _postgres_division(node: Node) -> Node:
    """Return `/` on 64 bits and `div` on numerics; both cut towards zero."""
    top, bottom = node.this, node.expression
    if _is_wide(node):
        return _called("div")(_numeric(_bare(top)), _numeric(_bare(bottom)))
    return exp.Paren(
        this=exp.Div(this=_big(_bare(top)), expression=_big(_bare(bottom)), typed=True)
    )


def _short(node: Node) -> Node:
    """Return a name that PostgreSQL does not cut: a long one ends in a digest of itself."""
    written = str(node.this)
    if len(written.encode()) <= _LONGEST_NAME:
        return node
    digest = hashlib.sha256(written.encode()).hexdigest()[:16]
    start = written.encode()[: _LONGEST_NAME - 17].decode(errors="ignore")
    return exp.to_identifier(f"{start}_{digest}", quoted=True)


def _by_bytes(node: Node) -> Node:
    """Return a cast to text in the order of bytes; columns of text bring that order along."""
    if node.args["to"].this != exp.DataType.Type.TEXT:
        return _widened(_numeric)(node)
    return exp.Collate(this=node.copy(), expression=exp.to_identifier("C", quoted=True))


def _is_there(text: Node, part: Node) -> Node:
    found = _called("strpos")(text, part)
    return exp.Paren(this=exp.GT(this=found, expression=exp.Literal.number(0)))


def _part_of(name: str) -> Spelling:
    return lambda day: _big(exp.Extract(this=exp.var(name), expression=day.copy()))


_POSTGRES = Engine(
    "postgres",
    {
        **_CALENDAR,
        "kg_divisor": _if_above_zero,
        "kg_place": lambda window, *_: window.copy(),
        "kg_row": _row,
        "kg_starts_with": _called("starts_with"),
        "kg_contains": _is_there,
        "kg_length": _counted("char_length"),
        "kg_year": _part_of("year"),
        "kg_month": _part_of("month"),
        "kg_add_months": _add_interval("make_interval", exp.Literal.number(0)),
        "kg_add_days": _add_days,
        "kg_days_between": _minus,
        "kg_joined": _joined,
    },
    {
        exp.Literal: _literal,
        exp.Cast: _by_bytes,
        exp.IntDiv: _postgres_division,
        exp.Identifier: _short,
    },
)
ENGINES: Mapping[str, Engine] = {"duckdb": _DUCKDB, "spark": _SPARK, "postgres": _POSTGRES}
