"""What the parts of the checker share: a scope, a parsed text, and how to refuse a wrong kind.

`check` says what each class of node means and hands its table to the checker, so that functions,
operators and cascades can ask for their own parts without knowing one another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kaogong.language.expression import Expression
from kaogong.language.finding import Refused, refuse
from kaogong.language.kind import DATE, NUMBER, YES_NO, Kind
from kaogong.language.scope import Scope
from kaogong.language.span import Span
from kaogong.language.syntax import Branch, Syntax
from kaogong.language.words import Words


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks one expression in one scope."""

    scope: Scope
    syntax: Syntax
    meanings: Mapping[type[Branch], Callable[[Checker, Branch], Expression]]

    def expression(self, node: Branch) -> Expression:
        """Return the typed tree of one node."""
        return self.meanings[type(node)](self, node)

    def inside(self, scope: Scope) -> Checker:
        """Return a checker for a part that speaks of other records."""
        return replace(self, scope=scope)

    def span(self, node: Branch) -> Span:
        """Return where `node` stands in the user's file."""
        return self.syntax.span(node)

    def yes_no(self, node: Branch) -> Expression:
        """Return the typed tree of a node that must be a condition."""
        return self._of_kind(node, YES_NO)

    def numeric(self, node: Branch) -> Expression:
        """Return the typed tree of a node that must be a number."""
        return self._of_kind(node, NUMBER)

    def day(self, node: Branch) -> Expression:
        """Return the typed tree of a node that must be a date."""
        return self._of_kind(node, DATE)

    def _of_kind(self, node: Branch, kind: Kind) -> Expression:
        made = self.expression(node)
        if made.kind.name not in (kind.name, "open"):
            raise self.wrong(node, kind.words, made.kind)
        return made

    def wrong(self, node: Branch, expected: Words, got: Kind | Words) -> Refused:
        """Return the refusal of a value of the wrong kind."""
        spoken = self.syntax.spoken(node)
        return refuse("KG310", self.span(node), place=spoken, expected=expected, got=got)

    def code(self, text: str, kind: Kind, span: Span) -> str:
        """Return the code that `text` means in the vocabulary of `kind`, or raise KG205."""
        vocabulary = self.scope.vocabularies.get(kind.vocabulary)
        if vocabulary is None:
            return text
        found = vocabulary.find(text)
        if found is None:
            raise refuse("KG205", span, code=text, vocabulary=kind.vocabulary, date="—")
        return found
