"""Every shipped scheme, filled for demonstration, run over an invented city.

It is read as an analyst would. What holds for all of them stands first: nobody is lost, every gap
has its reason, parts add up, ranks have no holes, classes follow from ranks by the declared quotas.
Then each text's own rule is held against the raw facts, without the plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest

from kaogong.language.expression import Open
from kaogong.language.interval import Interval
from kaogong.programme.rules import CutRule, GroupRule, RankRule, SchemeRules
from tests.season.invented_town import FOLDER, Row, Season, Town, ratio, read_rows, rounded
from tests.thorough import about, third

SCHEMES = sorted(
    line.strip().removeprefix("- fill_")
    for line in (FOLDER / "programme.yaml").read_text("utf-8").splitlines()
    if "- fill_" in line
)
pytestmark = pytest.mark.slow  # the first test that asks makes most of the runs
UNBOUND = 10**9  # an uncapped ratio is as large as the firm is small
# Least and greatest points of the lines, where they are not 0 to twice the weights.
POINTS = {
    "huangyan_2021": (-UNBOUND, UNBOUND),  # no cap and no floor are printed
    "huangyan_2022": (-UNBOUND, UNBOUND),
    "jingde_2022": (0, 100),  # 20 to 100 of each weight, 0 for a missing figure
    "older_city_quality_firm": (-9, 200),  # -3 each for energy and two discharges
}
ROUND = {"half_up": lambda x: floor(x + Fraction(1, 2)), "down": floor, "up": ceil}


@pytest.fixture(params=third(SCHEMES))
def season(request: pytest.FixtureRequest, town: Town) -> Season:
    """Return the run of one scheme after the other."""
    return town.season(request.param)


def test_there_are_51_schemes_and_the_programme_checks_clean(town: Town) -> None:
    assert len(SCHEMES) == 51
    assert set(SCHEMES) == set(town.programme.schemes)
    assert [f for f in town.programme.findings if f.level != "note"] == []


def test_rows_of_a_scheme_do_not_depend_on_what_else_is_run(town: Town) -> None:
    together = town.season("changle_2023")
    alone = town.run("2024", ("changle_2023",), town.place / "alone")
    assert alone.out is not None
    path = alone.out / "scheme_result" / "changle_2023.parquet"
    assert read_rows(path) == together.rows


def test_scheme_as_an_analyst_reads_it(season: Season) -> None:
    """One test a scheme: each run is made once and looked at from every side."""
    assert season.report.out is not None, [f.sentence("en") for f in season.findings]
    assert not [f for f in season.findings if f.level == "error"]
    rows = season.rows
    assert len(rows) == len({row["subject"] for row in rows}) > 0
    assert {row["period"] for row in rows} == {season.period}
    for row in rows:
        _check_state(season, row)
        _check_points(season, row)
    for pool in {row["pool"] for row in rows if row["rank"] is not None}:
        _check_list(season, [r for r in season.units if r["pool"] == pool])


def _check_state(season: Season, row: Row) -> None:
    """Everybody is rated, or it is said why not; who is not rated has no rank."""
    rules = season.rules
    assert row["state"] in ("rated", "not_rated", "not_collected", "held")
    is_rated = row["state"] == "rated"
    assert is_rated == (row["rank"] is not None)
    assert is_rated or row["reason"]
    assert not is_rated or row["class"] or row["reason"]
    reason = row["reason"] or ""
    leaves = {f"population.leaves.{leave.id}": leave for leave in rules.leaves}
    if row["state"] in ("not_rated", "not_collected"):
        assert row["class"] == (leaves[reason].class_ or None)
        assert row["treated_as"] == (leaves[reason].treated_as or None)
    elif reason.startswith("scores."):
        assert reason.removeprefix("scores.") in rules.items()
    else:
        heads = ("", "population.takes_part", "population.leaves", "groups", "rank.by")
        assert reason in heads or reason.startswith(("adjust.", "classes.", "moves."))


def _check_points(season: Season, row: Row) -> None:
    """Points of lines and adjustments add up to the score and stay within what can be reached."""
    if row["state"] != "rated" or not season.group(row).lines:
        return
    assert row["score_items"] + row["score_adjust"] == row["score"]
    low, high = POINTS.get(season.rules.id, (0, 200))
    assert low <= row["score_items"] <= high
    assert row["score_adjust"] == 0 or season.group(row).adjust


def _check_list(season: Season, rows: list[Row]) -> None:
    """Ranks of a list have no holes, follow the score, and give the classes their quota."""
    rated = sorted((r for r in rows if r["state"] == "rated"), key=lambda r: r["rank"])
    assert {r["pool_size"] for r in rated} == {len(rated)}
    ranks = Counter(r["rank"] for r in rated)
    before = 0
    for rank in sorted(ranks):
        assert rank == before + 1
        before += ranks[rank]
    for group in {r["group"] for r in rated}:
        mine = [r for r in rated if r["group"] == group]
        _check_order(season.group(mine[0]), mine)
        _check_classes(season, season.group(mine[0]), mine, rows)


def _check_order(group: GroupRule, rated: list[Row]) -> None:
    rank = group.rank
    assert isinstance(rank, RankRule)
    if isinstance(rank.by, Open) or getattr(rank.by[0].expression, "word", "") != "total":
        return
    for better, worse in pairwise(rated):
        assert better["score"] >= worse["score"]
        assert len(rank.by) > 1 or (better["rank"] == worse["rank"]) == (
            better["score"] == worse["score"]
        )


def _check_classes(season: Season, group: GroupRule, rated: list[Row], rows: list[Row]) -> None:
    """Classes by rank are those of the quota; moves keep each to its size or explain it."""
    rank, names = group.rank, group.class_order()
    assert isinstance(rank, RankRule)
    cuts = [c for c in group.classes if not c.outside]
    collected = [r for r in rows if r["state"] != "not_collected"]
    base = len(rated) if rank.base == "rated" else len(collected)
    if len({r["group"] for r in rows}) == 1:
        assert {r["quota_base"] for r in rated} == {base}
    if all(isinstance(c.take, Interval) and not c.source and not c.by_place for c in cuts):
        places = _places(cuts, rank, base, len(rated))
        for row in rated:
            assert row["class_ranked"] == _class_at(places, row["rank"]), row["subject"]
    for row in rated:
        assert row["class"] is None or row["class"] in names
        is_refilled = season.rules.vacated == "refill"
        assert row["moved_by"] or is_refilled or row["class"] == row["class_ranked"]


def _places(cuts: list[CutRule], rank: RankRule, base: int, rated: int) -> dict[str, int]:
    """Return each class's last place: the worst from the end, the one before filling up."""
    takes = {c.id: c.take for c in cuts if isinstance(c.take, Interval)}
    rounding = ROUND[str(rank.rounding)]
    by_class = rank.rounding_of == "class"
    ends: dict[str, int] = {}
    *better, worst = takes
    low = takes[worst].low or Fraction(0)
    tail = rounding((1 - low) * base) if by_class else base - rounding(low * base)
    used = 0
    for name in better:
        take = takes[name]
        share = (take.high or Fraction(0)) - (take.low or Fraction(0))
        used = used + rounding(share * base) if by_class else rounding((take.high or 0) * base)
        ends[name] = min(used, rated - tail)
    if len(takes) > 1:
        ends[better[-1]] = rated - tail
    return {**ends, worst: rated}


