"""Findings of answers about a run: explanations, comparisons, workbooks. KG720 to KG729."""

from __future__ import annotations

from kaogong.language.messages.message import Message

ANSWERS: dict[str, Message] = {
    "KG720": Message(
        "E",
        "“{subject}”的{place}重算得{got}，运行存的是{kept}",
        '{place} of "{subject}" comes to {got} when derived anew; the run kept {kept}',
        "请勿使用该结果；请保留运行目录并报告，两次计算必有一处有误。",
        "Do not use the result; keep the run's folder and report it: one of the two is wrong.",
    ),
    "KG721": Message(
        "E",
        "名单“{pool}”有{n}个主体，超过工作簿的上限{most}个",
        'Pool "{pool}" holds {n} subjects, more than the {most} of a workbook',
        "请用csv输出，或另选较小的名单。",
        "Use the csv files of the run, or choose a smaller pool.",
    ),
    "KG722": Message(
        "W",
        "单元格{cell}由办公软件重算会得{got}，准确值为{want}",
        "Cell {cell} recalculates to {got} in an office suite; the exact value is {want}",
        "以准确值为准；差别来自办公软件的二进制小数。",
        "The exact value holds; the suite counts in binary fractions.",
    ),
    "KG723": Message(
        "N",
        "“{item}”未重算：运行没有保存所需的{what}",
        '"{item}" was not derived anew: the run did not keep {what}',
        "所示得分为运行存数，仅供参考，不影响结果。",
        "The points shown are those the run kept; the result is not affected.",
    ),
    "KG724": Message(
        "N",
        "“{item}”在工作簿中不是活公式：{why}",
        '"{item}" is no live formula in the workbook: {why}',
        "该列为运行所得数值，改动输入不会改变它。",
        "The column holds the run's values; changing an input does not change it.",
    ),
}
