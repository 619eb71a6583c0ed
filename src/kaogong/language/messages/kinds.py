"""Findings of the kinds, above all of evaluation schemes: KG601 to KG617."""

from __future__ import annotations

from kaogong.language.messages.message import Message

KINDS: dict[str, Message] = {
    "KG601": Message(
        "E",
        "“{group}”组的权重合计为{sum}，应为{full}",
        'The weights of group "{group}" add up to {sum}, not {full}',
        "请逐项对照文件核对权重；不在满分之内的加分、扣分写入adjust。",
        "Check each weight against the text; bonuses and deductions stand under `adjust`.",
    ),
    "KG602": Message(
        "E",
        "“{indicator}”有几种口径：{list}；请用with选定",
        '"{indicator}" has variants {list}; choose with "with"',
        "请按文件原文写with；原文未载明口径的，写{{open: 原因}}。",
        "Write `with` as the text says; where it is silent, write {{open: why}}.",
    ),
    "KG603": Message(
        "E",
        "可能有主体不属于任何一组",
        "Some subjects may fall into no group",
        "请使各组条件合起来包括全部主体，如最后一组写when: true。",
        "Let the groups cover everybody, for example with `when: true` in the last one.",
    ),
    "KG604": Message(
        "E",
        "“{pool}”名单的各档共占{share}，应恰为全部",
        'The classes of pool "{pool}" cover {share} of the list',
        "请核对各档比例；余下主体归入一档的，写rest: true。",
        "Check the shares; write `rest: true` for the class that takes whoever is left.",
    ),
    "KG605": Message(
        "E",
        "“{a}”与“{b}”对同一主体公布同名结果“{name}”",
        '"{a}" and "{b}" publish "{name}" for the same subject',
        "请给其中一个公布的名称改名；属于替代关系的写replaces或in_place_of。",
        "Publish under another name, or say `replaces` or `in_place_of`.",
    ),
    "KG606": Message(
        "E",
        "状态“{state}”无法离开，又不是终结状态",
        'State "{state}" cannot be left and is not final',
        "请补写离开该状态的事件，或标明final: true。",
        "Add an event that leaves it, or mark it `final: true`.",
    ),
    "KG607": Message(
        "E",
        "{place}的改动超出上位办法允许的范围",
        "{place} goes beyond the room that the upper scheme leaves",
        "上位办法的room载明可调的项目和幅度；请改回范围之内。",
        "The upper scheme's `room` says what may be set and how far; stay within it.",
    ),
    "KG608": Message(
        "E",
        "指标“{indicator}”含除法而未写on_zero",
        'Indicator "{indicator}" divides but has no on_zero',
        "请写明分母为零时如何处理：missing、worst、best或一个数。",
        "Say what a zero denominator gives: `missing`, `worst`, `best` or a number.",
    ),
    "KG609": Message(
        "E",
        "{place}所用的等级“{name}”不在classes之中",
        '{place} uses class "{name}", which classes does not have',
        "请改用classes中已列的等级名称。",
        "Use the name of a class that stands under `classes`.",
    ),
    "KG610": Message(
        "E",
        "名单“{pool}”未在pools中设定",
        'Pool "{pool}" is not among the pools',
        "请在pools中设定该名单，或改正from所写的名称。",
        "Define it under `pools`, or correct the name after `from`.",
    ),
    "KG611": Message(
        "E",
        "points()所用的“{item}”不是本组的计分项",
        'points() names "{item}", which is not a line of this group',
        "请改用本组scores中已列的计分项。",
        "Use the name of a line that stands under the `scores` of this group.",
    ),
    "KG612": Message(
        "N",
        "原文有两种读法，已选其一：{question} → {chosen}",
        "Reading chosen: {question} -> {chosen}",
        "另一读法可作为叠加方案试算；请由主管单位确认。",
        "The other reading can be run as an overlay; have the office confirm.",
    ),
    "KG613": Message(
        "E",
        "“{line}”各分项权重合计为{sum}，应为{weight}",
        'The parts of "{line}" add up to {sum}, not {weight}',
        "请核对各分项权重，或改正该项的总权重。",
        "Check the weights of the parts, or the weight of the line.",
    ),
    "KG614": Message(
        "W",
        "“{class}”档占比{share}，超出规定范围{bound}",
        'Class "{class}" holds {share}, outside its bound {bound}',
        "请核对本组户数、并列处理与升降档规定；小组内比例难以取整属常见原因。",
        "Check the size of the group, ties and moves; small groups often miss a share.",
    ),
    "KG615": Message(
        "E",
        "“{group}”组参评{n}户，不足以评价：{why}",
        'Group "{group}" has {n} rated subjects ({why})',
        "请核对参评条件与数据是否到齐；户数过少的组请按办法并入他组。",
        "Check who takes part and whether the data are complete, or merge the group.",
    ),
    "KG616": Message(
        "N",
        "名单“{pool}”中“{class}”档无户",
        'Class "{class}" is empty in pool "{pool}"',
        "名额取整后为零时属正常；否则请核对名额基数与取整方式。",
        "Normal where the quota rounds to none; otherwise check `base` and `rounding`.",
    ),
    "KG617": Message(
        "E",
        "“{group}”组“{item}”的基准值为零或未知",
        'The benchmark of "{item}" in "{group}" is zero or unknown',
        "请补齐基准值，或核对用于求均值的数据；基准为零时无法计分。",
        "Supply the benchmark, or check the data it is the mean of; nothing divides by zero.",
    ),
}
