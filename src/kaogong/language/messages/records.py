"""Findings of single records, their values and their subjects: KG808 to KG830."""

from __future__ import annotations

from kaogong.language.messages.message import Message

RECORDS: dict[str, Message] = {
    "KG808": Message(
        "E",
        "“{value}”不是{kind}（{field}）",
        '"{value}" is not a {kind} ({field})',
        "请改正该单元格；确无数据的请留空，或填“未报”“不适用”。",
        "Correct the cell; where there is no figure leave it empty or write its state.",
    ),
    "KG809": Message(
        "E",
        "记录重复：{key}",
        "Duplicate record: {key}",
        "同一主体同一期间只能有一条记录；请删去重复行或核对主键。",
        "A key may occur once; remove the repeated row or check the key fields.",
    ),
    "KG810": Message(
        "E",
        "统一社会信用代码“{value}”的校验位不符",
        'The check digit of credit code "{value}" is wrong',
        "请对照营业执照核对，常见原因是字母I、O、S、V、Z误录或错一位。",
        "Compare with the licence; often one digit, or a letter such as I, O or S, is wrong.",
    ),
    "KG811": Message(
        "E",
        "“{value}”的代码位数已丢失（{field}）",
        'The digits of "{value}" are lost ({field})',
        "该列曾被当作数字保存；请把列设为文本格式后重新填报完整代码。",
        "The column was saved as a number; set it to text and enter the full code again.",
    ),
    "KG812": Message(
        "W",
        "“{field}”本期为{value}，上期为{before}，相差约{factor}倍，疑为单位错误",
        '"{field}" is {value} after {before}, about {factor} times off; probably a wrong unit',
        "请核对填报单位是元、万元还是亿元；属实的请书面说明。",
        "Check whether 元, 万元 or 亿元 was meant; if it is real, have it confirmed.",
    ),
    "KG813": Message(
        "E",
        "“{field}”的值{value}超出规定范围{range}",
        'The value {value} of "{field}" lies outside {range}',
        "请核对数值与单位；确有此值的，由名录主管单位调整range。",
        "Check value and unit; if it is real, the register's owner widens `range`.",
    ),
    "KG814": Message(
        "E",
        "“{field}”的日期{value}不在有效期{range}之内",
        'The date {value} of "{field}" lies outside {range}',
        "请核对日期；早于成立日期或晚于报送日期的通常是录入错误。",
        "Check the date; one before the founding or after delivery is usually a slip.",
    ),
    "KG815": Message(
        "E",
        "代码“{code}”在{date}不属于“{vocabulary}”",
        'Code "{code}" is not in {vocabulary} on {date}',
        "请改用当日有效的代码；区划撤并、行业分类修订的请查新旧对照。",
        "Use the code in force on that day; look up its successor where lists changed.",
    ),
    "KG816": Message(
        "E",
        "不符合审核关系“{check}”",
        'Check "{check}" fails',
        "请核对审核关系涉及的各个字段，由提供单位改正后重报。",
        "Check the fields it compares; the department that delivered them corrects them.",
    ),
    "KG818": Message(
        "N",
        "“{name}”按{way}匹配到{subject}",
        '"{name}" was matched to {subject} by {way}',
        "请抽查；匹配有误的，在更正台账中改正。",
        "Check a sample; a wrong match is set right in the correction ledger.",
    ),
    "KG819": Message(
        "W",
        "“{sheet}”有{n}行未匹配到主体",
        '{n} rows of "{sheet}" match no subject',
        "请补报信用代码，或在主名录登记曾用代码、户号、曾用名。",
        "Supply credit codes, or record former codes, meter numbers and former names.",
    ),
    "KG820": Message(
        "W",
        "{n}个主体在“{sheet}”中没有数据",
        '{n} subjects have no row in "{sheet}"',
        "请与报送单位核对是漏报还是确无数据；缺数不作零处理。",
        "Ask whether they were forgotten or have none; missing is not zero.",
    ),
    "KG822": Message(
        "E",
        "期间“{value}”缺失或写法不对",
        'Period "{value}" is missing or is not a period',
        "请写2022、2022H1、2022Q3、2022-07等；须与名录的期间一致。",
        "Write 2022, 2022H1, 2022Q3 or 2022-07, in the grain of the register.",
    ),
    "KG824": Message(
        "W",
        "“{field}”的值{value}已按{scale}位小数四舍五入",
        'The value {value} of "{field}" was rounded to {scale} decimals',
        "需保留更多小数的，请调整该字段的scale。",
        "If more decimals matter, raise the `scale` of the field.",
    ),
    "KG825": Message(
        "W",
        "“{field}”是公式错误值{value}，按缺数处理",
        '"{field}" holds the formula error {value}; it counts as missing',
        "请在原表改正公式，或粘贴为数值后重报。",
        "Mend the formula in the sheet, or paste values, and deliver again.",
    ),
    "KG826": Message(
        "W",
        "“{name}”仅名称与{subject}相符，待人工确认",
        '"{name}" fits {subject} by name only and waits for confirmation',
        "请核对地址、法定代表人等后确认；确认前该行不参与计算。",
        "Compare address and representative, then confirm; until then the row is not used.",
    ),
    "KG827": Message(
        "E",
        "主名录“{register}”中没有主体“{subject}”",
        'Subject "{subject}" is unknown to register "{register}"',
        "请先在主名录登记该主体，或改正主体编号。",
        "Add the subject to the master register first, or correct its id.",
    ),
    "KG830": Message(
        "E",
        "变更事件相互矛盾：{reason}",
        "Events conflict: {reason}",
        "请核对更名、合并、分立、迁移的日期与承继主体，只保留有依据的一条。",
        "Check dates and successors of renaming, merger, split and move; keep what has proof.",
    ),
}
