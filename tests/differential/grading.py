"""A scheme graded by hand: fractions, lists and sorting, no SQL and nothing of the compilers.

Written from the text of the language. Expressions are the business of the language's own oracle;
what looks across subjects (figures, ranks, quotas, moves) is worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import Any

from kaogong.language.evaluate import Evaluator, Record, Unknown
from kaogong.language.expression import (
    NOW,
    Arithmetic,
    Choose,
    Constant,
    Expression,
    Open,
    Read,
    When,
    shifted,
    walk,
)
from kaogong.language.fact import Fact
from kaogong.language.interval import Interval
from kaogong.programme.rules import (
    CutRule,
    FigureRule,
    GroupRule,
    LineRule,
    MoveRule,
    RankRule,
    SchemeRules,
)

Maybe = Fraction | None


@dataclass
class Graded:
    """One subject on the list, and how far it came."""

    subject: str
    record: Record
    takes: bool | None = True
    leave: int = 0  # number of the leave that holds, -1 undecided
    group: str | None = None
    pool: str | None = None
    points: dict[str, Maybe] = field(default_factory=dict)
    adjusts: dict[str, Maybe] = field(default_factory=dict)
    items: Maybe = None
    adjust: Maybe = None
    score: Maybe = None
    keys: list[Any] = field(default_factory=list)
    is_rated: bool = False
    rank: int | None = None
    pool_size: int | None = None
    quota_base: int | None = None
    ranked: str | None = None
    moved: str | None = None  # class after moves
    moved_by: str | None = None
    final: str | None = None

    @property
    def is_scored(self) -> bool:
        return self.takes is not None and self.leave == 0 and self.group is not None


ALONE = "#alone"  # ends the key of a member that is scored beside its unit


def is_counted(subject: str) -> bool:
    """Tell whether a row counts where many are looked at: a member beside its unit does not."""
    return not subject.endswith(ALONE)


def half_away(value: Fraction, scale: int) -> Fraction:
    """Round to `scale` decimals, halves away from zero."""
    scaled = abs(value) * 10**scale
    whole = floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**scale)


@dataclass
class Grading:
    """Grades the subjects of one scheme."""

    rules: SchemeRules
    records: Mapping[str, Record]

    def grade(self) -> dict[str, Graded]:
        """Return everybody on the list."""
        rows = self.scored()
        self.place(rows)
        return {row.subject: row for row in rows}

    def scored(self) -> list[Graded]:
        """Return everybody on the list with points and score, before any place."""
        rows = [self._entered(s, r) for s, r in self.records.items()]
        rows = [row for row in rows if row.takes is not False]
        self._scale = max(
            (x.scale for g in self.rules.groups for x in g.lines if isinstance(x.scale, int)),
            default=4,
        )
        for group in self.rules.groups:
            self._score(group, [r for r in rows if r.is_scored and r.group == group.id], rows)
        return rows

    def place(self, rows: list[Graded]) -> None:
        """Give everybody a list, a place and a class."""
        for group in self.rules.groups:
            for row in rows:
                if row.group == group.id:
                    row.pool = self._pool(group, row)
        for pool in {row.pool for row in rows if row.pool is not None}:
            self._place([r for r in rows if r.pool == pool])

    def _ask(self, expression: Expression | None, record: Record) -> Any:
        if expression is None:
            return True
        value = Evaluator(record).value(expression)
        return None if isinstance(value, Unknown) else value

    def _settled(self, expression: Expression, record: Record) -> bool | None:
        held = self._ask(expression, record)
        if held is None and self.rules.unknown != "hold":
            return self.rules.unknown == "apply"
        return held

    # -- who ------------------------------------------------------------------------------

    def _entered(self, subject: str, record: Record) -> Graded:
        row = Graded(subject, record, self._settled(self.rules.takes_part, record))
        returns = [self._settled(e, record) for _, e in self.rules.returns]
        back = True if True in returns else None if None in returns else False
        for number, leave in enumerate(self.rules.leaves, 1):
            held = self._settled(leave.when, record)
            goes = (
                False if held is False or back is True else None if None in (held, back) else True
            )
            if goes is None or goes:
                row.leave = number if goes else -1
                break
        for group in self.rules.groups:
            held = self._ask(group.when, record)
            if held is not False:
                row.group = group.id if held else None
                break
        return row

    # -- points ---------------------------------------------------------------------------

    def _score(self, group: GroupRule, members: list[Graded], everybody: list[Graded]) -> None:
        scored = [r for r in everybody if r.is_scored]
        exact: dict[str, dict[str, Maybe]] = {r.subject: {} for r in members}
        dropped: dict[str, set[str]] = {r.subject: set() for r in members}
        for line in group.lines:
            raw = {r.subject: self._raw(line, r, members, scored, group) for r in members}
            for row in members:
                points, is_missing = self._line_points(line, row, raw)
                exact[row.subject][line.id] = points
                if is_missing and line.missing == "drop":
                    dropped[row.subject].add(line.id)
        for row in members:
            self._total(group, row, exact[row.subject], dropped[row.subject])

    def _figure_of(self, line: LineRule, record: Record) -> Maybe:
        assert isinstance(line.fact, Fact)
        return self._ask(Read(line.fact, NOW, line.span), record)

    def _raw(
        self,
        line: LineRule,
        row: Graded,
        members: list[Graded],
        scored: list[Graded],
        group: GroupRule,
    ) -> Maybe:
        """Return the points by the formula, within cap and floor; None where x is missing."""
        x = self._figure_of(line, row.record)
        if x is None:
            return None
        words: dict[str, Any] = {"x": x, "weight": self._ask(line.weight, row.record)}
        asked = {n.word for n in walk(line.points) if hasattr(n, "word")}
        for role, own in (("benchmark", ""), ("low", "min"), ("high", "max")):
            held = getattr(line, role)
            if held is None and role in asked:
                held = FigureRule(own, None, "group", None, 0, Fraction(1), None, line.span)
            if isinstance(held, FigureRule):
                held = self._figure(held, line, row, members, scored, group)
            elif held is not None:
                held = self._ask(held, row.record)
            if held is not None:
                words[role] = held
        inside = replace(row.record, words=words)
        points = self._ask(line.points, inside)
        for limit, pick in ((line.cap, min), (line.floor, max)):
            if limit is not None and points is not None:
                bound = self._ask(limit, inside)
                points = None if bound is None else pick(points, bound)
        if points is not None and line.round_at == "item":
            points = half_away(points, int(line.scale))  # type: ignore[arg-type]
        return points

    def _line_points(
        self, line: LineRule, row: Graded, raw: Mapping[str, Maybe]
    ) -> tuple[Maybe, bool]:
        """Return the points with missing, zero and zero base settled, and whether it is missing."""
        x = self._figure_of(line, row.record)
        if (
            x is None
            and line.on_zero in ("worst", "best")
            and self._has_zero_base(line, row.record)
        ):
            best = line.on_zero == "best"
            limit = line.cap if best else line.floor
            if isinstance(limit, Constant):
                return limit.value, False  # type: ignore[return-value]
            return (self._ask(line.weight, row.record) if best else Fraction(0)), False
        if x is None or (x == 0 and line.zero == "missing"):
            return self._missing(line, raw), True
        if x == 0 and isinstance(line.zero, Fraction):
            return line.zero, False
        return raw[row.subject], False

    def _missing(self, line: LineRule, raw: Mapping[str, Maybe]) -> Maybe:
        if isinstance(line.missing, Fraction):
            return line.missing
        if line.missing != "mean":
            return None
        known = [
            p
            for s, p in raw.items()
            if p is not None and is_counted(s) and not self._counts_as_missing(line, s)
        ]
        if not known:
            return None
        mean = sum(known, Fraction(0)) / len(known)
        return half_away(mean, int(line.scale)) if line.round_at == "item" else mean  # type: ignore[arg-type]

    def _counts_as_missing(self, line: LineRule, subject: str) -> bool:
        return line.zero == "missing" and self._figure_of(line, self.records[subject]) == 0

    def _has_zero_base(self, line: LineRule, record: Record) -> bool:
        assert isinstance(line.fact, Fact)
        assert line.fact.definition is not None
        bases = [
            n.right
            for n in walk(line.fact.definition)
            if isinstance(n, Arithmetic) and n.sign == "/"
        ]
        return any((base := self._ask(b, record)) is not None and base <= 0 for b in bases)

    def _total(
        self, group: GroupRule, row: Graded, exact: Mapping[str, Maybe], dropped: set[str]
    ) -> None:
        scale = self._scale
        row.points = {k: None if v is None else half_away(v, scale) for k, v in exact.items()}
        row.adjusts = {a.id: self._adjusted(a, row.record) for a in group.adjust}
        known = {k: v for k, v in exact.items() if k not in dropped}
        if None in known.values() or None in row.adjusts.values() or not known:
            return
        if any(line.missing == "drop" for line in group.lines):
            weight = {x.id: self._ask(x.weight, row.record) for x in group.lines}
            whole = sum(weight.values(), Fraction(0))
            left = sum((w for k, w in weight.items() if k not in dropped), Fraction(0))
            rounds_items = all(x.round_at == "item" for x in group.lines)
            points = row.points if rounds_items else exact
            total = sum((points[k] or Fraction(0) for k in known), Fraction(0)) * whole / left
        elif all(x.round_at == "item" for x in group.lines):
            total = sum((row.points[k] or Fraction(0) for k in known), Fraction(0))
        else:
            total = sum((v or Fraction(0) for v in known.values()), Fraction(0))
        row.items = half_away(total, scale)
        row.adjust = self._categories(group, row)
        row.score = row.items + row.adjust
        if self.rules.floor is not None:
            row.score = max(row.score, self._ask(self.rules.floor, row.record))

    def _adjusted(self, adjust: Any, record: Record) -> Maybe:
        held = True if adjust.when is None else self._settled(adjust.when, record)
        if held is None:
            return None
        if not held:
            return Fraction(0)
        points = self._ask(adjust.points, record)
        if points is None:
            return None
        points = half_away(points, self._scale)
        cap = None if adjust.cap is None else self._ask(adjust.cap, record)
        return points if cap is None else max(-cap, min(cap, points))

    def _categories(self, group: GroupRule, row: Graded) -> Fraction:
        sums: dict[str, Fraction] = {}
        for adjust in group.adjust:
            sums[adjust.category] = sums.get(adjust.category, Fraction(0)) + (
                row.adjusts[adjust.id] or 0
            )
        for category, limit in self.rules.adjust_caps.items():
            if category in sums:
                cap = self._ask(limit, row.record)
                sums[category] = max(-cap, min(cap, sums[category]))
        return sum(sums.values(), Fraction(0))

    # -- figures --------------------------------------------------------------------------

    def _figure(
        self, rule: FigureRule, line: LineRule, row: Graded, members: list[Graded],
        scored: list[Graded], group: GroupRule,
    ) -> Maybe:  # fmt: skip
        members, scored = ([m for m in rows if is_counted(m.subject)] for rows in (members, scored))
        over = scored if rule.over == "all" else members
        if rule.over == "pool":
            mine = self._pool(group, row)
            rank = group.rank
            whole = scored if isinstance(rank, RankRule) and not rank.by_group else members
            over = [m for m in whole if self._pool(group, m) == mine]
        if rule.over_fact is not None:
            read = Read(rule.over_fact, NOW, rule.span)
            mine = self._ask(read, row.record)
            over = [m for m in members if mine is not None and self._ask(read, m.record) == mine]
        assert isinstance(line.fact, Fact)
        value = self._of_members(rule, line.fact, over)
        unit = line.fact.kind.unit.factor
        return (
            None
            if value is None
            else half_away(value * rule.times / unit, line.fact.scale or 0) * unit
        )

    def _of_members(self, rule: FigureRule, fact: Fact, over: Sequence[Graded]) -> Maybe:
        if rule.figure == "ratio_of_sums":
            return self._ratio(rule, fact, over)
        read = rule.of if rule.of is not None else Read(fact, When(rule.back), rule.span)
        values = sorted(v for m in over if (v := self._ask(read, m.record)) is not None)
        if rule.figure == "count":
            return Fraction(len(values))
        return _FIGURES[rule.figure](values, rule) if values else None

    def _ratio(self, rule: FigureRule, fact: Fact, over: Sequence[Graded]) -> Maybe:
        division = fact.definition
        if isinstance(division, Choose):
            division = division.otherwise
        assert isinstance(division, Arithmetic)
        pairs = [
            tuple(
                self._ask(shifted(side, back=rule.back), m.record)
                for side in (division.left, division.right)
            )
            for m in over
        ]
        both = [(a, b) for a, b in pairs if a is not None and b is not None]
        base = sum((b for _, b in both), Fraction(0))
        return sum((a for a, _ in both), Fraction(0)) / base if base > 0 else None

    # -- places ---------------------------------------------------------------------------

    def _pool(self, group: GroupRule, row: Graded) -> str:
        rank = group.rank
        assert isinstance(rank, RankRule)
        parts = [group.id] if rank.by_group else []
        for within in rank.within:
            value = self._ask(within, row.record)
            parts.append("—" if value is None else str(value))
        return "|".join(parts) if parts else "all"

    def _place(self, rows: list[Graded]) -> None:
        """Rank one list, cut it into classes, and move."""
        group = next(g for g in self.rules.groups if g.id == rows[0].group)
        rank = group.rank
        assert isinstance(rank, RankRule)
        for row in rows:
            if row.is_scored and row.score is not None:
                row.keys = [self._key(o, row) for o in rank.by]  # type: ignore[union-attr]
                row.is_rated = row.keys[0] is not None
        rated = sorted((r for r in rows if r.is_rated), key=lambda r: [_last(k) for k in r.keys])
        collected = [r for r in rows if not self._is_uncollected(r)]
        base = len(rated) if rank.base == "rated" else len(collected)
        self._rank(rated, str(rank.ties))
        for row in rows:
            row.pool_size, row.quota_base = len(rated), base
        for row in rated:
            row.ranked = self._class_of(row, rated, group, rank, base)
        for row in rows:
            if row.is_scored:
                self._move(row, group)
                row.final = row.moved  # who has no score is not refilled
        if self.rules.moves and self.rules.vacated == "refill":
            self._refill(rated, group)

    def _is_uncollected(self, row: Graded) -> bool:
        return row.leave > 0 and self.rules.leaves[row.leave - 1].as_ == "not_collected"

    def _key(self, order: Any, row: Graded) -> Any:
        lines = {k: v for k, v in row.points.items() if v is not None}
        inside = replace(row.record, words={"total": row.score}, lines=lines)  # type: ignore[dict-item]
        value = self._ask(order.expression, inside)
        if value is None:
            return None
        number = Fraction(value.toordinal()) if hasattr(value, "toordinal") else value
        return -number if order.descending else number

    def _rank(self, rated: list[Graded], ties: str) -> None:
        rated.sort(key=lambda r: ([_last(k) for k in r.keys], r.subject))
        for place, row in enumerate(rated, 1):
            alike = [n for n, other in enumerate(rated, 1) if other.keys == row.keys]
            row.rank = {"together_up": alike[0], "together_down": alike[-1], "by_key": place}[ties]

    def _class_of(
        self, row: Graded, rated: list[Graded], group: GroupRule, rank: RankRule, base: int
    ) -> str | None:
        assert row.rank is not None
        whole = _cut_places([c for c in group.classes if not c.source], rank, base, len(rated))
        for cut in sorted((c for c in group.classes if not c.outside), key=lambda c: c.rest):
            if cut.rest:
                return cut.id
            if cut.when is not None:
                held = self._settled(cut.when, row.record)
                if held is None:
                    return None
                if held:
                    return cut.id
            elif cut.source:
                if self._drawn(row, cut, rated, group, rank, base):
                    return cut.id
            else:
                first, last = whole[cut.id]
                if first <= row.rank <= last:
                    return cut.id
        return None

    def _drawn(
        self,
        row: Graded,
        cut: CutRule,
        rated: list[Graded],
        group: GroupRule,
        rank: RankRule,
        base: int,
    ) -> bool:
        """Tell whether a class drawn from a pool by an order of its own takes the row."""
        first, last = _cut_places(group.pools, rank, base, len(rated))[cut.source]
        inside = [r for r in rated if first <= (r.rank or 0) <= last]
        if row not in inside:
            return False
        inside.sort(
            key=lambda r: ([_last(self._key(o, r)) for o in (cut.by or rank.by)], r.subject)
        )  # type: ignore[union-attr]
        others = [c for c in group.classes if c.source == cut.source]
        used = 0
        for other in others:
            assert isinstance(other.take, Interval)
            share = _high(other.take) - (other.take.low or 0)
            count = _rounded(share * base, str(rank.rounding))
            if other.id == cut.id:
                return used < inside.index(row) + 1 <= used + count
            used += count
        raise AssertionError(cut.id)

    # -- moves ----------------------------------------------------------------------------

    def _move(self, row: Graded, group: GroupRule) -> None:
        order = group.class_order()
        now = row.ranked
        for move in self.rules.moves:
            held = self._settled(move.when, row.record)
            changed = _moved(move, order, now)
            if held and changed is not None and changed != now:
                row.moved_by = move.id
            now = None if held is None else changed if held else now
        row.moved = now

    def _refill(self, rated: list[Graded], group: GroupRule) -> None:
        """Give the places that moved rows left to those behind, none beyond what moves allow it."""
        order = group.class_order()
        quota = {c: sum(r.ranked == c for r in rated) for c in order}
        kept = {r.subject: r.moved for r in rated if r.moved_by is not None and r.moved is not None}
        first = self._filled(rated, order, quota, kept)
        for row in rated:
            best, worst = self._bounds(row, order)
            made = first[row.subject]
            if row.subject in kept or made is None:
                continue
            if order.index(made) < best or order.index(made) > worst:
                kept[row.subject] = order[best if order.index(made) < best else worst]
        second = self._filled(rated, order, quota, kept)
        for row in rated:
            made = second[row.subject]
            if row.moved_by is None and made is not None:
                best, worst = self._bounds(row, order)
                made = order[min(max(order.index(made), best), worst)]
            row.final = made

    def _filled(
        self, rated: Iterable[Graded], order: list[str], quota: Mapping[str, int],
        kept: Mapping[str, str | None],
    ) -> dict[str, str | None]:  # fmt: skip
        rows = sorted(rated, key=lambda r: (r.rank, r.subject))
        free: list[str] = []
        for name in order:
            taken = sum(c == name for c in kept.values())
            free += [name] * max(quota[name] - taken, 0)
        made: dict[str, str | None] = {}
        others = iter(free)
        for row in rows:
            if row.subject in kept:
                made[row.subject] = kept[row.subject]
            else:
                made[row.subject] = next(others, row.moved)
            if row.moved is None:
                made[row.subject] = None
        return made

    def _bounds(self, row: Graded, order: list[str]) -> tuple[int, int]:
        best, worst = 0, len(order) - 1
        for move in self.rules.moves:
            if self._settled(move.when, row.record):
                ceiling, lowest = move.at_best or move.to, move.at_worst or move.to
                if ceiling in order:
                    best = max(best, order.index(ceiling))
                if lowest in order:
                    worst = min(worst, order.index(lowest))
        return best, worst


def _last(key: Any) -> tuple[bool, Any]:
    """Return a sort key that puts the unknown last."""
    return (key is None, key if key is not None else 0)


def _moved(move: MoveRule, order: list[str], now: str | None) -> str | None:
    if move.to:
        return move.to if move.to in order else now
    if now is None:
        return None
    place = order.index(now)
    if move.at_best in order:
        place = max(place, order.index(move.at_best))
    elif move.at_worst in order:
        place = min(place, order.index(move.at_worst))
    place += move.down - move.up
    return order[min(max(place, 0), len(order) - 1)]


def _high(take: Interval) -> Fraction:
    return Fraction(1) if take.high is None else take.high


def _rounded(value: Fraction, rounding: str) -> int:
    ways: Mapping[str, Callable[[Fraction], int]] = {
        "down": floor,
        "up": lambda v: -floor(-v),
        "half_up": lambda v: floor(v + Fraction(1, 2)),
    }
    return ways[rounding](value)


def _cut_places(
    cuts: Sequence[CutRule], rank: RankRule, base: int, rated: int
) -> dict[str, tuple[int, int]]:
    """Return first and last place of each cut of a list.

    The class that ends at 100 % is counted from the end of the list; the one that touches it takes
    all that lies before. Of two classes that share a list, the first is counted and the second takes
    the others.
    """
    made: dict[str, tuple[int, int]] = {}
    shares = [c for c in cuts if isinstance(c.take, Interval) and not c.by_place]
    by_class = rank.rounding_of == "class"

    def places(share: Fraction) -> int:
        return _rounded(share * base, str(rank.rounding))

    tail = next((c for c in shares if _high(c.take) == 1 and c.take.low), None)  # type: ignore[arg-type,union-attr]
    lowest = tail
    if any(not c.take.low and tail and _high(c.take) == tail.take.low for c in shares):  # type: ignore[arg-type,union-attr]
        tail = None
    end = rated
    if tail is not None:
        low = tail.take.low or Fraction(0)  # type: ignore[union-attr]
        end -= places(1 - low) if by_class else base - places(low)
        made[tail.id] = (end + 1, rated)
    used = 0
    for cut in shares:
        if cut is tail:
            continue
        low, high = cut.take.low or Fraction(0), _high(cut.take)  # type: ignore[union-attr,arg-type]
        last = used + places(high - low) if by_class else places(high)
        if tail is not None:
            last = end if high == tail.take.low else min(last, end)  # type: ignore[union-attr]
        elif cut is lowest:
            last = rated
        made[cut.id] = ((used if by_class else places(low)) + 1, last)
        used = last
    for cut in cuts:
        if cut.by_place and isinstance(cut.take, Interval):
            first = int(cut.take.low or 0) + (0 if cut.take.low_closed else 1)
            last = (
                rated if cut.take.high is None else int(cut.take.high) - (not cut.take.high_closed)
            )
            made[cut.id] = (max(first, 1), last)
    return made


def _quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Linear between the two nearest places, as PERCENTILE does."""
    place = (len(values) - 1) * share
    below = floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


_FIGURES: Mapping[str, Callable[[list[Fraction], FigureRule], Fraction]] = {
    "mean": lambda values, _: sum(values, Fraction(0)) / len(values),
    "sum": lambda values, _: sum(values, Fraction(0)),
    "min": lambda values, _: values[0],
    "max": lambda values, _: values[-1],
    "median": lambda values, _: _quantile(values, Fraction(1, 2)),
    "quantile": lambda values, rule: _quantile(values, rule.at or Fraction(1, 2)),
}


def is_open(value: object) -> bool:
    """Tell whether a key of the rules is open."""
    return isinstance(value, Open)
