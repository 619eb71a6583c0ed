"""Functions of several periods, unfolded to reads of one period each where that says it all."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import (
    Arithmetic,
    Choose,
    Compare,
    Constant,
    DateWord,
    Every,
    Expression,
    FirstTime,
    Read,
    Some,
    Streak,
    ToDate,
    shifted,
)
from kaogong.language.functions.function import Build, Call, applied
from kaogong.language.kind import NUMBER
from kaogong.language.period import NotAPeriod, read_period
from kaogong.language.span import Span
from kaogong.language.words import Words


def prior(call: Call) -> Expression:
    """Return x some periods earlier."""
    back = call.periods(1) if len(call.arguments) == 2 else 1
    return shifted(call.expression(0), back=back)


def year_ago(call: Call) -> Expression:
    """Return x in the same period some years earlier."""
    years = call.periods(1) if len(call.arguments) == 2 else 1
    return shifted(call.expression(0), years=years)


def at(call: Call) -> Expression:
    """Return x in a fixed period."""
    written = call.arguments[1]
    try:
        period = read_period(written.name if isinstance(written, exp.Literal) else "")
    except NotAPeriod:
        got = Words("别的写法", "something else")
        raise call.checker.wrong(
            written, Words("期间，如'2021'", "a period, as '2021'"), got
        ) from None
    return shifted(call.expression(0), at=period.text)


def _series(call: Call) -> list[Expression]:
    """Return x now and in the n - 1 periods before."""
    count = call.periods(1, least=1)
    x = call.expression(0)
    return [x, *(shifted(x, back=back) for back in range(1, count))]


def added(items: list[Expression], span: Span) -> Expression:
    """Return the sum of the items."""
    made = items[0]
    for item in items[1:]:
        made = Arithmetic("+", made, item, item.kind, span)
    return made


def sum_over(call: Call) -> Expression:
    """Return the sum over the last n periods."""
    call.numeric(0)
    return added(_series(call), call.span)


def mean_over(call: Call) -> Expression:
    """Return the mean of the last n periods; of a ratio, the ratio of the sums."""
    call.numeric(0)
    span, items = call.span, _series(call)
    quotients = [quotient for item in items if (quotient := _quotient(item)) is not None]
    if len(quotients) == len(items):
        tops = added([each.left for each in quotients], span)
        bottoms = added([each.right for each in quotients], span)
        return Arithmetic("/", tops, bottoms, items[0].kind, span)
    count = Constant(Fraction(len(items)), NUMBER, span)
    return Arithmetic("/", added(items, span), count, items[0].kind, span)


def _quotient(item: Expression) -> Arithmetic | None:
    """Return the division an expression is, looking through the definition of a ratio."""
    if isinstance(item, Read) and item.fact.definition is not None:
        when = item.when
        item = shifted(item.fact.definition, when.back, when.years, when.at)
    if isinstance(item, Choose) and item.otherwise is not None:  # what settles a base of zero
        item = item.otherwise
    return item if isinstance(item, Arithmetic) and item.sign == "/" else None


def extreme_over(name: str) -> Build:
    """Return the builder of `min_over` or `max_over`."""

    def build(call: Call) -> Expression:
        call.numeric(0)
        items = _series(call)
        return applied(name, items, items[0].kind, call.span)

    return build


def periods(made: type[Every | Some]) -> Build:
    """Return the builder of `every_period` or `any_period`."""

    def build(call: Call) -> Expression:
        call.yes_no(0)
        return made(tuple(_series(call)), call.span)

    return build


def count_periods(call: Call) -> Expression:
    """Return in how many of the last n periods a condition holds."""
    call.yes_no(0)
    span = call.span
    one, zero = (Constant(Fraction(n), NUMBER, span) for n in (1, 0))
    counted: list[Expression] = [
        Choose(((condition, one),), zero, True, NUMBER, span) for condition in _series(call)
    ]
    return added(counted, span)


def streak(call: Call) -> Expression:
    """Return the unbroken run of periods in which a condition holds."""
    return Streak(call.yes_no(0), call.span)


def first_time(call: Call) -> Expression:
    """Return whether a condition holds now and held in no earlier period."""
    return FirstTime(call.yes_no(0), call.span)


def to_date(call: Call) -> Expression:
    """Return the sum since the year began."""
    return ToDate(call.numeric(0), call.span)


def single(call: Call) -> Expression:
    """Return one period out of a cumulative figure; the first of the year is the figure itself."""
    span, x = call.span, call.numeric(0)
    opens = Compare("=", DateWord("period_start", span), DateWord("year_start", span), span)
    difference = Arithmetic("-", x, shifted(x, back=1), x.kind, span)
    return Choose(((opens, x),), difference, True, x.kind, span)
