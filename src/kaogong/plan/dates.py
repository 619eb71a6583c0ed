"""Dates in SQL: completed units, a missing day becomes the month's last, working days by ordinal.

`kg_` calls are spelt by each engine. A day's ordinal counts the working days up to it, so counting
between two days is a difference and adding is a look-up (closed loop, section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kaogong.plan.sql import Node, binary, call, case, integer


def _add_months(day: Node, months: Node) -> Node:
    return call("kg_add_months", day, months)


def _add_years(day: Node, years: Node) -> Node:
    return _add_months(day, binary("*", years, integer(12)))


def _add_days(day: Node, days: Node) -> Node:
    return call("kg_add_days", day, days)


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
    return _less_one(whole, _add_months(start, whole), end)


def _years_between(start: Node, end: Node) -> Node:
    backwards = binary("-", integer(0), _completed_years(end, start))
    return case([(binary("<", end, start), backwards)], _completed_years(start, end))


def _completed_years(start: Node, end: Node) -> Node:
    whole = binary("-", call("kg_year", end), call("kg_year", start))
    return _less_one(whole, _add_years(start, whole), end)


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
