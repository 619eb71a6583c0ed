from __future__ import annotations

from pathlib import Path

import pytest

from kaogong.cli import commands, edge
from kaogong.language.finding import refuse
from kaogong.language.span import Span
from tests.cli.conftest import Call


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["frobnicate"], 'There is no command "frobnicate"'),
        (["chek"], "known: check"),
        (["--foo"], 'There is no command "--foo"'),
        (["check"], "Missing argument"),
        (["check", ".", "--foo"], "No such option: --foo"),
        (["check", ".", "--format", "xml"], "xml"),
        (["run", ".", "--data", "."], "Missing option"),
        (
            ["run", ".", "--data", ".", "--period", "2024", "--out", "o", "--threads", "0"],
            "--threads",
        ),
    ],
)
def test_wrong_words_are_wrong_use(call: Call, words: list[str], sentence: str) -> None:
    said = call(*words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_wrong_words_are_told_in_chinese(call: Call) -> None:
    assert "没有选项--foo" in call("check", ".", "--foo", "--lang", "zh").err
    assert "缺少" in call("--lang", "zh", "check").err
    assert "用法见 kaogong check --help" in call("--lang=zh", "check").err


def _code(error: BaseException) -> int:
    def command() -> int:
        raise error

    return edge.code(command)


def test_the_unforeseen_is_one_sentence_in_both_languages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAOGONG_DEBUG", raising=False)
    assert _code(RuntimeError("boom\nand more")) == 1
    said = capsys.readouterr().err
    assert "程序内部出错（RuntimeError: boom）" in said
    assert "The program itself failed (RuntimeError: boom)" in said
    assert "Traceback" not in said
    monkeypatch.setenv("KAOGONG_DEBUG", "1")
    assert _code(RuntimeError("boom")) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_refusal_that_nobody_expected_is_shown_as_findings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _code(refuse("KG802", Span("a.csv"), reason="cut short")) == 1
    assert "KG802" in capsys.readouterr().out


def test_a_path_that_cannot_be_read_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code(PermissionError(13, "Permission denied", "secret.yaml")) == 2
    assert "secret.yaml" in capsys.readouterr().err


def test_an_interruption_has_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err != ""


def test_a_shortage_of_memory_says_what_helps(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code(MemoryError()) == 1
    assert "--memory" in capsys.readouterr().err


def test_every_command_can_be_loaded() -> None:
    for command in commands.COMMANDS.values():
        assert callable(command.load())


def test_a_binary_file_as_programme_is_no_traceback(call: Call, tmp_path: Path) -> None:
    (tmp_path / "programme.yaml").write_bytes(bytes(range(256)))
    said = call("check", tmp_path)
    assert said.code == 1
    assert "KG106" in said.out
