"""A check against the year before is asked of everybody, once all years are there."""

from __future__ import annotations

from datetime import date

from kaogong.engine import duck
from kaogong.engine.wide_checks import ask, wide_checks
from kaogong.language.period import read_period
from kaogong.plan.frame import Instant
from kaogong.programme.programme import Programme
from tests.engine.test_record_checks import town

__all__ = ["town"]
YEAR = Instant(read_period("2024"), date(2024, 12, 31))


def test_a_leap_over_the_year_before_names_who_leapt(town: Programme) -> None:
    wide = wide_checks(town, "works_year", YEAR)
    assert wide is not None
    assert wide.reads == {"works", "works_year"}
    connection = duck.connect()
    connection.execute(
        "CREATE TABLE register_works AS FROM (VALUES ('A'), ('B'), ('C'), ('D')) t(subject_id)"
    )
    connection.execute(
        "CREATE TABLE register_works_year AS SELECT subject_id, period, "
        "CAST(tax AS DECIMAL(14, 2)) AS tax, CAST(NULL AS VARCHAR) AS tax__state FROM (VALUES "
        "('A', '2023', 10), ('A', '2024', 100.00), ('B', '2023', 10), ('B', '2024', 100.01),"
        " ('C', '2024', 7), ('D', '2023', NULL), ('D', '2024', 9)) t(subject_id, period, tax)"
    )
    (found,) = ask(connection, wide)
    assert (found.id, found.level) == ("KG839", "warning")
    assert found.values["n"] == "1"
    assert found.values["subjects"] == "B"
    assert "税金变动过大" in found.sentence("zh")


def test_a_register_that_answers_for_itself_has_no_wide_checks(town: Programme) -> None:
    assert wide_checks(town, "works", YEAR) is None
