"""Which period a part of an expression speaks of, seen from the period of the result."""

from __future__ import annotations

from dataclasses import dataclass

from kaogong.language.period import NotAPeriod, Period, read_period


@dataclass(frozen=True, slots=True)
class When:
    """Which period is meant, seen from the period of the result: first `back`, then `years`."""

    back: int = 0  # periods of the same grain earlier
    years: int = 0  # the same period so many years earlier
    at: str | None = None  # a fixed period to count from, whatever the result's own

    def within(self, outer: When) -> When:
        """Return what this means seen from the period `outer` leads to; a fixed period stays."""
        if self.at is not None:
            return self
        return When(self.back + outer.back, self.years + outer.years, outer.at)

    def of(self, period: Period | None, *, together: bool = False) -> Period | None:
        """Return the period that is meant, seen from `period`; None where that has none.

        `together` counts January and February as one. Raise `NotAPeriod` where there is no earlier
        period, above all where there is none to count from.
        """
        found = period if self.at is None else read_period(self.at)
        if found is None and (self.back or self.years):
            raise NotAPeriod("without a period there is no earlier one")
        if found is not None and self.back:
            found = found.earlier(self.back, together=together)
        return found.year_ago(self.years) if found is not None and self.years else found


NOW = When()
