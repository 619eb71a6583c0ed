"""YAML text to documents of spanned scalars, from libyaml's stream of events.

Events, not nodes: libyaml's own tree builder recurses and dies on deep input, and a loader would
turn `no` into false and 24.097 into a float. Here every scalar stays text with its place until the
type of a field reads it. Anchors, aliases, tags, merge keys and duplicate keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.span import Block, List, Node, Span, Text

DEEPEST = 40
_CUT_KEY = re.compile(r"[()'\"]|[<>=]|\b(and|or|not)\b")


def read_documents(text: str, file: str) -> tuple[list[Block], list[Finding]]:
    """Return the documents of one file, and what is wrong with its YAML.

    A file with an error gives the documents before it; nothing after an error is guessed.
    """
    reader = _Reader(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file, 1, 1)
        reader.findings.append(finding("KG101", span, file=file, reason=error.problem or error))
    except yaml.YAMLError as error:
        reader.findings.append(finding("KG101", Span(file, 1, 1), file=file, reason=error))
    except Refused as refused:
        reader.findings.extend(refused.findings)
    return reader.documents, reader.findings


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
        text = Text(event.value, self._span(event), quoted=event.style in ("'", '"'))
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
            raise refuse("KG101", made.span, file=self.file, reason="a key is one plain text")
        if len(self._open) >= DEEPEST:
            raise refuse("KG108", made.span, depth=DEEPEST)
        if self._open:
            self._place(made)
        elif isinstance(made, Block):
            self.documents.append(made)
        else:
            raise refuse("KG101", made.span, file=self.file, reason="a document is a mapping")
        self._open.append(made)
        self._keys.append(None)

    def _end(self) -> None:
        self._open.pop()
        self._keys.pop()

    def _place(self, node: Node) -> None:
        if not self._open:
            if node == "" and isinstance(node, Text):
                return  # an empty document between two `---`
            raise refuse("KG101", node.span, file=self.file, reason="a document is a mapping")
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
        """A key without a value that reads like the end of an expression: YAML cut it at a comma."""
        if node == "" and not key.quoted and _CUT_KEY.search(key):
            self.findings.append(finding("KG107", key.span, key=key))

    def _refuse_decoration(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise refuse("KG109", self._span(event), construct=f"&{event.anchor}")
        if getattr(event, "tag", None) is not None:
            raise refuse("KG109", self._span(event), construct=str(event.tag))

    def _span(self, event: yaml.Event) -> Span:
        return Span(self.file, event.start_mark.line + 1, event.start_mark.column + 1)


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
