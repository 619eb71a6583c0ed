"""Names and numbers of subjects as they are compared: what width, blanks and case do not change.

有限公司 and 有限责任公司 are two names until a programme declares that they are one word. Texts of
common characters are put into form by SQL; only the rest, which needs the tables of Unicode, by
Python. Both ways give the same form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kaogong.data.sql import Sql, rows, sql, value

if TYPE_CHECKING:
    import duckdb

# What office sheets mix most; a longer table makes `translate` slow, and Python knows the rest.
_MIXED, _MEANT = "（） \u3000", "()"
COMMON = "[!-~一-鿿]*"  # ASCII and Chinese characters, which are their own compared form


def compared(text: str, one_word: Mapping[str, str] | None = None) -> str:
    """Return the form under which two names are the same: NFKC, no blanks, case folded.

    `one_word` gives spellings that are declared to be one word, put in place one after another.

    >>> compared("温州（瓯海）ＡＢＣ 泵业")
    '温州(瓯海)abc泵业'
    """
    folded = _folded(text)
    for written, meant in (one_word or {}).items():
        folded = folded.replace(_folded(written), _folded(meant))
    return folded


def load_compared(
    connection: duckdb.DuckDBPyConnection,
    source: Sql,
    one_word: Mapping[str, str] | None = None,
) -> None:
    """Make the temporary table `match_form (written, form)` of all texts in column `value`."""
    rows(
        connection,
        sql(
            "CREATE OR REPLACE TEMP TABLE match_form AS"
            " SELECT written, {form} AS form, regexp_full_match(tidy, {common}) AS common"
            " FROM (SELECT DISTINCT value AS written, {tidy} AS tidy FROM {source} AS given"
            " WHERE value IS NOT NULL) AS texts",
            form=_one_word(Sql("tidy"), one_word),
            common=value(COMMON),
            tidy=_tidy(Sql("value")),
            source=source,
        ),
    )
    rare = rows(connection, Sql("SELECT written FROM match_form WHERE NOT common"))
    if rare:
        written = [text for (text,) in rare]
        _settle(connection, written, [compared(text, one_word) for text in written])


def _settle(connection: duckdb.DuckDBPyConnection, written: list[str], forms: list[str]) -> None:
    rows(
        connection,
        sql(
            "UPDATE match_form SET form = rare.form FROM"
            " (SELECT unnest(CAST({written} AS VARCHAR[])) AS written,"
            " unnest(CAST({forms} AS VARCHAR[])) AS form) AS rare"
            " WHERE match_form.written = rare.written",
            written=value(written),
            forms=value(forms),
        ),
    )


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _tidy(text: Sql) -> Sql:
    return sql(
        "lower(translate({text}, {given}, {meant}))",
        text=text,
        given=value(_MIXED),
        meant=value(_MEANT),
    )


def _one_word(text: Sql, one_word: Mapping[str, str] | None) -> Sql:
    for written, meant in (one_word or {}).items():
        text = sql(
            "replace({text}, {written}, {meant})",
            text=text,
            written=value(_folded(written)),
            meant=value(_folded(meant)),
        )
    return text
