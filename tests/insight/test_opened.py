from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kaogong.insight.opened import OpenedRun, open_run
from kaogong.insight.refused import NotARun, NotInRun
from tests.insight.conftest import MADE, Runner


def test_a_run_is_opened_with_the_programme_it_kept(areas: OpenedRun) -> None:
    assert areas.programme.id == "lishui_2019"
    assert areas.programme.content_id == areas.manifest["programme"]["content"]
    assert areas.period.text == "2019"
    assert areas.as_of.isoformat() == "2019-12-31"
    assert "huangyan_2021" in areas.schemes
    assert [path.name for path in areas.files("scheme_result", "jingde")] == ["jingde.parquet"]
    assert areas.columns("scheme_part", "jingde")["value__rd"]["unit"] == "%"


def test_a_scheme_that_was_not_run_is_not_in_the_run(areas: OpenedRun) -> None:
    with pytest.raises(NotInRun) as refused:
        areas.scheme("changle_2023")
    assert "changle_2023" in refused.value.sentence("zh")
    assert "huangyan_2021" in refused.value.sentence("en")


@pytest.mark.parametrize("paper", [None, "{", "[]", '{"period": "2019"}', b"\xff\xfe"])
def test_a_folder_that_is_no_run_says_so(tmp_path: Path, paper: str | bytes | None) -> None:
    if paper is not None:
        content = paper if isinstance(paper, bytes) else paper.encode()
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(NotARun, match=str(tmp_path)):
        open_run(tmp_path)


def test_a_run_without_its_programme_is_no_run(areas: OpenedRun, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(dict(areas.manifest)), "utf-8")
    with pytest.raises(NotARun, match="programme"):
        open_run(tmp_path)


def test_a_run_that_was_moved_is_the_same(county: OpenedRun, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(county.path, moved)
    assert open_run(moved).programme.content_id == county.programme.content_id


def test_a_run_is_data_for_the_same_run_again(county: OpenedRun, runner: Runner) -> None:
    again = runner(MADE / "programme", county.path, "2022", "graded", "repeated")
    for manifest in (county.manifest, again.manifest):
        assert manifest["registers"]["firm_year"]["rows"] == 120
    for relation, scheme in (("scheme_result", "repeated"), ("published_graded", "graded")):
        first, second = (
            next(r for r in run.manifest["relations"]
                 if (r["relation"], r["document"]) == (relation, scheme))
            for run in (county, again)
        )  # fmt: skip
        assert first["digest"] == second["digest"]
        assert first["rows"] == second["rows"] > 0
