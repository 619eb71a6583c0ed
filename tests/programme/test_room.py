"""What an upper scheme leaves to a lower level (permu:E10), and what goes beyond it."""

from __future__ import annotations

import pytest

from tests.programme.world import above, scheme

ROOM = '{scores: {weight: 40, lines: "[1, 2]"}, classes: true}'
UPPER = scheme(
    room=ROOM,
    groups="{all: {scores: {labour: {weight: 0}, "
    "local: {title: 自选, indicator: {open: 自选}, weight: 40}}}}",
    total="{floor: {open: 未见}}",
    title="{zh: 省级办法, en: Provincial scheme}",
)
LOCAL = (
    "{title: 本县自选, indicator: 劳动生产率, with: {made: base}, weight: 40, benchmark: 1万元/人}"
)

THREE = """{
    local: {indicator: 亩均税收, weight: 10}, more: {indicator: 亩均税收, weight: 10},
    most: {indicator: 亩均税收, weight: 20}}"""


def beyond(keys: str, how: str = "id: lower\nextends", more: str = "") -> list[str]:
    programme = above(f"kind: Scheme\n{how}: county_2022\n{keys}", more=more, upper=UPPER)
    return [f.values["place"] for f in programme.findings if f.id == "KG607"]


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "title: 县级办法\nnote: 本县细则\npublishes: {class: 本县等级}",
        "total: {floor: 0}",
        f"groups: {{all: {{scores: {{local: {LOCAL}}}}}}}",
        "groups: {all: {scores: {tax_per_mu: {note: 口径同省}}}}",
        "groups: {all: {scores: {tax_per_mu: {weight: 60.0}}}}",
        'classes: {A: {take: "[0, 10%]"}, B: {take: "(10%, 80%]"}}',
        "let: {own: 税收 / 2}",
    ],
)
def test_what_is_left_open_or_granted_may_be_set(keys: str) -> None:
    assert beyond(keys) == []


@pytest.mark.parametrize(
    ("keys", "places"),
    [
        ("groups: {all: {scores: {tax_per_mu: {weight: 50}}}}", ["all.scores.tax_per_mu.weight"]),
        ("groups: {all: {scores: {tax_per_mu: {benchmark: 9万元/亩}}}}",
         ["all.scores.tax_per_mu.benchmark"]),
        ("remove: [groups.all.scores.labour]", ["all.scores.labour"]),
        ("groups: {all: {when: 规上}}", ["all.when"]),
        ("groups: {small: {when: not 规上}}", ["small"]),
    ],
)  # fmt: skip
def test_a_change_of_a_compulsory_part_is_beyond(keys: str, places: list[str]) -> None:
    assert beyond(keys) == [f"lower.groups.{place}" for place in places]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("scoring: {cap: none}", "scoring.cap"),
        ("rank: {ties: by_key}", "rank.ties"),
        ("moves: {up: {when: 规上, up: 1}}\nvacated: leave", "moves"),
        ("population: {takes_part: 规上}", "population.takes_part"),
        ("room: {classes: false}", "room.classes"),
    ],
)
def test_other_keys_are_fixed(keys: str, place: str) -> None:
    assert f"lower.{place}" in beyond(keys)


@pytest.mark.parametrize(
    "lines",
    [
        "{local: {weight: 30}, more: {indicator: 亩均税收, weight: 20, benchmark: 1万元/亩}}",
        THREE,
    ],
)
def test_own_lines_that_are_too_heavy_or_too_many_are_beyond(lines: str) -> None:
    assert beyond(f"groups: {{all: {{scores: {lines}}}}}") == ["lower.groups.all.scores"]


def test_parts_of_a_local_line_count_as_lines() -> None:
    part = "{indicator: 亩均税收, weight: %d, benchmark: 1万元/亩}"
    three = ", ".join(f"{n}: {part % w}" for n, w in (("a", 20), ("b", 10), ("c", 10)))
    lines = f"{{all: {{scores: {{local: {{parts: {{{three}}}}}}}}}}}"
    assert beyond(f"groups: {lines}") == ["lower.groups.all.scores"]


def test_an_override_is_held_to_the_room_as_well() -> None:
    assert beyond("rank: {ties: by_key}", how="overrides") == ["county_2022.rank.ties"]


def test_a_trial_programme_may_try_anything() -> None:
    assert beyond("rank: {ties: by_key}", how="overrides", more="draft: true\n") == []


def test_without_room_everything_may_be_set() -> None:
    programme = above(
        "kind: Scheme\nid: lower\nextends: county_2022\nrank: {ties: by_key}", upper=scheme()
    )
    assert [f.id for f in programme.findings] == []
