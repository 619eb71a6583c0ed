from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from kaogong.insight.opened import OpenedRun
from kaogong.insight.refused import NotInRun
from kaogong.language.finding import Refused
from kaogong.language.quantity import round_half_away
from kaogong.language.span import Span
from kaogong.report.pool import MOST_SUBJECTS, too_long
from kaogong.report.workbook import Exported, export_workbook

POOLS = (("graded", "big"), ("graded", "small"), ("refilled", "big"), ("dropped", "big"),
         ("dropped", "small"), ("two_stage", "big|纺织"), ("wider", "big"),
         ("each_list", "small|机械"))  # fmt: skip
SUITE = shutil.which("soffice") or shutil.which("libreoffice")


def rows(path: Path, sheet: str, *, values: bool = False) -> list[dict[str, Any]]:
    """Return a sheet's rows by heading; formulas as written, or what was cached for them."""
    book = openpyxl.load_workbook(path, data_only=values)
    head, *body = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def exported(county: OpenedRun, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    path = tmp_path_factory.mktemp("book") / "graded.xlsx"
    return export_workbook(county, "graded", "big", path)


def test_the_sheets_say_what_they_are(exported: Exported, county: OpenedRun) -> None:
    book = openpyxl.load_workbook(exported.path)
    assert book.sheetnames == ["说明", "参数", "数据", "得分", "检查提示"]
    about = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True) if row[0]}
    assert about["评价办法"] == "示范县企业评价（虚构）"
    assert about["来源"] == "示范县评价办法"
    assert (about["数据期间"], about["名单"], about["主体数"]) == ("2022", "big", "23")
    assert about["方案指纹"] == county.manifest["programme"]["content"]
    notes = [row[1] for row in book["说明"].iter_rows(values_only=True) if not row[0]]
    assert "本表数据为合成数据，不对应任何真实企业。" in notes
    assert "办法含示例值，仅供演示。" in notes


def test_scores_are_formulas_whose_cached_values_are_the_run(
    exported: Exported, county: OpenedRun
) -> None:
    written, cached = (rows(exported.path, "得分", values=v) for v in (False, True))
    query = (
        "SELECT subject, score, rank, class_ranked, class FROM read_parquet(?) "
        "WHERE pool = 'big' AND rank IS NOT NULL"
    )
    kept = {r[0]: r[1:] for r in duckdb.execute(
        query, [str(county.files("scheme_result", "graded")[0])]).fetchall()}  # fmt: skip
    live = (
        "亩均税收",
        "人均营收",
        "单位能耗",
        "研发占比",
        "总分",
        "名次",
        "按名次分档",
        "最终档次",
    )
    ranked = 0
    for formulas, values in zip(written, cached, strict=True):
        assert all(str(formulas[column]).startswith("=") for column in live)
        if values["名次"] not in (None, ""):
            ranked += 1
            score, rank, by_rank, final = kept[values["主体编号"]]
            assert Decimal(repr(values["总分"])) == score
            assert (values["名次"], values["按名次分档"], values["最终档次"]) == (
                rank, by_rank, final
            )  # fmt: skip
    assert ranked == len(kept) == 21


def test_a_line_is_one_formula_over_inputs_and_parameters(exported: Exported) -> None:
    first = rows(exported.path, "得分")[0]
    assert first["亩均税收"] == (
        "=IF('数据'!$E2=\"\",'参数'!$J$2,IF('数据'!$E2=0,'参数'!$J$2,"
        "ROUND(MAX('参数'!$I$2,MIN('参数'!$H$2,'参数'!$D$2*'数据'!$E2/'参数'!$E$2)),2)))"
    )
    assert first["名次"] == '=IF(I2="","",RANK(I2,\'得分\'!$I$2:$I$24,0))'
    lines = rows(exported.path, "参数")
    assert (lines[0]["计分项"], lines[0]["权重"], lines[0]["基准值"]) == ("亩均税收", 40, 16.7406)


@pytest.mark.parametrize(("scheme", "pool"), POOLS)
def test_a_suite_would_count_every_cell_to_the_run_or_it_is_listed(
    county: OpenedRun, tmp_path: Path, scheme: str, pool: str
) -> None:
    made = export_workbook(county, scheme, pool, tmp_path / "book.xlsx")
    assert [f.sentence("zh") for f in made.findings if f.id == "KG722"] == []
    told = rows(made.path, "检查提示")
    assert [row["编号"] for row in told if row["编号"]] == [f.id for f in made.findings]
    if scheme == "refilled":
        assert made.findings[0].values["item"] == "最终档次"
    if scheme == "two_stage":
        assert made.findings[0].values["item"] == "按名次分档"


def test_each_branch_has_its_own_row_of_parameters(county: OpenedRun, tmp_path: Path) -> None:
    made = export_workbook(county, "wider", "big", tmp_path / "book.xlsx")
    lines = [row for row in rows(made.path, "参数") if "单位能耗 (" in str(row["计分项"])]
    assert len(lines) > 1
    assert len({row["基准值"] for row in lines}) == len(lines)
    formulas = {str(row["单位能耗"]) for row in rows(made.path, "得分")}
    assert all(formula.startswith("=") for formula in formulas)


