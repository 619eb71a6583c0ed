"""Each known firm of the synthetic region tells its story; each firm at a line stands on it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kaogong.data.synth import City, RegionReport, make_region
from kaogong.data.synth.cases import CASE_OF, CASES
from kaogong.data.synth.city import Line
from kaogong.data.synth.layout import LAYOUT

FIRMS = 2_000  # the least that has known firms
Row = dict[str, object]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> RegionReport:
    out = tmp_path_factory.mktemp("cases")
    return make_region("980100", FIRMS, range(2019, 2023), 11, out, sheets=False)


@pytest.fixture(scope="module")
def tables(region: RegionReport) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as engine:
        for register in LAYOUT:
            engine.read_parquet(str(region.out / f"{register}.parquet")).create_view(register)
        yield engine


class Story:
    """Asks for records of the firms of one case."""

    def __init__(self, region: RegionReport, tables: duckdb.DuckDBPyConnection) -> None:
        self.region, self.tables = region, tables

    def records(self, register: str, subject: str) -> list[Row]:
        found = self.tables.execute(f"select * from {register} where subject_id = $1", [subject])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def year(self, case: str, year: int = 2022, part: int = 0) -> Row:
        rows = self.records("enterprise_year", self.region.known[case][part])
        return next(row for row in rows if row["period"] == str(year))

    def firm(self, case: str, part: int = 0) -> Row:
        return self.records("enterprise", self.region.known[case][part])[0]


@pytest.fixture(scope="module")
def story(region: RegionReport, tables: duckdb.DuckDBPyConnection) -> Story:
    return Story(region, tables)


def test_every_case_is_there_and_listed_in_both_languages(region: RegionReport) -> None:
    assert region.missing_cases == ()
    with (region.out / "known_firms.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert {row["case"] for row in listed} == {*CASE_OF, "place"}
    for case in CASES:
        assert len(region.known[case.id]) == case.count, case.id
    for row in listed:
        assert all(row[key] for key in ("title_zh", "title_en", "look_zh", "look_en"))
        assert row["mark"] == "合成数据"


def test_nobody_plays_in_two_stories(region: RegionReport) -> None:
    players = [subject for who in region.known.values() for subject in who]
    assert len(players) == len(set(players))


def test_cases_that_need_years_are_left_out_and_named(tmp_path: Path) -> None:
    report = make_region("980100", FIRMS, range(2022, 2023), 3, tmp_path, sheets=False)
    late = {case.id for case in CASES if case.since > 1}
    assert set(report.missing_cases) == late
    assert "zombie_nothing" in report.known


@pytest.mark.parametrize("seed", [0, 1, 20_240_101])
def test_every_case_is_there_whatever_the_seed(seed: int, tmp_path: Path) -> None:
    report = make_region("980100", FIRMS, range(2020, 2023), seed, tmp_path, sheets=False)
    assert report.missing_cases == ()
    short = [case.id for case in CASES if len(report.known[case.id]) != case.count]
    assert short == []


# -- of the city's shape


def county_revenue(story: Story, county: str, industry: str = "") -> Decimal:
    found = story.tables.execute(
        "select sum(revenue) from enterprise_year join enterprise using (subject_id) where"
        " above_scale and period = '2022' and division = $1 and industry like $2",
        [county, f"{industry}%"],
    ).fetchone()
    assert found is not None
    return Decimal(found[0])


def test_smelter_has_a_quarter_of_its_county_and_is_thin(story: Story) -> None:
    year = story.year("smelter")
    revenue = Decimal(str(year["revenue"]))
    assert story.firm("smelter")["division"] == "980122"
    assert Decimal("0.23") < revenue / county_revenue(story, "980122") < Decimal("0.27")
    assert Decimal(str(year["tax_paid"])) / revenue < Decimal("0.005")
    assert Decimal(str(year["value_added"])) / revenue < Decimal("0.05")


def test_one_firm_is_most_of_a_cell_with_enough_firms_to_publish(story: Story) -> None:
    firm = story.firm("cell_giant")
    cell = county_revenue(story, str(firm["division"]), str(firm["industry"]))
    assert Decimal(str(story.year("cell_giant")["revenue"])) / cell > Decimal("0.8")
    others = {story.firm("cell_others", n)["industry"] for n in range(6)}
    assert others == {firm["industry"]}


def test_utilities_and_the_zone_counted_twice(story: Story) -> None:
    assert story.firm("power_plant")["industry"] == "4411"
    assert story.firm("waterworks")["industry"] == "4610"
    firm = story.firm("zone_and_county")
    assert firm["park"] == "SYNP01"
    assert firm["division"] in {"980102", "980103"}


def test_one_county_falls_as_ratio_of_sums_and_rises_as_mean_of_ratios(story: Story) -> None:
    rows = story.tables.execute(
        "select sum(tax_paid) / sum(land_area), avg(tax_paid / land_area) from enterprise_year"
        " join enterprise using (subject_id) where above_scale and division = '980181'"
        " and tax_paid is not null and period >= '2021' group by period order by period"
    ).fetchall()
    (sums_before, mean_before), (sums, mean) = rows
    assert sums < sums_before
    assert mean > mean_before


def test_the_merged_district_moved_its_firms_in_mid_year(story: Story) -> None:
    moved = story.tables.execute(
        "select count(*), min(changed_on), max(changed_on) from subject_event"
        " where from_division = '980105' and to_division = '980104'"
    ).fetchone()
    assert moved is not None
    assert moved[0] > 30
    assert str(moved[1]) == str(moved[2]) == "2021-07-01"
    left = story.tables.execute("select count(*) from enterprise where division = '980105'")
    assert left.fetchone() == (0,)


# -- firms everybody knows


def test_taxes_that_surprise(story: Story) -> None:
    for year in range(2019, 2023):
        plant = story.year("head_office_elsewhere", year)
        assert plant["tax_paid"] == 0
        assert Decimal(str(plant["value_added"])) > 0
    audit = story.year("audit_bill")
    assert audit["tax_paid"] == 6 * Decimal(str(audit["tax_assessed"]))
    assert (
        story.records("penalty", story.region.known["audit_bill"][0])[0]["penalty_kind"] == "税务"
    )
    assert story.year("export_refund")["tax_paid"] == Decimal("-1263412.55")


def test_names_that_mislead(story: Story) -> None:
    one, two = story.firm("same_name"), story.firm("same_name", 1)
    assert one["name"] == two["name"]
    assert one["division"] != two["division"]
    assert one["uscc"] != two["uscc"]
    renamed = story.firm("renamed_in_second_d")
    (event,) = story.records("subject_event", str(renamed["subject_id"]))
    assert (event["change_kind"], event["to_name"]) == ("更名", renamed["name"])
    assert event["from_name"] == renamed["former_name"] != renamed["name"]


def test_mergers_splits_and_moves(story: Story) -> None:
    gone, sister = story.firm("merged_into_sister"), story.firm("merged_into_sister", 1)
    (event,) = story.records("subject_event", str(gone["subject_id"]))
    assert (event["to_subject"], str(event["changed_on"])) == (sister["subject_id"], "2022-07-15")
    assert gone["registration_state"] == "注销"
    assert sister["predecessor"] == gone["subject_id"]
    assert gone["parent_group"] == sister["parent_group"] is not None

    assert story.year("split_below_scale", 2021)["revenue"] == 32_400_000
    for part in (0, 1):
        half = story.year("split_below_scale", 2022, part)
        assert (half["revenue"], half["above_scale"]) == (16_200_000, False)
    new = story.records("enterprise_year", story.region.known["split_below_scale"][1])
    assert [row["period"] for row in new] == ["2022"]

    moved = story.firm("moved_county")
    (event,) = story.records("subject_event", str(moved["subject_id"]))
    assert event["to_division"] == moved["division"] != event["from_division"]
    assert len(story.records("honour", str(moved["subject_id"]))) == 2
    assert story.firm("moved_zone")["park"] == "SYNP02"


def test_plots(story: Story) -> None:
    subject = story.region.known["three_plots"][0]
    plots = story.records("occupancy", subject)
    towns = {story.records("parcel", str(plot["parcel"]))[0]["division"] for plot in plots}
    assert (len(plots), len(towns)) == (3, 2)
    assert sum(Decimal(str(plot["area"])) for plot in plots) == Decimal("27.9")

    road = story.year("certificate_and_road")
    assert round(Decimal(str(road["land_certificate"])) * 3 / 2000, 3) == Decimal("41.200")
    assert round(Decimal(str(road["land_area"])) * 3 / 2000, 3) == Decimal("32.600")

    back = story.records("occupancy", story.region.known["plot_handed_back"][0])
    assert [str(plot["valid_to"]) for plot in back if plot["valid_to"]] == ["2022-10-31"]
    assert story.year("plot_handed_back")["land_reduced"] == 5_600
    assert story.year("plot_handed_back", 2021)["land_own"] == 20_000


def test_land_bureau_and_town_differ_by_the_allowed_and_by_a_little_more(story: Story) -> None:
    def difference(case: str) -> Decimal:
        year = story.year(case)
        certificate = Decimal(str(year["land_certificate"]))
        return abs(certificate - Decimal(str(year["land_own"]))) / certificate

    assert difference("survey_three_percent") == Decimal("0.03")
    assert Decimal("0.03") < difference("survey_over_three") < Decimal("0.0301")


def test_the_village_plant_shares_one_meter(story: Story) -> None:
    known = story.region.known["village_plant"]
    assert len(story.records("lease", known[0])) == 40
    supplies = [story.records("supply", subject) for subject in known]
    assert {len(rows) for rows in supplies} == {1}
    assert len({rows[0]["meter"] for rows in supplies}) == 1
    shares = [Decimal(str(rows[0]["share"])) for rows in supplies]
    power = [Decimal(str(story.year("village_plant", 2022, n)["power"])) for n in range(41)]
    assert sum(shares) == 100
    assert all(p == sum(power) * share / 100 for p, share in zip(power, shares, strict=True))
    assert str(story.firm("village_plant")["uscc"]).startswith("N2")


def test_power_and_meters(story: Story) -> None:
    solar, before = story.year("rooftop_solar"), story.year("rooftop_solar", 2021)
    assert solar["power"] == solar["power_self"]
    assert before["power_self"] == 0
    old, new = sorted(
        story.records("supply", story.region.known["meter_replaced"][0]),
        key=lambda row: str(row["valid_from"]),
    )
    assert str(old["valid_to"]) == str(new["valid_from"]) == "2022-06-18"
    assert new["valid_to"] is None


def test_small_and_quiet_ones(story: Story) -> None:
    assert story.firm("household_no_code")["uscc"] is None
    assert story.firm("household_no_code")["entity_kind"] == "自然人工业户"
    assert {story.year("one_accountant", 2022, n)["insured"] for n in range(14)} == {5}
    dead, taxed = story.year("zombie_nothing"), story.year("zombie_taxed")
    assert (dead["power"], dead["tax_paid"], dead["revenue"]) == (0, 0, 0)
    assert (taxed["power"], taxed["tax_paid"]) == (0, 30_000)


def test_titles_and_rent(story: Story) -> None:
    champion = story.records("honour", story.region.known["hidden_champion"][0])
    assert [(row["honour_kind"], row["level"]) for row in champion] == [("专精特新", "国家级")]
    landlord = story.year("lives_on_rent")
    assert landlord["main_revenue"] == Decimal("0.12") * Decimal(str(landlord["revenue"]))
    assert landlord["land_out"] == Decimal("0.75") * Decimal(str(landlord["land_own"]))
    assert len(story.records("lease", story.region.known["lives_on_rent"][0])) == 5


# -- at the lines


def test_on_the_published_benchmarks_to_the_last_digit(story: Story) -> None:
    for part, benchmark in ((0, "24.097"), (1, "26.01")):
        year = story.year("on_benchmark", 2022, part)
        mu = Decimal(str(year["land_area"])) * 3 / 2000
        assert Decimal(str(year["tax_assessed"])) / 10_000 / mu == Decimal(benchmark)
    third = story.year("on_benchmark", 2022, 2)
    assert Decimal(str(third["rd_expense"])) * 10_000 / Decimal(str(third["revenue"])) == Decimal(
        "0.0302"
    )


def test_on_and_one_fen_under_the_entry_line(story: Story) -> None:
    assert story.year("on_entry_line")["revenue"] == 20_000_000
    assert story.year("on_entry_line")["above_scale"] is True
    assert story.year("under_entry_line")["revenue"] == Decimal("19999999.99")
    assert story.year("under_entry_line")["above_scale"] is False


def placed(story: Story) -> dict[str, Decimal]:
    """Score every rated firm by the declared lines, in exact arithmetic and independently."""
    rows = story.tables.execute(
        "select * from enterprise_year join (select subject_id, industry from enterprise)"
        " using (subject_id) where above_scale and period = '2022'"
        " and industry not in ('4411', '4610')"
    )
    names = [column[0] for column in rows.description]
    firms = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    score: dict[str, Decimal] = {firm["subject_id"]: Decimal(0) for firm in firms}
    for line in City().placed_by:
        points = {firm["subject_id"]: points_of(line, firm) for firm in firms}
        known = [value for value in points.values() if value is not None]
        for subject, value in points.items():
            if value is not None:
                score[subject] += value
            elif line.missing_mean:
                score[subject] += sum(known) / len(known)
            else:
                score[subject] -= 1_000_000  # not rated
    return {subject: value for subject, value in score.items() if value > -100_000}


def points_of(line: Line, firm: Row) -> Decimal | None:
    above, below = firm[line.numerator], firm[line.denominator]
    if above is None or not below:
        return None
    ratio = Decimal(str(above)) / Decimal(str(below))
    return line.weight * ratio * line.scale / line.benchmark


def test_three_tie_across_the_quota(story: Story) -> None:
    score = placed(story)
    three = story.region.known["tie_on_quota"]
    assert len({score[subject] for subject in three}) == 1
    better = sum(value > score[three[0]] for value in score.values())
    quota = int(len(score) * City().tie_share + 0.5)
    assert better < quota < better + 3, "one inside, one outside"
    same = {score[s] for s in score if abs(score[s] - score[three[0]]) == 0 and s not in three}
    assert same == set()


def test_the_vetoed_is_near_the_top_and_the_newcomer_is_last(story: Story) -> None:
    score = placed(story)
    vetoed, lowest = story.region.known["vetoed_top"][0], story.region.known["lowest_newcomer"][0]
    assert sum(value > score[vetoed] for value in score.values()) < len(score) * 0.15
    (accident,) = story.records("incident", vetoed)
    assert (accident["incident_kind"], str(accident["happened_on"])[:4]) == ("安全", "2022")
    assert min(score, key=lambda subject: score[subject]) == lowest
    assert story.year("lowest_newcomer", 2021)["above_scale"] is False


def test_the_weak_are_among_the_last_in_their_years(story: Story) -> None:
    score = placed(story)
    floor = sorted(score.values())[len(score) * 15 // 100]
    for case, years in (
        ("d_first_year", 1),
        ("d_second_year", 2),
        ("d_third_year", 3),
        ("renamed_in_second_d", 2),
    ):
        for part, subject in enumerate(story.region.known[case]):
            assert score[subject] < floor
            weak = [y for y in range(2019, 2023) if story.year(case, y, part)["tax_paid"] == 12_000]
            assert weak == list(range(2023 - years, 2023))


def test_a_group_of_one_and_groups_of_none(story: Story) -> None:
    alone = story.tables.execute(
        "select subject_id from enterprise where cluster = 'SYNC09'"
    ).fetchall()
    assert alone == [(story.region.known["group_of_one"][0],)]
    nobody = "select count(*) from enterprise where cluster = 'SYNC10' or park = 'SYNP13'"
    assert story.tables.execute(nobody).fetchone() == (0,)


def test_those_not_yet_in_production(story: Story) -> None:
    for case, due in (("past_its_deadline", "2021-06-30"), ("before_its_deadline", "2023-09-30")):
        assert str(story.firm(case)["production_due"]) == due
        assert story.firm(case)["in_production_since"] is None
        assert story.year(case)["in_production"] is False


def test_zeros_that_are_not_gaps(story: Story) -> None:
    assert story.year("no_energy")["energy_equal_value"] == 0
    assert story.year("false_zero")["sulphur_dioxide"] == 0
    finding = story.records("inspection", story.region.known["false_zero"][0])[0]
    assert (finding["item"], finding["finding"]) == ("二氧化硫", "不实")
    over = story.year("over_its_right")
    rights = [Decimal(str(over[name])) for name in ("right_base", "right_reward", "right_rented")]
    assert Decimal(str(over["cod"])) > sum(rights) > 0
