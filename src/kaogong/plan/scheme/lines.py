"""The lines of one group: each figure to points, missing and zero settled, cap and floor kept.

Missing is settled before cap and floor are compared, because engines skip nulls in their extremes
and a missing figure would score the cap. Where a line rounds each item, its points are whole units
of the line's decimals; where the total is rounded, the points stay exact until they are added.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor

from kaogong.language.expression import Arithmetic, Expression, Open, Read, When, walk
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.plan import sql
from kaogong.plan.lower import Lowered, Lowerer
from kaogong.plan.number import Number, chosen, compared, constant, divided, rounded, unknown
from kaogong.plan.scheme.figures import FigureColumn, figure_column
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import FigureRule, GroupRule, Held, LineRule

MOST_DECIMALS = 12


@dataclass(slots=True)
class LinePlan:
    """One line: its figure, its raw points, and how they are settled."""

    rule: LineRule
    x: Number  # in whole units of the indicator; unknown where missing
    raw: Number  # points where the figure is known
    weight: Number
    is_zero: Node | None
    zero_base: Node | None  # the figure is unknown for want of a base above zero
    figures: tuple[FigureColumn, ...]
    scale: int
    rounds_item: bool
    held: Number | None = None  # rounded points within cap and floor, read from their column

    @property
    def points_column(self) -> str:
        """Return the column of the line's raw points."""
        return f"points__{self.rule.id}"

    @property
    def bottom_column(self) -> str:
        """Return the column of the points' bottom, where they are a quotient still."""
        return f"bottom__{self.rule.id}"

    def raw_columns(self) -> dict[str, Node]:
        """Return the columns that hold the raw points."""
        made = {self.points_column: self.raw.top}
        if self.raw.bottom is not None:
            made[self.bottom_column] = self.raw.bottom
        return made

    def number(self) -> Number:
        """Return the points where the figure is known, within cap and floor."""
        return self.held if self.held is not None else self.raw_number()

    def raw_number(self) -> Number:
        """Return the raw points, read from their columns."""
        bottom = column(self.bottom_column) if self.raw.bottom is not None else None
        return replace(self.raw, top=column(self.points_column), bottom=bottom)


@dataclass(slots=True)
class GroupLines:
    """All lines of a group, lowered against one table of subjects."""

    group: GroupRule
    lowerer: Lowerer
    capacity: int
    lines: list[LinePlan] = field(default_factory=list)

    def lower(self) -> list[LinePlan]:
        """Lower every line; open ones keep their place with unknown points."""
        self.lines = [self._line(rule) for rule in self.group.lines]
        return self.lines

    def _line(self, rule: LineRule) -> LinePlan:
        scale = rule.scale if isinstance(rule.scale, int) else 4
        rounds_item = rule.round_at != "total"
        weight = self.lowerer.number(rule.weight)
        if isinstance(rule.fact, Open) or isinstance(rule.scale, Open):
            nobody = unknown(rule.span)
            return LinePlan(rule, nobody, nobody, weight, None, None, (), scale, rounds_item)
        x = self.lowerer.number(Read(rule.fact, When(), rule.span))
        words, figures = self._words(rule, x, weight)
        inside = replace(self.lowerer, words=words)
        points = inside.number(rule.points)
        if rounds_item:
            points = rounded(points, Fraction(1, 10**scale))
        else:
            points = self._limited(inside, rule, points)
        made = LinePlan(
            rule, x, points, weight, _is_zero(rule, x), self._zero_base(rule), figures, scale,
            rounds_item,
        )  # fmt: skip
        if rounds_item:
            unit = Fraction(1, 10**scale)
            made.held = rounded(self._limited(inside, rule, made.raw_number(), unit), unit)
        return made

    def _words(
        self, rule: LineRule, x: Number, weight: Number
    ) -> tuple[dict[str, Lowered], tuple[FigureColumn, ...]]:
        """Return what `x weight benchmark low high` stand for; low and high are the group's own."""
        used = {n.word for n in walk(rule.points) if hasattr(n, "word")}
        words: dict[str, Lowered] = {"x": x, "weight": weight}
        figures: list[FigureColumn] = []
        for role in ("benchmark", "low", "high"):
            held: Held = getattr(rule, role)
            if held is None and role in used:
                held = self._own(role, rule)
            if isinstance(held, FigureRule):
                made = figure_column(role, held, rule, self.lowerer, self.capacity)
                figures.append(made)
                words[role] = made.number
            elif held is not None:
                words[role] = self.lowerer.number(held)
        return words, tuple(figures)

    def _own(self, role: str, rule: LineRule) -> FigureRule:
        if role == "benchmark":
            raise refuse("KG104", rule.span, kind="Scheme", id=rule.id, key="benchmark")
        figure = {"low": "min", "high": "max"}[role]
        return FigureRule(figure, None, "group", None, 0, Fraction(1), None, rule.span)

    def _limited(
        self, lowerer: Lowerer, rule: LineRule, points: Number, unit: Fraction | None = None
    ) -> Number:
        """Return the points within cap and floor; an unknown limit makes them unknown.

        Rounded points are held to the rounded limit: rounding keeps order, so it is the same.
        """
        for limit, sign in ((rule.cap, ">"), (rule.floor, "<")):
            if limit is not None:
                bound = lowerer.number(limit)
                bound = bound if unit is None else rounded(bound, unit)
                beyond = compared(sign, points, bound)
                nobody = unknown(rule.span)
                branches = [(beyond, bound)]
                if not _is_constant(bound):
                    branches.insert(0, (sql.is_null(beyond), nobody))
                points = _held_to(chosen(branches, points, rule.span), bound, sign)
        return points

    def _zero_base(self, rule: LineRule) -> Node | None:
        """Return whether a base of the indicator is zero or below, where that has its own rule."""
        if rule.on_zero not in ("worst", "best") or not isinstance(rule.fact, Fact):
            return None
        tests: list[Node] = []
        for base in _bases(rule.fact.definition):
            zero = constant(Fraction(0), rule.span)
            tests.append(sql.is_true(compared("<=", self.lowerer.number(base), zero)))
        return sql.some(tests)


