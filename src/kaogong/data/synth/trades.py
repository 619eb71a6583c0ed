"""The trades of the city: an industry class each, and how its firms differ from the mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade; the numbers are factors against the city's mean."""

    id: str
    code: str  # class of GB/T 4754-2017
    word: str  # as it stands in a firm's name
    common: float  # how often, away from home
    value_added: float = 1.0  # over turnover
    tax: float = 1.0  # over value added
    energy: float = 1.0  # over value added
    labour: float = 1.0  # value added a head
    research: float = 1.0
    discharge: float = 1.0  # over value added
    land: float = 1.0  # at one turnover
    gas: float = 0.10  # of its energy
    coal: float = 0.0  # of its energy


TRADES: tuple[Trade, ...] = (
    Trade("pump", "3441", "泵业", 1.0, 1.10, 1.15, 0.6, 1.0, 1.3, 0.3),
    Trade("valve", "3443", "阀门", 1.0, 1.10, 1.15, 0.7, 1.0, 1.2, 0.4),
    Trade("casting", "3391", "铸造", 0.8, 0.95, 0.90, 2.2, 0.8, 0.7, 1.8, 1.3, 0.25, 0.15),
    Trade("forging", "3393", "锻造", 0.6, 0.95, 0.95, 1.9, 0.9, 0.7, 1.2, 1.2, 0.30),
    Trade("fastener", "3482", "紧固件", 0.9, 1.00, 1.00, 1.0, 0.9, 0.8, 0.8),
    Trade("shoe_leather", "1952", "鞋业", 0.5, 0.95, 0.80, 0.4, 0.6, 0.5, 0.6, 0.8),
    Trade("shoe_rubber", "1954", "胶鞋", 0.3, 0.90, 0.80, 0.6, 0.6, 0.5, 0.9, 0.9),
    Trade("shoe_plastic", "1953", "塑鞋", 0.3, 0.90, 0.80, 0.6, 0.6, 0.5, 0.7, 0.8),
    Trade("leather", "1910", "鞣革", 0.1, 0.85, 0.80, 1.3, 0.8, 0.5, 6.0, 1.1, 0.20, 0.20),
    Trade("copper_smelt", "3211", "铜冶", 0.0, 0.35, 0.75, 2.2, 1.4, 0.6, 3.0, 1.2, 0.20, 0.15),
    Trade("copper_roll", "3251", "铜材", 0.2, 0.50, 0.80, 1.4, 1.3, 0.8, 1.0, 1.0, 0.20),
    Trade("copper_wire", "3340", "铜线", 0.2, 0.55, 0.85, 1.2, 1.2, 0.8, 0.6),
    Trade("cable", "3831", "线缆", 0.6, 0.65, 0.90, 0.7, 1.2, 1.0, 0.3),
    Trade("switchgear", "3823", "电气", 0.8, 1.10, 1.20, 0.4, 1.0, 1.5, 0.2, 0.8),
    Trade("motor", "3812", "电机", 0.8, 1.05, 1.10, 0.6, 1.0, 1.4, 0.3),
    Trade("circuit", "3982", "电路", 0.4, 1.00, 0.90, 1.1, 1.0, 1.8, 2.5, 0.8),
    Trade("opto", "3976", "光电", 0.3, 1.20, 0.90, 0.6, 1.3, 2.4, 0.4, 0.7),
    Trade("instrument", "4011", "仪表", 0.4, 1.30, 1.20, 0.3, 1.2, 2.2, 0.2, 0.7),
    Trade("mould", "3525", "模具", 0.9, 1.30, 1.10, 0.5, 1.0, 1.3, 0.3, 0.8),
    Trade("auto", "3670", "汽配", 1.0, 1.05, 1.05, 0.8, 1.0, 1.3, 0.5),
    Trade("motorcycle", "3752", "摩配", 0.6, 1.00, 0.95, 0.7, 0.9, 1.0, 0.5),
    Trade("machining", "3484", "机械", 1.2, 1.10, 1.00, 0.7, 0.9, 0.9, 0.4),
    Trade("structure", "3311", "钢构", 0.7, 0.90, 0.95, 0.8, 0.9, 0.6, 0.6, 1.5),
    Trade("plastic", "2929", "塑业", 1.2, 1.00, 1.00, 1.0, 0.9, 0.8, 0.7),
    Trade("film", "2921", "薄膜", 0.4, 0.90, 0.95, 1.1, 1.1, 0.9, 0.8),
    Trade("dyeing", "1713", "印染", 0.15, 0.90, 0.90, 3.0, 0.8, 0.6, 8.0, 1.0, 0.25, 0.30),
    Trade("garment", "1819", "服饰", 0.8, 0.95, 0.80, 0.3, 0.5, 0.4, 0.2, 0.8),
    Trade("toy", "2452", "玩具", 0.4, 0.95, 0.80, 0.5, 0.6, 0.6, 0.3),
    Trade("furniture", "2110", "家具", 0.6, 0.95, 0.80, 0.4, 0.7, 0.5, 0.5, 1.4),
    Trade("bamboo", "2041", "竹艺", 0.1, 0.90, 0.70, 0.7, 0.6, 0.6, 0.6, 1.3),
    Trade("floor", "2034", "地板", 0.1, 0.85, 0.75, 0.8, 0.8, 0.6, 0.8, 1.4),
    Trade("food", "1371", "食品", 0.4, 0.85, 0.80, 0.9, 0.8, 0.5, 2.0, 1.2),
    Trade("fish", "1361", "海产", 0.1, 0.75, 0.60, 0.9, 0.8, 0.3, 2.2, 1.1),
    Trade("carton", "2231", "纸品", 0.6, 0.85, 0.90, 1.0, 0.9, 0.5, 1.5),
    Trade("printing", "2319", "包装", 0.5, 1.00, 1.00, 0.7, 0.9, 0.6, 0.8),
    Trade("brick", "3031", "建材", 0.2, 0.95, 0.80, 5.0, 0.9, 0.3, 5.0, 2.0, 0.10, 0.50),
    Trade("cement", "3021", "砼业", 0.3, 0.75, 0.90, 1.4, 1.2, 0.4, 1.5, 1.5),
    Trade("drug", "2710", "药化", 0.15, 1.50, 1.20, 1.3, 1.3, 2.0, 3.5, 1.1, 0.25, 0.05),
    Trade("power", "4411", "热电", 0.0, 1.00, 1.00, 20.0, 2.5, 0.2, 12.0, 2.0, 0.02, 0.90),
    Trade("waterworks", "4610", "供水", 0.0, 1.60, 0.90, 1.0, 1.5, 0.1, 0.1, 2.5),
)
TRADE_OF = {trade.id: place for place, trade in enumerate(TRADES)}
UTILITIES = (TRADE_OF["power"], TRADE_OF["waterworks"])
HOME_TIMES = 22.0  # how much more often a trade is met where it is at home
