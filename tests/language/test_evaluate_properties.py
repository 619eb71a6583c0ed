"""What holds for every expression and every state of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kaogong.language.evaluate import Record, Unknown, Value, evaluate, trace
from kaogong.language.expression import (
    NOW,
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Every,
    Expression,
    FirstTime,
    Member,
    Not,
    OverRecords,
    Read,
    Some,
    Streak,
    When,
)
from kaogong.language.kind import NUMBER, YES_NO, Kind
from kaogong.language.subject import Cell
from tests.language.small_world import FACTS, HERE, INCIDENT, YUAN, firm, missing

YEARS = ("2020", "2021", "2022")
NUMBERS, ANSWERS = ("税收", "营业收入", "面积"), ("规上", "达标", "获奖")
small = st.integers(-2, 3).map(Fraction)
amounts = st.one_of(small, st.just(missing()))
answers = st.sampled_from([True, False, missing()])


@st.composite
def firms(draw: st.DrawFn) -> Record:
    """Draw a firm with three years, some cells unknown, and up to three incidents."""
    cells: dict[str, Any] = {name: {y: draw(amounts) for y in YEARS} for name in NUMBERS}
    cells |= {name: {y: draw(answers) for y in YEARS} for name in ANSWERS}
    cells["等级"] = {y: draw(st.sampled_from(["A", "B", "D", missing()])) for y in YEARS}
    records = [
        firm(
            None,
            {"编号": str(n), "损失": draw(amounts), "责任": draw(answers), "发生日期": missing()},
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    trials = draw(st.sets(st.sampled_from(YEARS), max_size=1))
    return firm("2022", cells, children={"incident": records}, trials=frozenset(trials))


def reads(names: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    whens = st.sampled_from([NOW, When(1), When(0, 2), When(at="2021"), When(5)])
    return st.builds(
        lambda name, when: Read(FACTS[name], when, HERE), st.sampled_from(names), whens
    )


def constants(values: st.SearchStrategy[Any], kind: Kind) -> st.SearchStrategy[Expression]:
    return values.map(lambda value: Constant(value, kind, HERE))


def figures(names: tuple[str, ...], kind: Kind) -> st.SearchStrategy[Expression]:
    liable, loss = (Read(INCIDENT[name], NOW, HERE) for name in ("责任", "损失"))
    order = (INCIDENT["编号"],)
    return st.sampled_from(names).map(
        lambda name: OverRecords(name, "incident", loss, liable, order, kind, HERE)  # type: ignore[arg-type]
    )


def numeric(conditions: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Expressions in which every unknown is honest: no `known`, `coalesce` or plain `case`."""
    leaves = st.one_of(
        reads(NUMBERS),
        constants(small, NUMBER),
        figures(("count_of", "sum_of", "max_of", "min_of", "distinct_of", "latest_of"), YUAN),
        conditions.map(lambda item: Streak(item, HERE)),
    )

    def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        return st.one_of(
            st.builds(
                lambda sign, a, b: Arithmetic(sign, a, b, NUMBER, HERE),
                st.sampled_from("+-*/"), inner, inner,
            ),
            st.builds(
                lambda name, a, b: Apply(name, (a, b), NUMBER, HERE),
                st.sampled_from(["least", "greatest"]), inner, inner,
            ),
            st.builds(
                lambda c, a, b: Choose(((c, a),), b, True, NUMBER, HERE), conditions, inner, inner
            ),
        )  # fmt: skip

    return st.recursive(leaves, grown, max_leaves=4)


