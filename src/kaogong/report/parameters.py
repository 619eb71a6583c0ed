"""The sheet of parameters: what each line is held against, caps, and the table of quotas.

Every number that a formula uses stands here once, with its unit; the quotas are formulas over the
number of those ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from kaogong.insight.lines import ROLES, Formula, LineScore, score_line
from kaogong.insight.others import SHARED, RunOthers, fields_over
from kaogong.insight.places import Places, class_places, counted_from_end
from kaogong.insight.step import exact
from kaogong.insight.worded import Worded
from kaogong.language.evaluate import Evaluator
from kaogong.language.expression import Open, walk
from kaogong.language.fact import Fact
from kaogong.language.interval import Interval
from kaogong.language.subject import Subject
from kaogong.language.unit import PURE, Unit
from kaogong.programme.rules import CutRule, GroupRule, LineRule, RankRule
from kaogong.report.formula import Binary, Native, Node, Ref, call, number
from kaogong.report.grid import Content, Grid, Value
from kaogong.report.words import say

Set = tuple[str | None, ...]
Shown = tuple[Mapping[str, Any], Subject, RunOthers]  # a row of the pool, and what it is read from
UNKNOWN = "—"
COMPARED = 9  # decimals of a mean that never ends
LINE_COLUMNS = (
    "line", "group", "unit", "weight", "benchmark", "low", "high", "cap", "floor", "missing",
    "zero", "scale",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineCells:
    """Where a line's parameters stand; why it is no live formula, where it is none."""

    line: LineRule
    unit: Unit
    words: Mapping[str, Ref] = field(default_factory=dict)
    cap: Ref | None = None
    floor: Ref | None = None
    missing: Ref | None = None  # points of a missing figure; None: no points
    zero: Ref | None = None  # points at zero; None: as for any figure, or as missing
    not_live: str = ""


