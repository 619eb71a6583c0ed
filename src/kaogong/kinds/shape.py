"""The form of a kind, read off its model: which keys there are, and what may stand at each.

Everything that has to know all keys (near names in findings, the schema for editors, the printed
programme) asks here, so that a key is declared once, in its model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from kaogong.kinds.parts import OpenFirst, OpenSlot, PartName, Reads

Form = PartName | Literal["date", "whole", "word", "model", "named"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at a place: a part, one of some words, a model, or named things."""

    form: Form
    words: tuple[str, ...] = ()  # `word` only
    model: type[BaseModel] | None = None  # `model` only
    inside: Shape | None = None  # `named` only: what each name holds
    may_be_open: bool = False
    others: tuple[Shape, ...] = ()  # forms it may have instead


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a model as it is written."""

    name: str
    titles: Mapping[str, str]  # zh, en
    absent: Mapping[str, str] | None  # what holds where the key is not written
    default: object  # None where there is none
    required: bool
    shape: Shape
    least: int | None = None  # of a whole number
    most: int | None = None


@cache
def keys_of(model: type[BaseModel]) -> Mapping[str, Key]:
    """Return the keys of a model by their written name, in the order of the language."""
    made = (_key(name, field) for name, field in model.model_fields.items())
    return {key.name: key for key in made}


def _key(name: str, field: FieldInfo) -> Key:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    bounds = {b: getattr(m, b) for m in field.metadata for b in ("ge", "le") if hasattr(m, b)}
    default = None if field.default is PydanticUndefined else field.default
    return Key(
        field.alias or name,
        _by_language(extra["titles"]),
        _by_language(extra["absent"]) if "absent" in extra else None,
        default,
        field.is_required(),
        _shape(field.annotation, tuple(field.metadata)),
        bounds.get("ge"),
        bounds.get("le"),
    )


def _by_language(titles: object) -> Mapping[str, str]:
    return {k: str(v) for k, v in titles.items()} if isinstance(titles, dict) else {}


def _shape(annotation: Any, metadata: tuple[object, ...] = ()) -> Shape:  # noqa: ANN401  # a type
    """Return the shape that an annotation declares."""
    reads = next((m for m in metadata if isinstance(m, Reads)), None)
    if reads is not None:
        return Shape(reads.part)
    if get_origin(annotation) is Annotated:
        inside, *more = get_args(annotation)
        return _shape(inside, tuple(more))
    if get_origin(annotation) in (Union, UnionType):
        made = _one_of([a for a in get_args(annotation) if a not in (type(None), OpenSlot)])
        is_open = any(isinstance(m, OpenFirst) for m in metadata)
        return replace(made, may_be_open=made.may_be_open or is_open)
    if get_origin(annotation) is dict:
        return Shape("named", inside=_shape(get_args(annotation)[1]))
    if get_origin(annotation) is Literal:
        return Shape("word", words=tuple(map(str, get_args(annotation))))
    return _plain(annotation)


def _one_of(annotations: list[Any]) -> Shape:
    first, *others = (_shape(a) for a in annotations)
    return replace(first, others=tuple(others)) if others else first


def _plain(annotation: Any) -> Shape:  # noqa: ANN401  # a type
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape("model", model=annotation)
    return Shape({int: "whole", date: "date"}[annotation])  # type: ignore[arg-type]  # both forms


def shape_at(model: type[BaseModel], path: tuple[str, ...]) -> Shape | None:
    """Return what may stand at a path of keys and names below a model, or None."""
    found: Shape | None = Shape("model", model=model)
    for step in path:
        if found is None:
            return None
        if found.form == "model" and found.model is not None:
            key = keys_of(found.model).get(step)
            found = key.shape if key is not None else None
        else:
            found = found.inside
    return found
