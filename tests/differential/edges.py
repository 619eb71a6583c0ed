"""Firms at the edges: values on which engines part, one firm unlike the other.

NULL with and without a state, zero, below zero, exactly on a threshold or a cent beside it, half-way
between two decimals, the declared greatest, month ends, the first and last year, empty texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from tests.differential.dice import Dice

Row = dict[str, Any]
CENT = Decimal("0.01")
MONTHS = [f"2022-{n:02d}" for n in range(3, 13)]
TEXTS = [
    "",
    " ",
    "温州",
    "温州市a阀门",
    "a",
    "A",
    "b",
    "é",
    "Z",
    "阀",
    "𠮷",
    "a%",
    "a_b",
    "O'Neill\\",
]
GRADES = ["一般", "较大", "重大", "特别重大"]
PARKS = ["P1", "P2", "P3", "P9"]  # P9 is nobody's
STATES = (None, "not_applicable", "waived", "confidential")
DAYS = [
    date(2020, 2, 29), date(2023, 1, 31), date(2022, 12, 31), date(2023, 5, 15), date(2020, 5, 15),
    date(2023, 4, 28), date(2023, 5, 6), date(2022, 10, 1), date(1999, 3, 31),
]  # fmt: skip
ENDS = [date(1, 1, 1), date(1, 12, 31), date(9999, 1, 31), date(9999, 12, 31)]


def firm(dice: Dice) -> dict[str, Any]:
    """Draw one firm: its row, its years (2022 always), its months, its incidents."""
    earlier = [(), ("2021",), ("2021", "2020"), ("2021", "2020", "2019"), ("2020",), ("2019",)]
    years = {"2022", *dice.one_of(earlier)}
    start = dice.one_of([(), ("2022-01", "2022-02"), ("2022-01+02",), ("2022-12",), ("2022-02",)])
    months = {*start, *(MONTHS if dice.happens() else ())}
    joint = ["2022-01+02", *MONTHS] if dice.happens() else []
    return {
        "own": _with_gaps(dice, _own(dice)),
        "years": {text: _with_gaps(dice, _year(dice)) for text in sorted(years)},
        "months": {text: _with_gaps(dice, _month(dice)) for text in sorted(months)},
        "joint": {text: _with_gaps(dice, {"orders": _money(dice, 0, 10**9)}, 20) for text in joint},
        "incidents": [_with_gaps(dice, _incident(dice)) for _ in range(dice.whole(0, 4))],
    }


def _with_gaps(dice: Dice, values: Row, once_in: int = 8) -> Row:
    """Return the row with some of its cells empty, for one reason or another."""
    made = dict(values)
    for name in values:
        if dice.happens(once_in):
            made[name] = None
            made[f"{name}__state"] = dice.one_of(STATES)
    return made


def _own(dice: Dice) -> Row:
    return {
        "name": dice.one_of(TEXTS),
        "founded_on": _day(dice),
        "closed_on": dice.one_of(ENDS) if dice.happens(3) else _day(dice),
        "industry": dice.one_of(["C35", "C3511", "D44", "D45"]),
        "park": dice.one_of(PARKS),
    }


def _year(dice: Dice) -> Row:
    return {
        **_taxed_land(dice),
        **_research(dice),
        "revenue_base": _money(dice, -100, 10**7),
        "staff": dice.one_of([0, 1, 7, 300, 1_000_000]),
        "term": dice.decimal("0.0 3.0 2.5 -1.0 -7.0 31.0 12.0"),
        "huge": dice.decimal("0 100000000000000000 99999999999999999 0.01 92233720368547758.08"),
        "share": dice.decimal("0.00 3.00 3.02 99.99 100.00"),
        "above": dice.happens(),
        "meets": dice.happens(),
        "grade": dice.one_of(GRADES),
        "remark": dice.one_of(TEXTS),
    }


def _month(dice: Dice) -> Row:
    return {
        "output": _money(dice, 0, 10**9),
        "headcount": dice.whole(0, 9),
        "index": dice.decimal("0.0 99.9"),
        "mood": dice.one_of(TEXTS),
    }


def _incident(dice: Dice) -> Row:
    return {
        "happened_on": _day(dice),
        "gravity": dice.one_of(GRADES),
        "loss": _money(dice, -(10**10), 10**10),
        "liable": dice.happens(),
        "place": dice.one_of(TEXTS),
        "site": dice.one_of(PARKS),
    }


def _money(dice: Dice, least: int, most: int) -> Decimal:
    if dice.happens(3):
        return dice.one_of([Decimal(least), Decimal(most), Decimal(0), CENT, Decimal(1)])
    return Decimal(dice.whole(max(least * 100, -50_000), 9_999_999)) * CENT


def _day(dice: Dice) -> date:
    if dice.happens():
        return dice.one_of(DAYS)
    return dice.day(date(1990, 1, 1), date(2035, 12, 31))


def _taxed_land(dice: Dice) -> Row:
    """Tax on an area: on a threshold, a cent beside it, half-way between decimals, or anything."""
    way, area = dice.whole(0, 4), dice.decimal("400.00 666.67 0.01 13340.00")
    if way == 0:  # 10 万元/亩 is 150 元/平方米
        beside = dice.one_of([Decimal(0), CENT, -CENT])
        return {"tax": (area * 150 + beside).quantize(CENT), "area": area}
    if way == 1:  # 0.0001 万元/亩 of 400 平方米 are 0.60 元
        half = Decimal("0.30") + Decimal("0.60") * dice.whole(-5, 90_000)
        return {"tax": half, "area": Decimal("400.00")}
    strange = [area, area, Decimal(0), Decimal("-5.00"), Decimal(100_000_000)]
    return {"tax": _money(dice, -(10**10), 10**10), "area": dice.one_of(strange)}


def _research(dice: Dice) -> Row:
    """Research on revenue: 3 % exactly, half a hundredth of a per cent, or anything."""
    way = dice.whole(0, 3)
    if way == 0:
        units = dice.whole(1, 9_999)  # 3 % of 10,000 元 are 0.03 万元
        return {"rd": units * 3 * CENT, "revenue": Decimal(units) * 10_000}
    if way == 1:  # 0.01 of 200 万元 is 0.005 %
        return {"rd": dice.whole(0, 999) * CENT, "revenue": Decimal(2_000_000)}
    return {"rd": _money(dice, 0, 10**6), "revenue": _money(dice, -(10**13), 10**13)}


def town_firm(dice: Dice) -> dict[str, Any]:
    """Draw a firm of the town: few values, so that equals meet; some exactly on a half."""
    land = dice.decimal("1.00 3.00 8.00 20.00 0.00")
    ratio = dice.decimal("0 0.125 4.99995 5 10 10.0001 16 -2")
    year: Row = {
        "tax": (ratio * (land or 1)).quantize(CENT),
        "land": land,
        "output": dice.decimal("0.00 200.00 600.00 1600.00 3333.33"),
        "power": dice.one_of([0, 1000, 30_000, 77_777]),
        "above": dice.happens(),
        "exempt": dice.happens(10),
        "appeals": dice.happens(5),
        "vetoed": dice.happens(8),
        "protected": dice.happens(6),
        "honours": dice.one_of([0, 1, 2, 3, 5]),
    }
    for name in year:
        if dice.happens(25):
            year[name] = None
    founded = dice.one_of(["2001-02-28", "2009-12-31", "2010-01-01", None])
    own = {"town": dice.one_of(["东", "西", "南", "南", None]), "founded_on": founded}
    return {"own": own, "year": year, "prior": dice.happens()}


def keys(letter: str, count: int) -> Iterator[str]:
    """Yield keys of subjects, in no order."""
    for number in range(count):
        yield f"{letter}{(number * 7919) % 10_007:05d}"
