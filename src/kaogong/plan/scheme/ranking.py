"""The order of each list, and how shares of it become places (permu:E08, E39, E40, E44).

A list (`pool`) is what `rank.within` says. A share is a share of the base, counted and rounded as
declared. A class whose interval ends at 100 % is counted from the end of the list, and the class
before it takes what lies between. Where it follows directly on the class at the top, nothing lies
between: then the top is counted and the last class takes the others. So the classes of a list
always add up to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.language.finding import refuse
from kaogong.language.interval import Interval
from kaogong.plan import sql
from kaogong.plan.lower import Lowered, Lowerer
from kaogong.plan.number import Number
from kaogong.plan.scheme.scores import SCORE, GroupScores
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import CutRule, GroupRule, Order, RankRule

POOL, PLACE, BASE, RATED = "kg_pool", "kg_place", "kg_base", "kg_rated"
_EPOCH = date(1970, 1, 1)
TOGETHER_UP, TOGETHER_DOWN, BY_KEY = "together_up", "together_down", "by_key"


def pool_of(group: GroupRule, lowerer: Lowerer) -> Node:
    """Return the name of the list a member stands in."""
    rank = group.rank
    if isinstance(rank, Open):
        return sql.text(group.id)
    parts: list[Node] = [sql.text(group.id)] if rank.by_group else []
    for within in rank.within:
        is_text = within.kind.name in ("text", "code")
        value = sql.null("text")
        if not isinstance(within, Open):
            value = lowerer.node(within) if is_text else _shown(lowerer.lower(within))
        parts.append(sql.coalesce([value, sql.text("—")]))
    if not parts:
        return sql.text("all")
    return parts[0] if len(parts) == 1 else sql.call("kg_joined", *parts)


def _shown(value: Lowered) -> Node:
    node = value.top if isinstance(value, Number) else value
    return sql.as_text(node)


def order_keys(orders: tuple[Order, ...], scores: GroupScores) -> list[Node]:
    """Return the keys of an ordering, all rising: a falling number is turned around."""
    words: dict[str, Lowered] = {
        "total": Number(
            column(SCORE), -(10**15), 10**15, None, 1, Fraction(1, 10**scores.scale),
            scores.group.span,
        )
    }  # fmt: skip
    points: dict[str, Lowered] = {
        line.rule.id: Number(
            column(f"item__{line.rule.id}"), -(10**15), 10**15, None, 1,
            Fraction(1, 10**scores.scale), line.rule.span,
        )
        for line in scores.lines
    }  # fmt: skip
    lowerer = Lowerer(scores.lowerer.frame, words, points)
    return [_key(order, lowerer) for order in orders]


def _key(order: Order, lowerer: Lowerer) -> Node:
    made = lowerer.lower(order.expression)
    if isinstance(made, Number):
        if made.bottom is not None:
            raise refuse("KG408", order.expression.span, name="rank.by")
        return sql.binary("-", sql.integer(0), made.top) if order.descending else made.top
    if order.expression.kind.name == "number":
        return made  # an open definition: nobody knows it
    if order.expression.kind.name == "date":
        days = sql.call("kg_days_between", sql.day(_EPOCH), made)
        return sql.binary("-", sql.integer(0), days) if order.descending else days
    if order.descending:
        raise refuse(
            "KG310", order.expression.span, place="rank.by", expected="number or date",
            got=order.expression.kind,
        )  # fmt: skip
    return made


def listed(scores: GroupScores) -> tuple[Order, ...]:
    """Return the ordering of a group's list; empty where it is open."""
    rank = scores.group.rank
    return () if isinstance(rank, Open) or isinstance(rank.by, Open) else rank.by


def is_ranked(group: GroupRule) -> bool:
    """Tell whether a rank can be given: the ordering and its ties are known."""
    rank = group.rank
    return (
        isinstance(rank, RankRule)
        and not isinstance(rank.by, Open)
        and not any(isinstance(w, Open) for w in rank.within)
    )


def place(ties: str | Open, keys: list[Node], pool: list[Node]) -> Node:
    """Return the place of a row in its list; equals share it as `ties` says.

    Where the rule for equals is open they share the better place, which says least about them.
    """
    if ties == BY_KEY:
        last = exp.Ordered(this=column(SUBJECT), nulls_first=False)
        return window(exp.RowNumber(), pool, [*keys, last])
    first = window(exp.Anonymous(this="rank"), pool, keys)
    if ties != TOGETHER_DOWN:
        return first
    alike = window(exp.Count(this=exp.Star()), [*pool, *(k.this for k in keys)], [])
    return sql.binary("-", sql.binary("+", first, alike), sql.integer(1))


