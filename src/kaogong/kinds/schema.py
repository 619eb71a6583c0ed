"""JSON Schema of the documents, for editors: made from the models, so it cannot fall behind.

A document that extends or overrides another says only what differs, so nothing is required in it
but its address; every definition therefore exists twice, whole and as a part to be laid over.
Keys stand as they are written; `title` and `titles` hold both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from kaogong.kinds.parts import FIGURE_KEYS, FIGURES, JUDGE_KEYS, OPEN_KEYS, UNKNOWNS
from kaogong.kinds.programme import Header
from kaogong.kinds.read import KINDS
from kaogong.kinds.shape import Key, Shape, keys_of
from kaogong.kinds.words import WORDS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
HEADER = "Programme"
OVER = "_over"  # suffix of the definition of a part laid over another
Schema = dict[str, Any]
ANY_TEXT: Schema = {"type": ["string", "number", "boolean"]}
NAMED: Schema = {"type": "object"}


def schema() -> Schema:
    """Return the schema of one document of any kind."""
    models: Mapping[str, type[BaseModel]] = {HEADER: Header, **KINDS}
    definitions: Schema = dict(_PARTS)
    for kind, model in models.items():
        for suffix in ("", OVER):
            _define(model, suffix, definitions)
            definitions[kind + suffix] = _with_kind(definitions[model.__name__ + suffix], kind)
    return {
        "$schema": DRAFT,
        "title": "考工方案文件 · document of a Kaogong programme",
        "type": "object",
        "required": ["kind"],
        "oneOf": [_of_kind(kind) for kind in models],
        "$defs": definitions,
    }


def _of_kind(kind: str) -> Schema:
    """Return the choice between a whole document and one laid over another."""
    whole: Schema = {"$ref": f"#/$defs/{kind}"}
    made: Schema = {
        "title": " · ".join((*WORDS[kind], kind)),
        "properties": {"kind": {"const": kind}},
        "required": ["kind"],
    }
    if kind == HEADER:  # its `extends` names programmes
        return {**made, "allOf": [whole]}
    return {
        **made,
        "if": {"anyOf": [{"required": ["extends"]}, {"required": ["overrides"]}]},
        "then": {"$ref": f"#/$defs/{kind}{OVER}"},
        "else": whole,
    }


def _with_kind(definition: Schema, kind: str) -> Schema:
    properties = {**definition["properties"], "kind": {"const": kind}}
    return {**definition, "properties": properties}


def _define(model: type[BaseModel], suffix: str, definitions: Schema) -> str:
    """Add the definition of a model, and of those inside it; return its name."""
    name = model.__name__ + suffix
    if name in definitions:
        return name
    definitions[name] = {}  # a line may hold lines
    keys = keys_of(model).values()
    made: Schema = {
        "type": "object",
        "description": (model.__doc__ or "").splitlines()[0],
        "properties": {key.name: _key(key, suffix, definitions) for key in keys},
        "additionalProperties": False,
    }
    required = [key.name for key in keys if key.required]
    if suffix:
        made["properties"] |= {"remove": _PARTS["names"], "before": {"type": "string"}}
    elif required:
        made["required"] = required
    definitions[name] = made
    return name


def _key(key: Key, suffix: str, definitions: Schema) -> Schema:
    made = dict(_shape(key.shape, suffix, definitions))
    if key.least is not None and made.get("type") == "integer":
        made["minimum"] = key.least
    if key.most is not None and made.get("type") == "integer":
        made["maximum"] = key.most
    if set(made) == {"$ref"} or "anyOf" in made:
        made = {"allOf": [made]}
    made["title"] = " · ".join(key.titles.values())
    made["titles"] = dict(key.titles)
    if key.absent is not None:
        made["absent"] = dict(key.absent)
    if isinstance(key.default, bool | str):
        made["default"] = key.default
    return made


def _shape(shape: Shape, suffix: str, definitions: Schema) -> Schema:
    made = [_FORMS[shape.form](shape, suffix, definitions)]
    made += [_shape(other, suffix, definitions) for other in shape.others]
    if shape.may_be_open:
        made.append({"$ref": "#/$defs/open"})
    return made[0] if len(made) == 1 else {"anyOf": made}


def _part(shape: Shape, _suffix: str, _definitions: Schema) -> Schema:
    return {"$ref": f"#/$defs/{shape.form}"}


def _model(shape: Shape, suffix: str, definitions: Schema) -> Schema:
    if shape.model is None:
        return NAMED
    return {"$ref": f"#/$defs/{_define(shape.model, suffix, definitions)}"}


def _named(shape: Shape, suffix: str, definitions: Schema) -> Schema:
    inside = {} if shape.inside is None else _shape(shape.inside, suffix, definitions)
    return {"type": "object", "additionalProperties": inside}


_FORMS: Mapping[str, Callable[[Shape, str, Schema], Schema]] = {
    **dict.fromkeys(
        (
            "text", "names", "title", "yes_no", "condition", "value", "parameter", "let",
            "mapping", "codes", "tags", "variants",
        ),
        _part,
    ),
    "date": lambda _shape, _suffix, _definitions: {"type": "string", "format": "date"},
    "whole": lambda _shape, _suffix, _definitions: {"type": "integer"},
    "word": lambda shape, _suffix, _definitions: {"enum": list(shape.words)},
    "model": _model,
    "named": _named,
}  # fmt: skip


def _only(required: str, properties: Schema) -> Schema:
    return {
        "type": "object", "properties": properties, "required": [required],
        "additionalProperties": False,
    }  # fmt: skip


_TEXT: Schema = {"$ref": "#/$defs/text"}
_VALUE: Schema = {"$ref": "#/$defs/value"}
_CONDITION: Schema = {"$ref": "#/$defs/condition"}
_NOTE: Schema = {"note": _TEXT}
_ROW: Schema = {
    "type": "object",
    "properties": {"when": _CONDITION, "then": _VALUE, "else": _VALUE},
    "additionalProperties": False,
}
_PARTS: Schema = {
    "text": ANY_TEXT,
    "yes_no": {"type": "boolean"},
    "mapping": NAMED,
    "names": {"anyOf": [ANY_TEXT, {"type": "array", "items": ANY_TEXT}]},
    "title": {
        "anyOf": [
            {"type": "string"},
            _only("zh", {"zh": {"type": "string"}, "en": {"type": "string"}}),
        ]
    },
    "open": _only("open", dict.fromkeys(OPEN_KEYS, _TEXT)),
    "condition": {
        "anyOf": [
            {"type": ["string", "boolean"]},
            {"$ref": "#/$defs/open"},
            {"type": "object", "properties": {
                "when": {"anyOf": [_TEXT, {"$ref": "#/$defs/open"}]}, "asked": _TEXT,
                "unknown": {"enum": list(UNKNOWNS)}}, "required": ["when"]},
            _only("judge", dict.fromkeys(JUDGE_KEYS, _TEXT)),
            _only("any", {"any": {"type": "object", "additionalProperties": _CONDITION}}),
            {"type": "object", "additionalProperties": _CONDITION},
        ]
    },
    "value": {
        "anyOf": [
            ANY_TEXT,
            {"type": "array", "items": _VALUE, "minItems": 2, "maxItems": 2},
            {"$ref": "#/$defs/open"},
            {"type": "object", "properties": {
                "of": _TEXT, "bands": {"type": "object", "additionalProperties": _VALUE},
                "else": _VALUE, **_NOTE}, "required": ["of", "bands"],
                "additionalProperties": False},
            _only("cases", {"cases": {"type": "array", "items": _ROW}, **_NOTE}),
            _only("figure", {
                **dict.fromkeys(FIGURE_KEYS, True), "figure": {"enum": list(FIGURES)},
                "of": _TEXT, "over": _TEXT, "times": _TEXT, "at": _TEXT,
                "period": {"enum": ["prior"]}, **_NOTE}),
        ]
    },
    "parameter": {
        "anyOf": [
            _VALUE,
            {"type": "object", "properties": {
                "unit": _TEXT, "values": NAMED, "by": {"$ref": "#/$defs/names"}, "codes": _TEXT,
                "list": {"$ref": "#/$defs/names"}, "scale": {"type": "integer"},
                "title": {"$ref": "#/$defs/title"}, "source": NAMED, **_NOTE},
                "additionalProperties": False},
        ]
    },
    "let": {
        "anyOf": [
            _VALUE,
            _only("value", {
                "value": _VALUE, "unit": _TEXT, "scale": {"type": "integer"},
                "title": {"$ref": "#/$defs/title"}, **_NOTE}),
        ]
    },
    "codes": {"anyOf": [{"type": "string"}, {"type": "array", "items": ANY_TEXT}, NAMED]},
    "tags": {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/names"}]},
    "variants": {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": ANY_TEXT},
    },
}  # fmt: skip
