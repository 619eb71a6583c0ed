"""The nine offices, each with its own columns, units and manners."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kaogong.data.synth.drafts import Cell, Draft, Sources
from kaogong.data.synth.people import ABOVE, SMALL
from kaogong.data.synth.places import COUNTIES, TOWNS
from kaogong.data.synth.years import MISSING

WAN = 10_000
# share of a year's power in each month; the month of the Spring Festival is the lowest
MONTHS = (7.6, 5.2, 8.5, 8.4, 8.6, 8.6, 9.2, 9.3, 8.7, 8.5, 8.6, 8.8)


def _headings(*lines: str) -> tuple[str, ...]:
    """Return headings from lines with bars between them."""
    return tuple(heading for line in lines for heading in line.split("|"))


def _numbers(who: Sequence[int]) -> list[Cell]:
    return list(range(1, len(who) + 1))


def statistics(s: Sources) -> Draft:
    """Return the list of firms above scale with their main figures; merged title rows."""
    who = s.rows(s.facts["above_scale"] == 1)
    wan = ("total_output", "total_output_base", "sales", "value_added", "revenue_base")
    plain = ("rd_expense", "energy_equal_value", "energy_equivalent")
    return Draft(
        "statistics",
        "统计局",
        f"{s.region.last_year}年规模以上工业企业名单及主要指标",
        _headings(
            "序号|统一社会信用代码|单位详细名称|行业代码|工业总产值(万元)|上年可比工业总产值(万元)",
            "销售收入(万元)|工业增加值(万元)|上年可比营业收入(万元)|研发费用(万元)",
            "综合能耗(等价值)(吨标煤)|综合能耗(当量值)(吨标煤)",
        ),
        [
            _numbers(who),
            *(s.text(name, who) for name in ("uscc", "name", "industry")),
            *(s.figures(name, who, WAN) for name in wan),
            *(s.figures(name, who) for name in plain),
        ],
        who,
        names=2,
        codes=1,
        money=(4, 5, 6, 7, 8),
        merged_title=True,
    )


def tax(s: Sources) -> Draft:
    """Return tax and accounts; the unit stands in the title only."""
    who = s.rows(s.facts["tax_paid"] != MISSING)
    wan = (
        "tax_paid", "tax_assessed", "pay", "depreciation", "operating_profit", "profit", "equity",
        "revenue", "main_revenue", "invoiced_sales", "rd_deductible",
    )  # fmt: skip
    return Draft(
        "tax",
        "税务局",
        f"{s.region.last_year}年度企业税收及财务指标(单位:万元)",
        _headings(
            "序号|社会信用代码|企业名称|企业实缴税金|评价税收|职工薪酬|固定资产折旧|营业利润",
            "利润总额|所有者权益|营业收入|主营业务收入|开票销售|允许扣除的研发费用|平均从业人数",
        ),
        [
            _numbers(who),
            *(s.text(name, who) for name in ("uscc", "name")),
            *(s.figures(name, who, WAN) for name in wan),
            s.figures("staff", who),
        ],
        who,
        names=2,
        codes=1,
        money=tuple(range(3, 14)),
        unit="万元",
    )


def power(s: Sources) -> Draft:
    """Return power by meter and month; a firm is known only by its meter number."""
    meters, who, totals = _meter_rows(s)
    shares = np.cumsum(MONTHS) / sum(MONTHS)
    until = np.rint(shares * np.array(totals)[:, None]).astype(np.int64)
    months = np.diff(until, axis=1, prepend=0)
    return Draft(
        "power",
        "供电公司",
        f"{s.region.last_year}年工业用户分月用电量(千瓦时)",
        ("表号", *(f"{month}月" for month in range(1, 13)), "网供用电量"),
        [list(meters), *(months[:, n].tolist() for n in range(12)), list(totals)],
        who,
    )


def _meter_rows(s: Sources) -> tuple[list[str], list[int], list[int]]:
    """Return meter numbers, their firm (-1 where several) and the year's power of each."""
    people, customer = s.region.people, s.region.master.customer
    draw = s.region.streams.of("meters").random(people.count)
    has_two = (people.pool == ABOVE) & (draw < 0.05)
    rows: list[tuple[str, int, int]] = []
    for place in s.rows(s.region.without(s.region.own_meter_rows)):
        total = int(s.facts["power"][place])
        other = total * 3 // 10 if has_two[place] else 0
        rows.append((f"SYNE1{customer[place]:08d}", place, total - other))
        if has_two[place]:
            rows.append((f"SYNE2{customer[place]:08d}", place, other))
    rows += _known_meters(s)
    meters, who, totals = (list(column) for column in zip(*rows, strict=True))
    return meters, who, totals


def _known_meters(s: Sources) -> list[tuple[str, int, int]]:
    """Return the meter of the village plant and the two of the firm whose meter was replaced."""
    customer, rows = s.region.master.customer, []
    for place, *tenants in filter(None, (s.region.known.get("village_plant"),)):
        total = int(s.facts["power"][[place, *tenants]].sum())
        rows.append((f"SYNE1{customer[place]:08d}", -1, total))
    for (place,) in filter(None, (s.region.known.get("meter_replaced"),)):
        total = int(s.facts["power"][place])
        old = total * 46 // 100
        rows.append((f"SYNE1{customer[place]:08d}", place, old))
        rows.append((f"SYNE9{customer[place]:08d}", place, total - old))
    return rows


