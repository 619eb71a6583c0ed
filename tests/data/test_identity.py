from __future__ import annotations

import datetime as dt
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.data.event_check import check_events, load_lineage, read_events
from kaogong.data.identity import (
    Carried,
    CarryRules,
    EventKind,
    SubjectEvent,
    lineage,
    predecessors,
)
from kaogong.data.sql import name
from kaogong.language.period import read_period

YEARS: frozenset[Carried] = frozenset({"years"})
TITLES: frozenset[Carried] = frozenset({"titles"})
BOTH = YEARS | TITLES
NONE: frozenset[Carried] = frozenset()
RULES: CarryRules = {"rename": BOTH, "move": BOTH, "merger": YEARS, "split": NONE}
LATER = dt.date(2030, 1, 1)


def event(
    number: str,
    kind: EventKind,
    date: str,
    ends: str,
    share: str = "1",
    carries: frozenset[Carried] | None = None,
) -> SubjectEvent:
    before, after = ends.split(">")
    day = dt.date.fromisoformat(date)
    return SubjectEvent(number, kind, day, before, after, Fraction(share), carries)


MERGER = event("1", "merger", "2023-07-01", "B>A")
SPLIT = [
    event("2", "split", "2022-01-01", "X>X", "0.6", BOTH),
    event("2", "split", "2022-01-01", "X>Y", "0.4", TITLES),
]


def _lines(events: list[SubjectEvent], years: str, as_of: dt.date = LATER) -> list[tuple[str, ...]]:
    periods = [read_period(year) for year in years.split()]
    return [
        (line.subject, line.period, line.predecessor, str(line.weight))
        for line in lineage(events, periods, as_of, RULES)
    ]


def test_a_merger_in_july_carries_the_consecutive_years() -> None:
    """B was class D in 2021 and 2022 and went over to A in July 2023: A is in its third year."""
    periods = [read_period(year) for year in ("2021", "2022", "2023", "2024")]
    lines = lineage([MERGER], periods, LATER, RULES)
    assert [(line.period, line.predecessor, line.whole) for line in lines] == [
        ("2021", "B", True),
        ("2022", "B", True),
        ("2023", "B", False),
    ]
    class_d = {("B", "2021"), ("B", "2022"), ("A", "2023")}
    streak = 0
    for period in ("2023", "2022", "2021", "2020"):
        bearers = {"A"} | {x.predecessor for x in lines if x.period == period and x.years}
        if not {(bearer, period) for bearer in bearers} & class_d:
            break
        streak += 1
    assert streak == 3


def test_a_merger_that_does_not_carry_years_starts_anew() -> None:
    merged = event("1", "merger", "2023-07-01", "B>A", carries=TITLES)
    (before,) = predecessors([merged], "A", LATER, RULES)
    assert (before.subject, before.years, before.titles) == ("B", False, True)


def test_nothing_is_followed_before_it_happened() -> None:
    assert predecessors([MERGER], "A", dt.date(2023, 6, 30), RULES) == ()
    assert predecessors([MERGER], "B", LATER, RULES) == ()
    assert _lines([MERGER], "2022", dt.date(2023, 6, 30)) == []


def test_an_event_on_the_first_day_of_a_period_leaves_the_period_alone() -> None:
    assert _lines([event("1", "rename", "2023-01-01", "A>B")], "2022 2023") == [
        ("B", "2022", "A", "1")
    ]


def test_a_split_gives_each_part_its_share_of_earlier_figures() -> None:
    assert _lines(SPLIT, "2021 2022") == [
        ("X", "2021", "X", "3/5"),
        ("Y", "2021", "X", "2/5"),
    ]
    (before,) = predecessors(SPLIT, "Y", LATER, RULES)
    assert (before.titles, before.years) == (True, False)


def test_chains_multiply_shares_and_carry_only_what_every_step_carries() -> None:
    events = [*SPLIT, event("3", "rename", "2023-05-01", "Y>Z")]
    assert _lines(events, "2021 2022") == [
        ("X", "2021", "X", "3/5"),
        ("Y", "2021", "X", "2/5"),
        ("Z", "2021", "X", "2/5"),
        ("Z", "2021", "Y", "1"),
        ("Z", "2022", "Y", "1"),
    ]
    carried = {p.subject: (p.titles, p.years) for p in predecessors(events, "Z", LATER, RULES)}
    assert carried == {"X": (True, False), "Y": (True, True)}


def test_parts_that_are_merged_again_are_whole() -> None:
    events = [
        event("1", "split", "2020-01-01", "A>B", "0.4"),
        event("1", "split", "2020-01-01", "A>C", "0.6"),
        event("2", "merger", "2022-01-01", "B>D"),
        event("2", "merger", "2022-01-01", "C>D"),
    ]
    assert check_events(events, RULES) == []
    assert ("D", "2019", "A", "1") in _lines(events, "2019")


