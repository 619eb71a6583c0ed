"""Dates in SQL: completed units, a missing day becomes the month's last, working days by ordinal.

`kg_` calls are spelt by each engine. A day's ordinal counts the working days up to it, so counting
between two days is a difference and adding is a look-up (closed loop, section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlglot import exp

from kaogong.language.calendar import add_months
from kaogong.plan.sql import Node, binary, call, case, every, integer, null, value_of
from kaogong.plan.sql import day as literal

MOST_YEARS = 10_000  # between any two dates


def _add_months(day: Node, months: Node) -> Node:
    written = _written(day, months, add_months)
    if written is not None:
        return written
    return _possible(call("kg_add_months", day, months), months, 12 * MOST_YEARS)


def _add_years(day: Node, years: Node) -> Node:
    return _add_months(day, _twelvefold(years))


def _twelvefold(years: Node) -> Node:
    number = value_of(years)
    return binary("*", years, integer(12)) if number is None else integer(12 * number)


def _add_days(day: Node, days: Node) -> Node:
    written = _written(day, days, lambda start, count: start + timedelta(days=count))
    if written is not None:
        return written
    return _possible(call("kg_add_days", day, days), days, 366 * MOST_YEARS)


def _written(day: Node, count: Node, add: Callable[[date, int], date]) -> Node | None:
    """Return the day as a literal where both the start and the count stand there as such."""
    number = value_of(count)
    if number is None or not isinstance(day, exp.Cast) or not day.this.is_string:
        return None
    try:
        return literal(add(date.fromisoformat(day.this.name), number))
    except OverflowError:
        return null("date")


def _possible(day: Node, count: Node, most: int) -> Node:
    """Return a counted day; what lies outside the years 1 to 9999 is no day."""
    near = every([binary(">=", count, integer(-most)), binary("<=", count, integer(most))])
    found = case([(near, day)])
    written = every(
        [binary(">=", found, literal(date.min)), binary("<=", found, literal(date.max))]
    )
    return case([(written, found)])


def _add_working_days(day: Node, days: Node) -> Node:
    target = binary("+", call("kg_day_ordinal", day), days)
    return case([(binary("=", days, integer(0)), day)], call("kg_working_day", target))


def _days_between(start: Node, end: Node) -> Node:
    return call("kg_days_between", start, end)


def _months_between(start: Node, end: Node) -> Node:
    """Completed months; with the days the wrong way round, the negative of the other way."""
    backwards = binary("-", integer(0), _completed_months(end, start))
    return case([(binary("<", end, start), backwards)], _completed_months(start, end))


def _completed_months(start: Node, end: Node) -> Node:
    years = binary("-", call("kg_year", end), call("kg_year", start))
    months = binary("-", call("kg_month", end), call("kg_month", start))
    whole = binary("+", binary("*", years, integer(12)), months)
    return _less_one(whole, call("kg_add_months", start, whole), end)


def _years_between(start: Node, end: Node) -> Node:
    backwards = binary("-", integer(0), _completed_years(end, start))
    return case([(binary("<", end, start), backwards)], _completed_years(start, end))


def _completed_years(start: Node, end: Node) -> Node:
    whole = binary("-", call("kg_year", end), call("kg_year", start))
    months = binary("*", whole, integer(12))
    return _less_one(whole, call("kg_add_months", start, months), end)


def _less_one(whole: Node, reached: Node, end: Node) -> Node:
    return case([(binary("<", end, reached), binary("-", whole, integer(1)))], whole)


def _working_days_between(start: Node, end: Node) -> Node:
    return binary("-", call("kg_day_ordinal", end), call("kg_day_ordinal", start))


DATE_FUNCTIONS: Mapping[str, Callable[..., Node]] = {
    "add_years": _add_years,
    "add_months": _add_months,
    "add_days": _add_days,
    "add_working_days": _add_working_days,
}
DATE_NUMBERS: Mapping[str, Callable[..., Node]] = {
    "year_of": lambda day: call("kg_year", day),
    "month_of": lambda day: call("kg_month", day),
    "years_between": _years_between,
    "months_between": _months_between,
    "days_between": _days_between,
    "working_days_between": _working_days_between,
}
