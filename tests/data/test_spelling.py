from __future__ import annotations

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaogong.data.spelling import compared, load_compared
from kaogong.data.sql import name

NAMES = st.lists(
    st.text(
        st.characters(exclude_categories=["Cs"])
        | st.sampled_from("（）　 \t\u00a0ＡａZ９温州有限责任公司！～ßİ①㈱é\u0301"),
        max_size=12,
    ),
    max_size=12,
)
ONE_WORD = {"有限责任公司": "有限公司", "（集团）": ""}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ａｂｃ　（温州） 公司", "ABC(温州)公司"),
        ("㈱光明", "(株)光明"),
        ("91330301ma2xxxx022", "９１３３０３０１ＭＡ２ＸＸＸＸ０２２"),
        ("温州\u00a0泵业\n", "温州泵业"),
    ],
)
def test_width_blanks_and_case_do_not_change_a_name(one: str, other: str) -> None:
    assert compared(one) == compared(other)


def test_two_words_are_one_only_when_declared() -> None:
    assert compared("甲有限公司") != compared("甲有限责任公司")
    assert compared("甲(集团) 有限责任公司", ONE_WORD) == compared("甲有限公司", ONE_WORD)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(NAMES, st.sampled_from([None, ONE_WORD]))
def test_sql_and_python_give_the_same_form(
    connection: duckdb.DuckDBPyConnection, texts: list[str], one_word: dict[str, str] | None
) -> None:
    connection.execute("CREATE OR REPLACE TABLE given (value VARCHAR)")
    if texts:
        connection.executemany("INSERT INTO given VALUES (?)", [(text,) for text in texts])
    load_compared(connection, name("given"), one_word)
    found = dict(connection.execute("SELECT written, form FROM match_form").fetchall())
    assert found == {text: compared(text, one_word) for text in texts}