def window(function: Node, partition: list[Node], ordered: list[Node]) -> Node:
    """Return a window function; with an order, over all rows up to the current one's equals."""
    made = exp.Window(this=function, partition_by=partition)
    if ordered:
        made.set("order", exp.Order(expressions=ordered))
    return made


@dataclass(frozen=True, slots=True)
class Bounds:
    """First and last place of a class in its list; null where open."""

    first: Node
    last: Node
    quota: Node


def share_of(share: Fraction, base: Node, rounding: str) -> Node:
    """Return a share of the base as a whole number of places."""
    a, b = share.numerator, share.denominator
    product = sql.binary("*", base, sql.integer(a))
    if rounding == "half_up":
        doubled = sql.binary("+", sql.binary("*", product, sql.integer(2)), sql.integer(b))
        return sql.divide(doubled, sql.integer(2 * b))
    if rounding == "up":
        return sql.divide(sql.binary("+", product, sql.integer(b - 1)), sql.integer(b))
    return sql.divide(product, sql.integer(b))


@dataclass(frozen=True, slots=True)
class _Shares:
    """How the shares of one list become numbers of places."""

    base: Node
    rounding: str
    whole: bool  # each class is rounded by itself, not its upper end

    def of(self, share: Fraction) -> Node:
        """Return how many places a share is."""
        return share_of(share, self.base, self.rounding)


def bounds(cuts: list[CutRule], rank: RankRule, base: Node, rated: Node) -> dict[str, Bounds]:
    """Return the places of each cut of one list; cuts with open keys are left out."""
    if isinstance(rank.rounding, Open) or isinstance(rank.rounding_of, Open):
        cuts = [c for c in cuts if c.by_place]
    shares = [c for c in cuts if isinstance(c.take, Interval) and not c.by_place]
    shared = _Shares(base, str(rank.rounding), rank.rounding_of == "class")
    made: dict[str, Bounds] = {}
    tail = _tail(shares)
    tail_count = _count(tail, shared) if tail is not None else sql.integer(0)
    end = sql.binary("-", rated, tail_count)
    used: Node = sql.integer(0)
    for cut in shares:
        if cut is tail:
            continue
        last = rated if _is_last(cut) else _last(cut, shared, used, tail, end)
        before = used if shared.whole or cut.source else _first(cut, shared)
        first = sql.binary("+", before, sql.integer(1))
        made[cut.id] = Bounds(first, last, _count(cut, shared))
        used = last
    if tail is not None:
        made[tail.id] = Bounds(sql.binary("+", end, sql.integer(1)), rated, tail_count)
    for cut in cuts:
        if cut.by_place and isinstance(cut.take, Interval):
            made[cut.id] = _by_place(cut.take, rated)
    return made


def _tail(shares: list[CutRule]) -> CutRule | None:
    """Return the class that is counted from the end: one that does not follow on the first."""
    takes = [(c, c.take) for c in shares if isinstance(c.take, Interval)]
    last = next(((c, t.low) for c, t in takes if t.high == 1 and t.low), None)
    if last is None or any(not t.low and t.high == last[1] for _, t in takes):
        return None
    return last[0]


def _is_last(cut: CutRule) -> bool:
    """Tell whether a class takes all who are left at the end of its list."""
    return isinstance(cut.take, Interval) and cut.take.high == 1 and bool(cut.take.low)


def _count(cut: CutRule, shared: _Shares) -> Node:
    take = cut.take
    assert isinstance(take, Interval)
    low, high = take.low or Fraction(0), take.high if take.high is not None else Fraction(1)
    if shared.whole or cut.source:
        return shared.of(high - low)
    upper = shared.of(high)
    return sql.binary("-", upper, shared.of(low)) if low else upper


def _first(cut: CutRule, shared: _Shares) -> Node:
    take = cut.take
    assert isinstance(take, Interval)
    return shared.of(take.low or Fraction(0))


def _last(cut: CutRule, shared: _Shares, used: Node, tail: CutRule | None, end: Node) -> Node:
    """Return the last place of a cut; one that touches the tail fills the list up to it."""
    take = cut.take
    assert isinstance(take, Interval)
    high = take.high if take.high is not None else Fraction(1)
    if tail is not None and isinstance(tail.take, Interval) and high == tail.take.low:
        return end
    last = sql.binary("+", used, _count(cut, shared)) if shared.whole else shared.of(high)
    if tail is None:
        return last
    return sql.case([(sql.binary(">", last, end), end)], last)


def _by_place(take: Interval, rated: Node) -> Bounds:
    low = int(take.low or 0) + (0 if take.low_closed else 1)
    first = sql.integer(max(low, 1))
    last = (
        rated if take.high is None else sql.integer(int(take.high) - (0 if take.high_closed else 1))
    )
    count = sql.binary("+", sql.binary("-", last, first), sql.integer(1))
    return Bounds(first, last, count)
