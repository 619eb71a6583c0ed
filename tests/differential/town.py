"""A town of firms and the schemes that grade them: every rule of ranking, rounding, ties and moves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from kaogong.language.evaluate import Record
from kaogong.language.finding import has_errors
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme
from tests.differential.dice import Dice
from tests.differential.edges import keys, town_firm
from tests.differential.region import PERIOD, Region, Rows, record_of

HEAD = {"source": {"evidence": "example"}, "effective_from": "2018-01-01"}
REGISTERS = """\
{kind: Register, id: towns, title: 乡镇, source: {evidence: example}, effective_from: 2018-01-01, codes: [东, 西, 南]}
---
kind: Register
id: enterprise
title: 企业
source: {evidence: example}
effective_from: 2018-01-01
key: [subject_id]
kept: live
visible_to: true
fields:
  subject_id: {title: 主体编号, required: true}
  town: {title: 乡镇名, codes: towns}
  founded_on: {title: 成立日期, type: date}
---
kind: Register
id: enterprise_year
title: 企业年度
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: year
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  tax: {title: 税收, unit: 万元, scale: 2, nature: flow, range: "[-1000, 100000]"}
  land: {title: 用地, unit: 亩, scale: 2, nature: stock, range: "[0, 10000]"}
  output: {title: 产值, unit: 万元, scale: 2, nature: flow, range: "[0, 1000000]"}
  power: {title: 用电量, unit: 千瓦时, scale: 0, nature: flow, range: "[0, 1000000]"}
  above: {title: 规上, type: yes_no}
  exempt: {title: 免评, type: yes_no}
  appeals: {title: 申请参评, type: yes_no}
  vetoed: {title: 一票否决, type: yes_no}
  protected: {title: 保护, type: yes_no}
  honours: {title: 荣誉数, unit: 项, scale: 0, nature: stock, range: "[0, 100]"}
