"""An explanation as text and as JSON: a sentence on top, then every step under its heading."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kaogong.insight.explain import Explanation
from kaogong.insight.headline import Headline
from kaogong.insight.json_text import json_text
from kaogong.insight.speech import Speech
from kaogong.insight.step import PARTS, Step
from kaogong.programme.programme import Programme

COMMON = ("document", "version", "period", "subject")
SECTIONS = (
    *((part, part) for part in PARTS if part not in ("class", "move")),
    ("class", "class", "move"),
)


def as_json(explanation: Explanation) -> str:
    """Return an explanation as JSON; numbers carry all their digits, never a float's."""
    made = {
        "scheme": explanation.scheme,
        "title": dict(explanation.title),
        "subject": explanation.subject,
        "period": explanation.period,
        "state": explanation.state,
        "result": {k: v for k, v in explanation.result.items() if k not in COMMON},
        "steps": [step.as_record() for step in explanation.steps],
        "findings": [finding.as_json() for finding in explanation.findings],
    }
    return json_text(made)


def as_text(explanation: Explanation, programme: Programme, language: str) -> str:
    """Return an explanation as lines of text in `zh` or `en`."""
    speech = Speech(programme, programme.schemes[explanation.scheme], language)
    return "\n".join(_Telling(explanation, speech).lines())


def sentence(explanation: Explanation, programme: Programme, language: str) -> str:
    """Return the result, the reason and the way out in one sentence."""
    speech = Speech(programme, programme.schemes[explanation.scheme], language)
    return Headline(explanation, speech).sentence()


