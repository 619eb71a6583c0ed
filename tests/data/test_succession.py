from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kaogong.data.identity import Carried, EventKind, SubjectEvent
from kaogong.data.succession import ALWAYS, Succession, Successions, successions

LATER = dt.date(2030, 1, 1)
YEARS: frozenset[Carried] = frozenset({"years"})
TITLES: frozenset[Carried] = frozenset({"titles"})


def event(
    kind: EventKind, date: str, ends: str, carries: frozenset[Carried] | None = None
) -> SubjectEvent:
    before, after = ends.split(">")
    day = dt.date.fromisoformat(date)
    return SubjectEvent(f"{kind} {ends}", kind, day, before, after, carries=carries)


def found(*events: SubjectEvent, as_of: dt.date = LATER, **links: str) -> Successions:
    return successions(links, events, as_of)


def who(of: Successions) -> list[str]:
    return [f"{s.predecessor}>{s.successor}" for s in of.known]


def test_a_link_carries_at_any_time_and_is_followed_to_the_end() -> None:
    assert found(C="B", B="A").known == (
        Succession("B", "A", ALWAYS),
        Succession("C", "A", ALWAYS),
        Succession("C", "B", ALWAYS),
    )


def test_an_event_carries_up_to_its_day() -> None:
    renamed = event("rename", "2022-05-01", "A>B")
    assert found(renamed).known == (Succession("B", "A", renamed.date),)
    assert found(renamed, as_of=dt.date(2022, 4, 30)).known == ()


def test_along_a_way_the_earliest_day_counts() -> None:
    steps = (event("rename", "2020-05-01", "A>B"), event("rename", "2022-05-01", "B>C"))
    assert Succession("C", "A", dt.date(2020, 5, 1)) in found(*steps).known


def test_one_merged_firm_carries_by_the_language_and_several_only_where_it_is_declared() -> None:
    one = event("merger", "2022-07-01", "B>A")
    assert who(found(one)) == ["B>A"]
    assert found(one).undeclared == ()
    other = event("merger", "2023-07-01", "C>A")
    assert found(one, other) == Successions((), (one, other))
    declared = event("merger", "2023-07-01", "C>A", YEARS)
    both = found(one, declared)
    assert who(both) == ["C>A"]
    assert both.undeclared == (one,)


def test_a_link_declares_which_of_several_is_the_predecessor() -> None:
    merged = (event("merger", "2022-07-01", "B>A"), event("merger", "2022-07-01", "C>A"))
    both = found(*merged, A="B")
    assert who(both) == ["B>A"]
    assert [e.from_subject for e in both.undeclared] == ["C"]


def test_what_an_event_declares_goes_before_the_link() -> None:
    told = found(event("merger", "2022-07-01", "B>A", TITLES), A="B")
    assert told == Successions(())
    assert found(event("merger", "2022-07-01", "B>A", YEARS), A="B").known == (
        Succession("A", "B", dt.date(2022, 7, 1)),
    )


def test_splits_and_moves_carry_only_where_it_is_declared() -> None:
    for kind in ("split", "move"):
        silent = event(kind, "2022-07-01", "A>B")
        assert found(silent) == Successions((), (silent,))
        assert who(found(event(kind, "2022-07-01", "A>B", YEARS))) == ["A>B"]


def test_who_moves_under_the_same_number_is_nobodys_successor() -> None:
    assert found(event("move", "2022-07-01", "A>A")) == Successions(())


def test_a_circle_is_told_and_nobody_succeeds() -> None:
    circle = found(A="B", B="A")
    assert circle.known == ()
    assert set(circle.circle) == {"A", "B"}
    assert found(A="A").circle


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 29), max_size=25))
def test_links_back_give_every_ancestor_once(parents: dict[int, int]) -> None:
    links = {f"{n}": f"{p}" for n, p in parents.items() if p < n}
    known = successions(links, (), LATER).known
    assert len(known) == len({(s.successor, s.predecessor) for s in known})
    for subject in links:
        line, each = set(), subject
        while each in links:
            each = links[each]
            line.add(each)
        assert {s.predecessor for s in known if s.successor == subject} == line
