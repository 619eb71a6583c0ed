"""What a clause comes to: amount, caps and least amount, each in the unit that the clause says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaogong.kinds.parts import OpenSlot, Range, Value
from kaogong.kinds.policy import Cap, Clause
from kaogong.language.expression import Constant, Expression
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import Kind
from kaogong.language.quantity import exact_text
from kaogong.language.scope import Scope
from kaogong.language.span import Span, Text
from kaogong.language.unit import Unit
from kaogong.programme.fields import unit_of
from kaogong.programme.named_conditions import derived
from kaogong.programme.values import open_slot, value_of

CAPS = ("item", "year")  # what is capped without knowing what was paid before


@dataclass(frozen=True, slots=True)
class Amounts:
    """The figures of one clause."""

    low: Fact
    high: Fact
    unit: Unit
    caps: Mapping[str, Expression]
    minimum: Expression | None


@dataclass(frozen=True, slots=True)
class Money:
    """Where amounts stand: the scope, the unit, and the address of the clause."""

    scope: Scope
    unit: Unit
    place: str
    span: Span

    def read(self, value: Value, key: str) -> Expression:
        """Return a value in the clause's unit; another unit, or none, is refused."""
        made = value_of(value, self.scope, f"{self.place}.{key}")
        kind = made.kind
        if kind.name == "open":
            return made
        if kind.name != "number":
            raise refuse("KG310", made.span, place=f"{self.place}.{key}", expected="number",
                         got=kind)  # fmt: skip
        if not kind.unit.same_dimension(self.unit):
            if kind.bare or kind.unit.is_pure:
                shown = value if isinstance(value, Text) else key
                raise refuse("KG402", made.span, number=shown, name=self.place, unit=self.unit.text)
            units = f"({kind.unit.text}, {self.unit.text})"
            raise refuse("KG401", made.span, left=self.place, right=key, unit=units)
        return made


def amounts_of(clause: Clause, scope: Scope, place: str, owner: str, span: Span) -> Amounts:
    """Return the figures of a clause, or raise `Refused`."""
    unit = unit_of(clause.unit)
    money = Money(scope, unit, place, span)
    kind = Kind("number", unit)
    written = clause.amount
    ends = (written.low, written.high) if isinstance(written, Range) else (written,)
    facts = [
        derived(
            f"{clause_id(owner)}.{name}", owner, money.read(end, "amount"), kind=kind,
            scale=clause.scale,
        )
        for name, end in zip(("amount", "amount_max"), ends, strict=False)
    ]  # fmt: skip
    caps = _caps(clause.cap, money)
    minimum = None if clause.minimum is None else money.read(clause.minimum, "minimum")
    _check_order(caps, minimum, money)
    return Amounts(facts[0], facts[-1], unit, caps, minimum)


def clause_id(owner: str) -> str:
    """Return the id of the clause that owns a figure."""
    return owner.rpartition(".")[2]


def _caps(cap: Cap | OpenSlot | str, money: Money) -> dict[str, Expression]:
    if isinstance(cap, OpenSlot):
        return {"item": open_slot(cap, f"{money.place}.cap")}
    if not isinstance(cap, Cap):
        return {}
    written = {key: getattr(cap, key) for key in CAPS}
    made = {k: money.read(v, f"cap.{k}") for k, v in written.items() if v is not None}
    if not made and cap.project is None and cap.life is None:
        raise refuse("KG104", money.span, kind="cap", id=money.place, key="item")
    return made


def _check_order(caps: Mapping[str, Expression], minimum: Expression | None, money: Money) -> None:
    """Refuse a cap below the least amount, and one below zero (KG651)."""
    least = _number(minimum) if minimum is not None else Fraction(0)
    for key, cap in caps.items():
        most = _number(cap)
        if most is not None and least is not None and most < least:
            shown = {n: f"{exact_text(v / money.unit.factor)}{money.unit.text}"
                     for n, v in (("cap", most), ("least", least))}  # fmt: skip
            raise refuse("KG651", cap.span, place=f"{money.place}.cap.{key}", **shown)


def _number(expression: Expression) -> Fraction | None:
    is_written = isinstance(expression, Constant) and isinstance(expression.value, Fraction)
    return expression.value if is_written else None  # type: ignore[union-attr,return-value]  # a written number
