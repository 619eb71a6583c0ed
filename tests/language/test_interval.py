from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.interval import (
    WHOLE_LINE,
    Interval,
    NotAnInterval,
    check_bands,
    interval_text,
    read_interval,
)


def check(
    *texts: str, domain: Interval | None = None, has_else: bool = False
) -> list[tuple[str, str, int | None, int | None]]:
    bands = [read_interval(text) for text in texts]
    return [
        (problem.kind, problem.where.text, problem.first, problem.second)
        for problem in check_bands(bands, domain, has_else=has_else)
    ]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("[3%, 5%)", ["0.03", "0.049"], ["0.05", "0.029"]),
        ("( , 1%)", ["-5", "0.0099"], ["0.01"]),
        ("[5%, )", ["0.05", "7"], ["0.0499"]),
        ("[1, 10]", ["1", "10"], ["0.99", "10.01"]),
        ("(20%,60%]", ["0.6"], ["0.2"]),
        ("[50万元, 1亿元]", ["500000", "100000000"], ["499999.99"]),
        ("[0, 5%)", ["0"], ["-0.01", "0.05"]),
        ("( , )", ["0", "-99"], []),
        ("[7, 7]", ["7"], ["6.99", "7.01"]),
    ],
)
def test_square_brackets_include_and_round_ones_do_not(
    text: str, inside: list[str], outside: list[str]
) -> None:
    interval = read_interval(text)
    assert all(interval.contains(Fraction(x)) for x in inside)
    assert not any(interval.contains(Fraction(x)) for x in outside)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3%", "write"),
        ("[1 2]", "write"),
        ("[1，2]", "write"),
        ("[ , 3)", "round bracket"),
        ("[3, ]", "round bracket"),
        ("[5, 3]", "no number"),
        ("[3, 3)", "no number"),
        ("[1, 3%)", "no unit"),
        ("[1元, 3人)", "do not compare"),
        ("[一, 3)", "not a number"),
    ],
)
def test_what_is_wrong_with_an_interval_is_said(text: str, reason: str) -> None:
    with pytest.raises(NotAnInterval, match=reason):
        read_interval(text)


def test_bands_that_meet_have_no_problem() -> None:
    assert check("[5%, )", "[3%, 5%)", "( , 3%)", domain=WHOLE_LINE) == []


def test_a_missing_point_is_a_gap() -> None:
    assert check("( , 1)", "(1, 2]", "(2, )") == [("gap", "[1, 1]", 0, 1)]


def test_a_shared_end_is_claimed_twice() -> None:
    (problem,) = check_bands([read_interval("[0, 5%]"), read_interval("[5%, 10%]")])
    assert (problem.kind, problem.where.text, problem.where.point()) == (
        "overlap",
        "[5%, 5%]",
        Fraction(1, 20),
    )


def test_only_a_domain_asks_for_the_far_ends() -> None:
    assert check("[0, 1)", "[1, 2)") == []
    assert check("[0, 1)", "[1, 2)", domain=WHOLE_LINE) == [
        ("gap", "( , 0)", None, 0),
        ("gap", "[2, )", 1, None),
    ]
    assert check("[1, 2)", domain=read_interval("[0, )")) == [
        ("gap", "[0, 1)", None, 0),
        ("gap", "[2, )", 0, None),
    ]
    assert check("[-5, 7]", domain=read_interval("[0, 1]")) == []
    assert check("[5, 7]", domain=read_interval("[0, 1]")) == [("gap", "[0, 1]", None, 0)]


def test_an_else_leaves_no_gap_but_does_not_settle_a_contest() -> None:
    assert check("[0, 1)", "[2, 3]", domain=WHOLE_LINE, has_else=True) == []
    assert check("[0, 2]", "[2, 3]", has_else=True) == [("overlap", "[2, 2]", 0, 1)]


def test_printed_whole_numbers_leave_a_hole_that_can_be_mended() -> None:
    bands = [read_interval(text) for text in ("( , 25%]", "[26%, 70%]", "[71%, )")]
    problems = check_bands(bands, WHOLE_LINE)
    assert [(p.kind, p.where.text, p.mended and interval_text(p.mended)) for p in problems] == [
        ("hole", "(25%, 26%)", "(25%, 70%]"),
        ("hole", "(70%, 71%)", "(70%, )"),
    ]
    mended = [bands[0], *(p.mended for p in problems if p.mended)]
    assert check_bands(mended, WHOLE_LINE) == []


def test_a_wider_gap_is_no_hole() -> None:
    assert check("( , 25%]", "[27%, )") == [("gap", "(25%, 27%)", 0, 1)]


def test_bands_of_other_units_are_reported_first() -> None:
    assert [problem[0] for problem in check("[0元, 5元)", "[5人, )")] == ["units"]
    assert [problem[0] for problem in check("[0元, 5元)", "[5, )")] == ["units"]
    assert check("( , 0)", "[0元, )") == []


ends = st.integers(0, 6).map(Fraction)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = draw(st.none() | ends), draw(st.none() | ends)
    low_closed, high_closed = draw(st.booleans()), draw(st.booleans())
    made = Interval(low, high, low_closed and low is not None, high_closed and high is not None, "")
    return made if not made.is_empty else Interval(low, low, True, True, "")


POINTS = [Fraction(n, 4) for n in range(-8, 33)]


@given(st.lists(intervals(), max_size=5), st.none() | intervals(), st.booleans())
def test_the_checker_agrees_with_trying_every_point(
    bands: list[Interval], domain: Interval | None, has_else: bool
) -> None:
    problems = check_bands(bands, domain, has_else=has_else)
    gaps = [problem.where for problem in problems if problem.kind in ("gap", "hole")]
    overlaps = [problem.where for problem in problems if problem.kind == "overlap"]
    for x in POINTS:
        claims = sum(band.contains(x) for band in bands)
        assert any(where.contains(x) for where in overlaps) == (claims > 1)
        if domain is None:
            between = any(band.point() < x or band.low is None for band in bands) and any(
                band.point() > x or band.high is None for band in bands
            )
            missing = between and not claims
        else:
            missing = domain.contains(x) and not claims
        assert any(where.contains(x) for where in gaps) == (missing and not has_else)
    for problem in problems:
        assert problem.where.contains(problem.where.point())


@given(intervals())
def test_an_interval_reads_back_from_its_text(interval: Interval) -> None:
    read = read_interval(interval_text(interval))
    assert (read.low, read.high, read.low_closed, read.high_closed) == (
        interval.low,
        interval.high,
        interval.low_closed,
        interval.high_closed,
    )