@dataclass(slots=True)
class Parameters:
    """Fills the sheet of parameters and says where each stands."""

    grid: Grid
    language: str
    row: int = 0
    lines: dict[tuple[str, str], LineCells] = field(default_factory=dict)
    sets: dict[tuple[str, str, Set], LineCells] = field(default_factory=dict)  # of one value each
    caps: dict[str, Ref] = field(default_factory=dict)
    total_floor: Ref | None = None
    rated: Ref | None = None
    first: dict[tuple[str, str], Ref] = field(default_factory=dict)
    last: dict[tuple[str, str], Ref] = field(default_factory=dict)

    def add_lines(self, group: GroupRule, shown: Sequence[Shown], scale: int) -> None:
        """Put the lines of one group: one row, or one for each set that figures are taken of."""
        if self.row == 0:
            for column, key in enumerate(LINE_COLUMNS):
                self.grid.put(self.row, column, say(self.language, key), "head")
            self.row += 1
        for line in group.lines:
            for each in shown:
                if (group.id, line.id, set_of(line, each[0])) not in self.sets:
                    self._add_line(group, line, each, scale)

    def _add_line(self, group: GroupRule, line: LineRule, shown: Shown, scale: int) -> None:
        row, subject, others = shown
        of = set_of(line, row)
        cells = self._line(group, line, subject, others, scale)
        if of:
            values = ", ".join(value or UNKNOWN for value in of)
            title = line.title.get(self.language) or line.id
            self.grid.put(self.row, 0, f"{title} ({values})")
        self.sets[group.id, line.id, of] = cells
        self.lines.setdefault((group.id, line.id), cells)
        self.row += 1

    def of_row(self, group: GroupRule, line: LineRule, row: Mapping[str, Any]) -> LineCells:
        """Return what a line is held against for one subject."""
        return self.sets[group.id, line.id, set_of(line, row)]

    def _line(
        self, group: GroupRule, line: LineRule, subject: Subject, others: RunOthers, scale: int
    ) -> LineCells:
        unit = line.fact.kind.unit if isinstance(line.fact, Fact) else PURE
        texts = (
            line.title.get(self.language) or line.id,
            group.title.get(self.language) or group.id,
        )
        for column, text in enumerate((*texts, unit.text)):
            self.grid.put(self.row, column, text)
        why = why_not_shared(line)
        if why:
            return LineCells(line, unit, not_live=why)
        score = score_line(line, subject, others, scale)
        if lacks(others, line):
            return LineCells(line, unit, not_live="why_figure")
        return self._shared(line, score, unit, subject, others)

    def _shared(
        self, line: LineRule, score: LineScore, unit: Unit, subject: Subject, others: RunOthers
    ) -> LineCells:
        """Put what holds for every subject of the group."""
        words = {"weight": self._put(3, score.weight)}
        for column, role in enumerate(ROLES, 4):
            held = score.held.get(role)
            if isinstance(held, Fraction):
                words[role] = self._put(column, held / unit.factor)
        known = Evaluator(Worded(subject, {"weight": score.weight, **score.held}))
        ends = {"cap": line.cap, "floor": line.floor}
        limits = {k: known.value(e) for k, e in ends.items() if e is not None}
        if not all(isinstance(limit, Fraction) for limit in limits.values()):
            return LineCells(line, unit, not_live="why_reads")
        cap = self._put(7, limits["cap"]) if "cap" in limits else None
        floor = self._put(8, limits["floor"]) if "floor" in limits else None
        formula = Formula(line, subject, score.weight, score.held)
        missing, why = self._missing(line, formula, others)
        zero = self._put(10, line.zero) if isinstance(line.zero, Fraction) else None
        self.grid.put(self.row, 11, line.scale if isinstance(line.scale, int) else None)
        return LineCells(line, unit, words, cap, floor, missing, zero, why)

    def _missing(
        self, line: LineRule, formula: Formula, others: RunOthers
    ) -> tuple[Ref | None, str]:
        if isinstance(line.missing, Fraction):
            return self._put(9, line.missing), ""
        if line.missing != "mean":
            return None, ""
        mean = others.mean_points(line, formula.points)
        if lacks(others, line):
            return None, "why_mean"
        if line.round_at == "item" and isinstance(line.scale, int):
            mean = Fraction(exact(mean, line.scale) or 0) if isinstance(mean, Fraction) else mean
        return (self._put(9, mean), "") if isinstance(mean, Fraction) else (None, "")

    def _put(self, column: int, value: object) -> Ref:
        """Put a number; one whose decimals never end is written as a division."""
        made = exact(value) if isinstance(value, Fraction) else None
        content = Content(made)
        if isinstance(value, Fraction) and made is not None and Fraction(made) != value:
            content = Content(made, formula=number(value), decimals=COMPARED)
        self.grid.put(self.row, column, content)
        return self.grid.ref(self.row, column)

    # -- caps and floors ------------------------------------------------------------------

    def add_caps(self, caps: Mapping[str, Value], floor: Value) -> None:
        """Put the caps of the categories of adjustments, and the floor of the total."""
        self.row += 1
        for category, cap in caps.items():
            title = f"{say(self.language, 'category_cap')} {category}".strip()
            self.caps[category] = self._named(title, cap)
        if floor is not None:
            self.total_floor = self._named(say(self.language, "total_floor"), floor)

    def _named(self, title: str, content: Content | Value) -> Ref:
        self.grid.put(self.row, 0, title)
        self.grid.put(self.row, 3, content)
        self.row += 1
        return self.grid.ref(self.row - 1, 3)

    # -- quotas ---------------------------------------------------------------------------

    def add_quotas(self, group: GroupRule, rated: Native, counts: tuple[int, int | None]) -> None:
        """Put the table of a group's classes: share, quota, first and last place."""
        rank = group.rank
        size, base = counts
        if isinstance(rank, Open) or base is None:
            return
        self.row += 1
        if self.rated is None:
            self.rated = self._named(say(self.language, "rated"), Content(size, rated, 0))
        at_base = self.rated
        if rank.base != "rated":
            at_base = self._named(say(self.language, "base"), base)
        heads = ("class", "group", "take", "quota", "first", "last")
        for column, key in enumerate(heads):
            self.grid.put(self.row, column, say(self.language, key), "head")
        self.row += 1
        _Quotas(self, group, rank, at_base, self.rated).put(size, base)


def set_of(line: LineRule, row: Mapping[str, Any]) -> Set:
    """Return the values of the fields that a line's figures are taken over, for one subject."""
    return tuple(row.get(f"over__{over}") for over in fields_over(line))


def lacks(others: RunOthers, line: LineRule) -> bool:
    """Tell whether the run did not keep what a line needs of the others."""
    return any(address.startswith(f"{line.id}.") for address in others.unkept)


def why_not_shared(line: LineRule) -> str:
    """Return why a line's formula does not hold for a whole group, empty where it does."""
    if (
        isinstance(line.fact, Open)
        or isinstance(line.scale, Open)
        or isinstance(line.round_at, Open)
    ):
        return "why_open"
    if isinstance(line.missing, Open) or isinstance(line.zero, Open):
        return "why_open"
    wanted = [line.points, line.cap, line.floor, line.weight]
    wanted += [held for role in ROLES if _is_expression(held := getattr(line, role))]
    for expression in wanted:
        if expression is None:
            continue
        if any(isinstance(node, Open) for node in walk(expression)):
            return "why_open"
        if not all(isinstance(node, SHARED) for node in walk(expression)):
            return "why_weight" if expression is line.weight else "why_reads"
    return ""


