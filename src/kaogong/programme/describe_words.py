"""The sentences that a printed programme is made of, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, tuple[str, str]] = {
    "draft": ("草案：只供测算", "draft: for trials only"),
    "synthetic": ("合成数据，并非实际企业", "synthetic data, no real enterprise"),
    "source": ("来源", "source"),
    "no_source": ("来源：未载", "source: not given"),
    "in_force": ("有效期", "in force"),
    "from": ("自{day}起", "from {day}"),
    "until": ("至{day}", "to {day}"),
    "default": ("默认", "default"),
    "defaults_of_each": ("未写的各项按默认", "what is not written is as by default"),
    "open": ("空缺：{why}", "open: {why}"),
    "ask": ("（由{role}填）", " (to be filled by {role})"),
    "was": ("原为 {value}", "was {value}"),
    "removed": ("删去的内容", "taken out"),
    "all_of": ("以下全部满足", "all of these hold"),
    "any_of": ("以下任一满足", "one of these holds"),
    "judged": ("由{by}判断：{sentence}", "judged by {by}: {sentence}"),
    "asked": ("仅在 {when} 时问", "asked only where {when}"),
    "unknown": ("不明时{word}", "where unknown: {word}"),
    "case": ("{when} 时", "where {when}"),
    "else": ("其余", "otherwise"),
    "bands": ("按 {of} 分档", "by bands of {of}"),
    "cases": ("按下列次序，先满足者先用", "the first of these that holds"),
    "range": ("{low} 至 {high}", "{low} to {high}"),
    "figure": ("{over}{of}的{figure}{more}", "{figure} of {of} over {over}{more}"),
    "this_line": ("该指标", "this indicator"),
    "times": ("的 {times} 倍", " times {times}"),
    "before": ("（上期）", " (the period before)"),
    "quantile_at": ("（{at}）", " ({at})"),
    "codes": ("共{n}个代码：{listed}", "{n} codes: {listed}"),
    "codes_ordered": ("共{n}个代码，由低到高：{listed}", "{n} codes, rising: {listed}"),
    "more": ("等", " and more"),
    "table_of": ("按 {by} 的对照表，{n} 项", "table by {by}, {n} entries"),
    "list_of": ("{codes} 的 {n} 个代码：{listed}", "{n} codes of {codes}: {listed}"),
    "dated": ("{when} 起 {value}", "{value} from {when}"),
    "examples": ("{n} 例：{listed}", "{n} cases: {listed}"),
    "other_reading": ("另一读法", "the other reading"),
    "type_told": (
        "类型由代码表、关联、单位推定，否则为文本",
        "type as codes, link or unit tell it, else text",
    ),
    "published_class": ("档次", "class"),
    "published_score": ("得分", "score"),
    "published_rank": ("位次", "rank"),
    "others": ("沿用而未改动的文件", "documents taken over unchanged"),
    "colon": ("：", ": "),
    "comma": ("、", ", "),
    "semicolon": ("；", "; "),
}


def phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in `zh` or `en` with its values in place."""
    row = PHRASES[name]
    return (row[0] if language == "zh" else row[1]).format(**values)
