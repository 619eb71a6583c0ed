"""The relation `step` in bulk: a view over what a run kept, one row for each thing that happened.

It holds the parts that the kept rows tell of everybody: lines, adjustments, total, rank and class.
Conditions, and which fields were missing, take the subject's facts and stand in `explain`.
For every row of a result the points of its parts `item`, `adjust` and `total` add up to the score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlglot import exp

from kaogong.insight.lines import ROLES
from kaogong.insight.opened import GROUP, PART, RESULT, SCORED_AS, OpenedRun
from kaogong.insight.others import ONE
from kaogong.insight.step import exact
from kaogong.insight.words import titles
from kaogong.language.expression import Constant, Open
from kaogong.plan import sql
from kaogong.plan.scheme.figures import set_name
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import AdjustRule, FigureRule, GroupRule, LineRule, SchemeRules

if TYPE_CHECKING:
    import duckdb

NUMBER = "DECIMAL(38, 12)"
HEAD = ("document", "version", "period", "subject")
COLUMNS: Mapping[str, str] = {
    "seq": "BIGINT",
    "part": "VARCHAR",
    "item": "VARCHAR",
    "title": "STRUCT(zh VARCHAR, en VARCHAR)",
    "outcome": "VARCHAR",
    "value": NUMBER,
    "unit": "VARCHAR",
    "numerator": NUMBER,
    "denominator": NUMBER,
    "bound": "VARCHAR",
    "weight": NUMBER,
    "points": NUMBER,
    "cap_hit": "VARCHAR",
    "rule": "VARCHAR",
    "missing": "VARCHAR[]",
    "article": "VARCHAR",
    "evidence": "VARCHAR",
}
POINTS = "分"
Row = Mapping[str, Node]


def create_step_view(
    connection: duckdb.DuckDBPyConnection, run: OpenedRun, scheme: str, name: str = "step"
) -> None:
    """Make the view `name` of all steps of a scheme's subjects, in the connection."""
    rules = run.scheme(scheme)
    whole = _Bulk(run, rules).query().sql(dialect="duckdb")
    view = exp.to_identifier(name, quoted=True).sql(dialect="duckdb")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {whole}")


