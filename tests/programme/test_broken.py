"""Broken documents are told by their findings, and no text at all gives a traceback."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaogong.language.document import read_documents, walk_scalars
from kaogong.language.finding import Finding, Refused
from kaogong.language.span import Span, Text
from kaogong.language.syntax import parse
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import load_programme

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "tests" / "language" / "broken"
LIBRARY = ROOT / "src" / "kaogong" / "programmes" / "library"
FILES = sorted(BROKEN.glob("*.yaml"))
BASE = {path.name: path.read_bytes() for path in sorted((BROKEN / "base").iterdir())}
LONG_TABLES = ("divisions.csv", "gbt4754.csv")
HOLE = re.compile(r"\{[a-z_]+\}")


def findings(text: str) -> tuple[Finding, ...]:
    """Return what is wrong with the works once a file is added to them."""
    return load_programme(Bundle("", BASE | {"wrong.yaml": text.encode()})).findings


kept_findings = cache(findings)


def expected(text: str) -> set[str]:
    first, _, _ = text.partition("\n")
    return set(first.removeprefix("#").split())


# -- the corpus ---------------------------------------------------------------------------


def test_nothing_is_wrong_with_the_works_themselves() -> None:
    assert load_programme(Bundle("", BASE)).findings == ()


def test_there_are_many_ways_to_be_wrong() -> None:
    ids = set().union(*(expected(path.read_text("utf-8")) for path in FILES))
    assert len(FILES) >= 100
    assert len(ids) >= 45


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_document_is_told_by_its_findings(path: Path) -> None:
    text = path.read_text("utf-8")
    found = kept_findings(text)
    assert {each.id for each in found} == expected(text)
    lines = text.count("\n") + 1
    for each in found:
        assert each.span.file == "wrong.yaml"
        assert 2 <= each.span.line <= lines
        assert each.span.column >= 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_finding_is_whole_in_both_languages(path: Path) -> None:
    for each in kept_findings(path.read_text("utf-8")):
        for language in ("zh", "en"):
            said = each.sentence(language)
            assert said
            assert not set(HOLE.findall(said)) - set(HOLE.findall(path.read_text("utf-8")))
        assert re.search(r"[\u4e00-\u9fff]", each.sentence("zh"))


def test_a_broken_file_leaves_the_others_standing() -> None:
    programme = load_programme(Bundle("", BASE | {"wrong.yaml": b"kind: Indicator: x"}))
    assert not programme.can_run
    assert {id for _, id in programme.documents} >= {"enterprise", "tax_per_mu", "plain"}


# -- anything at all ----------------------------------------------------------------------


@cache
def library() -> dict[str, str]:
    """Return the documents of the library."""
    found = sorted(LIBRARY.rglob("*.yaml"))
    return {path.relative_to(LIBRARY).as_posix(): path.read_text("utf-8") for path in found}


@cache
def shelf() -> dict[str, bytes]:
    """Return the library without its schemes, and with long tables cut to their beginning."""
    made: dict[str, bytes] = {}
    for path in sorted(LIBRARY.rglob("*")):
        name = path.relative_to(LIBRARY).as_posix()
        if path.is_file() and not name.startswith("per_mu/"):
            lines = path.read_bytes().splitlines(keepends=True)
            made[name] = b"".join(lines[:30] if path.name in LONG_TABLES else lines)
    return made


SIGNS = ["", " ", "\n", "\n---\n", ":", ": ", "- ", ", ", *"{}[]()'#|>%", '"', "（", "，", "\t"]
ODD = ["&a", "*a", "!b ", "<<", "\x00", "\ufeff", "null", "true", "0", "-1", "1e9", "3万元/亩"]
WORDS = ["规上", "prior(", "and ", "not ", "when: ", "cases: ", "bands: ", "of: ", "id: x"]
LINKS = ["kind: Scheme", "open: 未载", "{open: 未载}", "extends: plain", "overrides: plain"]
PIECES = st.sampled_from(SIGNS + ODD + WORDS + LINKS)
WHERE = st.floats(0, 1)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """Return `text` with a few pieces cut out, put in, doubled or moved."""
    for _ in range(draw(st.integers(1, 4))):
        begins = int(draw(WHERE) * len(text))
        ends = min(len(text), begins + draw(st.sampled_from([0, 0, 1, 2, 5, 20, 80])))
        kept = text[begins:ends] * draw(st.integers(0, 2))
        text = text[:begins] + kept + draw(PIECES) + text[ends:]
    return text


MUTATED_WORKS = st.sampled_from(FILES).flatmap(lambda path: mutated(path.read_text("utf-8")))
MUTATED_BASE = st.sampled_from(sorted(BASE)).flatmap(
    lambda name: st.tuples(st.just(name), mutated(BASE[name].decode()))
)
MUTATED_LIBRARY = st.sampled_from(sorted(library())).flatmap(
    lambda name: st.tuples(st.just(name), mutated(library()[name]))
)


def read_and_parsed(text: str) -> None:
    """Read a text as a file and each of its scalars as an expression."""
    documents, _ = read_documents(text, "a.yaml")
    for document in documents:
        for scalar in walk_scalars(document):
            told = refused(scalar)
            assert all(each.span.file == "a.yaml" for each in told)


def refused(text: Text) -> tuple[Finding, ...]:
    """Return why a text is no expression; nothing where it is one."""
    try:
        parse(text)
    except Refused as error:
        return error.findings
    return ()


@given(MUTATED_LIBRARY)
def test_no_change_to_the_library_gives_a_traceback_in_reading(change: tuple[str, str]) -> None:
    read_and_parsed(change[1])


@given(st.text())
def test_no_text_gives_a_traceback_in_reading(text: str) -> None:
    read_and_parsed(text)
    assert len(refused(Text(text, Span("a.yaml", 1, 1)))) <= 1


@given(MUTATED_WORKS)
def test_no_change_to_a_broken_document_gives_a_traceback(text: str) -> None:
    for each in findings(text):
        each.as_json()


@given(MUTATED_BASE)
def test_no_change_to_the_works_gives_a_traceback(change: tuple[str, str]) -> None:
    name, text = change
    for each in load_programme(Bundle("", BASE | {name: text.encode()})).findings:
        each.as_json()


@settings(max_examples=15)
@given(MUTATED_LIBRARY)
def test_no_change_to_the_library_gives_a_traceback(change: tuple[str, str]) -> None:
    name, text = change
    for each in load_programme(Bundle("", shelf() | {name: text.encode()})).findings:
        each.as_json()


@settings(max_examples=50)
@given(st.text(), st.binary())
def test_no_file_gives_a_traceback(text: str, content: bytes) -> None:
    findings(text)
    load_programme(Bundle("", BASE | {"wrong.yaml": content}))
    load_programme(Bundle("", {"programme.yaml": content}))
