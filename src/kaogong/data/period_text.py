"""Data periods as offices write them, read in SQL: 2022年, 2022年上半年, 2022年1-2月, 7月上旬.

What comes out is written as the language writes it: 2022, 2022H1, 2022-01+02, 2022-07A.
"""

from __future__ import annotations

from collections.abc import Mapping

from kaogong.data.sql import Sql, sql
from kaogong.language.period import Grain

# Grain -> (its own spelling, other spellings and what they stand for).
_SPELLINGS: Mapping[Grain, tuple[str, tuple[tuple[str, str], ...]]] = {
    "year": (
        "[12][0-9]{3}",
        (("([12][0-9]{3})(年度?|[.]0|[-/]0?1[-/]0?1( 00:00:00)?)", r"'\1'"),),
    ),
    "half": (
        "[12][0-9]{3}H[12]",
        (
            ("([12][0-9]{3})[-]?[hH]([12])", r"'\1H\2'"),
            ("([12][0-9]{3})年?(第?一半年|上半年)", r"'\1H1'"),
            ("([12][0-9]{3})年?(第?二半年|下半年)", r"'\1H2'"),
        ),
    ),
    "quarter": (
        "[12][0-9]{3}Q[1-4]",
        (
            ("([12][0-9]{3})[-]?[qQ]([1-4])", r"'\1Q\2'"),
            ("([12][0-9]{3})年?第?([1-4])季度?", r"'\1Q\2'"),
            ("([12][0-9]{3})年?第?一季度?", r"'\1Q1'"),
            ("([12][0-9]{3})年?第?二季度?", r"'\1Q2'"),
            ("([12][0-9]{3})年?第?三季度?", r"'\1Q3'"),
            ("([12][0-9]{3})年?第?四季度?", r"'\1Q4'"),
        ),
    ),
    "month": (
        "[12][0-9]{3}-(0[1-9]|1[0-2]|01[+]02)",
        (
            ("([12][0-9]{3})年?[-]?0?1[-—–~至+]0?2月?", r"'\1-01+02'"),
            ("([12][0-9]{3})(0[1-9]|1[0-2])", r"'\1-\2'"),
            ("([12][0-9]{3})[-/.年](0[1-9]|1[0-2])月?", r"'\1-\2'"),
            ("([12][0-9]{3})[-/.年]([1-9])月?", r"'\1-0\2'"),
            ("([12][0-9]{3})-(0[1-9]|1[0-2])-01( 00:00:00)?", r"'\1-\2'"),
        ),
    ),
    "ten_day": (
        "[12][0-9]{3}-(0[1-9]|1[0-2])[ABC]",
        tuple(
            spelling
            for word, letter in (("上", "A"), ("中", "B"), ("下", "C"))
            for spelling in (
                (f"([12][0-9]{{3}})[-/.年](0[1-9]|1[0-2])月?{word}旬", rf"'\1-\2{letter}'"),
                (f"([12][0-9]{{3}})[-/.年]([1-9])月?{word}旬", rf"'\1-0\2{letter}'"),
            )
        ),
    ),
    "week": (
        "[12][0-9]{3}W(0[1-9]|[1-4][0-9]|5[0-3])",
        (
            ("([12][0-9]{3})[-]?W([0-9]{2})", r"'\1W\2'"),
            ("([12][0-9]{3})年?第?([0-9]{2})周", r"'\1W\2'"),
            ("([12][0-9]{3})年?第?([1-9])周", r"'\1W0\2'"),
        ),
    ),
    "day": ("[12][0-9]{3}-[0-9]{2}-[0-9]{2}", ()),
}


def period_value(plain: Sql, given: Sql, grain: Grain) -> Sql:
    """Return the period of `grain` that a cell spells, or NULL."""
    own, others = _SPELLINGS[grain]
    if grain == "day":
        return sql("strftime(try_cast({plain} AS DATE), '%Y-%m-%d')", plain=plain)
    cases = "".join(
        f" WHEN regexp_full_match({{plain}}, '{_doubled(pattern)}') "
        f"THEN regexp_replace({{plain}}, '{_doubled(pattern)}', {made})"
        for pattern, made in others
    )
    return sql(
        f"CASE WHEN regexp_full_match({{given}}, '{_doubled(own)}') THEN {{given}}{cases} END",
        given=given,
        plain=plain,
    )


def _doubled(pattern: str) -> str:
    """Return a pattern whose braces stand for themselves in a template."""
    return pattern.replace("{", "{{").replace("}", "}}")
