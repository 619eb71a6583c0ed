"""A policy's rules to a plan.

subjects → for clauses with the same rows: asked → owed → capped → limited → outputs
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kaogong.plan.columns import plan_of
from kaogong.plan.frame import Frame
from kaogong.plan.policy.items import Items
from kaogong.plan.policy.limits import limited
from kaogong.plan.policy.outputs import of_policy
from kaogong.plan.policy.owed import capped, owed
from kaogong.plan.scheme.compile import Setting
from kaogong.plan.source import Tables
from kaogong.plan.step import Plan, Step
from kaogong.plan.subjects import SubjectTable
from kaogong.programme.policy_rules import ClauseRule, LimitRule, PolicyRules


def compile_policy(rules: PolicyRules, setting: Setting) -> Plan:
    """Return the plan of one policy for one period."""
    return PolicyCompiler(rules, setting).plan()


@dataclass(slots=True)
class PolicyCompiler:
    """Compiles one policy; the table of subjects answers what the clauses read."""

    rules: PolicyRules
    setting: Setting
    subjects: SubjectTable = field(init=False)
    items: list[Items] = field(init=False)

    def __post_init__(self) -> None:
        """Open the table of subjects, and the rows of each set of clauses."""
        frame = Frame(self.setting.instant, self.rules.subject, self.setting.optimistic)
        self.subjects = SubjectTable(self.at("subjects"), frame, Tables(self.setting.registers))
        by_rows: dict[str, list[ClauseRule]] = {}
        for clause in self.rules.clauses:
            register = "" if clause.child is None else clause.child.register
            by_rows.setdefault(register, []).append(clause)
        self.items = [
            Items(self.subjects, clauses, self._limits_of(clauses)) for clauses in by_rows.values()
        ]

    def at(self, step: str) -> str:
        """Return the name of one of the policy's steps."""
        return f"policy__{self.rules.id}__{step}"

    def plan(self) -> Plan:
        """Return the steps and outputs."""
        places = {clause.id: n for n, clause in enumerate(self.rules.clauses, 1)}
        for each in self.items:
            each.lower(places)
        steps = [*self.subjects.steps(), *(s for each in self.items for s in self._steps(each))]
        outputs = of_policy(self.rules, self.setting, self._sources())
        beside = sorted({register for each in self.items for register in each.beside})
        return plan_of(self.rules.id, self.subjects, steps, outputs, beside)

    def _limits_of(self, clauses: list[ClauseRule]) -> tuple[LimitRule, ...]:
        ids = {clause.id for clause in clauses}
        return tuple(limit for limit in self.rules.limits if ids & set(limit.clauses))

    def _steps(self, items: Items) -> Iterator[Step]:
        rows = items.register or "subject"
        asked, owes, caps, limits = (
            self.at(f"{rows}__{step}") for step in ("asked", "owed", "capped", "limited")
        )
        clauses = items.columns
        yield Step(asked, items.query(), "what each clause asks, amounts and caps", is_kept=True)
        yield Step(owes, owed(clauses, asked), "who is entitled, and to what by itself")
        yield Step(caps, capped(clauses, owes, of_records=bool(items.register)),
                   "amounts after the caps of a clause")  # fmt: skip
        yield Step(limits, limited(clauses, items.limits, caps), "amounts after limits",
                   is_kept=True)  # fmt: skip

    def _sources(self) -> list[tuple[Items, str]]:
        return [(each, self.at(f"{each.register or 'subject'}__limited")) for each in self.items]
