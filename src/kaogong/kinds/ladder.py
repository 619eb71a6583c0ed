"""Ladder 梯度: which rung a subject stands on, and what it lacks for the next; section 4.4."""

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
    key,
)
from kaogong.kinds.parts import OpenFirst, OpenSlot
from kaogong.kinds.scheme import Cut

OrOpen = OpenFirst()


class PointsItem(Model):
    """One scored item of a rung: its points, at most so many, counted to a part."""

    max: ValuePart = key("满分", "maximum")
    part: Words | None = key("类别", "part", None)
    points: ValuePart = key("分值", "points")
    title: Title | None = key("名称", "title", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Lane(Model):
    """A direct lane that takes the place of some conditions of the entry only."""

    when: ConditionPart = key("条件", "when")
    replaces: Names = key("替代条件", "takes the place of")
    note: Words | None = key("备注", "note", None)


class Rung(Model):
    """One rung: what lets a subject in, and what keeps it there."""

    title: Title | None = key("名称", "title", None)
    level: Words | None = key("级别", "level", None)
    after: Words | None = key("须先具备", "after", None)
    entry: ConditionPart | None = key("条件", "entry", None, absent=("无", "none"))
    lane: Lane | None = key("部分直通", "lane", None, absent=("无", "none"))
    direct: ConditionPart | None = key("直通条件", "direct", None, absent=("无", "none"))
    points: Annotated[dict[str, PointsItem] | OpenSlot, OrOpen] = key(
        "评分", "points", {}, absent=("不评分", "none")
    )
    pass_: ConditionPart | None = key("达标线", "pass", None, alias="pass")
    keep: ConditionPart | None = key("复核条件", "keep", None, absent=("同条件", "as entry"))
    exit: ConditionPart | None = key("退出条件", "exit", None, absent=("无", "none"))
    valid: OpenWords | None = key("有效期", "valid", None)
    share: Annotated[dict[str, Cut] | OpenSlot, OrOpen] | None = key("名额", "share", None)
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Ladder(Head):
    """Rungs from the highest down; each with what is asked for it."""

    assign: Literal["computed", "titled"] = key("确定方式", "assigned")
    titles: Words | None = key("称号名录", "titles", None)
    blocked: OpenWords | None = key("撤销后限制期", "blocked", None)
    base: ConditionPart | None = key("基本条件", "base", None, absent=("无", "none"))
    rungs: dict[str, Rung] = key("梯级", "rungs")
    publishes: dict[str, Words] = key("发布名称", "publishes", {}, absent=("不发布", "nothing"))
    process: Words | None = key("流程", "process", None)
