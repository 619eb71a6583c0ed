"""YAML text to documents of spanned scalars, from libyaml's stream of events.

Events, not nodes: libyaml's own tree builder recurses and dies on deep input, and a loader would
turn `no` into false and 24.097 into a float. Here every scalar stays text with its place until the
type of a field reads it. Anchors, aliases, tags, merge keys and duplicate keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import yaml

from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.span import Block, List, Node, Span, Text
from kaogong.language.words import Words

DEEPEST = 40
# Characters that YAML does not take; libyaml names no line for them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CUT_KEY = re.compile(r"[()'\"]|[<>=]|\b(and|or|not)\b")


def read_documents(text: str, file: str) -> tuple[list[Block], list[Finding]]:
    """Return the documents of one file, and what is wrong with its YAML.

    A file with an error gives the documents that end before it; nothing else of it is guessed.
    """
    reader = _Reader(file)
    if (forbidden := _FORBIDDEN.search(text)) is not None:
        return [], [_not_yaml(_place(text, forbidden.start(), file), _CONTROL)]
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file, 1, 1)
        reader.findings.append(_not_yaml(span, _reason(error.problem or "")))
    except yaml.YAMLError:
        reader.findings.append(_not_yaml(Span(file, 1, 1), _reason("")))
    except Refused as refused:
        reader.findings.extend(refused.findings)
    return reader.documents, reader.findings


def _not_yaml(span: Span, reason: Words) -> Finding:
    return finding("KG101", span, file=span.file, reason=reason)


def _place(text: str, offset: int, file: str) -> Span:
    before = text[:offset]
    return Span(file, before.count("\n") + 1, offset - before.rfind("\n"))


def _reason(problem: str) -> Words:
    """Return what libyaml says, with its Chinese."""
    for begins, zh in _REASONS.items():
        if problem.startswith(begins):
            en = f"{problem}; {_QUOTE}" if "," in begins else problem
            return Words(zh, en)
    return Words("写法不合YAML的规则", problem or "it breaks a rule of YAML")


_A_MAPPING = Words("一个文件体须由“名称: 内容”组成", "a document is a mapping")
_A_PLAIN_KEY = Words("名称须为一段文字", "a key is one plain text")
_CONTROL = Words("含有不可见的控制字符", "control characters are not allowed")
_QUOTE = "an expression with a comma needs quotes around it"
# What libyaml says, by how it begins.
_REASONS: Mapping[str, str] = {
    "mapping values are not allowed": "此处不应再有冒号；含冒号的文字请加引号，并核对缩进",
    "mapping keys are not allowed": "此处不应出现名称，请核对缩进",
    "block sequence entries are not": "此处不应出现列表，请另起一行",
    "could not find expected ':'": "名称后缺少冒号，或缩进不齐",
    "did not find expected ',' or ']'": "方括号内缺少逗号或右方括号；含逗号的表达式须整体加引号",
    "did not find expected ',' or '}'": "花括号内缺少逗号或右花括号；含逗号的表达式须整体加引号",
    "did not find expected key": "此处应为名称；引号后不应再有文字，并核对缩进",
    "did not find expected '-'": "列表各项应同样缩进",
    "did not find expected node content": "此处应有内容",
    "did not find expected <document": "此处应为新文件体，请用---隔开",
    "did not find expected comment": "|或>之后应换行",
    "did not find expected alphabetic": "以&或*开头的内容请加引号",
    "did not find the expected '>'": "以!开头的内容请加引号",
    "found character that cannot start": "内容不能以此字符开头；请加引号，缩进不用制表符",
    "found a tab character": "缩进不用制表符，请用空格",
    "found unexpected end of stream": "引号没有结束",
    "found unexpected document indicator": "引号没有结束",
    "found unknown escape character": "双引号内的反斜杠写法不认识，请改用单引号",
    "found incompatible YAML": "YAML版本不符",
    "found undefined tag handle": "不采用标签",
}


class _Reader:
    """Builds the tree with a stack of its own, so that no input can exhaust Python's."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.documents: list[Block] = []
        self.findings: list[Finding] = []
        self._open: list[Block | List] = []
        self._keys: list[Text | None] = []

    def take(self, event: yaml.Event) -> None:
        """Add one event to the tree."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(event, Block(self._span(event)))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(event, List(self._span(event)))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            raise refuse("KG109", self._span(event), construct=f"*{event.anchor}")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_decoration(event)
        text = Text(
            event.value,
            self._span(event),
            quoted=event.style in ("'", '"'),
            is_folded=_lines(event) > 1,
        )
        parent = self._open[-1] if self._open else None
        if isinstance(parent, Block) and self._keys[-1] is None:
            self._key(parent, text)
        else:
            self._place(text)

    def _key(self, parent: Block, key: Text) -> None:
        if key == "<<":
            raise refuse("KG109", key.span, construct="<<")
        if key in parent:
            self.findings.append(finding("KG102", key.span, key=key))
        self._keys[-1] = key
        parent.keys_at[key] = key.span

    def _begin(self, event: yaml.NodeEvent, made: Block | List) -> None:
        self._refuse_decoration(event)
        if self._open and isinstance(self._open[-1], Block) and self._keys[-1] is None:
            raise Refused(_not_yaml(made.span, _A_PLAIN_KEY))
        if len(self._open) >= DEEPEST:
            raise refuse("KG108", made.span, depth=DEEPEST)
        if self._open:
            self._place(made)
        elif not isinstance(made, Block):
            raise Refused(_not_yaml(made.span, _A_MAPPING))
        self._open.append(made)
        self._keys.append(None)

    def _end(self) -> None:
        made = self._open.pop()
        self._keys.pop()
        if not self._open and isinstance(made, Block):
            self.documents.append(made)

    def _place(self, node: Node) -> None:
        if not self._open:
            if node == "" and isinstance(node, Text):
                return  # an empty document between two `---`
            raise Refused(_not_yaml(node.span, _A_MAPPING))
        parent = self._open[-1]
        if isinstance(parent, List):
            parent.append(node)
            return
        key = self._keys[-1]
        if key is not None:
            self._cut_expression(key, node)
            parent.setdefault(str(key), node)
            self._keys[-1] = None

    def _cut_expression(self, key: Text, node: Node) -> None:
        """Refuse a key without a value that reads like the rest of an expression."""
        if node == "" and not key.quoted and _CUT_KEY.search(key):
            self.findings.append(finding("KG107", key.span, key=key))

    def _refuse_decoration(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise refuse("KG109", self._span(event), construct=f"&{event.anchor}")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise refuse("KG109", self._span(event), construct=tag)

    def _span(self, event: yaml.Event) -> Span:
        mark = event.start_mark
        return Span(self.file, mark.line + 1, mark.column + 1) if mark else Span(self.file, 1, 1)


def _lines(event: yaml.Event) -> int:
    """Return over how many lines an event reaches."""
    begins, ends = event.start_mark, event.end_mark
    return ends.line - begins.line + 1 if begins and ends else 1


def walk_scalars(node: object) -> Iterator[Text]:
    """Yield every scalar below `node`, in written order, without recursion."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Text):
            yield current
        elif isinstance(current, Block):
            stack.extend(reversed(list(current.values())))
        elif isinstance(current, List):
            stack.extend(reversed(current))
