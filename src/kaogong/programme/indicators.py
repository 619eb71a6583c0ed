"""Indicators as facts: a definition, a unit, decimals that are kept, and a choice of variants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

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
from kaogong.language.finding import Finding, Refused, refuse
from kaogong.language.kind import Kind
from kaogong.language.percentages import in_points
from kaogong.language.quantity import read_quantity
from kaogong.language.scope import Lazy, Named, Scope, fold
from kaogong.language.span import Span, Text
from kaogong.language.unify import takes_bare
from kaogong.language.unit import Unit
from kaogong.programme.fields import titles_of, unit_of
from kaogong.programme.load import Document
from kaogong.programme.parameters import parameter_named
from kaogong.programme.sameness import identity
from kaogong.programme.values import value_of

Choice = Mapping[str, Text | Open]
VariantKey = tuple[str, str, str]  # id, subject, text of an option
IndicatorKey = tuple[str, str, tuple[tuple[str, str], ...]]  # id, subject, choice of variants


class Names(Protocol):
    """The little that an indicator asks of a book of names."""

    indicator_facts: dict[IndicatorKey, Fact]
    variants: dict[VariantKey, Lazy]

    def scope(self, subject: str) -> Scope:
        """Return the scope of an expression about one subject."""


@dataclass(frozen=True, slots=True)
class Locals:
    """What a document adds to the names of a subject."""

    owner: str
    lets: Mapping[str, Let]
    parameters: Mapping[str, Parameter]
    chosen: Mapping[str, Text | Lazy | Open] = field(default_factory=dict)  # variants by local name


def plain_indicator(book: Names, model: Indicator, document: Document, subject: str) -> Fact:
    """Return the indicator as any expression may read it; variants need a choice (KG602)."""
    span = document.block.span
    for options in model.variants.values():
        if len(options) > 1:
            raise refuse("KG602", span, indicator=model.title["zh"], list=variants_of(model))
    return indicator_fact(book, model, subject, only_choice(model, span))


def only_choice(model: Indicator, span: Span) -> dict[str, Text | Open]:
    """Return the choice among variants where there is only one."""
    single = {name: list(options) for name, options in model.variants.items() if len(options) == 1}
    return {name: Text(options[0], span) for name, options in single.items()}


def indicator_fact(
    book: Names, model: Indicator, subject: str, choice: Choice, at: Span | None = None
) -> Fact:
    """Return the indicator for one choice of its variants, made once; `at` is where it is asked."""
    chosen = tuple(sorted((k, _chosen_name(v)) for k, v in choice.items()))
    key = (str(model.id), subject, chosen)
    if key not in book.indicator_facts:
        book.indicator_facts[key] = _made(book, model, subject, choice, at or model.id.span)
    return book.indicator_facts[key]


def _made(book: Names, model: Indicator, subject: str, choice: Choice, at: Span) -> Fact:
    scope = book.scope(subject)
    chosen = _shared(book, model, subject, scope, _chosen(model, choice, at))
    scope = local_scope(scope, Locals(str(model.id), model.let, model.parameters, chosen))
    unit = unit_of(model.unit)
    definition = _settled_zero(value_of(model.value, scope, f"{model.id}.value"), model, unit)
    _refuse_other_unit(definition, unit, model)
    return Fact(
        str(model.id), titles_of(model.title, str(model.id)), Kind("number", unit),
        "indicator", f"indicator {model.id}",
        grain=str(model.period) if model.period else None, nature=model.nature,
        scale=model.scale, definition=definition, span=model.id.span,
        variant={k: _chosen_name(v) for k, v in choice.items()},
    )  # fmt: skip


def _chosen_name(option: Text | Open) -> str:
    """Return what a choice is known by: the option, or the address of the open slot."""
    return option.place if isinstance(option, Open) else str(option)


def every_choice(
    book: Names, model: Indicator, subject: str
) -> tuple[tuple[Fact, ...], list[Finding]]:
    """Return the indicator with each option of its variants once, and what is wrong with it."""
    facts: list[Fact] = []
    findings: list[Finding] = []
    for choice in choices(model):
        try:
            facts.append(indicator_fact(book, model, subject, choice))
        except Refused as refused:
            findings.extend(refused.findings)
    return tuple(facts), findings


def every_option(book: Names, model: Indicator, subject: str) -> list[Finding]:
    """Return what is wrong with an indicator of a further subject, each option read once.

    How its options combine was checked for the first subject; here names may be missing.
    """
    findings: list[Finding] = []
    scope = book.scope(subject)
    first, *others = choices(model)
    for choice in (first, *others):
        try:
            shared = _shared(book, model, subject, scope, _chosen(model, choice, model.id.span))
            lazy = [each for each in shared.values() if isinstance(each, Lazy)]
            if choice is first or len(lazy) < len(shared):
                indicator_fact(book, model, subject, choice)
            for each in lazy:
                each.get([])
        except Refused as refused:
            findings.extend(refused.findings)
    return findings


def choices(model: Indicator) -> list[dict[str, Text | Open]]:
    """Return every choice of variants: each name's options once, the others at their first."""
    named = {name: list(options) for name, options in model.variants.items() if options}
    first = {name: options[0] for name, options in named.items()}
    made = [first]
    made += [{**first, name: o} for name, options in named.items() for o in options[1:]]
    return [{k: Text(v, model.id.span) for k, v in choice.items()} for choice in made]


