"""Fields of a register as facts: kind, unit, decimals and the range a value can have."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaogong.kinds.register import Field, Register
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.interval import NotAnInterval, read_interval
from kaogong.language.kind import DATE, TEXT, YES_NO, Kind
from kaogong.language.span import Block, Span, Text
from kaogong.language.unit import PURE, Unit, UnknownUnit, read_unit
from kaogong.language.vocabulary import Vocabulary
from kaogong.programme.load import Document
from kaogong.programme.near import nearest

WIDEST = Fraction(10) ** 15  # whole units of a number that declares no range


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """One declared field: of which register, under which name, and where it stands."""

    register: str
    name: str
    model: Register
    declared: Field
    span: Span

    def fact(self, vocabularies: Mapping[str, Vocabulary], registers: Container[str]) -> Fact:
        """Return the field as a fact, or raise `Refused`; `registers` keep records, not codes."""
        declared = self.declared
        kind = self._kind(vocabularies, registers)
        low, high = bounds(declared, kind)
        return Fact(
            self.name, titles_of(declared.title, self.name), kind, "field", self.register,
            grain=self.model.period, nature=declared.nature,
            scale=(declared.scale or 0) if kind.name == "number" else None,
            low=low, high=high, comparable=_text(declared.comparable),
            provided_by=_text(declared.provided_by), span=self.span,
            links_to=_text(declared.link), together=self.model.jan_feb == "together",
        )  # fmt: skip

    def plain(self) -> Fact:
        """Return a stand-in of kind text, for a field whose declaration was refused."""
        titles = titles_of(self.declared.title, self.name)
        return Fact(self.name, titles, TEXT, "field", self.register, span=self.span)

    def _kind(self, vocabularies: Mapping[str, Vocabulary], registers: Container[str]) -> Kind:
        value_type = self.declared.value_type
        if value_type == "number":
            return Kind("number", unit_of(self.declared.unit))
        if value_type == "code":
            return self._code(vocabularies, registers)
        return {"yes_no": YES_NO, "date": DATE}.get(value_type, TEXT)

    def _code(self, vocabularies: Mapping[str, Vocabulary], registers: Container[str]) -> Kind:
        id = vocabulary_of(self.register, self.name, self.declared)
        if id in vocabularies:
            return Kind("code", vocabulary=id, order=vocabularies[id].order)
        codes = self.declared.codes
        span = codes.span if isinstance(codes, Text) else self.span
        if id in registers:
            got = "a register that keeps records"
            raise refuse("KG310", span, place=id, expected="a register of `codes`", got=got)
        near = nearest(id, [v for v in vocabularies if "." not in v])
        raise refuse("KG201", span, name=id, subject=self.register, near=near)


def place_of(register: str, name: str, model: Register, document: Document) -> FieldPlace:
    """Return a field of a register with its place."""
    fields = document.block.get("fields")
    whole = document.block.span
    span = fields.keys_at.get(name, whole) if isinstance(fields, Block) else whole
    return FieldPlace(register, name, model, model.fields[name], span)


def vocabulary_of(register: str, name: str, declared: Field) -> str:
    """Return the id of a field's vocabulary: the register it names, or its own small list."""
    return str(declared.codes) if isinstance(declared.codes, Text) else f"{register}.{name}"


def unit_of(text: Text | None) -> Unit:
    """Return the unit a document names, or refuse an unknown one."""
    if text is None:
        return PURE
    try:
        return read_unit(str(text))
    except UnknownUnit as error:
        near = "、".join(error.near) or "万元 / 亩 / 吨标煤"
        raise refuse("KG112", text.span, value=text, expected=f"a unit ({near})") from None


def bounds(declared: Field, kind: Kind) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and greatest value in base units; a range is written in the field's unit."""
    if kind.name != "number":
        return None, None
    if declared.range is None:
        widest = WIDEST / Fraction(10) ** (declared.scale or 0) * kind.unit.factor
        return -widest, widest
    try:
        written = read_interval(str(declared.range))
    except NotAnInterval as error:
        raise refuse("KG112", declared.range.span, value=declared.range, expected=error) from None
    if written.unit is not None and not written.unit.same_dimension(kind.unit):
        units = f"({written.unit.text}, {kind.unit.text})"
        raise refuse(
            "KG401", declared.range.span, left="range", right=declared.title["zh"], unit=units
        )
    factor = kind.unit.factor if written.unit is None else Fraction(1)
    low = None if written.low is None else written.low * factor
    high = None if written.high is None else written.high * factor
    return low, high


def titles_of(title: Mapping[str, str] | None, id: str) -> Mapping[str, str]:
    """Return the title in both languages: without one the id in words stands for en, and for zh."""
    words = id.replace("_", " ")
    if title is None:
        return {"zh": id, "en": words}
    return {"zh": title["zh"], "en": title.get("en", words)}


def _text(text: Text | None) -> str | None:
    return str(text) if text else None