class _Bulk:
    """Builds the view of one scheme as a tree."""

    def __init__(self, run: OpenedRun, rules: SchemeRules) -> None:
        self.run, self.rules = run, rules
        source = run.programme.documents["Scheme", rules.id].model.source
        self.article = str(source.article or "") if source is not None else ""

    def query(self) -> exp.Select:
        """Return all rows with their places in order."""
        selects = list(self._selects())
        made: exp.Query = selects[0]
        for select in selects[1:]:
            made = exp.Union(this=made, expression=select, distinct=False)
        rows = exp.Subquery(this=made, alias=exp.TableAlias(this=exp.to_identifier("rows")))
        seq = exp.Window(
            this=exp.RowNumber(), partition_by=[column("subject")],
            order=exp.Order(expressions=[exp.Ordered(this=column("place"))]),
        )  # fmt: skip
        columns = [column(name) for name in HEAD] + [sql.alias(seq, "seq")]
        columns += [column(name) for name in COLUMNS if name != "seq"]
        return exp.Select(expressions=columns).from_(rows, copy=False)

    def _selects(self) -> Iterator[exp.Select]:
        for place, (part, group, row) in enumerate(self._rows(), 1):
            yield self._select(part, group, row, place)

    def _rows(self) -> Iterator[tuple[str, GroupRule | None, Row]]:
        """Yield what is selected, from which relation and of which group (None: of all)."""
        for group in self.rules.groups:
            yield from ((PART, group, self._line(group, line)) for line in group.lines)
            yield from ((PART, group, self._adjust(adjust)) for adjust in group.adjust)
            yield from ((RESULT, group, row) for row in self._differences(group))
        yield RESULT, None, {"part": sql.text("total"), "item": sql.text("score"),
                             "title": _title(titles("score")), "value": column("score", RESULT),
                             "unit": sql.text(POINTS)}  # fmt: skip
        if self.rules.scores_twice:
            for item in ("score_merged", "score_alone"):
                yield RESULT, None, {"part": sql.text("total"), "item": sql.text(item),
                                     "title": _title(titles(item)), "value": column(item, RESULT),
                                     "unit": sql.text(POINTS)}  # fmt: skip
            yield RESULT, None, {"part": sql.text("total"), "item": sql.text("combine"),
                                 "title": _title(titles("combine")),
                                 "bound": column(SCORED_AS, RESULT)}  # fmt: skip
        yield RESULT, None, {"part": sql.text("rank"), "item": sql.text("place"),
                             "title": _title(titles("place")), "value": column("rank", RESULT),
                             "denominator": column("pool_size", RESULT)}  # fmt: skip
        yield RESULT, None, {"part": sql.text("rank"), "item": sql.text("base"),
                             "title": _title(titles("base")),
                             "value": column("quota_base", RESULT)}  # fmt: skip
        for item, name in (("by_rank", "class_ranked"), ("final", "class")):
            yield RESULT, None, {"part": sql.text("class"), "item": sql.text(item),
                                 "title": _title(titles(item)),
                                 "bound": column(name, RESULT)}  # fmt: skip

    def _line(self, group: GroupRule, line: LineRule) -> Row:
        value, points = column(f"value__{line.id}", PART), column(f"points__{line.id}", PART)
        unit = self.run.columns(PART, self.rules.id).get(f"value__{line.id}", {}).get("unit", "")
        return {
            "part": sql.text("item"), "item": sql.text(line.id), "title": _title(line.title),
            "outcome": _unknown(points), "value": value, "unit": sql.text(str(unit)),
            "bound": self._bound(group, line), "weight": _constant(line.weight),
            "points": points, "rule": _rule(line, value),
            "article": sql.text(line.article or self.article),
            "evidence": sql.text(line.evidence or self.rules.evidence),
        }  # fmt: skip

    def _bound(self, group: GroupRule, line: LineRule) -> Node:
        """Return the benchmark, or the range, that the run kept for the line."""
        held = [self._held(group, line, role) for role in ROLES]
        shown = [_text(node) for node in held]
        span = sql.call("concat", sql.text("["), shown[1], sql.text(", "), shown[2], sql.text("]"))
        some = sql.some([sql.is_known(held[1]), sql.is_known(held[2])])
        return sql.case([(sql.is_known(held[0]), shown[0]), (some, span)])

    def _held(self, group: GroupRule, line: LineRule, role: str) -> Node:
        """Return one kept figure: of the group, or of the list or value the subject is among."""
        wanted = [
            sql.binary("=", column("item", "held"), sql.text(line.id)),
            sql.binary("=", column("group", "held"), sql.text(group.id)),
        ]
        rule = getattr(line, role)
        if isinstance(rule, FigureRule) and rule.over not in ONE:
            over = set_name(rule)
            mine = column("pool", RESULT) if over == "pool" else column(f"over__{over}", PART)
            wanted.append(sql.binary("=", column("over", "held"), sql.text(over)))
            wanted.append(sql.binary("=", column("of", "held"), mine))
        else:
            wanted += [sql.is_null(column("over", "held")), sql.is_null(column("pool", "held"))]
        source = self._source(GROUP, "held")
        query = exp.Select(expressions=[exp.Max(this=column(role, "held"))])
        query = query.from_(source, copy=False).where(sql.every(wanted), copy=False)
        return exp.Subquery(this=query)

    def _adjust(self, adjust: AdjustRule) -> Row:
        points = column(f"adjust__{adjust.id}", PART)
        earned = sql.binary("<>", points, sql.integer(0))
        outcome = sql.case(
            [(sql.is_null(points), sql.text("unknown")), (earned, sql.text("yes"))], sql.text("")
        )
        return {
            "part": sql.text("adjust"), "item": sql.text(adjust.id), "points": points,
            "title": _title(adjust.title), "outcome": outcome, "unit": sql.text(POINTS),
            "article": sql.text(adjust.article or self.article),
        }  # fmt: skip

    def _differences(self, group: GroupRule) -> Iterator[Row]:
        """Yield what lies between the sum of the parts and the score, where it is not nothing."""
        lines = [column(f"points__{line.id}", PART) for line in group.lines]
        adjusts = [column(f"adjust__{a.id}", PART) for a in group.adjust]
        items, adjust = column("score_items", RESULT), column("score_adjust", RESULT)
        is_stretched = any(line.missing == "drop" for line in group.lines)
        yield _difference("stretched" if is_stretched else "rounding", items, lines)
        yield _difference("categories", adjust, adjusts)
        yield _difference("floor", column("score", RESULT), [items, adjust])

    def _select(self, relation: str, group: GroupRule | None, row: Row, place: int) -> exp.Select:
        columns = [sql.alias(column(name, RESULT), name) for name in HEAD]
        columns.append(sql.alias(sql.integer(place), "place"))
        columns += [
            sql.alias(_typed(row.get(name) or self._default(name), name, type_), name)
            for name, type_ in COLUMNS.items() if name != "seq"
        ]  # fmt: skip
        source = self._source(RESULT, RESULT)
        query = exp.Select(expressions=columns).from_(source, copy=False)
        if group is not None:
            query = query.join(self._source(PART, PART), on=self._own_part(), copy=False)
            mine = sql.binary("=", column("group", RESULT), sql.text(group.id))
            query = query.where(mine, copy=False)
        tests = [row["where"]] if "where" in row else []
        if relation == RESULT and group is None:
            tests.append(sql.is_known(_told(row)))
        return query.where(sql.every(tests), copy=False) if tests else query

    def _own_part(self) -> Node:
        """Return the condition under which a row of the parts belongs to a row of the result."""
        mine, unit = column("subject", RESULT), column("merged_into", RESULT)
        if not self.rules.scores_twice:
            return sql.binary("=", column("subject", PART), sql.coalesce([unit, mine]))
        parts, result = column(SCORED_AS, PART), column(SCORED_AS, RESULT)
        is_merged = sql.binary("=", result, sql.text("merged"))
        key = sql.case([(is_merged, column("unit", RESULT))], mine)
        alike = exp.NullSafeEQ(this=parts, expression=result.copy())
        return sql.every([sql.binary("=", column("subject", PART), key), alike])

    def _default(self, name: str) -> Node | None:
        """Return what a step has where its own part says nothing."""
        texts = {"article": self.article, "evidence": self.rules.evidence}
        return sql.text(texts[name]) if name in texts else None

    def _source(self, relation: str, alias: str) -> Node:
        """Return the kept files of a relation as a table."""
        paths = [sql.text(str(path)) for path in self.run.files(relation, self.rules.id)]
        read = sql.call("read_parquet", exp.Array(expressions=paths))
        name = exp.to_identifier(alias, quoted=True)
        return exp.Table(this=read, alias=exp.TableAlias(this=name))


