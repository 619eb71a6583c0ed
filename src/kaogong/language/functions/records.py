"""Functions of records: of those below the subject, the subject above, and linked ones."""

from __future__ import annotations

from kaogong.language.expression import (
    Constant,
    Expression,
    OfSubject,
    OverRecords,
    Read,
    RecordFunction,
    Via,
)
from kaogong.language.finding import refuse
from kaogong.language.functions.function import Build, Call
from kaogong.language.kind import NUMBER, YES_NO
from kaogong.language.scope import Child, fold
from kaogong.language.words import Words

_KINDS = {"count_of": NUMBER, "distinct_of": NUMBER, "any_of": YES_NO}


def over_records(name: RecordFunction, *, has_value: bool) -> Build:
    """Return the builder of a figure over child records."""

    def build(call: Call) -> Expression:
        child = _child(call)
        inside = call.checker.inside(call.checker.scope.of_records(child))
        value = inside.expression(call.arguments[1]) if has_value else None
        rest = call.arguments[2 if has_value else 1 :]
        condition = inside.yes_no(rest[0]) if rest else Constant(True, YES_NO, call.span)
        kind = _KINDS.get(name) or (value.kind if value is not None else NUMBER)
        if name == "sum_of" and kind.name not in ("number", "open"):
            raise inside.wrong(call.arguments[1], NUMBER.words, kind)
        return OverRecords(name, child.register, value, condition, child.order, kind, call.span)

    return build


def _child(call: Call) -> Child:
    name, scope = call.name_at(0), call.checker.scope
    child = scope.children.get(fold(name))
    if child is None:
        near = scope.near(name)
        raise refuse("KG201", call.span, name=name, subject=scope.subject, near=near)
    return child


def subject(call: Call) -> Expression:
    """Return a value of the subject that the record belongs to."""
    owner = call.checker.scope.owner
    if owner is None:
        instead = Words("它只用在…_of类函数之内", "it stands only inside an …_of function")
        raise refuse("KG302", call.span, construct="subject(x)", instead=instead)
    return OfSubject(call.checker.inside(owner).expression(call.arguments[0]), call.span)


def via(call: Call) -> Expression:
    """Return a value of the record that a link field points to."""
    link = call.expression(0)
    if not isinstance(link, Read):
        raise call.checker.wrong(call.arguments[0], Words("关联字段", "a link field"), link.kind)
    scope = call.checker.scope.of_link(link.fact, call.checker.span(call.arguments[0]))
    item = call.checker.inside(scope).expression(call.arguments[1])
    return Via(link.fact, item, call.span, link.when)
