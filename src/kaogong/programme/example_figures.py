"""Figures that a case gives: benchmark, low and high of a line that its scheme takes of many.

One subject has no mean of its group. A case that names the published figure can be computed for
this one subject; what the scheme itself writes down is not for a case to change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.span import Block, Span, Text
from kaogong.language.value import Value
from kaogong.programme.example_values import Vocabularies, given_value
from kaogong.programme.near import nearest
from kaogong.programme.rules import FigureRule, LineRule, SchemeRules

ROLES = ("benchmark", "low", "high")
OWN = ("low", "high")  # the group's own extremes, where nothing is written
Figures = Mapping[tuple[str, str], Value]


def figures_of(node: object, rules: SchemeRules, vocabularies: Vocabularies, span: Span) -> Figures:
    """Return the given figures by line and role, in base units; raise `Refused` for others."""
    if node is None:
        return {}
    made: dict[tuple[str, str], Value] = {}
    for item, roles, at in _blocks(node, "figures", span):
        line = _line(item, rules, at)
        for role, value in _block(roles, item, at).items():
            place = f"{item}.{role}"
            where = _block(roles, item, at).keys_at[role]
            _refuse_written(line, role, rules, where)
            if not isinstance(value, Text):
                raise refuse("KG112", where, value=place, expected="one value")
            assert isinstance(line.fact, Fact)
            made[item, role] = given_value(value, line.fact, vocabularies)
    return made


def _blocks(node: object, name: str, span: Span) -> Iterator[tuple[str, object, Span]]:
    block = _block(node, name, span)
    yield from ((key, each, block.keys_at[key]) for key, each in block.items())


def _block(node: object, name: str, span: Span) -> Block:
    if not isinstance(node, Block):
        raise refuse("KG112", span, value=name, expected="{benchmark:, low:, high:}")
    return node


def _line(item: str, rules: SchemeRules, span: Span) -> LineRule:
    lines = {x.id: x for g in rules.groups for x in g.lines if isinstance(x.fact, Fact)}
    if item not in lines:
        near = nearest(item, tuple(lines))
        raise refuse("KG201", span, name=item, subject=f"{rules.id}.scores", near=near)
    return lines[item]


def _refuse_written(line: LineRule, role: str, rules: SchemeRules, span: Span) -> None:
    """Refuse a role that is none, and one that every group with the line writes as a value."""
    if role not in ROLES:
        raise refuse("KG103", span, kind="figures", key=role, near=nearest(role, ROLES))
    held = [getattr(x, role) for g in rules.groups for x in g.lines if x.id == line.id]
    if not any(isinstance(h, FigureRule) or (h is None and role in OWN) for h in held):
        place = f"figures.{line.id}.{role}"
        raise refuse("KG310", span, place=place, expected="a figure of many", got="a written value")