class _Telling:
    def __init__(self, told: Explanation, speech: Speech) -> None:
        self.told, self.speech = told, speech
        self._say = speech.say

    def lines(self) -> Iterator[str]:
        """Yield the lines of the text."""
        told, title = self.told, self.speech.title(self.told.title)
        yield self._say("head", title=title, period=told.period, subject=told.subject)
        yield Headline(told, self.speech).sentence()
        for heading, *parts in SECTIONS:
            steps = told.steps_of(*parts)
            if steps:
                yield ""
                yield self._say(f"part_{heading}")
                yield from (f"  {self._line(step)}" for step in steps)
        yield from self._findings()

    def _findings(self) -> Iterator[str]:
        found = self.told.findings
        if found:
            yield ""
        if any(finding.level == "error" for finding in found):
            yield self._say("warned")
        yield from (f"  {f.id} {f.sentence(self.speech.language)}" for f in found)

    def _line(self, step: Step) -> str:
        words = self._say("comma").join(word for word in self._words(step) if word)
        return f"{self.speech.title(step.title)}  {words}".rstrip()

    def _words(self, step: Step) -> Iterator[str]:
        """Yield what is said of a step, part by part; empty texts say nothing."""
        match step.part:
            case "item":
                return self._item(step)
            case "adjust":
                return self._adjust(step)
            case "total":
                return self._total(step)
            case "rank":
                return self._rank(step)
            case "class":
                return self._class(step)
            case "move":
                return self._move(step)
            case _:
                return self._condition(step)

    def _condition(self, step: Step) -> Iterator[str]:
        yield self._say(step.outcome)
        if step.item == "units":
            yield self._say("step_units", n=self.speech.plain(step.value), unit=step.bound)
        yield self._lacking(step)
        yield self.speech.rule(step.rule)
        yield self._source(step)

    # -- points ---------------------------------------------------------------------------

    def _item(self, step: Step) -> Iterator[str]:
        yield self._figure(step)
        if isinstance(step.bound, Decimal):
            yield self._say("step_benchmark", bound=self.speech.beside(step.bound, step.unit))
        elif step.bound:
            yield self._say("step_range", bound=step.bound)
        if step.weight is not None:
            yield self._say("step_weight", weight=self.speech.plain(step.weight))
        yield self._lacking(step)
        yield self.speech.rule(step.rule)
        yield self._earned(step)
        yield self._source(step)

    def _figure(self, step: Step) -> str:
        if step.value is None:
            return self._say("missing_value")
        made = self.speech.quantity(step.value, step.unit)
        if step.numerator is None or step.denominator is None:
            return made
        above, below = _units_of(step.unit)
        numerator = self.speech.quantity(step.numerator, above)
        denominator = self.speech.quantity(step.denominator, below)
        fraction = self._say("step_fraction", numerator=numerator, denominator=denominator)
        return f"{made} {fraction}"

    def _earned(self, step: Step) -> str:
        if step.points is None:
            return self._say("step_no_points")
        made = self._say("step_points", points=self.speech.plain(step.points))
        return made + (self._say(f"step_{step.cap_hit}") if step.cap_hit else "")

    def _adjust(self, step: Step) -> Iterator[str]:
        yield self._say(step.outcome) if step.outcome else ""
        yield self._earned(step) if step.points or step.outcome != "no" else ""
        yield self._lacking(step)
        yield self._source(step)

    def _total(self, step: Step) -> Iterator[str]:
        if step.item == "combine":
            yield self._say(f"step_held_{step.bound}") if step.bound else self._say("unknown")
            yield self.speech.rule(step.rule)
            yield self._source(step)
        elif step.item.startswith("score"):
            lacks = "step_not_scored" if step.outcome == "no" else "unknown"
            yield self._say(lacks) if step.value is None else self.speech.plain(step.value)
            yield self._lacking(step)
        else:
            yield self._earned(step)

    # -- rank and class -------------------------------------------------------------------

    def _rank(self, step: Step) -> Iterator[str]:
        plain = self.speech.plain
        if step.item == "place":
            yield self._say("step_place", place=plain(step.value), of=plain(step.denominator))
            yield self.speech.rule(step.rule, plain(step.numerator))
        elif step.item == "base":
            yield self._say("unknown") if step.value is None else plain(step.value)
            yield self.speech.rule(step.rule)
        else:
            yield from self._quota(step)

    def _quota(self, step: Step) -> Iterator[str]:
        first, last = str(step.bound).strip("[]").split(", ")
        if int(last) < int(first):
            yield self._say("step_no_quota")
        else:
            quota = self.speech.plain(step.value)
            yield self._say("step_quota", quota=quota, first=first, last=last)
        yield self._say("step_here") if step.outcome == "yes" else ""
        yield self._source(step)

    def _class(self, step: Step) -> Iterator[str]:
        name = str(step.bound or "")
        yield self.speech.class_name(name) if name else self._say("unknown")

    def _move(self, step: Step) -> Iterator[str]:
        yield self._say(step.outcome) if step.outcome else self.speech.rule(step.rule)
        if step.outcome != "no" and step.bound is not None:
            is_same = step.bound == self._class_before(step)
            name = self.speech.class_name(str(step.bound))
            yield self._say("step_same_class") if is_same else name
        yield self._lacking(step)
        yield self._source(step)

    def _class_before(self, step: Step) -> Decimal | str | None:
        """Return the class before a move: that of the step before it."""
        before = [s for s in self.told.steps_of("class", "move") if s.seq < step.seq]
        return before[-1].bound if before else None

    # -- what many steps say --------------------------------------------------------------

    def _lacking(self, step: Step) -> str:
        if not step.missing:
            return ""
        return self._say("step_missing", names=self.speech.facts(step.missing))

    def _source(self, step: Step) -> str:
        """Return the article, where the step has one of its own."""
        is_own = bool(step.article) and step.article != self.speech.article
        return self._say("step_article", article=step.article) if is_own else ""


def _units_of(unit: str) -> tuple[str, str]:
    """Return the units of numerator and denominator where a unit is one over another."""
    above, slash, below = unit.partition("/")
    return (above, below) if slash and "/" not in below else ("", "")
