"""Whether two expressions are the same but for where they stand."""

from __future__ import annotations

from dataclasses import fields

from kaogong.language.expression import EXPRESSIONS, Expression
from kaogong.language.fact import Fact


def identity(expression: Expression) -> str:
    """Return a text that two expressions share when they differ in nothing but their places."""
    inside = (_shown(getattr(expression, f.name)) for f in fields(expression) if f.name != "span")
    return f"{type(expression).__name__}({', '.join(inside)})"


def _shown(value: object) -> str:
    if isinstance(value, EXPRESSIONS):
        return identity(value)
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, Fact):
        return str(value.key)
    return repr(value)
