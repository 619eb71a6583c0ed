"""What explanations, comparisons and cases say, in Chinese and English: one row a sentence or word.

Names in braces are filled in. A sentence stands here once; no module puts prose together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """One sentence or word in both languages."""

    zh: str
    en: str


WORDS: Mapping[str, Words] = {
    # questions that cannot be answered
    "no_manifest": Words("{path}不是运行结果目录：没有可读的manifest.json",
                         "{path} is no run: there is no readable manifest.json"),
    "other_manifest": Words("{path}不是运行结果目录：manifest.json应有{keys}",
                            "{path} is no run: its manifest.json needs {keys}"),
    "no_programme": Words("{path}不是运行结果目录：缺少所用方案（programme目录）",
                          "{path} is no run: the programme it was made of is gone"),
    "no_scheme": Words("该运行没有评价办法“{id}”的结果；有：{known}",
                       'The run holds no results of scheme "{id}"; it holds: {known}'),
    "no_subject": Words("该运行没有主体“{id}”", 'The run has no subject "{id}"'),
    "no_subject_near": Words("该运行没有主体“{id}”；相近的有：{names}",
                             'The run has no subject "{id}"; like it: {names}'),
    "no_pool": Words("评价办法“{scheme}”没有名单“{pool}”；有：{known}",
                     'Scheme "{scheme}" has no pool "{pool}"; it has: {known}'),
    # titles of steps
    "takes_part": Words("属于参评范围", "takes part"),
    "takes_part_in": Words("已由“{zh}”评价", "graded under {en}"),
    "units": Words("与他人合并评价", "scored as one with others"),
    "rounding": Words("总分取整", "rounding of the total"),
    "stretched": Words("缺项按其余权重折算", "known lines stretched to all weights"),
    "category": Words("“{name}”类加减分超过上限", "{name} beyond its cap"),
    "categories": Words("各类加减分超过上限", "adjustments beyond their caps"),
    "floor": Words("总分下限", "floor of the total"),
    "difference": Words("与运行存数的差额", "difference to what the run kept"),
    "score": Words("总分", "score"),
    "score_merged": Words("合并评价得分", "score as one of the unit"),
    "score_alone": Words("单独评价得分", "score alone"),
    "combine": Words("两次结果取舍", "which of both results holds"),
    "place": Words("名次", "rank"),
    "base": Words("名额基数", "base of the quotas"),
    "by_rank": Words("按名次分档", "class by rank"),
    "final": Words("最终档次", "final class"),
    "vacated": Words("空出名额的处理", "places left by those moved"),
    # headings of a printed explanation
    "part_population": Words("参评资格", "Who takes part"),
    "part_group": Words("分组", "Group"),
    "part_item": Words("计分项", "Lines"),
    "part_adjust": Words("加减分", "Adjustments"),
    "part_total": Words("总分", "Score"),
    "part_rank": Words("名次与名额", "Rank and quotas"),
    "part_class": Words("档次", "Class"),
    "part_move": Words("升降档", "Moves"),
    # answers
    "yes": Words("是", "yes"),
    "no": Words("否", "no"),
    "unknown": Words("不明", "unknown"),
    "not_asked": Words("未问及", "not asked"),
    "missing_value": Words("未报", "not reported"),
    # parts of a printed step
    "step_points": Words("得 {points} 分", "{points} points"),
    "step_no_points": Words("得分不明", "points unknown"),
    "step_weight": Words("权重 {weight}", "weight {weight}"),
    "step_units": Words("共 {n} 个主体，以{unit}为代表", "{n} subjects, known by {unit}"),
    "step_held_merged": Words("取合并评价结果", "the result of the unit holds"),
    "step_held_alone": Words("取单独评价结果", "the result alone holds"),
    "step_not_scored": Words("不评分", "not scored"),
    "step_benchmark": Words("基准 {bound}", "benchmark {bound}"),
    "step_range": Words("本组范围 {bound}", "range of the group {bound}"),
    "step_fraction": Words("= {numerator} ÷ {denominator}", "= {numerator} / {denominator}"),
    "step_cap": Words("（已达上限）", " (capped)"),
    "step_floor": Words("（按下限计）", " (at the floor)"),
    "step_missing": Words("缺{names}", "missing: {names}"),
    "step_article": Words("依据：{article}", "source: {article}"),
    "step_place": Words("第 {place} 名，参排 {of} 个", "{place} of {of}"),
    "step_quota": Words("名额 {quota} 个，第 {first} 至第 {last} 名",
                        "{quota} places, from {first} to {last}"),
    "step_no_quota": Words("无名额", "no place"),
    "step_here": Words("本主体在内", "this subject is among them"),
    "step_class": Words("{name} 档", "class {name}"),
    "step_titled_class": Words("{name}", "class {name}"),
    "step_same_class": Words("未变动档次", "class unchanged"),
    # rules that were used
    "rule_missing=mean": Words("按本组该项平均分计", "scores the mean points of the group"),
    "rule_missing=drop": Words("该项不计，其余折算", "left out, the rest stretched"),
    "rule_missing=hold": Words("暂不计分", "held until it is there"),
    "rule_missing=open": Words("如何计分待定", "what it scores is open"),
    "rule_missing": Words("按 {rule} 分计", "scores {rule}"),
    "rule_zero": Words("数值为零，按 {rule} 分计", "zero scores {rule}"),
    "rule_zero=missing": Words("数值为零，视同缺数", "zero counts as missing"),
    "rule_on_zero=worst": Words("分母为零或负，按最低分计", "base zero or less: worst points"),
    "rule_on_zero=best": Words("分母为零或负，按最高分计", "base zero or less: best points"),
    "rule_unknown=apply": Words("情况不明，视同成立", "unknown: taken for yes"),
    "rule_unknown=skip": Words("情况不明，视同不成立", "unknown: taken for no"),
    "rule_ties=together_up": Words("同分 {n} 个，名次并列取前", "{n} alike share the better place"),
    "rule_ties=together_down": Words("同分 {n} 个，名次并列取后",
                                     "{n} alike share the worse place"),
    "rule_ties=by_key": Words("同分 {n} 个，按编号先后", "{n} alike, ordered by key"),
    "rule_ties=open": Words("同分 {n} 个，如何处理待定", "{n} alike; the rule for ties is open"),
    "rule_combine=merged": Words("以合并评价为准", "the unit's counts"),
    "rule_combine=alone": Words("以单独评价为准", "its own counts"),
    "rule_combine=better": Words("两次取高", "the higher of both"),
    "rule_combine=worse": Words("两次取低", "the lower of both"),
    "rule_combine=only": Words("仅此一次有评分", "the only one that is scored"),
    "rule_combine=open": Words("如何取舍待定", "which one holds is open"),
    "rule_base=rated": Words("以实际评价数为基数", "counted of those rated"),
    "rule_base=taking_part": Words("以参评数为基数", "counted of those taking part"),
    "rule_vacated=refill": Words("由后面的依次递补", "filled by those behind"),
    "rule_vacated=leave": Words("不递补", "left empty"),
    "rule_vacated=open": Words("如何处理待定", "open"),
    # the sentence on top
    "head": Words("{title}，{period}：{subject}", "{title}, {period}: {subject}"),
    "said": Words("{result}：{reason}{way}{article}", "{result}: {reason}{way}{article}"),
    "said_short": Words("{result}{way}{article}", "{result}{way}{article}"),
    "result_class": Words("{name} 档", "Class {name}"),
    "result_titled_class": Words("{name}", "Class {name}"),
    "result_place": Words("第 {place} 名（参排 {of} 个）", "Rank {place} of {of}"),
    "result_held": Words("暂无结果", "No result yet"),
    "result_not_rated": Words("不参加评价", "Not rated"),
    "result_not_collected": Words("不列入评价", "Not collected"),
    "result_absent": Words("不属于参评范围", "Does not take part"),
    "reason_below": Words("{line} {x}，低于本组基准 {bound}",
                          "{line} {x}, below the benchmark {bound}"),
    "reason_above": Words("{line} {x}，不低于本组基准 {bound}",
                          "{line} {x}, not below the benchmark {bound}"),
    "reason_over": Words("{line} {x}，高于本组基准 {bound}，该项以低为好",
                         "{line} {x}, above the benchmark {bound}, where low is better"),
    "reason_under": Words("{line} {x}，不高于本组基准 {bound}，该项以低为好",
                          "{line} {x}, not above the benchmark {bound}, where low is better"),
    "reason_points": Words("{line} {x}，该项 {weight} 分得 {points} 分",
                           "{line} {x} earns {points} of {weight} points"),
    "reason_missing": Words("{line}未报，{rule}", "{line} not reported, {rule}"),
    "reason_move": Words("因“{move}”，由 {before} 档调为 {after} 档",
                         '"{move}" moved it from class {before} to {after}'),
    "reason_refill": Words("前面有主体调出，由 {before} 档递补为 {after} 档",
                           "others moved out; filled up from class {before} to {after}"),
    "reason_leave": Words("{leave}", "{leave}"),
    "reason_held": Words("{names}未报或不明", "{names} not reported or unknown"),
    "reason_open": Words("办法中{names}待定", "{names} of the scheme is open"),
    "way_report": Words("；补报{names}后即可评价", "; report {names} to be rated"),
    "way_fill": Words("；待主管单位填写后方可评价", "; the office has to fill it in first"),
    "way_gain": Words("；升到 {better} 档还差 {short} 分",
                      "; class {better} is {short} points away"),
    "way_nearest": Words("，最近的一步是{line}由 {x} 到 {target}（其他条件不变）",
                         ", the nearest step is {line} from {x} to {target}, all else equal"),
    "way_supply": Words("，先补报{names}", ", report {names} first"),
    "way_move": Words("；该情形消除后按名次为 {before} 档",
                      "; without it the rank gives class {before}"),
    "article": Words("（依据：{article}）", " (source: {article})"),
    "stop": Words("。", "."),
    "and": Words("、", ", "),
    "comma": Words("，", ", "),
    # comparisons
    "compared": Words("比较：{before}（{period_before}）与{after}（{period_after}）",
                      "{before} ({period_before}) against {after} ({period_after})"),
    "compared_none": Words("两次结果完全一致，{n} 个主体无一变化。",
                           "Both results are the same: none of {n} subjects changed."),
    "compared_some": Words("{n} 个主体中 {changed} 个有变化：升档 {better} 个，降档 {worse} 个，"
                           "新列入 {entered} 个，退出 {left} 个。",
                           "{changed} of {n} subjects changed: {better} to a better class, "
                           "{worse} to a worse one, {entered} entered, {left} left."),
    "matrix": Words("档次变化（行为前次，列为本次）", "Classes (rows: before, columns: after)"),
    "no_class": Words("无档次", "none"),
    "sum": Words("合计", "all"),
    "tallies": Words("各组增减", "By group and pool"),
    "tally": Words("{group}（{pool}）：{subjects} 个，升档 {better}，降档 {worse}，名次升 {risen}，"
                   "名次降 {fallen}，得分增 {gained}，得分减 {lost}，平均增减 {mean} 分",
                   "{group} ({pool}): {subjects}, better class {better}, worse {worse}, rank up "
                   "{risen}, down {fallen}, score up {gained}, down {lost}, mean change {mean}"),
    "movers": Words("变化由何而来", "What moved them"),
    "mover": Words("{title}：{subjects} 个，升档 {better}，降档 {worse}，合计 {points} 分",
                   "{title}: {subjects}, better class {better}, worse {worse}, points {points}"),
    "changes": Words("变化最大的主体", "Largest changes"),
    "change": Words("{subject}：{class_before}→{class_after}，第 {rank_before}→{rank_after} 名，"
                    "{score_before}→{score_after} 分；主要因{step}",
                    "{subject}: class {class_before} to {class_after}, rank {rank_before} to "
                    "{rank_after}, score {score_before} to {score_after}; mostly {step}"),
    "change_points": Words("（{points} 分）", " ({points} points)"),
    "more": Words("另有 {n} 个，见结果文件。", "{n} more; see the files of results."),
    "step_of_population": Words("参评资格变化", "who takes part"),
    "step_of_group": Words("分组变化", "another group"),
    "step_of_total": Words("总分取整、上限或下限", "rounding, caps or floor of the total"),
    "step_of_rank": Words("自身得分未变，他人变化", "own score unchanged, others moved"),
    "step_of_move": Words("升降档", "moves"),
    "ungrouped": Words("未分组", "no group"),
    "warned": Words("注意：重算与存数不一致，见检查提示",
                    "Note: derived anew it differs; see the findings"),
}  # fmt: skip


def say(language: str, id: str, /, **values: object) -> str:
    """Return a sentence in `zh` or `en` with its names filled in."""
    words = WORDS[id]
    return (words.zh if language == "zh" else words.en).format(**values)


def titles(id: str, /, **values: object) -> dict[str, str]:
    """Return a title in both languages."""
    return {language: say(language, id, **values) for language in ("zh", "en")}
