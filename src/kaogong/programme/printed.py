"""Parts as a person reads them: one line each, or a line with lines below it.

What a text means is never computed here; it is the text itself, with names and fixed words in one
language. Numbers stay as they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kaogong.kinds.words import spoken_word
from kaogong.language.scope import Scope
from kaogong.language.span import Block, List, Text
from kaogong.programme.describe_words import phrase
from kaogong.programme.load import Documents
from kaogong.programme.spoken import name_in, spoken

SHOWN_CODES = 8
SETTLING = frozenset({"none", "mean", "drop", "hold", "missing", "worst", "best"})


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; lines of a depth belong to the last one above them that is less deep."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Speech:
    """How parts of one document are said: in which language, with whose names."""

    language: str
    documents: Documents
    scope: Scope

    def say(self, name: str, **values: object) -> str:
        """Return a phrase in the language."""
        return phrase(name, self.language, **values)

    def expression(self, text: str) -> str:
        """Return an expression with its names in the language; a settling word is spelled out."""
        if text in SETTLING:
            return spoken_word(text, self.language)
        return spoken(text, self.scope, self.documents, self.language)

    def name(self, text: str) -> str:
        """Return the title of a name."""
        return name_in(text, self.scope, self.documents, self.language)

    def title(self, text: str) -> str:
        """Return the title of a name that stands alone, without quotes."""
        return self.name(text).strip('"')

    def order(self, text: str) -> str:
        """Return `total desc` with the direction in words."""
        head, _, direction = text.rpartition(" ")
        if not head:
            return self.expression(text)
        return f"{self.expression(head)} {spoken_word(direction, self.language)}"

    def document(self, kind: str, id: str) -> str:
        """Return the title of another document, or its id."""
        found = self.documents.get((kind, id))
        if found is None:
            return id
        titles = found.model.title
        return titles.get(self.language) or (titles["zh"] if self.language == "zh" else _words(id))

    def listed(self, items: list[str]) -> str:
        """Return items one after the other."""
        return self.say("comma").join(items)

    # -- values and conditions ------------------------------------------------------------

    def value(self, node: object) -> Iterator[Line]:
        """Yield a value: first its own line, then what a table holds."""
        if isinstance(node, Block):
            for key, build in _VALUES.items():
                if key in node:
                    yield from build(self, node)
                    return
        if isinstance(node, List):
            low, high = (self.one_line(each) for each in (*node, *node)[:2])
            yield Line(0, self.say("range", low=low, high=high))
        elif isinstance(node, Text):
            yield Line(0, self.expression(node))

    def condition(self, node: object) -> Iterator[Line]:
        """Yield a condition: first its own line, then the named conditions it is made of."""
        if isinstance(node, Text):
            is_plain = node in ("true", "false")
            text = spoken_word(node, self.language) if is_plain else self.expression(node)
            yield Line(0, text)
        elif isinstance(node, Block):
            yield from self._condition(node)

    def _condition(self, node: Block) -> Iterator[Line]:
        if "open" in node:
            yield from self.open(node)
        elif "judge" in node:
            by, sentence = node.get("by", "—"), node["judge"]
            yield Line(0, self.say("judged", by=by, sentence=sentence))
        elif "when" in node:
            yield Line(0, self._test(node))
        else:
            named = node["any"] if set(node) == {"any"} else node
            yield Line(0, self.say("any_of" if named is not node else "all_of"))
            for name, inside in named.items() if isinstance(named, Block) else ():
                first, *rest = self.condition(inside)
                yield Line(1, f"{name}{self.say('colon')}{first.text}")
                yield from (Line(each.depth + 1, each.text) for each in rest)

    def _test(self, node: Block) -> str:
        text = "".join(line.text for line in self.condition(node["when"]))
        if "asked" in node:
            text += f"（{self.say('asked', when=self.expression(str(node['asked'])))}）"
        if "unknown" in node:
            word = spoken_word(str(node["unknown"]), self.language)
            text += f"（{self.say('unknown', word=word)}）"
        return text

    def one_line(self, node: object) -> str:
        """Return a value on one line."""
        return self.say("semicolon").join(line.text for line in self.value(node))

    def open(self, node: Block) -> Iterator[Line]:
        """Yield an open slot: why, and who can fill it."""
        text = self.say("open", why=node["open"])
        if "ask" in node:
            text += self.say("ask", role=node["ask"])
        yield Line(0, text)

    def bands(self, node: Block) -> Iterator[Line]:
        """Yield a table of bands."""
        yield Line(0, self.say("bands", of=self.expression(str(node.get("of", "")))))
        bands = node["bands"]
        for interval, value in bands.items() if isinstance(bands, Block) else ():
            yield Line(1, f"{interval}{self.say('colon')}{self.one_line(value)}")
        if "else" in node:
            yield Line(1, f"{self.say('else')}{self.say('colon')}{self.one_line(node['else'])}")

    def cases(self, node: Block) -> Iterator[Line]:
        """Yield a cascade of cases."""
        yield Line(0, self.say("cases"))
        rows = node["cases"]
        for row in rows if isinstance(rows, List) else ():
            if not isinstance(row, Block):
                continue
            if "else" in row:
                head, value = self.say("else"), row["else"]
            else:
                when = self.say("semicolon").join(x.text for x in self.condition(row.get("when")))
                head, value = self.say("case", when=when), row.get("then")
            yield Line(1, f"{head}{self.say('colon')}{self.one_line(value)}")

    def figure(self, node: Block) -> Iterator[Line]:
        """Yield a figure of many subjects."""
        of, over = node.get("of"), str(node.get("over", "group"))
        more = self.say("quantile_at", at=node["at"]) if "at" in node else ""
        more += self.say("times", times=node["times"]) if "times" in node else ""
        more += self.say("before") if node.get("period") == "prior" else ""
        yield Line(0, self.say(
            "figure",
            of=self.say("this_line") if of is None else self.expression(str(of)),
            figure=spoken_word(str(node["figure"]), self.language), more=more,
            over=spoken_word(over, self.language) if over in PLAIN_OVER else self.name(over),
        ))  # fmt: skip

    # -- parameters, codes ----------------------------------------------------------------

    def parameter(self, node: object) -> Iterator[Line]:
        """Yield a parameter: a value, a table by code, numbers by date, or a set of codes."""
        if not isinstance(node, Block) or not set(node) & {"values", "list"}:
            yield from self.value(node)
            return
        listed, values = node.get("list"), node.get("values")
        if listed is not None:
            codes = [str(code) for code in (listed if isinstance(listed, List) else [listed])]
            name = self.document("Register", str(node.get("codes", "")))
            yield Line(0, self.say(
                "list_of", codes=name, n=len(codes), listed=self.some_of(codes)
            ))  # fmt: skip
        elif isinstance(values, Block) and "open" in values:
            yield from self.open(values)
        elif isinstance(values, Block):
            yield from self._entries(node, values)

    def _entries(self, node: Block, values: Block) -> Iterator[Line]:
        unit = str(node.get("unit", ""))
        if "by" in node:
            by = node["by"]
            names = [self.name(str(n)) for n in (by if isinstance(by, List) else [by])]
            yield Line(0, self.say("table_of", by=self.listed(names), n=len(values)))
        for place, (key, value) in enumerate(values.items()):
            text = self.one_line(value) if not _is_nested(value) else self._nested(value)
            if "by" in node:
                yield Line(1, f"{key}{self.say('colon')}{text}{unit}")
            else:
                yield Line(min(place, 1), self.say("dated", when=key, value=f"{text}{unit}"))

    def _nested(self, value: object) -> str:
        pairs = value.items() if isinstance(value, Block) else ()
        return self.listed([f"{key} {self.one_line(inside)}" for key, inside in pairs])

    def some_of(self, codes: list[str]) -> str:
        """Return the first codes of a list, and whether there are more."""
        more = self.say("more") if len(codes) > SHOWN_CODES else ""
        return self.listed(codes[:SHOWN_CODES]) + more


PLAIN_OVER = ("group", "pool", "all")
_VALUES: Mapping[str, Callable[[Speech, Block], Iterator[Line]]] = {
    "open": Speech.open,
    "bands": Speech.bands,
    "cases": Speech.cases,
    "figure": Speech.figure,
}


def _is_nested(node: object) -> bool:
    return isinstance(node, Block) and not set(node) & set(_VALUES)


def _words(id: str) -> str:
    return id.replace("_", " ")
