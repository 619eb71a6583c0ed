"""Findings of band tables, case tables and open slots: KG501 to KG505."""

from __future__ import annotations

from kaogong.language.messages.message import Message

BANDS: dict[str, Message] = {
    "KG501": Message(
        "E",
        "{place}的分档在{a}与{b}之间有空档",
        "The bands of {place} leave a gap between {a} and {b}",
        "请使相邻两档首尾相接，或写else。“以上”“以下”含本数，“超过”“低于”不含。",
        "Let neighbouring bands meet, or write `else`; [ and ] include the end, ( and ) do not.",
    ),
    "KG502": Message(
        "E",
        "{place}有两档同时包含{point}",
        "Two bands of {place} claim {point}",
        "请按文件原文确定该点归哪一档，另一档改为不含（圆括号）。",
        "Decide from the text which band holds the point; open the other with ( or ).",
    ),
    "KG503": Message(
        "W",
        "原文所印{a}与{b}两档之间留有空隙，现写作{c}",
        "The printed bands {a} and {b} leave a hole; written as {c}",
        "请由主管单位确认此读法，并在readings中载明另一读法。",
        "Have the office confirm this reading and record the other one under `readings`.",
    ),
    "KG504": Message(
        "W",
        "情形表第{n}行永远不会用到",
        "Row {n} of the cases can never be reached",
        "前面的行已包括此行；请把较窄的情形移到前面，或删去此行。",
        "Earlier rows cover it; move the narrower case up or remove this row.",
    ),
    "KG505": Message(
        "N",
        "“{place}”待定：{why}",
        '"{place}" is open: {why}',
        "查到出处后填写；试算可用叠加方案填入，并保留待定的记载。",
        "Fill it once the source is known; a trial may fill it by an overlay.",
    ),
}
