"""Check digits of national numbers, in Python and in the engine."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kaogong.data.credit_code import (
    ALPHABET,
    CHECKS,
    SQL_CHECKS,
    check_credit_code,
    check_organisation_code,
    check_registration_number,
    credit_check_character,
)
from kaogong.data.shape import NumberCheck
from kaogong.data.sql import Sql

VALID = (
    "91110000600037341L",
    "91330381MA00TEH1XT",
    "91330782MA00TEH28X",
    "91360602MA00TEH364",
    "91330302MA00TEH443",
    "91330383MA00TEH528",
    "91330304MA00TEH60M",
    "N2330381MF00TEH77N",
)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _in_engine(check: NumberCheck, texts: list[str]) -> list[bool]:
    query = f"SELECT {SQL_CHECKS[check](Sql('x')).text} FROM (SELECT unnest(?::VARCHAR[]) AS x)"
    return [row[0] for row in _connection().execute(query, [texts]).fetchall()]


@pytest.mark.parametrize("code", VALID)
def test_valid_codes(code: str) -> None:
    assert check_credit_code(code) is None
    assert check_organisation_code(code[8:17]) is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91330381MA00TEH1XU", "check digit"),
        ("91330381MA00TEH1X", "length"),
        ("91330381MA00TEH1XTT", "length"),
        ("", "length"),
        ("91330381MA00TEHIXT", "character"),
        ("91330381ma00teh1xt", "character"),
        ("0" + VALID[0][1:], "department"),
        ("B" + VALID[0][1:], "department"),
        ("91A30381MA00TEH1XT", "division"),
        ("９1330381MA00TEH1XT", "character"),
    ],
)
def test_why_a_code_is_none(code: str, reason: str) -> None:
    assert check_credit_code(code) == reason


@pytest.mark.parametrize("department", "123456789ANY")
def test_every_registering_department(department: str) -> None:
    body = department + VALID[0][1:17]
    assert check_credit_code(body + credit_check_character(body)) is None


@given(st.integers(0, 17), st.sampled_from(ALPHABET), st.sampled_from(VALID))
def test_one_wrong_character_never_passes(place: int, sign: str, code: str) -> None:
    wrong = code[:place] + sign + code[place + 1 :]
    assert (check_credit_code(wrong) is None) == (wrong == code)


@given(st.integers(1, 16), st.sampled_from(VALID))
def test_two_characters_that_changed_places_never_pass(place: int, code: str) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (check_credit_code(wrong) is None) == (wrong == code)


def test_registration_number() -> None:
    assert check_registration_number("110108000000016") is None
    assert check_registration_number("110108000000017") == "check digit"
    assert check_registration_number("11010800000001") == "length"
    assert check_registration_number("11010800000001X") == "character"


def test_organisation_code_with_and_without_hyphen() -> None:
    assert check_organisation_code("60003734-1") is None
    assert check_organisation_code("600037341") is None
    assert check_organisation_code("600037342") == "check digit"


_ANY_CODE = st.one_of(
    st.sampled_from(VALID),
    st.text(ALPHABET, min_size=17, max_size=17).map(
        lambda body: body + credit_check_character(body)
    ),
    st.text(alphabet=ALPHABET + "IOSVZ+/=*中é '", min_size=0, max_size=20),
    st.text(max_size=18),
)


@pytest.mark.parametrize("check", list(CHECKS))
def test_engine_and_python_agree(check: NumberCheck) -> None:
    @settings(max_examples=25)
    @given(st.lists(st.one_of(_ANY_CODE, st.text("0123456789X-", max_size=16)), max_size=40))
    @example([*VALID, "110108000000016", "60003734-1", "", "=" * 18, "9133038=MA00TEH1XT"])
    def agree(texts: list[str]) -> None:
        texts = [text for text in texts if "\0" not in text]
        assert _in_engine(check, texts) == [CHECKS[check](text) is None for text in texts]

    agree()


def test_no_code_is_neither_right_nor_wrong_in_the_engine() -> None:
    for build in SQL_CHECKS.values():
        query = f"SELECT {build(Sql('NULL::VARCHAR')).text}"
        assert _connection().execute(query).fetchall() == [(None,)]
