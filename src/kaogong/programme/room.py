"""What an upper scheme leaves to a lower level, and whether a lower one stays within (KG607).

`room` fixes everything it does not grant (permu:E10). Filling what the upper text leaves open is no
change, nor is a head of one's own, nor what a compulsory line is held against where the upper text
is silent. A trial programme (`draft: true`) may try anything: it is there to see what another rule
would do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaogong.kinds.scheme import Scheme
from kaogong.language.finding import Finding, finding
from kaogong.language.interval import NotAnInterval, read_interval
from kaogong.language.quantity import read_quantity
from kaogong.language.span import Block, Span, Text, span_of
from kaogong.programme.load import Linked, of_kind

RULES = (
    "population", "units", "groups", "scores", "scoring", "adjust", "adjust_caps", "total", "rank",
    "pools", "classes", "moves", "vacated", "room", "let", "parameters",
)  # fmt: skip
OWN_NAMES = ("let", "parameters")  # a new name of one's own changes nothing of the upper text
WORDS = frozenset({"title", "source", "note"})
COMPARED_WITH = frozenset({"benchmark", "low", "high", "with"})
CLASSES = frozenset({"classes", "pools"})
Path = tuple[str, ...]
Change = tuple[Path, Span]


def check_room(linked: Linked) -> Iterator[Finding]:
    """Yield every change of a lower document that its upper one leaves no room for."""
    if linked.header is not None and linked.header.draft:
        return
    for id, document, _ in of_kind(linked.documents, Scheme):
        upper = next((block for block in document.before if _room(block) is not None), None)
        room = None if upper is None else _room(upper)
        if upper is None or room is None:
            continue
        lower = _Lower(upper, document.block, room)
        for path, span in lower.beyond():
            yield finding("KG607", span, place=".".join((id, *path)))


def _room(block: Block) -> Block | None:
    room = block.get("room")
    return room if isinstance(room, Block) and not _is_open(room) else None


@dataclass(frozen=True, slots=True)
class _Lower:
    """A lower text beside the upper one it is laid over."""

    upper: Block
    lower: Block
    room: Block

    def beyond(self) -> Iterator[Change]:
        """Yield the changes outside of the room, then the lines that are too many or too heavy."""
        for key in RULES:
            for path, span in _changes(self.upper, self.lower, (key,)):
                if not self._may(path):
                    yield path, span
        for path in self._tables_of_lines():
            yield from self._too_much(path)

    def _may(self, path: Path) -> bool:
        where = path[2:] if path[0] == "groups" else path
        if not where:
            return False
        if where[0] in CLASSES:
            return self.room.get("classes") == "true"
        if where[0] == "scores":
            return self._may_score(path, where)
        return where[0] in OWN_NAMES and len(where) <= 2 and _at(self.upper, path) is None

    def _may_score(self, path: Path, where: Path) -> bool:
        """Tell whether a change of a line is one of its own lines, or fills a compulsory one."""
        if "scores" in self.room and len(where) > 1:
            above = path[: len(path) - len(where) + 2]
            if self._is_own(above):
                return True
        is_new = _at(self.upper, path) is None
        return len(where) == 3 and where[2] in COMPARED_WITH and is_new

    def _is_own(self, path: Path) -> bool:
        """Tell whether the upper text has no such line, or only keeps its place."""
        line = _at(self.upper, path)
        return not isinstance(line, Block) or _is_open(line.get("indicator"))

    def _tables_of_lines(self) -> Iterator[Path]:
        if isinstance(_at(self.lower, ("scores",)), Block):
            yield ("scores",)
        groups = self.lower.get("groups")
        for name in groups if isinstance(groups, Block) and not _is_open(groups) else ():
            if isinstance(_at(self.lower, ("groups", name, "scores")), Block):
                yield ("groups", name, "scores")

    def _too_much(self, path: Path) -> Iterator[Change]:
        granted, table = self.room.get("scores"), _at(self.lower, path)
        if not isinstance(granted, Block) or not isinstance(table, Block) or _is_open(table):
            return
        own = [line for name, line in table.items() if self._is_own((*path, name))]
        heaviest, count = _number(granted.get("weight")), granted.get("lines")
        weight = sum((_number(_get(line, "weight")) or Fraction(0) for line in own), Fraction(0))
        lines = sum(max(1, len(_parts(line))) for line in own)
        too_heavy = heaviest is not None and weight > heaviest
        if too_heavy or not _holds(count, lines):
            yield path, span_of(own[0] if own else table, self.lower.span)


def _changes(upper: Block, lower: Block, path: Path) -> Iterator[Change]:
    """Yield the places below `path` where two texts say different things."""
    before, after = _at(upper, path), _at(lower, path)
    if path[-1] in WORDS or before is after or _is_open(before):
        return
    if isinstance(before, Block) and isinstance(after, Block) and not _is_open(after):
        for key in dict.fromkeys((*before, *after)):
            yield from _changes(upper, lower, (*path, key))
    elif before is None or after is None or not _is_equal(before, after):
        yield path, span_of(after, lower.span)


def _is_equal(one: object, other: object) -> bool:
    if isinstance(one, Text) and isinstance(other, Text):
        numbers = _number(one), _number(other)
        return str(one) == str(other) or (None not in numbers and numbers[0] == numbers[1])
    return one == other


def _at(block: Block, path: Path) -> object:
    place: object = block
    for step in path:
        place = _get(place, step)
    return place


def _get(place: object, key: str) -> object:
    return place.get(key) if isinstance(place, Block) else None


def _is_open(node: object) -> bool:
    return isinstance(node, Block) and "open" in node


def _parts(line: object) -> Block:
    parts = _get(line, "parts")
    return parts if isinstance(parts, Block) and not _is_open(parts) else Block(Span(""))


def _number(node: object) -> Fraction | None:
    quantity = read_quantity(node) if isinstance(node, Text) else None
    return None if quantity is None else quantity.base


def _holds(interval: object, number: int) -> bool:
    """Tell whether a number lies in a written interval; without a sound one it does."""
    if not isinstance(interval, Text):
        return True
    try:
        return read_interval(interval).contains(Fraction(number))
    except NotAnInterval:
        return True
