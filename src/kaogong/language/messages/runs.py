"""Findings of the review of policies and of runs: KG701 to KG719, KG725."""

from __future__ import annotations

from kaogong.language.messages.message import Message

RUNS: dict[str, Message] = {
    "KG701": Message(
        "W",
        "“{clause}”的金额与纳税额或地方贡献挂钩",
        'The amount of "{clause}" follows tax or local contribution',
        "公平竞争审查不许与缴税挂钩的奖补；请改按投入、产出等计算，或附审查意见。",
        "Fair-competition review bars it; base the amount on effort or attach the opinion.",
    ),
    "KG702": Message(
        "W",
        "“{clause}”以迁入、在本地纳税或纳入本地统计为条件",
        '"{clause}" requires moving in, local tax or local statistics',
        "此类条件妨碍统一大市场；请删去，或附公平竞争审查意见。",
        "Such conditions hinder the single market; drop it or attach the review's opinion.",
    ),
    "KG703": Message(
        "W",
        "“{clause}”指定特定企业，或只限本地产品",
        '"{clause}" names an enterprise, or only local goods',
        "请改为人人可及的条件，或附公平竞争审查意见。",
        "Write a condition anybody can meet, or attach the review's opinion.",
    ),
    "KG709": Message(
        "E",
        "“{clause}”没有算例",
        '"{clause}" has no example',
        "请在examples中写一例：given写事实，expect写应得结果。",
        "Add one under `examples`: the facts in `given`, the result in `expect`.",
    ),
    "KG710": Message(
        "E",
        "“{clause}”的算例得{got}，应为{want}",
        'An example of "{clause}" gives {got}, not {want}',
        "请对照文件原文，确定是规则写错还是算例写错。",
        "Compare with the text: either the rule or the example is wrong.",
    ),
    "KG711": Message(
        "E",
        "名录“{register}”不得用于{kind}：{purpose}",
        '"{register}" may not be used by a {kind}: {purpose}',
        "该名录限定了用途（授权、统计法等）；请改用其他来源，或依规变更purpose。",
        "The register limits its use (consent, statistics law); use another source.",
    ),
    "KG712": Message(
        "W",
        "“{place}”影响结果，而依据仅为{evidence}",
        '"{place}" decides results and rests on {evidence} evidence',
        "请查到官方文本后补写source，或由主管单位书面确认。",
        "Find the official text and cite it under `source`, or have the office confirm.",
    ),
    "KG718": Message(
        "E",
        "正式运行不予进行：待定项“{place}”影响{n}个主体",
        'Final run refused: open slot "{place}" matters to {n} subjects',
        "请由主管单位填写该项并载明出处；试算请去掉--final。",
        "The office has to fill it with its source; for a trial leave out --final.",
    ),
    "KG719": Message(
        "W",
        "“{place}”使用的是示例填充值",
        'Example fill in use: "{place}"',
        "示例值仅供演示，不是文件规定；请填入有出处的数值后再用于工作。",
        "Example values only demonstrate; fill in a sourced number before real use.",
    ),
    "KG725": Message(
        "E",
        "“{scheme}”算出的数太大，无法精确表示：{reason}",
        '"{scheme}" computes a number too large to be exact: {reason}',
        "请先核对数据中的异常大值；数值属实的，请为字段写range，或减少小数位、改用较大单位。",
        "Look for odd values in the data; if true, write a range, fewer decimals or a larger unit.",
    ),
}