def asking(conditions: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(conditions, conditions)
    return st.one_of(
        st.builds(
            lambda sign, a, b: Compare(sign, a, b, HERE),
            st.sampled_from(["=", "<>", "<", "<=", ">", ">="]),
            numeric(conditions),
            numeric(conditions),
        ),
        pairs.map(lambda items: Every(items, HERE)),
        pairs.map(lambda items: Some(items, HERE)),
        conditions.map(lambda item: Not(item, HERE)),
        conditions.map(lambda item: FirstTime(item, HERE)),
    )


grades = reads(("等级",)).map(lambda item: Member(item, frozenset({"A", "B"}), HERE))
plain = st.one_of(
    reads(ANSWERS), constants(st.booleans(), YES_NO), grades, figures(("any_of",), YES_NO)
)
conditions = st.recursive(plain, asking, max_leaves=5)


def settled(cells: Mapping[Cell, Value], key: Cell, to: Value) -> dict[Cell, Value]:
    return {**cells, key: to}


@given(conditions, firms())
def test_not_not_is_nothing(condition: Expression, subject: Record) -> None:
    twice = Not(Not(condition, HERE), HERE)
    assert evaluate(twice, subject) == evaluate(condition, subject)


@given(st.lists(conditions, min_size=1, max_size=3).map(tuple), firms())
def test_de_morgan_holds_under_unknowns(items: tuple[Expression, ...], subject: Record) -> None:
    neither = Every(tuple(Not(item, HERE) for item in items), HERE)
    assert evaluate(Not(Some(items, HERE), HERE), subject) == evaluate(neither, subject)


@given(st.one_of(conditions, numeric(conditions)), firms(), st.data())
def test_settling_an_unknown_never_changes_a_definite_answer(
    expression: Expression, subject: Record, data: st.DataObject
) -> None:
    before = evaluate(expression, subject)
    unsettled = [key for key, value in subject.cells.items() if isinstance(value, Unknown)]
    if isinstance(before, Unknown) or not unsettled:
        return
    key = data.draw(st.sampled_from(unsettled))
    to = _settling(data, key[0])
    after = evaluate(expression, replace(subject, cells=settled(subject.cells, key, to)))
    assert after == before


@given(st.one_of(conditions, numeric(conditions)), firms(), st.data())
def test_settling_a_record_never_changes_a_definite_answer(
    expression: Expression, subject: Record, data: st.DataObject
) -> None:
    before = evaluate(expression, subject)
    records = list(subject.children["incident"])
    if isinstance(before, Unknown) or not records:
        return
    at = data.draw(st.integers(0, len(records) - 1))
    record = records[at]
    assert isinstance(record, Record)
    unsettled = [key for key, value in record.cells.items() if isinstance(value, Unknown)]
    key = data.draw(st.sampled_from(unsettled))
    records[at] = replace(record, cells=settled(record.cells, key, _settling(data, key[0])))
    assert evaluate(expression, replace(subject, children={"incident": records})) == before


def _settling(data: st.DataObject, name: str) -> Value:
    if name in ("责任", *ANSWERS):
        return data.draw(st.booleans())
    return data.draw(st.sampled_from(["A", "B", "D"]) if name == "等级" else small)


@given(st.one_of(conditions, numeric(conditions)), firms(), st.data())
def test_the_order_of_records_changes_nothing(
    expression: Expression, subject: Record, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(list(subject.children["incident"])))
    again = replace(subject, children={"incident": shuffled})
    assert evaluate(expression, again) == evaluate(expression, subject)


@given(st.one_of(conditions, numeric(conditions)), firms())
def test_an_unknown_names_causes_that_are_unknown_or_read(
    expression: Expression, subject: Record
) -> None:
    value = trace(expression, subject)
    if isinstance(value.value, Unknown) and value.value.state == "not_reported":
        assert value.value.causes
        assert value.value.causes <= {*FACTS, *INCIDENT, "incident"}


@given(st.lists(conditions, min_size=2, max_size=4), firms(), st.data())
def test_the_order_of_conditions_changes_nothing(
    items: list[Expression], subject: Record, data: st.DataObject
) -> None:
    other = data.draw(st.permutations(items))
    for node in (Every, Some):
        assert evaluate(node(tuple(items), HERE), subject) == evaluate(
            node(tuple(other), HERE), subject
        )
