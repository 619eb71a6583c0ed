"""Findings for a reader: by file as text, or as JSON for a program; and the exit code they mean."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import typer

from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language
from kaogong.language.finding import Finding, Level

OPEN = "KG505"
LEVEL_WORDS: dict[Level, tuple[str, str, str]] = {
    "error": ("错误", "error", "red"),
    "warning": ("警告", "warning", "yellow"),
    "note": ("说明", "note", "blue"),
}
PLURALS: dict[Level, str] = {"error": "errors", "warning": "warnings", "note": "notes"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How findings are shown."""

    language: Language
    is_strict: bool = False  # warnings count as errors
    shows_notes: bool = False  # every note, else open slots and notes of others as numbers
    own_documents: frozenset[str] | None = None  # None: all that there are
    own_folder: str = ""  # how the files of the programme itself begin

    def is_shown(self, finding: Finding) -> bool:
        """Tell whether a finding is printed, not only counted."""
        if self.shows_notes or finding.level != "note":
            return True
        return finding.id != OPEN and finding.span.file.startswith(self.own_folder)

    def is_own(self, document: str) -> bool:
        """Tell whether a document is the programme's own."""
        return self.own_documents is None or document in self.own_documents

    def level(self, finding: Finding) -> Level:
        """Return the level that counts."""
        return "error" if self.is_strict and finding.level == "warning" else finding.level


def exit_code(findings: Iterable[Finding], manner: Manner) -> int:
    """Return 1 where a finding counts as an error, else 0."""
    return int(any(manner.level(f) == "error" for f in findings))


def as_json(findings: Iterable[Finding], manner: Manner) -> str:
    """Return the findings as one JSON list."""
    rows = [{**f.as_json(), "level": manner.level(f)} for f in findings]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def show(findings: Sequence[Finding], manner: Manner) -> None:
    """Print the findings by file, then how many there are."""
    shown = [f for f in findings if manner.is_shown(f)]
    for file, group in itertools.groupby(shown, key=lambda f: f.span.file):
        typer.secho(file, bold=True)
        for each in group:
            _show_one(each, manner)
    for line in (*_slots(findings, manner), *_unshown(findings, manner)):
        typer.echo(line)
    typer.echo(count_line(findings, manner))


def count_line(findings: Iterable[Finding], manner: Manner) -> str:
    """Return how many errors, warnings and notes there are."""
    counts = Counter(manner.level(f) for f in findings)
    if manner.language == "zh":
        values: dict[str, object] = {PLURALS[level]: counts[level] for level in PLURALS}
    else:
        values = {p: f"{counts[level]} {p if counts[level] != 1 else level}"
                  for level, p in PLURALS.items()}  # fmt: skip
    return say(manner.language, "count", **values)


def _show_one(finding: Finding, manner: Manner) -> None:
    zh, en, colour = LEVEL_WORDS[manner.level(finding)]
    level = typer.style(zh if manner.language == "zh" else en, fg=colour)
    place = f" {finding.span.line}:{finding.span.column}" if finding.span.line else ""
    typer.echo(f"  {level} {finding.id}{place}  {finding.sentence(manner.language)}")
    typer.echo(f"      {finding.hint(manner.language)}")


def _slots(findings: Iterable[Finding], manner: Manner) -> Iterator[str]:
    """Yield how many open slots each document has; those of others together in one line."""
    counts = Counter(f.values["place"].split(".")[0] for f in findings if f.id == OPEN)
    if not counts or manner.shows_notes:
        return
    yield say(manner.language, "open_head", n=counts.total())
    others = {id: n for id, n in counts.items() if not manner.is_own(id)}
    for id, n in counts.items():
        if id not in others:
            yield f"  {id}  {n}"
    if others:
        values = {"n": sum(others.values()), "documents": len(others)}
        yield f"  {say(manner.language, 'open_others', **values)}"


def _unshown(findings: Iterable[Finding], manner: Manner) -> Iterator[str]:
    """Yield how many notes there are beside open slots that stand in extended programmes."""
    number = sum(f.id != OPEN and not manner.is_shown(f) for f in findings)
    if number:
        yield say(manner.language, "notes_others", n=number)
