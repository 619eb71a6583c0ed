"""Rows of the small region: drawn once, then the same for every engine and for the oracle.

Values lie where engines part: NULL, zero, below zero, exactly on a threshold, half-way between two
decimals, near the declared greatest, month ends, empty texts. Rows come in no order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kaogong.language.calendar import Calendar, Row, make_calendar
from kaogong.language.evaluate import Record, Unknown, Value
from kaogong.language.period import read_period
from kaogong.programme.programme import Programme
from tests.differential.world import programme

PERIOD, EARLIER = "2022", ("2021", "2020", "2019")
AS_OF = date(2023, 5, 15)
CALENDAR: Calendar = make_calendar(
    "cn",
    [
        Row(date(2022, 10, 1), "holiday", "国庆"),
        Row(date(2023, 1, 1), "holiday", "元旦"),
        Row(date(2023, 5, 1), "holiday", "劳动节"),
        Row(date(2023, 5, 2), "holiday", "劳动节"),
        Row(date(2023, 5, 3), "holiday", "劳动节"),
        Row(date(2023, 5, 6), "workday", "劳动节"),
        Row(date(2000, 10, 1), "yearly", "国庆"),
    ],
)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Region:
    """The rows of each register; a state stands beside a field as `field__state`."""

    rows: Mapping[str, Rows]

    def subjects(self) -> list[str]:
        return [row["subject_id"] for row in self.rows["enterprise"]]


# -- values that part engines ---------------------------------------------------------------

STATES = (None, "not_applicable", "waived", "confidential")


def money(least: str, most: str) -> st.SearchStrategy[Decimal]:
    edges = [Decimal(x) for x in (least, most, "0.00", "0.01", "1.00")]
    return st.sampled_from(edges) | st.decimals(
        Decimal("-500.00") if Decimal(least) < 0 else Decimal(0), Decimal("99999.99"), places=2
    )


@st.composite
def taxed_land(draw: st.DrawFn) -> dict[str, Decimal]:
    """Tax on an area: on a threshold, a cent beside it, half-way between decimals, or anything."""
    way = draw(st.integers(0, 4))
    area = draw(st.sampled_from([Decimal(x) for x in ("400.00", "666.67", "0.01", "13340.00")]))
    if way == 0:  # 10 万元/亩 is 150 元/平方米
        tax = area * 150 + draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("-0.01")]))
        return {"tax": tax.quantize(Decimal("0.01")), "area": area}
    if way == 1:  # 0.0001 万元/亩 of 400 平方米 are 0.60 元
        half = Decimal("0.30") + Decimal("0.60") * draw(st.integers(-5, 90_000))
        return {"tax": half, "area": Decimal("400.00")}
    tax = draw(money("-10000000000.00", "10000000000.00"))
    return {
        "tax": tax,
        "area": draw(st.sampled_from([area, Decimal(0), Decimal("-5.00"), Decimal(100_000_000)])),
    }


@st.composite
def research(draw: st.DrawFn) -> dict[str, Decimal]:
    """Research on revenue: 3 % exactly, half a hundredth of a per cent, or anything."""
    way = draw(st.integers(0, 3))
    if way == 0:
        units = draw(st.integers(1, 9_999))  # 3 % of 10,000 元 are 0.03 万元
        return {"rd": Decimal(units) * 3 / 100, "revenue": Decimal(units) * 10_000}
    if way == 1:  # 0.01 of 200 万元 is 0.005 %
        return {"rd": Decimal(draw(st.integers(0, 999))) / 100, "revenue": Decimal(2_000_000)}
    revenue = draw(money("-10000000000000.00", "10000000000000.00"))
    return {"rd": draw(money("0.00", "1000000.00")), "revenue": revenue}


days = st.sampled_from(
    [date(2020, 2, 29), date(2023, 1, 31), date(2022, 12, 31), date(2023, 5, 15), date(2020, 5, 15),
     date(2023, 4, 28), date(2023, 5, 6), date(2022, 10, 1), date(1999, 3, 31)]
) | st.dates(date(1990, 1, 1), date(2035, 12, 31))  # fmt: skip
any_day = days | st.sampled_from(
    [date(1, 1, 1), date(1, 12, 31), date(9999, 1, 31), date(9999, 12, 31)]
)
texts = st.sampled_from(
    ["", " ", "温州", "温州市a阀门", "a", "A", "b", "é", "Z", "阀", "𠮷", "a%", "a_b", "O'Neill\\"]
)
answers = st.booleans()
grades = st.sampled_from(["一般", "较大", "重大", "特别重大"])
parks = st.sampled_from(["P1", "P2", "P3", "P9"])  # P9 is nobody's


@st.composite
def with_gaps(draw: st.DrawFn, values: dict[str, Any]) -> dict[str, Any]:
    """Return the row with some of its cells empty, for one reason or another."""
    made = dict(values)
    for name in values:
        if draw(st.integers(0, 6)) == 0:
            made[name] = None
            made[f"{name}__state"] = draw(st.sampled_from(STATES))
    return made


@st.composite
def years(draw: st.DrawFn) -> dict[str, Any]:
    return draw(
        with_gaps(
            {
                **draw(taxed_land()),
                **draw(research()),
                "revenue_base": draw(money("-100.00", "10000000.00")),
                "staff": draw(st.sampled_from([0, 1, 7, 300, 1_000_000])),
                "term": draw(st.sampled_from([Decimal(x) for x in ("0.0", "3.0", "2.5", "-1.0", "-7.0", "31.0", "12.0")])),
                "huge": draw(st.sampled_from([Decimal(0), Decimal(10) ** 17, Decimal(10) ** 17 - 1, Decimal("0.01"), Decimal("92233720368547758.08")])),
                "share": draw(st.sampled_from([Decimal(x) for x in ("0.00", "3.00", "3.02", "99.99", "100.00")])),
                "above": draw(answers),
                "meets": draw(answers),
                "grade": draw(grades),
                "remark": draw(texts),
            }
        )
    )  # fmt: skip


@st.composite
def incidents(draw: st.DrawFn) -> dict[str, Any]:
    return draw(
        with_gaps(
            {
                "happened_on": draw(days),
                "gravity": draw(grades),
                "loss": draw(money("-10000000000.00", "10000000000.00")),
                "liable": draw(answers),
                "place": draw(texts),
                "site": draw(parks),
            }
        )
    )


@st.composite
def firms(draw: st.DrawFn) -> dict[str, Any]:
    """Draw one firm: its row, its years (this one always), its months, its incidents."""
    there = {PERIOD} | draw(
        st.sampled_from([set(), {"2021"}, {"2021", "2020"}, set(EARLIER), {"2020"}, {"2019"}])
    )
    months = draw(st.sampled_from([(), ("2022-01", "2022-02"), ("2022-01+02",), ("2022-12",)]))
    rest = tuple(f"2022-{n:02d}" for n in range(3, 13)) if draw(answers) else ()
    return {
        "own": draw(
            with_gaps(
                {
                    "name": draw(texts),
                    "founded_on": draw(days),
                    "closed_on": draw(any_day),
                    "industry": draw(st.sampled_from(["C35", "C3511", "D44", "D45"])),
                    "park": draw(parks),
                }
            )
        ),
        "years": {text: draw(years()) for text in sorted(there)},
        "months": {
            text: draw(
                with_gaps(
                    {
                        "output": draw(money("0.00", "1000000000.00")),
                        "headcount": draw(st.integers(0, 99)),
                        "index": draw(st.sampled_from([Decimal("0.0"), Decimal("99.9")])),
                        "mood": draw(texts),
                    }
                )
            )
            for text in sorted({*months, *rest})
        },
        "joint": {
            text: draw(with_gaps({"orders": draw(money("0.00", "1000000000.00"))}))
            for text in (("2022-01+02", *(f"2022-{n:02d}" for n in range(3, 13))) if draw(answers) else ())
        },
        "incidents": draw(st.lists(incidents(), max_size=4)),
    }  # fmt: skip


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Return `count` values of a strategy, the same each time."""
    made: list[Any] = []

    @settings(
        max_examples=count, phases=[Phase.generate], deadline=None, database=None,
        derandomize=True, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def take(value: Any) -> None:
        made.append(value)

    take()
    return made[:count]


@cache
def region(count: int = 120) -> Region:
    """Return a region of `count` firms."""
    rows: dict[str, Rows] = {name: [] for name in programme().book.registers()}
    for number, firm in enumerate(drawn(firms(), count)):
        subject = f"F{(number * 7919) % 10_007:05d}"  # keys in no order
        rows["enterprise"].append({"subject_id": subject, **firm["own"]})
        for text, cells in reversed(firm["years"].items()):
            rows["enterprise_year"].append({"subject_id": subject, "period": text, **cells})
        for text, cells in firm["months"].items():
            rows["enterprise_month"].append({"subject_id": subject, "period": text, **cells})
        for text, cells in firm["joint"].items():
            rows["enterprise_joint"].append({"subject_id": subject, "period": text, **cells})
        for place, cells in enumerate(firm["incidents"]):
            rows["incident"].append({"subject_id": subject, "incident_no": f"{place}", **cells})
    for park, level in (("P1", "国家级"), ("P2", "省级"), ("P3", None)):
        rows["park"].append({"subject_id": park, "level": level})
        for text, tax in ((PERIOD, Decimal("12.34")), ("2021", Decimal(0)), ("2020", None)):
            rows["park_year"].append({"subject_id": park, "period": text, "park_tax": tax})
    return Region(rows)


# -- the oracle's view ----------------------------------------------------------------------


def records(of: Region, period: str = PERIOD) -> dict[str, Record]:
    """Return every firm as the oracle sees it."""
    parks_seen = {
        row["subject_id"]: _record(
            {"park": [row], "park_year": _of(of, "park_year", row["subject_id"])}, period
        )
        for row in of.rows["park"]
    }
    made: dict[str, Record] = {}
    for row in of.rows["enterprise"]:
        subject = row["subject_id"]
        own = {
            "enterprise": [row],
            "enterprise_year": _of(of, "enterprise_year", subject),
            "enterprise_month": _of(of, "enterprise_month", subject),
            "enterprise_joint": _of(of, "enterprise_joint", subject),
        }
        children = [
            _record({"incident": [r]}, None, _links(r, "site", parks_seen))
            for r in _of(of, "incident", subject)
        ]
        links = _links(row, "park", parks_seen)
        made[subject] = _record(own, period, links, {"incident": children})
    return made


def _of(of: Region, register: str, subject: str) -> Rows:
    return [row for row in of.rows[register] if row["subject_id"] == subject]


def _links(row: dict[str, Any], field: str, parks_seen: Mapping[str, Record]) -> dict[Any, Any]:
    there = parks_seen.get(row.get(field) or "")
    return {(field, None): there} if there is not None else {}


def _record(
    own: Mapping[str, Rows], period: str | None, links: Any = None,
    children: Mapping[str, Sequence[Record]] | None = None,
) -> Record:  # fmt: skip
    return replace(record_of(programme(), own, period), children=children or {}, links=links or {})


def record_of(of: Programme, own: Mapping[str, Rows], period: str | None) -> Record:
    """Return a record with the cells of its rows, by register."""
    cells: dict[tuple[str, str | None], Value] = {}
    for register, rows in own.items():
        for row in rows:
            for fact in of.book.facts_of(register):
                if fact.id != "period":
                    cells[fact.id, row.get("period")] = _cell(row, fact.id, fact.kind)
    made = read_period(period) if period else None
    return Record(AS_OF, CALENDAR, made, cells)


def _cell(row: Mapping[str, Any], name: str, kind: Any) -> Value:
    value = row.get(name)
    if value is None:
        return Unknown(row.get(f"{name}__state") or "not_reported")
    if kind.name == "number":
        return Fraction(value) * kind.unit.factor
    return date.fromisoformat(value) if kind.name == "date" and isinstance(value, str) else value
