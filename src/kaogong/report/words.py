"""What a workbook says, in Chinese and English: one row a heading, sheet or sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


WORDS: Mapping[str, Words] = {
    # sheets
    "about": Words("说明", "about"),
    "parameters": Words("参数", "parameters"),
    "inputs": Words("数据", "inputs"),
    "scores": Words("得分", "scores"),
    "findings": Words("检查提示", "findings"),
    # the sheet that says what this is
    "scheme": Words("评价办法", "scheme"),
    "scheme_id": Words("办法编号", "id of the scheme"),
    "version": Words("办法版本", "version of the scheme"),
    "period": Words("数据期间", "period of the data"),
    "as_of": Words("截止日期", "as of"),
    "pool": Words("名单", "pool"),
    "subjects": Words("主体数", "subjects"),
    "source": Words("来源", "source"),
    "evidence": Words("依据等级", "evidence"),
    "programme": Words("方案", "programme"),
    "content": Words("方案指纹", "hash of the programme"),
    "made_by": Words("生成", "made by"),
    "synthetic": Words("本表数据为合成数据，不对应任何真实企业。",
                       "The data are synthetic: no real enterprise stands in them."),
    "trial": Words("试评结果，仅供参考。", "A trial: the result is for information only."),
    "example": Words("办法含示例值，仅供演示。",
                     "The scheme holds example values: a demonstration only."),
    "how_to_read": Words(
        "“得分”表各列为公式，取自“数据”与“参数”两表；改动数据或参数，得分、名次、档次随之重算。",
        "The columns of 'scores' are formulas over 'inputs' and 'parameters'; change either, and "
        "score, rank and class follow.",
    ),
    "exact": Words(
        "正式结果以运行结果为准；办公软件按二进制小数计算，末位可能不同，不同之处列于“检查提示”。",
        "The run's own result holds. An office suite counts in binary fractions and may differ in "
        "the last digit; where it does, 'findings' lists the cell.",
    ),
    # parameters
    "line": Words("计分项", "line"),
    "group": Words("分组", "group"),
    "unit": Words("单位", "unit"),
    "weight": Words("权重", "weight"),
    "benchmark": Words("基准值", "benchmark"),
    "low": Words("最低值", "low"),
    "high": Words("最高值", "high"),
    "cap": Words("上限", "cap"),
    "floor": Words("下限", "floor"),
    "missing": Words("缺数得分", "points if missing"),
    "zero": Words("零值得分", "points at zero"),
    "scale": Words("小数位数", "decimals"),
    "category_cap": Words("类别上限", "cap of the category"),
    "total_floor": Words("总分下限", "floor of the total"),
    "rated": Words("参排数", "ranked"),
    "base": Words("名额基数", "base of the quotas"),
    "class": Words("档次", "class"),
    "take": Words("区间", "interval"),
    "quota": Words("名额", "quota"),
    "first": Words("首名", "first place"),
    "last": Words("末名", "last place"),
    # inputs and scores
    "subject": Words("主体编号", "subject"),
    "name": Words("名称", "name"),
    "key_order": Words("编号次序", "order of the key"),
    "moved_by": Words("升降档依据", "moved by"),
    "moved_class": Words("调后档次", "class after the move"),
    "items": Words("计分项合计", "sum of the lines"),
    "adjust": Words("加减分合计", "adjustments"),
    "score": Words("总分", "score"),
    "rank": Words("名次", "rank"),
    "class_ranked": Words("按名次分档", "class by rank"),
    "final": Words("最终档次", "final class"),
    # findings
    "finding_id": Words("编号", "id"),
    "level": Words("级别", "level"),
    "sentence": Words("内容", "finding"),
    "hint": Words("处理", "what to do"),
    "no_findings": Words("各单元格重算结果与准确值一致。",
                         "Every cell recalculates to the exact value."),
    # why something is no live formula
    "why_reads": Words("公式读取了表外的事实（{what}）",
                       "its formula reads facts beyond the sheet ({what})"),
    "why_figure": Words("所需统计值不在表内", "it needs a figure that is not in the sheet"),
    "why_weight": Words("权重因主体而异", "its weight differs from subject to subject"),
    "why_on_zero": Words("分母为零的主体按办法另定得分",
                         "a base of zero is scored by a rule of its own"),
    "why_mean": Words("本组平均分无法由运行存数得出", "the mean points of the group were not kept"),
    "why_open": Words("办法中有待定项", "the scheme leaves a part open"),
    "why_order": Words("名次不只按总分", "the rank looks at more than the total"),
    "why_pools": Words("档次按条件或分段另排", "classes go by conditions or by pools of their own"),
    "why_refill": Words("空出名额递补", "vacated places are filled up"),
    "why_groups": Words("同一名单内各组规则不同", "groups of one pool follow different rules"),
}  # fmt: skip


def say(language: str, id: str, /, **values: object) -> str:
    """Return a text in `zh` or `en` with its names filled in."""
    words = WORDS[id]
    return (words.zh if language == "zh" else words.en).format(**values)
