from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from kaogong.insight.explain import Explanation, explain
from kaogong.insight.opened import OpenedRun
from kaogong.insight.refused import NotInRun
from kaogong.insight.step import OUTCOMES, PARTS, Step
from kaogong.insight.telling import as_json, as_text, sentence

AREAS = ("huangyan_2021", "huangyan_2022_other", "jingde")
COUNTY = ("graded", "refilled", "dropped", "two_stage", "united", "twice", "advanced", "listed")


def subjects(run: OpenedRun, scheme: str) -> list[str]:
    files = [str(path) for path in run.files("scheme_result", scheme)]
    query = "SELECT subject FROM read_parquet(?) ORDER BY subject"
    return [row[0] for row in duckdb.execute(query, [files]).fetchall()]


def kept_rows(run: OpenedRun, relation: str, scheme: str) -> list[dict[str, Any]]:
    files = [str(path) for path in run.files(relation, scheme)]
    found = duckdb.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [files])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def step(told: Explanation, part: str, item: str) -> Step:
    found = [s for s in told.steps_of(part) if s.item == item]
    assert len(found) == 1, [s.item for s in told.steps_of(part)]
    return found[0]


@pytest.mark.parametrize("scheme", AREAS)
def test_every_area_is_derived_anew_to_the_digit(areas: OpenedRun, scheme: str) -> None:
    listed = subjects(areas, scheme)
    assert len(listed) == 10
    for subject in listed:
        told = explain(areas, scheme, subject)
        assert [f.sentence("en") for f in told.findings] == []
        assert told.points == Fraction(told.result["score"])


@pytest.mark.parametrize("scheme", COUNTY)
def test_every_firm_of_the_county_is_derived_anew_to_the_digit(
    county: OpenedRun, scheme: str
) -> None:
    states = set()
    for subject in subjects(county, scheme)[:: 1 if scheme == "graded" else 2]:
        told = explain(county, scheme, subject)
        assert [f.sentence("en") for f in told.findings] == []
        assert {s.part for s in told.steps} <= set(PARTS)
        assert {s.outcome for s in told.steps} <= {"", *OUTCOMES}
        assert [s.seq for s in told.steps] == list(range(1, len(told.steps) + 1))
        states.add(told.state)
        if told.result["score"] is not None:
            assert told.points == Fraction(told.result["score"])
    assert "rated" in states


def test_a_changed_score_is_an_error_and_is_told(county: OpenedRun) -> None:
    path = county.files("scheme_part", "graded")[0]
    kept = path.read_bytes()
    column = '"points__labour"'
    try:
        duckdb.execute(
            f"COPY (SELECT * REPLACE ({column} + 0.01 AS {column}) FROM read_parquet('{path}')) "
            f"TO '{path}' (FORMAT PARQUET)"
        )
        told = explain(county, "graded", "F049")
    finally:
        path.write_bytes(kept)
    assert [(f.id, f.level, f.values["place"], f.values["got"]) for f in told.findings] == [
        ("KG720", "error", "item.labour", "40")
    ]
    assert "重算得40，运行存的是40.01" in told.findings[0].sentence("zh")
    assert told.points == Fraction(told.result["score"]), "the difference is a step of its own"
    assert step(told, "total", "difference").points == Decimal("-0.010")


def test_a_missing_discharge_scores_the_mean_and_says_so(areas: OpenedRun) -> None:
    told = explain(areas, "huangyan_2021", "缙云县")
    line = step(told, "item", "va_per_emission")
    assert (line.value, line.rule, line.points) == (None, "missing=mean", Decimal("1.378912"))
    assert line.missing == ("va_per_emission",)
    assert step(told, "total", "rounding").points == Decimal("-0.000001")
    other = step(explain(areas, "huangyan_2021_other", "缙云县"), "item", "va_per_emission")
    assert (other.rule, other.points) == ("missing=10", Decimal("10.000000"))


