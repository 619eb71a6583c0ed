"""What an expression needs from the tables, and under which column names it gets it.

Lowering an expression only notes requests here; `source` then builds the one select that answers
them. A request is a fact, the period it is read for, and the chain of links to its record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from kaogong.language.expression import NOW, OverRecords, When
from kaogong.language.fact import Fact
from kaogong.language.kind import TEXT
from kaogong.language.period import NotAPeriod, Period, period_of, read_period
from kaogong.plan.number import Number, stored
from kaogong.plan.sql import Node, column, is_known

Path = tuple[str, ...]  # ids of link fields, with the period where one is read in another
KEY = "__key"  # stands for the key of a record: known where the record is there


@dataclass(frozen=True, slots=True)
class Instant:
    """The period and dates of a run, which the plan is compiled for."""

    period: Period
    as_of: date
    history: tuple[str, ...] = ()  # earlier periods with data, latest first
    succeeded: frozenset[str] = frozenset()  # registers of which some subject has a predecessor

    def seen(self, when: When, *, together: bool = False) -> Period | None:
        """Return the period that `when` means, None before the first of all."""
        try:
            return when.of(self.period, together=together)
        except NotAPeriod:
            return None

    def text(self, when: When, *, together: bool = False) -> str:
        """Return the period that `when` means; `together` counts January and February as one."""
        period = self.seen(when, together=together)
        first = period_of(date.min, self.period.grain)  # nobody reports for it
        return (period or first).text

    def earlier(self, when: When) -> int:
        """Return how many periods with data lie before the one that `when` means."""
        period = self.seen(when)
        return sum(period is not None and read_period(each) < period for each in self.history)


@dataclass(frozen=True, slots=True)
class Hop:
    """One link on the way to another record, and the period it is followed in."""

    link: Fact
    when: When = NOW


@dataclass(frozen=True, slots=True)
class Request:
    """One stored column: of which record, which field, which period."""

    path: Path
    register: str
    field: str
    period: str  # empty where the register has no periods
    grain: str = ""  # grain of the register's own periods
    rolled_from: str = ""  # finer register whose subjects' values are added up
    rolled_by: str = ""  # its link or code field that leads to the subject

    @property
    def name(self) -> str:
        """Return the column's name in the table of facts."""
        way = [f"{self.rolled_from}_{self.rolled_by}"] if self.rolled_from else []
        parts = [*self.path, *way, self.register, self.field]
        return "__".join(parts) + (f"__{self.period}" if self.period else "")


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed column: its tree, the range of its whole units, and the columns it reads."""

    node: Node
    low: int
    high: int
    needs: frozenset[str]
    is_inherited: bool = False  # over the rows of the subject's predecessors


Define = Callable[[Fact, When], tuple[Node, int, int]]
LIKELY_MOST = 10**12  # whole units that a kept figure stays below in an optimistic plan


@dataclass(slots=True)
class Frame:
    """The columns one set of expressions reads.

    An optimistic plan takes kept figures to stay below `LIKELY_MOST` whole units, so that their
    products fit 64 bits; engines refuse an overflow aloud, and the run then takes the safe plan.
    """

    instant: Instant
    master: str  # register of the subjects
    optimistic: bool = False
    requests: dict[Request, Fact] = field(default_factory=dict)
    links: dict[Path, tuple[Hop, ...]] = field(default_factory=dict)
    records: dict[str, OverRecords] = field(default_factory=dict)
    computed: dict[str, Computed] = field(default_factory=dict)
    asked: list[set[str]] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)  # registers that child records point to
    followed: set[str] = field(default_factory=set)  # registers whose predecessors matter
    inherited: list[tuple[object, str]] = field(default_factory=list)  # what, under which name
    table: str | None = None  # alias that columns are taken from

    def stored(self, fact: Fact, when: When, path: tuple[Hop, ...]) -> Node:
        """Return the column of a stored fact, and note that it is needed."""
        ids = tuple(map(self._step, path))
        for depth in range(1, len(ids) + 1):
            self.links.setdefault(ids[:depth], path[:depth])
        is_timeless = fact.grain is None and fact.home == "field"
        period = "" if is_timeless else self.instant.text(when, together=fact.together)
        request = Request(
            ids, fact.owner, fact.id, period, fact.grain or "",
            fact.rolled_from or "", fact.rolled_by or "",
        )  # fmt: skip
        self.requests.setdefault(request, fact)
        return column(request.name, self.table)

    def _step(self, hop: Hop) -> str:
        """Return what a link on the way is known by."""
        period = self.period_of(hop)
        named = period and period != self.instant.text(NOW, together=hop.link.together)
        return f"{hop.link.id}__{period}" if named else hop.link.id

    def period_of(self, hop: Hop) -> str:
        """Return the period a link is followed in, empty where it has none."""
        if hop.link.grain is None:
            return ""
        return self.instant.text(hop.when, together=hop.link.together)

    def there(self, fact: Fact, when: When, path: tuple[Hop, ...]) -> Node:
        """Return whether the record that holds a stored fact is there, and note the question."""
        return is_known(self.stored(replace(fact, id=KEY, kind=TEXT), when, path))

    def linked(self, path: tuple[Hop, ...]) -> Node:
        """Return whether the record at the end of some links is there, and note the question."""
        register = path[-1].link.links_to or ""
        return self.there(Fact(KEY, {}, TEXT, "field", register), When(), path)

    def over(self, node: OverRecords) -> str:
        """Return the name of a figure over child records, and note that it is needed."""
        for name, known in self.records.items():
            if known == node:
                return name
        name = f"records__{node.register}__{len(self.records) + 1}"
        self.records[name] = node
        return name

    def definition(self, fact: Fact, when: When, define: Define) -> tuple[str, Computed]:
        """Return a computed fact's column, made by `define` when it is first asked for."""
        name = self._name(fact, when)
        for asking in self.asked:
            asking.add(name)
        if name not in self.computed:
            self.asked.append(set())
            node, low, high = define(fact, when)
            self.computed[name] = Computed(node, low, high, frozenset(self.asked.pop()))
        return name, self.computed[name]

    def of_predecessors(self, what: object, make: Callable[[], Node]) -> Node:
        """Return the column of a figure over the subject's predecessors, made when first asked for.

        `what` tells figures apart; the figure reads columns of a predecessor's row, and those of
        the table of predecessors (see `source.LINEAGE`).
        """
        name = next((name for known, name in self.inherited if known == what), "")
        if not name:
            name = f"inherited__{len(self.inherited) + 1}"
            self.inherited.append((what, name))
        for asking in self.asked:
            asking.add(name)
        if name not in self.computed:
            self.asked.append(set())
            node = make()
            needs = frozenset(self.asked.pop())
            self.computed[name] = Computed(node, 0, 0, needs, is_inherited=True)
        return column(name, self.table)

    def _name(self, fact: Fact, when: When) -> str:
        variant = "_".join(str(v).replace(".", "_") for v in fact.variant.values())
        owner = fact.owner.rsplit(" ", 1)[-1].replace(".", "_")
        parts = [fact.home, owner, fact.id, variant, self.instant.text(when)]
        return "__".join(p for p in parts if p)

    def likely(self, low: int, high: int) -> tuple[int, int]:
        """Return the range a plan works with for a kept figure."""
        if not self.optimistic:
            return low, high
        return max(low, -LIKELY_MOST), min(high, LIKELY_MOST)


@dataclass(slots=True)
class ChildFrame(Frame):
    """The columns read of child records: of every record, whatever its period."""

    def stored(self, fact: Fact, when: When, path: tuple[Hop, ...]) -> Node:
        """Return the column of a record's own field, or of a record it points to."""
        if path:
            return Frame.stored(self, fact, when, path)
        request = Request((), fact.owner, fact.id, "")
        self.requests.setdefault(request, fact)
        return column(request.name, self.table)


def number_of(node: Node, fact: Fact) -> Number:
    """Return a stored or kept column of a fact as an exact number of its whole units."""
    unit = unit_value(fact)
    widest = Fraction(10) ** 18
    low = fact.low if fact.low is not None else -widest * unit
    high = fact.high if fact.high is not None else widest * unit
    return stored(node, unit, _down(low / unit), _up(high / unit), fact.span)


def unit_value(fact: Fact) -> Fraction:
    """Return what one whole unit of a fact's column is worth in the base of its unit."""
    return fact.kind.unit.factor / Fraction(10) ** (fact.scale or 0)


def _down(value: Fraction) -> int:
    return value.numerator // value.denominator


def _up(value: Fraction) -> int:
    return -((-value.numerator) // value.denominator)
