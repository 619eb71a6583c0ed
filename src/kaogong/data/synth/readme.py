"""The page that lies beside the data and says what they are: invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaogong.data.synth.city import MARK, MARK_EN

if TYPE_CHECKING:
    from kaogong.data.synth.make import RegionReport
    from kaogong.data.synth.region import Region

_TEXT = """# {mark} / {mark_en}

本目录全部内容均为程序生成的**{mark}**,不对应任何真实地区、企业或个人,不得作为统计资料引用。
行政区划代码以 98 开头,从未启用;企业名称由登记机关不存在的字号组成;没有自然人姓名。
各项比例是生成参数,见 `synthetic.json`,不是统计结果。

Everything in this folder is **{mark_en_lower}**, made by a program. It describes no real place,
enterprise or person and must not be quoted as statistics. Division numbers begin with 98, which
was never assigned; firms are named with words that no registry holds; there are no names of
persons. All proportions are parameters of the generator, printed in `synthetic.json`.

| | |
|---|---|
| 企业 / firms | {firms} |
| 年度 / years | {years} |
| 种子 / seed | {seed} |

| 文件 / file | 行 / rows |
|---|---|
{rows}

- `known_firms.csv`: {cases} 个预设案例,逐户说明看什么 / known cases and what to look at.
- `codes/divisions.csv`: 虚构的行政区划 / the invented divisions.
{sheets}{short}"""
_SHEETS = """- `sheets/`: 部门报来的九份表样(含预设差错),`truth.json` 为差错计数
  / nine sheets as offices send them, with planted errors; `truth.json` counts them.
"""


def readme(region: Region, report: RegionReport) -> str:
    """Return the page in Chinese and English."""
    rows = "\n".join(f"| `{name}` | {count} |" for name, count in sorted(report.rows.items()))
    short = ""
    if report.missing_cases:
        listed = ", ".join(report.missing_cases)
        short = f"- 企业数或年数不足,未预设 / too few firms or years for: {listed}\n"
    return _TEXT.format(
        mark=MARK, mark_en=MARK_EN, mark_en_lower=MARK_EN.lower(), firms=report.firms,
        years=f"{report.years[0]}-{report.years[-1]}", seed=report.seed, rows=rows,
        cases=len(region.known), short=short, sheets=_SHEETS if report.sheets else "",
    )  # fmt: skip
