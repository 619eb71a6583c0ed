"""Documents laid over each other: what merges, what replaces, and in which order."""

from __future__ import annotations

import pytest

from kaogong.language.span import Block
from kaogong.programme.adopted import adopted
from kaogong.programme.bundle import Bundle, Shelf
from kaogong.programme.load import Linked, link
from kaogong.programme.names import NameBook
from kaogong.programme.vocabularies import vocabularies_of
from tests.programme.world import OTHER, above, county, errors, scheme


def linked(*layers: tuple[str, str, str]) -> Linked:
    """Return programmes linked, each given as id, what it extends, and its one file."""
    bundles = {
        id: Bundle(id, {
            "programme.yaml": OTHER.format(id=id, extends=extends, more="").encode(),
            "file.yaml": text.encode(),
        })
        for id, extends, text in layers
    }  # fmt: skip
    return link(bundles[layers[-1][0]], Shelf(bundles))


def at(found: Linked, address: str, kind: str = "Scheme") -> object:
    id, *path = address.split(".")
    node: object = found.documents[kind, id].block
    for step in path:
        assert isinstance(node, Block), address
        node = node.get(step)
    return node


BASE = """\
kind: Scheme
id: base
title: 原文
population: {takes_part: true}
groups:
  one: {title: 一, when: 规上, scores: {a: {weight: 60}, b: {weight: 40}}}
  two: {title: 二, when: true}
parameters: {rate: {unit: 万元/亩, values: {2021: 18, 2022: 20}}}
rank:
  {within: [group], by: [total desc], base: rated, rounding: up, rounding_of: class, ties: by_key}
classes: {open: 未见}
moves: {first: {when: {any: {x: 规上, y: true}}, up: 1}}
"""


def laid(over: str) -> Linked:
    return linked(("low", "", BASE), ("high", "low", "kind: Scheme\noverrides: base\n" + over))


@pytest.mark.parametrize(
    ("over", "address", "value"),
    [
        ("groups: {one: {scores: {a: {weight: 70}}}}", "groups.one.scores.a.weight", "70"),
        ("groups: {one: {scores: {a: {weight: 70}}}}", "groups.one.scores.b.weight", "40"),
        ("groups: {three: {when: true}}", "groups.one.when", "规上"),
        ("rank: {by: [税收 desc]}", "rank.by", ["税收 desc"]),
        ("rank: {by: [税收 desc]}", "rank.ties", "by_key"),
        ("classes: {A: {rest: true}}", "classes", {"A": {"rest": "true"}}),
        ("groups: {open: 待定}", "groups", {"open": "待定"}),
        ("moves: {first: {when: {any: {z: true}}}}", "moves.first.when", {"any": {"z": "true"}}),
        ("moves: {first: {when: 规上}}", "moves.first.up", "1"),
        ("parameters: {rate: {values: {2023: 25}}}", "parameters.rate.values", {"2023": "25"}),
        ("parameters: {rate: {values: {2023: 25}}}", "parameters.rate.unit", "万元/亩"),
        ("remove: [groups.one.scores.a]", "groups.one.scores", {"b": {"weight": "40"}}),
        ("remove: classes", "classes", None),
        ("title: 改文", "title", "改文"),
    ],
)
def test_an_override_merges_by_name_and_replaces_values(
    over: str, address: str, value: object
) -> None:
    found = laid(over)
    assert [f.id for f in found.findings if f.id.startswith("KG11")] == []
    assert at(found, f"base.{address}") == value


def test_an_override_leaves_the_lower_text_as_it_was() -> None:
    found = laid("groups: {one: {scores: {a: {weight: 70}}}}\nremove: [groups.two]")
    document = found.documents["Scheme", "base"]
    (before,) = document.before
    assert str(before["groups"]["one"]["scores"]["a"]["weight"]) == "60"  # type: ignore[index]
    assert list(before["groups"]) == ["one", "two"]  # type: ignore[call-overload]
    assert [layer.file for layer in document.layers] == ["low/file.yaml", "high/file.yaml"]
    assert document.is_changed


@pytest.mark.parametrize(
    ("over", "names"),
    [
        ("groups: {three: {when: true}}", ["one", "two", "three"]),
        ("groups: {three: {when: true, before: two}}", ["one", "three", "two"]),
        ("groups: {two: {before: one}}", ["two", "one"]),
        ("groups: {a: {before: one}, b: {before: one}}", ["a", "b", "one", "two"]),
    ],
)
def test_a_new_name_goes_last_or_before_another(over: str, names: list[str]) -> None:
    groups = at(laid(over), "base.groups")
    assert isinstance(groups, Block)
    assert list(groups) == names
    assert not any("before" in group for group in groups.values() if isinstance(group, Block))


