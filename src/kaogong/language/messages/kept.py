"""Findings of data that are kept: subjects, land and meters, corrections, the store itself."""

from __future__ import annotations

from kaogong.language.messages.message import Message

KEPT: dict[str, Message] = {
    "KG836": Message(
        "W",
        "审核关系“{check}”涉及本条记录以外的数据，名录“{register}”收表时未予审核",
        'Check "{check}" reads beyond its own record; the sheet of "{register}" was not held to it',
        "运行时将予审核；只用本条记录各字段就能写出的，请改写，收表时即予审核。",
        "A run asks it. Worded by the record's own fields, import asks it as well.",
    ),
    "KG837": Message(
        "E",
        "“{register}”中{n}个主体不符合审核关系“{check}”，如{subjects}",
        '{n} subjects of "{register}" fail the check "{check}", for instance {subjects}',
        "请核对审核关系涉及的各名录、各期数据，由提供单位改正后重新运行。",
        "Check the registers and periods it compares; correct the data and run again.",
    ),
    "KG839": Message(
        "W",
        "“{register}”中{n}个主体不符合审核关系“{check}”，请核实，如{subjects}",
        '{n} subjects of "{register}" fail the check "{check}"; please verify, as {subjects}',
        "数据已收入并参加运行；请提供单位核实有关字段。",
        "The data were taken and run; the department that delivered them confirms or corrects.",
    ),
    "KG849": Message(
        "N",
        "“{register}”中{n}个主体请注意审核关系“{check}”，如{subjects}",
        '{n} subjects of "{register}" to note under the check "{check}", for instance {subjects}',
        "仅供参考，无需处理。",
        "For information only.",
    ),
    "KG840": Message(
        "E",
        "按{way}该行属于{subject}，按{other_way}却属于{other}",
        "By {way} the row is about {subject}, by {other_way} about {other}",
        "请核对该行的各项标识，改正有误的一项；核实前以前者为准。",
        "Compare what identifies the row and correct what is wrong; until then the first holds.",
    ),
    "KG841": Message(
        "E",
        "{thing}在{first}至{last}期间各户合计{held}，应为{size}",
        "{thing}: from {first} to {last} the shares add up to {held}, not {size}",
        "请核对这一期间各户的面积或份额和起止日期；差额由相关各户说明。",
        "Check area or share and the dates of each firm in those days; firms explain the rest.",
    ),
    "KG842": Message(
        "E",
        "{thing}在{first}至{last}期间出租面积超过自有和租用面积（差{difference}）",
        "{thing}: from {first} to {last} more land is let than owned and rented ({difference})",
        "请核对出租记录的面积和起止日期，或补报租用记录。",
        "Check area and dates of the letting, or add the record that land is rented.",
    ),
    "KG843": Message(
        "E",
        "占用或供应记录不完整或不成立：{record}",
        "A record of occupancy or supply is incomplete or impossible: {record}",
        "请补全标的、企业和数量；数量不得为负，止日不得早于起日，标的须在册。",
        "Give thing, firm and amount: none below zero, no end before its start, no unknown thing.",
    ),
    "KG844": Message(
        "E",
        "更正的登记时间{at}早于台账最后一条的{last}",
        "The correction is dated {at}, before the last one of the ledger ({last})",
        "更正按登记先后排列，不得倒签；请核对本机时间后重新登记。",
        "Corrections stand in the order in which they were made; check the clock and record again.",
    ),
    "KG845": Message(
        "E",
        "名录“{register}”已有全部期间的数据，又单独报送了{period}的数据",
        'Register "{register}" was kept for all periods at once, and then for {period} alone',
        "请统一报送口径：或逐期报送，或每次报送全部期间。",
        "Deliver a register one way: period by period, or all periods each time.",
    ),
    "KG846": Message(
        "E",
        "对{register}记录{record}的更正找不到对应的记录",
        "No record of {register} answers to the correction of {record}",
        "请核对主键各项和期间；应更正的记录尚未报送的，报送后再登记。",
        "Check each part of the key and the period; a record not yet delivered comes first.",
    ),
    "KG847": Message(
        "E",
        "“{field}”不是名录{register}中可以更正的字段",
        '"{field}" is no field of register {register} that can be corrected',
        "请按名录填写字段编号；主键不能更正，须退回原报送单位改报。",
        "Write the id of a field; a key is not corrected, its department delivers it anew.",
    ),
    "KG848": Message(
        "E",
        "数据库的文件已损坏或缺失：{reason}",
        "A file of the store is damaged or gone: {reason}",
        "请从备份恢复该文件，不要手工修改；恢复后内容以哈希核对。",
        "Restore the file from a backup and do not edit it; its content is checked by its hash.",
    ),
}
