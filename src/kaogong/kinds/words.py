"""The fixed words that keys take as values, and how a person reads them.

One word means one thing in every kind, so one table serves all; a test proves it complete.
"""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # kinds of document
    "Programme": ("方案", "programme"),
    "Register": ("名录", "register"),
    "Indicator": ("指标", "indicator"),
    "Scheme": ("评价办法", "scheme"),
    "Ladder": ("梯度", "ladder"),
    "Policy": ("政策", "policy"),
    # evidence
    "official": ("官方网页已见", "seen on a government page"),
    "republished": ("官方文本的转载", "official text on another host"),
    "secondary": ("第三方概述", "summary by third parties"),
    "recalled": ("通行规定，页面未见", "well known, page not found"),
    "reading": ("对不明文字的读法", "reading of an unclear text"),
    "proposed": ("拟议，待人决定", "proposed, for somebody to decide"),
    "example": ("示例，非文件规定", "invented for demonstration"),
    # periods
    "year": ("年", "year"),
    "half": ("半年", "half-year"),
    "quarter": ("季", "quarter"),
    "month": ("月", "month"),
    "ten_day": ("旬", "ten days"),
    "week": ("周", "week"),
    "day": ("日", "day"),
    "last_year": ("上一完整年度", "last complete year"),
    # unknown conditions
    "hold": ("挂起，不出结果", "held, no result"),
    "apply": ("按满足处理", "taken as met"),
    "skip": ("按不满足处理", "taken as not met"),
    # registers and fields
    "number": ("数值", "number"),
    "text": ("文本", "text"),
    "yes_no": ("是否", "yes or no"),
    "date": ("日期", "date"),
    "code": ("代码", "code"),
    "link": ("关联", "link"),
    "flow": ("流量，可累加", "flow, adds up"),
    "stock": ("存量，取期末", "stock, last value"),
    "ratio": ("比率", "ratio"),
    "level": ("水平", "level"),
    "live": ("日常维护", "kept up to date"),
    "delivered": ("按期报送", "delivered for a period"),
    "written": ("写在方案中", "written in the programme"),
    "rising": ("由低到高", "rising"),
    "together": ("一二月合并为一期", "January and February are one period"),
    "error": ("错误", "error"),
    "warning": ("提醒", "warning"),
    "note": ("提示", "note"),
    # indicators
    "high": ("越大越好", "more is better"),
    "low": ("越小越好", "less is better"),
    "neither": ("不分优劣", "neither way is better"),
    "missing": ("按缺项处理", "as missing"),
    "worst": ("按最差计", "as the worst"),
    "best": ("按最好计", "as the best"),
    "allow": ("照常相除", "divided like any other"),
    # schemes
    "not_collected": ("不采集", "not collected"),
    "not_rated": ("采集不评价", "collected and not rated"),
    "local_choice": ("由当地决定", "for the locality to choose"),
    "shared": ("共享结果", "shared"),
    "merged": ("取合并结果", "the merged result"),
    "alone": ("取单独结果", "the result alone"),
    "better": ("取较好者", "the better"),
    "worse": ("取较差者", "the worse"),
    "item": ("逐项", "each line"),
    "total": ("总分", "the total"),
    "none": ("不设", "none"),
    "mean": ("按本组均分计", "mean points of the group"),
    "drop": ("剔除该项，其余权重按比例放大", "left out, other weights scaled up"),
    "taking_part": ("参评数", "all who take part"),
    "rated": ("实际评价数", "those rated"),
    "half_up": ("四舍五入", "half up"),
    "down": ("舍去小数", "down"),
    "up": ("进位取整", "up"),
    "boundary": ("各档分界", "each boundary"),
    "class": ("各档名额", "each class"),
    "together_up": ("同分一并上靠", "all up together"),
    "together_down": ("同分一并下靠", "all down together"),
    "by_key": ("按主体编号区分", "parted by key"),
    "refill": ("依次递补", "filled from below"),
    "leave": ("空置", "left empty"),
    "group": ("本组", "group"),
    "asc": ("升序", "ascending"),
    "desc": ("降序", "descending"),
    # what a scheme publishes
    "score": ("得分", "score"),
    "rank": ("位次", "rank"),
    # figures
    "ratio_of_sums": ("合计之比", "ratio of the sums"),
    "median": ("中位数", "median"),
    "min": ("最小值", "least"),
    "max": ("最大值", "greatest"),
    "count": ("户数", "count"),
    "sum": ("合计", "sum"),
    "quantile": ("分位数", "quantile"),
    "pool": ("本名单", "pool"),
    "all": ("全部", "all"),
    "prior": ("上期", "the period before"),
    # ladders
    "computed": ("按条件计算", "computed"),
    "titled": ("按称号认定", "by titles"),
    # policies
    "grant": ("资金补助", "grant"),
    "voucher": ("服务券", "voucher"),
    "interest": ("贴息", "interest subsidy"),
    "price": ("差别价格", "price"),
    "quota": ("指标配额", "quota"),
    "equity": ("股权投资", "equity"),
    "guarantee": ("担保", "guarantee"),
    "priority": ("优先", "priority"),
    "bar": ("限制", "bar"),
    "honour": ("荣誉", "honour"),
    "pay": ("兑付", "pay"),
    "levy": ("征收", "levy"),
    "stop": ("停止兑付", "stop"),
    "claw_back": ("追回", "claw back"),
    "life": ("终身一次", "a lifetime"),
    "title": ("每个称号", "a title"),
    "project": ("每个项目", "a project"),
    "highest": ("从高不重复", "the highest only"),
    "in_order": ("按条款次序", "in written order"),
    "pro_rata": ("按比例", "pro rata"),
    "difference": ("补足差额", "the difference"),
    "undecided": ("待主管单位决定", "for the office to decide"),
    "first_come": ("先到先得", "first come"),
    "by_rank": ("按名次", "by rank"),
    # truth
    "true": ("是", "yes"),
    "false": ("否", "no"),
}


def spoken_word(word: str, language: str) -> str:
    """Return how a fixed word is read in `zh` or `en`; any other text is returned as it is."""
    row = WORDS.get(word)
    if row is None:
        return word
    return row[0] if language == "zh" else row[1]