"""
INDICATORS = """\
{kind: Indicator, id: tax_per_mu, title: 亩均税收, source: {evidence: example}, effective_from: 2018-01-01, of: enterprise, period: year, value: 税收 / 用地, unit: 万元/亩, scale: 4, nature: ratio, better: high, on_zero: missing}
---
{kind: Indicator, id: output_per_mu, title: 亩均产值, source: {evidence: example}, effective_from: 2018-01-01, of: enterprise, period: year, value: 产值 / 用地, unit: 万元/亩, scale: 2, nature: ratio, better: high, on_zero: best}
---
{kind: Indicator, id: power_per_output, title: 单位产值用电, source: {evidence: example}, effective_from: 2018-01-01, of: enterprise, period: year, value: 用电量 / 产值, unit: 千瓦时/万元, scale: 2, nature: ratio, better: low, on_zero: worst}
"""
RATIO = "weight * x / benchmark"
RANGE = "weight * (20 + 80 * (x - low) / (high - low)) / 100"
INVERSE = "weight * (2 - x / benchmark) / 2"
LINES = {
    "tax": {"indicator": "亩均税收", "weight": "60", "benchmark": "10万元/亩"},
    "output": {"indicator": "亩均产值", "weight": "40", "benchmark": "200万元/亩"},
}
SCORING = {
    "points": RATIO, "scale": "4", "round_at": "item", "cap": "1.5 * weight", "floor": "none",
    "missing": "hold", "zero": "none",
}  # fmt: skip
RANK = {
    "within": ["group"], "by": ["total desc"], "base": "rated", "rounding": "half_up",
    "rounding_of": "boundary", "ties": "together_up",
}  # fmt: skip
QUOTAS = {
    "A": {"take": "[0, 20%]"}, "B": {"take": "(20%, 70%]"}, "C": {"take": "(70%, 90%]"},
    "D": {"take": "(90%, 100%]"}, "T": {"outside": "true"},
}  # fmt: skip
GROUPS = {
    "above": {"title": "规上", "when": "规上"},
    "below": {"title": "规下", "when": "not 规上"},
}
LEAVES = {"exempt": {"when": "免评", "as": "not_rated", "class": "T"}}
MOVES = {
    "protect": {"when": "保护", "at_worst": "B"},
    "honour": {"when": "荣誉数 >= 3", "up": "1"},
    "late": {"when": "荣誉数 = 0", "down": "1"},
    "veto": {"when": "一票否决", "class": "D"},
}


def scheme(id: str, **keys: Any) -> dict[str, Any]:
    """Return a scheme; keys that are given stand in place of the plain ones."""
    plain = {
        "kind": "Scheme", "id": id, "title": id, **HEAD, "of": "enterprise", "period": "year",
        "unknown": "hold", "population": {"takes_part": "true", "leaves": LEAVES},
        "scoring": SCORING, "groups": GROUPS, "scores": LINES, "total": {"floor": "none"},
        "rank": RANK, "classes": QUOTAS,
    }  # fmt: skip
    return {**plain, **keys}


def _scored(id: str, lines: Mapping[str, Any] | None = None, **scoring: str) -> dict[str, Any]:
    return scheme(id, scoring={**SCORING, **scoring}, scores=lines or LINES)


def _quota_schemes() -> list[dict[str, Any]]:
    """Every way to round, to count the base and to treat equals."""
    ways = product(
        ("taking_part", "rated"), ("half_up", "down", "up"), ("boundary", "class"),
        ("together_up", "together_down", "by_key"),
    )  # fmt: skip
    made = []
    for number, (base, rounding, of, ties) in enumerate(ways):
        rank = {**RANK, "base": base, "rounding": rounding, "rounding_of": of, "ties": ties}
        moves = {"moves": MOVES, "vacated": "leave"} if number % 3 == 0 else {}
        made.append(scheme(f"quota_{number:02d}", rank=rank, **moves))
    return made


def _line_schemes() -> list[dict[str, Any]]:
    """Every way to settle what is missing or zero, to round, to cap, and to set a benchmark."""
    made = [
        _scored("missing_number", missing="-3", zero="-1"),
        _scored("missing_mean", missing="mean", zero="missing"),
        _scored("missing_mean_at_total", missing="mean", zero="none", round_at="total", scale="2"),
        _scored("missing_drop", missing="drop", zero="none"),
        _scored("missing_drop_zero", missing="drop", zero="missing"),
        _scored("missing_drop_at_total", missing="drop", zero="none", round_at="total", scale="2"),
        _scored("zero_number_mean", missing="mean", zero="-3"),
        _scored("at_total", round_at="total", scale="2", missing="0"),
        _scored(
            "half_points", points="weight * x / benchmark / 8", scale="2", missing="0", cap="none"
        ),
        _scored("uncapped", cap="none", floor="-5", missing="0"),
        _scored("capped_by_number", cap="50", floor="0", missing="0", round_at="total", scale="0"),
    ]
    figures = {
        "ratio": {"figure": "ratio_of_sums", "over": "group"},
        "mean": {"figure": "mean", "over": "group", "times": "2"},
        "median": {"figure": "median", "over": "all"},
        "upper": {"figure": "quantile", "over": "group", "at": "80%"},
        "town": {"figure": "mean", "over": "乡镇名"},
        "pool": {"figure": "mean", "over": "pool"},
        "prior": {"figure": "ratio_of_sums", "over": "group", "period": "prior"},
        "most": {"figure": "max", "over": "all"},
    }
    for name, figure in figures.items():
        lines = {**LINES, "tax": {**LINES["tax"], "benchmark": figure}}
        one = _scored(f"figure_{name}", lines, missing="0")
        if name in ("town", "pool"):
            one["rank"] = {**RANK, "within": ["group", "乡镇名"]}
        made.append(one)
    ranged = {k: {n: v for n, v in line.items() if n != "benchmark"} for k, line in LINES.items()}
    made.append(_scored("range", ranged, points=RANGE, missing="0", cap="none"))
    inverse = {
        **LINES,
        "power": {
            "indicator": "单位产值用电",
            "weight": "20",
            "benchmark": "50千瓦时/万元",
            "points": INVERSE,
        },
    }
    inverse["tax"] = {**LINES["tax"], "weight": "40"}
    made.append(_scored("inverse", inverse, missing="0", floor="0"))
    return made


def _other_schemes() -> list[dict[str, Any]]:
    """Adjustments, pools, thresholds, places, leaves, unknowns, moves with refilling."""
    adjust = {
        "honour": {"points": "荣誉数 * 1.255", "cap": "3", "category": "bonus"},
        "early": {"when": "成立日期 < 2010-01-01", "points": "2.5", "category": "bonus"},
        "fine": {"when": "一票否决", "points": "-7.77777", "category": "fine"},
    }
    two_stage = {
        "rank": {**RANK, "rounding_of": "class", "ties": "by_key"},
        "pools": {"upper": {"take": "[0, 50%]"}, "lower": {"take": "(50%, 100%]"}},
        "classes": {
            "A": {"from": "upper", "by": ["points(tax) desc"], "take": "[0, 15%]"},
            "B": {"rest": "true"},
            "C": {"from": "lower", "by": ["points(output) asc"], "take": "[0, 10%]"},
            "T": {"outside": "true"},
        },
    }
    thresholds = {
        "A": {"when": "亩均税收 >= 10万元/亩"}, "B": {"when": "税收 / 用地 >= 5万元/亩 or 保护"},
        "C": {"rest": "true"}, "T": {"outside": "true"},
    }  # fmt: skip
    ten = {
        "A": {"take": "[1, 3]"},
        "B": {"take": "(3, 8]"},
        "C": {"rest": "true"},
        "T": {"outside": "true"},
    }
    part = {"takes_part": "用地 > 0亩 or 申请参评", "leaves": {
        "small": {"when": "税收 < 1万元", "as": "not_collected", "class": "T"}, **LEAVES,
    }, "returns": {"appeal": "申请参评"}}  # fmt: skip
    whole = {"title": "全部", "when": "true"}
    return [
        scheme("adjusted", adjust=adjust, adjust_caps={"bonus": "4"}, total={"floor": "0"},
               scoring={**SCORING, "missing": "0"}, moves=MOVES, vacated="refill"),
        scheme("adjusted_free", adjust=adjust, scoring={**SCORING, "round_at": "total", "scale": "2", "missing": "0"}),
        scheme("two_stage", **two_stage),
        scheme("thresholds", classes=thresholds, unknown="hold"),
        scheme("thresholds_apply", classes=thresholds, unknown="apply"),
        scheme("places", classes=ten, groups={"all": whole}, rank={**RANK, "within": []}),
        scheme("people", population=part, unknown="hold", rank={**RANK, "base": "taking_part"}),
        scheme("people_apply", population=part, unknown="apply", rank={**RANK, "base": "taking_part"}),
        scheme("people_skip", population=part, unknown="skip", rank={**RANK, "base": "taking_part"}),
        scheme("towns", groups={"all": whole}, rank={**RANK, "within": ["乡镇名"], "by": ["total desc", "产值 desc", "成立日期 asc"]}),
        scheme("by_land", rank={**RANK, "by": ["用地 asc", "total desc"], "ties": "by_key"}),
        scheme("refill", moves=MOVES, vacated="refill"),
        scheme("refill_down", moves={k: MOVES[k] for k in ("veto", "protect")}, vacated="refill",
               rank={**RANK, "rounding": "up", "rounding_of": "class"}),
        scheme("leave", moves=MOVES, vacated="leave", unknown="skip"),
    ]  # fmt: skip


def schemes() -> list[dict[str, Any]]:
    """Return every scheme of the suite."""
    return [*_quota_schemes(), *_line_schemes(), *_other_schemes()]


@cache
def town_programme() -> Programme:
    """Return the programme of all schemes, which must have no error."""
    header = "{kind: Programme, id: town, title: 城, language: 1}\n"
    files = {"programme.yaml": header, "registers.yaml": REGISTERS, "indicators.yaml": INDICATORS}
    written = {f"{s['id']}.yaml": json.dumps(s, ensure_ascii=False) for s in schemes()}
    bundle = Bundle("town", {name: text.encode() for name, text in (files | written).items()})
    made = load_programme(bundle)
    assert not has_errors(made.findings), [f for f in made.findings if f.level == "error"]
    return made


# -- the population -------------------------------------------------------------------------


@cache
def town(count: int = 60, seed: int = 1) -> Region:
    """Return the rows of a town of `count` firms."""
    dice = Dice(seed)
    rows: dict[str, Rows] = {name: [] for name in town_programme().book.registers()}
    for subject in keys("K", count):
        firm = town_firm(dice)
        rows["enterprise"].append({"subject_id": subject, **firm["own"]})
        rows["enterprise_year"].append({"subject_id": subject, "period": PERIOD, **firm["year"]})
        if firm["prior"]:
            earlier = {**firm["year"], "tax": firm["year"]["land"]}
            rows["enterprise_year"].append({"subject_id": subject, "period": "2021", **earlier})
    return Region(rows)


def firm_records(of: Region) -> dict[str, Record]:
    """Return every firm as the oracle sees it."""
    made: dict[str, Record] = {}
    for row in of.rows["enterprise"]:
        mine = [r for r in of.rows["enterprise_year"] if r["subject_id"] == row["subject_id"]]
        own = {"enterprise": [row], "enterprise_year": mine}
        made[row["subject_id"]] = record_of(town_programme(), own, PERIOD)
    return made