def test_extending_makes_a_new_document_and_keeps_the_old_one() -> None:
    found = linked(
        ("low", "", BASE + "replaces: older\nabstract: true\nexamples: {e: {given: {}}}\n"),
        ("high", "low", "kind: Scheme\nid: new\nextends: base\nrank: {ties: together_up}\n"),
    )
    assert at(found, "new.rank.ties") == "together_up"
    assert at(found, "base.rank.ties") == "by_key"
    assert [at(found, f"new.{key}") for key in ("replaces", "abstract", "examples")] == [None] * 3
    assert not found.documents["Scheme", "new"].is_changed


def test_the_later_programme_wins_and_the_folder_comes_last() -> None:
    weight = "kind: Scheme\noverrides: base\ngroups: {{one: {{scores: {{a: {{weight: {}}}}}}}}}\n"
    found = linked(
        ("low", "", BASE),
        ("left", "low", weight.format(1) + "note: 左"),
        ("right", "low", weight.format(2) + "note: 右"),
        ("top", "left, right", weight.format(3)),
    )
    assert at(found, "base.groups.one.scores.a.weight") == "3"
    assert at(found, "base.note") == "右"
    assert [layer.file.split("/")[0] for layer in found.documents["Scheme", "base"].layers] == [
        "low", "left", "right", "top",
    ]  # fmt: skip
    assert [bundle.name for bundle in found.bundles] == ["low", "left", "right", "top"]


def test_a_document_may_build_on_one_of_a_later_file() -> None:
    new = "kind: Scheme\nid: aaa\nextends: base\nnote: 新"
    change = "kind: Scheme\noverrides: base\nrank: {ties: together_down}"
    found = linked(("low", "", BASE), ("high", "low", f"{new}\n---\n{change}"))
    assert at(found, "aaa.rank.ties") == "together_down"


def test_documents_that_build_on_each_other_are_a_circle() -> None:
    text = "kind: Scheme\nid: a\nextends: b\n---\nkind: Scheme\nid: b\nextends: a\n"
    found = linked(("low", "", text))
    (circle,) = [f for f in found.findings if f.id == "KG204"]
    assert circle.values["path"] == "a → b → a"


def test_programmes_that_extend_each_other_are_a_circle() -> None:
    found = linked(("a", "b", ""), ("b", "a", ""))
    assert "KG204" in [f.id for f in found.findings]


def test_a_programme_cannot_override_what_it_declares_itself() -> None:
    found = linked(("low", "", BASE + "---\nkind: Scheme\noverrides: base\nnote: 改\n"))
    assert [(f.id, f.span.line) for f in found.findings if f.id == "KG114"] == [("KG114", 15)]


def test_a_second_document_of_one_id_is_told_with_both_places() -> None:
    found = linked(("low", "", BASE + "---\n" + BASE))
    (twice,) = [f for f in found.findings if f.id == "KG105"]
    assert twice.values["file"] == "low/file.yaml:1:1"
    assert twice.values["other_file"] == "low/file.yaml:14:1"


def test_a_schemes_results_do_not_depend_on_the_names_of_files() -> None:
    texts = (scheme(publishes="{class: 亩均等级}"), scheme("later", let="{a: 税收}"))
    one = county(aa=texts[0], zz=texts[1])
    other = county(zz=texts[0], aa=texts[1])
    assert errors(one) == errors(other) == []
    assert set(one.schemes) == set(other.schemes) == {"county_2022", "later"}


def test_codes_come_from_a_file_beside_the_document_or_below_the_folder() -> None:
    codes = "kind: Register\nid: {}\ntitle: {}\nfile: {}\n"
    files = {
        "programme.yaml": OTHER.format(id="p", extends="", more="").encode(),
        "registers/a.yaml": codes.format("beside", "邻", "near.csv").encode(),
        "registers/b.yaml": codes.format("below", "下", "codes/far.csv").encode(),
        "registers/near.csv": "code,title\n1,甲\n".encode(),
        "codes/far.csv": "title,code,parent\n乙,2,\n丙,21,2\n".encode("utf-8-sig"),
    }
    found = link(Bundle("p", files), Shelf())
    made, told = vocabularies_of(found.documents, found.bundles)
    assert told == []
    assert {c: x.title for c, x in made["beside"].codes.items()} == {"1": "甲"}
    assert made["below"].below("2") == {"2", "21"}
    assert NameBook(found.documents, made).registers() == {}


def test_an_override_in_a_programme_is_adopted_and_the_rest_is_not() -> None:
    programme = above(
        "kind: Scheme\noverrides: county_2022\nnote: 改",
        county_2022=scheme(), other=scheme("other"),
    )  # fmt: skip
    assert adopted(programme, "county_2022")
    assert not adopted(programme, "other")