def _class_at(places: dict[str, int], rank: int) -> str:
    return next(name for name, last in places.items() if rank <= last)


# -- the rule of each text, from the raw facts ---------------------------------------------


MU = Fraction(2000, 3)  # square metres
COEFFICIENTS = {
    "huangyan_2021": {
        "above": ("26.01", "132.27", "2.54", "4861.08", "17.45", "0.0305"),
        "below": ("16.601058", "0.236565"),
    },
    "huangyan_2022": {
        "above": ("24.097", "136.16", "2.694", "4929.81", "18.14", "0.0302"),
        "below": ("11.5932", "0.2352"),
    },
}
WEIGHTS = {"above": (30, 20, 20, 10, 10, 10), "below": (50, 50)}


def _land(fact: Row) -> Fraction:
    """Return land used, in mu: owned and rented less let out."""
    return Fraction(fact["land_own"] + fact["land_in"] - fact["land_out"]) / MU


def _huangyan_figures(group: str, fact: Row) -> list[Fraction | None]:
    wan = Fraction(1, 10_000)
    if group == "below":
        return [
            ratio(fact["tax_assessed"], _land(fact), wan),
            ratio(fact["tax_assessed"], fact["power"]),
        ]
    return [
        ratio(fact["tax_assessed"], _land(fact), wan),
        ratio(fact["value_added"], _land(fact), wan),
        ratio(fact["value_added"], fact["energy_equal_value"], wan),
        ratio(fact["value_added"], fact["emission"], wan),
        ratio(fact["value_added"], fact["staff"], wan),
        ratio(fact["rd_spend"], fact["main_revenue"], Fraction(10_000)),
    ]


