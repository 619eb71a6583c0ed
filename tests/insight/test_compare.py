from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from kaogong.insight.compare import compare
from kaogong.insight.comparing import as_json, as_text
from kaogong.insight.opened import OpenedRun, open_run
from tests.insight.conftest import MADE, Runner


@pytest.mark.parametrize("scheme", ["graded", "two_stage"])
def test_a_null_change_is_diagonal_and_zero_everywhere(
    county: OpenedRun, county_again: OpenedRun, scheme: str
) -> None:
    made = compare(county, county_again, scheme)
    assert made.is_null
    assert made.changed == 0
    assert all(before == after for before, after in made.matrix)
    assert sum(made.matrix.values()) == 60
    assert made.changes == made.movers == ()
    for tally in made.tallies:
        moved = (tally.better, tally.worse, tally.entered, tally.left, tally.risen, tally.fallen)
        assert (*moved, tally.gained, tally.lost, tally.score_change) == (0,) * 9
    assert "60 个主体无一变化" in as_text(made, "zh")


def test_other_coefficients_move_everybody_by_the_same_line(areas: OpenedRun) -> None:
    made = compare(areas, areas, "huangyan_2021", "huangyan_2022")
    assert made.changed == 10
    assert [(m.step, m.subjects) for m in made.movers] == [("points__tax_per_mu", 10)]
    assert made.movers[0].title["zh"] == "亩均税收"
    first = next(c for c in made.changes if c.subject == "莲都区")
    assert first.points == Decimal("57.741628") - Decimal("53.494810")
    assert first.score_after - first.score_before == Decimal("2.415103")
    assert made.tallies[0].score_change == sum(c.score_after - c.score_before for c in made.changes)


def test_matrix_and_tallies_count_everybody_once(county: OpenedRun) -> None:
    made = compare(county, county, "graded", "dropped")
    assert sum(made.matrix.values()) == sum(t.subjects for t in made.tallies) == 60
    assert sum(m.subjects for m in made.movers) == made.changed
    place = {name: n for n, name in enumerate(made.classes)}
    classed = {k: n for k, n in made.matrix.items() if None not in k and "T" not in k}
    better = sum(n for (a, b), n in classed.items() if place[b] < place[a])
    assert better == sum(t.better for t in made.tallies) > 0
    worse = sum(n for (a, b), n in classed.items() if place[b] > place[a])
    assert worse == sum(t.worse for t in made.tallies) > 0


def test_refilling_moves_classes_and_no_points(county: OpenedRun) -> None:
    made = compare(county, county, "graded", "refilled")
    assert {m.step for m in made.movers} <= {"rank", "move"}
    assert all(t.gained == t.lost == 0 for t in made.tallies)


def test_who_is_missing_in_one_run_entered_or_left(
    county: OpenedRun, runner: Runner, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(MADE / "data", data)
    firms = (data / "firm.csv").read_text("utf-8").splitlines()
    (data / "firm.csv").write_text("\n".join(x for x in firms if "F049" not in x), "utf-8")
    years = (data / "firm_year.csv").read_text("utf-8").splitlines()
    (data / "firm_year.csv").write_text("\n".join(x for x in years if "F049" not in x), "utf-8")
    less = runner(MADE / "programme", data, "2022", "graded")
    gone = compare(county, less, "graded")
    assert (gone.before.subjects, gone.after.subjects) == (60, 59)
    assert sum(t.left for t in gone.tallies) == 1
    assert gone.matrix["A", None] == 1
    assert {c.subject: c.step for c in gone.changes}["F049"] == "population"
    back = compare(less, county, "graded")
    assert sum(t.entered for t in back.tallies) == 1
    assert {(b, a): n for (a, b), n in gone.matrix.items()} == dict(back.matrix)


def test_text_and_json_tell_the_same(county: OpenedRun) -> None:
    made = compare(county, open_run(county.path), "graded", "dropped")
    told = json.loads(as_json(made))
    assert told["changed"] == made.changed
    assert sum(cell["subjects"] for cell in told["matrix"]) == 60
    for language in ("zh", "en"):
        lines = as_text(made, language).splitlines()
        assert str(made.changed) in lines[1]
        assert len(lines) > 20
