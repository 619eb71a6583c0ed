"""What a run says of one subject's entitlements and rungs, read from its relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from kaogong.programme.policy_rules import ClauseRule
from kaogong.programme.programme import Programme

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one condition, and how far the subject is off."""

    id: str
    title: Mapping[str, str]
    outcome: str
    value: Decimal | None
    bound: Decimal | None
    distance: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One clause, for the subject or for one of its records."""

    policy: str
    clause: str
    title: Mapping[str, str]
    item: str
    outcome: str
    reason: str
    amount_min: Decimal | None
    amount: Decimal | None
    amount_max: Decimal | None
    owed: Decimal | None  # after caps, limits and budgets
    unit: str
    direction: str
    mode: str
    closes: date | None  # last day to apply
    ends: date | None  # last day of the policy
    unmet: tuple[Asked, ...]  # whole conditions that are not met, or nobody knows

    @property
    def is_near(self) -> bool:
        """Tell whether one condition alone is missing, and it is no exclusion."""
        failed = [each for each in self.unmet if each.outcome in ("failed", "met")]
        one = len(self.unmet) == 1 and len(failed) == 1
        return self.outcome == "not_entitled" and one and failed[0].outcome == "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the subject stands on a ladder."""

    ladder: str
    title: Mapping[str, str]
    rung: str
    state: str
    next_rung: str
    missing: tuple[str, ...]
    unmet: tuple[Asked, ...]  # of the next rung


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a run says of one subject."""

    subject: str
    period: str
    entitlements: tuple[Entitlement, ...]
    standings: tuple[Standing, ...]

    @property
    def is_known(self) -> bool:
        """Tell whether any result speaks of the subject."""
        return bool(self.entitlements or self.standings)

    def as_json(self) -> dict[str, object]:
        """Return the answer as plain values; amounts are texts, so that they stay exact."""
        made = _plain(asdict(self))
        assert isinstance(made, dict)
        return made


def entitled(programme: Programme, run: Path, subject: str, period: str) -> Answer:
    """Return what a run says of a subject."""
    with duckdb.connect() as connection:
        reading = _Reading(connection, run, subject)
        entitlements = tuple(_entitlements(programme, reading))
        standings = tuple(_standings(programme, reading))
    return Answer(subject, period, entitlements, standings)


@dataclass(frozen=True, slots=True)
class _Reading:
    connection: duckdb.DuckDBPyConnection
    run: Path
    subject: str

    def rows(self, relation: str) -> list[Row]:
        """Return the rows of a relation that speak of the subject."""
        files = sorted(str(p) for p in (self.run / relation).rglob("*.parquet"))
        if not files:
            return []
        found = self.connection.execute(
            "SELECT * FROM read_parquet(?, union_by_name = true) WHERE subject = ? ORDER BY ALL",
            [files, self.subject],
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _entitlements(programme: Programme, reading: _Reading) -> list[Entitlement]:
    asked = reading.rows("entitlement_condition")
    made = []
    for row in reading.rows("entitlement"):
        rules = programme.policies[str(row["document"])]
        clause = next(c for c in rules.clauses if c.id == row["clause"])
        mine = [a for a in asked if _same(a, row, ("document", "clause", "item"))]
        made.append(
            Entitlement(
                rules.id, clause.id, clause.title, _text(row["item"]), _text(row["outcome"]),
                _text(row["reason"]), _number(row["amount_min"]), _number(row["amount"]),
                _number(row["amount_max"]), _number(row["after_budget"]), _text(row["unit"]),
                clause.direction, clause.mode, clause.window.closes, rules.last_day,
                tuple(_unmet(clause, mine)),
            )
        )  # fmt: skip
    return made


def _unmet(clause: ClauseRule, rows: Sequence[Row]) -> list[Asked]:
    whole = {rule.id: rule for rule in clause.conditions if rule.is_whole}
    found = []
    for row in rows:
        rule = whole.get(_text(row["condition"]))
        wrong = ("met", "unknown") if rule is not None and rule.bars else ("failed", "unknown")
        if rule is not None and row["outcome"] in wrong:
            found.append(_asked(row, rule.title))
    return found


def _standings(programme: Programme, reading: _Reading) -> list[Standing]:
    asked = reading.rows("ladder_condition")
    made = []
    for row in reading.rows("ladder_result"):
        rules = programme.ladders[str(row["document"])]
        titles = {rule.id: rule.title for rule in rules.base}
        wanted = next((r for r in rules.rungs if r.id == row["next_rung"]), None)
        if wanted is not None:
            titles |= {rule.id: rule.title for rule in wanted.conditions}
        mine = [
            _asked(each, titles.get(_text(each["condition"]), {}))
            for each in asked
            if each["document"] == rules.id
            and each["rung"] in (None, row["next_rung"])
            and each["outcome"] in ("failed", "unknown")
        ]
        missing = tuple(filter(None, _text(row["missing"]).split("; ")))
        made.append(
            Standing(
                rules.id, rules.title, _text(row["rung"]), _text(row["state"]),
                _text(row["next_rung"]), missing, tuple(mine),
            )
        )  # fmt: skip
    return made


def _asked(row: Row, title: Mapping[str, str]) -> Asked:
    id = _text(row["condition"])
    shown = title or {"zh": id, "en": id}
    return Asked(
        id, shown, _text(row["outcome"]), _number(row["value"]), _number(row["bound"]),
        _number(row["distance"]), _text(row["unit"]),
    )  # fmt: skip


def _same(one: Row, other: Row, keys: Sequence[str]) -> bool:
    return all(one[key] == other[key] for key in keys)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
