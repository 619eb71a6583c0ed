"""The parts that look the same in every kind: open slots, conditions, values, tables of bands.

These are what a document says, not what it means: texts with their places, in written order.
Names are resolved and kinds checked later, by the programme that knows all documents.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from kaogong.language.finding import Refused, refuse
from kaogong.language.span import Block, List, Span, Text, span_of

NOWHERE = Span("")
JUDGE_KEYS = ("judge", "by", "title", "article", "note", "unknown")
UNKNOWNS = ("hold", "apply", "skip")
OPEN_KEYS = ("open", "ask", "note")
PartName = Literal[
    "text", "names", "title", "yes_no", "condition", "value", "parameter", "let",
    "mapping", "codes", "tags", "variants",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A thing the source does not show: unknown until a named person fills it."""

    why: str
    span: Span
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: an expression, and where it is asked at all."""

    when: Text | OpenSlot
    asked: Text | None = None
    unknown: str | None = None
    title: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """A condition that a role answers, with date and evidence; unknown until then."""

    sentence: str
    by: str
    span: Span


@dataclass(frozen=True, slots=True)
class AllOf:
    """Named conditions, all of which must hold."""

    items: Mapping[str, Condition]
    span: Span


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Named conditions, one of which must hold."""

    items: Mapping[str, Condition]
    span: Span


Condition = Test | Judge | AllOf | AnyOf | OpenSlot
ALWAYS = Test(Text("true", NOWHERE))


@dataclass(frozen=True, slots=True)
class Bands:
    """Values by intervals of one quantity."""

    of: Text
    bands: Mapping[Text, Value]
    otherwise: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class Cases:
    """A cascade: the first row whose condition holds wins."""

    rows: tuple[tuple[Condition, Value], ...]
    otherwise: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class Range:
    """A value between two: results carry the least and the greatest."""

    low: Value
    high: Value
    span: Span


