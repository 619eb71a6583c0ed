"""The ladders and policies of the library: their cases hold, their sources stand, nothing lost."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlparse

import pytest

import kaogong
from kaogong.insight.cases import run_cases
from kaogong.kinds.ladder import Ladder
from kaogong.kinds.parts import read_condition, read_value
from kaogong.kinds.policy import Policy
from kaogong.language.span import Block
from kaogong.programme.bundle import Bundle, Shelf
from kaogong.programme.policy_rules import ClauseRule
from kaogong.programme.programme import Programme, load_programme
from kaogong.programme.values import condition_of, value_of

LIBRARY = Path(kaogong.__file__).parent / "programmes" / "library"
DOCUMENTS = [
    ("Ladder", "innovative_sme_2022"),
    ("Policy", "shengzhou_2022"),
    ("Policy", "wenzhou_2025"),
]


@cache
def library() -> Programme:
    paths = sorted(p for p in LIBRARY.rglob("*") if p.is_file())
    files = {str(p.relative_to(LIBRARY)): p.read_bytes() for p in paths}
    return load_programme(Bundle("library", files), Shelf())


def test_every_ladder_and_policy_has_a_file_of_its_name() -> None:
    found = [key for key in library().documents if key[0] in ("Ladder", "Policy")]
    assert sorted(found) == DOCUMENTS
    for kind, id in DOCUMENTS:
        folder = {"Ladder": "ladders", "Policy": "policies"}[kind]
        assert (LIBRARY / folder / f"{id}.yaml").is_file()


@pytest.mark.parametrize("key", DOCUMENTS, ids=lambda key: key[1])
def test_the_golden_cases_hold(key: tuple[str, str]) -> None:
    results = [r for r in run_cases(library(), [key[1]]) if r.case.kind == key[0]]
    assert len(results) >= 3
    assert [(r.case.address, r.expected, r.got) for r in results if not r.holds] == []


@pytest.mark.parametrize("key", DOCUMENTS, ids=lambda key: key[1])
def test_a_source_names_its_document_and_links_to_governments_only(key: tuple[str, str]) -> None:
    source = library().documents[key].model.source
    assert source is not None
    assert source.document
    assert source.evidence in ("official", "republished", "secondary", "recalled")
    if source.link is not None:
        assert (urlparse(str(source.link)).hostname or "").endswith(".gov.cn")
    else:
        assert source.evidence != "official"


@pytest.mark.parametrize("key", DOCUMENTS, ids=lambda key: key[1])
def test_the_other_reading_is_one_that_could_be_run(key: tuple[str, str]) -> None:
    document = library().documents[key]
    model = document.model
    assert isinstance(model, Ladder | Policy)
    scope = library().book.scope("enterprise")
    for reading in model.readings.values():
        for address, other in reading.other.items():
            place: object = document.block
            for step in address.split("."):
                assert isinstance(place, Block), address
                assert step in place, address
                place = place[step]
            if address.endswith(".points"):
                assert value_of(read_value(other), scope, address).kind.name == "number"
            else:
                clause = _clause(key[1], address)
                inside = scope if clause.child is None else scope.of_records(clause.child)
                assert condition_of(read_condition(other), inside, address)


def _clause(policy: str, address: str) -> ClauseRule:
    clauses = {clause.id: clause for clause in library().policies[policy].clauses}
    return clauses[address.split(".")[1]]


def test_the_points_of_the_innovative_rung_add_up_to_a_hundred() -> None:
    model = library().documents["Ladder", "innovative_sme_2022"].model
    assert isinstance(model, Ladder)
    points = model.rungs["innovative"].points
    assert isinstance(points, dict)
    by_part: dict[str, int] = {}
    for item in points.values():
        by_part[str(item.part)] = by_part.get(str(item.part), 0) + int(str(item.max))
    assert by_part == {"innovation": 40, "growth": 30, "special": 30}