@pytest.mark.parametrize(("scheme", "pool"), [("huangyan_2021", "above"), ("jingde", "areas")])
def test_the_ten_areas_count_to_the_digit_in_either_language(
    areas: OpenedRun, tmp_path: Path, scheme: str, pool: str
) -> None:
    made = export_workbook(areas, scheme, pool, tmp_path / "book.xlsx", "en")
    assert made.subjects == 10
    assert made.findings == ()
    cached = rows(made.path, "scores", values=True)
    assert [row["rank"] for row in cached] == list(range(1, 11))
    assert (
        rows(made.path, "findings")[0]["finding"] == "Every cell recalculates to the exact value."
    )


def test_a_cell_that_counts_to_another_digit_is_listed(areas: OpenedRun, tmp_path: Path) -> None:
    result = areas.files("scheme_result", "huangyan_2021")[0]
    kept = result.read_bytes()
    try:
        duckdb.execute(
            "COPY (SELECT * REPLACE (score + 0.000001 AS score) "
            f"FROM read_parquet('{result}')) TO '{result}' (FORMAT PARQUET)"
        )
        made = export_workbook(areas, "huangyan_2021", "above", tmp_path / "book.xlsx")
    finally:
        result.write_bytes(kept)
    assert {f.id for f in made.findings} == {"KG722"}
    assert len(made.findings) == 10
    assert made.findings[0].values["cell"] == "得分!J2"
    listed = [row["内容"] for row in rows(made.path, "检查提示")]
    assert listed == [f.sentence("zh") for f in made.findings]


def test_a_pool_that_is_not_there_names_those_that_are(county: OpenedRun, tmp_path: Path) -> None:
    with pytest.raises(NotInRun, match="big, small"):
        export_workbook(county, "graded", "middle", tmp_path / "book.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_pool_that_is_too_long_is_refused(
    county: OpenedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaogong.report.pool.MOST_SUBJECTS", 20)
    with pytest.raises(Refused) as refused:
        export_workbook(county, "graded", "big", tmp_path / "book.xlsx")
    assert [f.id for f in refused.value.findings] == ["KG721"]
    assert list(tmp_path.iterdir()) == []
    assert MOST_SUBJECTS == 5_000
    assert "5001" in too_long(Span("s"), "big", 5001).findings[0].sentence("zh")


def test_names_that_look_like_formulas_stay_texts(county: OpenedRun, tmp_path: Path) -> None:
    path = county.files("register_firm", "firm")[0]
    kept = path.read_bytes()
    try:
        duckdb.execute(
            "COPY (SELECT * REPLACE ('=1+1' AS name) "
            f"FROM read_parquet('{path}')) TO '{path}' (FORMAT PARQUET)"
        )
        made = export_workbook(county, "graded", "big", tmp_path / "book.xlsx")
    finally:
        path.write_bytes(kept)
    book = openpyxl.load_workbook(made.path)
    assert book["数据"]["B2"].value == "=1+1"
    assert book["数据"]["B2"].data_type == "s"


def test_equal_runs_give_equal_bytes(county: OpenedRun, tmp_path: Path) -> None:
    first, second = (
        export_workbook(county, "graded", "big", tmp_path / name).path.read_bytes()
        for name in ("a.xlsx", "b.xlsx")
    )
    assert first == second


# -- what a free office suite makes of it ----------------------------------------------------

AREAS = (("huangyan_2021", "above"), ("jingde", "areas"))
BOOKS = [("county", *pool) for pool in POOLS] + [("areas", *pool) for pool in AREAS]


@dataclass(frozen=True, slots=True)
class Counted:
    """A workbook as it was exported, and as a suite counted it from nothing."""

    exported: Exported
    path: Path


@pytest.fixture(scope="module")
def counted(
    county: OpenedRun, areas: OpenedRun, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str, str], Counted]:
    """Return every pool's workbook, all of them counted by one start of the suite."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "bare").mkdir()
    runs = {"county": county, "areas": areas}
    made = {}
    for number, (run, scheme, pool) in enumerate(BOOKS):
        exported = export_workbook(runs[run], scheme, pool, folder / f"{number}.xlsx")
        bare = folder / "bare" / f"{number}.xlsx"
        openpyxl.load_workbook(exported.path).save(bare)  # without any cached value
        made[run, scheme, pool] = Counted(exported, folder / "again" / f"{number}.xlsx")
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [str(SUITE), own, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "again"),
         *map(str, sorted((folder / "bare").iterdir()))],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return made


@pytest.mark.skipif(SUITE is None, reason="LEFT OUT: no office suite (soffice) on this machine")
@pytest.mark.parametrize("book", BOOKS, ids="/".join)
def test_a_cell_that_an_office_suite_counts_otherwise_is_listed(
    book: tuple[str, str, str], counted: dict[tuple[str, str, str], Counted]
) -> None:
    made = counted[book]
    written, ours, theirs = (
        openpyxl.load_workbook(path, data_only=values)
        for path, values in (
            (made.exported.path, False), (made.exported.path, True), (made.path, True)
        )
    )  # fmt: skip
    otherwise, formulas = {}, 0
    for sheet in written.worksheets:
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            formulas += 1
            kept, again = (
                shown(b[sheet.title][cell.coordinate].value, cell.number_format)
                for b in (ours, theirs)
            )
            if kept != again:
                otherwise[f"{sheet.title}!{cell.coordinate}"] = (kept, again)
    listed = {f.values["cell"] for f in made.exported.findings if f.id == "KG722"}
    assert otherwise.keys() == listed, otherwise
    assert formulas > made.exported.subjects


def shown(value: object, style: str) -> object:
    """Return a cell as it is shown: a number with the decimals of its style."""
    if not isinstance(value, int | float):
        return value or ""
    return round_half_away(Fraction(value), len(style.partition(".")[2]))
