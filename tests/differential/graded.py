"""A scheme run by an engine, as rows that can be laid beside those graded by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaogong.engine.duck import output_query
from kaogong.language.period import read_period
from kaogong.plan.frame import Instant
from kaogong.plan.scheme.compile import Setting, compile_scheme
from kaogong.plan.step import Output, Plan
from kaogong.programme.programme import Programme
from tests.differential.engines import Answer, Engine
from tests.differential.grading import Graded
from tests.differential.region import AS_OF, PERIOD

Row = dict[str, Any]
COMPARED = (
    "group", "pool", "state", "score_items", "score_adjust", "score", "rank", "pool_size",
    "quota_base", "class_ranked", "class", "moved_by",
)  # fmt: skip


def plan_of(
    programme: Programme, id: str, *, optimistic: bool = True, capacity: int = 1000
) -> Plan:
    """Return the plan of a scheme."""
    instant = Instant(read_period(PERIOD), AS_OF, ("2021",))
    registers = programme.book.registers()
    setting = Setting(instant, registers, optimistic=optimistic, capacity=capacity)
    return compile_scheme(programme.schemes[id], setting)


def results(engine: Engine, plan: Plan) -> dict[str, Row]:
    """Return the rows of results and parts by subject."""
    made: dict[str, Row] = {}
    for rows in relations(engine, plan, "scheme_result", "scheme_part"):
        for row in rows:
            made.setdefault(row["subject"], {}).update(row)
    return made


def relations(engine: Engine, plan: Plan, *wanted: str) -> list[list[Row]]:
    """Return some outputs as mappings, their numbers as fractions."""
    outputs = [output for output in plan.outputs if output.relation in wanted]
    answers = engine.answers(plan.steps, [output_query(output) for output in outputs])
    return [_rows(output, answer) for output, answer in zip(outputs, answers, strict=True)]


def _rows(output: Output, answer: Answer) -> list[Row]:
    numbers = {c.name for c in output.columns if c.kind == "number"}
    names = [c.name for c in output.columns]
    return [
        {n: _exact(v) if n in numbers else v for n, v in zip(names, row, strict=True)}
        for row in answer
    ]


def _exact(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


@dataclass(frozen=True)
class Wanted:
    """What the hand says of one scheme."""

    rows: Mapping[str, Graded]
    left: Mapping[int, tuple[str, str]]  # class and state by number of the leave

    def differences(self, got: Mapping[str, Row], *, moved_by: bool = True) -> list[str]:
        """Return what differs, a line each."""
        found = [f"{s}: only one side lists it" for s in sorted(got.keys() ^ self.rows.keys())]
        for subject in sorted(got.keys() & self.rows.keys()):
            wanted = self._row(self.rows[subject])
            for name, value in wanted.items():
                if name == "moved_by" and not moved_by:
                    continue
                if got[subject].get(name) != value:
                    found.append(f"{subject}.{name}: {got[subject].get(name)!r}, by hand {value!r}")
        return found

    def _row(self, row: Graded) -> Row:
        state = "rated" if row.is_rated else "held"
        made: Row = {"group": row.group, "pool": row.pool}
        if row.takes is not None and row.leave > 0:
            made["class"], state = self.left[row.leave]
        made["state"] = state
        if row.is_scored and not row.is_rated:
            made |= {"class": row.final, "moved_by": row.moved_by}
        if not row.is_rated:
            return made
        made |= {
            "score_items": row.items, "score_adjust": row.adjust, "score": row.score,
            "rank": row.rank, "pool_size": row.pool_size, "quota_base": row.quota_base,
            "class_ranked": row.ranked, "class": row.final, "moved_by": row.moved_by,
        }  # fmt: skip
        made |= {f"points__{k}": v for k, v in row.points.items()}
        made |= {f"adjust__{k}": v for k, v in row.adjusts.items()}
        return made


def shown(lines: Sequence[str]) -> str:
    """Return the first few lines of many."""
    return "\n".join([f"{len(lines)} differences", *lines[:8]])
