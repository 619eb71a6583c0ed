from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from kaogong.language.messages import MESSAGES, Message
from scripts.finding_pages import HEADINGS, as_written, pages

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "findings"
CHINESE = re.compile(r"[\u4e00-\u9fff]{3}")
ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
RAISES = {"finding", "refuse"}


def place_holders(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


@pytest.mark.parametrize("id", MESSAGES)
def test_a_sentence_names_the_same_things_in_both_languages(id: str) -> None:
    message = MESSAGES[id]
    assert place_holders(message.zh) == place_holders(message.en)
    assert place_holders(message.hint_zh) <= place_holders(message.zh)
    assert place_holders(message.hint_en) <= place_holders(message.en)


@pytest.mark.parametrize("id", MESSAGES)
def test_a_message_is_whole_and_in_its_language(id: str) -> None:
    message = MESSAGES[id]
    assert re.fullmatch(r"KG[1-8]\d\d", id)
    assert message.level in {"E", "W", "N"}
    for text in (message.zh, message.hint_zh):
        assert re.search(r"[\u4e00-\u9fff]{2}", text)
    for text in (message.en, message.hint_en):
        assert re.search(r"[a-z]{2} ?", text)
        assert not re.search(r"[，。；：“”（）]", text)
    assert not re.search(r"[\u4e00-\u9fff]", message.en)


@pytest.mark.parametrize("id", MESSAGES)
def test_a_page_holds_the_current_sentences(id: str) -> None:
    page = (FOLDER / f"{id}.md").read_text(encoding="utf-8")
    message = MESSAGES[id]
    assert page.startswith(f"# {id} ")
    for text in (message.zh, message.en, message.hint_zh, message.hint_en):
        assert as_written(text) in page


@pytest.mark.parametrize("id", MESSAGES)
def test_a_page_says_what_it_means_shows_it_and_mends_it(id: str) -> None:
    page = (FOLDER / f"{id}.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("## ")] == list(HEADINGS)
    meaning, example, mending = re.split("|".join(map(re.escape, HEADINGS)), page)[1:]
    for part in (meaning, mending):
        prose = re.sub(r"```.*?```", "", part, flags=re.DOTALL)
        assert CHINESE.search(prose), part
        assert ENGLISH.search(prose), part
    assert re.search(r"```(yaml|csv|text)\n.+?\n```", example, re.DOTALL)


def test_no_page_is_behind_and_none_is_left_over() -> None:
    wanted = dict(pages(FOLDER))
    assert {file.name for file in FOLDER.iterdir()} == {file.name for file in wanted}
    behind = [
        file.name for file, text in wanted.items() if file.read_text(encoding="utf-8") != text
    ]
    assert behind == []


def test_a_new_finding_gets_a_page_that_still_has_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = {"KG199": Message("E", "甲{a}", "one {a}", "改{a}", "mend {a}, {{open: why}}")}
    monkeypatch.setattr("scripts.finding_pages.MESSAGES", new)
    page = dict(pages(tmp_path))[tmp_path / "KG199.md"]
    assert page.startswith("# KG199 错误 error\n\n> 甲{a}\n>\n> one {a}\n")
    assert "mend {a}, {open: why}" in page
    assert page.endswith("\n\n".join(HEADINGS) + "\n")


@pytest.mark.parametrize("id", ["KG104", "KG816"])
def test_laying_out_again_keeps_what_was_written_by_hand(id: str, tmp_path: Path) -> None:
    old = (FOLDER / f"{id}.md").read_text(encoding="utf-8")
    (tmp_path / f"{id}.md").write_text(old.replace("# KG", "# OLD", 1), encoding="utf-8")
    assert dict(pages(tmp_path))[tmp_path / f"{id}.md"] == old


def test_what_the_program_raises_has_a_sentence_and_fills_it() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{call.lineno} {id} gives {sorted(given)}, "
        f"its sentence asks for {sorted(place_holders(MESSAGES[id].en)) if id in MESSAGES else '?'}"
        for file in sorted((ROOT / "src").rglob("*.py"))
        for call, id, given in raised(ast.parse(file.read_text(encoding="utf-8")))
        if id not in MESSAGES or not place_holders(MESSAGES[id].en) <= given
    ]
    assert wrong == []


def raised(tree: ast.AST) -> Iterator[tuple[ast.Call, str, set[str]]]:
    """Yield each call that makes a finding with a written id, and the names it fills."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and called(call) in RAISES and call.args):
            continue
        id = call.args[0]
        whole = all(word.arg for word in call.keywords)
        if isinstance(id, ast.Constant) and isinstance(id.value, str) and whole:
            yield call, id.value, {word.arg for word in call.keywords if word.arg}


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
