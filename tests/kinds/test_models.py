"""Every key of every kind: an unknown one is told with the nearest, a missing one by its name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from kaogong.kinds.programme import Header
from kaogong.kinds.read import KINDS, model_of
from kaogong.kinds.scheme import Line, Scheme
from kaogong.kinds.shape import Shape, keys_of, shape_at
from kaogong.kinds.words import WORDS, spoken_word
from kaogong.language.document import read_documents
from kaogong.language.finding import Finding
from kaogong.language.span import Block

WHOLE = """\
kind: Scheme
id: whole
title: 全文
source: {evidence: example}
transition: {when: 规上, stay_with: older}
readings: {r: {question: 疑, chosen: 甲, other: {a: b}}}
population:
  takes_part: true
  leaves: {l: {when: 规上, as: not_rated, class: T, source: {evidence: example}}}
units: {merge: {by: 地块}}
scores: {tax: {indicator: 亩均税收, parts: {a: {weight: 1}}}}
scoring: {scale: 2}
groups: {g: {
  scores: {tax: {weight: 1}}, pools: {p: {take: "[0, 50%]"}}, adjust: {b: {points: 1}}, rank: {
  within: [group], by: [total desc], base: rated, rounding: up, rounding_of: class, ties: by_key}}}
total: {floor: none}
moves: {m: {when: 规上, up: 1}}
room: {classes: true}
"""
REGISTER = """\
kind: Register
id: firm
title: 企业
source: {evidence: example}
fields: {tax: {title: 税收, unit: 元}}
checks: {c: {when: tax > 0}}
"""
INDICATOR = """\
kind: Indicator
id: i
title: 指标
source: {evidence: example}
value: 税收
unit: 元
scale: 2
nature: flow
better: high
"""
LADDER = """\
kind: Ladder
id: climb
title: 梯度
source: {evidence: example}
assign: computed
rungs: {upper: {
  entry: 规上, points: {rd: {max: 20, points: 5}}, lane: {when: 规上, replaces: [rd]},
  share: {a: {rest: true}}}}
"""
POLICY = """\
kind: Policy
id: help
title: 扶持
source: {evidence: example}
clauses: {tech: {
  when: 规上, amount: 1万元, unit: 万元, scale: 2, cap: {item: 1万元}, mode: 数据核校,
  pays: {y1: {amount: 1万元}}, balance: {adds: 1, uses: 1}, window: {opens: 2024-01-01}}}
limits: {best: {per: year, share: highest}}
budgets: {pot: {per: year, cap: 1万元, share: pro_rata}}
"""
HEADER = "kind: Programme\nid: p\ntitle: 方案\nlanguage: 1\n"
TEXTS: dict[type[BaseModel], str] = {
    Header: HEADER, KINDS["Scheme"]: WHOLE, KINDS["Register"]: REGISTER,
    KINDS["Indicator"]: INDICATOR, KINDS["Ladder"]: LADDER, KINDS["Policy"]: POLICY,
}  # fmt: skip


def read(model: type[BaseModel], text: str) -> tuple[Block, list[Finding]]:
    (block,), told = read_documents(text, "x.yaml")
    assert told == []
    return block, model_of(model, block, model.__name__)[1]


def places(
    model: type[BaseModel], block: Block, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Yield the path of every mapping of known keys below a document."""
    shape = shape_at(model, path)
    if shape is not None and shape.form == "model":
        yield path
    for key, inside in block.items():
        if isinstance(inside, Block) and shape_at(model, (*path, key)) is not None:
            yield from places(model, inside, (*path, key))


PLACES = [
    (model, path)
    for model, text in TEXTS.items()
    for path in places(model, read_documents(text, "x.yaml")[0][0])
]


def test_the_texts_reach_every_model() -> None:
    found = {shape.model for model, path in PLACES if (shape := shape_at(model, path)) is not None}
    assert found == set(_models())


@pytest.mark.parametrize("model", TEXTS, ids=lambda model: model.__name__)
def test_nothing_is_wrong_with_the_texts(model: type[BaseModel]) -> None:
    assert read(model, TEXTS[model])[1] == []


@pytest.mark.parametrize(
    ("model", "path"), PLACES, ids=[".".join((m.__name__, *p)) for m, p in PLACES]
)
def test_an_unknown_key_is_told_at_its_place_with_the_nearest(
    model: type[BaseModel], path: tuple[str, ...]
) -> None:
    shape = shape_at(model, path)
    assert shape is not None
    assert shape.model is not None
    for known in keys_of(shape.model):
        wrong = f"{known}x"
        text = _with_key(TEXTS[model], path, wrong)
        block, told = read(model, text)
        (found,) = [f for f in told if f.id == "KG103"]
        assert (found.values["key"], found.values["near"]) == (wrong, known)
        assert found.span == _at(block, path).keys_at[wrong]


