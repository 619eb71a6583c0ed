"""What parses, and every construct that is refused, with its id and place (language, 3.6)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from kaogong.language.finding import Finding, Refused
from kaogong.language.refused import CALLS, CONSTRUCTS, SIGNS, WORDS
from kaogong.language.span import Span, Text
from kaogong.language.syntax import ALLOWED, DEEPEST, LONGEST, Syntax, parse


def spoken(text: str, *, quoted: bool = False) -> Syntax:
    return parse(Text(text, Span("a.yaml", 3, 10), quoted=quoted))


def refusal(text: str, *, quoted: bool = False) -> Finding:
    with pytest.raises(Refused) as refused:
        spoken(text, quoted=quoted)
    (finding,) = refused.value.findings
    return finding


def column(text: str) -> int:
    """Return the column, counted from 1 within the text, that a refusal names."""
    return refusal(text).span.column - 9


# -- what may stand in an expression ------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "税收 + 1元 - 2 * 3 / 4",
        "税收 = 1 and 税收 <> 2 or not 税收 < 3",
        "税收 between 1元 and 2元",
        "等级 in ('A', 'B') and 等级 not in ('C')",
        "税收 is null or 税收 is not null",
        "case when 规上 then 1 when 达标 then 2 else 3 end",
        "prior(税收, 2) >= -5",
        '"R&D经费" / 营业收入 >= 3.02%',
        "(((税收)))",
        "AND_ = 1 And B = 2 OR c = 3",
        "true and not false",
        "税收\n>= 1元\t and 规上",
        "'it''s'",
        "名称 = 'select * from t; --'",
        "now_ + if_",
    ],
)
def test_what_may_stand_in_an_expression(text: str) -> None:
    assert all(type(node) in ALLOWED for node in spoken(text).tree.walk())


def test_a_word_of_sql_is_a_name_once_quoted() -> None:
    assert spoken('"select" + "if" / "now"').tree.find(exp.Column)


def test_a_quantity_is_one_literal_with_its_digits() -> None:
    syntax = spoken("税收 >= 24.097万元/亩 and 成立日期 < 2024-08-01")
    quantity, day = syntax.literals
    assert not isinstance(quantity, date)
    assert (quantity.text, quantity.value) == ("24.097万元/亩", Fraction(24_097, 1_000))
    assert day == date(2024, 8, 1)


def test_a_number_with_a_number_word_is_that_many() -> None:
    (literal,) = spoken("100万").literals
    assert not isinstance(literal, date)
    assert literal.base == 1_000_000


def test_a_blank_divides_and_no_blank_is_a_unit() -> None:
    assert isinstance(spoken("10元 / 亩").tree, exp.Div)
    assert isinstance(spoken("10元/亩").tree, exp.Column)


def test_every_call_arrives_as_a_plain_name() -> None:
    for name in ("months_between", "contains", "round", "coalesce", "abs", "count", "trim"):
        assert isinstance(spoken(f"{name}(a, b)").tree, exp.Anonymous)


def test_a_place_is_that_of_the_first_leaf() -> None:
    syntax = spoken("规上 and 税收 >= 2000")
    assert syntax.span(syntax.tree.expression) == Span("a.yaml", 3, 17)


def test_a_place_counts_the_quote_before_the_text() -> None:
    assert refusal("规上 and @x", quoted=True).span == Span("a.yaml", 3, 18)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("规上 and 税收 / 面积 >= 3万元/亩", "税收 / 面积 >= 3万元/亩"),
        ("1 = 1 and prior(税收, 2)", "prior(税收, 2)"),
        ("1 = 1 and least(prior(税收), (面积))", "least(prior(税收), (面积))"),
    ],
)
def test_a_part_is_spoken_of_in_the_users_words(text: str, part: str) -> None:
    syntax = spoken(text)
    assert syntax.spoken(syntax.tree.expression) == part


# -- what is refused (language, 3.6) ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "id", "place"),
    [
        # an expression sees one subject
        ("select 1", "KG302", 1),
        ("(select 1)", "KG302", 2),
        ("税收 from t", "KG302", 4),
        ("a in (select b from t)", "KG302", 7),
        ("exists (select 1)", "KG302", 9),
        ("*", "KG302", 1),
        ("count(*)", "KG302", 7),
        ("sum(税收) over (partition by 行业)", "KG302", 9),
        # results would not repeat
        ("now()", "KG302", 1),
        ("税收 > random()", "KG302", 6),
        ("成立日期 < current_date", "KG302", 8),
        ("today()", "KG302", 1),
        # kinds are declared
        ("cast(税收 as int)", "KG302", 1),
        ("try_cast(税收 as int)", "KG302", 1),
        ("税收::int", "KG302", 3),
        # text is not computed
        ("名称 like '温州%'", "KG302", 4),
        ("名称 ilike '温州%'", "KG302", 4),
        ("名称 || 'a'", "KG302", 4),
        ("名称 ~ 'a'", "KG302", 4),
        # what parses to something else
        ("a.b", "KG302", 1),
        ("a.b.c", "KG302", 1),
        ("a.*", "KG302", 1),
        ("税收[1]", "KG302", 1),
        ("[1, 2]", "KG302", 2),
        ("@x", "KG302", 1),
        ("$1", "KG302", 1),
        ("?", "KG302", 1),
        ("x -> 1", "KG302", 3),
        ("x ->> 1", "KG302", 3),
        (":x", "KG302", 1),
        ("{x}", "KG302", 1),
        ("`x`", "KG302", 1),
        ("a % 3", "KG302", 1),
        ("a ^ 2", "KG302", 3),
        ("a ** 2", "KG302", 3),
        ("a & b", "KG302", 3),
        ("a | b", "KG302", 3),
        ("~a", "KG302", 1),
        ("a << 2", "KG302", 3),
        ("!a", "KG302", 1),
        ("a != b", "KG302", 3),
        ("a == b", "KG302", 3),
        ("a <=> b", "KG302", 3),
        ("a := b", "KG302", 3),
        ("if(a, b, c)", "KG302", 1),
        ("iif(a, b, c)", "KG302", 1),
        ("nullif(a, 0)", "KG302", 1),
        ("interval '1' day", "KG302", 1),
        ("power(a, 2)", "KG302", 1),
        ("1 + log(a)", "KG302", 5),
        ("exp(a)", "KG302", 1),
        ("sqrt(a)", "KG302", 1),
        ("(a, b) = (c, d)", "KG302", 2),
        ("a in ()", "KG302", 1),
        ("a in b", "KG302", 1),
        ("100 万a", "KG302", 1),
        ("税收 营业收入", "KG302", 1),
        ("a as b", "KG301", 6),
        ("N'文字'", "KG302", 1),
        # comments
        ("税收 -- 说明", "KG302", 4),
        ("税收 /* 说明 */", "KG302", 4),
        ("税收 # 说明", "KG302", 4),
        # full-width characters
        ("用地面积（亩）", "KG303", 5),
        ("１ + ２", "KG303", 1),
        ("a ＋ b", "KG303", 3),
        ("税收 ＞＝ 3", "KG303", 4),
        ("3％", "KG303", 2),
        ("prior(税收，2)", "KG303", 9),
        ("税收　>= 3", "KG303", 3),
        ("等级 = “A”", "KG303", 6),
        ("税收 ≥ 3", "KG303", 4),
        ("面积 × 2", "KG303", 4),
        # no expression at all
        ("", "KG301", 1),
        ("   ", "KG301", 1),
        ("(", "KG301", 1),
        ("a )", "KG301", 3),
        ("(a", "KG301", 2),
        ("a +", "KG301", 3),
        ("a and", "KG301", 5),
        ("not", "KG301", 3),
        ("f(a,)", "KG301", 4),
        ("f(,a)", "KG301", 2),
        ("a, b", "KG301", 2),
        ("a; drop table x", "KG302", 2),
        ("'abc", "KG301", 1),
        ('a and "b', "KG301", 7),
        ("a'b", "KG301", 2),
        ("case when a then b", "KG301", 18),
        (".5", "KG301", 1),
        ("1e5", "KG301", 1),
        ("0x10", "KG301", 1),
        ("1.2.3", "KG301", 1),
        ("2024-02-30", "KG301", 1),
        ("a \x00 b", "KG301", 3),
        ("a \ue000 b", "KG301", 3),
        ('"\ue000"', "KG301", 2),
        ("a\u200bb", "KG301", 1),
    ],
)
def test_what_is_refused_and_where(text: str, id: str, place: int) -> None:
    assert (refusal(text).id, column(text)) == (id, place)


@pytest.mark.parametrize("word", WORDS | CALLS)
def test_every_word_of_the_tables_is_refused_with_what_to_write(word: str) -> None:
    finding = refusal(f"税收 + {word.upper()} (税收)")
    assert (finding.id, finding.span.column) == ("KG302", 15)
    assert (WORDS | CALLS)[word].zh in finding.sentence("zh")
    assert (WORDS | CALLS)[word] in finding.sentence("en")


@pytest.mark.parametrize("word", CALLS)
def test_a_field_may_be_called_what_a_function_is_called_elsewhere(word: str) -> None:
    assert spoken(f"税收 / {word} >= 0.2元/千瓦时").tree


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_of_the_table_is_refused_with_what_to_write(sign: str) -> None:
    finding = refusal(f"税收 {sign} 面积")
    assert (finding.id, finding.span.column) == ("KG302", 13)
    assert finding.values["construct"] == sign
    assert SIGNS[sign].zh in finding.sentence("zh")


def test_no_refused_construct_is_allowed_as_well() -> None:
    assert not ALLOWED & set(CONSTRUCTS)


def test_a_refused_word_inside_quotes_is_a_text() -> None:
    assert spoken("名称 = 'select now() -- ｆｕｌｌ'").tree


# -- sizes --------------------------------------------------------------------------------


def test_length_has_an_end() -> None:
    fits = "税收 >= 1" + " " * (LONGEST - 7)
    assert len(fits) == LONGEST
    assert spoken(fits).tree
    assert refusal(fits + " ").id == "KG309"


@pytest.mark.parametrize(
    ("deep", "too_deep"),
    [
        ("(" * DEEPEST + "a" + ")" * DEEPEST, "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1)),
        ("not " * 50 + "a", "not " * 200 + "a"),
        ("a" + " + a" * 100, "a" + " + a" * 200),
        ("a" + " and a" * 100, "a" + " and a" * 200),
        ("- " * 50 + "a", "- " * 200 + "a"),
    ],
)
def test_depth_has_an_end(deep: str, too_deep: str) -> None:
    assert spoken(deep).tree
    assert refusal(too_deep).id == "KG309"


def test_the_number_of_parts_has_an_end() -> None:
    assert refusal("f(" + ", ".join(["a"] * 300) + ")").id == "KG309"


def test_brackets_that_never_close_have_an_end() -> None:
    assert refusal("(" * LONGEST).id == "KG309"
    assert refusal("case when " * 150).id in ("KG301", "KG309")


# -- anything at all ----------------------------------------------------------------------

PIECES = st.sampled_from(
    ["税收", "规上", "2000万元", "3%", "2024-08-01", "'A'", '"R&D"', "+", "-", "*", "/", "(", ")",
     ",", ">=", "<>", "=", "and", "or", "not", "between", "in", "is", "null", "case", "when",
     "then", "else", "end", "prior", "as", "any", "all", "distinct", "escape", "end", "true",
     ".", "[", "]", "：", "元", "\n"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_no_run_of_words_gives_a_traceback(text: str) -> None:
    _parsed_or_refused(text)


@given(st.text(max_size=40))
def test_no_text_gives_a_traceback(text: str) -> None:
    _parsed_or_refused(text)


def _parsed_or_refused(text: str) -> None:
    try:
        syntax = spoken(text)
    except Refused as refused:
        (finding,) = refused.findings
        assert finding.id in {"KG301", "KG302", "KG303", "KG309"}
        assert 10 <= finding.span.column <= 10 + len(text) + 1
    else:
        assert all(type(node) in ALLOWED for node in syntax.tree.walk())
