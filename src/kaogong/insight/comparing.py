"""A comparison in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction

from kaogong.insight.compare import Change, Class, Comparison, Mover, Tally
from kaogong.insight.json_text import json_text
from kaogong.insight.words import say
from kaogong.language.quantity import decimal_text

MEAN_DECIMALS = 4  # of a mean change that is only shown


def as_json(comparison: Comparison) -> str:
    """Return a comparison as JSON; the matrix is a list of its cells, numbers keep their digits."""
    made = asdict(comparison) | {
        "matrix": [
            {"before": before, "after": after, "subjects": n}
            for (before, after), n in _cells(comparison)
        ],
        "is_null": comparison.is_null,
    }
    return json_text(made)


def _cells(comparison: Comparison) -> list[tuple[tuple[Class, Class], int]]:
    place = {name: n for n, name in enumerate(comparison.classes)}
    return sorted(comparison.matrix.items(), key=lambda c: (place[c[0][0]], place[c[0][1]]))


def as_text(comparison: Comparison, language: str) -> str:
    """Return a comparison as lines of text in `zh` or `en`."""
    return "\n".join(_Telling(comparison, language).lines())


class _Telling:
    def __init__(self, comparison: Comparison, language: str) -> None:
        self.told, self.language = comparison, language

    def lines(self) -> Iterator[str]:
        """Yield the lines of the text."""
        before, after = self.told.before, self.told.after
        yield self._say(
            "compared", before=self._title(before.title), after=self._title(after.title),
            period_before=before.period, period_after=after.period,
        )  # fmt: skip
        yield self._summary()
        yield from self._section("matrix", self._matrix())
        if self.told.is_null:
            return
        yield from self._section("tallies", (self._tally(t) for t in self.told.tallies))
        yield from self._section("movers", (self._mover(m) for m in self.told.movers))
        yield from self._section("changes", (self._change(c) for c in self.told.changes))
        more = self.told.changed - len(self.told.changes)
        if more > 0:
            yield f"  {self._say('more', n=more)}"

    def _summary(self) -> str:
        tallies = self.told.tallies
        n = sum(self.told.matrix.values())
        if self.told.is_null:
            return self._say("compared_none", n=n)
        sums = {
            k: sum(getattr(t, k) for t in tallies) for k in ("better", "worse", "entered", "left")
        }
        return self._say("compared_some", n=n, changed=self.told.changed, **sums)

    def _section(self, heading: str, lines: Iterator[str]) -> Iterator[str]:
        yield ""
        yield self._say(heading)
        yield from (f"  {line}" for line in lines)

    def _matrix(self) -> Iterator[str]:
        classes = self.told.classes
        head = ["", *(self._class(c) for c in classes), self._say("sum")]
        rows = [head]
        for before in classes:
            counts = [self.told.matrix.get((before, after), 0) for after in classes]
            rows.append([self._class(before), *map(_count, counts), str(sum(counts))])
        sums = [sum(self.told.matrix.get((b, a), 0) for b in classes) for a in classes]
        rows.append([self._say("sum"), *map(str, sums), str(sum(sums))])
        yield from _aligned(rows)

    def _tally(self, tally: Tally) -> str:
        both = tally.subjects - tally.entered - tally.left
        mean = decimal_text(Fraction(tally.score_change) / both, MEAN_DECIMALS) if both else "—"
        counts = {k: getattr(tally, k) for k in _COUNTS}
        return self._say("tally", group=tally.group or self._say("ungrouped"),
                         pool=tally.pool or "—", mean=mean, **counts)  # fmt: skip

    def _mover(self, mover: Mover) -> str:
        return self._say(
            "mover", title=self._title(mover.title), subjects=mover.subjects,
            better=mover.better, worse=mover.worse, points=_plain(mover.points),
        )  # fmt: skip

    def _change(self, change: Change) -> str:
        titles = {m.step: m.title for m in self.told.movers}
        step = self._title(titles[change.step])
        if change.points:
            step += self._say("change_points", points=_signed(change.points))
        return self._say(
            "change", subject=change.subject, step=step,
            class_before=self._class(change.class_before),
            class_after=self._class(change.class_after),
            rank_before=_shown(change.rank_before), rank_after=_shown(change.rank_after),
            score_before=_shown(change.score_before), score_after=_shown(change.score_after),
        )  # fmt: skip

    def _class(self, name: Class) -> str:
        return self._say("no_class") if name is None else name

    def _title(self, title: Mapping[str, str]) -> str:
        return title.get(self.language) or title.get("zh", "")

    def _say(self, id: str, /, **values: object) -> str:
        return say(self.language, id, **values)


_COUNTS = ("subjects", "better", "worse", "risen", "fallen", "gained", "lost")


def _count(n: int) -> str:
    return str(n) if n else "·"


def _shown(value: Decimal | int | None) -> str:
    if value is None:
        return "—"
    return _plain(value) if isinstance(value, Decimal) else str(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _signed(value: Decimal) -> str:
    return f"+{_plain(value)}" if value > 0 else _plain(value)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the rows of a table, each cell as wide as its column; a Chinese sign is two wide."""
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [" " * (w - _width(cell)) + cell for cell, w in zip(row, widths, strict=True)]
        yield "  ".join(cells)


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
