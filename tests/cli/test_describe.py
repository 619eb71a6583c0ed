from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Call


def test_a_programme_is_said_in_either_language(call: Call, town: Path) -> None:
    english, chinese = (
        call("describe", town / "programme", "--lang", language) for language in ("en", "zh")
    )
    assert (english.code, chinese.code) == (0, 0)
    assert english.out.startswith("# A town `town`\n")
    assert chinese.out.startswith("# 某镇 `town`\n")
    assert "`town_2024`" in english.out
    assert "`tax_per_mu`" in english.out


def test_one_document_is_said_alone(call: Call, town: Path) -> None:
    said = call("describe", town / "programme", "--document", "tax_per_mu")
    assert said.code == 0
    assert "Tax per mu" in said.out
    assert "`town_2024`" not in said.out


def test_an_unknown_document_is_wrong_use(call: Call, town: Path) -> None:
    said = call("describe", town / "programme", "--document", "nothing")
    assert (said.code, said.out) == (2, "")
    assert 'There is no document "nothing"; known: ' in said.err


def test_the_schema_is_json_and_knows_every_kind(outside: Call) -> None:
    said = outside("schema")
    assert (said.code, said.err) == (0, "")
    made = json.loads(said.out)
    assert {"Register", "Indicator", "Scheme", "Programme"} <= set(made["$defs"])
