"""Results of a run in brief: how many of each group came into which class."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kaogong.cli import table
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language

if TYPE_CHECKING:
    from kaogong.programme.rules import SchemeRules

_PLAIN = re.compile(r"[\w@%+=:,./-]+")  # in any script: a shell leaves Chinese alone
STATES = ("held", "not_rated", "not_collected")  # beside the rated, who have a class or none
Count = tuple[str | None, str, str | None, int]  # group, state, class, how many


def show_classes(out: Path, rules: SchemeRules, language: Language) -> None:
    """Print a scheme's title and its classes by group."""
    typer.secho(f"{rules.title.get(language) or rules.id}  ({rules.id})", bold=True)
    rows = class_table(counts(out, rules.id), rules, language)
    for line in table.lines(rows):
        typer.echo(f"  {line}")
    if not rows:
        typer.echo(f"  {say(language, 'no_results')}")


def class_table(found: Sequence[Count], rules: SchemeRules, language: Language) -> list[list[str]]:
    """Return the table: a row a group, a column a class, then those without one, then all."""
    columns = _columns(found, rules)
    titles = {g.id: g.title.get(language) or g.id for g in rules.groups}
    head = [say(language, "group"), *(_head(c, language) for c in columns), say(language, "total")]
    rows = []
    for group in dict.fromkeys([*titles, *(row[0] for row in found)]):
        mine = {(state, name): n for g, state, name, n in found if g == group}
        if mine:
            cells = [str(mine.get(column, 0) or "·") for column in columns]
            title = titles.get(group or "", group or "–")
            rows.append([title, *cells, str(sum(mine.values()))])
    return [head, *rows] if rows else []


def counts(out: Path, scheme: str) -> list[Count]:
    """Return how many subjects there are of each group, state and class."""
    query = 'SELECT "group", state, class, count(*) FROM read_parquet(?) GROUP BY ALL ORDER BY ALL'
    return [(g, s, c, int(n)) for g, s, c, n in _rows(query, out, scheme)]


def example(out: Path, scheme: str) -> str | None:
    """Return a subject worth explaining: the first below the best of those with a score."""
    query = (
        "SELECT subject FROM read_parquet(?) ORDER BY state <> 'rated', "
        "rank IS NULL, rank, subject LIMIT 1 OFFSET 1"
    )
    rows = _rows(query, out, scheme) or _rows(query.replace(" OFFSET 1", ""), out, scheme)
    return str(rows[0][0]) if rows else None


def pools(out: Path, scheme: str) -> list[str]:
    """Return the lists that subjects of a scheme are ranked in."""
    query = "SELECT DISTINCT pool FROM read_parquet(?) WHERE rank IS NOT NULL ORDER BY 1"
    return [str(pool) for (pool,) in _rows(query, out, scheme)]


def quoted(*words: object) -> str:
    """Return words as one would type them in a shell."""
    return " ".join(w if _PLAIN.fullmatch(w) else shlex.quote(w) for w in map(str, words))


def _rows(query: str, out: Path, scheme: str) -> list[tuple[str, ...]]:
    import duckdb

    return duckdb.execute(query, [[str(p) for p in result_files(out, scheme)]]).fetchall()


def result_files(out: Path, scheme: str) -> list[Path]:
    """Return the files that hold a scheme's results."""
    folder = out / "scheme_result"
    whole = folder / f"{scheme}.parquet"
    return [whole] if whole.exists() else sorted((folder / scheme).glob("*.parquet"))


def _columns(found: Sequence[Count], rules: SchemeRules) -> list[tuple[str, str | None]]:
    """Return the columns that somebody stands in: classes in their order, then states."""
    there = {(state, name) for _, state, name, _ in found}
    order = list(dict.fromkeys(c for g in rules.groups for c in g.class_order()))
    classes = [*order, *sorted({n for _, n in there if n is not None} - set(order))]
    wanted: list[tuple[str, str | None]] = [("rated", name) for name in (*classes, None)]
    wanted += [(state, name) for state in STATES for name in (*classes, None)]
    return [column for column in wanted if column in there]


def _head(column: tuple[str, str | None], language: Language) -> str:
    state, name = column
    if state == "rated":
        return name or say(language, "no_class")
    return f"{name} ({say(language, state)})" if name else say(language, state)
