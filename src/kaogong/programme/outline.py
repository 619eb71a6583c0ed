"""The body of one printed document: its keys in written order, then what applies by default.

What its author wrote on one line is printed on one line; a value that lies over another one gets a
line of its own, with what it covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from kaogong.kinds.register import Field, Register
from kaogong.kinds.shape import Key, Shape, keys_of
from kaogong.kinds.words import spoken_word
from kaogong.language.span import Block, List, Span, Text, span_of
from kaogong.language.vocabulary import Vocabulary
from kaogong.programme.layers import Layers, Path, is_table
from kaogong.programme.leaves import Leaves
from kaogong.programme.load import Document
from kaogong.programme.printed import Line, Speech

HEAD = frozenset({
    "kind", "id", "title", "source", "effective_from", "effective_to", "overrides", "extends",
})  # fmt: skip
LONGEST = 240  # characters of what is printed on one line
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outline:
    """One document, ready to be printed."""

    document: Document
    speech: Speech
    vocabularies: Mapping[str, Vocabulary]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the document below its head, as nested Markdown lists."""
        model, block = type(self.document.model), self.document.block
        for made in (self._keys(model, block, (), 0), self._vocabulary(), self._removed()):
            yield from (f"{'  ' * line.depth}- {line.text}" for line in made)

    @property
    def _head(self) -> frozenset[str]:
        """Return the keys that are printed elsewhere: in the head, or as a summary of codes."""
        model = self.document.model
        is_list = isinstance(model, Register) and model.is_vocabulary
        return HEAD | {"codes"} if is_list else HEAD

    # -- keys -----------------------------------------------------------------------------

    def _keys(self, model: type[BaseModel], block: Block, path: Path, depth: int) -> Iterator[Line]:
        keys, without = keys_of(model), self._head if not path else NOTHING
        for name, node in block.items():
            if name in keys and name not in without:
                yield from self._key(keys[name], node, (*path, name), depth)
        for key in keys.values():
            if key.name not in block and key.name not in without:
                yield from (Line(depth, text) for text in self._default(key))

    def _key(self, key: Key, node: object, path: Path, depth: int) -> Iterator[Line]:
        first, *rest = self._node(key.shape, node, path)
        head = self._headed(key.titles[self.speech.language], first.text)
        yield Line(depth, head + self._place(key.shape, node, path, rest))
        yield from (Line(depth + line.depth, line.text) for line in rest)

    def _default(self, key: Key) -> Iterator[str]:
        """Yield what holds where a key is not written, marked as a default."""
        language = self.speech.language
        if key.absent is not None:
            value = key.absent[language]
        elif isinstance(key.default, bool | str):
            value = spoken_word(str(key.default).lower(), language)
        else:
            return
        yield self._headed(key.titles[language], f"{value} ({self.speech.say('default')})")

    # -- nodes by their shape -------------------------------------------------------------

    def _node(self, shape: Shape, node: object, path: Path) -> list[Line]:
        """Return what stands at a place: its own line, then the lines below it."""
        flat = self._on_one_line(shape, node, path)
        if flat is not None:
            return [Line(0, flat + self._defaults_inside(shape, node))]
        if isinstance(node, Block) and not is_table(node):
            if shape.form == "model" and shape.model is not None:
                return [Line(0, ""), *self._keys(shape.model, node, path, 1)]
            if shape.form == "named" and shape.inside is not None:
                return [Line(0, ""), *self._named(shape.inside, node, path)]
        return self._leaves.part(shape, node, path) or [Line(0, "—")]

    def _named(self, inside: Shape, block: Block, path: Path) -> Iterator[Line]:
        """Yield named things; the defaults of those that do not say are told once."""
        for name, node in block.items():
            first, *rest = self._entry(inside, node, (*path, name))
            text = self._headed(self._heading(name, node, path), first.text)
            yield Line(1, text + self._place(inside, node, (*path, name), rest))
            yield from (Line(1 + line.depth, line.text) for line in rest)
        if inside.model is not None and (told := self._defaults_of_each(inside.model, block)):
            yield Line(1, self._headed(self.speech.say("defaults_of_each"), told))

    def _entry(self, inside: Shape, node: object, path: Path) -> list[Line]:
        model = inside.model
        if model is None or not isinstance(node, Block) or is_table(node):
            return self._node(inside, node, path)
        flat = self._on_one_line(inside, node, path)
        if flat is not None:
            return [Line(0, flat)]
        keys = keys_of(model)
        made = [Line(0, "")]
        for key, value in node.items():
            if key in keys and key != "title":
                made += self._key(keys[key], value, (*path, key), 1)
        return made

    def _heading(self, name: str, node: object, path: Path) -> str:
        published = self._leaves.published(name, path)
        if published != name:
            return published
        title = node.get("title") if isinstance(node, Block) else None
        shown = self._leaves.title(title) if title is not None else ""
        return f"**{shown}** `{name}`" if shown else f"`{name}`"

    def _defaults_of_each(self, model: type[BaseModel], block: Block) -> str:
        entries = [n for n in block.values() if isinstance(n, Block) and "open" not in n]
        told = [
            text
            for key in keys_of(model).values()
            if any(key.name not in entry for entry in entries)
            for text in self._default(key)
        ]
        if model is Field and any("type" not in entry for entry in entries):
            told.append(self.speech.say("type_told"))
        return self.speech.say("semicolon").join(told)

    def _headed(self, head: str, text: str) -> str:
        return f"{head}{self.speech.say('colon')}{text}" if text else head

    # -- places and layers ----------------------------------------------------------------

    @property
    def _leaves(self) -> Leaves:
        return Leaves(self.speech, self.document.block)

    def _on_one_line(self, shape: Shape, node: object, path: Path) -> str | None:
        """Return a mapping that was written on one line and lies over nothing; else None."""
        if shape.form not in ("model", "named") or not isinstance(node, Block) or is_table(node):
            return None
        places = {(span.file, span.line) for span in _spans(node)}
        if len(places) != 1 or self._covers(node, path):
            return None
        text = self._leaves.flat(shape, node, path)
        return text if len(text) <= LONGEST else None

    def _defaults_inside(self, shape: Shape, node: object) -> str:
        """Return what applies by default within a mapping on one line."""
        told = ""
        if shape.form == "model" and shape.model is not None and isinstance(node, Block):
            keys = keys_of(shape.model).values()
            defaults = [t for k in keys if k.name not in node for t in self._default(k)]
            told = self.speech.say("semicolon").join(defaults)
        elif (
            shape.inside is not None and shape.inside.model is not None and isinstance(node, Block)
        ):
            told = self._defaults_of_each(shape.inside.model, node)
        return f"{self.speech.say('semicolon')}{told}" if told else ""

    def _covers(self, node: object, path: Path) -> bool:
        if not self.document.before:
            return False
        if Layers(self.document).covered(path):
            return True
        inside = node.items() if isinstance(node, Block) and not is_table(node) else ()
        return any(self._covers(each, (*path, key)) for key, each in inside)

    def _place(self, shape: Shape, node: object, path: Path, below: list[Line]) -> str:
        """Return where a value was set, and what it covered."""
        covered = Layers(self.document).covered(path)
        span = next(_spans(node), span_of(node, Span("")))
        is_set_here = not isinstance(node, Block) or is_table(node) or not below or bool(covered)
        said = f" ⟨{span.file}:{span.line}⟩" if is_set_here and span.line else ""
        for each in covered:
            at = span_of(each, span)
            value = self._leaves.flat(shape, each, path)
            said += f" ({self.speech.say('was', value=value)} ⟨{at.file}:{at.line}⟩)"
        return said

    def _removed(self) -> Iterator[Line]:
        gone = list(Layers(self.document).removed())
        if gone:
            yield Line(0, self.speech.say("removed"))
        for each in gone:
            at = span_of(each.node, each.by)
            places = f"⟨{at.file}:{at.line}⟩ → ⟨{each.by.file}:{each.by.line}⟩"
            yield Line(1, f"`{'.'.join(each.path)}` {places}")

    def _vocabulary(self) -> Iterator[Line]:
        """Yield a summary of the codes that a register lists."""
        vocabulary = self.vocabularies.get(str(self.document.model.id))
        if vocabulary is None or not isinstance(self.document.model, Register):
            return
        codes = [
            code if each.title in ("", code) else f"{code} {each.title}"
            for code, each in vocabulary.codes.items()
        ]
        name = "codes_ordered" if vocabulary.is_ordered else "codes"
        text = self.speech.say(name, n=len(codes), listed=self.speech.some_of(codes))
        at = next(_spans(self.document.block.get("codes")), None)
        yield Line(0, text if at is None else f"{text} ⟨{at.file}:{at.line}⟩")


def _spans(node: object) -> Iterator[Span]:
    """Yield where the texts below a node stand, in written order."""
    if isinstance(node, Text):
        yield node.span
    elif isinstance(node, Block):
        for inside in node.values():
            yield from _spans(inside)
    elif isinstance(node, List):
        for inside in node:
            yield from _spans(inside)