def test_a_part_sold_and_bought_back_is_no_circle() -> None:
    events = [
        event("1", "split", "2020-01-01", "A>A", "0.7"),
        event("1", "split", "2020-01-01", "A>B", "0.3"),
        event("2", "merger", "2022-01-01", "B>A"),
    ]
    assert check_events(events, RULES) == []
    assert _lines(events, "2019 2021") == [
        ("A", "2019", "A", "1"),
        ("A", "2019", "B", "1"),
        ("A", "2021", "B", "1"),
        ("B", "2019", "A", "3/10"),
    ]


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (
            [event("1", "rename", "2020-01-01", "A>B"), event("2", "rename", "2022-01-01", "B>A")],
            ["A → B → A"],
        ),
        (
            [event("1", "merger", "2020-01-01", "A>B"), event("2", "merger", "2020-01-01", "A>C")],
            ["A 2020-01-01 → B / C"],
        ),
        (
            [event("1", "merger", "2020-01-01", "A>B"), event("2", "merger", "2021-01-01", "A>C")],
            ["A 2020-01-01 → 2021-01-01 C"],
        ),
        ([SPLIT[0]], ["X 2022-01-01: Σ 3/5 ≠ 1"]),
        ([*SPLIT, event("2", "split", "2022-01-01", "X>W", "0.1")], ["X 2022-01-01: Σ 11/10 ≠ 1"]),
        ([event("1", "merger", "2020-01-01", "A>B", "0.5")], ["1: merger 1/2 ≠ 1"]),
    ],
)
def test_events_that_contradict_themselves_are_findings(
    events: list[SubjectEvent], words: list[str]
) -> None:
    found = check_events(events, RULES)
    assert {f.id for f in found} == {"KG830"}
    for word in words:
        assert any(word in f.values["reason"] for f in found), found


def test_what_is_carried_is_declared_or_a_finding() -> None:
    assert check_events([MERGER], RULES) == []
    assert [f.values["reason"] for f in check_events([MERGER])] == ["1: merger, carries"]
    assert check_events([event("1", "merger", "2023-07-01", "B>A", carries=NONE)]) == []


def test_the_register_of_events_is_read_with_its_words(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        "CREATE TABLE subject_event AS SELECT * FROM (VALUES"
        " ('1', '合并', DATE '2023-07-01', 'B', 'A', NULL, '连续年数、称号'),"
        " ('2', 'split', DATE '2022-01-01', 'X', NULL, 0.6, 'none'),"
        " ('2', 'split', DATE '2022-01-01', 'X', 'Y', 0.4, 'titles'),"
        " ('3', '重组', DATE '2022-01-01', 'P', 'Q', NULL, NULL),"
        " ('4', '分立', DATE '2022-01-01', 'R', 'S', NULL, '荣誉'))"
        " AS t(event_no, kind, date, from_subject, to_subject, share, carries)"
    )
    events, findings = read_events(connection, name("subject_event"))
    assert [(e.kind, e.from_subject, e.to_subject, e.share, e.carries) for e in events] == [
        ("split", "X", "X", Fraction(3, 5), NONE),
        ("split", "X", "Y", Fraction(2, 5), TITLES),
        ("merger", "B", "A", Fraction(1), BOTH),
    ]
    assert [f.values["reason"] for f in findings] == ["3: 重组", "4: share", "4: 荣誉"]


def test_the_lineage_table_holds_weights_as_fractions(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    lines = lineage(SPLIT, [read_period("2021")], LATER, RULES)
    load_lineage(connection, lines, name("lineage"))
    assert connection.execute("SELECT * FROM lineage").fetchall() == [
        ("X", "2021", "X", 3, 5, True, True, True),
        ("Y", "2021", "X", 2, 5, True, True, False),
    ]
    load_lineage(connection, (), name("lineage"))
    assert connection.execute("SELECT * FROM lineage").fetchall() == []


SHARES = st.integers(1, 9)


@given(st.lists(SHARES, min_size=2, max_size=4), st.lists(SHARES, min_size=2, max_size=3))
def test_the_parts_of_a_split_of_a_split_add_up_to_one(first: list[int], second: list[int]) -> None:
    events = [
        SubjectEvent("1", "split", dt.date(2020, 1, 1), "A", f"B{n}", Fraction(s, sum(first)))
        for n, s in enumerate(first)
    ] + [
        SubjectEvent("2", "split", dt.date(2021, 1, 1), "B0", f"C{n}", Fraction(s, sum(second)))
        for n, s in enumerate(second)
    ]
    assert check_events(events, RULES) == []
    living = [f"B{n}" for n in range(1, len(first))] + [f"C{n}" for n in range(len(second))]
    weights = {
        line.subject: line.weight
        for line in lineage(events, [read_period("2019")], LATER, RULES)
        if line.predecessor == "A"
    }
    assert sum(weights[subject] for subject in living) == 1