def test_a_line_shows_its_division_its_benchmark_and_its_cap(county: OpenedRun) -> None:
    told = explain(county, "graded", "F049")
    line = step(told, "item", "tax_per_mu")
    assert (line.value, line.unit) == (Decimal("60.2667"), "万元/亩")
    assert (line.numerator, line.denominator) == (Decimal("180.8"), Decimal(3))
    assert (line.bound, line.weight, line.points) == (Decimal("16.7406"), Decimal(40), Decimal(80))
    assert (line.cap_hit, line.article) == ("cap", "第七条")


def test_a_range_shows_its_ends(areas: OpenedRun) -> None:
    line = step(explain(areas, "jingde", "莲都区"), "item", "tax_per_mu")
    assert (line.bound, line.points) == ("[9.81, 46.38]", Decimal(30))


def test_a_veto_comes_after_the_rank(county: OpenedRun) -> None:
    told = explain(county, "graded", "F005")
    assert step(told, "class", "by_rank").bound == "C"
    veto = step(told, "move", "veto")
    assert (veto.outcome, veto.bound, veto.rule, veto.article) == ("yes", "D", "to=D", "第十二条")
    assert step(told, "class", "final").bound == "D"
    assert told.way is not None
    assert (told.way.kind, told.way.before) == ("move", "C")
    text = sentence(told, county.programme, "zh")
    assert text == (
        "D 档：因“一票否决”，由 C 档调为 D 档；该情形消除后按名次为 C 档（依据：第十二条）。"
    )


def test_refilled_places_are_a_step_of_their_own(county: OpenedRun) -> None:
    query = "SELECT subject FROM read_parquet(?) WHERE class <> class_ranked AND moved_by IS NULL"
    risen = duckdb.execute(query, [str(county.files("scheme_result", "refilled")[0])]).fetchall()
    assert risen
    for (subject,) in risen:
        each = explain(county, "refilled", subject)
        vacated = step(each, "move", "vacated")
        assert vacated.rule == "vacated=refill"
        assert vacated.bound == each.result["class"] != each.result["class_ranked"]


def test_quotas_of_a_list_add_up_to_it(county: OpenedRun) -> None:
    told = explain(county, "graded", "F049")
    quotas = [s for s in told.steps_of("rank") if s.item.startswith("quota.")]
    assert [s.bound for s in quotas] == ["[1, 4]", "[5, 13]", "[14, 19]", "[20, 21]"]
    place = step(told, "rank", "place")
    assert (place.value, place.denominator) == (1, 21)
    assert sum(s.value for s in quotas if s.value is not None) == place.denominator
    assert [s.outcome for s in quotas] == ["yes", "no", "no", "no"]


def test_members_of_a_unit_share_its_steps(county: OpenedRun) -> None:
    member, unit = (explain(county, "united", subject) for subject in ("F020", "F022"))
    assert (member.result["merged_into"], unit.result["merged_into"]) == ("F022", None)
    for told in (unit, member):
        united = step(told, "population", "units")
        assert (united.value, united.bound) == (2, "F022")
    assert unit.steps == member.steps
    parts = [step(explain(county, "graded", s), "item", "labour") for s in ("F020", "F022")]
    whole = step(unit, "item", "labour")
    assert whole.numerator == sum(part.numerator for part in parts)
    assert whole.denominator == sum(part.denominator for part in parts)
    assert "共 2 个主体，以F022为代表" in as_text(unit, county.programme, "zh")
    apart = explain(county, "united", "F003")
    assert apart.steps_of("population")[0].item == "takes_part", "kept apart by its branch"


def test_a_member_scored_twice_shows_both_scores_and_which_holds(county: OpenedRun) -> None:
    shared, own, only = (explain(county, "twice", s) for s in ("F022", "F020", "F033"))
    for told in (shared, own, only):
        assert [f.sentence("en") for f in told.findings] == []
        for name in ("score_merged", "score_alone"):
            assert step(told, "total", name).value == told.result[name]
    units, alone = (county_score(county, scheme, "F020") for scheme in ("united", "twice"))
    assert (own.result["score_merged"], own.result["score_alone"]) == (units, alone)
    both = [(step(t, "total", "combine").bound, step(t, "total", "combine").rule)
            for t in (shared, own, only)]  # fmt: skip
    assert both == [
        ("merged", "combine=better"), ("alone", "combine=better"), ("merged", "combine=only")
    ]  # fmt: skip
    assert step(only, "total", "score_alone").outcome == "no", "it leaves the list by itself"
    line = step(own, "item", "labour")
    assert line.numerator == step(explain(county, "graded", "F020"), "item", "labour").numerator
    text = as_text(own, county.programme, "zh")
    assert "单独评价得分  43.393" in text
    assert "取单独评价结果，两次取高" in text


