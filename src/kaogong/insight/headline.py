"""The sentence on top of an explanation: the result, the reason, the way out, and the article."""

from __future__ import annotations

from decimal import Decimal

from kaogong.insight.explain import Explanation
from kaogong.insight.speech import Speech, spaced
from kaogong.insight.step import Step
from kaogong.insight.way import Nearest, Way
from kaogong.language.fact import Fact
from kaogong.language.quantity import format_quantity

Reason = tuple[str, str]  # the words, and the article they rest on
NO_REASON: Reason = ("", "")


class Headline:
    """Says one explanation in one sentence."""

    def __init__(self, told: Explanation, speech: Speech) -> None:
        self.told, self.speech = told, speech
        self.rules = speech.rules

    def sentence(self) -> str:
        """Return the sentence."""
        say = self.speech.say
        reason, article = self._reason()
        source = say("article", article=article) if article else ""
        key = "said" if reason else "said_short"
        told = say(key, result=self._result(), reason=reason, way=self._way(), article=source)
        return told + say("stop")

    def _result(self) -> str:
        row = self.told.result
        if self.told.state != "rated":
            return self.speech.say(f"result_{self.told.state}")
        if row.get("class"):
            return self.speech.class_name(str(row["class"]), "result")
        return self.speech.say("result_place", place=row["rank"], of=row["pool_size"])

    # -- the reason -----------------------------------------------------------------------

    def _reason(self) -> Reason:
        """Return why the result is what it is, and the article that says so."""
        parts = (self._by_leave, self._by_gap, self._by_move, self._by_line)
        return next((found for part in parts if (found := part())[0]), NO_REASON)

    def _by_leave(self) -> Reason:
        id = str(self.told.result.get("reason") or "").removeprefix("population.leaves.")
        leave = next((x for x in self.rules.leaves if x.id == id), None)
        if leave is None or self.told.state not in ("not_rated", "not_collected"):
            return NO_REASON
        said = self.speech.say("reason_leave", leave=self.speech.title(leave.title))
        return said, leave.article or self.speech.article

    def _by_gap(self) -> Reason:
        way = self.told.way
        if self.told.state != "held" or way is None or not way.missing:
            return NO_REASON
        key = "reason_open" if way.kind == "fill" else "reason_held"
        return self.speech.say(key, names=self.speech.facts(way.missing)), self.speech.article

    def _by_move(self) -> Reason:
        row = self.told.result
        before, after = row.get("class_ranked"), row.get("class")
        if self.told.state != "rated" or before == after or not before or not after:
            return NO_REASON
        ends = {"before": before, "after": after}
        move = next((m for m in self.rules.moves if m.id == row.get("moved_by")), None)
        if move is None:
            return self.speech.say("reason_refill", **ends), self.speech.article
        said = self.speech.say("reason_move", move=self.speech.title(move.title), **ends)
        return said, move.article or self.speech.article

    def _by_line(self) -> Reason:
        """Return the line that says most: the one that loses most, or gains most at the top."""
        lines = [s for s in self.told.steps_of("item") if s.points is not None and s.weight]
        if self.told.state != "rated" or not lines:
            return NO_REASON
        step = max(lines, key=_gain) if self._is_best() else min(lines, key=_gain)
        return self._line(step), step.article

    def _is_best(self) -> bool:
        """Tell whether there is no class above, or no rank."""
        row = self.told.result
        group = next((g for g in self.rules.groups if g.id == row.get("group")), None)
        order = group.class_order() if group is not None else []
        return row["class"] == order[0] if order and row.get("class") else row.get("rank") == 1

    def _line(self, step: Step) -> str:
        speech, title = self.speech, self.speech.title(step.title)
        if step.value is None:
            return speech.say("reason_missing", line=title, rule=speech.rule(step.rule))
        x = speech.quantity(step.value, step.unit)
        if isinstance(step.bound, Decimal):
            key = self._against(step.value, step.bound, step.item)
            return speech.say(key, line=title, x=x, bound=speech.beside(step.bound, step.unit))
        return speech.say(
            "reason_points",
            line=title,
            x=x,
            weight=speech.plain(step.weight),
            points=speech.plain(step.points),
        )

    def _against(self, value: Decimal, benchmark: Decimal, item: str) -> str:
        """Return which sentence says how a figure stands to its benchmark."""
        group = next((g for g in self.rules.groups if g.id == self.told.result.get("group")), None)
        lines = group.lines if group is not None else ()
        if any(line.id == item and line.better == "low" for line in lines):
            return "reason_over" if value > benchmark else "reason_under"
        return "reason_below" if value < benchmark else "reason_above"

    # -- the way out ----------------------------------------------------------------------

    def _way(self) -> str:
        way = self.told.way
        if way is None:
            return ""
        match way.kind:
            case "report":
                names = self.speech.facts(way.missing)
                return self.speech.say("way_report", names=names) if names else ""
            case "fill":
                return self.speech.say("way_fill")
            case "move":
                return self.speech.say("way_move", before=way.before)
            case _:
                return self._to_gain(way)

    def _to_gain(self, way: Way) -> str:
        short = Decimal(0)
        if way.short is not None:
            short = Decimal(way.short.numerator) / Decimal(way.short.denominator)
        made = self.speech.say("way_gain", better=way.better, short=self.speech.plain(short))
        missing = [s for s in self.told.steps_of("item") if s.rule.startswith("missing")]
        if missing:
            names = self.speech.joined(self.speech.title(step.title) for step in missing)
            return made + self.speech.say("way_supply", names=names)
        return made + (self._nearest(way.nearest) if way.nearest is not None else "")

    def _nearest(self, nearest: Nearest) -> str:
        fact = nearest.line.fact
        if not isinstance(fact, Fact):
            return ""
        unit, scale, language = fact.kind.unit, fact.scale or 0, self.speech.language
        x, target = (
            spaced(format_quantity(v, unit, scale, language)) for v in (nearest.x, nearest.target)
        )
        title = self.speech.title(nearest.line.title)
        return self.speech.say("way_nearest", line=title, x=x, target=target)


def _gain(step: Step) -> Decimal:
    """Return by how much a line exceeds its weight; below zero what it loses."""
    return (step.points or Decimal(0)) - (step.weight or Decimal(0))
