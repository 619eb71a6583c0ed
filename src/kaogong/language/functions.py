"""All functions of the language, one row each: how many arguments, and the nodes they become.

What can be said with the core of the typed tree is unfolded here (`every_period`, `sum_over`,
`growth`, `clamp` …), so that the oracle and the compilers read the same few nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, cast

from sqlglot import exp

from kaogong.language.expression import (
    Apply,
    Arithmetic,
    Choose,
    Compare,
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
    OverRecords,
    Pick,
    Points,
    Read,
    RecordFunction,
    ScalarFunction,
    Some,
    Status,
    Streak,
    Table,
    Via,
    shifted,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import refuse
from kaogong.language.kind import DATE, NUMBER, YES_NO, Kind
from kaogong.language.period import read_period
from kaogong.language.scope import Child, CodeList, fold
from kaogong.language.span import Span
from kaogong.language.unify import kind_of, unified
from kaogong.language.unit import read_unit

if TYPE_CHECKING:
    from kaogong.language.check import Checker

Arguments = list[exp.Expression]
Build = Callable[["Checker", exp.Expression, Arguments], Expression]
MOST = 99
MOST_PERIODS = 120


@dataclass(frozen=True, slots=True)
class Function:
    """One function: least and greatest number of arguments, what it becomes, what it is for."""

    arity: tuple[int, int]
    build: Build
    result: str  # as the reference prints it


def _scalar(name: str, kind: Kind | None, expected: str) -> Build:
    """Return the builder of a function whose arguments are all of one expected kind."""

    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        made = [checker.expression(x) for x in arguments]
        for argument, value in zip(arguments, made, strict=True):
            if value.kind.name not in (expected, "open") and not _is_text(value, expected):
                raise checker.wrong(argument, expected, value.kind)
        return _apply(name, made, kind or kind_of(made), checker.span(node))

    return build


def _is_text(value: Expression, expected: str) -> bool:
    return expected == "text" and value.kind.name == "code"


def _apply(name: str, arguments: list[Expression], kind: Kind, span: Span) -> Apply:
    return Apply(cast(ScalarFunction, name), tuple(arguments), kind, span)


def _extreme(name: str) -> Build:
    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        made = _alike(checker, node, [checker.expression(x) for x in arguments])
        if kind_of(made).name not in ("number", "date", "open"):
            raise checker.wrong(node, "number or date", kind_of(made))
        return _apply(name, made, kind_of(made), checker.span(node))

    return build


def _alike(checker: Checker, node: exp.Expression, made: list[Expression]) -> list[Expression]:
    return unified(made, checker.span(node))


def _round(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    value = checker.numeric(arguments[0])
    places = checker.expression(arguments[1])
    _written_count(checker, arguments[1], "round")
    return _apply("round", [value, places], value.kind, checker.span(node))


def _clamp(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    span = checker.span(node)
    x, low, high = _alike(checker, node, [checker.numeric(a) for a in arguments])
    kind = kind_of([x, low, high])
    return _apply("least", [_apply("greatest", [x, low], kind, span), high], kind, span)


def _portion(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    """The part of x between low and high: greatest(least(x, high) − low, 0)."""
    span = checker.span(node)
    is_endless = isinstance(arguments[2], exp.Null)
    parts = arguments[:2] if is_endless else arguments
    made = _alike(checker, node, [checker.numeric(a) for a in parts])
    kind = kind_of(made)
    upper = made[0] if is_endless else _apply("least", [made[0], made[2]], kind, span)
    zero = Constant(Fraction(0), kind, span)
    return _apply("greatest", [Arithmetic("-", upper, made[1], kind, span), zero], kind, span)


def _coalesce(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    made = _alike(checker, node, [checker.expression(x) for x in arguments])
    return _apply("coalesce", made, kind_of(made), checker.span(node))


def _known(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    return Known(checker.expression(arguments[0]), checker.span(node))


def _status(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    return Status(checker.expression(arguments[0]), checker.span(node))


# -- dates --------------------------------------------------------------------------------


def _ago(unit: Literal["years", "months", "days"]) -> Build:
    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        span = checker.span(node)
        count = _negated(checker.numeric(arguments[0]), span)
        return _apply(f"add_{unit}", [DateWord("as_of", span), count], DATE, span)

    return build


def _negated(value: Expression, span: Span) -> Expression:
    if isinstance(value, Constant) and isinstance(value.value, Fraction):
        return replace(value, value=-value.value)
    return Arithmetic("-", Constant(Fraction(0), value.kind, span), value, value.kind, span)


def _add(unit: str) -> Build:
    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        day = _day(checker, arguments[0])
        return _apply(
            f"add_{unit}", [day, checker.numeric(arguments[1])], DATE, checker.span(node)
        )

    return build


def _day(checker: Checker, node: exp.Expression) -> Expression:
    made = checker.expression(node)
    if made.kind.name not in ("date", "open"):
        raise checker.wrong(node, "date", made.kind)
    return made


def _between(name: str, unit: str) -> Build:
    """Completed units from a to b, as a count in that unit."""
    kind = Kind("number", read_unit(unit))

    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        days = [_day(checker, a) for a in arguments]
        span = checker.span(node)
        count = _apply(name, days, NUMBER, span)
        if kind.unit.factor == 1:
            return replace(count, kind=kind)
        return Arithmetic("*", count, Constant(kind.unit.factor, kind, span), kind, span)

    return build


# -- periods ------------------------------------------------------------------------------


def _written_count(checker: Checker, node: exp.Expression, function: str) -> int:
    """Return a number of periods, which must stand there as a whole number."""
    made = checker.expression(node)
    is_whole = isinstance(made, Constant) and isinstance(made.value, Fraction)
    if not is_whole or not 0 <= made.value <= MOST_PERIODS or made.value.denominator != 1:  # type: ignore[union-attr,operator]
        raise refuse("KG307", checker.span(node), function=function)
    return int(made.value)  # type: ignore[union-attr,arg-type]


def _prior(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    back = _written_count(checker, arguments[1], "prior") if len(arguments) == 2 else 1
    return shifted(checker.expression(arguments[0]), back=back)


def _year_ago(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    years = _written_count(checker, arguments[1], "year_ago") if len(arguments) == 2 else 1
    return shifted(checker.expression(arguments[0]), years=years)


def _at(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    written = arguments[1]
    try:
        period = read_period(written.name if isinstance(written, exp.Literal) else "")
    except ValueError:
        raise refuse(
            "KG310", checker.span(written), place="at", expected="'2021'", got=written.sql()
        ) from None
    return shifted(checker.expression(arguments[0]), at=period.text)


def _series(checker: Checker, arguments: Arguments, function: str) -> list[Expression]:
    """Return x now and in the n − 1 periods before."""
    count = _written_count(checker, arguments[1], function)
    if not count:
        raise refuse("KG307", checker.span(arguments[1]), function=function)
    x = checker.expression(arguments[0])
    return [x, *(shifted(x, back=k) for k in range(1, count))]


def _total(items: list[Expression], span: Span) -> Expression:
    made = items[0]
    for item in items[1:]:
        made = Arithmetic("+", made, item, item.kind, span)
    return made


def _sum_over(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    checker.numeric(arguments[0])
    return _total(_series(checker, arguments, "sum_over"), checker.span(node))


def _mean_over(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    """The mean of the last n periods; of a ratio, the ratio of the sums."""
    checker.numeric(arguments[0])
    span, items = checker.span(node), _series(checker, arguments, "mean_over")
    quotients = [_quotient(item) for item in items]
    if all(q is not None for q in quotients):
        tops = _total([q.left for q in quotients if q], span)
        bottoms = _total([q.right for q in quotients if q], span)
        return Arithmetic("/", tops, bottoms, items[0].kind, span)
    count = Constant(Fraction(len(items)), NUMBER, span)
    return Arithmetic("/", _total(items, span), count, items[0].kind, span)


def _quotient(item: Expression) -> Arithmetic | None:
    """Return the division an expression is, looking through the definition of a ratio."""
    if isinstance(item, Read) and item.fact.definition is not None:
        definition = item.fact.definition
        when = item.when
        if isinstance(definition, Arithmetic) and definition.sign == "/":
            return cast(Arithmetic, shifted(definition, when.back, when.years, when.at))
    return item if isinstance(item, Arithmetic) and item.sign == "/" else None


def _extreme_over(name: str) -> Build:
    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        checker.numeric(arguments[0])
        items = _series(checker, arguments, f"{name}_over")
        function = {"min": "least", "max": "greatest"}[name]
        return _apply(function, items, items[0].kind, checker.span(node))

    return build


def _periods(made: type[Every] | type[Some], name: str) -> Build:
    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        checker.yes_no(arguments[0])
        return made(tuple(_series(checker, arguments, name)), checker.span(node))

    return build


def _count_periods(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    checker.yes_no(arguments[0])
    span = checker.span(node)
    one, zero = (Constant(Fraction(n), NUMBER, span) for n in (1, 0))
    items: list[Expression] = [
        Choose(((c, one),), zero, True, NUMBER, span)
        for c in _series(checker, arguments, "count_periods")
    ]
    return _total(items, span)


def _streak(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    return Streak(checker.yes_no(arguments[0]), checker.span(node))


def _first_time(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    return FirstTime(checker.yes_no(arguments[0]), checker.span(node))


# -- growth -------------------------------------------------------------------------------


def _growth(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    return growth_of(checker, checker.numeric(arguments[0]), checker.span(node))


def growth_of(checker: Checker, x: Expression, span: Span) -> Expression:
    """Return x / comparable base − 1; a change of sign gives no number."""
    base = _comparable_base(checker, x, span)
    one = Constant(Fraction(1), NUMBER, span)
    ratio = Arithmetic("-", Arithmetic("/", x, base, NUMBER, span), one, NUMBER, span)
    turned = Compare("<", x, Constant(Fraction(0), x.kind, span), span)
    return Choose(((Not(turned, span), ratio),), None, True, NUMBER, span)


def _comparable_base(checker: Checker, x: Expression, span: Span) -> Expression:
    """Return the field that holds last year's comparable value, else the same period last year."""
    if isinstance(x, Read) and x.fact.comparable:
        base = checker.scope.find(x.fact.comparable, span)
        if isinstance(base, Fact):
            return Read(base, x.when, span)
    return shifted(x, years=1)