def _is_constant(number: Number) -> bool:
    return number.bottom is None and number.low == number.high and number.top != sql.null("number")


def _held_to(points: Number, bound: Number, sign: str) -> Number:
    """Return points whose range is cut by a constant limit."""
    if not _is_constant(bound) or points.bottom is not None:
        return points
    limit = bound.low * bound.factor / points.factor
    if sign == ">":
        return replace(points, high=min(points.high, ceil(limit)))
    return replace(points, low=max(points.low, floor(limit)))


def _bases(definition: Expression | None) -> list[Expression]:
    if definition is None:
        return []
    return [n.right for n in walk(definition) if isinstance(n, Arithmetic) and n.sign == "/"]


def _is_zero(rule: LineRule, x: Number) -> Node | None:
    if rule.zero == "none":
        return None
    return sql.binary("=", x.top, sql.integer(0))


def settled(line: LinePlan, mean: Number | None) -> Number:
    """Return a line's points with missing, zero and zero base settled as its rules say."""
    rule, nobody = line.rule, unknown(line.rule.span)
    missing = _points_of(rule.missing, line, mean)
    branches: list[tuple[Node, Number]] = []
    if line.zero_base is not None:
        branches.append((line.zero_base, _extreme(line, best=rule.on_zero == "best")))
    branches.append((sql.is_null(_figure(line)), missing))
    if line.is_zero is not None:
        at_zero = missing if rule.zero == "missing" else _points_of(rule.zero, line, mean)
        branches.append((sql.binary("=", _figure(line), sql.integer(0)), at_zero))
    if isinstance(rule.missing, Open) or isinstance(rule.zero, Open):
        branches = [(sql.is_null(_figure(line)), nobody), *branches]
    return chosen(branches, line.number(), rule.span)


def is_missing(line: LinePlan) -> Node:
    """Return whether a line's figure is missing, or counts as missing; never unknown."""
    gone = sql.is_null(_figure(line))
    if line.zero_base is not None:
        gone = sql.every([gone, sql.negate(line.zero_base)])
    if line.rule.zero == "missing":
        zero = sql.is_true(sql.binary("=", _figure(line), sql.integer(0)))
        gone = sql.some([gone, zero])
    return gone


def figure_name(line: LinePlan) -> str:
    """Return the column of the line's figure, in whole units of the indicator."""
    return f"x__{line.rule.id}"


def _figure(line: LinePlan) -> Node:
    return column(figure_name(line))


def _points_of(rule: str | Fraction | Open, line: LinePlan, mean: Number | None) -> Number:
    """Return the points that a rule gives: a number, the mean, nothing that counts, or unknown."""
    if isinstance(rule, Fraction):
        return constant(rule, line.rule.span)
    if rule == "mean" and mean is not None:
        return mean
    return unknown(line.rule.span)


def _extreme(line: LinePlan, *, best: bool) -> Number:
    """Return the least or greatest points of a line: its floor or cap, else 0 or its weight."""
    limit = line.rule.cap if best else line.rule.floor
    if limit is not None and not isinstance(limit, Open):
        from kaogong.language.expression import Constant

        if isinstance(limit, Constant) and isinstance(limit.value, Fraction):
            return constant(limit.value, line.rule.span)
    return line.weight if best else constant(Fraction(0), line.rule.span)


def mean_inputs(lines: list[LinePlan]) -> list[LinePlan]:
    """Return the lines whose missing figures score the mean of the known."""
    return [line for line in lines if line.rule.missing == "mean"]


def mean_number(line: LinePlan, capacity: int) -> Number:
    """Return the mean points of a line over the known of its group, from the table of means.

    Where items are rounded the mean is, too, being points that are kept; else it stays exact.
    Points that are a quotient still must have one bottom for the whole group.
    """
    raw = line.number()
    if raw.bottom is not None and any(f.over not in ("group", "all") for f in line.figures):
        raise refuse("KG408", line.rule.span, name=line.rule.title["zh"])
    id = line.rule.id
    total, count = column(f"sum__{id}", "means"), column(f"count__{id}", "means")
    base = sql.case([(sql.binary(">", count, sql.integer(0)), count)])
    mean = Number(
        total, raw.low * capacity, raw.high * capacity, base, capacity, raw.factor, line.rule.span
    )
    if raw.bottom is not None:
        shared = Number(
            column(f"base__{id}", "means"), 1, raw.deepest, None, 1, Fraction(1), line.rule.span
        )
        mean = divided(mean, shared, allow_negative=False)
    return rounded(mean, Fraction(1, 10**line.scale)) if line.rounds_item else mean


def weights(lines: list[LinePlan]) -> Number:
    """Return the sum of all weights of a group."""
    from kaogong.plan.number import added

    total = lines[0].weight
    for line in lines[1:]:
        total = added(total, line.weight, "+")
    return total