def _difference(item: str, whole: Node, parts: list[Node]) -> Row:
    """Return a row of the total: by how much a sum differs from its parts."""
    points = whole
    for part in parts:
        points = sql.binary("-", points, sql.coalesce([part, sql.integer(0)]))
    return {
        "part": sql.text("total"), "item": sql.text(item), "points": points,
        "title": _title(titles(item)), "unit": sql.text(POINTS),
        "where": sql.every([sql.is_known(column("score", RESULT)),
                            sql.binary("<>", points, sql.integer(0))]),
    }  # fmt: skip


def _told(row: Row) -> Node:
    """Return the column that a row of the result is about: without it there is no step."""
    return row.get("value") or row["bound"]


def _typed(node: Node | None, name: str, type_: str) -> Node:
    if node is None:
        empty = {
            "outcome": "",
            "unit": "",
            "cap_hit": "",
            "rule": "",
            "article": "",
            "evidence": "",
        }
        node = sql.text("") if name in empty else exp.Null()
        node = exp.Array(expressions=[]) if name == "missing" else node
    return exp.Cast(this=node, to=exp.DataType.build(type_, dialect="duckdb"))


def _title(title: Mapping[str, str]) -> Node:
    pairs = [
        exp.PropertyEQ(
            this=exp.to_identifier(language), expression=sql.text(title.get(language, ""))
        )
        for language in ("zh", "en")
    ]
    return exp.Struct(expressions=pairs)


def _unknown(points: Node) -> Node:
    return sql.case([(sql.is_null(points), sql.text("unknown"))], sql.text(""))


def _constant(expression: object) -> Node:
    """Return a constant number; a weight that depends on the subject stands in `explain`."""
    if isinstance(expression, Constant) and isinstance(expression.value, Fraction):
        return exp.Literal.number(f"{exact(expression.value):f}")
    return exp.Null()


def _text(node: Node) -> Node:
    """Return a kept figure as text without the zeros that say nothing."""
    text = exp.Cast(this=node, to=exp.DataType.build("VARCHAR"))
    return sql.call("rtrim", sql.call("rtrim", text, sql.text("0")), sql.text("."))


def _rule(line: LineRule, value: Node) -> Node:
    """Return which rule settled a missing or zero figure, as far as the kept figure tells."""
    missing = "" if line.on_zero in ("worst", "best") else f"missing={_word(line.missing)}"
    branches = [(sql.is_null(value), sql.text(missing))]
    if line.zero != "none":
        told = ["zero", _word(line.zero)] + (
            [_word(line.missing)] if line.zero == "missing" else []
        )
        at_zero = sql.binary("=", value, sql.integer(0))
        branches.append((at_zero, sql.text("=".join(told))))
    return sql.case(branches, sql.text(""))


def _word(rule: object) -> str:
    return "open" if isinstance(rule, Open) else str(rule)
