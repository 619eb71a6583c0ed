"""What is wrong, or worth knowing, in a user's file: stable id, level, sentence, hint and place.

A user's mistake is a finding, never a traceback. Functions that read one value raise `Refused`
with its finding; functions that read many values catch it, go on, and return all findings
together. The sentences stand in `messages`, one row an id. A value that fills a sentence is the
user's own text, or `Words` in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kaogong.language.messages import MESSAGES, Message
from kaogong.language.messages.phrases import in_chinese
from kaogong.language.span import Span
from kaogong.language.words import Spoken, Words

Level = Literal["error", "warning", "note"]
LEVELS: Mapping[str, Level] = {"E": "error", "W": "warning", "N": "note"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `values` fill the sentence of its id."""

    id: str
    span: Span
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def _message(self) -> Message:
        return MESSAGES[self.id]

    @property
    def level(self) -> Level:
        """Return `error`, `warning` or `note`."""
        return LEVELS[self._message.level]

    def sentence(self, language: str) -> str:
        """Return the sentence in `zh` or `en`, with the finding's values in place."""
        return _fill(getattr(self._message, language), self.values, language)

    def hint(self, language: str) -> str:
        """Return how to mend it, in `zh` or `en`."""
        return _fill(getattr(self._message, f"hint_{language}"), self.values, language)

    def as_json(self) -> dict[str, object]:
        """Return the finding as `kaogong check --format json` prints it."""
        return {
            "id": self.id,
            "level": self.level,
            "message": {"zh": self.sentence("zh"), "en": self.sentence("en")},
            "hint": f"{self.hint('zh')} / {self.hint('en')}",
            "file": self.span.file,
            "line": self.span.line,
            "column": self.span.column,
        }


class KaogongError(Exception):
    """Base of every exception the project raises on purpose.

    KaogongError
      Refused     a user's mistake: carries findings
    """


class Refused(KaogongError):
    """A value could not be read; `findings` say why and where."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f"{f.id} {f.span} {f.sentence('en')}" for f in findings))
        self.findings = findings


def refuse(id: str, span: Span, /, **values: object) -> Refused:
    """Return the exception for one finding, ready to be raised."""
    return Refused(finding(id, span, **values))


def finding(id: str, span: Span, /, **values: object) -> Finding:
    """Return a finding whose values are written as text, in both languages where they know them."""
    return Finding(id, span, {name: _text(value) for name, value in values.items()})


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by place, each once."""
    unique = {(f.id, f.span, tuple(sorted(f.values.items()))): f for f in findings}
    return sorted(unique.values(), key=lambda f: (f.span, f.id))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether at least one finding is an error."""
    return any(f.level == "error" for f in findings)


def _text(value: object) -> str:
    if isinstance(value, Words):
        return value
    if isinstance(value, str | int):
        return str(value)
    return value.words if isinstance(value, Spoken) else str(value)


def _fill(pattern: str, values: Mapping[str, str], language: str) -> str:
    if language == "zh":
        values = {name: _chinese(name, value) for name, value in values.items()}
    return pattern.format_map(_Blank(values))


def _chinese(name: str, value: str) -> str:
    return value.zh if isinstance(value, Words) else in_chinese(name, value)


class _Blank(dict[str, str]):
    """Leave a place holder standing where a finding gives no value."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
