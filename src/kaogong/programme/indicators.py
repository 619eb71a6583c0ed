"""Indicators as facts: a definition, a unit, decimals that are kept, and a choice of variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from kaogong.kinds.head import Let, Parameter
from kaogong.kinds.indicator import Indicator
from kaogong.language.check import check
from kaogong.language.expression import (
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Expression,
    Open,
    rebuilt,
    walk,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import OPEN, Kind
from kaogong.language.quantity import read_quantity
from kaogong.language.scope import Lazy, Named, Scope, fold
from kaogong.language.span import Span, Text
from kaogong.language.unit import Unit
from kaogong.programme.load import Document
from kaogong.programme.names import NameBook, unit_of
from kaogong.programme.parameters import parameter_named
from kaogong.programme.values import value_of

Choice = Mapping[str, Text | Open]


def plain_indicator(book: NameBook, model: Indicator, document: Document, subject: str) -> Fact:
    """Return the indicator as any expression may read it; several variants need a choice (KG602)."""
    choice: dict[str, Text | Open] = {}
    for name, options in model.variants.items():
        if len(options) > 1:
            listed = ", ".join(f"{name}: {o}" for o in options)
            raise refuse("KG602", document.block.span, indicator=model.title["zh"], list=listed)
        choice[name] = Text(next(iter(options)), document.block.span)
    return indicator_fact(book, model, subject, choice)


def indicator_fact(book: NameBook, model: Indicator, subject: str, choice: Choice) -> Fact:
    """Return the indicator for one choice of its variants."""
    scope = local_scope(
        book, book.scope(subject), model.let, model.parameters, str(model.id),
        _chosen(model, choice),
    )  # fmt: skip
    unit = unit_of(model.unit)
    definition = _settled_zero(value_of(model.value, scope, f"{model.id}.value"), model, unit)
    _refuse_other_unit(definition, unit, model)
    grain = str(model.period) if model.period else None
    return Fact(
        str(model.id),
        {"zh": model.title["zh"], "en": model.title.get("en", str(model.id).replace("_", " "))},
        Kind("number", unit), "indicator", f"indicator {model.id}",
        grain=grain, nature=model.nature, scale=model.scale, definition=definition,
        span=model.id.span, variant={k: str(getattr(v, "place", v)) for k, v in choice.items()},
    )  # fmt: skip


def _chosen(model: Indicator, choice: Choice) -> dict[str, Text | Open]:
    """Return the expression text of each local name under the choice."""
    made: dict[str, Text | Open] = {}
    for name, options in model.variants.items():
        if name not in choice:
            listed = ", ".join(f"{name}: {o}" for o in options)
            raise refuse("KG602", model.id.span, indicator=model.title["zh"], list=listed)
        wanted = choice[name]
        if isinstance(wanted, Open):
            made[name] = wanted
        elif str(wanted) not in options:
            listed = ", ".join(f"{name}: {o}" for o in options)
            raise refuse("KG602", wanted.span, indicator=model.title["zh"], list=listed)
        else:
            made[name] = options[str(wanted)]
    return made


def local_scope(
    book: NameBook,
    scope: Scope,
    lets: Mapping[str, Let],
    parameters: Mapping[str, Parameter],
    owner: str,
    chosen: Mapping[str, Text | Open] | None = None,
) -> Scope:
    """Return `scope` with parameters, variants and local names added; no name may be shadowed."""
    names: dict[str, Named | Lazy] = dict(scope.names)
    made = replace(scope, names=names)
    for name, parameter in parameters.items():
        _enter(names, name, _later_parameter(name, parameter, made, owner), parameter.span)
    for name, text in (chosen or {}).items():
        entry = text if isinstance(text, Open) else _later(f"{owner}.{name}", text, made)
        _enter(names, name, entry, text.span)
    for name, let in lets.items():
        _enter(names, name, Lazy(f"{owner}.{name}", _let(name, let, made, owner), let.span), let.span)
    return made


def _later(id: str, text: Text, scope: Scope) -> Lazy:
    return Lazy(id, lambda: check(text, scope), text.span)


def _later_parameter(name: str, parameter: Parameter, scope: Scope, owner: str) -> Lazy:
    id = f"{owner}.{name}"
    return Lazy(id, lambda: parameter_named(name, parameter, scope, owner), parameter.span)


def _let(name: str, let: Let, scope: Scope, owner: str):  # type: ignore[no-untyped-def]
    def build() -> Named:
        definition = value_of(let.value, scope, f"{owner}.let.{name}")
        kind = definition.kind
        if let.unit is not None:
            kind = Kind("number", unit_of(let.unit))
        scale = int(let.scale) if let.scale is not None else None
        return Fact(
            name, {"zh": name, "en": name}, kind, "let", owner,
            scale=scale, definition=definition, span=let.span,
        )  # fmt: skip

    return build


def _enter(names: dict[str, Named | Lazy], name: str, entry: Named | Lazy, span: Span) -> None:
    if fold(name) in names:
        raise refuse("KG202", span, name=name, a="a fact of the subject", b="a local name")
    names[fold(name)] = entry


def _settled_zero(value: Expression, model: Indicator, unit: Unit) -> Expression:
    """Apply `on_zero` and `negative_base`; an indicator that divides must say what zero does."""
    divisions = [
        n for n in walk(value)
        if isinstance(n, Arithmetic) and n.sign == "/" and not isinstance(n.right, Constant)
    ]  # fmt: skip
    if not divisions:
        return value
    if model.on_zero is None:
        raise refuse("KG608", model.id.span, indicator=model.title["zh"])
    if model.negative_base == "allow":
        value = _allowing_negative(value)
    if model.on_zero in ("missing", "worst", "best"):
        return value
    quantity = read_quantity(str(model.on_zero))
    if quantity is None:
        raise refuse(
            "KG112", model.on_zero.span, value=model.on_zero,
            expected="missing, worst, best or a number",
        )  # fmt: skip
    number = quantity.value * (quantity.unit or unit).factor
    given = Constant(number, Kind("number", unit), model.on_zero.span)
    zeros = tuple((_is_zero(d.right), given) for d in divisions)
    return Choose(zeros, value, True, Kind("number", unit), value.span)


def _is_zero(base: Expression) -> Expression:
    return Compare("=", base, Constant(Fraction(0), base.kind, base.span), base.span)


def _allowing_negative(node: Expression) -> Expression:
    made = rebuilt(node, _allowing_negative)
    if isinstance(made, Arithmetic) and made.sign == "/":
        return replace(made, allow_negative_base=True)
    return made


def _refuse_other_unit(value: Expression, unit: Unit, model: Indicator) -> None:
    kind = value.kind
    if kind == OPEN or kind.name == "open":
        return
    if kind.name != "number":
        raise refuse("KG310", model.id.span, place="value", expected="number", got=kind)
    if not kind.unit.same_dimension(unit) and not kind.bare:
        raise refuse(
            "KG401", model.unit.span, left=model.title["zh"], right=kind.unit.text or "1",
            unit=f"({unit.text})",
        )  # fmt: skip


