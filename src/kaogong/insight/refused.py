"""Questions that cannot be answered as they were asked: wrong use, not wrong data.

A question knows its sentence in both languages: `NotARun` where a folder holds no run, `NotInRun`
where a run has no such scheme, subject or pool.
"""

from __future__ import annotations

from kaogong.insight.words import say
from kaogong.language.finding import KaogongError


class CannotAnswer(KaogongError):
    """A question that cannot be answered as it was asked."""

    def __init__(self, id: str, /, **values: object) -> None:
        super().__init__(say("en", id, **values))
        self.id = id
        self.values = values

    def sentence(self, language: str) -> str:
        """Return what is wrong, in `zh` or `en`."""
        return say(language, self.id, **self.values)


class NotARun(CannotAnswer):
    """The folder holds no run."""


class NotInRun(CannotAnswer):
    """The run holds no such scheme, subject or pool."""