def _kept(figure: Fraction | None, line: int) -> Fraction | None:
    """Return a figure as its indicator keeps it: four decimals, of the percent for research."""
    if figure is None:
        return None
    return rounded(figure * 100) / 100 if line == 5 else rounded(figure)


@pytest.mark.parametrize("id", third(COEFFICIENTS))
def test_huangyan_is_the_printed_formula_for_every_firm(id: str, town: Town) -> None:
    season = town.season(id)
    facts = town.facts(season.period)
    items: dict[str, dict[str, list[Fraction | None]]] = defaultdict(dict)
    for row in season.rows:
        group = row["group"]
        figures = _huangyan_figures(group, facts[row["subject"]])
        held = zip(figures, WEIGHTS[group], COEFFICIENTS[id][group], strict=True)
        items[group][row["subject"]] = [
            None if not (x := _kept(figure, n)) else rounded(weight * x / Fraction(benchmark))
            for n, (figure, weight, benchmark) in enumerate(held)
        ]
    emissions = [p[3] for p in items["above"].values() if p[3] is not None]
    mean = rounded(sum(emissions, Fraction(0)) / len(emissions))
    for row in season.rows:
        points = items[row["group"]][row["subject"]]
        if row["group"] == "above" and points[3] is None:
            points[3] = mean
        if None in points:
            assert row["state"] == "held", row["subject"]
        else:
            assert Fraction(row["score"]) == sum(p for p in points if p is not None)


@about("huangyan_2022")
def test_huangyan_has_firms_above_a_hundred_and_without_discharge(town: Town) -> None:
    season = town.season("huangyan_2022")
    rated = [r for r in season.rows if r["state"] == "rated"]
    assert any(r["score"] > 550 for r in rated)
    parts, above = season.parts, [r["subject"] for r in rated if r["group"] == "above"]
    missing = [s for s in above if parts[s]["value__va_per_emission"] is None]
    assert len({parts[s]["points__va_per_emission"] for s in missing}) == 1 < len(missing)


@about("changle_2023")
def test_changle_veto_is_a_ceiling_and_protection_a_floor(town: Town) -> None:
    season = town.season("changle_2023")
    year = season.period
    had_accident = {
        r["subject_id"] for r in town.records("incident")
        if str(r["happened_on"].year) == year
        and (r["incident_kind"] == "安全" or r["grade"] in ("重大", "特别重大"))
    }  # fmt: skip
    before = town.facts(str(int(year) - 1))
    new = {
        subject for subject, fact in town.facts(year).items()
        if fact["above_scale"] and subject in before and before[subject]["above_scale"] is False
    }  # fmt: skip
    rows = season.by_subject
    vetoed = [rows[s] for s in had_accident & set(rows) if rows[s]["state"] == "rated"]
    assert vetoed
    assert all(row["class"] in ("C", "D") for row in vetoed)
    protected = [rows[s] for s in new & set(rows) if rows[s]["state"] == "rated"]
    assert protected
    assert all(row["class"] != "D" for row in protected)
    top, lowest = town.known["vetoed_top"][0], town.known["lowest_newcomer"][0]
    assert (rows[top]["class_ranked"], rows[top]["class"]) == ("A", "C")
    assert (rows[lowest]["class_ranked"], rows[lowest]["class"]) == ("D", "C")