def land(s: Sources) -> Draft:
    """Return plots in square metres; a GB18030 file that went through a spreadsheet."""
    holders = [-1 if holder is None else int(str(holder)[3:]) for holder in s.parcels["holder"]]
    held = [n for n, holder in enumerate(holders) if holder >= 0]
    who = [holders[n] for n in held]

    def column(name: str) -> list[Cell]:
        cells = s.parcels[name]
        return [None if cells[n] is None else str(cells[n]) for n in held]

    rest = ("certificate_no", "area", "right_type", "land_use", "term_start", "term_end")
    return Draft(
        "land",
        "自然资源局",
        "宗地登记台账",
        _headings(
            "宗地代码|权利人|统一社会信用代码|不动产权证号|宗地面积(平方米)|权利类型|土地用途",
            "使用期起|使用期止",
        ),
        [
            column("subject_id"),
            *(s.text(name, who) for name in ("name", "uscc")),
            *(column(name) for name in rest),
        ],
        who,
        names=1,
        codes=2,
        form="gb18030",
    )


def towns(s: Sources) -> Draft:
    """Return the towns' land survey in mu, by name only; merged titles, corrected once."""
    who = s.rows((s.region.people.pool <= SMALL) & (s.facts["land_own"] + s.facts["land_in"] > 0))
    town = [TOWNS[int(n)].name for n in s.region.people.town[np.array(who, dtype=np.int64)]]
    fields = ("land_own", "land_in", "land_out", "land_protected", "land_reduced", "land_factual")
    return Draft(
        "towns",
        "各镇街",
        f"{s.region.last_year}年度工业企业用地调查汇总表",
        _headings(
            "镇街|企业名称|自有土地(亩)|租用土地(亩)|出租土地(亩)|评价保护期土地(亩)",
            "新减土地(亩)|事实用地(亩)",
        ),
        [list(town), s.text("name", who), *(s.mu(name, who) for name in fields)],
        who,
        names=1,
        merged_title=True,
        corrected=(2, 7),
    )


def insurance(s: Sources) -> Draft:
    """Return insured persons; a total row stands in the middle of the table."""
    who = s.rows(s.facts["insured"] != MISSING)
    return Draft(
        "insurance",
        "人力社保局",
        f"{s.region.last_year}年企业月均参保人数",
        _headings("信用代码|单位名称|参保人数|用工人数"),
        [
            *(s.text(name, who) for name in ("uscc", "name")),
            *(s.figures(name, who) for name in ("insured", "employed")),
        ],
        who,
        names=1,
        codes=0,
        total_in_middle=True,
    )


def environment(s: Sources) -> Draft:
    """Return discharge; whoever is not in the statistics has some sign in place of a number."""
    who = s.rows((s.region.people.pool == ABOVE) | (s.facts["in_environment_statistics"] == 1))
    fields = (
        "emission", "cod", "ammonia_nitrogen", "sulphur_dioxide", "nitrogen_oxides", "coal",
        "gas_environment",
    )  # fmt: skip
    return Draft(
        "environment",
        "生态环境局",
        f"{s.region.last_year}年环境统计",
        _headings(
            "统一社会信用代码|企业名称|是否纳入环统|主要污染物排放量(吨)|化学需氧量(吨)|氨氮(吨)",
            "二氧化硫(吨)|氮氧化物(吨)|煤(吨)|天然气(环统)(万立方米)",
        ),
        [
            *(s.text(name, who) for name in ("uscc", "name")),
            s.flags("in_environment_statistics", who, "是", "否"),
            *(s.figures(name, who) for name in fields),
        ],
        who,
        names=1,
        codes=0,
        blanks=("-", "/", "无", "#N/A", "", "-", "/", "0.00"),
        wide=3,
    )


def science(s: Sources) -> Draft:
    """Return high-tech enterprises and research in 10,000 yuan."""
    who = s.rows((s.region.people.pool == ABOVE) | (s.facts["high_tech"] == 1))
    return Draft(
        "science",
        "科技局",
        f"{s.region.last_year}年研发与高新技术企业",
        _headings("统一社会信用代码|企业名称|是否高新技术企业|R&D经费(万元)"),
        [
            *(s.text(name, who) for name in ("uscc", "name")),
            s.flags("high_tech", who, "√", "×"),
            s.figures("rd_spend", who),
        ],
        who,
        names=1,
        codes=0,
        blanks=("", "-"),
        wide=3,
    )


def registration(s: Sources) -> Draft:
    """Return the market registration of all firms; some dates are a spreadsheet's day number."""
    who = s.rows(np.ones(s.region.people.count, dtype=bool))
    capital = [s.master["registered_capital"][n] for n in who]
    county = {item.code: item.name for item in COUNTIES}
    return Draft(
        "registration",
        "市场监管局",
        "市场主体登记信息",
        _headings(
            "统一社会信用代码|企业名称|原企业名称|登记注册类型|登记状态|注册资本(万元)|注册日期",
            "住所|行业代码|所属县区",
        ),
        [
            *(s.text(name, who) for name in ("uscc", "name", "former_name")),
            *(s.text(name, who) for name in ("registration_type", "registration_state")),
            [None if amount is None else float(str(amount)) for amount in capital],
            *(s.text(name, who) for name in ("founded_on", "address", "industry")),
            [county[str(s.master["division"][n])] for n in who],
        ],
        who,
        names=1,
        codes=0,
        dates=(6,),
        form="utf8",
    )


DRAFTS: tuple[Callable[[Sources], Draft], ...] = (
    statistics, tax, power, land, towns, insurance, environment, science, registration,
)  # fmt: skip
