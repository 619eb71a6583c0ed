"""A written document to its model, with every mistake as a finding at its place."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kaogong.kinds.head import Head
from kaogong.kinds.indicator import Indicator
from kaogong.kinds.register import Register
from kaogong.kinds.scheme import Scheme
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, List, Span, span_of

KINDS: Mapping[str, type[Head]] = {
    "Register": Register,
    "Indicator": Indicator,
    "Scheme": Scheme,
}
Read = TypeVar("Read", bound=BaseModel)
_RENAMED = {"key": "key_"}  # a model attribute may not be called like the function that declares it


def read_model(block: Block) -> tuple[Head | None, list[Finding]]:
    """Return the model of one document of a known kind, or None and why not."""
    kind = str(block["kind"])
    return model_of(KINDS[kind], block, kind)


def model_of(model: type[Read], block: Block, kind: str) -> tuple[Read | None, list[Finding]]:
    """Return `block` as a `model`, or None and every finding at its place."""
    try:
        return model.model_validate(_given(block, model)), []
    except ValidationError as error:
        return None, [f for e in error.errors() for f in _findings(e, block, kind, model)]


def _given(block: Block, model: type[BaseModel]) -> dict[str, object]:
    return {
        _RENAMED.get(k, k) if _RENAMED.get(k) in model.model_fields else k: v
        for k, v in block.items()
    }


def _findings(
    error: ErrorDetails, block: Block, kind: str, model: type[BaseModel]
) -> Sequence[Finding]:
    if error["type"] == "findings":
        return list(error["ctx"]["findings"])
    path = tuple(x for x in error["loc"] if x != "[key]")
    if error["type"] == "extra_forbidden":
        key = str(path[-1])
        place = _parent(block, path)
        span = place.keys_at.get(key, place.span)
        return [finding("KG103", span, kind=kind, key=key, near=_near(key, model, path))]
    if error["type"] == "missing":
        place = _parent(block, path)
        key = ".".join(str(x) for x in path).replace("key_", "key")
        return [finding("KG104", place.span, kind=kind, id=block.get("id", ""), key=key)]
    span = _span_at(block, path)
    shown = error["input"] if isinstance(error["input"], str) else ".".join(map(str, path))
    return [finding("KG112", span, value=shown, expected=_expected(error))]


def _expected(error: ErrorDetails) -> str:
    if error["type"] == "literal_error":
        return str(error["ctx"]["expected"]).replace("'", "")
    return error["msg"].removeprefix("Input should be ")


def _parent(block: Block, path: tuple[int | str, ...]) -> Block:
    place: object = block
    found = block
    for step in path[:-1]:
        place = _step(place, step)
        if isinstance(place, Block):
            found = place
    return found


def _step(place: object, step: int | str) -> object:
    if isinstance(place, Block):
        return place.get(str(step))
    if isinstance(place, List) and isinstance(step, int) and step < len(place):
        return place[step]
    return None


def _span_at(block: Block, path: tuple[int | str, ...]) -> Span:
    place: object = block
    span = block.span
    for step in path:
        place = _step(place, step)
        span = span_of(place, span)
    return span


def _near(key: str, model: type[BaseModel], path: tuple[int | str, ...]) -> str:
    """Return the known key that looks most like `key` at its place."""
    known = _keys(model, path[:-1])
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
    return close[0] if close else ""


def _keys(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Return the keys that may stand at `path`, by walking the models' annotations."""
    at: type[BaseModel] | None = model
    for step in path:
        if at is None:
            break
        field = next((f for n, f in at.model_fields.items() if step in (n, f.alias)), None)
        at = _model_in(field.annotation) if field is not None else at
    return [f.alias or n.rstrip("_") for n, f in (at or model).model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inside in getattr(annotation, "__args__", ()):
        found = _model_in(inside)
        if found is not None:
            return found
    return None
