"""Findings of delivered files, their headings and sheets: KG801 to KG807 and their like."""

from __future__ import annotations

from kaogong.language.messages.message import Message

DELIVERY: dict[str, Message] = {
    "KG801": Message(
        "E",
        "没有名录“{register}”的数据文件",
        'No file for register "{register}"',
        "请在数据目录中放入{register}.csv、{register}.xlsx或{register}.parquet。",
        "Put {register}.csv, {register}.xlsx or {register}.parquet into the data folder.",
    ),
    "KG802": Message(
        "E",
        "文件无法读取：{reason}",
        "The file cannot be read: {reason}",
        "请报送单位重新导出；加密的工作簿先解除密码，并核对扩展名与内容一致。",
        "Ask for a fresh export; remove any password, and let the extension fit the content.",
    ),
    "KG803": Message(
        "E",
        "工作簿解压后过大，未予读取：{reason}",
        "The workbook is too large when unpacked: {reason}",
        "请另存为只含数据的新工作簿，或改报csv；来源不明的文件请勿打开。",
        "Save the data into a new workbook or as csv; do not open files of unknown origin.",
    ),
    "KG804": Message(
        "E",
        "未找到名录“{register}”的表头行",
        'No heading row of register "{register}" was found',
        "表头须在前几十行之内，并使用名录规定的字段名或标题；请核对工作表是否选错。",
        "Headings must be the register's titles or ids near the top; check the sheet.",
    ),
    "KG805": Message(
        "W",
        "不认识的列“{heading}”，未采用",
        'Column "{heading}" is not known and was left out',
        "确需采用的，请在名录相应字段的headings中登记此标题。",
        "To take it in, list this heading under `headings` of the field it belongs to.",
    ),
    "KG806": Message(
        "E",
        "字段“{field}”对应两列：“{heading}”与“{other}”",
        'Two columns for field "{field}": "{heading}" and "{other}"',
        "请删去其中一列，或改正标题；系统不代为取舍。",
        "Remove one of them or correct its heading; no choice is made for you.",
    ),
    "KG807": Message(
        "E",
        "缺少必填字段“{field}”的列",
        'The required column for "{field}" is missing',
        "请报送单位补报该列；标题用词不同的，在headings中登记。",
        "Ask for the column; if it has another heading, list that under `headings`.",
    ),
    "KG817": Message(
        "N",
        "合计、小计或落款行不作为数据：“{text}”",
        'A total, subtotal or footer row was left out: "{text}"',
        "无需处理；如确是一条记录，请填写主体编号后重报。",
        "Nothing to do; if it is a record after all, give it a subject and deliver again.",
    ),
    "KG821": Message(
        "N",
        "“{heading}”的单位取自表头：{unit}",
        'The unit of "{heading}" was taken from the heading: {unit}',
        "请核对该单位是否适用于整列。",
        "Check that this unit holds for the whole column.",
    ),
    "KG823": Message(
        "N",
        "工作簿另有工作表“{sheet}”，未读取",
        'The workbook has another sheet "{sheet}", which was not read',
        "只读取第一个工作表；需要的内容请移到第一个表或另存文件。",
        "Only the first sheet is read; move what is needed there or into its own file.",
    ),
    "KG828": Message(
        "N",
        "文件按GB18030编码读取",
        "The file was read as GB18030",
        "请抽查汉字是否显示正常；今后宜报送UTF-8编码的文件。",
        "Check a few names; UTF-8 is the better choice for the next delivery.",
    ),
    "KG829": Message(
        "E",
        "文件超过{limit}行，未予读取",
        "The file has more than {limit} rows",
        "工作簿请改报csv或Parquet，或按地区、期间分批报送。",
        "Deliver csv or Parquet instead of a workbook, or split by place or period.",
    ),
}
