"""Wrong use: the command as it was given cannot be carried out, whatever the files say. Exit 2."""

from __future__ import annotations

from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language
from kaogong.language.finding import KaogongError


class WrongUse(KaogongError):
    """A command that cannot be carried out; it knows its sentence in both languages."""

    def __init__(self, id: str, /, **values: object) -> None:
        super().__init__(say("en", id, **values))
        self.id = id
        self.values = values

    def sentence(self, language: Language) -> str:
        """Return what is wrong."""
        return say(language, self.id, **self.values)
