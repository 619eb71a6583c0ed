"""One small firm and the register around it: what the tests of evaluation speak about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from kaogong.language.calendar import Calendar, Row, make_calendar
from kaogong.language.check import check
from kaogong.language.evaluate import Record, Subject, Unknown, Value, evaluate
from kaogong.language.expression import Expression, Table
from kaogong.language.fact import Fact
from kaogong.language.kind import DATE, NUMBER, TEXT, YES_NO, Kind, number
from kaogong.language.period import read_period
from kaogong.language.scope import Child, CodeList, Scope, fold
from kaogong.language.span import Span, Text
from kaogong.language.state import State
from kaogong.language.unit import read_unit
from kaogong.language.vocabulary import Vocabulary, flat

HERE = Span("small_world.yaml", 1, 1)
AS_OF = date(2023, 5, 15)
CALENDAR: Calendar = make_calendar(
    "cn",
    [
        Row(date(2023, 5, 1), "holiday", "劳动节"),
        Row(date(2023, 5, 2), "holiday", "劳动节"),
        Row(date(2023, 5, 3), "holiday", "劳动节"),
        Row(date(2023, 5, 6), "workday", "劳动节"),
    ],
)

YUAN, SQUARE_METRE = (number(read_unit(unit)) for unit in ("元", "平方米"))
SEVERITY = flat("severity", ["一般", "较大", "重大", "特别重大"], is_ordered=True)
SECTORS = flat("sectors", ["C35", "D44", "D45"])
GRADES = flat("grades", ["D", "C", "B", "A"], is_ordered=True)


def coded(vocabulary: Vocabulary) -> Kind:
    return Kind("code", vocabulary=vocabulary.id, order=vocabulary.order)


def fact(id: str, kind: Kind, grain: str | None = "year", **more: object) -> Fact:
    owner = more.pop("owner", "enterprise_year" if grain else "enterprise")
    return Fact(id, {"zh": id, "en": id}, kind, more.pop("home", "field"), owner, grain, **more)


FACTS = {
    each.id: each
    for each in (
        fact("税收", YUAN, nature="flow", scale=2),
        fact("营业收入", YUAN, nature="flow", scale=2, comparable="可比收入"),
        fact("可比收入", YUAN, nature="flow", scale=2),
        fact("面积", SQUARE_METRE, nature="stock", scale=2),
        fact("规上", YES_NO),
        fact("达标", YES_NO),
        fact("获奖", YES_NO),
        fact("等级", coded(GRADES)),
        fact("月产值", YUAN, "month", nature="flow"),
        fact("月末人数", NUMBER, "month", nature="stock"),
        fact("月末状态", TEXT, "month"),
        fact("月指数", NUMBER, "month", nature="level"),
        fact("成立日期", DATE, None),
        fact("注销日期", DATE, None),
        fact("名称", TEXT, None),
        fact("行业", coded(SECTORS), None),
        fact("园区", TEXT, None, links_to="park"),
        fact("事件", TEXT, None),
    )
}
INCIDENT = {
    each.id: each
    for each in (
        fact("编号", TEXT, None, owner="incident"),
        fact("发生日期", DATE, None, owner="incident"),
        fact("严重", coded(SEVERITY), None, owner="incident"),
        fact("损失", YUAN, None, owner="incident"),
        fact("责任", YES_NO, None, owner="incident"),
        fact("属地", TEXT, None, owner="incident"),
    )
}
BY_DATE_AND_NUMBER = (INCIDENT["发生日期"], INCIDENT["编号"])
PARK = {
    each.id: each
    for each in (
        fact("级别", TEXT, None, owner="park"),
        fact("园区税收", YUAN, owner="park_year", nature="flow"),
    )
}
PRICES = Table(
    "电价",
    {"zh": "电价", "en": "power price"},
    {
        ("C35",): check(Text("0.05元", HERE), Scope("", {})),
        ("D44",): check(Text("税收", HERE), Scope("", FACTS)),
    },
    YUAN,
    HERE,
)  # fmt: skip


def scope(**definitions: Fact) -> Scope:
    """Return everything an expression about the firm may say."""
    return Scope(
        "企业",
        {
            **{fold(name): each for name, each in (FACTS | definitions).items()},
            fold("电价"): PRICES,
            fold("公用行业"): CodeList("公用行业", "sectors", ("D44", "D45")),
        },
        children={"事故": Child("incident", names(INCIDENT), BY_DATE_AND_NUMBER)},
        links=lambda link: names(PARK) if link.links_to == "park" else None,
        vocabularies={each.id: each for each in (SEVERITY, SECTORS, GRADES)},
        words={"x": NUMBER, "weight": NUMBER},
        items={"税收得分": "tax_points"},
    )  # fmt: skip


def names(facts: Mapping[str, Fact]) -> dict[str, Any]:
    return {fold(name): each for name, each in facts.items()}


def parsed(text: str, **definitions: Fact) -> Expression:
    return check(Text(text, HERE), scope(**definitions))


def defined(id: str, text: str, grain: str | None = "year", **more: object) -> Fact:
    """Return an indicator: a fact with a definition."""
    using = more.pop("using", {})
    definition = parsed(text, **using)
    kind = more.pop("kind", definition.kind)
    return fact(id, kind, grain, home="indicator", definition=definition, **more)


def firm(
    period: str | None = "2022", cells: Mapping[str, Any] | None = None, **more: object
) -> Record:
    """Return the firm; a cell is a value, or values by period text."""
    filled: dict[tuple[str, str | None], Value] = {}
    for name, content in (cells or {}).items():
        if isinstance(content, Mapping):
            filled |= {(name, text): exact(value) for text, value in content.items()}
        else:
            declared = (FACTS | INCIDENT | PARK).get(name)
            is_timeless = declared is not None and declared.grain is None
            filled[name, None if is_timeless else period] = exact(content)
    made = read_period(period) if period else None
    return Record(more.pop("as_of", AS_OF), CALENDAR, made, filled, **more)


def exact(value: object) -> Value:
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value


def incident(no: str, **cells: object) -> Record:
    return firm(None, {"编号": no, **cells})


def with_incidents(subject: Record, *records: Subject) -> Record:
    return replace(subject, children={"incident": records})


def value_of(text: str, subject: Subject, **definitions: Fact) -> Value:
    return evaluate(parsed(text, **definitions), subject)


def missing(*causes: str) -> Unknown:
    return Unknown("not_reported", frozenset(causes))


def unknown(state: State, *causes: str) -> Unknown:
    return Unknown(state, frozenset(causes))


def sequence(*values: object, start: int = 2018) -> dict[str, Any]:
    """Return values of consecutive years."""
    return {str(start + n): value for n, value in enumerate(values)}