@about("changle_2023")
def test_changle_utilities_are_collected_and_not_rated(town: Town) -> None:
    rows = town.season("changle_2023").by_subject
    for case in ("power_plant", "waterworks"):
        row = rows[town.known[case][0]]
        assert (row["state"], row["class"], row["rank"]) == ("not_rated", "T", None)


@about("changle_2023", "hefei_2023", "tongling_2021")
def test_refilled_classes_keep_their_size(town: Town) -> None:
    for id in ("changle_2023", "hefei_2023", "tongling_2021"):
        rated = [r for r in town.season(id).rows if r["state"] == "rated"]
        assert any(r["moved_by"] for r in rated)
        for pool in {r["pool"] for r in rated}:
            mine = [r for r in rated if r["pool"] == pool]
            by_rank = Counter(r["class_ranked"] for r in mine)
            final = Counter(r["class"] for r in mine)
            moved = sum(1 for r in mine if r["moved_by"])
            assert all(abs(final[c] - by_rank[c]) <= moved for c in by_rank)
            assert final["A"] == by_rank["A"]


@about("wenling_2021", "wenling_park_2022")
def test_wenling_parks_leave_the_city_list_and_pay_for_letting(town: Town) -> None:
    city, parks = town.season("wenling_2021"), town.season("wenling_park_2022")
    assert not set(city.by_subject) & set(parks.by_subject)
    inside = {
        r["subject_id"] for r in town.records("enterprise")
        if r["park"] in ("SYNP01", "SYNP03", "SYNP04")
    }  # fmt: skip
    assert set(parks.by_subject) <= inside
    assert not set(city.by_subject) & inside
    year = int(parks.period)
    tenants = Counter(
        r["subject_id"] for r in town.records("lease")
        if not r["tenant_above_scale"] and r["let_from"] <= date(year, 12, 31)
        and (r["let_to"] is None or r["let_to"] >= date(year, 1, 1))
    )  # fmt: skip
    for row in parks.rows:
        n = tenants[row["subject"]]
        deducted = 5 * max(n - 1, 0) if row["group"] == "above" else (5 * n + 5 if n else 0)
        assert row["score_adjust"] == -deducted
    assert any(row["score_adjust"] < -5 for row in parks.rows)


@about("wenling_park_2022")
def test_wenling_relief_lifts_only_the_lower_half(town: Town) -> None:
    rows = town.season("wenling_park_2022").rows
    lifted = {(r["class_ranked"], r["class"]) for r in rows if r["moved_by"] == "relief"}
    assert lifted <= {("C", "B"), ("D", "C")}


@pytest.mark.parametrize(
    ("id", "group", "best", "last"),
    [
        ("anyang_2018", "above", ("tax_per_mu", "rd"), ("output_energy", "tax_emission")),
        ("zhengzhou_2018", "all", (), ()),
    ],
)
def test_two_stages_take_the_best_of_the_upper_and_the_last_of_the_lower_half(
    id: str, group: str, best: tuple[str, ...], last: tuple[str, ...], town: Town
) -> None:
    season = town.season(id)
    parts = season.parts
    rated = [r for r in season.rows if r["state"] == "rated" and r["group"] == group]
    for pool in {r["pool"] for r in rated}:
        mine = [r for r in rated if r["pool"] == pool]
        half = _upper_half(len(mine))
        for name, share, is_upper, lines in (("A", 15, True, best), ("C", 10, False, last)):
            taken = [r for r in mine if r["class"] == name]
            assert all((r["rank"] <= half) == is_upper for r in taken)
            quota = floor(Fraction(share * len(mine), 100) + Fraction(1, 2))
            points = [_points(parts[r["subject"]], *lines) for r in taken]
            at_line = max(points, default=0) if name == "C" else min(points, default=0)
            # equals at the line go together: without them there is room
            assert len(taken) == quota or sum(p != at_line for p in points) < quota < len(taken)


def _upper_half(n: int) -> int:
    """Return the size of the upper half: counted half up from the top."""
    return floor(Fraction(n, 2) + Fraction(1, 2))


