"""The SQL of a scheme as an auditor reads it, kept as text; the same plan is run in the examples.

After a wanted change run with KAOGONG_WRITE_SNAPSHOTS=1 and read the difference before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine import duck
from kaogong.engine.render import render
from kaogong.language.period import read_period
from kaogong.plan.frame import Instant
from kaogong.plan.scheme.compile import Setting, compile_scheme
from kaogong.plan.step import Plan
from kaogong.programme.programme import load_programme

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture(scope="module")
def plans(examples: Path) -> dict[str, Plan]:
    folder = examples / "lishui-2019" / "programme"
    bundle, _ = read_bundle(folder)
    programme = load_programme(bundle, shelf(folder))
    period = read_period("2019")
    setting = Setting(Instant(period, period.end), programme.book.registers(), "v", capacity=10)
    wanted = ("huangyan_2021", "jingde")
    return {id: compile_scheme(programme.schemes[id], setting) for id in wanted}


def written(plan: Plan) -> str:
    steps = [
        f"-- {step.name}: {step.note}\n{render(step.query, pretty=True)};" for step in plan.steps
    ]
    outputs = [
        f"-- output {o.relation}\n{render(duck.output_query(o), pretty=True)};"
        for o in plan.outputs
    ]
    return "\n\n".join([*steps, *outputs]) + "\n"


@pytest.mark.parametrize("scheme", ["huangyan_2021", "jingde"])
def test_the_sql_is_the_one_that_was_read(scheme: str, plans: dict[str, Plan]) -> None:
    path = SNAPSHOTS / f"{scheme}.sql"
    text = written(plans[scheme])
    if os.environ.get("KAOGONG_WRITE_SNAPSHOTS"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_no_number_becomes_a_double(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        text = written(plan).upper()
        assert "DOUBLE" not in text
        assert "FLOAT" not in text
        assert " / " not in text
