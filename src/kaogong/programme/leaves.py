"""What stands at the end of a printed address: parts, words, and the titles of what is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kaogong.kinds.indicator import Indicator
from kaogong.kinds.shape import Shape, keys_of
from kaogong.kinds.words import spoken_word
from kaogong.language.scope import fold
from kaogong.language.span import Block, List
from kaogong.programme.layers import Path, at, is_table
from kaogong.programme.load import of_kind
from kaogong.programme.printed import Line, Speech

REGISTERS = frozenset({"of", "link", "codes"})  # keys whose texts name documents of a kind
INDICATORS = frozenset({"indicator"})
SCHEMES = frozenset({"in_place_of", "replaces", "stay_with"})
FIELDS = frozenset({"within", "key", "valid", "dated_by", "succeeds", "comparable"})
PUBLISHED = {"class": "published_class", "score": "published_score", "rank": "published_rank"}
ORDERS = frozenset({"by"})


@dataclass(frozen=True, slots=True)
class Leaves:
    """How the parts of one document are said."""

    speech: Speech
    block: Block

    def flat(self, shape: Shape, node: object, path: Path) -> str:
        """Return whatever stands at a place on one line."""
        semicolon = self.speech.say("semicolon")
        if isinstance(node, Block) and not is_table(node):
            if shape.form == "model" and shape.model is not None:
                keys = keys_of(shape.model)
                return semicolon.join(
                    f"{keys[k].titles[self.speech.language]} "
                    f"{self._within(self.flat(keys[k].shape, v, (*path, k)), keys[k].shape)}"
                    for k, v in node.items()
                    if k in keys and (k != "title" or not path)
                )
            if shape.form == "named" and shape.inside is not None:
                inside = shape.inside
                return semicolon.join(
                    f"{self.published(name, path)} {self.flat(inside, each, (*path, name))}"
                    for name, each in node.items()
                )
        return semicolon.join(line.text for line in self.part(shape, node, path))

    def published(self, name: str, path: Path) -> str:
        """Return a name, or under `publishes` the result that goes by it."""
        is_result = path == ("publishes",) and name in PUBLISHED
        return self.speech.say(PUBLISHED[name]) if is_result else name

    def _within(self, text: str, shape: Shape) -> str:
        return f"[{text}]" if shape.form in ("model", "named") else text

    def part(self, shape: Shape, node: object, path: Path) -> list[Line]:
        """Return a part as its own line and the lines below it."""
        if isinstance(node, Block) and "open" in node:
            return list(self.speech.open(node))
        if path[-1:] == ("examples",) and isinstance(node, Block):
            listed = self.speech.some_of(list(node))
            return [Line(0, self.speech.say("examples", n=len(node), listed=listed))]
        if path[-2:-1] == ("with",):
            return [Line(0, self._option(node, path))]
        build = _PARTS.get(shape.form)
        return [Line(0, self._text(node, path))] if build is None else list(build(self, node))

    def title(self, node: object) -> str:
        """Return a title in the language; empty where it has none."""
        if isinstance(node, Block):
            return str(node.get(self.speech.language, ""))
        return str(node) if self.speech.language == "zh" else ""

    def _option(self, node: object, path: Path) -> str:
        """Return the choice of a variant with what it stands for."""
        name = at(self.block, (*path[:-2], "indicator"))
        for id, _, model in of_kind(self.speech.documents, Indicator):
            if fold(str(name)) in (fold(id), fold(model.title["zh"])):
                text = model.variants.get(path[-1], {}).get(str(node))
                if text is not None:
                    return f"{node} ({self.speech.expression(text)})"
        return str(node)

    def _text(self, node: object, path: Path) -> str:
        if isinstance(node, List):
            return self.speech.listed([self._text(each, path) for each in node])
        if isinstance(node, Block):
            if path[-1:] == ("title",):
                return self.title(node) or str(node.get("zh", ""))
            pairs = [f"{k} {self._text(v, (*path, k))}" for k, v in node.items()]
            return self.speech.say("semicolon").join(pairs)
        for keys, say in _SAID:
            if path and path[-1] in keys:
                return say(self.speech, str(node))
        return spoken_word(str(node), self.speech.language)

    def variants(self, node: object) -> Iterator[Line]:
        """Yield the choices of each local name."""
        yield Line(0, "")
        for name, options in node.items() if isinstance(node, Block) else ():
            yield Line(1, f"`{name}`")
            for choice, text in options.items() if isinstance(options, Block) else ():
                said = self.speech.expression(str(text))
                yield Line(2, f"`{choice}`{self.speech.say('colon')}{said}")

    def local_name(self, node: object) -> Iterator[Line]:
        """Yield a local name: its value, with unit and decimals where they are written."""
        if not isinstance(node, Block) or "value" not in node:
            yield from self.speech.value(node)
            return
        first, *rest = self.speech.value(node["value"])
        more = [str(node[k]) for k in ("unit", "scale") if k in node]
        yield Line(0, f"{first.text} ({self.speech.listed(more)})" if more else first.text)
        yield from rest


def _name(speech: Speech, text: str) -> str:
    return spoken_word(text, speech.language) if text == "group" else speech.title(text)


_PARTS: Mapping[str, Callable[[Leaves, object], Iterator[Line]]] = {
    "value": lambda leaves, node: leaves.speech.value(node),
    "condition": lambda leaves, node: leaves.speech.condition(node),
    "parameter": lambda leaves, node: leaves.speech.parameter(node),
    "let": Leaves.local_name,
    "variants": Leaves.variants,
}
_SAID: tuple[tuple[frozenset[str], Callable[[Speech, str], str]], ...] = (
    (REGISTERS, lambda speech, text: speech.document("Register", text)),
    (INDICATORS, Speech.title),
    (SCHEMES, lambda speech, text: speech.document("Scheme", text)),
    (ORDERS, Speech.order),
    (FIELDS, _name),
)