def _is_expression(held: object) -> bool:
    return held is not None and hasattr(held, "kind")


@dataclass(slots=True)
class _Quotas:
    """Writes the places of a group's classes as formulas (permu:E37 to E40)."""

    to: Parameters
    group: GroupRule
    rank: RankRule
    base: Ref
    rated: Ref

    def put(self, size: int, base: int) -> None:
        """Put a row for each class of the list, those drawn from one pool after one another."""
        known = class_places(self.group, base, size)
        for source in dict.fromkeys(cut.source for cut in self.group.classes):
            cuts = [c for c in self.group.classes if c.source == source and c.id in known]
            self._put_source(cuts, known)

    def _put_source(self, cuts: list[CutRule], known: Mapping[str, Places]) -> None:
        tail = counted_from_end(cuts)
        rows = {cut.id: self.to.row + n for n, cut in enumerate(cuts)}
        used: Node = number(0)
        for cut in cuts:
            nodes = self._bounds(cut, tail, used, rows)
            self._put_row(rows[cut.id], cut, nodes, known[cut.id])
            if cut is not tail:
                used = self.to.grid.ref(rows[cut.id], 5)
        self.to.row += len(cuts)

    def _put_row(
        self, row: int, cut: CutRule, nodes: tuple[Node, Node, Node], places: Places
    ) -> None:
        grid, language = self.to.grid, self.to.language
        titles = (
            cut.title.get(language) or cut.id,
            self.group.title.get(language) or self.group.id,
        )
        for column, text in enumerate(titles):
            grid.put(row, column, text)
        grid.put(row, 2, cut.take.text if isinstance(cut.take, Interval) else None)
        values = (places.quota, places.first, places.last)
        for column, (node, value) in enumerate(zip(nodes, values, strict=True), 3):
            grid.put(row, column, Content(value, node, 0))
        self.to.first[self.group.id, cut.id] = grid.ref(row, 4)
        self.to.last[self.group.id, cut.id] = grid.ref(row, 5)

    def _bounds(
        self, cut: CutRule, tail: CutRule | None, used: Node, rows: Mapping[str, int]
    ) -> tuple[Node, Node, Node]:
        if cut.by_place:
            return self._by_place(cut)
        quota = self._quota(cut)
        own = self.to.grid.ref(rows[cut.id], 3)
        if cut is tail:
            end = Binary("-", self.rated, own)
            return quota, Binary("+", end, number(1)), self.rated
        by_class = self.rank.rounding_of == "class"
        before = used if by_class or cut.source else self._share(_begins(cut))
        last: Node = Binary("+", used, own) if by_class else self._share(_ends(cut))
        if tail is not None:
            end = Binary("-", self.rated, self.to.grid.ref(rows[tail.id], 3))
            last = end if _ends(cut) == _begins(tail) else call("MIN", last, end)
        elif _begins(cut) and _ends(cut) == 1:
            last = self.rated
        return quota, Binary("+", before, number(1)), last

    def _by_place(self, cut: CutRule) -> tuple[Node, Node, Node]:
        take = cut.take
        assert isinstance(take, Interval)
        first = number(max(int(take.low or 0) + (not take.low_closed), 1))
        last: Node = self.rated
        if take.high is not None:
            last = number(int(take.high) - (not take.high_closed))
        return Binary("+", Binary("-", last, first), number(1)), first, last

    def _quota(self, cut: CutRule) -> Node:
        if self.rank.rounding_of == "class" or cut.source:
            return self._share(_ends(cut) - _begins(cut))
        upper = self._share(_ends(cut))
        return Binary("-", upper, self._share(_begins(cut))) if _begins(cut) else upper

    def _share(self, share: Fraction) -> Node:
        product = Binary("*", self.base, number(share.numerator))
        return _ROUNDED[str(self.rank.rounding)](Binary("/", product, number(share.denominator)))


def _begins(cut: CutRule) -> Fraction:
    assert isinstance(cut.take, Interval)
    return cut.take.low or Fraction(0)


def _ends(cut: CutRule) -> Fraction:
    assert isinstance(cut.take, Interval)
    return Fraction(1) if cut.take.high is None else cut.take.high


def _up(share: Node) -> Node:
    return Binary("*", number(-1), call("INT", Binary("*", number(-1), share)))


_ROUNDED: Mapping[str, Callable[[Node], Node]] = {
    "half_up": lambda share: call("ROUND", share, number(0)),
    "down": lambda share: call("INT", share),
    "up": _up,
}
