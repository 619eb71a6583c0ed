"""A ladder's rules to a plan: subjects with every condition as a column → one row each → outputs.

The highest rung that is met holds; an unknown one above it leaves the rung undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from kaogong.language.expression import NOW, Read
from kaogong.plan import sql
from kaogong.plan.asked import Asked, asked, scored
from kaogong.plan.columns import plan_of
from kaogong.plan.frame import Frame
from kaogong.plan.ladder.outputs import RUNG, of_ladder
from kaogong.plan.lower import Lowerer
from kaogong.plan.scheme.compile import Setting
from kaogong.plan.source import SUBJECT, Tables
from kaogong.plan.sql import Node, column
from kaogong.plan.step import Plan, Step
from kaogong.plan.subjects import SubjectTable
from kaogong.programme.ladder_rules import LadderRules, RungRule


@dataclass(frozen=True, slots=True)
class LadderColumns:
    """What is asked on a ladder, as columns of its wide table."""

    base: tuple[Asked, ...]
    rungs: tuple[tuple[RungRule, tuple[Asked, ...]], ...]

    def every(self) -> list[Asked]:
        """Return everything asked, in written order."""
        return [*self.base, *(each for _, asked_of in self.rungs for each in asked_of)]


def compile_ladder(rules: LadderRules, setting: Setting) -> Plan:
    """Return the plan of one ladder for one period."""
    return LadderCompiler(rules, setting).plan()


@dataclass(slots=True)
class LadderCompiler:
    """Compiles one ladder."""

    rules: LadderRules
    setting: Setting
    subjects: SubjectTable = field(init=False)

    def __post_init__(self) -> None:
        """Open the table of subjects."""
        frame = Frame(self.setting.instant, self.rules.subject, self.setting.optimistic)
        self.subjects = SubjectTable(self.at("subjects"), frame, Tables(self.setting.registers))

    def at(self, step: str) -> str:
        """Return the name of one of the ladder's steps."""
        return f"ladder__{self.rules.id}__{step}"

    def plan(self) -> Plan:
        """Return the steps and outputs."""
        lowerer = self.subjects.lowerer
        columns = _columns(self.rules, lowerer)
        standing = self._standing(columns, lowerer)
        steps = [
            *self.subjects.steps(),
            Step(self.at("standing"), standing, "what each rung asks, and which is met",
                 is_kept=True),
        ]  # fmt: skip
        outputs = of_ladder(self.rules, self.setting, columns.base, columns.rungs,
                            self.at("standing"))  # fmt: skip
        return plan_of(self.rules.id, self.subjects, steps, outputs)

    def _standing(self, columns: LadderColumns, lowerer: Lowerer) -> exp.Select:
        expressions: list[Node] = [column(SUBJECT), sql.alias(_rung(self.rules, lowerer), RUNG)]
        for each in columns.every():
            expressions.extend(each.columns)
        source = sql.table(self.subjects.name)
        return exp.Select(expressions=expressions).from_(source, copy=False)


def _columns(rules: LadderRules, lowerer: Lowerer) -> LadderColumns:
    base = tuple(asked(rule, f"b{n}", lowerer) for n, rule in enumerate(rules.base, 1))
    return LadderColumns(
        base, tuple((r, _of_rung(r, f"r{n}", lowerer)) for n, r in enumerate(rules.rungs, 1))
    )


def _of_rung(rung: RungRule, name: str, lowerer: Lowerer) -> tuple[Asked, ...]:
    items = [rule for rule in rung.points if rule.most is not None]
    return (
        *(asked(rule, f"{name}c{n}", lowerer) for n, rule in enumerate(rung.conditions, 1)),
        *(
            scored(rule.id, rule.fact, rule.most, f"{name}p{n}", lowerer)
            for n, rule in enumerate(items, 1)
        ),
    )


def _rung(rules: LadderRules, lowerer: Lowerer) -> Node:
    """Return the number of the highest rung met: below zero where undecided, zero for none."""
    branches: list[tuple[Node, Node]] = []
    for number, rung in _numbered(rules.rungs):
        holds = lowerer.node(Read(rung.holds, NOW, rung.span))
        branches.append((sql.is_null(holds), sql.integer(-number)))
        branches.append((holds.copy(), sql.integer(number)))
    return sql.case(branches, sql.integer(0)) if branches else sql.integer(0)


def _numbered(rungs: Sequence[RungRule]) -> list[tuple[int, RungRule]]:
    return list(enumerate(rungs, 1))
