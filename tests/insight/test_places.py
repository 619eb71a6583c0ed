from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.insight.places import Places, moved_class, places, refilled
from kaogong.language.interval import read_interval
from kaogong.language.span import Span
from kaogong.programme.rules import CutRule, GroupRule, MoveRule, RankRule

NOWHERE = Span("s")


def cut(id: str, take: str, *, by_place: bool = False) -> CutRule:
    interval = read_interval(take)
    return CutRule(
        id, {"zh": id}, "", (), interval, by_place, None, rest=False, outside=False, bound=None,
        article="", span=NOWHERE,
    )  # fmt: skip


def rank(rounding: str = "half_up", of: str = "boundary") -> RankRule:
    return RankRule((), True, (), "rated", rounding, of, "together_up", NOWHERE)


FOUR = [cut("A", "[0, 20%]"), cut("B", "(20%, 60%]"), cut("C", "(60%, 90%]"),
        cut("D", "(90%, 100%]")]  # fmt: skip


@pytest.mark.parametrize(
    ("rounding", "of", "base", "want"),
    [
        ("half_up", "boundary", 21, [(1, 4), (5, 13), (14, 19), (20, 21)]),
        ("half_up", "class", 21, [(1, 4), (5, 12), (13, 19), (20, 21)]),
        ("down", "boundary", 9, [(1, 1), (2, 5), (6, 8), (9, 9)]),
        ("up", "class", 9, [(1, 2), (3, 6), (7, 8), (9, 9)]),
        ("half_up", "boundary", 1, [(1, 0), (1, 1), (2, 1), (2, 1)]),
    ],
)
def test_shares_become_places_as_the_rounding_says(
    rounding: str, of: str, base: int, want: list[tuple[int, int]]
) -> None:
    made = places(FOUR, rank(rounding, of), base, base)
    assert [(made[c.id].first, made[c.id].last) for c in FOUR] == want


def test_the_first_twenty_per_cent_is_counted_of_those_taking_part() -> None:
    """Jining: of 275 taking part 10 are not rated; A is 55 and D 14 all the same (permu:E39)."""
    cuts = [cut("A", "[0, 20%]"), cut("B", "(20%, 95%]"), cut("D", "(95%, 100%]")]
    made = places(cuts, rank(of="class"), 275, 265)
    assert made["A"] == Places(1, 55, 55)
    assert made["D"] == Places(252, 265, 14)
    assert made["B"].last == 251


def test_places_from_the_top_are_places() -> None:
    assert places([cut("A", "[1, 10]", by_place=True)], rank(), None, 40)["A"] == Places(1, 10, 10)


@given(
    st.lists(st.integers(1, 99), max_size=4, unique=True), st.integers(0, 400),
    st.sampled_from(["half_up", "down", "up"]), st.sampled_from(["boundary", "class"]),
)  # fmt: skip
def test_classes_of_a_list_hold_every_place_once(
    ends: list[int], rated: int, rounding: str, of: str
) -> None:
    bounds = [0, *sorted(ends), 100]
    cuts = [
        cut(f"c{low}", f"{'[' if low == 0 else '('}{low}%, {high}%]")
        for low, high in pairwise(bounds)
    ]
    made = places(cuts, rank(rounding, of), rated, rated)
    if len(cuts) > 1 and made[cuts[-1].id].first >= 1:
        held = [sum(made[c.id].hold(place) for c in cuts) for place in range(1, rated + 1)]
        assert held == [1] * rated


GROUP = GroupRule("g", {"zh": "g"}, None, (), (), rank(), (), tuple(FOUR), (), NOWHERE)  # type: ignore[arg-type]  # nobody asks


def move(**how: object) -> MoveRule:
    made = {"to": "", "at_best": "", "at_worst": "", "up": 0, "down": 0} | how
    return MoveRule("m", {"zh": "m"}, None, article="", span=NOWHERE, **made)  # type: ignore[arg-type]  # nobody asks


@pytest.mark.parametrize(
    ("how", "now", "then"),
    [
        ({"to": "D"}, "A", "D"),
        ({"at_best": "C"}, "A", "C"),
        ({"at_best": "C"}, "D", "D"),
        ({"at_worst": "B"}, "D", "B"),
        ({"at_worst": "B"}, "A", "A"),
        ({"up": 1}, "B", "A"),
        ({"up": 1}, "A", "A"),
        ({"down": 9}, "B", "D"),
        ({"to": "T"}, "B", "B"),
    ],
)
def test_a_move_changes_a_class_within_the_order(
    how: dict[str, object], now: str, then: str
) -> None:
    assert moved_class(GROUP, move(**how), now) == then


def test_vacated_places_go_to_those_behind() -> None:
    quotas, taken = {"A": 2, "B": 3, "C": 2}, {"C": 1}
    filled = [refilled("ABC", quotas, taken, place) for place in range(1, 8)]
    assert filled == ["A", "A", "B", "B", "B", "C", None]


@pytest.mark.parametrize(
    ("rounding", "of", "first"),
    [("half_up", "class", 3), ("half_up", "boundary", 3), ("down", "class", 2), ("up", "class", 3)],
)
def test_of_two_classes_the_first_is_counted(rounding: str, of: str, first: int) -> None:
    made = places([cut("A", "[0, 50%]"), cut("B", "(50%, 100%]")], rank(rounding, of), 5, 5)
    assert (made["A"].first, made["A"].last) == (1, first)
    assert (made["B"].first, made["B"].last) == (first + 1, 5)


def test_of_two_classes_the_first_keeps_its_share_of_a_larger_base() -> None:
    made = places([cut("A", "[0, 50%]"), cut("B", "(50%, 100%]")], rank(), 10, 7)
    assert (made["A"].last, made["B"].first, made["B"].last) == (5, 6, 7)


def test_shares_are_exact() -> None:
    third = [cut("A", "[0, 33.3%]"), cut("B", "(33.3%, 100%]")]
    assert places(third, rank("up"), 1000, 1000)["A"].last == 333
    assert Fraction(333, 1000) == third[0].take.high  # type: ignore[union-attr]  # an interval