FIGURES = (
    "ratio_of_sums",
    "mean",
    "median",
    "min",
    "max",
    "count",
    "sum",
    "quantile",
)
FIGURE_KEYS = ("figure", "of", "over", "period", "times", "at", "with", "note", "when")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of many subjects: the only place for means, sums and extremes of a group."""

    figure: str
    span: Span
    of: Text | None = None  # an indicator or expression; in a line: the line's own
    over: str = "group"  # group, pool, all, or a link or code field
    period: str | None = None  # `prior`: of the period before
    times: Text | None = None
    at: Text | None = None  # quantile only


Value = Text | Bands | Cases | Range | Figure | OpenSlot


def read_open(node: object) -> OpenSlot | None:
    """Return the open slot a node is, or None."""
    if not isinstance(node, Block) or "open" not in node:
        return None
    only(node, "open", OPEN_KEYS)
    return OpenSlot(str(node["open"]), node.span, str(node.get("ask", "")))


def read_condition(node: object) -> Condition:
    """Return the condition a node writes: a text, named conditions, `any`, `when` or `judge`."""
    if isinstance(node, Text):
        return Test(node)
    if not isinstance(node, Block):
        raise _wrong(node, "a condition")
    if (slot := read_open(node)) is not None:
        return slot
    if "when" in node:
        return _read_test(node)
    if "judge" in node:
        only(node, "condition", JUDGE_KEYS)
        return Judge(str(node["judge"]), str(node.get("by", "")), node.span)
    if set(node) == {"any"}:
        inside = node["any"]
        if not isinstance(inside, Block):
            raise _wrong(inside, "named conditions")
        return AnyOf({k: read_condition(v) for k, v in inside.items()}, node.span)
    return AllOf({k: read_condition(v) for k, v in node.items()}, node.span)


_TEST_KEYS = ("when", "asked", "unknown", "title", "article", "source", "note", "level")


def _read_test(node: Block) -> Test:
    only(node, "condition", _TEST_KEYS)
    when = node["when"]
    slot = read_open(when)
    asked, unknown = node.get("asked"), node.get("unknown")
    if unknown is not None and unknown not in UNKNOWNS:
        span = span_of(unknown, node.span)
        raise refuse("KG112", span, value=unknown, expected=", ".join(UNKNOWNS))
    return Test(
        slot if slot is not None else text_of(when),
        text_of(asked) if asked is not None else None,
        str(unknown) if unknown is not None else None,
        str(node.get("title", "")),
        str(node.get("article", "")),
    )


def read_value(node: object) -> Value:
    """Return the value a node writes: a text, a range, bands, cases, a figure or an open slot."""
    if isinstance(node, Text):
        return node
    if isinstance(node, List):
        if len(node) != 2:
            raise _wrong(node, "[least, greatest]")
        return Range(read_value(node[0]), read_value(node[1]), node.span)
    if not isinstance(node, Block):
        raise _wrong(node, "a value")
    if (slot := read_open(node)) is not None:
        return slot
    for key, read in _TABLES.items():
        if key in node:
            return read(node)
    raise _wrong(node, "a value: a quantity, an expression, bands, cases, a figure or open")


def _read_bands(node: Block) -> Bands:
    only(node, "bands", ("of", "bands", "else", "note"))
    bands = node["bands"]
    if not isinstance(bands, Block) or "of" not in node:
        raise _wrong(node, "{of: expression, bands: {interval: value}}")
    made = {Text(k, bands.keys_at[k]): read_value(v) for k, v in bands.items()}
    otherwise = read_value(node["else"]) if "else" in node else None
    return Bands(text_of(node["of"]), made, otherwise, node.span)


def _read_cases(node: Block) -> Cases:
    only(node, "cases", ("cases", "note"))
    rows: list[tuple[Condition, Value]] = []
    otherwise: Value | None = None
    listed = node["cases"]
    if not isinstance(listed, List):
        raise _wrong(listed, "a list of {when:, then:}")
    for row in listed:
        if not isinstance(row, Block):
            raise _wrong(row, "{when:, then:} or {else:}")
        if "else" in row:
            otherwise = read_value(row["else"])
        elif "when" in row and "then" in row:
            rows.append((read_condition(row["when"]), read_value(row["then"])))
        else:
            raise _wrong(row, "{when:, then:} or {else:}")
    return Cases(tuple(rows), otherwise, node.span)


def _read_figure(node: Block) -> Figure:
    only(node, "figure", FIGURE_KEYS)
    name = str(node["figure"])
    if name not in FIGURES:
        raise refuse("KG112", text_of(node["figure"]).span, value=name, expected=", ".join(FIGURES))
    return Figure(
        name, node.span,
        of=text_of(node["of"]) if "of" in node else None,
        over=str(node.get("over", "group")),
        period=str(node["period"]) if "period" in node else None,
        times=text_of(node["times"]) if "times" in node else None,
        at=text_of(node["at"]) if "at" in node else None,
    )  # fmt: skip


_TABLES: Mapping[str, Callable[[Block], Value]] = {
    "bands": _read_bands,
    "cases": _read_cases,
    "figure": _read_figure,
}


def text_of(node: object) -> Text:
    """Return the text a node is, or refuse a mapping or list in its place."""
    if isinstance(node, Text):
        return node
    raise _wrong(node, "a text")


def only(node: Block, kind: str, keys: tuple[str, ...]) -> None:
    """Refuse the first key of `node` that is not one of `keys`."""
    for key in node:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, n=1, cutoff=0.0)
            raise refuse("KG103", node.keys_at[key], kind=kind, key=key, near=near[0])


def _wrong(node: object, expected: str) -> Refused:
    shown = str(node) if isinstance(node, Text) else type(node).__name__.lower()
    return refuse("KG112", span_of(node, NOWHERE), value=shown, expected=expected)


# -- how pydantic reads them --------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """Marks a model field that `read` takes from the written node; `part` names its form."""

    read: Callable[[object], object]
    part: PartName

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return a validator that reports findings at their own place."""
        return core_schema.no_info_plain_validator_function(self._validate)

    def _validate(self, node: object) -> object:
        try:
            return self.read(node)
        except Refused as refused:
            raise _as_error(refused) from None


@dataclass(frozen=True, slots=True)
class OpenFirst:
    """Marks a model field that may be an open slot instead of what it otherwise is."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the schema of the field without the open slot, tried after it."""
        rest = [x for x in get_args(source) if x is not OpenSlot]
        inner = rest[0]
        for other in rest[1:]:
            inner = inner | other
        return core_schema.no_info_wrap_validator_function(
            self._validate, handler.generate_schema(inner)
        )

    def _validate(self, node: object, inner: core_schema.ValidatorFunctionWrapHandler) -> object:
        if isinstance(node, OpenSlot):
            return node
        try:
            slot = read_open(node)
        except Refused as refused:
            raise _as_error(refused) from None
        return inner(node) if slot is None else slot


def _as_error(refused: Refused) -> PydanticCustomError:
    return PydanticCustomError("findings", "findings", {"findings": refused.findings})
