"""Schemes as rules: whose key holds, what is open under which address, what a move may ask."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaogong.language.expression import Choose, Compare, Constant, Every, Member, Open, Word
from kaogong.language.fact import Fact
from kaogong.language.interval import Interval
from kaogong.programme.rules import FigureRule, GroupRule, LineRule, RankRule
from tests.programme.world import above, county, ids, rules, scheme


def group(**keys: str) -> GroupRule:
    return rules(county(s=scheme(**keys))).groups[0]


def line(id: str = "tax_per_mu", **keys: str) -> LineRule:
    return next(x for x in group(**keys).lines if x.id == id)


def test_a_line_overrules_the_scoring_of_the_scheme() -> None:
    keys = {"groups": "{all: {scores: {labour: {missing: mean, cap: none}}}}"}
    assert line("labour", **keys).missing == "mean"
    assert line("labour", **keys).cap is None
    assert line("tax_per_mu", **keys).missing == "hold"
    assert line("tax_per_mu", **keys).cap is not None


def test_a_group_takes_its_own_scoring_whole() -> None:
    own = "{all: {scoring: {points: weight, scale: 0, round_at: total}}}"
    told = county(s=scheme(groups=own)).findings
    assert {f.values["key"] for f in told if f.id == "KG104"} == {
        f"county_2022.groups.all.scores.{name}.cap" for name in ("tax_per_mu", "labour")
    }


def test_an_open_scoring_opens_every_key_under_one_address() -> None:
    made = line(scoring="{open: 未印}")
    for held in (made.points, made.scale, made.round_at, made.cap, made.missing, made.zero):
        assert isinstance(held, Open)
        assert held.place == "county_2022.scoring"


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"scoring": "{scale: {open: 未印}}"}, "county_2022.scoring.scale"),
        ({"groups": "{all: {scores: {tax_per_mu: {scale: {open: 未印}}}}}"},
         "county_2022.groups.all.scores.tax_per_mu.scale"),
    ],
)  # fmt: skip
def test_an_open_key_has_the_address_where_it_stands(keys: dict[str, str], place: str) -> None:
    scale = line(**keys).scale
    assert isinstance(scale, Open)
    assert scale.place == place


def test_open_addresses_are_those_that_are_told() -> None:
    programme = county(s=scheme(rank="{base: {open: 未印}}", classes="{A: {take: {open: 未印}}}"))
    made = programme.schemes["county_2022"].groups[0]
    told = {f.values["place"] for f in programme.findings if f.id == "KG505"}
    assert isinstance(made.rank, RankRule)
    opens = {made.rank.base.place, made.classes[0].take.place}  # type: ignore[union-attr]
    assert opens == told


def test_a_line_with_parts_becomes_its_parts_with_its_scoring() -> None:
    part = "{indicator: 亩均税收, weight: %d, benchmark: 1万元/亩}"
    split = f"{{parts: {{a: {part % 30}, b: {part % 30}}}, missing: 0}}"
    made = group(groups=f"{{all: {{scores: {{tax_per_mu: {split}}}}}}}").lines
    assert [(x.id, x.missing) for x in made] == [
        ("tax_per_mu_a", 0), ("tax_per_mu_b", 0), ("labour", "hold"),
    ]  # fmt: skip


def test_parts_that_do_not_add_up_to_their_line_are_told() -> None:
    part = "{indicator: 亩均税收, weight: 25, benchmark: 1万元/亩}"
    split = f"{{parts: {{a: {part}, b: {part}}}}}"
    assert ids(county(s=scheme(groups=f"{{all: {{scores: {{tax_per_mu: {split}}}}}}}"))) == [
        "KG613"
    ]


def test_a_benchmark_is_in_the_base_of_its_unit_whatever_unit_was_written() -> None:
    for text in ("10万元/亩", "150元/平方米"):
        held = line(groups=f"{{all: {{scores: {{tax_per_mu: {{benchmark: {text}}}}}}}}}").benchmark
        assert isinstance(held, Constant)
        assert held.value == Fraction(150)


def test_a_figure_of_the_lines_own_indicator_needs_no_choice_and_another_does() -> None:
    own = (
        "{all: {scores: {labour: {benchmark: {figure: ratio_of_sums, of: 劳动生产率, times: 2}}}}}"
    )
    held = line("labour", groups=own).benchmark
    assert isinstance(held, FigureRule)
    assert (held.of, held.times, held.over, held.back) == (None, 2, "group", 0)
    other = own.replace("劳动生产率", "亩均税收").replace("times: 2", "period: prior")
    held = line("labour", groups=other).benchmark
    assert isinstance(held, FigureRule)
    assert held.of is not None
    assert held.back == 1


def test_variants_are_chosen_by_with_and_a_single_one_needs_no_choice() -> None:
    chosen = line("labour", groups="{all: {scores: {labour: {with: {made: base}}}}}").fact
    assert isinstance(chosen, Fact)
    assert chosen.variant == {"made": "base"}
    opened = line("labour", groups="{all: {scores: {labour: {with: {made: {open: 未印}}}}}}").fact
    assert isinstance(opened, Fact)
    assert opened.variant == {"made": "county_2022.groups.all.scores.labour.with.made"}


# -- cuts ---------------------------------------------------------------------------------


def test_a_printed_hole_between_classes_is_closed_upwards() -> None:
    takes = '{A: {take: "[0, 25%]"}, B: {take: "[26%, 70%]"}, C: {take: "[71%, 100%]"}}'
    programme = county(s=scheme(classes=takes))
    cuts = programme.schemes["county_2022"].groups[0].classes
    bands = [c.take for c in cuts if isinstance(c.take, Interval)]
    assert [(b.low, b.low_closed, b.high) for b in bands] == [
        (0, True, Fraction(1, 4)),
        (Fraction(1, 4), False, Fraction(7, 10)),
        (Fraction(7, 10), False, 1),
    ]
    assert ids(programme) == ["KG503", "KG503"]


def test_a_printed_hole_between_bands_is_closed_upwards() -> None:
    points = '{of: 利润率, bands: {"( , 25%]": 0, "[26%, )": 1}}'
    programme = county(s=scheme(adjust=f"{{profit: {{points: {points}, cap: none}}}}"))
    (adjust,) = programme.schemes["county_2022"].groups[0].adjust
    assert isinstance(adjust.points, Choose)
    upper = adjust.points.branches[1][0]
    assert isinstance(upper, Compare)
    assert (upper.sign, upper.right.value) == (">", Fraction(1, 4))  # type: ignore[union-attr]


def test_classes_of_places_and_from_pools_are_read() -> None:
    made = group(
        pools='{upper: {take: "[0, 50%]"}}',
        classes='{A: {from: upper, by: [points(税收得分) desc], take: "[1, 10]"}, B: {rest: true}}',
        groups="{all: {scores: {tax_per_mu: {title: 税收得分}}}}",
        remove="[classes.C, classes.T]",
    )
    first = made.classes[0]
    assert (first.source, first.by_place, first.by[0].descending) == ("upper", True, True)
    assert made.class_order() == ["A", "B"]


# -- conditions and moves -----------------------------------------------------------------


def test_a_move_may_ask_for_the_class_by_rank() -> None:
    made = rules(county(s=scheme(
        moves="{relief: {when: {ranked: \"ranked_class in ('B', 'C')\", size: 规上}, up: 1}}",
        vacated="leave",
    )))  # fmt: skip
    when = made.moves[0].when
    assert isinstance(when, Every)
    assert isinstance(when.items[0], Member)
    assert isinstance(when.items[0].item, Word)
    assert when.items[0].item.word == "ranked_class"
    assert when.items[0].codes == {"B", "C"}


@pytest.mark.parametrize(("word", "settled"), [("apply", True), ("skip", False)])
def test_a_condition_may_settle_its_own_unknown(word: str, settled: bool) -> None:
    made = rules(county(s=scheme(population=f"{{takes_part: {{when: 规上, unknown: {word}}}}}")))
    assert isinstance(made.takes_part, Choose)
    assert not made.takes_part.strict
    assert isinstance(made.takes_part.otherwise, Constant)
    assert made.takes_part.otherwise.value is settled


def test_a_judgement_nobody_has_made_is_pending_and_an_open_slot_is_open() -> None:
    judged = rules(county(s=scheme(population="{takes_part: {judge: 经营正常, by: 工信}}")))
    assert isinstance(judged.takes_part, Open)
    assert judged.takes_part.state == "pending"
    left = rules(county(s=scheme(population="{takes_part: {open: 未见}}")))
    assert isinstance(left.takes_part, Open)
    assert left.takes_part.state == "open"


def test_classes_of_another_group_may_be_named_by_a_move() -> None:
    below = '{when: not 规上, classes: {好: {take: "[0, 50%]"}, 差: {rest: true}}}'
    own = f"{{all: {{when: 规上}}, below: {below}}}"
    made = scheme(groups=own, moves="{veto: {when: 规上, at_best: 差}}", vacated="leave")
    assert ids(county(s=made)) == []


def test_nobody_may_be_left_out_of_the_groups() -> None:
    assert ids(county(s=scheme(groups="{all: {when: 规上}}"))) == ["KG603"]
    split = "{all: {when: 税收 >= 1万元}, below: {when: 税收 < 1万元}}"
    assert ids(county(s=scheme(groups=split))) == []


def test_fills_and_trials_see_the_same_rules_as_the_text_they_fill() -> None:
    programme = above(
        "kind: Scheme\noverrides: county_2022\nrank: {base: rated}",
        upper=scheme(rank="{base: {open: 未印}}"),
    )
    rank = programme.schemes["county_2022"].groups[0].rank
    assert isinstance(rank, RankRule)
    assert rank.base == "rated"
    assert rank.ties == "together_up"
