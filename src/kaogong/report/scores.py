"""The sheets of inputs and scores: figures of each subject, and formulas from them to the class.

A column that no sheet can hold as a formula (it reads facts beyond the sheet, or looks at others in
a way of its own) carries the run's values, and `not_live` says why.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kaogong.insight.totals import decimals
from kaogong.insight.verify import by_total
from kaogong.language.expression import Open
from kaogong.programme.rules import GroupRule, LineRule, RankRule, SchemeRules
from kaogong.report.expression_formula import NotLive, Writer
from kaogong.report.formula import (
    EMPTY,
    Binary,
    Cells,
    Native,
    Node,
    Ref,
    Text,
    added,
    call,
    number,
)
from kaogong.report.grid import Content, Grid
from kaogong.report.parameters import LineCells, Parameters
from kaogong.report.pool import Pool
from kaogong.report.words import say

HEAD_ROWS = 1
Row = Mapping[str, Any]


@dataclass(slots=True)
class Scores:
    """Fills both sheets for one pool."""

    rules: SchemeRules
    pool: Pool
    inputs: Grid
    scores: Grid
    parameters: Parameters
    language: str
    not_live: dict[str, str] = field(default_factory=dict)  # column -> why
    _at: dict[str, int] = field(default_factory=dict)  # column of the sheet of scores
    _in: dict[str, int] = field(default_factory=dict)  # column of the sheet of inputs
    _list: Scored | None = None

    @property
    def scale(self) -> int:
        """Return the decimals of the scores."""
        return decimals(self.rules)

    def lay_out(self) -> None:
        """Give every column its place, with its heading."""
        named = ["name"] if self.pool.names else []
        inputs = ["subject", *named, "key_order", "group"]
        inputs += [f"x.{item}" for item in self._items()]
        inputs += [f"adjust.{a}" for a in self._adjusts()] + ["moved_by", "moved_class"]
        scores = ["subject", *named]
        scores += [f"points.{item}" for item in self._items()]
        scores += ["items", "adjust", "score", "rank", "class_ranked", "final"]
        self._in = {key: n for n, key in enumerate(inputs)}
        self._at = {key: n for n, key in enumerate(scores)}
        for grid, columns in ((self.inputs, self._in), (self.scores, self._at)):
            for key, column in columns.items():
                grid.put(0, column, self._heading(key), "head")
                grid.widths[column] = 14
            grid.frozen = (1, 2)

    def _items(self) -> list[str]:
        return list(dict.fromkeys(line.id for g in self.pool.groups for line in g.lines))

    def _adjusts(self) -> list[str]:
        return list(dict.fromkeys(a.id for g in self.pool.groups for a in g.adjust))

    def _heading(self, key: str) -> str:
        kind, _, item = key.partition(".")
        if not item:
            return say(self.language, key)
        titles = {line.id: line.title for g in self.pool.groups for line in g.lines}
        if kind == "adjust":
            titles = {a.id: a.title for g in self.pool.groups for a in g.adjust}
        title = titles[item].get(self.language) or item
        return f"{title}（{self._unit(item)}）" if kind == "x" and self._unit(item) else title

    def _unit(self, item: str) -> str:
        found = [cells.unit.text for (_, id), cells in self.parameters.lines.items() if id == item]
        return found[0] if found else ""

    def fill(self) -> None:
        """Put every subject's row."""
        keys = {k: n for n, k in enumerate(sorted((r["subject"] for r in self.pool.subjects),
                                                  key=str.encode), 1)}  # fmt: skip
        for number_, row in enumerate(self.pool.subjects):
            at = HEAD_ROWS + number_
            self._inputs(at, row, keys[row["subject"]])
            self._scores(at, row)

    # -- inputs ---------------------------------------------------------------------------

    def _inputs(self, at: int, row: Row, key: int) -> None:
        group = next(g for g in self.pool.groups if g.id == row["group"])
        values: dict[str, Any] = {
            "subject": row["subject"], "name": self.pool.names.get(row["subject"]),
            "key_order": key, "group": group.title.get(self.language) or group.id,
            "moved_by": row["moved_by"],
            "moved_class": row["class"] if row["moved_by"] else None,
        }  # fmt: skip
        values |= {f"x.{item}": row.get(f"value__{item}") for item in self._items()}
        values |= {f"adjust.{a}": row.get(f"adjust__{a}") for a in self._adjusts()}
        for name, column in self._in.items():
            self.inputs.put(at, column, values.get(name))

    def _input(self, at: int, key: str) -> Ref:
        return self.inputs.ref_in_row(at, self._in[key])

    # -- scores ---------------------------------------------------------------------------

    def _scores(self, at: int, row: Row) -> None:
        group = next(g for g in self.pool.groups if g.id == row["group"])
        self.scores.put(at, 0, row["subject"])
        if "name" in self._at:
            self.scores.put(at, self._at["name"], self.pool.names.get(row["subject"]))
        for line in group.lines:
            self._points(at, row, group, line)
        self._sums(at, row, group)
        self._place(at, row, group)
        self._class(at, row, group)

    def _points(self, at: int, row: Row, group: GroupRule, line: LineRule) -> None:
        kept = row.get(f"points__{line.id}")
        cells = self.parameters.of_row(group, line, row)
        column = self._at[f"points.{line.id}"]
        content = Content(kept, decimals=self.scale)
        is_extreme = row.get(f"value__{line.id}") is None and line.on_zero in ("worst", "best")
        if cells.not_live:
            self._told(f"points.{line.id}", cells.not_live)
        elif is_extreme:
            self._told(f"points.{line.id}", "why_on_zero")
        else:
            try:
                content = replace(content, formula=self._line_formula(at, line, cells))
            except NotLive as why:
                self._told(f"points.{line.id}", "why_reads", why.why)
        self.scores.put(at, column, content)

    def _told(self, key: str, why: str, what: str = "") -> None:
        self.not_live.setdefault(self._heading(key), say(self.language, why, what=what))

    def _line_formula(self, at: int, line: LineRule, cells: LineCells) -> Node:
        """Return a line's points: missing and zero settled, else within cap and floor."""
        x = self._input(at, f"x.{line.id}")
        made = Writer({**cells.words, "x": x}, unit=cells.unit).formula(line.points)
        if cells.cap is not None:
            made = call("MIN", cells.cap, made)
        if cells.floor is not None:
            made = call("MAX", cells.floor, made)
        if line.round_at == "item" and isinstance(line.scale, int):
            made = call("ROUND", made, number(line.scale))
        missing = cells.missing if cells.missing is not None else EMPTY
        if line.zero != "none":
            at_zero = cells.zero if isinstance(line.zero, Fraction) and cells.zero else missing
            made = call("IF", Binary("=", x, number(0)), at_zero, made)
        return call("IF", Binary("=", x, EMPTY), missing, made)

    def _sums(self, at: int, row: Row, group: GroupRule) -> None:
        """Put the sum of the lines, the adjustments within their caps, and the score."""
        lines = [self._own(at, f"points.{line.id}") for line in group.lines]
        known = [
            line for line, rule in zip(lines, group.lines, strict=True) if rule.missing != "drop"
        ]
        is_gap = [Binary("=", line, EMPTY) for line in known]
        items = self._items_formula(group, lines)
        if is_gap:
            items = call("IF", call("OR", *is_gap), EMPTY, items)
        self._put(at, "items", row["score_items"], items)
        self._put(at, "adjust", row["score_adjust"], self._adjust_formula(at, group))
        own_items, own_adjust = self._own(at, "items"), self._own(at, "adjust")
        score: Node = Binary("+", own_items, own_adjust)
        if self.parameters.total_floor is not None:
            score = call("MAX", self.parameters.total_floor, score)
        score = call("ROUND", score, number(self.scale))
        gap = call("OR", Binary("=", own_items, EMPTY), Binary("=", own_adjust, EMPTY))
        self._put(at, "score", row["score"], call("IF", gap, EMPTY, score))

    def _items_formula(self, group: GroupRule, lines: list[Ref]) -> Node:
        if not any(rule.missing == "drop" for rule in group.lines):
            return call("ROUND", added(lines), number(self.scale))
        cells = [self.parameters.lines[group.id, rule.id] for rule in group.lines]
        weights = [c.words.get("weight", EMPTY) for c in cells]
        counted: list[Node] = []
        for line, weight, rule in zip(lines, weights, group.lines, strict=True):
            gone = Binary("=", line, EMPTY)
            counted.append(
                call("IF", gone, number(0), weight) if rule.missing == "drop" else weight
            )
        is_rounded = all(rule.round_at != "total" for rule in group.lines)
        points = added([
            call("IF", Binary("=", line, EMPTY), number(0),
                 call("ROUND", line, number(self.scale)) if is_rounded else line)
            for line in lines
        ])  # fmt: skip
        stretched = Binary("/", Binary("*", points, added(weights)), added(counted))
        return call("ROUND", stretched, number(self.scale))

    def _adjust_formula(self, at: int, group: GroupRule) -> Node:
        """Return the adjustments, each category within its cap."""
        parts: list[Node] = []
        for category in dict.fromkeys(a.category for a in group.adjust):
            mine = [a for a in group.adjust if a.category == category]
            total = added([self._input(at, f"adjust.{a.id}") for a in mine])
            cap = self.parameters.caps.get(category)
            if cap is not None:
                least = Binary("*", number(-1), cap)
                total = call("MAX", least, call("MIN", cap, total))
            parts.append(total)
        made = call("ROUND", added(parts), number(self.scale))
        gaps = [Binary("=", self._input(at, f"adjust.{a.id}"), EMPTY) for a in group.adjust]
        return call("IF", call("OR", *gaps), EMPTY, made) if gaps else made

    def _place(self, at: int, row: Row, group: GroupRule) -> None:
        rank = group.rank
        formula: Node | None = None
        if not isinstance(rank, RankRule) or not all(by_total(g) for g in self.pool.groups):
            self._told("rank", "why_order")
        elif len({str(g.rank.ties) for g in self.pool.groups if isinstance(g.rank, RankRule)}) > 1:
            self._told("rank", "why_groups")
        else:
            formula = self._rank_formula(at, str(rank.ties))
        self.scores.put(at, self._at["rank"], Content(row["rank"], formula, 0))

    def _rank_formula(self, at: int, ties: str) -> Node:
        """Return the place of a score among all, equals as the scheme says."""
        text, count = _TIES.get(ties, _TIES["together_up"])
        own, key, scored = self._own(at, "score"), self._input(at, "key_order"), self._scored()
        written = text.format(
            own=own.name,
            key=key.name,
            scores=self.scores.range(self._at["score"], *self._rows()),
            order=self.inputs.range(self._in["key_order"], *self._rows()),
        )

        def placed(cells: Cells) -> float:
            return count(scored, cells, float(cells.at(own.place)), float(cells.at(key.place)))

        return call("IF", Binary("=", own, EMPTY), EMPTY, Native(written, placed))

    def _rows(self) -> tuple[int, int]:
        """Return the first and the last row of the list."""
        return HEAD_ROWS, HEAD_ROWS + len(self.pool.subjects) - 1

    def _scored(self) -> Scored:
        """Return the scores of the list, the same for every rank."""
        if self._list is None:
            first, last = self._rows()
            rows = range(first, last + 1)
            self._list = Scored(
                [self.scores.place(row, self._at["score"]) for row in rows],
                [self.inputs.place(row, self._in["key_order"]) for row in rows],
            )
        return self._list

    def _class(self, at: int, row: Row, group: GroupRule) -> None:
        ranked = self._class_formula(at, group)
        self.scores.put(at, self._at["class_ranked"], Content(row["class_ranked"], ranked))
        final: Node | None = None
        if self.rules.moves and self.rules.vacated != "leave":
            self._told("final", "why_refill")
        elif ranked is not None:
            moved = self._input(at, "moved_class")
            own = self._own(at, "class_ranked")
            final = call("IF", Binary("=", moved, EMPTY), own, moved)
        self.scores.put(at, self._at["final"], Content(row["class"], final))

    def _class_formula(self, at: int, group: GroupRule) -> Node | None:
        """Return the first class whose places hold the rank."""
        cuts = [c for c in group.classes if not c.outside]
        if not cuts:
            return None
        known = self.parameters.first
        if any(c.source or c.when or (group.id, c.id) not in known for c in cuts if not c.rest):
            is_open = any(isinstance(c.take, Open) for c in cuts)
            self._told("class_ranked", "why_open" if is_open else "why_pools")
            return None
        rank = self._own(at, "rank")
        made: Node = EMPTY
        rest = next((c.id for c in cuts if c.rest), None)
        if rest is not None:
            made = call("IF", Binary("=", rank, EMPTY), EMPTY, Text(rest))
        for cut in reversed([c for c in cuts if not c.rest]):
            first, last = known[group.id, cut.id], self.parameters.last[group.id, cut.id]
            inside = call("AND", Binary(">=", rank, first), Binary("<=", rank, last))
            made = call("IF", inside, Text(cut.id), made)
        return call("IF", Binary("=", rank, EMPTY), EMPTY, made)

    def rated(self) -> Native:
        """Return the formula that counts those with a score."""
        column = self.scores.range(self._at["score"], *self._rows())
        return Native(f"COUNT({column})", self._scored().count)

    def _own(self, at: int, key: str) -> Ref:
        return self.scores.ref_beside(at, self._at[key])

    def _put(self, at: int, key: str, kept: Decimal | None, formula: Node) -> None:
        self.scores.put(at, self._at[key], Content(kept, formula, self.scale))


