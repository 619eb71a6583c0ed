"""All functions of the language, one row each: how many arguments, and the nodes they become.

What can be said with the core of the typed tree is unfolded here (`every_period`, `sum_over`,
`growth`, `clamp` …), so that the oracle and the compilers read the same few nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kaogong.language.expression import Every, Some
from kaogong.language.functions import dates, growth, periods, records, tables, values
from kaogong.language.functions.function import MOST, Call, Function
from kaogong.language.kind import NUMBER, YES_NO
from kaogong.language.words import Words

__all__ = ["FUNCTIONS", "Call", "Function"]

_A_GUARD = Words("它只用在Process的guard中", "it stands only in guards of a Process")
_A_MATCH = Words("它只用在Match中", "it stands only in a Match")

_VALUES: Mapping[str, Function] = {
    "abs": Function((1, 1), values.number_function("abs"), "number"),
    "floor": Function((1, 1), values.number_function("floor"), "number"),
    "ceil": Function((1, 1), values.number_function("ceil"), "number"),
    "round": Function((2, 2), values.rounded, "number"),
    "least": Function((2, MOST), values.extreme("least"), "number or date"),
    "greatest": Function((2, MOST), values.extreme("greatest"), "number or date"),
    "clamp": Function((3, 3), values.clamp, "number"),
    "portion": Function((3, 3), values.portion, "number"),
    "coalesce": Function((2, MOST), values.coalesce, "the first known"),
    "known": Function((1, 1), values.known, "yes/no"),
    "status": Function((1, 1), values.status, "state"),
    "starts_with": Function((2, 2), values.text_function("starts_with", YES_NO), "yes/no"),
    "contains": Function((2, 2), values.text_function("contains", YES_NO), "yes/no"),
    "length": Function((1, 1), values.text_function("length", NUMBER), "number"),
}
_DATES: Mapping[str, Function] = {
    "years_ago": Function((1, 1), dates.ago("years"), "date"),
    "months_ago": Function((1, 1), dates.ago("months"), "date"),
    "days_ago": Function((1, 1), dates.ago("days"), "date"),
    "add_years": Function((2, 2), dates.add("years"), "date"),
    "add_months": Function((2, 2), dates.add("months"), "date"),
    "add_days": Function((2, 2), dates.add("days"), "date"),
    "add_working_days": Function((2, 2), dates.add("working_days"), "date"),
    "year_of": Function((1, 1), dates.part("year_of"), "number"),
    "month_of": Function((1, 1), dates.part("month_of"), "number"),
    "years_between": Function((2, 2), dates.between("years_between", "年"), "number"),
    "months_between": Function((2, 2), dates.between("months_between", "月"), "number"),
    "days_between": Function((2, 2), dates.between("days_between", "天"), "number"),
    "working_days_between": Function(
        (2, 2), dates.between("working_days_between", "工作日"), "number"
    ),
}
_PERIODS: Mapping[str, Function] = {
    "prior": Function((1, 2), periods.prior, "as x"),
    "year_ago": Function((1, 2), periods.year_ago, "as x"),
    "at": Function((2, 2), periods.at, "as x"),
    "sum_over": Function((2, 2), periods.sum_over, "number"),
    "mean_over": Function((2, 2), periods.mean_over, "number"),
    "min_over": Function((2, 2), periods.extreme_over("least"), "number"),
    "max_over": Function((2, 2), periods.extreme_over("greatest"), "number"),
    "every_period": Function((2, 2), periods.periods(Every), "yes/no"),
    "any_period": Function((2, 2), periods.periods(Some), "yes/no"),
    "count_periods": Function((2, 2), periods.count_periods, "number"),
    "streak": Function((1, 1), periods.streak, "number"),
    "first_time": Function((1, 1), periods.first_time, "yes/no"),
    "to_date": Function((1, 1), periods.to_date, "number"),
    "single": Function((1, 1), periods.single, "number"),
    "growth": Function((1, 1), growth.growth, "ratio"),
    "mean_growth": Function((2, 2), growth.mean_growth, "ratio"),
    "compound_growth": Function((2, 2), growth.compound_growth, "ratio, compared with a number"),
}
_RECORDS: Mapping[str, Function] = {
    "count_of": Function((1, 2), records.over_records("count_of", has_value=False), "number"),
    "any_of": Function((1, 2), records.over_records("any_of", has_value=False), "yes/no"),
    "distinct_of": Function((2, 3), records.over_records("distinct_of", has_value=True), "number"),
    "sum_of": Function((2, 3), records.over_records("sum_of", has_value=True), "number"),
    "max_of": Function((2, 3), records.over_records("max_of", has_value=True), "as x"),
    "min_of": Function((2, 3), records.over_records("min_of", has_value=True), "as x"),
    "latest_of": Function((2, 3), records.over_records("latest_of", has_value=True), "as x"),
    "subject": Function((1, 1), records.subject, "as x"),
    "via": Function((2, 2), records.via, "as x"),
}
_TABLES: Mapping[str, Function] = {
    "pick": Function((2, 9), tables.pick, "entry of the table"),
    "has": Function((2, 9), tables.has, "yes/no"),
    "under": Function((2, 2), tables.under, "yes/no"),
    "points": Function((1, 1), tables.points, "number"),
    "holds": Function((1, 2), tables.holds, "yes/no"),
    "times": Function((1, 1), tables.elsewhere(_A_GUARD), "number"),
    "need": Function((1, 1), tables.elsewhere(_A_MATCH), "as x"),
    "offer": Function((1, 1), tables.elsewhere(_A_MATCH), "as x"),
}
FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {**_VALUES, **_DATES, **_PERIODS, **_RECORDS, **_TABLES}
)
