"""Which result of a firm scored twice holds: as member of its unit, or alone (permu:E07).

Both are scored against the same benchmarks, those of the units. Where only one of the two is scored
at all it holds; else `combine` says which. A result that holds for nobody stands on no list: so a
place is held by a unit for its members, or by a firm for itself, and nobody has two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from kaogong.language.expression import Open
from kaogong.plan import sql
from kaogong.plan.merging import ALONE, MEMBERS, MERGED, ONCE, SCORED_AS, UNIT
from kaogong.plan.scheme.listing import RATED_ROW
from kaogong.plan.scheme.population import LEAVES
from kaogong.plan.scheme.ranking import window
from kaogong.plan.scheme.scores import ADJUST, COMBINE, GAP, ITEMS, SCORE, gap_addresses
from kaogong.plan.source import SUBJECT
from kaogong.plan.sql import Node, column
from kaogong.programme.rules import MergeRule, SchemeRules

OWN_UNIT = "kg_own_unit"  # the unit a member belongs to, whichever result holds
SCORE_MERGED, SCORE_ALONE = "kg_score_merged", "kg_score_alone"
_HELD, _UNDECIDED = "kg_held", "kg_is_undecided"
HOLDING = (OWN_UNIT, MEMBERS, _HELD, _UNDECIDED, SCORE_MERGED, SCORE_ALONE)


@dataclass(frozen=True, slots=True)
class Holding:
    """The steps between both results of everybody and the list of those that hold."""

    rules: SchemeRules
    both: str  # table of the rows scored: once, merged and alone
    units: str  # table of members and their units
    holding: str  # table of what holds, a row a member

    def query(self, constants: Mapping[str, Node]) -> exp.Select:
        """Return for each subject the result that holds, its row of the list, and both scores."""
        decided = self._decided(constants)
        is_alone = sql.binary("=", column(_HELD), sql.text(ALONE))
        first = window(
            exp.FirstValue(this=column(SUBJECT)), [column(OWN_UNIT), column(_HELD)],
            [
                exp.Ordered(this=sql.case([(_is_unit(), sql.integer(0))], sql.integer(1))),
                exp.Ordered(this=column(SUBJECT), nulls_first=False),
            ],
        )  # fmt: skip
        row = sql.case([(is_alone, column(SUBJECT))], first)
        return exp.Select(expressions=[exp.Star(), sql.alias(row, UNIT)]).from_(
            sql.subquery(decided, "decided"), copy=False
        )

    def _decided(self, constants: Mapping[str, Node]) -> exp.Select:
        merged, alone = _Result("merged", constants), _Result("alone", constants)
        held, undecided = self._held(merged, alone)
        columns = [
            column(SUBJECT, "units"),
            sql.alias(column(UNIT, "units"), OWN_UNIT),
            column(MEMBERS, "units"),
            sql.alias(held, _HELD),
            sql.alias(undecided, _UNDECIDED),
            sql.alias(merged.score, SCORE_MERGED),
            sql.alias(alone.score, SCORE_ALONE),
        ]
        query = exp.Select(expressions=columns).from_(sql.table(self.units, "units"), copy=False)
        for result, key, is_mine in ((merged, UNIT, "<>"), (alone, SUBJECT, "=")):
            mine = sql.binary(is_mine, column(SCORED_AS, result.name), sql.text(ALONE))
            same = sql.binary("=", column(SUBJECT, result.name), column(key, "units"))
            query = query.join(
                sql.table(self.both, result.name), on=sql.every([same, mine]), join_type="left",
                copy=False,
            )  # fmt: skip
        return query

    def _held(self, merged: _Result, alone: _Result) -> tuple[Node, Node]:
        """Return which result holds, and whether nobody can know."""
        combine = self.rules.merge.combine if isinstance(self.rules.merge, MergeRule) else MERGED
        is_open = isinstance(combine, Open)
        one = [
            (sql.is_null(alone.subject), sql.text(MERGED)),
            (sql.is_null(merged.subject), sql.text(ALONE)),
            (alone.left, sql.text(MERGED)),
            (merged.left, sql.text(ALONE)),
        ]
        fixed = {MERGED: MERGED, ALONE: ALONE}.get(str(combine), "")
        if is_open or fixed:
            held = sql.case(one, sql.text(fixed or ALONE))
        else:
            sign = {"better": ">", "worse": "<"}[str(combine)]
            takes_alone = sql.binary(sign, alone.score, merged.score)
            held = sql.case(
                [
                    *one,
                    (sql.is_null(merged.score), sql.text(MERGED)),
                    (sql.is_null(alone.score), sql.text(ALONE)),
                    (takes_alone, sql.text(ALONE)),
                ],
                sql.text(MERGED),
            )
        if not is_open:
            return held, sql.boolean(False)
        settled = [(test.copy(), sql.boolean(False)) for test, _ in one]
        return held, sql.case(settled, sql.boolean(True))

    def listed(self, names: Sequence[str]) -> exp.Select:
        """Return the rows of the list that hold for somebody, by the number they go by."""
        of_row = sql.case(
            [(sql.binary("=", column(_HELD), sql.text(ALONE)), column(SUBJECT))], column(OWN_UNIT)
        )
        held = exp.Select(
            expressions=[
                sql.alias(of_row, "kg_of"), column(UNIT), column(_HELD), column(_UNDECIDED)
            ]
        ).from_(sql.table(self.holding), copy=False)  # fmt: skip
        is_alone = (
            sql.binary("=", column(name, table), sql.text(ALONE))
            for name, table in ((SCORED_AS, "both"), (_HELD, "held"))
        )
        on = [
            sql.binary("=", column(SUBJECT, "both"), column("kg_of", "held")),
            sql.binary("=", *map(sql.paren, is_alone)),
        ]
        return (
            exp.Select(expressions=list(self._columns(names)))
            .from_(sql.table(self.both, "both"), copy=False)
            .join(sql.subquery(held.distinct(copy=False), "held"), on=sql.every(on), copy=False)
        )

    def _columns(self, names: Sequence[str]) -> Iterator[Node]:
        """Yield the list's columns; where nobody knows which result holds there is no score."""
        code = gap_addresses(self.rules).index(COMBINE) + 1
        known = sql.negate(column(_UNDECIDED, "held"))
        for name in names:
            mine = column(name, "both")
            if name == SUBJECT:
                mine = column(UNIT, "held")
            elif name in (SCORE, ITEMS, ADJUST):
                mine = sql.case([(known.copy(), mine)])
            elif name == RATED_ROW:
                mine = sql.every([known.copy(), mine])
            elif name == GAP:
                first = sql.coalesce([mine, sql.integer(code)])
                mine = sql.case([(known.copy(), mine.copy())], first)
            yield sql.alias(mine, name)