def county_score(run: OpenedRun, scheme: str, subject: str) -> Decimal:
    found: Decimal = explain(run, scheme, subject).result["score"]
    return found


def test_an_open_rule_for_both_scores_holds_the_member(county: OpenedRun) -> None:
    told = explain(county, "twice_undecided", "F020")
    assert (told.state, told.result["reason"], told.findings) == ("held", "units.merge.combine", ())
    assert step(told, "total", "score_merged").value == Decimal("30.120")
    assert step(told, "total", "score_alone").value == Decimal("43.393")
    combine = step(told, "total", "combine")
    assert (combine.outcome, combine.rule) == ("unknown", "combine=open")
    assert told.way is not None
    assert (told.way.kind, told.way.missing) == ("fill", ("units.merge.combine",))


def test_a_class_of_another_scheme_is_read_from_its_results(county: OpenedRun) -> None:
    first, second = (explain(county, scheme, "F049") for scheme in ("graded", "advanced"))
    assert first.result["class"] == "A"
    assert step(second, "adjust", "class").points == Decimal("2.000")


def test_what_was_published_a_year_ago_is_kept_and_read(county: OpenedRun) -> None:
    kept = kept_rows(county, "published_graded", "graded")
    assert [(r["subject"], r["period"], r["class"]) for r in kept] == [
        ("F001", "2020", "D"), ("F001", "2021", "A"), ("F002", "2021", "D"), ("F049", "2021", "D"),
    ]  # fmt: skip
    entry = next(r for r in county.manifest["relations"] if r["relation"] == "published_graded")
    assert (entry["rows"], bool(entry["digest"])) == (4, True)
    points = {"F001": {"better": 1}, "F002": {"last_year": -2}, "F049": {"last_year": -2}}
    for subject in ("F001", "F002", "F049", "F023"):
        told = explain(county, "repeated", subject)
        assert [f.sentence("en") for f in told.findings] == []
        found = {s.item: s.points for s in told.steps_of("adjust") if s.points}
        found.pop("accidents", None)
        assert found == points.get(subject, {})


