from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kaogong.language.finding import Finding, Refused, finding, has_errors, in_order, refuse
from kaogong.language.interval import NotAnInterval, read_interval
from kaogong.language.kind import DATE, NUMBER, YES_NO, Kind, number
from kaogong.language.messages.phrases import PHRASES, SPOKEN, in_chinese
from kaogong.language.span import Span, Text
from kaogong.language.unit import read_unit
from kaogong.language.words import Spoken, Words

SRC = Path(__file__).resolve().parents[2] / "src" / "kaogong"
HERE = Span("a.yaml", 2, 3)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")  # two words on end: a sentence, not a name


# -- what a finding says ------------------------------------------------------------------


def test_a_finding_as_json_has_its_seven_keys() -> None:
    made = finding("KG310", HERE, place="税收", expected=YES_NO, got=number(read_unit("万元")))
    assert made.as_json() == {
        "id": "KG310",
        "level": "error",
        "message": {
            "zh": "税收应为是或否，实为以万元计的数",
            "en": "税收 needs yes/no, not number in 万元",
        },
        "hint": "请改写此处，使其结果为是或否。 / Rewrite this place so that it gives yes/no.",
        "file": "a.yaml",
        "line": 2,
        "column": 3,
    }


@pytest.mark.parametrize("id", ["KG101", "KG206", "KG505"])
def test_the_level_follows_from_the_id(id: str) -> None:
    assert finding(id, HERE).level == {"1": "error", "2": "warning", "5": "note"}[id[2]]


def test_a_missing_value_leaves_its_place_holder() -> None:
    assert "{name}" in finding("KG201", HERE, subject="企业").sentence("zh")


def test_braces_in_a_users_text_are_shown_as_they_are() -> None:
    assert "{name}" in finding("KG102", HERE, key="{name}").sentence("en")


def test_findings_stand_in_the_order_of_their_places_and_once() -> None:
    late, early = finding("KG102", Span("a.yaml", 9, 1), key="x"), finding("KG101", HERE)
    other = finding("KG102", Span("a.yaml", 9, 1), key="y")
    assert in_order([late, early, other, late]) == [early, late, other]


def test_only_an_error_is_an_error() -> None:
    assert has_errors([finding("KG101", HERE)])
    assert not has_errors([finding("KG206", HERE), finding("KG505", HERE)])


def test_a_refusal_carries_its_finding_and_says_it() -> None:
    refused = refuse("KG102", HERE, key="x")
    assert isinstance(refused, Refused)
    assert refused.findings == (Finding("KG102", HERE, {"key": "x"}),)
    assert str(refused) == 'KG102 a.yaml:2:3 Key "x" is written twice'


def through_pickle(value: object) -> object:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 # its own dump


# -- words in both languages --------------------------------------------------------------


def test_words_are_english_to_everything_else_and_know_their_chinese() -> None:
    words = Words("数", "number")
    assert words == "number"
    assert words.zh == "数"
    assert f"a {words}" == "a number"


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy, through_pickle])
def test_words_and_texts_survive_being_copied(made: Callable[[Any], Any]) -> None:
    words, text = Words("数", "number"), Text("税收", HERE, quoted=True)
    assert (made(words), made(words).zh) == (words, "数")
    assert (made(text), made(text).span, made(text).quoted) == (text, HERE, True)


def test_a_users_own_word_is_never_translated() -> None:
    shown = finding("KG201", HERE, name="number", subject="text", near="date").sentence("zh")
    assert all(word in shown for word in ("number", "text", "date"))


def test_a_phrase_is_in_the_language_of_its_sentence() -> None:
    made = finding("KG112", HERE, value="x", expected="a mapping")
    assert "成对书写的内容" in made.sentence("zh")
    assert "成对书写的内容" in made.hint("zh")
    assert made.sentence("en") == '"x" is not a mapping'


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("a unit (万元、亩)", "计量单位（如万元、亩）"),
        ("a number, none, mean", "数，或none, mean"),
        ("flow, stock or ratio", "flow, stock或ratio"),
        ("a valid integer, unable to parse string as an integer", "整数"),
        ("greater than or equal to 0", "不小于0"),
        ("2021-01-01", "2021-01-01"),
    ],
)
def test_a_phrase_with_something_of_the_users_in_it(text: str, chinese: str) -> None:
    assert in_chinese("expected", text) == chinese


def test_what_cannot_be_read_as_an_interval_says_why_in_both_languages() -> None:
    with pytest.raises(NotAnInterval) as caught:
        read_interval("[3%, 5亩)")
    made = finding("KG112", HERE, value="x", expected=caught.value)
    assert "区间：%与亩不能比较" in made.sentence("zh")
    assert "an interval: % and 亩 do not compare" in made.sentence("en")


def test_every_phrase_is_chinese() -> None:
    assert [phrase for phrase, zh in PHRASES.items() if not CHINESE.search(zh) and " " in zh] == []


@pytest.mark.parametrize("kind", [NUMBER, YES_NO, DATE, Kind("code"), Kind("open"), Kind("text")])
def test_a_kind_says_what_it_is(kind: Kind) -> None:
    assert isinstance(kind, Spoken)
    assert CHINESE.search(kind.words.zh)
    assert str(kind) == kind.words


def test_what_the_program_says_in_a_chinese_sentence_is_chinese() -> None:
    wrong = [
        f"{place}: {text!r}"
        for place, name, text in said()
        if ENGLISH.search(text) and not CHINESE.search(in_chinese(name, text))
    ]
    assert wrong == []


def said() -> Iterator[tuple[str, str, str]]:
    """Yield each written phrase that fills a finding, with its file and place holder."""
    for file in sorted(SRC.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                for name, value in filled(call):
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield f"{file.relative_to(SRC)}:{call.lineno}", name, value.value


def filled(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if called in ("finding", "refuse"):
        yield from ((word.arg, word.value) for word in call.keywords if word.arg in SPOKEN)
    if called == "_wrong":
        yield from (("expected", value) for value in call.args[1:2])
