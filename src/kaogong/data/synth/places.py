"""The invented prefecture: counties, towns, parks and clusters, and which trade lives where.

The place words are names of crafts (filing, welding, joinery) that no division of the country
bears. The division number 98 was never assigned to a province.
"""

from __future__ import annotations

from dataclasses import dataclass

PROVINCE = "98"
PROVINCE_NAME = "拟省"
PREFECTURE = "980100"
PREFECTURE_NAME = "拟州市"
PREFECTURE_SHORT = "拟州"


@dataclass(frozen=True, slots=True)
class County:
    """A county or district; the numbers are factors against the city's mean."""

    code: str
    name: str
    short: str
    towns: int
    firms: float  # share of the city's firms
    land: float  # land at one turnover
    tax: float  # tax over value added
    labour: float  # value added a head
    energy: float  # energy over value added
    research: float
    emission: float
    trades: tuple[str, ...]  # trades at home here


COUNTIES: tuple[County, ...] = (
    County("980102", "铄城区", "铄城", 10, 0.17, 0.80, 1.20, 1.20, 0.75, 1.20, 0.6,
           ("opto", "instrument", "mould")),
    County("980103", "砺江区", "砺江", 10, 0.19, 0.85, 1.15, 1.00, 0.85, 1.10, 0.8,
           ("pump", "valve", "casting", "fastener")),
    County("980104", "钎河区", "钎河", 9, 0.17, 0.80, 1.15, 1.10, 0.80, 1.25, 0.7,
           ("switchgear", "cable", "motor", "circuit")),
    County("980105", "锉屿区", "锉屿", 4, 0.06, 1.10, 0.90, 0.85, 1.20, 0.70, 1.3,
           ("fish", "plastic")),
    County("980121", "鞣溪县", "鞣溪", 8, 0.16, 0.95, 0.90, 0.90, 0.80, 0.65, 1.1,
           ("shoe_leather", "shoe_rubber", "shoe_plastic", "leather")),
    County("980122", "镕山县", "镕山", 7, 0.09, 1.25, 0.95, 1.00, 1.70, 0.85, 2.2,
           ("copper_smelt", "copper_roll", "copper_wire")),
    County("980123", "榫垟县", "榫垟", 5, 0.06, 1.30, 0.85, 0.90, 1.30, 0.70, 1.6,
           ("bamboo", "floor", "furniture", "food")),
    County("980181", "焊州市", "焊州", 7, 0.10, 1.15, 0.95, 0.95, 1.10, 0.95, 1.0,
           ("auto", "motorcycle", "forging", "plastic")),
)  # fmt: skip
MERGED, INTO = 3, 2  # the district that was merged in mid-year, and where it went
SMELTER_COUNTY = 5
CELL_COUNTY = 6
DIVERGING_COUNTY = 7  # its ratio of sums falls while its mean of ratios rises
# counties with a story of their own, from which no other case takes its firms
STORIED = (MERGED, SMELTER_COUNTY, CELL_COUNTY, DIVERGING_COUNTY)
TOWN_WORDS = "轮舆弓庐匠梓筑冶凫栗段桃函鲍陶韦裘画缋筐"
TOWN_KINDS = ("镇", "街道", "乡")


@dataclass(frozen=True, slots=True)
class Park:
    """A park; its firms also belong to the counties listed, which counts them twice on purpose."""

    id: str
    name: str
    kind: str
    level: str
    stars: str | None
    counties: tuple[int, ...]  # the first is its seat
    above: float  # share of the counties' above-scale firms
    others: float


PARKS: tuple[Park, ...] = (
    Park("SYNP01", "拟州经济技术开发区", "经济开发区", "国家级", "五星", (0, 1), 0.30, 0.08),
    Park("SYNP02", "拟州高新技术产业园区", "高新园区", "省级", "四星", (2,), 0.40, 0.10),
    Park("SYNP03", "铄城仪器工业园", "工业园区", "市级", "三星", (0,), 0.15, 0.06),
    Park("SYNP04", "砺江泵阀工业园", "工业园区", "市级", "四星", (1,), 0.25, 0.10),
    Park("SYNP05", "砺江小微企业园", "小微企业园", "县级", "四星", (1,), 0.02, 0.12),
    Park("SYNP06", "钎河电气小微企业园", "小微企业园", "县级", "三星", (2,), 0.02, 0.12),
    Park("SYNP07", "鞣溪鞋业工业园", "工业园区", "省级", "三星", (4,), 0.35, 0.10),
    Park("SYNP08", "鞣溪制鞋小微企业园", "小微企业园", "县级", "五星", (4,), 0.03, 0.12),
    Park("SYNP09", "镕山铜产业集聚区", "产业集聚区", "省级", "四星", (5,), 0.60, 0.15),
    Park("SYNP10", "榫垟竹木特色小镇", "特色小镇", "县级", "二星", (6,), 0.30, 0.10),
    Park("SYNP11", "焊州汽摩配工业园", "工业园区", "省级", "三星", (7,), 0.45, 0.12),
    Park("SYNP12", "锉屿工业园", "工业园区", "县级", "一星", (3,), 0.30, 0.10),
    Park("SYNP13", "榫垟产业新区", "工业园区", "县级", None, (6,), 0.0, 0.0),  # nobody came
)  # fmt: skip
ZONES = (0, 1)
EMPTY_PARK = 12


@dataclass(frozen=True, slots=True)
class Cluster:
    """An industrial cluster; firms of its county's trades belong to it."""

    id: str
    name: str
    stars: str | None
    county: int


CLUSTERS: tuple[Cluster, ...] = (
    Cluster("SYNC01", "铄城光电仪器产业集群", "四星", 0),
    Cluster("SYNC02", "砺江泵阀产业集群", "五星", 1),
    Cluster("SYNC03", "钎河低压电器产业集群", "五星", 2),
    Cluster("SYNC04", "锉屿海产加工产业集群", None, 3),
    Cluster("SYNC05", "鞣溪鞋业产业集群", "四星", 4),
    Cluster("SYNC06", "镕山铜产业集群", "三星", 5),
    Cluster("SYNC07", "榫垟竹木产业集群", "一星", 6),
    Cluster("SYNC08", "焊州汽摩配产业集群", "三星", 7),
    Cluster("SYNC09", "拟州氢能装备产业集群", "一星", 0),  # one firm
    Cluster("SYNC10", "拟州航空器材产业集群", "一星", 0),  # none
)
CLUSTER_OF_ONE, CLUSTER_OF_NONE = 8, 9
CLUSTER_SHARE = {"above": 0.70, "others": 0.20}


@dataclass(frozen=True, slots=True)
class Town:
    """A town or subdistrict of a county."""

    code: str
    name: str
    county: int


def _towns() -> tuple[Town, ...]:
    towns = []
    for place, county in enumerate(COUNTIES):
        for n in range(county.towns):
            word = county.short[0] + TOWN_WORDS[(n * 3 + place * 7) % len(TOWN_WORDS)]
            kind = TOWN_KINDS[min(n % 4, 2)] if n else "街道"
            series = (1, 101, 201)[(1, 0, 2)[TOWN_KINDS.index(kind)]] + n
            if place == MERGED:  # towns kept their names and got codes of the new district
                code = f"{COUNTIES[INTO].code}{series + 50:03d}"
            else:
                code = f"{county.code}{series:03d}"
            towns.append(Town(code, word + kind, place))
    return tuple(towns)


TOWNS = _towns()
