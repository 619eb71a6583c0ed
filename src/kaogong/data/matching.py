"""Find the subject of each row of a sheet, say by which way, and count what was not found.

Ways are tried in the order of `WAYS`. A way decides when it leads to exactly one subject; when it
leads to several it decides nothing. A name alone never decides: it goes to a list for a person,
whose answer comes back as a confirmed name. A former name decides only when no other subject
bears or bore it, and not when the sheet gives another division. Where two ways lead to two
subjects, the first holds and the difference is reported.

The result lies in temporary tables: `match_result (row, subject, way)`, `match_to_confirm (row,
name, way, subject, division, sheet_division)`, `match_unmatched (row)`, `match_missing (subject)`,
`match_conflict (row, subject, way, other_subject, other_way)`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from kaogong.data.spelling import load_compared
from kaogong.data.sql import Sql, count, integer, joined, name, rows, sql, value
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Span
from kaogong.language.words import Words

if TYPE_CHECKING:
    import duckdb

Role = Literal["subject", "credit_code", "customer_number", "meter", "name"]
WayName = Literal[
    "subject",
    "credit_code",
    "former_code",
    "customer_number",
    "meter",
    "former_name",
    "confirmed_name",
    "name",
]

SHOWN = 200  # findings of one kind
MATCHED, ROWS_LEFT, SUBJECTS_LEFT, TO_CONFIRM = "KG818", "KG819", "KG820", "KG826"
TWO_SUBJECTS = "KG840"


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a row to a subject; its name is the kind of identifier that it reads."""

    name: WayName
    role: Role  # of the sheet
    title: Words
    decides: bool = True
    by_name: bool = False
    noted: bool = True  # each match by it is worth a note


