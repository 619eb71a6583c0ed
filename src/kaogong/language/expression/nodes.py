"""The nodes of the typed tree, and what each is worth in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from kaogong.language.expression.when import NOW, When
from kaogong.language.fact import Fact
from kaogong.language.kind import DATE, NUMBER, TEXT, YES_NO, Kind
from kaogong.language.span import Span
from kaogong.language.state import State

Plain = Fraction | str | bool | date
ArithmeticSign = Literal["+", "-", "*", "/"]
CompareSign = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Constant:
    """A written value; numbers in the base of their unit."""

    value: Plain
    kind: Kind
    span: Span


@dataclass(frozen=True, slots=True)
class Open:
    """An open slot, or as `pending` a judgement: unknown until somebody with the right says."""

    place: str  # address in the programme
    why: str
    kind: Kind
    span: Span
    state: State = "open"


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a fact in a period."""

    fact: Fact
    when: When
    span: Span

    @property
    def kind(self) -> Kind:
        """Return the kind of the fact."""
        return self.fact.kind


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * /`; a division by zero is `zero_denominator`, by less than zero `negative_base`."""

    sign: ArithmeticSign
    left: Expression
    right: Expression
    kind: Kind
    span: Span
    allow_negative_base: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; unknown where a side is. Codes compare by their vocabulary's order."""

    sign: CompareSign
    left: Expression
    right: Expression
    span: Span
    kind: Kind = YES_NO


@dataclass(frozen=True, slots=True)
class Member:
    """Whether a text or code is one of a written set; unknown where it is unknown."""

    item: Expression
    codes: frozenset[str]
    span: Span
    kind: Kind = YES_NO


@dataclass(frozen=True, slots=True)
class Every:
    """`and` over all items (Kleene: one false decides)."""

    items: tuple[Expression, ...]
    span: Span
    kind: Kind = YES_NO


@dataclass(frozen=True, slots=True)
class Some:
    """`or` over all items (Kleene: one true decides)."""

    items: tuple[Expression, ...]
    span: Span
    kind: Kind = YES_NO


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene's not."""

    item: Expression
    span: Span
    kind: Kind = YES_NO


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a value is known; itself never unknown."""

    item: Expression
    span: Span
    kind: Kind = YES_NO


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a cell as a text, `''` where a value stands; itself never unknown."""

    item: Expression
    span: Span
    kind: Kind = TEXT


@dataclass(frozen=True, slots=True)
class Choose:
    """A cascade: the value of the first condition that holds, else `otherwise`.

    `strict` (case tables, bands): an unknown condition before the winner makes the result unknown.
    Not strict (`case when`): an unknown condition is passed over, as in SQL.
    """

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None  # None: unknown
    strict: bool
    kind: Kind
    span: Span
    otherwise_state: State = "not_applicable"  # why it is unknown where `otherwise` is None


ScalarFunction = Literal[
    "abs", "floor", "ceil", "round", "least", "greatest", "coalesce",
    "starts_with", "contains", "length",
    "add_years", "add_months", "add_days", "add_working_days", "year_of", "month_of",
    "years_between", "months_between", "days_between", "working_days_between",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of values of the same subject and period.

    `floor`, `ceil` and `round` work in the unit of their argument's kind: `round(x, n)` keeps n
    decimals of `kind.unit`. `least` and `greatest` are unknown when an argument is.
    """

    function: ScalarFunction
    arguments: tuple[Expression, ...]
    kind: Kind
    span: Span


@dataclass(frozen=True, slots=True)
class Streak:
    """Unbroken run of periods up to this one in which the condition holds (permu:E52).

    A period marked as trial neither counts nor breaks; unknown where a gap decides.
    """

    item: Expression
    span: Span
    kind: Kind = NUMBER
    when: When = NOW  # the last period of the run


@dataclass(frozen=True, slots=True)
class FirstTime:
    """Whether the condition holds now and in no earlier period; predecessors' periods count."""

    item: Expression
    span: Span
    kind: Kind = YES_NO
    when: When = NOW  # the period that counts as now


@dataclass(frozen=True, slots=True)
class ToDate:
    """The sum over the periods of the year up to this one; unknown where one of them is."""

    item: Expression
    span: Span
    when: When = NOW  # the last period that is added

    @property
    def kind(self) -> Kind:
        """Return the kind of what is added."""
        return self.item.kind


RecordFunction = Literal[
    "count_of", "any_of", "distinct_of", "sum_of", "max_of", "min_of", "latest_of"
]


@dataclass(frozen=True, slots=True)
class OverRecords:
    """A figure over the subject's records of a child register for which the condition holds.

    A record for which the condition is unknown makes the answer unknown unless it cannot matter.
    None: 0 for `sum_of`, `count_of`, `distinct_of`, false for `any_of`, else unknown.
    `latest_of` goes by `order` (the register's date, then key).
    """

    function: RecordFunction
    register: str
    value: Expression | None
    condition: Expression
    order: tuple[Fact, ...]
    kind: Kind
    span: Span
    when: When = NOW  # the period that condition and value are seen from


@dataclass(frozen=True, slots=True)
class OfSubject:
    """Inside a child condition: a value of the subject that the record belongs to."""

    item: Expression
    span: Span

    @property
    def kind(self) -> Kind:
        """Return the kind of the subject's value."""
        return self.item.kind


@dataclass(frozen=True, slots=True)
class Via:
    """A value of the record that a link field points to, in the same period."""

    link: Fact
    item: Expression
    span: Span
    when: When = NOW  # the period in which the link is followed

    @property
    def kind(self) -> Kind:
        """Return the kind of the linked value."""
        return self.item.kind


@dataclass(frozen=True, slots=True)
class Table:
    """A parameter with entries by one or more codes; values are expressions (often constants)."""

    id: str
    title: Mapping[str, str]
    entries: Mapping[tuple[str, ...], Expression]
    kind: Kind
    span: Span

    def __hash__(self) -> int:
        return hash((self.id, self.span))


@dataclass(frozen=True, slots=True)
class Pick:
    """The entry of a table under the given keys; unknown where a key is unknown or has no entry."""

    table: Table
    keys: tuple[Expression, ...]
    span: Span

    @property
    def kind(self) -> Kind:
        """Return the kind of the table's entries."""
        return self.table.kind


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a table has an entry under the given keys; unknown where a key is."""

    table: Table
    keys: tuple[Expression, ...]
    span: Span
    kind: Kind = YES_NO


@dataclass(frozen=True, slots=True)
class DateWord:
    """A date that comes with a run; `year_start` is where the year of the period begins."""

    word: Literal["as_of", "period_start", "period_end", "year_start"]
    span: Span
    kind: Kind = DATE
    when: When = NOW  # whose ends are meant; `as_of` has none


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one line of the scheme (in `rank.by` and class cuts)."""

    item: str
    span: Span
    kind: Kind = NUMBER


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the kind: `x weight benchmark low high total is_review`."""

    word: str
    kind: Kind
    span: Span


Expression = (
    Constant | Open | Read | Arithmetic | Compare | Member | Every | Some | Not | Known | Status
    | Choose | Apply | Streak | FirstTime | ToDate | OverRecords | OfSubject | Via | Pick | Has
    | DateWord | Points | Word
)  # fmt: skip

EXPRESSIONS = (
    Constant, Open, Read, Arithmetic, Compare, Member, Every, Some, Not, Known, Status, Choose,
    Apply, Streak, FirstTime, ToDate, OverRecords, OfSubject, Via, Pick, Has, DateWord, Points,
    Word,
)  # fmt: skip