def test_what_was_published_elsewhere_is_told_as_not_kept(
    county: OpenedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = county.files
    missing = lambda relation, document: (  # noqa: E731 (the one answer that differs)
        []
        if relation in ("scheme_result", "published_graded") and document == "graded"
        else files(relation, document)
    )
    monkeypatch.setattr(type(county), "files", lambda self, *asked: missing(*asked))
    told = explain(county, "advanced", "F049")
    assert [(f.id, f.level, f.values["what"]) for f in told.findings] == [
        ("KG723", "note", "class")
    ]


@pytest.mark.parametrize("scheme", ["wider", "each_list"])
def test_points_that_rest_on_figures_of_lists_and_of_fields_are_derived_anew(
    county: OpenedRun, scheme: str
) -> None:
    listed = kept_rows(county, "scheme_result", scheme)
    assert len({row["pool"] for row in listed}) > (2 if scheme == "each_list" else 1)
    for row in listed:
        told = explain(county, scheme, row["subject"])
        assert [f.sentence("en") for f in told.findings] == [], row["subject"]
        if row["score"] is not None:
            assert told.points == Fraction(row["score"])


def test_a_benchmark_of_a_branch_is_the_one_kept_for_the_branch(county: OpenedRun) -> None:
    figures = kept_rows(county, "scheme_group", "each_list")
    kept = {r["of"]: r["benchmark"] for r in figures
            if (r["group"], r["item"], r["over"]) == ("big", "energy_use", "branch")}  # fmt: skip
    firms = [r for r in kept_rows(county, "scheme_part", "each_list") if r["group"] == "big"]
    assert len(set(kept.values())) > 1
    for row in firms:
        told = step(explain(county, "each_list", row["subject"]), "item", "energy_use")
        assert told.bound == kept[row["over__branch"]]
    counted = [r["count"] for r in figures if (r["item"], r["of"]) == ("energy_use", "机械")]
    known = [r for r in firms if r["over__branch"] == "机械" and r["value__energy_use"] is not None]
    assert counted == [len(known)]


def test_ties_are_named_with_their_rule(county: OpenedRun) -> None:
    rules = {}
    for scheme in ("graded", "dropped", "refilled"):
        place = step(explain(county, scheme, "F040"), "rank", "place")
        rules[scheme] = place.rule
        assert place.numerator == 2
    assert rules == {
        "graded": "ties=together_up",
        "dropped": "ties=together_down",
        "refilled": "ties=by_key",
    }


def test_who_left_is_told_why_and_later_leaves_are_not_asked(county: OpenedRun) -> None:
    told = explain(county, "graded", "F007")
    outcomes = {s.item: s.outcome for s in told.steps_of("population")}
    assert outcomes == {
        "takes_part": "yes",
        "leaves.founded": "yes",
        "returns.green": "no",
        "leaves.chemical": "not_asked",
    }
    assert told.state == "not_rated"
    assert told.steps_of("item") == []
    assert sentence(told, county.programme, "zh") == "不参加评价：成立不满一年（依据：第四条）。"


def test_an_unknown_condition_holds_a_subject_and_names_the_field(county: OpenedRun) -> None:
    told = explain(county, "graded", "F012")
    assert told.state == "held"
    back = step(told, "population", "returns.green")
    assert (back.outcome, back.missing) == ("unknown", ("green",))
    assert told.way is not None
    assert (told.way.kind, told.way.missing) == ("report", ("green",))
    assert "补报绿色工厂后即可评价" in sentence(told, county.programme, "zh")
    assert step(explain(county, "dropped", "F012"), "population", "returns.green").rule == (
        "unknown=skip"
    )


def test_the_nearest_step_is_enough_and_one_unit_less_is_not(county: OpenedRun) -> None:
    for subject in subjects(county, "graded"):
        told = explain(county, "graded", subject)
        if told.way is not None and told.way.nearest is not None:
            break
    else:
        pytest.fail("nobody is one step away from a better class")
    way = told.way
    assert way.short is not None
    assert way.short > 0
    assert way.nearest.target != way.nearest.x
    words = sentence(told, county.programme, "zh")
    assert f"升到 {way.better} 档还差" in words
    assert "最近的一步是" in words


def test_a_subject_that_takes_no_part_is_explained_from_its_register(county: OpenedRun) -> None:
    with pytest.raises(NotInRun) as refused:
        explain(county, "graded", "F999")
    assert "F0" in refused.value.sentence("en")


def test_text_names_every_part_in_both_languages(county: OpenedRun) -> None:
    told = explain(county, "graded", "F005")
    zh = as_text(told, county.programme, "zh").splitlines()
    assert zh[0] == "示范县企业评价（虚构），2022：F005"
    assert "  亩均税收  未报，基准 16.7406，权重 40，缺用地，按 0 分计，得 0 分，依据：第七条" in zh
    assert "  名次  第 14 名，参排 21 个" in zh
    english = as_text(told, county.programme, "en")
    assert (
        "\n  labour  2462400 yuan/person = 123120000 yuan / 50 person, benchmark 800000" in english
    )
    for words in ("Who takes part", "Lines", "Adjustments", "Score", "Rank and quotas", "Class"):
        assert f"\n{words}\n" in english


def test_json_holds_every_column_and_exact_numbers(county: OpenedRun) -> None:
    told = explain(county, "graded", "F049")
    made = json.loads(as_json(told), parse_float=Decimal)
    parts = ("item", "adjust", "total")
    points = [s["points"] for s in made["steps"] if s["part"] in parts and s["points"] is not None]
    assert sum(points) == made["result"]["score"] == Decimal("146.170")
    assert set(made["steps"][0]) == {
        "seq", "part", "item", "title", "outcome", "value", "unit", "numerator", "denominator",
        "bound", "weight", "points", "cap_hit", "rule", "missing", "article", "evidence",
    }  # fmt: skip
