"""Findings of files, documents and overlays: KG101 to KG117."""

from __future__ import annotations

from kaogong.language.messages.message import Message

FILES: dict[str, Message] = {
    "KG101": Message(
        "E",
        "文件{file}不是规范的YAML：{reason}",
        "{file} is not YAML: {reason}",
        "请在所示行列核对缩进、冒号后的空格和引号是否成对。",
        "Check indentation, the blank after each colon and closing quotes at the place shown.",
    ),
    "KG102": Message(
        "E",
        "“{key}”一项重复书写",
        'Key "{key}" is written twice',
        "同一层内名称只能出现一次；请保留一处，另一处删去或改名。",
        "A name may stand once on a level; keep one and remove or rename the other.",
    ),
    "KG103": Message(
        "E",
        "{kind}没有“{key}”这一项，是否应为“{near}”？",
        '{kind} has no key "{key}"; did you mean "{near}"?',
        "请改用该类文件规定的项名；说明性文字写入note。",
        "Use a key this kind knows; remarks for people go into `note`.",
    ),
    "KG104": Message(
        "E",
        "{kind}“{id}”缺少必填项“{key}”",
        '{kind} "{id}" needs "{key}"',
        "请按文件原文补写“{key}”；原文未载明的，写{{open: 原因}}。",
        'Write "{key}" as the text has it; where the text is silent, write {{open: why}}.',
    ),
    "KG105": Message(
        "E",
        "{kind}“{id}”在{file}与{other_file}中重复定义",
        '{kind} "{id}" stands in {file} and {other_file}',
        "同类文件的编号不得重复；修改上位方案请用overrides，新版本请另取编号并写replaces。",
        "An id is unique within its kind; use `overrides` to change, or a new id with `replaces`.",
    ),
    "KG106": Message(
        "E",
        "文件{file}不是UTF-8编码",
        "{file} is not UTF-8",
        "请在编辑器中将文件另存为UTF-8编码。",
        "Save the file again as UTF-8 in your editor.",
    ),
    "KG107": Message(
        "E",
        "“{key}”像是表达式在逗号处被截断后余下的部分，请加引号",
        'Key "{key}" looks like the rest of an expression cut at a comma; put quotes around it',
        '花括号内含逗号的表达式须整体加引号，如{{when: "prior(规上, 2)"}}。',
        'Quote the whole expression inside braces: {{when: "prior(规上, 2)"}}.',
    ),
    "KG108": Message(
        "E",
        "嵌套超过{depth}层",
        "Nesting deeper than {depth}",
        "请减少层级：把内层的计算写成let中的名称。",
        "Flatten the document: give the inner parts names under `let`.",
    ),
    "KG109": Message(
        "E",
        "不采用YAML的{construct}（锚点、引用、标签、合并键均不采用）",
        "{construct} of YAML is not taken (anchors, aliases, tags, merge keys)",
        "请把内容写全；文件之间共用的内容用extends。以*、&、!开头的表达式请加引号。",
        "Write the content out, or share it by `extends`; quote an expression that begins so.",
    ),
    "KG110": Message(
        "E",
        "目录{folder}中没有programme.yaml",
        "No programme.yaml in {folder}",
        "请核对目录，或用kaogong init新建一套方案。",
        "Check the folder, or make a new programme with `kaogong init`.",
    ),
    "KG111": Message(
        "E",
        "{kind}不是目前可以运行的文件类别；可用：{list}",
        "{kind} is not one of the kinds that can be run yet: {list}",
        "请核对kind的写法；暂不能运行的类别请移出方案目录。",
        "Check the spelling of `kind`; keep documents of other kinds out of the folder.",
    ),
    "KG112": Message(
        "E",
        "“{value}”不符合要求，此处应为{expected}",
        '"{value}" is not {expected}',
        "请按“{expected}”改写此处。",
        "Write {expected} here.",
    ),
    "KG113": Message(
        "E",
        "extends所列方案“{id}”未找到",
        'Programme "{id}" in extends is not found',
        "请核对方案编号；被继承的方案须随软件提供，或与本方案目录并列。",
        "Check the id; the programme must be shipped or stand beside this folder.",
    ),
    "KG114": Message(
        "E",
        "overrides或extends所指的“{id}”不存在",
        "overrides or extends names {id}, which is not there",
        "请核对编号及文件类别；overrides只改所继承方案中的文件，新文件请写id。",
        "Check id and kind; `overrides` changes an extended programme's, a new one has an `id`.",
    ),
    "KG115": Message(
        "E",
        "remove所列“{address}”不存在",
        "remove names {address}, which is not there",
        "请用kaogong describe查看上位文件中该项的地址后改正。",
        "See the address in the upper text with `kaogong describe` and correct it.",
    ),
    "KG116": Message(
        "E",
        "file所指文件{file}未找到",
        "file: {file} is not found",
        "路径从写有file的文件所在目录算起；请核对文件名和大小写。",
        "The path starts from the folder of the document; check the name and its case.",
    ),
    "KG117": Message(
        "E",
        "file所指文件{file}在方案目录之外",
        "file: {file} lies outside the programme's folder",
        "请把该文件移入方案目录，并写相对路径。",
        "Move the file into the programme's folder and write a relative path.",
    ),
}