@about("anyang_2018")
def test_anyang_quotas_of_clusters_do_not_add_up_to_the_share_of_the_whole(town: Town) -> None:
    season = town.season("anyang_2018")
    rated = [r for r in season.rows if r["state"] == "rated" and r["group"] == "above"]
    alone = town.known["group_of_one"][0]
    assert season.by_subject[alone]["pool_size"] == 1
    assert season.by_subject[alone]["class"] == "B"  # 15% of one is nobody
    parts = season.parts
    for pool in {r["pool"] for r in rated}:
        upper = [r for r in rated if r["pool"] == pool and r["class"] in "AB"]
        of = {r["subject"]: _points(parts[r["subject"]], "tax_per_mu", "rd") for r in upper}
        first = [of[r["subject"]] for r in upper if r["class"] == "A"]
        half = _upper_half(upper[0]["pool_size"])
        others = [of[r["subject"]] for r in upper if r["class"] == "B" and r["rank"] <= half]
        assert not first or not others or min(first) >= max(others)


def _points(part: Row, *lines: str) -> Fraction:
    return sum((Fraction(part[f"points__{line}"]) for line in lines), Fraction(0))


@about("suichang_2023")
def test_suichang_firms_of_one_parcel_share_one_result(town: Town) -> None:
    season = town.season("suichang_2023")
    rows = season.by_subject
    shared = [row for row in season.rows if row["merged_into"] is not None]
    assert shared
    for row in shared:
        whole = rows[row["merged_into"]]
        for key in ("score", "rank", "class", "group", "state"):
            assert row[key] == whole[key]
    assert all(row["group"] == "below" for row in shared)  # above scale stands alone
    landlord, *tenants = town.known["village_plant"]
    assert {rows[t]["score"] for t in tenants if t in rows} == {rows[landlord]["score"]}
    past, before = town.known["past_its_deadline"][0], town.known["before_its_deadline"][0]
    assert rows[past]["state"] == "rated"
    assert rows[before]["reason"] == "population.leaves.not_in_production"


@about("jiaxing_2021")
def test_jiaxing_thresholds_look_at_three_years(town: Town) -> None:
    season = town.season("jiaxing_2021")
    years = [town.facts(str(int(season.period) - n)) for n in range(3)]
    for row in season.rows:
        if row["state"] != "rated":
            continue
        mine = [facts[row["subject"]] for facts in years if row["subject"] in facts]
        tax = [f["tax_paid"] for f in mine if f["tax_paid"] is not None]
        land = sum((Fraction(f["land_area"]) for f in mine), Fraction(0)) / MU
        if len(tax) < len(years) or not land:
            assert row["class"] is None
            assert row["reason"] == "classes.renew"
        else:
            line = 10 if row["group"] == "above" else 3
            is_low = Fraction(sum(tax)) / 10_000 / land < line
            assert row["class"] == ("renew" if is_low else "keep")


@about("hengyang_2022")
def test_hengyang_thresholds_differ_by_who_runs_the_park(town: Town) -> None:
    season = town.season("hengyang_2022")
    facts = town.facts(season.period)
    assert {row["group"] for row in season.rows} == {"city", "county"}
    for row in season.rows:
        fact = facts[row["subject"]]
        per_mu = ratio(fact["tax_paid"], Fraction(fact["land_area"]) / MU, Fraction(1, 10_000))
        if per_mu is not None:
            line = 4 if row["group"] == "city" else 2
            assert row["class"] == ("clear" if per_mu < line else "keep")


@about("xiuzhou_dyeing_2018")
def test_xiuzhou_ranks_by_the_greater_of_right_and_discharge(town: Town) -> None:
    season = town.season("xiuzhou_dyeing_2018")
    facts = town.facts(season.period)
    above = [r for r in season.rows if r["group"] == "above" and r["state"] == "rated"]
    per_right = {}
    for row in above:
        fact = facts[row["subject"]]
        right = fact["right_base"] + fact["right_reward"] + fact["right_rented"]
        base = max(right, fact["cod"])
        per_right[row["subject"]] = rounded(Fraction(fact["tax_paid"]) / 10_000 / Fraction(base))
    order = sorted(above, key=lambda r: r["rank"])
    assert [per_right[r["subject"]] for r in order] == sorted(per_right.values(), reverse=True)
    assert [r["class"] for r in order].count("last") == min(10, len(order))
    assert all(r["class"] == "last" for r in order[-10:])
    below = [r for r in season.rows if r["group"] == "below" and r["state"] == "rated"]
    assert {r["class"] for r in below} <= {"last"}


