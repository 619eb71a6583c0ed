from __future__ import annotations

from datetime import date

import pytest

from kaogong.data.folder import shelf
from kaogong.engine.record_checks import conditions_of, unasked
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme

REGISTER = """
kind: Register
id: works
title: {zh: 企业, en: Works}
source: {evidence: example}
effective_from: 2018-01-01
key: [subject_id]
kept: live
visible_to: true
fields:
  name: {title: 企业名称}
---
kind: Register
id: works_year
title: {zh: 企业年报, en: Yearly report}
source: {evidence: example}
effective_from: 2018-01-01
of: works
period: year
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  tax:  {title: 税金, unit: 万元, scale: 2, nature: flow}
  land: {title: 用地, unit: 亩, scale: 2, nature: stock}
checks:
  some_land: {when: 用地 > 0亩, level: error}
  steady: {when: 税金 <= 10 * prior(税金), level: warning, title: {zh: 税金变动过大, en: Tax leaps}}
"""


@pytest.fixture
def town() -> Programme:
    header = b"{kind: Programme, id: town, title: Town, language: 1}"
    files = {"programme.yaml": header, "registers.yaml": REGISTER.encode()}
    return load_programme(Bundle("town", files), shelf())


def test_a_check_of_one_record_is_asked_and_one_beyond_it_is_named(town: Programme) -> None:
    assert [f.id for f in town.findings if f.level == "error"] == []
    asked = conditions_of(town, "works_year", date(2024, 1, 1))
    assert [(each.name, each.fields) for each in asked] == [("some_land", ("land",))]
    (found,) = unasked(town, "works_year")
    assert (found.id, found.level, found.span.file) == ("KG836", "warning", "town/registers.yaml")
    assert "税金变动过大" in found.sentence("zh")
    assert "Tax leaps" in found.sentence("en")
    assert unasked(town, "works") == ()
