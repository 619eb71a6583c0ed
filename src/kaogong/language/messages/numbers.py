"""Findings of numbers, units and scales: KG401 to KG412."""

from __future__ import annotations

from kaogong.language.messages.message import Message

NUMBERS: dict[str, Message] = {
    "KG401": Message(
        "E",
        "{left}与{right}量纲不同，不能相加减或比较 {unit}",
        "{left} and {right} do not add or compare {unit}",
        "两边须为同一量纲，如元与万元；请核对字段单位，或先相除、相乘得到同类的量。",
        "Both sides need one dimension, as 元 and 万元; check the units of the fields.",
    ),
    "KG402": Message(
        "E",
        "“{name}”旁的{number}须写单位（{unit}）",
        "{number} needs a unit beside {name} ({unit})",
        "请按文件原文写明单位，如{number}{unit}。",
        "Write the unit that the text means, for example {number}{unit}.",
    ),
    "KG403": Message(
        "E",
        "{number}超出“{name}”的取值范围：{range}",
        '{number} lies outside what "{name}" can hold: {range}',
        "请核对数字与单位；确有此值的，修改该字段的range。",
        "Check number and unit; if such a value is real, widen the field's `range`.",
    ),
    "KG408": Message(
        "E",
        "“{name}”须写明小数位数（scale）",
        '"{name}" needs a scale',
        "请写scale，即保留几位小数；四舍五入只在命名的值上进行一次。",
        "Write `scale`, the decimals kept; a value is rounded once, where it gets its name.",
    ),
    "KG412": Message(
        "E",
        "“{value}”可能需要{bits}位才能精确表示；请把其中一部分命名并写小数位数",
        '"{value}" may need {bits} bits; name a part of it with a scale',
        "请在let中为其中一步写名称、单位和scale；结果不会改用近似数。",
        "Name one step under `let` with unit and scale; nothing is made approximate in silence.",
    ),
}