@about("zhejiang_digital_2019")
def test_zhejiang_counties_add_up_their_firms_and_never_average_ratios(town: Town) -> None:
    season = town.season("zhejiang_digital_2019")
    division = {r["subject_id"]: r["division"] for r in town.records("enterprise")}
    revenue: Counter[str] = Counter()
    staff: Counter[str] = Counter()
    for subject, fact in town.facts(season.period).items():
        if None not in (fact["revenue"], fact["staff"], fact["value_added"]):
            revenue[division[subject]] += fact["revenue"]
            staff[division[subject]] += fact["staff"]
    assert {r["subject"] for r in season.rows} >= set(revenue)
    parts = season.parts
    for row in season.rows:
        county = row["subject"]
        value = parts[county]["value__revenue_per_head"]
        wanted = ratio(revenue[county], staff[county], Fraction(1, 10_000))
        assert (value and Fraction(value)) == (wanted and rounded(wanted))
        assert all(_points(parts[county], line) <= 100 for line in ("revenue_per_head", "labour"))


@about("huaian_2024")
def test_huaian_holds_firms_against_twice_the_mean_of_the_year_before(town: Town) -> None:
    season = town.season("huaian_2024")
    facts, before = town.facts(season.period), town.facts(str(int(season.period) - 1))
    parts = season.parts
    pool = max((r for r in season.rows if r["state"] == "rated"), key=lambda r: r["pool_size"])[
        "pool"
    ]
    mine = [
        r["subject"] for r in season.rows if r["pool"] == pool and r["state"] in ("rated", "held")
    ]
    held = [before[s] for s in mine if s in before and before[s]["tax_paid"] is not None]
    land = sum(_land(f) for f in held)
    mean = Fraction(sum(f["tax_paid"] for f in held)) / 10_000 / land
    for subject in mine:
        part, fact = parts[subject], facts[subject]
        x = ratio(fact["tax_paid"], _land(fact), Fraction(1, 10_000))
        if x and x > 0:
            wanted = min(45 * rounded(x) / rounded(2 * mean), Fraction(90))
            assert abs(Fraction(part["points__tax_per_mu"]) - wanted) <= Fraction(1, 10_000)


@about("jining_hightech_2023")
def test_jining_counts_the_unrated_into_the_base_of_its_quotas(town: Town) -> None:
    rows = [r for r in town.season("jining_hightech_2023").rows if r["group"] == "below"]
    unrated = [r for r in rows if r["class"] == "T"]
    assert unrated
    count = Counter(r["class"] for r in rows)
    assert count["A"] == floor(Fraction(len(rows), 5) + Fraction(1, 2))
    assert count["D"] == floor(Fraction(len(rows), 20) + Fraction(1, 2))


@about("bengbu_2021", "chaohu_2021")
def test_bengbu_is_a_trial_and_publishes_nothing(town: Town) -> None:
    season = town.season("bengbu_2021")
    assert season.rules.trial
    assert {row["trial"] for row in season.rows} == {True}
    assert not season.rules.publishes
    assert not any(r["trial"] for r in town.season("chaohu_2021").rows)


@about("dezhou_2024", "sichuan_2020")
def test_sichuan_and_dezhou_keep_within_the_bounds_of_the_upper_text(town: Town) -> None:
    for id in ("sichuan_2020", "dezhou_2024"):
        season = town.season(id)
        assert not [f for f in season.findings if f.id == "KG614"]
        for group in season.rules.groups:
            for cut in group.classes:
                if cut.bound is not None:
                    rated = [r for r in season.rows if r["pool"] == group.id and r["rank"]]
                    count = sum(1 for r in rated if r["class"] == cut.id)
                    assert not rated or cut.bound.contains(Fraction(count, len(rated)))


