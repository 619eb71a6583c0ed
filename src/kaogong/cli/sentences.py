"""What the commands say beside findings, in Chinese and English, one row a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kaogong.cli.tongue import Language


class Sentence(NamedTuple):
    """One sentence; names in braces are filled in."""

    zh: str
    en: str


SENTENCES: Mapping[str, Sentence] = {
    # wrong use: exit 2
    "no_command": Sentence(
        "没有命令“{name}”；可用：{known}", 'There is no command "{name}"; known: {known}'
    ),
    "no_path": Sentence("路径{path}不存在", "{path} is not there"),
    "not_yaml": Sentence(
        "{path}不是方案目录，也不是.yaml文件", "{path} is no programme folder and no .yaml file"
    ),
    "no_programme_above": Sentence(
        "{path}不在任何方案目录之内（上级目录均无programme.yaml）",
        "{path} belongs to no programme: no folder above it has a programme.yaml",
    ),
    "unreadable": Sentence(
        "无法读写{path}：{reason}", "{path} cannot be read or written: {reason}"
    ),
    "no_scheme": Sentence(
        "没有评价办法“{id}”；可用：{known}", 'There is no scheme "{id}"; known: {known}'
    ),
    "no_register": Sentence(
        "没有名录“{id}”；可用：{known}", 'There is no register "{id}"; known: {known}'
    ),
    "no_document": Sentence(
        "没有文件“{id}”；可用：{known}", 'There is no document "{id}"; known: {known}'
    ),
    "which_pool": Sentence(
        "评价办法“{scheme}”有多个排序范围，请用--pool选择：{known}",
        'Scheme "{scheme}" ranks in several lists; choose one with --pool: {known}',
    ),
    "not_folder": Sentence("{path}不是目录", "{path} is not a folder"),
    "not_data": Sentence(
        "{path}既不是数据目录，也不是冻结文件", "{path} is neither a folder of data nor a freeze"
    ),
    "taken": Sentence(
        "{path}已存在且不是运行结果，不予覆盖",
        "{path} is there and is not a run; it stays as it is",
    ),
    "not_empty": Sentence("{path}已存在且不为空", "{path} is there and is not empty"),
    "not_period": Sentence(
        "“{text}”不是期间；写法如2022、2022H1、2022Q3、2022-07",
        '"{text}" is no period; write 2022, 2022H1, 2022Q3 or 2022-07',
    ),
    "not_date": Sentence(
        "“{text}”不是日期；写法如2024-12-31", '"{text}" is no date; write 2024-12-31'
    ),
    "not_years": Sentence(
        "“{text}”不是年份范围；写法如2021..2024", '"{text}" is no range of years; write 2021..2024'
    ),
    "not_memory": Sentence("“{text}”不是内存大小；写法如2GB", '"{text}" is no size; write 2GB'),
    "not_possible": Sentence("无法执行：{reason}", "This cannot be done: {reason}"),
    "no_spark": Sentence(
        "未安装Spark；请用 pip install 'kaogong[spark]' 安装，并备Java 17以上",
        "Spark is not installed; use pip install 'kaogong[spark]', with Java 17 or later",
    ),
    # findings
    "count": Sentence(
        "{errors}个错误，{warnings}个警告，{notes}条说明", "{errors}, {warnings}, {notes}"
    ),
    "open_head": Sentence(
        "待定项{n}处（--notes 逐条列出）", "Open slots: {n} (--notes lists them)"
    ),
    "open_others": Sentence(
        "其余{n}处在所继承而未采用的{documents}份文件中",
        "{n} more in {documents} documents that are extended and not adopted",
    ),
    "notes_others": Sentence(
        "所继承的方案另有{n}条说明（--notes 逐条列出）",
        "Notes in extended programmes: {n} more (--notes lists them)",
    ),
    "elsewhere": Sentence(
        "本方案其他文件还有{n}个错误", "Errors in other files of this programme: {n}"
    ),
    # a run
    "run_stands": Sentence("运行结果在{out}", "The run stands in {out}"),
    "run_refused": Sentence("未生成运行结果", "No run was written"),
    "next_explain": Sentence("查看一个主体为何得此结果：", "See why one subject has its result:"),
    "no_results": Sentence("（没有参评主体）", "(nobody takes part)"),
    "group": Sentence("分组", "group"),
    "total": Sentence("合计", "total"),
    "no_class": Sentence("未分档", "no class"),
    "held": Sentence("挂起", "held"),
    "not_rated": Sentence("不评定", "not rated"),
    "not_collected": Sentence("不采集", "not collected"),
    "cases": Sentence("算例{n}个，相符{held}个", "Cases: {n}, as expected: {held}"),
    "workbook": Sentence("工作簿{path}，{n}个主体", "Workbook {path}, {n} subjects"),
    # what a subject is owed
    "entitle_head": Sentence("{subject}，{period}", "{subject}, {period}"),
    "owed": Sentence("应得", "Owed"),
    "levied": Sentence("应缴", "Levied"),
    "just_misses": Sentence("只差一项条件", "One condition short"),
    "undecided": Sentence("尚不能确定", "Not decided yet"),
    "not_owed": Sentence("不符合的条款{n}条：{listed}", "Not entitled under {n}: {listed}"),
    "ladders": Sentence("梯度", "Ladders"),
    "on_rung": Sentence("现为{rung}", "stands on {rung}"),
    "on_no_rung": Sentence("未入梯度", "on no rung"),
    "rung_undecided": Sentence("尚不能确定", "not decided"),
    "outcome_entitled": Sentence("应得", "entitled"),
    "outcome_not_entitled": Sentence("不符合", "not entitled"),
    "outcome_unknown": Sentence("缺数据", "unknown"),
    "outcome_open": Sentence("条文待定", "open"),
    "to_be_paid": Sentence("合计", "sum"),
    "rung_pending": Sentence("{rung}尚不能确定", "{rung} is not decided"),
    "next_rung": Sentence("上一梯级{rung}：", "next rung {rung}:"),
    "needs": Sentence(
        "{title}：现为{value}{unit}，要求{bound}{unit}，差{distance}{unit}",
        "{title}: has {value}{unit}, asked {bound}{unit}, off by {distance}{unit}",
    ),
    "not_met": Sentence("{title}：不符合", "{title}: not met"),
    "not_known": Sentence("{title}：缺数据或待认定", "{title}: not known"),
    "hangs_on": Sentence("取决于{reason}", "hangs on {reason}"),
    "hangs_on_open": Sentence("取决于文件待定项{reason}", "hangs on an open slot: {reason}"),
    "between": Sentence("{low}至{high}{unit}", "{low} to {high}{unit}"),
    "to_be_limited": Sentence(
        "{amount}{unit}，受{reason}限制，兑付额待定",
        "{amount}{unit}, subject to {reason}, which is not settled",
    ),
    "apply_by": Sentence("申报截止{day}", "apply by {day}"),
    "policy_ends": Sentence("政策至{day}止", "the policy ends on {day}"),
    "no_subject": Sentence(
        "{period}的结果中没有主体“{subject}”", 'No result of {period} speaks of "{subject}"'
    ),
    # data
    "rows_taken": Sentence(
        "{records}条记录，收下{taken}条，退回{failed}条；合计、空行等{left_out}行不计",
        "{records} records: {taken} taken, {failed} failed; {left_out} rows are totals or blank",
    ),
    "sent_back": Sentence(
        "退回{n}行，原因写在{path}", "Rows that go back, with reasons: {n}, in {path}"
    ),
    "not_taken": Sentence(
        "有错误，未存快照；改正后重报，或用--partly先收其余各行",
        "There are errors, so no snapshot was kept; correct the sheet, or use --partly",
    ),
    "snapshot": Sentence("快照{id}，{rows}行", "Snapshot {id}, {rows} rows"),
    "empty_store": Sentence("{path}中没有快照", "{path} holds no snapshot"),
    "freeze": Sentence("冻结{id}（知识日期{date}）", "Freeze {id} (knowledge date {date})"),
    "freeze_table": Sentence(
        "{register} {period}：{rows}行，更正{corrections}处",
        "{register} {period}: {rows} rows, {corrections} corrections",
    ),
    "use_freeze": Sentence("运行时写 --data {path}", "Run on it with --data {path}"),
    "few_firms": Sentence("至少{least}户", "At least {least} enterprises"),
    "synthetic": Sentence(
        "合成数据在{path}：{firms}户，{years}年（虚构，不得作为统计资料引用）",
        "Synthetic data in {path}: {firms} enterprises, years {years} (invented, not statistics)",
    ),
    "invented": Sentence(
        "数据为合成数据：行政区划按数据自带的代码表，结果标为合成",
        "The data are invented: run with their own list of divisions, and marked synthetic",
    ),
    "short_of": Sentence(
        "企业数或年数不足，未预设的案例：{cases}",
        "Too few enterprises or years for these cases: {cases}",
    ),
    "known_firms": Sentence("预设案例逐户见{path}", "Cases worth a look, firm by firm: {path}"),
    # the demonstration
    "demo_city": Sentence("一、生成虚构的城市", "1. An invented city"),
    "demo_classes": Sentence(
        "二、按四地办法评价{year}年", "2. Evaluated under the rules of four places, {year}"
    ),
    "demo_filled": Sentence(
        "办法为公布的原文；原文未见的部分用示例值填充，只供演示。",
        "The rules are as published; what no source shows is filled with examples.",
    ),
    "demo_explain": Sentence("三、一户企业为何得此结果", "3. Why one enterprise has its result"),
    "demo_compare": Sentence(
        "四、2021年系数换为2022年系数，谁升谁降（同为{year}年数据）",
        "4. From the coefficients of 2021 to those of 2022, both over the data of {year}",
    ),
    "demo_stands": Sentence("全部文件在{path}", "Everything stands in {path}"),
    "made": Sentence("已写入{path}：", "Written to {path}:"),
    "next": Sentence("下一步：", "What to do next:"),
    # the outermost edge
    "damaged": Sentence(
        "有文件缺失或损坏，无法读取：{reason}", "A file is gone or damaged: {reason}"
    ),
    "too_large": Sentence(
        "内存不足（{reason}）；请用--memory放宽上限，或减少--threads",
        "Not enough memory ({reason}); allow more with --memory, or use fewer --threads",
    ),
    "unforeseen": Sentence(
        "程序内部出错（{error}）；请设KAOGONG_DEBUG=1重做一次，把输出连同版本{version}和所用文件"
        "报告给维护者",
        "The program itself failed ({error}); run it again with KAOGONG_DEBUG=1 and report the "
        "output to the maintainers with version {version} and the files used",
    ),
    "interrupted": Sentence("已中断，未留下半成品", "Interrupted; nothing half done is left"),
    "see_help": Sentence("用法见 {command} --help", "See {command} --help"),
}


def say(language: Language, id: str, /, **values: object) -> str:
    """Return a sentence with its values in place."""
    sentence: str = getattr(SENTENCES[id], language)
    return sentence.format(**values)