class Scored:
    """The scores of a list as a suite counts them, read once and put in order."""

    def __init__(self, scores: list[str], keys: list[str]) -> None:
        self._scores, self._keys = scores, keys
        self._ordered: list[float] = []
        self._alike: dict[float, list[float]] = {}

    def _read(self, cells: Cells) -> None:
        """Read every score, and which keys have it; nothing is read twice."""
        if self._ordered:
            return
        for place, key in zip(self._scores, self._keys, strict=True):
            score = cells.at(place)
            if not isinstance(score, str):
                self._ordered.append(float(score))
                self._alike.setdefault(float(score), []).append(float(cells.at(key)))
        self._ordered.sort()

    def count(self, cells: Cells) -> float:
        """Return how many have a score."""
        self._read(cells)
        return float(len(self._ordered))

    def better(self, cells: Cells, own: float, _key: float) -> float:
        """Return a place that equals share, the better one."""
        self._read(cells)
        return 1.0 + len(self._ordered) - bisect_right(self._ordered, own)

    def no_worse(self, cells: Cells, own: float, _key: float) -> float:
        """Return a place that equals share, the worse one."""
        self._read(cells)
        return float(len(self._ordered) - bisect_left(self._ordered, own))

    def by_key(self, cells: Cells, own: float, key: float) -> float:
        """Return a place of one's own, equals in the order of their keys."""
        place = self.better(cells, own, key)
        return place + sum(other < key for other in self._alike.get(own, ()))


Place = Callable[[Scored, Cells, float, float], float]
_TIES: Mapping[str, tuple[str, Place]] = {
    "together_up": ("RANK({own},{scores},0)", Scored.better),
    "together_down": ('COUNTIF({scores},">="&{own})', Scored.no_worse),
    "by_key": ('RANK({own},{scores},0)+COUNTIFS({scores},{own},{order},"<"&{key})', Scored.by_key),
}
