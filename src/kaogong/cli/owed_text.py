"""An answer of `kaogong entitle` as lines of text, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language

if TYPE_CHECKING:
    from kaogong.insight.entitled import Answer, Asked, Entitlement, Standing
    from kaogong.programme.programme import Programme

UNDECIDED = ("unknown", "open")


def lines_of(answer: Answer, programme: Programme, language: Language) -> Iterator[str]:
    """Yield the lines of an answer."""
    telling = _Telling(programme, language)
    yield say(language, "entitle_head", subject=answer.subject, period=answer.period)
    for direction, head in (("pay", "owed"), ("levy", "levied")):
        mine = [
            e for e in answer.entitlements if e.outcome == "entitled" and e.direction == direction
        ]
        yield from telling.part(head, [telling.owed(each) for each in mine])
    near = [e for e in answer.entitlements if e.is_near]
    yield from telling.part("just_misses", [telling.near(each) for each in near])
    doubtful = [e for e in answer.entitlements if e.outcome in UNDECIDED]
    yield from telling.part("undecided", [telling.doubtful(each) for each in doubtful])
    others = [e for e in answer.entitlements if e.outcome == "not_entitled" and not e.is_near]
    if others:
        listed = ", ".join(dict.fromkeys(telling.name(each) for each in others))
        yield say(language, "not_owed", n=len(others), listed=listed)
    yield from telling.part("ladders", [telling.standing(each) for each in answer.standings])


class _Telling:
    """Says parts of an answer in one language."""

    def __init__(self, programme: Programme, language: Language) -> None:
        self._programme = programme
        self._language: Language = language

    def part(self, head: str, entries: Sequence[list[str]]) -> Iterator[str]:
        """Yield a heading and its entries; nothing where there are none."""
        if not entries:
            return
        yield say(self._language, head)
        for first, *rest in entries:
            yield f"  {first}"
            yield from (f"      {line}" for line in rest)

    def name(self, each: Entitlement) -> str:
        """Return how a clause is called, with the record it is for."""
        title = self._titled(each.title, each.clause)
        return f"{title} [{each.item}]" if each.item else title

    def owed(self, each: Entitlement) -> list[str]:
        """Return what is owed under one clause, and by when."""
        return [f"{self.name(each)}  {self._amount(each)}", *self._days(each)]

    def near(self, each: Entitlement) -> list[str]:
        """Return the one condition that is missing."""
        return [self.name(each), *(self._asked(a) for a in each.unmet), *self._days(each)]

    def doubtful(self, each: Entitlement) -> list[str]:
        """Return what nobody knows yet."""
        sentence = "hangs_on_open" if each.outcome == "open" else "hangs_on"
        told = [self._asked(a) for a in each.unmet if a.outcome == "unknown"]
        if not told or each.outcome == "open":
            told.append(self._say(sentence, reason=each.reason))
        return [self.name(each), *told, *self._days(each)]

    def standing(self, each: Standing) -> list[str]:
        """Return the rung, and what the next one asks."""
        titles = {r.id: r.title for r in self._programme.ladders[each.ladder].rungs}
        now = self._say("on_no_rung")
        if each.state == "pending":
            now = self._say("rung_pending", rung=self._titled(titles[each.next_rung], ""))
        elif each.rung:
            now = self._say("on_rung", rung=self._titled(titles[each.rung], each.rung))
        lines = [f"{self._titled(each.title, each.ladder)}  {now}"]
        if each.next_rung:
            rung = self._titled(titles[each.next_rung], each.next_rung)
            lines.append(self._say("next_rung", rung=rung))
            lines += [f"  {self._asked(a)}" for a in each.unmet]
        return lines

    def _amount(self, each: Entitlement) -> str:
        unit = each.unit
        if each.amount is None and each.amount_min is not None:
            low, high = _shown(each.amount_min), _shown(each.amount_max)
            return self._say("between", low=low, high=high, unit=unit)
        if each.owed is None:
            return self._say("to_be_limited", amount=_shown(each.amount), unit=unit,
                             reason=each.reason)  # fmt: skip
        return f"{_shown(each.owed)}{unit}"

    def _days(self, each: Entitlement) -> list[str]:
        made = []
        if each.closes is not None:
            made.append(self._say("apply_by", day=each.closes))
        if each.ends is not None:
            made.append(self._say("policy_ends", day=each.ends))
        return made

    def _asked(self, each: Asked) -> str:
        title = self._titled(each.title, each.id)
        if each.outcome == "unknown":
            return self._say("not_known", title=title)
        if each.distance is None:
            return self._say("not_met", title=title)
        return self._say(
            "needs", title=title, value=_shown(each.value), bound=_shown(each.bound),
            distance=_shown(abs(each.distance)), unit=each.unit,
        )  # fmt: skip

    def _say(self, sentence: str, **values: object) -> str:
        return say(self._language, sentence, **values)

    def _titled(self, title: Mapping[str, str], id: str) -> str:
        return title.get(self._language) or id


def _shown(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"
