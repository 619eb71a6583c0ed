"""The kind Register as the shape that taking in a file needs."""

from __future__ import annotations

from decimal import Decimal

from kaogong.data.shape import FieldShape, RegisterShape
from kaogong.kinds.register import Field, Register
from kaogong.language.interval import read_interval
from kaogong.language.quantity import exact_text
from kaogong.language.unit import PURE
from kaogong.programme.names import unit_of, vocabulary_of


def shape_of(model: Register) -> RegisterShape:
    """Return what a register expects of a sheet."""
    id = str(model.id)
    return RegisterShape(
        id, model.title["zh"],
        of=str(model.of[0]) if model.of else None,
        key=tuple(str(k) for k in model.key_),
        period=str(model.period) if model.period else None,
        fields=(*_key_fields(model), *(_field(id, n, f) for n, f in model.fields.items())),
        dated_by=str(model.dated_by) if model.dated_by else None,
        valid=(str(model.valid[0]), str(model.valid[1])) if len(model.valid) == 2 else None,
        identified_by=tuple(n for n in ("uscc", "former_uscc", "name") if n in model.fields),
    )  # fmt: skip


def _key_fields(model: Register) -> tuple[FieldShape, ...]:
    """Return the key fields that the register takes over from the register it belongs to."""
    return tuple(
        FieldShape(str(k), "主体编号", required=True)
        for k in model.key_
        if str(k) not in model.fields and str(k) != "period"
    )


def _field(register: str, id: str, field: Field) -> FieldShape:
    low, high = _bounds(field)
    kind = field.value_type
    return FieldShape(
        id, field.title["zh"], kind,
        unit=str(field.unit) if field.unit is not None else None,
        scale=field.scale or 0,
        low=low, high=high, required=field.required,
        headings=tuple(str(h) for h in field.headings),
        vocabulary=vocabulary_of(register, id, field) if kind == "code" else None,
    )  # fmt: skip


def _bounds(field: Field) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and greatest value in the field's own unit."""
    if field.range is None:
        return None, None
    written = read_interval(str(field.range))
    unit = unit_of(field.unit) if field.unit is not None else PURE
    factor = unit.factor if written.unit is not None else 1
    ends = [None if e is None else e / factor for e in (written.low, written.high)]
    low, high = (None if e is None else Decimal(exact_text(e)) for e in ends)
    return low, high
