"""The typed tree of an expression: few nodes, all names resolved, all periods written out.

The checker makes this tree from the text and unfolds everything that can be said with less:
`between` and `in`, `clamp`, `every_period`, `sum_over`, `growth` and their like become the nodes
below, with each read of a fact saying which period it means. Two readers give it meaning and share
no code: `evaluate` for one subject in fractions, the compilers of `plan` for whole tables.

Numbers are exact and in the base of their unit. A yes/no is true, false or unknown (Kleene).
"""

from __future__ import annotations

from kaogong.language.expression.nodes import (
    EXPRESSIONS,
    Apply,
    Arithmetic,
    ArithmeticSign,
    Choose,
    Compare,
    CompareSign,
    Constant,
    DateWord,
    Every,
    Expression,
    FirstTime,
    Has,
    Known,
    Member,
    Not,
    OfSubject,
    Open,
    OverRecords,
    Pick,
    Plain,
    Points,
    Read,
    RecordFunction,
    ScalarFunction,
    Some,
    Status,
    Streak,
    Table,
    ToDate,
    Via,
    Word,
)
from kaogong.language.expression.walk import children, is_together, rebuilt, shifted, walk
from kaogong.language.expression.when import NOW, When

__all__ = [
    "EXPRESSIONS",
    "NOW",
    "Apply",
    "Arithmetic",
    "ArithmeticSign",
    "Choose",
    "Compare",
    "CompareSign",
    "Constant",
    "DateWord",
    "Every",
    "Expression",
    "FirstTime",
    "Has",
    "Known",
    "Member",
    "Not",
    "OfSubject",
    "Open",
    "OverRecords",
    "Pick",
    "Plain",
    "Points",
    "Read",
    "RecordFunction",
    "ScalarFunction",
    "Some",
    "Status",
    "Streak",
    "Table",
    "ToDate",
    "Via",
    "When",
    "Word",
    "children",
    "is_together",
    "rebuilt",
    "shifted",
    "walk",
]