def variants_of(model: Indicator) -> str:
    """Return the choices of an indicator as one line."""
    return "; ".join(f"{name}: {o}" for name, options in model.variants.items() for o in options)


def _chosen(model: Indicator, choice: Choice, at: Span) -> dict[str, Text | Open]:
    """Return the expression text of each local name under the choice."""
    made: dict[str, Text | Open] = {}
    for name, options in model.variants.items():
        wanted = choice.get(name)
        if isinstance(wanted, Open):
            made[name] = wanted
        elif wanted is None or str(wanted) not in options:
            span = at if wanted is None else wanted.span
            raise refuse("KG602", span, indicator=model.title["zh"], list=variants_of(model))
        else:
            made[name] = options[str(wanted)]
    return made


def _shared(
    book: Names, model: Indicator, subject: str, scope: Scope, chosen: Mapping[str, Text | Open]
) -> Mapping[str, Text | Lazy | Open]:
    """Return the options; one that speaks of facts alone is made once for all choices."""
    local = (*model.variants, *model.let, *model.parameters)
    made: dict[str, Text | Lazy | Open] = {}
    for name, option in chosen.items():
        if isinstance(option, Open) or any(each in option for each in local):
            made[name] = option
        else:
            key = (str(model.id), subject, str(option))
            made[name] = book.variants.setdefault(key, _later(f"{model.id}.{name}", option, scope))
    return made


def local_scope(scope: Scope, added: Locals) -> Scope:
    """Return `scope` with parameters, variants and local names added; no name may be shadowed."""
    names: dict[str, Named | Lazy] = dict(scope.names)
    made = replace(scope, names=names)
    own: dict[str, str] = {}
    for name, entry, span in _entries(added, made):
        folded = fold(name)
        if folded in own and own[folded] != name:
            raise refuse("KG203", span, a=own[folded], b=name)
        if folded in names:
            raise refuse("KG202", span, name=name, a=scope.subject, b=added.owner)
        own[folded] = name
        names[folded] = entry
    return made


def _entries(added: Locals, scope: Scope) -> Iterator[tuple[str, Named | Lazy, Span]]:
    for name, parameter in added.parameters.items():
        yield name, _later_parameter(name, parameter, scope, added.owner), parameter.span
    for name, option in added.chosen.items():
        entry = (
            _later(f"{added.owner}.{name}", option, scope) if isinstance(option, Text) else option
        )
        yield name, entry, option.span
    for name, let in added.lets.items():
        yield (
            name,
            Lazy(f"{added.owner}.{name}", _let(name, let, scope, added.owner), let.span),
            let.span,
        )


def _later(id: str, text: Text, scope: Scope) -> Lazy:
    return Lazy(id, lambda: check(text, scope), text.span)


def _later_parameter(name: str, parameter: Parameter, scope: Scope, owner: str) -> Lazy:
    id = f"{owner}.{name}"
    return Lazy(id, lambda: parameter_named(name, parameter, scope, owner), parameter.span)


def _let(name: str, let: Let, scope: Scope, owner: str) -> Callable[[], Named]:
    def build() -> Named:
        definition = value_of(let.value, scope, f"{owner}.let.{name}")
        kind = definition.kind
        if let.unit is not None:
            kind = Kind("number", unit_of(let.unit))
        scale = _scale(let.scale)
        return Fact(
            name, {"zh": name, "en": name}, kind, "let", owner,
            scale=scale, definition=definition, span=let.span,
        )  # fmt: skip

    return build


def _scale(text: Text | None) -> int | None:
    if text is None:
        return None
    if not text.isdigit() or int(text) > 12:
        raise refuse("KG112", text.span, value=text, expected="0 to 12 decimals")
    return int(text)


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
    bases = {identity(d.right): d.right for d in divisions}
    zeros = tuple((_is_zero(base), given) for base in bases.values())
    return Choose(zeros, value, True, Kind("number", unit), value.span)


def _is_zero(base: Expression) -> Expression:
    return Compare("=", base, Constant(Fraction(0), base.kind, base.span), base.span)


def _allowing_negative(node: Expression) -> Expression:
    made = rebuilt(node, _allowing_negative)
    if isinstance(made, Arithmetic) and made.sign == "/":
        return replace(made, allow_negative_base=True)
    return made


def _refuse_other_unit(value: Expression, unit: Unit, model: Indicator) -> None:
    kind = in_points(value, unit).kind
    if kind.name == "open":
        return
    if kind.name != "number":
        raise refuse("KG310", model.id.span, place="value", expected="number", got=kind)
    is_count = kind.unit.is_pure and takes_bare(unit)
    if not kind.unit.same_dimension(unit) and not kind.bare and not is_count:
        raise refuse(
            "KG401", model.unit.span, left=model.title["zh"], right=kind.unit.text or "1",
            unit=f"({unit.text})",
        )  # fmt: skip