WAYS: tuple[Way, ...] = (
    Way("subject", "subject", Words("主体编号", "subject"), noted=False),
    Way("credit_code", "credit_code", Words("统一社会信用代码", "credit code"), noted=False),
    Way("former_code", "credit_code", Words("曾用代码", "former code")),
    Way("customer_number", "customer_number", Words("户号", "customer number")),
    Way("meter", "meter", Words("表号", "meter")),
    Way("former_name", "name", Words("曾用名", "former name"), by_name=True),
    Way("confirmed_name", "name", Words("经人工确认的名称", "confirmed name"), by_name=True),
    Way("name", "name", Words("名称", "name"), decides=False, by_name=True),
)
_TITLES = {way.name: way.title for way in WAYS}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose rows have no subject yet."""

    source: Sql  # what stands behind FROM
    row: str  # column with the number of the row
    roles: Mapping[Role, str]  # which column says what
    division: str | None = None  # column with the division, where the sheet has one
    title: str = ""


@dataclass(frozen=True, slots=True)
class Master:
    """What the master register knows of its subjects.

    Each of `identifiers` has the columns subject, kind (a way's name), value, division,
    valid_from and valid_to; `subjects` has the column subject: those expected in the sheet.
    """

    identifiers: tuple[Sql, ...]
    subjects: Sql


@dataclass(frozen=True, slots=True)
class Matching:
    """How many rows were matched by which way, and what is left on both sides."""

    by_way: Mapping[WayName, int]
    to_confirm: int  # rows
    unmatched: int  # rows that nothing leads from
    missing: int  # subjects without a row
    conflicts: int  # pairs of ways that disagree
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def matched(self) -> int:
        """Return the number of rows with a subject."""
        return sum(self.by_way.values())


def identifiers_of(
    source: Sql, kinds: Mapping[WayName, str], subject: str, division: str | None = None
) -> Sql:
    """Return identifiers, valid at any time, from columns of a register.

    A register of confirmed names, kept from earlier answers, is one such source.
    """
    place = name(division) if division else Sql("CAST(NULL AS VARCHAR)")
    branches = (
        sql(
            "SELECT {subject} AS subject, {kind} AS kind, {column} AS value,"
            " {division} AS division, CAST(NULL AS DATE) AS valid_from,"
            " CAST(NULL AS DATE) AS valid_to FROM {source}",
            subject=name(subject),
            kind=value(kind),
            column=name(column),
            division=place,
            source=source,
        )
        for kind, column in kinds.items()
    )
    return sql("({branches})", branches=joined(" UNION ALL ", branches))


def match_rows(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    master: Master,
    period: tuple[dt.date, dt.date],
    one_word: Mapping[str, str] | None = None,
) -> Matching:
    """Match the rows of a sheet; `period` is the first and last day its facts are of.

    An identifier with dates counts when they touch the period. `one_word` is that of
    `spelling.compared`.
    """
    _load(connection, sheet, master, period, one_word)
    for statement in _STEPS:
        connection.execute(statement)
    by_way = dict(connection.execute(_BY_WAY).fetchall())
    return Matching(
        {way.name: by_way[way.name] for way in WAYS if way.name in by_way},
        count(connection, Sql("(SELECT DISTINCT row FROM match_to_confirm)")),
        count(connection, Sql("match_unmatched")),
        count(connection, Sql("match_missing")),
        count(connection, Sql("match_conflict")),
        tuple(_findings(connection, sheet)),
    )


def with_subjects(sheet: Sheet, field: str) -> Sql:
    """Return the matched rows of the sheet, with the subject in its column `field`.

    What `match_rows` left in its tables must still be there.
    """
    return sql(
        "(SELECT given.* REPLACE (result.subject AS {field}) FROM {source} AS given"
        " JOIN match_result AS result ON CAST(given.{row} AS BIGINT) = result.row)",
        field=name(field),
        source=sheet.source,
        row=name(sheet.row),
    )


def _load(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    master: Master,
    period: tuple[dt.date, dt.date],
    one_word: Mapping[str, str] | None,
) -> None:
    load_ways = sql(
        "CREATE OR REPLACE TEMP TABLE match_way AS SELECT unnest({names}) AS way,"
        " unnest({roles}) AS role, unnest({places}) AS place, unnest({decides}) AS decides,"
        " unnest({by_name}) AS by_name, unnest({noted}) AS noted",
        names=value([way.name for way in WAYS]),
        roles=value([way.role for way in WAYS]),
        places=value(list(range(len(WAYS)))),
        decides=value([way.decides for way in WAYS]),
        by_name=value([way.by_name for way in WAYS]),
        noted=value([way.noted for way in WAYS]),
    )
    rows(connection, load_ways)
    rows(connection, _given(sheet))
    rows(connection, _known(master, period))
    both = Sql("(SELECT value FROM match_given UNION ALL SELECT value FROM match_known)")
    load_compared(connection, both, one_word)
    rows(
        connection,
        sql(
            "CREATE OR REPLACE TEMP TABLE match_subject AS SELECT DISTINCT subject FROM {s} AS s",
            s=master.subjects,
        ),
    )


def _given(sheet: Sheet) -> Sql:
    unknown = [role for role in sheet.roles if role not in get_args(Role)]
    if unknown:
        raise ValueError(f"no role of a sheet: {', '.join(unknown)}")
    branches = (
        sql(
            "SELECT CAST({row} AS BIGINT) AS row, {role} AS role, CAST({c} AS VARCHAR) AS value,"
            " {division} AS division FROM {source}",
            row=name(sheet.row),
            role=value(role),
            c=name(column),
            division=name(sheet.division) if sheet.division else Sql("CAST(NULL AS VARCHAR)"),
            source=sheet.source,
        )
        for role, column in sheet.roles.items()
    )
    return sql(
        "CREATE OR REPLACE TEMP TABLE match_given AS {all}", all=joined(" UNION ALL ", branches)
    )


def _known(master: Master, period: tuple[dt.date, dt.date]) -> Sql:
    return sql(
        "CREATE OR REPLACE TEMP TABLE match_known AS"
        " SELECT subject, kind, CAST(value AS VARCHAR) AS value, division"
        " FROM ({identifiers}) AS known WHERE value IS NOT NULL AND subject IS NOT NULL"
        " AND coalesce(valid_from <= {last}, TRUE) AND coalesce(valid_to >= {first}, TRUE)",
        identifiers=joined(" UNION ALL BY NAME ", map(_everything, master.identifiers)),
        first=value(period[0]),
        last=value(period[1]),
    )


def _everything(source: Sql) -> Sql:
    return sql("SELECT * FROM {source} AS one", source=source)


def _findings(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> list[Finding]:
    title = sheet.title
    found = [
        finding(MATCHED, Span(title, row), name=text, way=_TITLES[way], subject=subject)
        for row, text, way, subject in _some(connection, _NOTED)
    ]
    found += [
        finding(TO_CONFIRM, Span(title, row), name=text, subject=subjects)
        for row, text, subjects in _some(connection, _WAITING)
    ]
    found += [
        finding(
            TWO_SUBJECTS,
            Span(title, row),
            way=_TITLES[way],
            subject=subject,
            other_way=_TITLES[other_way],
            other=other,
        )
        for row, subject, way, other, other_way in _some(connection, "SELECT * FROM match_conflict")
    ]
    for id, table in ((ROWS_LEFT, "match_unmatched"), (SUBJECTS_LEFT, "match_missing")):
        number = count(connection, Sql(table))
        if number:
            found.append(finding(id, Span(title), sheet=title, n=number))
    return found


def _some(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    limited = sql("{q} ORDER BY ALL LIMIT {n}", q=Sql(query), n=integer(SHOWN))
    return rows(connection, limited)


_STEPS = (
    # Every value with the form in which it is compared.
    """
    CREATE OR REPLACE TEMP TABLE match_held AS
    SELECT subject, kind, form, division
    FROM match_known JOIN match_form ON written = value
    """,
    """
    CREATE OR REPLACE TEMP TABLE match_cell AS
    SELECT row, role, value, division, form
    FROM match_given JOIN match_form ON written = value
    """,
    # Names that more than one subject bears or bore.
    """
    CREATE OR REPLACE TEMP TABLE match_shared AS
    SELECT form FROM match_held WHERE kind IN ('name', 'former_name')
    GROUP BY form HAVING count(DISTINCT subject) > 1
    """,
    # Every subject that a way leads to; a confirmed name holds in the division it is confirmed for.
    """
    CREATE OR REPLACE TEMP TABLE match_candidate AS
    SELECT DISTINCT cell.row, way.place, way.way, held.subject, held.division,
        cell.division AS sheet_division, cell.value AS name,
        way.decides AND (way.way <> 'former_name'
            OR cell.form NOT IN (SELECT form FROM match_shared)
            AND coalesce(cell.division = held.division, TRUE)) AS decides
    FROM match_cell AS cell
    JOIN match_way AS way ON way.role = cell.role
    JOIN match_held AS held ON held.kind = way.way AND held.form = cell.form
    WHERE cell.form <> ''
        AND (way.way <> 'confirmed_name' OR held.division IS NOT DISTINCT FROM cell.division)
    """,
    # The ways of a row that lead to exactly one subject.
    """
    CREATE OR REPLACE TEMP TABLE match_decided AS
    SELECT row, place, way, min(subject) AS subject FROM match_candidate
    GROUP BY row, place, way
    HAVING count(DISTINCT subject) = 1 AND bool_and(decides)
    """,
    """
    CREATE OR REPLACE TEMP TABLE match_result AS
    SELECT row, arg_min(subject, place) AS subject, arg_min(way, place) AS way
    FROM match_decided GROUP BY row ORDER BY row
    """,
    """
    CREATE OR REPLACE TEMP TABLE match_conflict AS
    SELECT row, result.subject, result.way, other.subject AS other_subject, other.way AS other_way
    FROM match_result AS result JOIN match_decided AS other USING (row)
    WHERE other.subject <> result.subject ORDER BY row, other.place
    """,
    """
    CREATE OR REPLACE TEMP TABLE match_to_confirm AS
    SELECT row, name, way, subject, division, sheet_division
    FROM match_candidate ANTI JOIN match_result USING (row) ORDER BY row, place, subject
    """,
    """
    CREATE OR REPLACE TEMP TABLE match_unmatched AS
    SELECT DISTINCT row FROM match_given
    ANTI JOIN match_candidate USING (row) ORDER BY row
    """,
    """
    CREATE OR REPLACE TEMP TABLE match_missing AS
    SELECT subject FROM match_subject ANTI JOIN match_result USING (subject) ORDER BY subject
    """,
)
_BY_WAY = "SELECT way, count(*) FROM match_result GROUP BY way"
_NOTED = """
    SELECT row, name, way, subject FROM match_result JOIN match_way USING (way)
    JOIN (SELECT DISTINCT row, way, name FROM match_candidate) USING (row, way) WHERE noted
"""
_WAITING = """
    SELECT row, min(name), string_agg(DISTINCT subject, ' / ' ORDER BY subject)
    FROM match_to_confirm GROUP BY row
"""