@dataclass(frozen=True, slots=True)
class _Result:
    """One of the two results of a member, joined to it."""

    name: str
    constants: Mapping[str, Node]

    @property
    def subject(self) -> Node:
        """Return the key of its row; null where there is none."""
        return column(SUBJECT, self.name)

    @property
    def left(self) -> Node:
        """Return whether it left the list without a score."""
        if LEAVES in self.constants:
            return sql.boolean(False)
        return sql.binary(">", column(LEAVES, self.name), sql.integer(0))

    @property
    def score(self) -> Node:
        """Return the score; null where a part of it is unknown."""
        return sql.case([(sql.is_null(column(GAP, self.name)), column(SCORE, self.name))])


def result_columns() -> dict[str, Node]:
    """Return what a member's row says of its two results."""
    is_member = sql.binary(">", column(MEMBERS), sql.integer(1))
    told = sql.every([is_member, sql.negate(column(_UNDECIDED))])
    return {
        "unit": sql.case([(is_member, column(OWN_UNIT))], sql.null("text")),
        "scored_as": sql.case([(told, column(_HELD))], sql.null("text")),
        "score_merged": sql.case([(is_member.copy(), column(SCORE_MERGED))], sql.null("number")),
        "score_alone": column(SCORE_ALONE),
    }


def part_column() -> Node:
    """Return how a row of the parts was scored; null for who is scored once."""
    once = sql.binary("=", column(SCORED_AS), sql.text(ONCE))
    return sql.case([(sql.negate(once), column(SCORED_AS))], sql.null("text"))


def _is_unit() -> Node:
    return sql.binary("=", column(SUBJECT), column(OWN_UNIT))
