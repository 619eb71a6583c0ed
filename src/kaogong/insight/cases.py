"""Golden cases: the facts a programme gives for one subject, and the result they must have.

Each case is computed by `evaluate` alone, for one subject. What only many subjects have is unknown
here: mean points, ranks, and figures of a group that the case does not give; such cases are runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from kaogong.engine.calendar_table import calendar_of
from kaogong.insight.case_results import Result, of_ladder, of_policy
from kaogong.insight.classed import class_by_condition, moved
from kaogong.insight.decide import Standing, standing
from kaogong.insight.others import NoOthers
from kaogong.insight.totals import GroupScore, score_group
from kaogong.language.calendar import Calendar
from kaogong.language.finding import Finding, finding
from kaogong.language.period import Period, period_of, read_period
from kaogong.language.quantity import exact_text
from kaogong.language.state import spelled
from kaogong.language.subject import Record
from kaogong.language.value import Unknown, Value
from kaogong.programme.examples import Example, Expected, Given
from kaogong.programme.programme import Programme
from kaogong.programme.rules import GroupRule, SchemeRules

NOTHING = "—"
NONE = "none"  # expects that there is no such result
NO_START = date(2000, 1, 1)  # of a text whose first day is open


@dataclass(frozen=True, slots=True)
class Case:
    """One example of a document."""

    example: Example

    @property
    def kind(self) -> str:
        """Return the kind of the document."""
        return self.example.document[0]

    @property
    def document(self) -> str:
        """Return the id of the document."""
        return self.example.document[1]

    @property
    def address(self) -> str:
        """Return where the case stands in its programme."""
        return f"{self.document}.examples.{self.example.name}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case came to; no findings means that all is as expected."""

    case: Case
    expected: Mapping[str, str]
    got: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Tell whether everything expected came out."""
        return not self.findings


def cases_of(programme: Programme) -> list[Case]:
    """Return every case of the programme's documents, in written order."""
    return [Case(example) for example in programme.examples]


def run_cases(programme: Programme, documents: Iterable[str] | None = None) -> list[CaseResult]:
    """Return the result of every case, or of those of some documents, in written order."""
    wanted = None if documents is None else set(documents)
    calendar = calendar_of(programme)
    return [
        run_case(programme, case, calendar)
        for case in cases_of(programme)
        if wanted is None or case.document in wanted
    ]


def run_case(programme: Programme, case: Case, calendar: Calendar) -> CaseResult:
    """Return the result of one case."""
    rules = _RULES[case.kind](programme)[case.document]
    given = case.example.given
    subject = subject_of(given, _period(programme, case, rules.grain), calendar)
    results = dict(_RESULTS[case.kind](programme, rules, subject, given))
    got: dict[str, str] = {}
    expected: dict[str, str] = {}
    findings: list[Finding] = []
    for want in case.example.expect:
        address = ".".join(filter(None, (want.key, want.item)))
        value = results.get(address)
        expected[address], got[address] = _shown(want.value), _shown(value)
        if not _agrees(want.value, value):
            findings.append(_differs(case, address, want, got[address]))
    return CaseResult(case, expected, got, tuple(findings))


def _period(programme: Programme, case: Case, grain: str) -> Period:
    """Return the period a case is about: its own, else the first that its document holds for."""
    if case.example.given.period is not None:
        return read_period(case.example.given.period)
    begins = programme.documents[case.example.document].model.effective_from
    known = "year" if grain == "last_year" else grain
    return period_of(begins if isinstance(begins, date) else NO_START, known)  # type: ignore[arg-type]  # a grain of the model


def subject_of(
    given: Given, period: Period, calendar: Calendar, *, is_record: bool = False
) -> Record:
    """Return what is given as a subject: a value without a period holds in the case's own."""
    cells: dict[tuple[str, str | None], Value] = {}
    for fact in given.facts:
        value = _caused(fact.value, fact.fact.id)
        texts = (fact.period,) if fact.period is not None else (None, period.text)
        cells |= {(fact.fact.id, text): value for text in texts}
    children = {
        register: [subject_of(each, period, calendar, is_record=True) for each in records]
        for register, records in given.records.items()
    }
    links = {
        (id, text): subject_of(linked, period, calendar)
        for id, linked in given.links.items() for text in (None, period.text)
    }  # fmt: skip
    own = None if is_record else period
    return Record(given.as_of or period.end, calendar, own, cells, children, links)


def _caused(value: Value, fact: str) -> Value:
    if isinstance(value, Unknown) and not value.causes:
        return replace(value, causes=frozenset({fact}))
    return value


def _of_scheme(
    _programme: Programme, rules: SchemeRules, subject: Record, given: Given
) -> Iterator[tuple[str, Value | None]]:
    """Yield everything a case may expect of a scheme, by address."""
    others = NoOthers(given.figures)
    stand = standing(rules, subject)
    score = None
    if stand.group is not None:
        score = score_group(rules, stand.group, subject, others)
    yield from _standing(stand, score)
    if stand.group is not None and stand.leave is None:
        yield from _classed(rules, stand.group, subject)
    if score is None:
        return
    yield from (
        ("score", score.score),
        ("score_items", score.items),
        ("score_adjust", score.adjust),
    )
    yield from ((f"points.{line.rule.id}", line.points) for line in score.lines)
    yield from ((f"adjust.{adjust.rule.id}", adjust.points) for adjust in score.adjusts)


def _standing(stand: Standing, score: GroupScore | None) -> Iterator[tuple[str, Value | None]]:
    is_known = score is not None and isinstance(score.score, Fraction)
    state = ("rated" if is_known else "held") if stand.state == "scored" else stand.state
    leave = stand.leave
    yield "state", state
    yield "reason", stand.reason or None
    yield "group", stand.group.id if stand.group is not None else None
    yield "class", (leave.class_ or None) if leave is not None else None
    yield "treated_as", (leave.treated_as or None) if leave is not None else None


def _classed(
    rules: SchemeRules, group: GroupRule, subject: Record
) -> Iterator[tuple[str, Value | None]]:
    """Yield the class, where classes go by conditions of the subject alone."""
    ranked = class_by_condition(rules, group, subject)
    if ranked is None:
        return
    yield "class_ranked", ranked
    if isinstance(ranked, str):
        _, after, moved_by = moved(rules, group, subject, ranked)
        yield "class", after
        yield "moved_by", moved_by or None


def _agrees(want: Value, got: Value | None) -> bool:
    """Tell whether a result is the expected one; an expected state is met by that state."""
    if isinstance(want, Unknown):
        return isinstance(got, Unknown) and got.state == want.state
    return got is None if want == NONE else want == got


def _differs(case: Case, address: str, want: Expected, got: str) -> Finding:
    clause = f"{case.address}.{address}"
    return finding("KG710", want.span, clause=clause, got=got, want=_shown(want.value))


def _shown(value: Value | None) -> str:
    if isinstance(value, Unknown):
        state = spelled(value.state, "en")
        return f"{state} ({', '.join(sorted(value.causes))})" if value.causes else state
    if isinstance(value, Fraction):
        return exact_text(value)
    return NOTHING if value is None else str(value)


_RULES: Mapping[str, Callable[[Programme], Mapping[str, Any]]] = {
    "Scheme": lambda programme: programme.schemes,
    "Ladder": lambda programme: programme.ladders,
    "Policy": lambda programme: programme.policies,
}
_RESULTS: Mapping[str, Callable[[Programme, Any, Record, Given], Iterable[Result]]] = {
    "Scheme": _of_scheme,
    "Ladder": of_ladder,
    "Policy": of_policy,
}
