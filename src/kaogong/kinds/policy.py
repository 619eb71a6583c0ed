"""Policy 政策: who is entitled to what, with caps, limits and budgets; language section 4.5."""

from __future__ import annotations

from typing import Annotated, Literal

from kaogong.kinds.head import (
    ConditionPart,
    Head,
    Model,
    Names,
    OpenDate,
    OpenWords,
    Source,
    Title,
    ValuePart,
    Words,
    YesNo,
    key,
)
from kaogong.kinds.parts import OpenFirst, OpenSlot

OrOpen = OpenFirst()
OpenNames = Annotated[Names | OpenSlot, OrOpen]
Gives = Literal[
    "grant", "voucher", "interest", "price", "quota", "equity", "guarantee", "priority", "bar",
    "honour",
]  # fmt: skip


class Cap(Model):
    """The most that is paid: for one item, one project, one year, one life."""

    item: ValuePart | None = key("单项上限", "for one item", None)
    project: ValuePart | None = key("单个项目上限", "for one project", None)
    year: ValuePart | None = key("每年上限", "for one year", None)
    life: ValuePart | None = key("累计上限", "in a lifetime", None)


class Instalment(Model):
    """One part of what is paid, and on what it depends."""

    amount: ValuePart | None = key("金额", "amount", None)
    share: ValuePart | None = key("比例", "share", None)
    at: Words | None = key("时间", "at", None)
    when: ConditionPart | None = key("条件", "when", None)
    else_: Literal["stop", "claw_back"] | None = key("不满足时", "else", None, alias="else")


class Balance(Model):
    """A credit that is carried forward until it is used or dies."""

    adds: ValuePart = key("增加", "adds")
    uses: ValuePart = key("使用", "uses")
    expires: OpenWords | None = key("到期", "expires", None)


class Window(Model):
    """When one may apply."""

    opens: OpenDate | None = key("开始申报", "opens", None)
    closes: OpenDate | None = key("截止申报", "closes", None)


class Clause(Model):
    """One clause: who is entitled, how much it is, and how it is given."""

    title: Title | None = key("名称", "title", None)
    source: Source | None = key("来源", "source", None)
    for_each: Words | None = key("逐项", "for each", None, absent=("每户一项", "one a subject"))
    when: ConditionPart = key("条件", "when")
    excludes: ConditionPart | None = key("不予享受", "excludes", None, absent=("无", "none"))
    amount: ValuePart = key("金额", "amount")
    base: ValuePart | None = key("计算基数", "base", None)
    unit: Words = key("单位", "unit")
    scale: int = key("小数位数", "decimals", ge=0, le=6)
    cap: Annotated[Cap | Literal["none"] | OpenSlot, OrOpen] = key("上限", "cap")
    minimum: ValuePart | None = key("最低兑付额", "minimum", None, absent=("不设", "none"))
    gives: Gives = key("支持方式", "gives", "grant")
    direction: Literal["pay", "levy"] = key("方向", "direction", "pay")
    payee: Words | None = key("收款方", "payee", None, absent=("主体本身", "the subject"))
    cost_share: Annotated[dict[str, ValuePart] | OpenSlot, OrOpen] | None = key(
        "分担比例", "cost share", None
    )
    pays: Annotated[dict[str, Instalment] | OpenSlot, OrOpen] = key(
        "分期兑付", "pays", {}, absent=("一次兑付", "at once")
    )
    balance: Balance | None = key("结转", "balance", None, absent=("不结转", "none"))
    once: Literal["life", "title", "year"] | None = key("享受次数", "once", None)
    mode: OpenWords = key("兑现方式", "mode")
    cadence: OpenWords | None = key("兑现周期", "cadence", None)
    window: Annotated[Window | OpenSlot, OrOpen] | None = key("申报期", "window", None)
    evidence: OpenNames = key("申报材料", "evidence", ())
    counts_to: OpenNames = key("计入限额", "counts to", ())
    includes_upper: YesNo | None = key("含上级资金", "includes upper-level money", None)
    was: Words | None = key("原条款", "was", None)
    note: Words | None = key("备注", "note", None)


class Limit(Model):
    """What several clauses may come to for one subject."""

    clauses: Names = key("条款", "clauses", ())
    per: Literal["item", "project", "year", "life"] = key("按", "per")
    cap: ValuePart | None = key("上限", "cap", None)
    share: Annotated[
        Literal["highest", "in_order", "pro_rata", "difference", "sum", "undecided"] | OpenSlot,
        OrOpen,
    ] = key("取舍", "share")
    exempt: ConditionPart | None = key("不受限", "exempt", None)
    across: Names = key("跨层级", "across", ())
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Budget(Model):
    """What several clauses may come to for everybody."""

    clauses: Names = key("条款", "clauses", ())
    per: Literal["year", "life"] = key("按", "per")
    cap: ValuePart = key("预算额", "cap")
    share: Annotated[Literal["first_come", "by_rank", "pro_rata"] | OpenSlot, OrOpen] = key(
        "分配", "share"
    )
    by: Names = key("次序", "by", ())
    rounding: Literal["half_up", "down", "up"] = key("取整", "rounding", "down")
    source: Source | None = key("来源", "source", None)
    note: Words | None = key("备注", "note", None)


class Policy(Head):
    """Clauses of support or levy, and what holds over several of them."""

    clauses: dict[str, Clause] = key("条款", "clauses")
    excludes: ConditionPart | None = key("不予享受", "excludes", None, absent=("无", "none"))
    limits: Annotated[dict[str, Limit] | OpenSlot, OrOpen] = key(
        "限额", "limits", {}, absent=("无", "none")
    )
    budgets: Annotated[dict[str, Budget] | OpenSlot, OrOpen] = key(
        "预算", "budgets", {}, absent=("无", "none")
    )
    publishes: dict[str, Words] = key("发布名称", "publishes", {}, absent=("不发布", "nothing"))
    process: Words | None = key("流程", "process", None)