def _with_key(text: str, path: tuple[str, ...], key: str) -> str:
    """Return the text with one more key in the mapping at a path, written as the first of it."""
    if not path:
        return f"{text}{key}: 1\n"
    block = _at(read_documents(text, "x.yaml")[0][0], path)
    line, column = block.span.line - 1, block.span.column - 1
    lines = text.splitlines()
    row = lines[line]
    if row[column] == "{":
        lines[line] = f"{row[: column + 1]}{key}: 1, {row[column + 1 :]}"
    else:
        lines.insert(line, f"{row[:column]}{key}: 1")
    return "\n".join(lines) + "\n"


def _at(block: Block, path: tuple[str, ...]) -> Block:
    for step in path:
        inside = block[step]
        assert isinstance(inside, Block)
        block = inside
    return block


REQUIRED = [(m, key) for m in TEXTS for key in keys_of(m).values() if key.required]


@pytest.mark.parametrize(
    ("model", "key"), REQUIRED, ids=[f"{m.__name__}.{k.name}" for m, k in REQUIRED]
)
def test_a_missing_key_is_told_by_its_name(model: type[BaseModel], key: object) -> None:
    name = str(getattr(key, "name", ""))
    (block,), _ = read_documents(TEXTS[model], "x.yaml")
    del block[name]
    told = model_of(model, block, model.__name__)[1]
    assert [(f.id, f.values["key"]) for f in told] == [("KG104", name)]
    assert told[0].span == block.span


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("population: {leaves: {}}", "population.takes_part", 3),
        ("groups: {g: {rank: {within: [group]}}}", "groups.g.rank.by", 3),
        ("total: {}", "total.floor", 3),
    ],
)
def test_a_missing_key_inside_is_told_with_its_way(text: str, key: str, line: int) -> None:
    _, told = read(Scheme, f"kind: Scheme\nid: s\n{text}\n")
    found = [f for f in told if f.values["key"] == key]
    assert [(f.id, f.span.line) for f in found] == [("KG104", line)]


@pytest.mark.parametrize(
    ("text", "id", "column"),
    [
        ("period: yearly", "KG112", 9),
        ("abstract: yes", "KG112", 11),
        ("effective_from: 2022-13-01", "KG112", 17),
        ("scoring: {scale: two}", "KG112", 18),
        ("rank: {ties: {open: 未见, whom: office}}", "KG103", 25),
        ("total: {floor: {bands: {}}}", "KG112", 16),
        ("groups: [a]", "KG112", 9),
        ("title: {en: only}", "KG112", 8),
        ("moves: {m: {when: 规上, up: 0}}", "KG112", 27),
    ],
)
def test_a_value_of_the_wrong_form_is_told_at_its_place(text: str, id: str, column: int) -> None:
    key = text.partition(":")[0]
    rest = [line for line in WHOLE.splitlines() if not line.startswith(f"{key}:")]
    keeps = (
        "\n".join(rest)
        if key not in ("groups", "population")
        else "kind: Scheme\nid: s\ntitle: 办法"
    )
    _, told = read(Scheme, f"{keeps}\n{text}\n")
    found = [f for f in told if f.id == id]
    assert found
    assert {f.span.column for f in found} == {column}


def test_a_line_may_hold_lines() -> None:
    shape = shape_at(Scheme, ("groups", "g", "scores", "a", "parts", "b", "parts", "c"))
    assert shape is not None
    assert shape.model is Line
    assert shape_at(Scheme, ("groups", "g", "nothing")) is None


def _models() -> Iterator[type[BaseModel]]:
    seen: set[type[BaseModel]] = set()
    stack: list[type[BaseModel]] = list(TEXTS)
    while stack:
        model = stack.pop()
        if model not in seen:
            seen.add(model)
            yield model
            stack += [m for key in keys_of(model).values() for m in _inside(key.shape)]


def _inside(shape: Shape) -> Iterator[type[BaseModel]]:
    if shape.model is not None:
        yield shape.model
    for other in (*shape.others, *([shape.inside] if shape.inside else [])):
        yield from _inside(other)


@pytest.mark.parametrize("model", list(_models()), ids=lambda model: model.__name__)
def test_every_key_has_a_title_in_both_languages(model: type[BaseModel]) -> None:
    titles = [key.titles for key in keys_of(model).values()]
    assert all(set(t) == {"zh", "en"} and all(t.values()) for t in titles)
    for language in ("zh", "en"):
        assert len({t[language] for t in titles}) == len(titles)


@pytest.mark.parametrize("model", list(_models()), ids=lambda model: model.__name__)
def test_every_fixed_word_is_spoken_in_both_languages(model: type[BaseModel]) -> None:
    for key in keys_of(model).values():
        for word in _words(key.shape):
            assert word in WORDS, (key.name, word)
            assert spoken_word(word, "zh") != word


def _words(shape: Shape) -> Iterator[str]:
    yield from shape.words
    for other in (*shape.others, *([shape.inside] if shape.inside else [])):
        yield from _words(other)
