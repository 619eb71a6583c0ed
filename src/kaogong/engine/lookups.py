"""Tables a plan looks things up in: which codes stand above a code, what schemes have published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from kaogong.data.cell_text import NO, YES
from kaogong.engine.duck import WRITE, literal
from kaogong.engine.render import quoted
from kaogong.engine.written import RelationFile, logical_digest
from kaogong.language.finding import refuse
from kaogong.language.span import Span
from kaogong.language.vocabulary import Vocabulary
from kaogong.plan.source import PUBLISHED, TRIAL, closure_name, table_name
from kaogong.plan.step import Column

HISTORY = "published"  # file of what was published for earlier periods
PUBLISHES = ("score", "rank", "class")
COLUMNS = (
    Column("subject", "text", titles={"zh": "主体", "en": "subject"}),
    Column("period", "text", titles={"zh": "期间", "en": "period"}),
    Column("score", "number", 6, "分", {"zh": "总分", "en": "score"}),
    Column("rank", "number", 0, titles={"zh": "名次", "en": "rank"}),
    Column("class", "text", titles={"zh": "档次", "en": "class"}),
    Column(TRIAL, "yes_no", titles={"zh": "试评", "en": "trial"}),
)
_SAID = "lower(CAST(trial AS VARCHAR))"
_IS_TRIAL = (
    f"CASE WHEN {_SAID} IN {YES} THEN true WHEN {_SAID} IS NULL OR {_SAID} IN {NO} THEN false "
    "ELSE CAST(trial AS BOOLEAN) END"
)


def make_closures(
    connection: duckdb.DuckDBPyConnection,
    vocabularies: Iterable[Vocabulary],
) -> None:
    """Make, for each vocabulary, the pairs of a code and every code at or above it."""
    for vocabulary in vocabularies:
        name = quoted(closure_name(vocabulary.id))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (code VARCHAR, above VARCHAR)")
        pairs = [
            (code, above) for above in vocabulary.codes for code in sorted(vocabulary.below(above))
        ]
        if pairs:
            connection.execute(
                f"INSERT INTO {name} SELECT unnest(?), unnest(?)",
                [[code for code, _ in pairs], [above for _, above in pairs]],
            )


def make_published(
    connection: duckdb.DuckDBPyConnection, schemes: Iterable[str], data: Path
) -> None:
    """Make, for each scheme that is read, the table of its earlier publications.

    They stand in `published.parquet` or `published.csv` of the data: scheme, period, subject,
    score, rank, class, and where some were for information only, trial. What was never published is
    unknown, not false; a trial publishes nothing but that it took place. Refuse a file that does
    not hold this (KG802).
    """
    try:
        _make_published(connection, schemes, data)
    except duckdb.Error as error:
        raise refuse("KG802", Span(HISTORY), reason=str(error).splitlines()[0]) from None


def _make_published(
    connection: duckdb.DuckDBPyConnection, schemes: Iterable[str], data: Path
) -> None:
    for scheme in schemes:
        name = quoted(table_name(PUBLISHED + scheme))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} "
            "(subject VARCHAR, period VARCHAR, score DECIMAL(18, 6), rank BIGINT, class VARCHAR, "
            "trial BOOLEAN)"
        )
        source = _history(data, scheme)
        if source is not None:
            told = ", ".join(f"CASE WHEN NOT {TRIAL} THEN {what} END" for what in PUBLISHES)
            earlier = _earlier(connection, source)
            connection.execute(
                f"INSERT INTO {name} SELECT subject, period, {told}, {TRIAL} FROM ({earlier})",
                [scheme],
            )


def _earlier(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    """Return the select of a scheme's earlier results; the column `trial` may be missing."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    has_trial = TRIAL in {row[0] for row in described}
    is_trial = _IS_TRIAL if has_trial else "false"
    return (
        "SELECT subject, CAST(period AS VARCHAR) AS period, "
        "CAST(score AS DECIMAL(18, 6)) AS score, CAST(rank AS BIGINT) AS rank, class, "
        f"{is_trial} AS {TRIAL} FROM {source} WHERE scheme = ?"
    )


def _history(data: Path, scheme: str) -> str | None:
    """Return what reads earlier publications: the data's one file, or what a run kept of them."""
    relation = table_name(PUBLISHED + scheme)
    kept = data / relation / f"{scheme}.parquet"
    if kept.exists():
        return f"(SELECT *, '{scheme}' AS scheme FROM read_parquet({literal(kept)}))"
    readers = {".parquet": "read_parquet", ".csv": "read_csv"}
    for suffix, reader in readers.items():
        path = data / f"{HISTORY}{suffix}"
        if path.exists():
            options = ", all_varchar = true" if reader == "read_csv" else ""
            return f"{reader}({literal(path)}{options})"
    return None


def keep_published(
    connection: duckdb.DuckDBPyConnection, schemes: Iterable[str], built: Path
) -> list[RelationFile]:
    """Keep, for each scheme that is read, its earlier publications, before the run adds its own."""
    files: list[RelationFile] = []
    for scheme in sorted(schemes):
        relation = table_name(PUBLISHED + scheme)
        path = built / relation / f"{scheme}.parquet"
        path.parent.mkdir()
        connection.execute(
            f"COPY (SELECT * FROM {quoted(relation)} ORDER BY ALL) TO {literal(path)} ({WRITE})"
        )
        rows = connection.execute(f"SELECT count(*) FROM {quoted(relation)}").fetchone()
        digest = logical_digest(connection, COLUMNS, [path])
        count = int(rows[0]) if rows else 0
        files.append(RelationFile(relation, scheme, (path,), count, COLUMNS, digest))
    return files


def publish(connection: duckdb.DuckDBPyConnection, scheme: str, results: list[str]) -> None:
    """Add the results of a scheme that just ran to what it publishes."""
    name = quoted(table_name(PUBLISHED + scheme))
    connection.execute(
        f"INSERT INTO {name} SELECT subject, period, CAST(score AS DECIMAL(18, 6)), rank, class, "
        "false FROM read_parquet(?)",
        [results],
    )
