"""Who takes part in a scheme, who leaves and comes back, and who is scored as one."""

from __future__ import annotations

from kaogong.kinds.parts import Condition, OpenSlot
from kaogong.kinds.scheme import Leave, Merge, Population
from kaogong.language.check import check
from kaogong.language.expression import Constant, Expression, Open
from kaogong.language.kind import YES_NO
from kaogong.programme.fields import titles_of
from kaogong.programme.reading import Reading
from kaogong.programme.rules import LeaveRule, MergeRule
from kaogong.programme.values import open_slot


def takes_part(reading: Reading) -> Expression:
    """Return the condition of taking part."""
    population = reading.model.population
    if isinstance(population, OpenSlot):
        return open_slot(population, reading.at("population"), YES_NO)
    place = reading.at("population.takes_part")
    made = reading.tried(lambda: reading.condition(population.takes_part, place))
    return made if made is not None else Constant(True, YES_NO, reading.span)


def leaves(reading: Reading) -> tuple[LeaveRule, ...]:
    """Return who leaves, in written order."""
    table = _population(reading).leaves
    if isinstance(table, OpenSlot):
        return ()
    return tuple(reading.each(table, lambda id, leave: _leave(reading, id, leave)))


def returns(reading: Reading) -> tuple[tuple[str, Expression], ...]:
    """Return the named conditions that undo a leave."""
    table = _population(reading).returns
    if isinstance(table, OpenSlot):
        return ()

    def build(id: str, condition: Condition) -> tuple[str, Expression]:
        return id, reading.condition(condition, reading.at(f"population.returns.{id}"))

    return tuple(reading.each(table, build))


def open_parts(reading: Reading) -> list[Open]:
    """Return the tables of the population that are open as a whole."""
    population = _population(reading)
    tables = (("leaves", population.leaves), ("returns", population.returns))
    return [
        open_slot(table, reading.at(f"population.{key}"))
        for key, table in tables
        if isinstance(table, OpenSlot)
    ]


def merge(reading: Reading) -> MergeRule | Open | None:
    """Return how several subjects are scored as one."""
    units = reading.model.units
    if units is None:
        return None
    if isinstance(units, OpenSlot):
        return open_slot(units, reading.at("units"))
    if isinstance(units.merge, OpenSlot):
        return open_slot(units.merge, reading.at("units.merge"))
    merged = units.merge
    return reading.tried(lambda: _merge(reading, merged))


def _population(reading: Reading) -> Population:
    """Return the population; one that is open as a whole says nothing of leaves and returns."""
    population = reading.model.population
    if isinstance(population, OpenSlot):
        return Population(takes_part=population)
    return population


def _leave(reading: Reading, id: str, leave: Leave) -> LeaveRule:
    when = reading.condition(leave.when, reading.at(f"population.leaves.{id}"))
    return LeaveRule(
        id, titles_of(leave.title, id), when, leave.as_, str(leave.class_ or ""),
        str(leave.treated_as or ""), str(leave.source.article or "") if leave.source else "",
    )  # fmt: skip


def _merge(reading: Reading, merged: Merge) -> MergeRule:
    place = reading.at("units.merge")
    by: Expression | Open = (
        open_slot(merged.by, f"{place}.by")
        if isinstance(merged.by, OpenSlot)
        else check(merged.by, reading.scope)
    )
    apart, also_alone = merged.keep_apart, merged.also_alone
    span = reading.span_at("units", "merge")
    if merged.combine is None and also_alone is not False:
        raise reading.missing("units.merge.combine", span)
    return MergeRule(
        by,
        None if apart is None else reading.condition(apart, f"{place}.keep_apart"),
        open_slot(also_alone, f"{place}.also_alone")
        if isinstance(also_alone, OpenSlot)
        else bool(also_alone),
        open_slot(merged.combine, f"{place}.combine")
        if isinstance(merged.combine, OpenSlot)
        else str(merged.combine or "merged"),
        span,
    )
