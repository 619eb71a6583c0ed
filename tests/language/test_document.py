from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.document import DEEPEST, read_documents, walk_scalars
from kaogong.language.finding import Finding
from kaogong.language.span import Block, List, Span, Text


def read(text: str) -> Block:
    documents, findings = read_documents(text, "a.yaml")
    assert findings == []
    return documents[0]


def only(text: str) -> Finding:
    _, findings = read_documents(text, "a.yaml")
    assert len(findings) == 1
    return findings[0]


def at(line: int, column: int) -> Span:
    return Span("a.yaml", line, column)


# -- scalars stay what was written --------------------------------------------------------


@pytest.mark.parametrize(
    "scalar",
    ["no", "yes", "on", "off", "null", "~", "24.097", "0x1F", "010", "1e3", ".inf", "1_000",
     "2022-01-01", "12:30:45", "=", "2000万元", "3%", "规上 and 达标"],
)  # fmt: skip
def test_a_scalar_stays_the_text_that_was_written(scalar: str) -> None:
    assert read(f"key: {scalar}") == {"key": scalar}


def test_a_text_in_quotes_says_so() -> None:
    block = read("a: '12'\nb: \"12\"\nc: 12")
    assert [isinstance(x, Text) and x.quoted for x in block.values()] == [True, True, False]


def test_keys_keep_their_order_and_lists_theirs() -> None:
    block = read("z: [b, a]\na: {y: 1, x: 2}")
    assert list(block) == ["z", "a"]
    assert block["z"] == ["b", "a"]
    assert isinstance(block["a"], Block)
    assert list(block["a"]) == ["y", "x"]


def test_several_documents_of_a_file_and_an_empty_one() -> None:
    documents, findings = read_documents("a: 1\n---\n---\nb: 2\n", "a.yaml")
    assert findings == []
    assert [list(document) for document in documents] == [["a"], ["b"]]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n"])
def test_a_file_without_content_holds_no_document(text: str) -> None:
    assert read_documents(text, "a.yaml") == ([], [])


# -- places -------------------------------------------------------------------------------


def test_columns_are_counted_in_characters() -> None:
    block = read("标题: {权重: 三十, 'x': 规上企业}")
    inside = block["标题"]
    assert isinstance(inside, Block)
    assert inside.span == at(1, 5)
    assert inside.keys_at == {"权重": at(1, 6), "x": at(1, 14)}
    assert [x.span for x in walk_scalars(block)] == [at(1, 10), at(1, 19)]


def test_a_character_outside_the_basic_plane_is_one_column() -> None:
    assert next(walk_scalars(read("𠮷野: 值"))).span == at(1, 5)


def test_a_place_inside_a_text_counts_its_quote() -> None:
    plain, quoted = walk_scalars(read("a: 规上 and b\nc: '规上 and b'"))
    assert plain.place(3) == at(1, 7)
    assert quoted.place(3) == at(2, 8)


@pytest.mark.parametrize(
    "text", ["a: 规上\n  and 达标", "a: >-\n  规上\n  and 达标", "a: |-\n  规上\n  and 达标",
             "a: '规上\n  and 达标'"],
)  # fmt: skip
def test_a_place_inside_a_text_over_several_lines_is_its_beginning(text: str) -> None:
    (scalar,) = walk_scalars(read(text))
    assert scalar.place(5) == at(1, 4)


def test_walking_yields_every_scalar_in_written_order() -> None:
    assert list(walk_scalars(read("a: {b: 1, c: [2, {d: 3}]}\ne: 4"))) == ["1", "2", "3", "4"]


def test_a_block_is_a_mapping_and_a_list_a_list() -> None:
    block = read("a: [1]")
    assert isinstance(block["a"], List)
    assert block["a"].span == at(1, 4)


# -- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "construct", "line", "column"),
    [
        ("a: &x 1", "&x", 1, 4),
        ("&x a: 1", "&x", 1, 1),
        ("a: &x {b: 1}", "&x", 1, 4),
        ("a: &x [1]", "&x", 1, 4),
        ("a: *x", "*x", 1, 4),
        ("*x : 1", "*x", 1, 1),
        ("a: !!str 1", "tag:yaml.org,2002:str", 1, 4),
        ("a: !!python/object/apply:os.system [ls]", "tag:yaml.org,2002:python", 1, 4),
        ("a: ! 1", "!", 1, 4),
        ("a: !local {b: 1}", "!local", 1, 4),
        ("<<: {b: 1}", "<<", 1, 1),
        ("a:\n  <<: [1]", "<<", 2, 3),
        ('"<<": 1', "<<", 1, 1),
    ],
)
def test_anchors_aliases_tags_and_merge_keys_are_refused(
    text: str, construct: str, line: int, column: int
) -> None:
    finding = only(text)
    assert finding.id == "KG109"
    assert finding.span == at(line, column)
    assert finding.values["construct"].startswith(construct)


