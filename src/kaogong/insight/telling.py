"""An explanation in words and as JSON: a sentence on top, then every step under its heading.

The sentence says the result, the reason and the way out, and names the article. All words stand in
`words`; numbers are written by one formatter, in the unit of their figure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from kaogong.insight.explain import Explanation
from kaogong.insight.step import PARTS, Step
from kaogong.insight.way import Nearest, Way
from kaogong.insight.words import WORDS, say
from kaogong.language.fact import Fact
from kaogong.language.quantity import format_quantity
from kaogong.language.unit import UnknownUnit, read_unit
from kaogong.programme.programme import Programme

Reason = tuple[str, str]  # the words, and the article they rest on
NO_REASON: Reason = ("", "")
SECTIONS = (
    *((part, part) for part in PARTS if part not in ("class", "move")),
    ("class", "class", "move"),
)
_UNIT = re.compile(r"^(-?[0-9.]+)([^0-9.%‰ -])")
_NUMBER = re.compile(r'"\\u0000number:([^"]*)"')


def as_json(explanation: Explanation) -> str:
    """Return an explanation as JSON; numbers carry all their digits, never a float's."""
    made = {
        "scheme": explanation.scheme,
        "title": dict(explanation.title),
        "subject": explanation.subject,
        "period": explanation.period,
        "state": explanation.state,
        "result": {k: v for k, v in explanation.result.items() if k not in _COMMON},
        "steps": [step.as_record() for step in explanation.steps],
        "findings": [finding.as_json() for finding in explanation.findings],
    }
    return json_text(made)


_COMMON = ("document", "version", "period", "subject")


def json_text(content: object) -> str:
    """Return content as JSON whose decimals keep their digits."""
    text = json.dumps(content, ensure_ascii=False, indent=1, default=_number)
    return _NUMBER.sub(r"\1", text)


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return f"\x00number:{value:f}"
    raise TypeError(f"{value!r} has no place in JSON")


def as_text(explanation: Explanation, programme: Programme, language: str) -> str:
    """Return an explanation as lines of text in `zh` or `en`."""
    return "\n".join(_Telling(explanation, programme, language).lines())


def sentence(explanation: Explanation, programme: Programme, language: str) -> str:
    """Return the result, the reason and the way out in one sentence."""
    return _Telling(explanation, programme, language).sentence()


