"""Statements put together from parts that are statements themselves, never from text.

A part is a name, a value or another part. A name is quoted, a value becomes a parameter, and no
plain `str` fits a place of a template: what a user wrote cannot turn into SQL.

>>> query = sql("SELECT {c} FROM {t} WHERE {c} > {v}", c=name("税收"), t=name("t"), v=value(30))
>>> query.text, query.parameters
('SELECT "税收" FROM "t" WHERE "税收" > ?', (30,))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement with the parameters it holds, in their order."""

    text: str
    parameters: tuple[object, ...] = ()


def sql(template: str, **parts: Sql) -> Sql:
    """Return the template with its parts in place; a template is written in our code only."""
    texts: list[str] = []
    parameters: list[object] = []
    for literal, place, _, _ in Formatter().parse(template):
        texts.append(literal)
        if place is not None:
            texts.append(parts[place].text)
            parameters.extend(parts[place].parameters)
    return Sql("".join(texts), tuple(parameters))


def name(identifier: str, quote: str = '"') -> Sql:
    """Return a name in quotes, which it may hold itself."""
    return Sql(quote + identifier.replace(quote, quote * 2) + quote)


def value(given: object) -> Sql:
    """Return a parameter that holds the value."""
    return Sql("?", (given,))


def integer(number: int) -> Sql:
    """Return a number for places that take no parameter, such as the scale of a type."""
    return Sql(str(int(number)))


def joined(separator: str, parts: Iterable[Sql]) -> Sql:
    """Return the parts with a separator between them."""
    listed = list(parts)
    parameters = tuple(parameter for part in listed for parameter in part.parameters)
    return Sql(separator.join(part.text for part in listed), parameters)


def names(identifiers: Iterable[str]) -> Sql:
    """Return the names with commas between them."""
    return joined(", ", map(name, identifiers))


def parquet(paths: Sequence[Path]) -> Sql:
    """Return the source that reads Parquet files, in their order."""
    return sql("read_parquet({paths})", paths=value([str(path) for path in paths]))


def rows(connection: duckdb.DuckDBPyConnection, query: Sql) -> list[tuple[Any, ...]]:
    """Run a statement and return all its records."""
    return connection.execute(query.text, list(query.parameters)).fetchall()


def count(connection: duckdb.DuckDBPyConnection, source: Sql) -> int:
    """Return the number of records of a source."""
    return int(rows(connection, sql("SELECT count(*) FROM {source}", source=source))[0][0])