def test_a_laughing_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50))
    assert only(bomb).span == at(1, 4)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: 2\na: 3", at(3, 1)),
        ("g: {规上: 1, 规下: 2, 规上: 3}", at(1, 19)),
        ("a: {x: 1}\na: {y: 2}", at(2, 1)),
        ('a: 1\n"a": 2', at(2, 1)),
    ],
)
def test_a_key_written_twice_is_refused_and_the_first_value_stays(text: str, place: Span) -> None:
    documents, findings = read_documents(text, "a.yaml")
    assert [(found.id, found.span) for found in findings] == [("KG102", place)]
    assert "3" not in list(walk_scalars(documents[0]))


def test_the_same_key_on_another_level_is_another_key() -> None:
    assert read("a: {a: {a: 1}}\nb: {a: 2}")


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1, 2_000, 100_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_nesting_has_an_end(depth: int, brackets: str) -> None:
    opening, closing = ("[", "]") if brackets == "[]" else ("{a: ", "}")
    text = "a: " + opening * (depth - 1) + "1" + closing * (depth - 1)
    _, findings = read_documents(text, "a.yaml")
    assert [found.id for found in findings] == (["KG108"] if depth > DEEPEST else [])


@pytest.mark.parametrize(
    "text",
    [
        "{when: prior(规上, 2)}",
        "{when: any_of(事故, 等级 >= '较大')}",
        "{value: least(税收 / 面积, 5), scale: 2}",
        "{when: a, b and c}",
    ],
)
def test_the_rest_of_an_expression_cut_at_a_comma_is_named(text: str) -> None:
    _, findings = read_documents(text, "a.yaml")
    assert {found.id for found in findings} == {"KG107"}


@pytest.mark.parametrize(
    "text",
    [
        '{when: "prior(规上, 2)"}',
        "when: prior(规上, 2)",
        "{a: , b: }",
        "{a, b, 温州市}",
        "'x)': ",
        "{order: 1}",
    ],
)
def test_an_empty_value_is_not_yet_a_cut_expression(text: str) -> None:
    assert read_documents(text, "a.yaml")[1] == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: b: c", 1, 5),
        ("a: [1, 2", 2, 1),
        ("a: {b: 1", 2, 1),
        ("a: 'x", 1, 6),
        ("a:\n\tb: 1", 2, 1),
        ("a: @x", 1, 4),
        ("a: `x`", 1, 4),
        ("a: %x", 1, 4),
        ('a: "\\q"', 1, 5),
        ("税收: 1\n 面积: 2", 2, 4),
        ("- a\n- b", 1, 1),
        ("just words", 1, 1),
        ("[a, b]", 1, 1),
        ("? [a]\n: b", 1, 3),
        ("{[a]: b}", 1, 2),
        ("{{a: 1}: b}", 1, 2),
        ("a: 1\n标题: '\x00'", 2, 6),
        ("a: \x1b[31m", 1, 4),
        ("a: \ud800", 1, 4),
        ("%YAML 3.0\n---\na: 1", 1, 1),
    ],
)
def test_what_is_no_yaml_is_named_with_its_place(text: str, line: int, column: int) -> None:
    finding = only(text)
    assert finding.id == "KG101"
    assert finding.span == at(line, column)


def test_what_is_wrong_with_yaml_is_said_in_both_languages() -> None:
    finding = only("a: 'x")
    assert finding.sentence("zh") == "文件a.yaml不是规范的YAML：引号没有结束"
    assert finding.sentence("en") == "a.yaml is not YAML: found unexpected end of stream"


@pytest.mark.parametrize("text", ["{when: x in ('a', 'b')}", "a: [{when: pick(t, a, 'b')}]"])
def test_an_expression_cut_before_a_quote_is_no_yaml_and_the_reason_names_quotes(text: str) -> None:
    finding = only(text)
    assert finding.id == "KG101"
    assert "含逗号的表达式须整体加引号" in finding.sentence("zh")
    assert "needs quotes" in finding.sentence("en")


def test_the_documents_before_a_mistake_are_kept() -> None:
    documents, findings = read_documents("a: 1\n---\nb: [", "a.yaml")
    assert documents[0] == {"a": "1"}
    assert [found.id for found in findings] == ["KG101"]


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read("\ufeffa: 1") == {"a": "1"}


YAML_LIKE = st.text(st.sampled_from("ab规: -[]{},'\"\n\t&*!|>%@`#?~<0\\\x00\ufeff\u2028"))


@given(YAML_LIKE)
def test_no_text_gives_a_traceback(text: str) -> None:
    documents, findings = read_documents(text, "a.yaml")
    lines = text.count("\n") + text.count("\u2028") + 2
    assert all(1 <= found.span.line <= lines for found in findings)
    assert all(isinstance(document, Block) for document in documents)


@given(st.text(st.characters()))
def test_no_character_gives_a_traceback(text: str) -> None:
    read_documents(text, "a.yaml")