class _Telling:
    def __init__(self, explanation: Explanation, programme: Programme, language: str) -> None:
        self.told = explanation
        self.programme = programme
        self.language = language
        self.rules = programme.schemes[explanation.scheme]
        source = programme.documents["Scheme", explanation.scheme].model.source
        self.article = str(source.article or "") if source is not None else ""

    # -- the sentence on top --------------------------------------------------------------

    def sentence(self) -> str:
        """Return the sentence."""
        result, way = self._result(), self._way()
        reason, article = self._reason()
        source = self._say("article", article=article) if article else ""
        key = "said" if reason else "said_short"
        told = self._say(key, result=result, reason=reason, way=way, article=source)
        return told + self._say("stop")

    def _result(self) -> str:
        row = self.told.result
        if self.told.state != "rated":
            return self._say(f"result_{self.told.state}")
        if row.get("class"):
            return self._class(str(row["class"]), "result")
        return self._say("result_place", place=row["rank"], of=row["pool_size"])

    def _reason(self) -> Reason:
        """Return why the result is what it is, and the article that says so."""
        parts = (self._by_leave, self._by_gap, self._by_move, self._by_line)
        return next((found for part in parts if (found := part())[0]), NO_REASON)

    def _by_leave(self) -> Reason:
        id = str(self.told.result.get("reason") or "").removeprefix("population.leaves.")
        leave = next((x for x in self.rules.leaves if x.id == id), None)
        if leave is None or self.told.state not in ("not_rated", "not_collected"):
            return NO_REASON
        said = self._say("reason_leave", leave=self._title(leave.title))
        return said, leave.article or self.article

    def _by_gap(self) -> Reason:
        way = self.told.way
        if self.told.state != "held" or way is None or not way.missing:
            return NO_REASON
        key = "reason_open" if way.kind == "fill" else "reason_held"
        return self._say(key, names=self._names(way.missing)), self.article

    def _by_move(self) -> Reason:
        row = self.told.result
        before, after = row.get("class_ranked"), row.get("class")
        if self.told.state != "rated" or before == after or not before or not after:
            return NO_REASON
        ends = {"before": before, "after": after}
        move = next((m for m in self.rules.moves if m.id == row.get("moved_by")), None)
        if move is None:
            return self._say("reason_refill", **ends), self.article
        said = self._say("reason_move", move=self._title(move.title), **ends)
        return said, move.article or self.article

    def _by_line(self) -> Reason:
        """Return the line that says most: the one that loses most, or gains most at the top."""
        lines = [s for s in self.told.steps_of("item") if s.points is not None and s.weight]
        if self.told.state != "rated" or not lines:
            return NO_REASON
        is_top = not (self.told.way and self.told.way.kind == "gain") and self._is_best()
        step = max(lines, key=_gain) if is_top else min(lines, key=_gain)
        return self._line(step), step.article

    def _is_best(self) -> bool:
        row = self.told.result
        group = next((g for g in self.rules.groups if g.id == row.get("group")), None)
        order = group.class_order() if group is not None else []
        return row["class"] == order[0] if order and row.get("class") else row.get("rank") == 1

    def _line(self, step: Step) -> str:
        title = self._title(step.title)
        if step.value is None:
            rule = self._rule(step.rule)
            return self._say("reason_missing", line=title, rule=rule)
        x = self._quantity(step.value, step.unit)
        if isinstance(step.bound, Decimal):
            is_below = step.value < step.bound
            key = "reason_below" if is_below else "reason_above"
            if self._is_low_better(step.item):
                key = "reason_over" if step.value > step.bound else "reason_under"
            return self._say(key, line=title, x=x, bound=self._bound(step.bound, step.unit))
        return self._say("reason_points", line=title, x=x, weight=self._plain(step.weight),
                         points=self._plain(step.points))  # fmt: skip

    def _is_low_better(self, item: str) -> bool:
        group = self.told.result.get("group")
        return any(
            line.id == item and line.better == "low"
            for g in self.rules.groups if g.id == group for line in g.lines
        )  # fmt: skip

    def _way(self) -> str:
        way = self.told.way
        return "" if way is None else _WAYS[way.kind](self, way)

    def _to_report(self, way: Way) -> str:
        return self._say("way_report", names=self._names(way.missing)) if way.missing else ""

    def _to_fill(self, _way: Way) -> str:
        return self._say("way_fill")

    def _to_move(self, way: Way) -> str:
        return self._say("way_move", before=way.before)

    def _to_gain(self, way: Way) -> str:
        short = exact_decimal(way.short)
        made = self._say("way_gain", better=way.better, short=self._plain(short))
        missing = [s.item for s in self.told.steps_of("item") if s.rule.startswith("missing")]
        if missing:
            titles = {s.item: self._title(s.title) for s in self.told.steps_of("item")}
            return made + self._say("way_supply", names=self._joined([titles[m] for m in missing]))
        return made + (self._nearest(way.nearest) if way.nearest is not None else "")

    def _nearest(self, nearest: Nearest) -> str:
        fact = nearest.line.fact
        assert isinstance(fact, Fact)
        unit, scale = fact.kind.unit, fact.scale or 0
        x, target = (
            spaced(format_quantity(v, unit, scale, self.language))
            for v in (nearest.x, nearest.target)
        )
        return self._say("way_nearest", line=self._title(nearest.line.title), x=x, target=target)

    # -- the steps ------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """Yield the lines of the text."""
        told = self.told
        yield self._say("head", title=self._title(told.title), period=told.period, subject=told.subject)
        yield self.sentence()
        for heading, *parts in SECTIONS:
            steps = told.steps_of(*parts)
            if steps:
                yield ""
                yield self._say(f"part_{heading}")
                yield from (f"  {self._step(step)}" for step in steps)
        if any(f.level == "error" for f in told.findings):
            yield ""
            yield self._say("warned")
        for finding in told.findings:
            yield f"  {finding.id} {finding.sentence(self.language)}"

    def _step(self, step: Step) -> str:
        words = [w for w in _SAID[step.part](self, step) if w]
        title = self._title(step.title)
        return f"{title}  {self._say('comma').join(words)}".rstrip()

    def _condition(self, step: Step) -> Iterator[str]:
        yield self._say(step.outcome)
        yield self._lacking(step)
        yield self._rule(step.rule)
        yield self._source(step)

    def _item(self, step: Step) -> Iterator[str]:
        yield self._figure(step)
        if isinstance(step.bound, Decimal):
            yield self._say("step_benchmark", bound=self._bound(step.bound, step.unit))
        elif step.bound:
            yield self._say("step_range", bound=step.bound)
        if step.weight is not None:
            yield self._say("step_weight", weight=self._plain(step.weight))
        yield self._lacking(step)
        yield self._rule(step.rule)
        yield self._earned(step)
        yield self._source(step)

    def _figure(self, step: Step) -> str:
        if step.value is None:
            return self._say("missing_value")
        made = self._quantity(step.value, step.unit)
        if step.numerator is not None and step.denominator is not None:
            above, below = _units_of(step.unit)
            made += " " + self._say(
                "step_fraction", numerator=self._bound(step.numerator, above, always=True),
                denominator=self._bound(step.denominator, below, always=True),
            )  # fmt: skip
        return made

    def _earned(self, step: Step) -> str:
        if step.points is None:
            return self._say("step_no_points")
        made = self._say("step_points", points=self._plain(step.points))
        return made + (self._say(f"step_{step.cap_hit}") if step.cap_hit else "")

    def _adjust(self, step: Step) -> Iterator[str]:
        yield self._say(step.outcome) if step.outcome else ""
        yield self._earned(step) if step.points or step.outcome != "no" else ""
        yield self._lacking(step)
        yield self._source(step)

    def _total(self, step: Step) -> Iterator[str]:
        if step.item == "score":
            yield self._plain(step.value) if step.value is not None else self._say("unknown")
            yield self._lacking(step)
        else:
            yield self._earned(step)

    def _rank(self, step: Step) -> Iterator[str]:
        if step.item == "place":
            yield self._say("step_place", place=self._plain(step.value), of=self._plain(step.denominator))
            yield self._rule(step.rule, n=self._plain(step.numerator))
        elif step.item == "base":
            yield self._plain(step.value) if step.value is not None else self._say("unknown")
            yield self._rule(step.rule)
        else:
            yield from self._quota(step)

    def _quota(self, step: Step) -> Iterator[str]:
        first, last = str(step.bound).strip("[]").split(", ")
        if int(last) < int(first):
            yield self._say("step_no_quota")
        else:
            yield self._say("step_quota", quota=self._plain(step.value), first=first, last=last)
        yield self._say("step_here") if step.outcome == "yes" else ""
        yield self._source(step)

    def _class_step(self, step: Step) -> Iterator[str]:
        name = str(step.bound) if step.bound is not None else ""
        yield self._class(name) if name else self._say("unknown")

    def _move(self, step: Step) -> Iterator[str]:
        yield self._say(step.outcome) if step.outcome else self._rule(step.rule)
        if step.outcome != "no" and step.bound is not None:
            is_same = step.bound == self._class_before(step)
            yield self._say("step_same_class") if is_same else self._class(str(step.bound))
        yield self._lacking(step)
        yield self._source(step)

    def _class_before(self, step: Step) -> Decimal | str | None:
        """Return the class before a move: that of the step before it."""
        before = [s for s in self.told.steps_of("class", "move") if s.seq < step.seq]
        return before[-1].bound if before else None

    # -- words ----------------------------------------------------------------------------

    def _say(self, id: str, /, **values: object) -> str:
        return say(self.language, id, **values)

    def _title(self, title: Mapping[str, str]) -> str:
        return title.get(self.language) or title.get("zh", "")

    def _class(self, name: str, place: str = "step") -> str:
        """Return a class as the scheme calls it: C 档, or by a title of its own."""
        cuts = [c for g in self.rules.groups for c in g.classes if c.id == name]
        title = next((c.title for c in cuts if c.title["zh"] != c.id), None)
        if title is None:
            return self._say(f"{place}_class", name=name)
        return self._say(f"{place}_titled_class", name=self._title(title))

    def _names(self, ids: tuple[str, ...]) -> str:
        return self._joined([self._fact_name(id) for id in ids])

    def _fact_name(self, id: str) -> str:
        """Return what a field is called; an open slot by its address."""
        book = self.programme.book
        for register in book.registers():
            for fact in book.facts_of(register):
                if fact.id == id:
                    return self._title(fact.title)
        lines = [line for group in self.rules.groups for line in group.lines]
        return next((self._title(line.title) for line in lines if line.id == id), id)

    def _joined(self, names: list[str]) -> str:
        return self._say("and").join(names)

    def _rule(self, rule: str, **values: object) -> str:
        if not rule or rule.startswith("rounding=") or rule.startswith("move="):
            return ""
        if f"rule_{rule}" in WORDS:
            return self._say(f"rule_{rule}", **values) if values.get("n") != "" else ""
        name, _, rest = rule.partition("=")
        if rest.startswith("missing"):
            then = rest.partition("=")[2]
            parts = [self._say("rule_zero=missing"), self._rule(f"missing={then}") if then else ""]
            return self._say("comma").join(p for p in parts if p)
        return self._say(f"rule_{name}", rule=rest) if f"rule_{name}" in WORDS else ""

    def _lacking(self, step: Step) -> str:
        return self._say("step_missing", names=self._names(step.missing)) if step.missing else ""

    def _source(self, step: Step) -> str:
        is_own = step.article and step.article != self.article
        return self._say("step_article", article=step.article) if is_own else ""

    def _quantity(self, value: Decimal, unit: str) -> str:
        places = max(0, -int(value.as_tuple().exponent))
        try:
            known = read_unit(unit) if unit else None
        except UnknownUnit:
            return f"{value:f}{unit}"
        base = Fraction(value) * (known.factor if known is not None else 1)
        return spaced(format_quantity(base, known, places, self.language))

    def _bound(self, value: Decimal, unit: str, *, always: bool = False) -> str:
        """Return a figure beside another of its unit; in zh the unit is said once, in en it may differ."""
        if self.language == "zh" and not always:
            return self._plain(value)
        return self._quantity(value.normalize(), unit)

    def _plain(self, value: Decimal | None) -> str:
        """Return a number without the zeros that say nothing."""
        if value is None:
            return ""
        return f"{value.normalize():f}" if value else "0"


