from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Call

Change = Callable[..., Path]


def test_a_run_shows_its_classes_and_what_to_do_next(
    outside: Call, town: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    said = outside(
        "run",
        town / "programme",
        "--data",
        town / "data",
        "--period",
        "2024",
        "--out",
        out,
        "--csv",
    )
    assert (said.code, said.err) == (0, "")
    assert "  group        A  B  held  not rated  total\n" in said.out
    assert "  Above scale  2  1     1          1      5\n" in said.out
    assert f"The run stands in {out}\n" in said.out
    assert f"kaogong explain {out} town_2024 " in said.out
    text = (out / "scheme_result" / "town_2024.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {r["subject"]: (r["score"], r["class"]) for r in rows}["F1"] == ("120.00", "A")
    assert {"manifest.json", "provenance.json"} <= {p.name for p in out.iterdir()}


def test_an_error_in_the_rules_stops_the_run(call: Call, changed: Change, town: Path) -> None:
    folder = changed("scheme.yaml", "weight: 100", "weight: 99")
    out = folder.parent / "run"
    said = call("run", folder, "--data", town / "data", "--period", "2024", "--out", out)
    assert said.code == 1
    assert "KG601" in said.out
    assert "No run was written" in said.out
    assert not out.exists()


def test_an_error_in_the_data_leaves_the_earlier_run(
    call: Call, town: Path, tmp_path: Path
) -> None:
    out, data = tmp_path / "run", tmp_path / "data"
    data.mkdir()
    for path in (town / "data").iterdir():
        (data / path.name).write_bytes(path.read_bytes())
    words = ("run", town / "programme", "--data", data, "--period", "2024", "--out", out)
    assert call(*words).code == 0
    before = (out / "manifest.json").read_bytes()
    with (data / "enterprise_year.csv").open("a", encoding="utf-8") as file:
        file.write("F1,2024,1,1\n")
    said = call(*words)
    assert said.code == 1
    assert "KG809" in said.out
    assert (out / "manifest.json").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".run")] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--period": "2024-13"}, '"2024-13" is no period'),
        ({"--data": "nowhere"}, "nowhere is not there"),
        ({"--scheme": "other"}, 'There is no scheme "other"; known: town_2024'),
        ({"--as-of": "31.12.2024"}, "is no date"),
        ({"--memory": "much"}, '"much" is no size'),
        ({"--out": "{town}"}, "is there and is not a run"),
        ({"--data": "{town}/programme/programme.yaml"}, "neither a folder of data nor a freeze"),
    ],
)
def test_an_order_that_makes_no_sense_is_wrong_use(
    call: Call, town: Path, tmp_path: Path, change: dict[str, str], sentence: str
) -> None:
    options = {"--data": town / "data", "--period": "2024", "--out": tmp_path / "run"}
    options |= {name: text.format(town=town) for name, text in change.items()}
    said = call("run", town / "programme", *(w for pair in options.items() for w in pair))
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert not (tmp_path / "run").exists()


def test_a_period_without_a_scheme_in_force_is_a_finding(
    call: Call, town: Path, tmp_path: Path
) -> None:
    words = ("--data", town / "data", "--period", "2019", "--out", tmp_path / "run")
    said = call("run", town / "programme", *words)
    assert said.code == 1
    assert "KG207" in said.out


def test_options_reach_the_run(call: Call, town: Path, tmp_path: Path) -> None:
    said = call(
        "run", town / "programme", "--data", town / "data", "--period", "2024",
        "--out", tmp_path / "run", "--as-of", "2025-03-31", "--threads", "1", "--memory", "1GB",
        "--scheme", "town_2024",
    )  # fmt: skip
    assert said.code == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    assert (manifest["as_of"], manifest["final"]) == ("2025-03-31", False)
    provenance = json.loads((tmp_path / "run" / "provenance.json").read_text("utf-8"))
    assert provenance["threads"] == 1


def test_a_final_run_is_refused_where_somebody_is_held(
    call: Call, town: Path, tmp_path: Path
) -> None:
    words = ("--data", town / "data", "--period", "2024", "--out", tmp_path / "run", "--final")
    said = call("run", town / "programme", *words)
    assert said.code == 1
    assert "KG718" in said.out
    assert not (tmp_path / "run").exists()
