"""The schema for editors: it takes what ships, refuses what is wrong, and knows every key."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kaogong
from kaogong.kinds.read import KINDS
from kaogong.kinds.schema import DRAFT, schema
from kaogong.kinds.shape import keys_of
from kaogong.language.document import read_documents
from kaogong.language.span import Block, List, Text

PROGRAMMES = Path(kaogong.__file__).parent / "programmes"
FILES = sorted(PROGRAMMES.rglob("*.yaml"))
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
    "number": (int, float),
}  # fmt: skip


@cache
def made() -> dict[str, Any]:
    return schema()


def as_json(node: object) -> object:
    """Return a tree as an editor sees it: numbers and truth values as JSON has them."""
    if isinstance(node, Block):
        return {key: as_json(value) for key, value in node.items()}
    if isinstance(node, List):
        return [as_json(each) for each in node]
    assert isinstance(node, Text)
    if node.quoted:
        return str(node)
    try:
        return json.loads(node)
    except json.JSONDecodeError:
        return str(node)


def faults(value: object, rule: object, place: str = "") -> list[str]:
    """Return where a value breaks a rule: as much of JSON Schema as the schema uses."""
    if rule is True or not isinstance(rule, dict):
        return []
    if "$ref" in rule:
        name = rule["$ref"].removeprefix("#/$defs/")
        return faults(value, made()["$defs"][name], place)
    found = _typed(value, rule, place)
    if found:
        return found
    if isinstance(value, dict):
        found += _object(value, rule, place)
    if isinstance(value, list):
        found += [
            f for n, v in enumerate(value) for f in faults(v, rule.get("items"), f"{place}.{n}")
        ]
    for each in rule.get("allOf", ()):
        found += faults(value, each, place)
    for word, wanted in (("anyOf", range(1, 99)), ("oneOf", range(1, 2))):
        if word in rule:
            tried = [faults(value, each, place) for each in rule[word]]
            if sum(not t for t in tried) not in wanted:
                found += min(tried, key=len) or [f"{place}: {word}"]
    if "if" in rule:
        branch = "else" if faults(value, rule["if"]) else "then"
        found += faults(value, rule.get(branch), place)
    return found


def _typed(value: object, rule: dict[str, Any], place: str) -> list[str]:
    if "const" in rule and value != rule["const"]:
        return [f"{place}: {value!r} is not {rule['const']!r}"]
    if "enum" in rule and value not in rule["enum"]:
        return [f"{place}: {value!r} is none of {rule['enum']}"]
    types = rule.get("type", [])
    named = [types] if isinstance(types, str) else types
    if named and not any(_is(value, name) for name in named):
        return [f"{place}: {value!r} is no {types}"]
    return []


def _is(value: object, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _object(value: dict[str, Any], rule: dict[str, Any], place: str) -> list[str]:
    found = [f"{place} needs {key}" for key in rule.get("required", ()) if key not in value]
    known, others = rule.get("properties", {}), rule.get("additionalProperties", True)
    for key, inside in value.items():
        if key in known:
            found += faults(inside, known[key], f"{place}.{key}")
        elif others is False:
            found.append(f"{place} has no {key}")
        else:
            found += faults(inside, others, f"{place}.{key}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_shipped_document_is_taken(path: Path) -> None:
    for document in read_documents(path.read_text("utf-8"), path.name)[0]:
        assert faults(as_json(document), made()) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kind: Schema\nid: a", "kind"),
        ("kind: Scheme\nid: a\ntitle: 办法", "needs population"),
        ("kind: Scheme\nid: a\nextends: b\ncolour: red", "has no colour"),
        ("kind: Scheme\noverrides: a\nrank: {ties: random}", "random"),
        ("kind: Scheme\noverrides: a\ngroups: {g: {scores: {x: {wight: 3}}}}", "wight"),
        ("kind: Indicator\noverrides: a\nscale: two", "two"),
        ("kind: Register\noverrides: a\nfields: {x: {nature: steady}}", "steady"),
        ("kind: Register\nid: a", "needs title"),
        ("kind: Programme\nid: a\ntitle: 方案\nextends: [library]", "needs language"),
    ],
)
def test_a_wrong_document_is_refused(text: str, fault: str) -> None:
    (document,), _ = read_documents(text, "x.yaml")
    value = as_json(document)
    assert faults(value, made()) != []
    branches = [b for b in made()["oneOf"] if b["properties"]["kind"]["const"] == document["kind"]]
    told = [each for branch in branches or made()["oneOf"] for each in faults(value, branch)]
    assert any(fault in each for each in told)


def test_an_overlay_needs_nothing_but_its_address() -> None:
    text = "kind: Scheme\noverrides: a\nrank: {ties: by_key}\nremove: [moves.x]\n"
    (document,), _ = read_documents(text + "groups: {g: {before: h, title: 组}}", "x.yaml")
    assert faults(as_json(document), made()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_stands_with_its_titles_under_its_written_name(kind: str) -> None:
    properties = made()["$defs"][kind]["properties"]
    keys = keys_of(KINDS[kind])
    assert list(properties) == list(keys)
    for name, key in keys.items():
        if name != "kind":
            assert properties[name]["titles"] == key.titles
            assert properties[name]["title"] == f"{key.titles['zh']} · {key.titles['en']}"
    assert not [name for name in properties if name.endswith("_")]


def test_the_schema_names_its_draft_and_every_reference_leads_somewhere() -> None:
    text = json.dumps(made(), ensure_ascii=False)
    assert made()["$schema"] == DRAFT
    names = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert names <= set(made()["$defs"])