def _gain(step: Step) -> Decimal:
    """Return by how much a line exceeds its weight; below zero what it loses."""
    assert step.points is not None
    assert step.weight is not None
    return step.points - step.weight


def _units_of(unit: str) -> tuple[str, str]:
    """Return the units of numerator and denominator where a unit is one over another."""
    above, slash, below = unit.partition("/")
    return (above, below) if slash and "/" not in below else ("", "")


def spaced(text: str) -> str:
    """Return a quantity with a blank between number and unit; a percent sign stands close."""
    return _UNIT.sub(r"\1 \2", text, count=1)


def exact_decimal(value: Fraction | None) -> Decimal | None:
    """Return a fraction whose decimals end as a decimal."""
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


_WAYS: Mapping[str, Callable[[_Telling, Way], str]] = {
    "report": _Telling._to_report,
    "fill": _Telling._to_fill,
    "move": _Telling._to_move,
    "gain": _Telling._to_gain,
}
_SAID: Mapping[str, Callable[[_Telling, Step], Iterator[str]]] = {
    "population": _Telling._condition,
    "group": _Telling._condition,
    "item": _Telling._item,
    "adjust": _Telling._adjust,
    "total": _Telling._total,
    "rank": _Telling._rank,
    "class": _Telling._class_step,
    "move": _Telling._move,
}
