from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Call

BAD = "主体编号,期间,实缴税金,用地面积\nF1,2024,abc,10\nF2,2024,100,10\n"


@pytest.fixture
def delivered(town: Path, tmp_path: Path) -> Path:
    """Return a folder that the town's data were copied to."""
    return Path(shutil.copytree(town / "data", tmp_path / "delivered"))


def _import(call: Call, town: Path, file: Path, *words: str, register: str = "") -> tuple[int, str]:
    name = register or file.stem
    folder = file.parent.parent / "store"
    options = ("--programme", town / "programme", "--store", folder, "--by", "clerk", *words)
    said = call("import", name, file, *options)
    assert said.err == ""
    return said.code, said.out


def test_a_good_sheet_becomes_a_snapshot(
    call: Call, town: Path, delivered: Path, tmp_path: Path
) -> None:
    code, out = _import(call, town, delivered / "enterprise_year.csv", "--period", "2024")
    assert code == 0
    assert "7 records: 7 taken, 0 failed" in out
    (kept,) = (tmp_path / "store" / "snapshots").glob("*.json")
    snapshot = json.loads(kept.read_text("utf-8"))
    assert f"Snapshot {kept.stem}, 7 rows" in out
    assert (snapshot["register"], snapshot["period"], snapshot["parent"], snapshot["rows"]) == (
        "enterprise_year", "2024", None, 7,
    )  # fmt: skip
    assert (snapshot["source"]["file"], snapshot["recorded_by"]) == ("enterprise_year.csv", "clerk")


def test_a_sheet_with_errors_goes_back_and_nothing_is_kept(
    call: Call, town: Path, delivered: Path, tmp_path: Path
) -> None:
    _import(call, town, delivered / "enterprise_year.csv", "--period", "2024")
    before = sorted((tmp_path / "store").rglob("*.json"))
    bad = delivered / "bad.csv"
    bad.write_text(BAD, "utf-8")
    code, out = _import(call, town, bad, "--period", "2024", register="enterprise_year")
    assert code == 1
    assert "KG808 2:3" in out
    assert "no snapshot was kept" in out
    assert sorted((tmp_path / "store").rglob("*.json")) == before
    sheet = load_workbook(delivered / "bad.csv.failing.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    assert rows[1][2] == "F1"
    assert any("abc" in str(cell) for cell in rows[1][5:])


def test_partly_keeps_the_good_rows_as_successor(
    call: Call, town: Path, delivered: Path, tmp_path: Path
) -> None:
    _import(call, town, delivered / "enterprise_year.csv", "--period", "2024")
    bad = delivered / "bad.csv"
    bad.write_text(BAD, "utf-8")
    words = ("--period", "2024", "--partly")
    code, out = _import(call, town, bad, *words, register="enterprise_year")
    assert code == 1
    assert "1 rows" in out.splitlines()[-1]
    kept = [json.loads(p.read_text("utf-8")) for p in (tmp_path / "store/snapshots").iterdir()]
    assert sorted(s["parent"] is None for s in kept) == [False, True]


def test_a_figure_is_held_against_the_period_before_in_the_store(
    call: Call, town: Path, delivered: Path
) -> None:
    for year, tax in (("2022", "120"), ("2023", "130"), ("2024", "1400000")):
        sheet = delivered / f"{year}.csv"
        sheet.write_text(f"主体编号,实缴税金,用地面积\nF1,{tax},10\n", encoding="utf-8")
        words = ("--period", year)
        code, out = _import(call, town, sheet, *words, register="enterprise_year")
        assert code == 0, out
        assert ("KG812" in out) == (year == "2024")
    assert "130" in out.splitlines()[1]


def test_a_freeze_is_data_for_a_run(
    call: Call, town: Path, delivered: Path, tmp_path: Path
) -> None:
    for name, words in (("enterprise", ()), ("enterprise_year", ("--period", "2024"))):
        assert _import(call, town, delivered / f"{name}.csv", *words)[0] == 0
    said = call("freeze", "--store", tmp_path / "store")
    assert said.code == 0
    (frozen,) = (tmp_path / "store" / "freezes").glob("*.json")
    assert f"Run on it with --data {frozen}" in said.out
    assert "  enterprise_year 2024: 7 rows, 0 corrections\n" in said.out
    words = ("--period", "2024", "--csv", "--data")
    for data, out in ((frozen, "of_freeze"), (town / "data", "of_folder")):
        run = call("run", town / "programme", *words, data, "--out", tmp_path / out)
        assert run.code == 0, run.out
    one, other = (
        (tmp_path / out / "scheme_result" / "town_2024.csv").read_text("utf-8")
        for out in ("of_freeze", "of_folder")
    )
    assert one == other
    manifest, provenance = (
        json.loads((tmp_path / "of_freeze" / name).read_text("utf-8"))
        for name in ("manifest.json", "provenance.json")
    )
    known_on = json.loads(frozen.read_text("utf-8"))["knowledge_date"]
    assert manifest["freeze"] == {"sha256": frozen.stem, "knowledge_date": known_on}
    assert (provenance["data"], provenance["freeze"]) == (str(frozen), frozen.stem)
    objects = [Path(file) for files in provenance["files"].values() for file in files]
    assert len(objects) == 2
    assert all(p.is_file() and p.is_relative_to(tmp_path / "store/objects") for p in objects)
    plain = json.loads((tmp_path / "of_folder" / "manifest.json").read_text("utf-8"))
    assert "freeze" not in plain


def test_what_was_not_known_on_a_day_is_not_frozen(
    call: Call, town: Path, delivered: Path, tmp_path: Path
) -> None:
    _import(call, town, delivered / "enterprise.csv")
    said = call("freeze", "--store", tmp_path / "store", "--knowledge-date", "2001-01-01")
    assert said.code == 2
    assert "holds no snapshot" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody", "{data}/enterprise.csv"), 'no register "nobody"; known: enterprise'),
        (("enterprise", "{data}/nothing.csv"), "nothing.csv is not there"),
    ],
)
def test_a_wrong_name_is_wrong_use(
    call: Call, town: Path, tmp_path: Path, words: tuple[str, str], sentence: str
) -> None:
    named = [word.format(data=town / "data") for word in words]
    options = ("--programme", town / "programme", "--store", tmp_path / "store")
    said = call("import", *named, *options)
    assert said.code == 2
    assert sentence in said.err
    assert not (tmp_path / "store").exists()
