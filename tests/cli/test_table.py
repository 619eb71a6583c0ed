from __future__ import annotations

from kaogong.cli.table import lines, width


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("规上ab") == 6


def test_columns_stand_under_each_other() -> None:
    shown = list(lines([["分组", "A"], ["above", "12"]]))
    assert shown == ["分组    A", "above  12"]
    assert list(lines([])) == []
