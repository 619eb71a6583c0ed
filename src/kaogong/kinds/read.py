"""A written document to its model, with every mistake as a finding at its place."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kaogong.kinds.head import Head
from kaogong.kinds.indicator import Indicator
from kaogong.kinds.ladder import Ladder
from kaogong.kinds.policy import Policy
from kaogong.kinds.register import Register
from kaogong.kinds.scheme import Scheme
from kaogong.kinds.shape import keys_of, shape_at
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, List, span_of

KINDS: Mapping[str, type[Head]] = {
    "Register": Register,
    "Indicator": Indicator,
    "Scheme": Scheme,
    "Ladder": Ladder,
    "Policy": Policy,
}
Read = TypeVar("Read", bound=BaseModel)
Path = tuple[str, ...]


def read_model(block: Block) -> tuple[Head | None, list[Finding]]:
    """Return the model of one document of a known kind, or None and why not."""
    kind = str(block["kind"])
    return model_of(KINDS[kind], block, kind)


def model_of(model: type[Read], block: Block, kind: str) -> tuple[Read | None, list[Finding]]:
    """Return `block` as a `model`, or None and every finding at its place."""
    try:
        return model.model_validate(block), []
    except ValidationError as error:
        return None, [f for e in error.errors() for f in _findings(e, block, kind, model)]


def _findings(
    error: ErrorDetails, block: Block, kind: str, model: type[BaseModel]
) -> Sequence[Finding]:
    if error["type"] == "findings":
        return list(error["ctx"]["findings"])
    path, place = _followed(block, tuple(str(x) for x in error["loc"]))
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        above, parent = _followed(block, path[:-1])
        at = parent.keys_at.get(key, block.span) if isinstance(parent, Block) else block.span
        return [finding("KG103", at, kind=kind, key=key, near=_near(key, model, above))]
    if error["type"] == "missing":
        key = ".".join([*path, str(error["loc"][-1])])
        at = span_of(place, block.span)
        return [finding("KG104", at, kind=kind, id=block.get("id", ""), key=key)]
    shown = error["input"] if isinstance(error["input"], str) else ".".join(path)
    return [finding("KG112", span_of(place, block.span), value=shown, expected=_expected(error))]


def _expected(error: ErrorDetails) -> str:
    if error["type"] == "literal_error":
        return str(error["ctx"]["expected"]).replace("'", "")
    return error["msg"].removeprefix("Input should be ")


def _followed(block: Block, steps: Path) -> tuple[Path, object]:
    """Return the steps that lead somewhere, and where; pydantic's own marks are passed over."""
    path: list[str] = []
    place: object = block
    for step in steps:
        inside = _step(place, step)
        if inside is not None:
            path.append(step)
            place = inside
    return tuple(path), place


def _step(place: object, step: str) -> object:
    if isinstance(place, Block):
        return place.get(step)
    if isinstance(place, List) and step.isdigit() and int(step) < len(place):
        return place[int(step)]
    return None


def _near(key: str, model: type[BaseModel], path: Path) -> str:
    """Return the known key that looks most like `key` at its place."""
    shape = shape_at(model, path)
    known = keys_of(shape.model) if shape is not None and shape.model is not None else {}
    close = difflib.get_close_matches(key, list(known), n=1, cutoff=0.0)
    return close[0] if close else ""