def _mean_growth(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    count = _written_count(checker, arguments[1], "mean_growth")
    if not count:
        raise refuse("KG307", checker.span(arguments[1]), function="mean_growth")
    span, x = checker.span(node), checker.numeric(arguments[0])
    rates = [shifted(growth_of(checker, x, span), years=k) for k in range(count)]
    divisor = Constant(Fraction(count), NUMBER, span)
    return Arithmetic("/", _total(rates, span), divisor, NUMBER, span)


def is_compound_rate(node: exp.Expression) -> bool:
    """Tell whether a node is a call of `compound_growth`."""
    return isinstance(node, exp.Anonymous) and str(node.this).casefold() == "compound_growth"


def compared_rate(
    checker: Checker, sign: str, call: exp.Expression, bound: Expression
) -> Expression:
    """Return `(x / x₋ₙ)^(1/n) − 1 sign bound` as `x sign x₋ₙ · (1 + bound)^n`, which is exact."""
    arguments = list(call.expressions)
    if len(arguments) != 2:
        raise refuse("KG304", checker.span(call), function="compound_growth", n=2)
    count = _written_count(checker, arguments[1], "compound_growth")
    if not count or not isinstance(bound, Constant) or not isinstance(bound.value, Fraction):
        raise refuse("KG307", checker.span(call), function="compound_growth")
    span, x = checker.span(call), checker.numeric(arguments[0])
    base = shifted(x, years=count)
    factor = Constant((1 + bound.value) ** count, NUMBER, span)
    test = Compare(sign, x, Arithmetic("*", base, factor, x.kind, span), span)  # type: ignore[arg-type]  # a sign
    zero = Constant(Fraction(0), x.kind, span)
    return Choose(((Compare(">", base, zero, span), test),), None, True, YES_NO, span)


def _bare_rate(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    raise refuse(
        "KG302", checker.span(node),
        construct="compound_growth", instead="compare it with a written number",
    )  # fmt: skip


def _single(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    """A single month from a cumulative figure; the year's first period is itself."""
    span, x = checker.span(node), checker.numeric(arguments[0])
    difference = Arithmetic("-", x, shifted(x, back=1), x.kind, span)
    return Choose(((_opens_year(span), x),), difference, True, x.kind, span)


def _to_date(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    """The sum since the year began: the months before this one within the year."""
    span, x = checker.span(node), checker.numeric(arguments[0])
    month = _apply("month_of", [DateWord("period_end", span)], NUMBER, span)
    zero = Constant(Fraction(0), x.kind, span)
    parts: list[Expression] = [x]
    for back in range(1, 12):
        is_later = Compare(">", month, Constant(Fraction(back), NUMBER, span), span)
        parts.append(Choose(((is_later, shifted(x, back=back)),), zero, True, x.kind, span))
    return _total(parts, span)


def _opens_year(span: Span) -> Expression:
    month = _apply("month_of", [DateWord("period_start", span)], NUMBER, span)
    return Compare("=", month, Constant(Fraction(1), NUMBER, span), span)


# -- records, links, tables ---------------------------------------------------------------


def _child(checker: Checker, node: exp.Expression) -> Child:
    name = node.name if isinstance(node, exp.Column) else node.sql()
    child = checker.scope.children.get(fold(name))
    if child is None:
        known = checker.scope.near(name)
        raise refuse(
            "KG201", checker.span(node), name=name, subject=checker.scope.subject, near=known
        )
    return child


def _over_records(name: str, *, has_value: bool) -> Build:
    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        child = _child(checker, arguments[0])
        inside = checker.inside(checker.scope.of_records(child))
        value = inside.expression(arguments[1]) if has_value else None
        rest = arguments[2 if has_value else 1 :]
        span = checker.span(node)
        condition = inside.yes_no(rest[0]) if rest else Constant(True, YES_NO, span)
        kinds = {"count_of": NUMBER, "distinct_of": NUMBER, "any_of": YES_NO}
        kind = kinds.get(name) or (value.kind if value is not None else NUMBER)
        function = cast(RecordFunction, name)
        return OverRecords(function, child.register, value, condition, child.order, kind, span)

    return build


def _subject(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    if checker.scope.owner is None:
        raise refuse(
            "KG302", checker.span(node), construct="subject(x)", instead="x; it is a …_of word"
        )
    return OfSubject(
        checker.inside(checker.scope.owner).expression(arguments[0]), checker.span(node)
    )


def _via(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    link = checker.expression(arguments[0])
    if not isinstance(link, Read):
        raise checker.wrong(arguments[0], "a link field", link.kind)
    scope = checker.scope.of_link(link.fact, checker.span(arguments[0]))
    return Via(link.fact, checker.inside(scope).expression(arguments[1]), checker.span(node))


def _table(checker: Checker, node: exp.Expression) -> Table:
    found = checker.scope.find(node.name, checker.span(node))
    if not isinstance(found, Table):
        raise refuse(
            "KG310", checker.span(node), place=node.name, expected="a parameter table", got="a name"
        )
    return found


def _keys(checker: Checker, arguments: Arguments, table: Table) -> tuple[Expression, ...]:
    keys = tuple(checker.expression(x) for x in arguments)
    width = len(next(iter(table.entries), ()))
    if table.entries and width != len(keys):
        raise refuse("KG304", checker.span(arguments[0]), function="pick", n=width + 1)
    return keys


def _pick(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    table = _table(checker, arguments[0])
    return Pick(table, _keys(checker, arguments[1:], table), checker.span(node))


def _has(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    table = _table(checker, arguments[0])
    return Has(table, _keys(checker, arguments[1:], table), checker.span(node))


def _under(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    """The code or one below it: unfolded to the written set of all codes below."""
    item = checker.expression(arguments[0])
    if item.kind.name != "code":
        raise checker.wrong(arguments[0], "code", item.kind)
    vocabulary = checker.scope.vocabularies.get(item.kind.vocabulary)
    codes: set[str] = set()
    for text, span in _written_codes(checker, arguments[1]):
        code = checker.code(text, item.kind, span)
        codes |= vocabulary.below(code) if vocabulary else {code}
    return Member(item, frozenset(codes), checker.span(node))


def _written_codes(checker: Checker, node: exp.Expression) -> list[tuple[str, Span]]:
    span = checker.span(node)
    if isinstance(node, exp.Literal):
        return [(node.name, span)]
    if isinstance(node, exp.Column):
        found = checker.scope.find(node.name, span)
        if isinstance(found, CodeList):
            return [(code, span) for code in found.codes]
    raise refuse("KG310", span, place="under", expected="'code' or a list of codes", got=node.sql())


def _points(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
    name = arguments[0].name
    item = checker.scope.items.get(fold(name))
    if item is None:
        raise refuse("KG611", checker.span(node), item=name, name=name)
    return Points(item, checker.span(node))


def _elsewhere(where: str) -> Build:
    """Return the builder of a word that has a meaning only in another kind of document."""

    def build(checker: Checker, node: exp.Expression, arguments: Arguments) -> Expression:
        raise refuse("KG302", checker.span(node), construct=f"{node.this}()", instead=where)

    return build


_YEARS, _MONTHS, _DAYS, _WORKING = "年", "月", "天", "工作日"
FUNCTIONS: Mapping[str, Function] = {
    "abs": Function((1, 1), _scalar("abs", None, "number"), "number"),
    "floor": Function((1, 1), _scalar("floor", None, "number"), "number"),
    "ceil": Function((1, 1), _scalar("ceil", None, "number"), "number"),
    "round": Function((2, 2), _round, "number"),
    "least": Function((2, MOST), _extreme("least"), "number or date"),
    "greatest": Function((2, MOST), _extreme("greatest"), "number or date"),
    "clamp": Function((3, 3), _clamp, "number"),
    "portion": Function((3, 3), _portion, "number"),
    "coalesce": Function((2, MOST), _coalesce, "the first known"),
    "known": Function((1, 1), _known, "yes/no"),
    "status": Function((1, 1), _status, "state"),
    "starts_with": Function((2, 2), _scalar("starts_with", YES_NO, "text"), "yes/no"),
    "contains": Function((2, 2), _scalar("contains", YES_NO, "text"), "yes/no"),
    "length": Function((1, 1), _scalar("length", NUMBER, "text"), "number"),
    "years_ago": Function((1, 1), _ago("years"), "date"),
    "months_ago": Function((1, 1), _ago("months"), "date"),
    "days_ago": Function((1, 1), _ago("days"), "date"),
    "add_years": Function((2, 2), _add("years"), "date"),
    "add_months": Function((2, 2), _add("months"), "date"),
    "add_days": Function((2, 2), _add("days"), "date"),
    "add_working_days": Function((2, 2), _add("working_days"), "date"),
    "year_of": Function((1, 1), _scalar("year_of", NUMBER, "date"), "number"),
    "month_of": Function((1, 1), _scalar("month_of", NUMBER, "date"), "number"),
    "years_between": Function((2, 2), _between("years_between", _YEARS), "number"),
    "months_between": Function((2, 2), _between("months_between", _MONTHS), "number"),
    "days_between": Function((2, 2), _between("days_between", _DAYS), "number"),
    "working_days_between": Function(
        (2, 2), _between("working_days_between", _WORKING), "number"
    ),
    "prior": Function((1, 2), _prior, "as x"),
    "year_ago": Function((1, 2), _year_ago, "as x"),
    "at": Function((2, 2), _at, "as x"),
    "sum_over": Function((2, 2), _sum_over, "number"),
    "mean_over": Function((2, 2), _mean_over, "number"),
    "min_over": Function((2, 2), _extreme_over("min"), "number"),
    "max_over": Function((2, 2), _extreme_over("max"), "number"),
    "every_period": Function((2, 2), _periods(Every, "every_period"), "yes/no"),
    "any_period": Function((2, 2), _periods(Some, "any_period"), "yes/no"),
    "count_periods": Function((2, 2), _count_periods, "number"),
    "streak": Function((1, 1), _streak, "number"),
    "first_time": Function((1, 1), _first_time, "yes/no"),
    "growth": Function((1, 1), _growth, "ratio"),
    "mean_growth": Function((2, 2), _mean_growth, "ratio"),
    "compound_growth": Function((2, 2), _bare_rate, "ratio, compared with a number"),
    "to_date": Function((1, 1), _to_date, "number"),
    "single": Function((1, 1), _single, "number"),
    "count_of": Function((1, 2), _over_records("count_of", has_value=False), "number"),
    "any_of": Function((1, 2), _over_records("any_of", has_value=False), "yes/no"),
    "distinct_of": Function((2, 3), _over_records("distinct_of", has_value=True), "number"),
    "sum_of": Function((2, 3), _over_records("sum_of", has_value=True), "number"),
    "max_of": Function((2, 3), _over_records("max_of", has_value=True), "as x"),
    "min_of": Function((2, 3), _over_records("min_of", has_value=True), "as x"),
    "latest_of": Function((2, 3), _over_records("latest_of", has_value=True), "as x"),
    "subject": Function((1, 1), _subject, "as x"),
    "via": Function((2, 2), _via, "as x"),
    "pick": Function((2, 9), _pick, "entry of the table"),
    "has": Function((2, 9), _has, "yes/no"),
    "under": Function((2, 2), _under, "yes/no"),
    "points": Function((1, 1), _points, "number"),
    "holds": Function((1, 2), _elsewhere("a Ladder with titles must declare them"), "yes/no"),
    "times": Function((1, 1), _elsewhere("it counts events, in guards of a Process"), "number"),
    "need": Function((1, 1), _elsewhere("it names a side of a Match"), "as x"),
    "offer": Function((1, 1), _elsewhere("it names a side of a Match"), "as x"),
}
