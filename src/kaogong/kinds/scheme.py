"""Scheme 评价办法: who takes part, what counts, who stands where; language section 4.3."""

from __future__ import annotations

from typing import Annotated, Literal

from kaogong.kinds.head import (
    ConditionPart,
    Head,
    Model,
    Names,
    OpenWords,
    Source,
    Title,
    ValuePart,
    Words,
    YesNo,
    key,
)
from kaogong.kinds.parts import ALWAYS, OpenFirst, OpenSlot

OrOpen = OpenFirst()
OpenScale = Annotated[int | OpenSlot, OrOpen]


class Leave(Model):
    """Who is left out of the list, and what happens to them."""

    when: ConditionPart = key("条件", "when")
    as_: Literal["not_collected", "not_rated", "local_choice"] = key("处理", "as", alias="as")
    class_: Words | None = key("档次", "class", None, alias="class")
    treated_as: Words | None = key("参照档次", "treated as", None)
    title: Title | None = key("名称", "title", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Population(Model):
    """Who takes part, who leaves, and what undoes a leave."""

    takes_part: ConditionPart = key("参评范围", "takes part")
    leaves: Annotated[dict[str, Leave] | OpenSlot, OrOpen] = key(
        "退出情形", "leaves", {}, absent=("无", "none")
    )
    returns: Annotated[dict[str, ConditionPart] | OpenSlot, OrOpen] = key(
        "重新纳入", "returns", {}, absent=("无", "none")
    )


class Merge(Model):
    """Several subjects scored as one (permu:E06, E07)."""

    by: OpenWords = key("合并依据", "by")
    keep_apart: ConditionPart | None = key(
        "单独评价条件", "keep apart", None, absent=("无", "nobody")
    )
    result: Annotated[Literal["shared"] | OpenSlot, OrOpen] = key("结果共享", "result", "shared")
    also_alone: Annotated[YesNo | OpenSlot, OrOpen] = key("同时单独评价", "also alone", False)
    combine: Annotated[Literal["merged", "alone", "better", "worse"] | OpenSlot, OrOpen] | None = (
        key("两次结果取舍", "combine", None)
    )
    note: Words | None = key("备注", "note", None)


class Units(Model):
    """What is scored as one unit."""

    merge: Annotated[Merge | OpenSlot, OrOpen] = key("合并", "merge")


class Scoring(Model):
    """How one figure becomes points; each key is required somewhere, none has a default."""

    points: ValuePart | None = key("计分公式", "points", None)
    scale: OpenScale | None = key("小数位数", "decimals", None)
    round_at: Annotated[Literal["item", "total"] | OpenSlot, OrOpen] | None = key(
        "取整环节", "round at", None
    )
    cap: ValuePart | None = key("上限", "cap", None)
    floor: ValuePart | None = key("下限", "floor", None)
    missing: OpenWords | None = key("缺项处理", "missing", None)
    zero: OpenWords | None = key("零值处理", "zero", None)


SCORING_KEYS = ("points", "scale", "round_at", "cap", "floor", "missing", "zero")


class Line(Scoring):
    """One scored line: an indicator, its weight and what it is held against."""

    indicator: OpenWords | None = key("指标", "indicator", None)
    with_: Annotated[dict[str, OpenWords] | OpenSlot, OrOpen] = key(
        "口径选择", "with", {}, alias="with"
    )
    weight: ValuePart | None = key("权重", "weight", None)
    benchmark: ValuePart | None = key("基准值", "benchmark", None)
    low: ValuePart | None = key("最低值", "low", None)
    high: ValuePart | None = key("最高值", "high", None)
    parts: Annotated[dict[str, Line] | OpenSlot, OrOpen] | None = key("分项", "parts", None)
    title: Title | None = key("名称", "title", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Adjust(Model):
    """A bonus or deduction outside the hundred."""

    when: ConditionPart | None = key("条件", "when", None)
    points: ValuePart = key("分值", "points")
    category: Words | None = key("类别", "category", None)
    cap: ValuePart | None = key("上限", "cap", None)
    title: Title | None = key("名称", "title", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Rank(Model):
    """The order of the list, and how shares of it become places."""

    within: Annotated[Names | OpenSlot, OrOpen] = key("排序范围", "within")
    by: Annotated[Names | OpenSlot, OrOpen] = key("排序依据", "by")
    base: Annotated[Literal["taking_part", "rated"] | OpenSlot, OrOpen] = key("比例基数", "base")
    rounding: Annotated[Literal["half_up", "down", "up"] | OpenSlot, OrOpen] = key(
        "名额取整", "rounding"
    )
    rounding_of: Annotated[Literal["boundary", "class"] | OpenSlot, OrOpen] = key(
        "取整对象", "rounding of"
    )
    ties: Annotated[Literal["together_up", "together_down", "by_key"] | OpenSlot, OrOpen] = key(
        "并列处理", "ties"
    )
    note: Words | None = key("备注", "note", None)


class Cut(Model):
    """A part of a list from its top, by share or by place, or what is left of it."""

    from_: Words | None = key("取自", "from", None, alias="from")
    by: Annotated[Names | OpenSlot, OrOpen] | None = key("排序依据", "by", None)
    take: OpenWords | None = key("区间", "take", None)
    when: ConditionPart | None = key("条件", "when", None)
    rest: YesNo = key("其余", "rest", False)
    outside: YesNo = key("不参加分档", "outside", False)
    bound: Words | None = key("占比限制", "bound", None)
    title: Title | None = key("名称", "title", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Move(Model):
    """A change of class after ranking; later moves win."""

    when: ConditionPart = key("条件", "when")
    class_: Words | None = key("改为", "class", None, alias="class")
    at_best: Words | None = key("不高于", "at best", None)
    at_worst: Words | None = key("不低于", "at worst", None)
    up: int | None = key("上调档数", "up", None, ge=1)
    down: int | None = key("下调档数", "down", None, ge=1)
    title: Title | None = key("名称", "title", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


Lines = Annotated[dict[str, Line] | OpenSlot, OrOpen]
Adjusts = Annotated[dict[str, Adjust] | OpenSlot, OrOpen]
Cuts = Annotated[dict[str, Cut] | OpenSlot, OrOpen]
RankPart = Annotated[Rank | OpenSlot, OrOpen]
ScoringPart = Annotated[Scoring | OpenSlot, OrOpen]


class Group(Model):
    """Subjects scored by the same lines; its own keys hold whole, else the scheme's."""

    title: Title | None = key("名称", "title", None)
    when: ConditionPart = key("条件", "when", ALWAYS)
    scores: Lines | None = key("评分项", "scores", None)
    scoring: ScoringPart | None = key("计分", "scoring", None)
    adjust: Adjusts | None = key("加减分", "adjust", None)
    rank: RankPart | None = key("排序", "rank", None)
    pools: Cuts | None = key("分段", "pools", None)
    classes: Cuts | None = key("分档", "classes", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Total(Model):
    """The floor of the total."""

    floor: ValuePart = key("总分下限", "floor")


class Room(Model):
    """What a lower level may set."""

    scores: Annotated[dict[str, OpenWords] | YesNo | OpenSlot, OrOpen] | None = key(
        "评分项", "scores", None
    )
    classes: YesNo | None = key("分档", "classes", None)


class Scheme(Head):
    """A published way to grade subjects, complete down to rounding and ties."""

    population: Annotated[Population | OpenSlot, OrOpen] = key("参评对象", "population")
    units: Annotated[Units | OpenSlot, OrOpen] | None = key(
        "评价单元", "units", None, absent=("各自评价", "each alone")
    )
    in_place_of: Words | None = key("替代对象", "in place of", None)
    groups: Annotated[dict[str, Group] | OpenSlot, OrOpen] = key("分组", "groups")
    scores: Lines | None = key("评分项", "scores", None)
    scoring: ScoringPart | None = key("计分", "scoring", None)
    adjust: Adjusts | None = key("加减分", "adjust", None)
    adjust_caps: Annotated[dict[str, ValuePart] | OpenSlot, OrOpen] = key(
        "加减分上限", "caps of adjustments", {}, absent=("无", "none")
    )
    total: Annotated[Total | OpenSlot, OrOpen] | None = key("总分", "total", None)
    rank: RankPart | None = key("排序", "rank", None)
    pools: Cuts | None = key("分段", "pools", None)
    classes: Cuts | None = key("分档", "classes", None)
    moves: Annotated[dict[str, Move] | OpenSlot, OrOpen] = key(
        "调档", "moves", {}, absent=("无", "none")
    )
    vacated: Annotated[Literal["refill", "leave"] | OpenSlot, OrOpen] | None = key(
        "空出名额", "vacated", None
    )
    room: Annotated[Room | OpenSlot, OrOpen] | None = key(
        "下级可定", "room", None, absent=("均可调整", "everything")
    )
    publishes: dict[str, Words] = key("发布名称", "publishes", {}, absent=("不发布", "nothing"))
    trial: YesNo = key("试评", "trial", False)
    process: Words | None = key("流程", "process", None)