@about("huancui_2022")
def test_huancui_parts_equal_totals_by_tax_then_by_sales(town: Town) -> None:
    season = town.season("huancui_2022")
    facts = town.facts(season.period)
    rated = sorted((r for r in season.rows if r["rank"]), key=lambda r: (r["pool"], r["rank"]))
    equal = [
        (a, b) for a, b in pairwise(rated)
        if a["pool"] == b["pool"] and a["score"] == b["score"] and a["rank"] != b["rank"]
    ]  # fmt: skip
    assert equal
    for a, b in equal:
        one, two = (facts[r["subject"]]["tax_assessed"] for r in (a, b))
        assert two is None or (one is not None and one >= two)


@about("ruian_2018")
def test_ruian_rates_households_without_a_credit_code(town: Town) -> None:
    rows = town.season("ruian_2018").by_subject
    uncoded = {r["subject_id"] for r in town.records("enterprise") if r["uscc"] is None}
    rated = [rows[s] for s in uncoded & set(rows)]
    assert rated
    assert all(r["state"] == "rated" and r["class"] for r in rated)


@about("older_city_quality_firm")
def test_older_city_charges_a_false_zero_three_points(town: Town) -> None:
    season = town.season("older_city_quality_firm")
    part = season.parts[town.known["false_zero"][0]]
    assert part["value__sulphur"] == 0
    assert part["points__sulphur"] == -3
    assert all(p["points__energy_cut"] == -3 for p in season.parts.values()
               if p["value__energy_cut"] is None)  # fmt: skip


@about("cixi_2024")
def test_cixi_has_four_lists_and_tenants_own_nothing(town: Town) -> None:
    season = town.season("cixi_2024")
    facts = town.facts(season.period)
    groups = defaultdict(list)
    for row in season.rows:
        groups[row["group"]].append(facts[row["subject"]])
    assert set(groups) == {"above", "tenants", "below_large", "below_small"}
    assert all(f["above_scale"] for f in groups["above"])
    assert all(f["land_own"] == 0 for f in groups["tenants"])
    assert all(f["land_area"] >= 2000 for f in groups["below_large"])
    assert all(0 < f["land_area"] < 2000 or f["land_own"] for f in groups["below_small"])


@about("gaoming_2018")
def test_gaoming_gives_the_dirtier_firm_less(town: Town) -> None:
    parts = town.season("gaoming_2018").parts.values()
    known = [p for p in parts if p["value__equivalents_per_va"] not in (None, 0)]
    order = sorted(known, key=lambda p: p["value__equivalents_per_va"])
    points = [p["points__equivalents_per_va"] for p in order]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) > 2


@about("jingde_2022")
def test_jingde_runs_from_twenty_to_a_hundred_of_each_weight(town: Town) -> None:
    season = town.season("jingde_2022")
    rules: SchemeRules = season.rules
    groups = {g.id: g for g in rules.groups}
    rows = season.by_subject
    for line in groups["above"].lines:
        held = [
            p for s, p in season.parts.items()
            if rows[s]["group"] == "above" and p[f"value__{line.id}"] is not None
        ]  # fmt: skip
        points = sorted(Fraction(p[f"points__{line.id}"]) for p in held)
        weight = 16 if line.id == "revenue_per_energy" else 14
        assert points[0] == Fraction(weight, 5)
        assert points[-1] == weight


@about("changle_2023")
def test_negative_tax_scores_no_more_than_nothing(town: Town) -> None:
    firm = town.known["export_refund"][0]
    assert town.facts("2024")[firm]["tax_paid"] < 0
    part = town.season("changle_2023").parts[firm]
    assert part["value__tax_per_mu"] < 0
    assert part["points__tax_per_mu"] == 0


@about("wenling_2021", "wenling_park_2022")
def test_a_zero_base_is_no_score_by_itself(town: Town) -> None:
    firm = town.known["no_energy"][0]
    part = town.season("wenling_2021").parts | town.season("wenling_park_2022").parts
    assert part[firm]["value__va_per_energy"] is None
    assert part[firm]["points__va_per_energy"] == 0
