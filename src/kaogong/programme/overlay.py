"""One document laid over another, as `extends` and `overrides` say (language, section 5).

Mappings merge by name; a plain value, a table, an open slot or a list replaces. `remove` takes
addresses out; a new name goes last, or `before: name`. Every value keeps the place that set it.
"""

from __future__ import annotations

from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, List, Text
from kaogong.programme.near import nearest

WHOLE = frozenset({"open", "bands", "cases", "figure", "any", "judge"})  # with one it is a table
TABLES = frozenset({"values"})  # keys whose mapping is one table
HEAD_OF_ITS_OWN = frozenset({"examples", "replaces", "abstract", "draft", "extends", "overrides"})
Path = tuple[str, ...]


def laid_over(base: Block, over: Block) -> tuple[Block, list[Finding]]:
    """Return `base` with `over` laid upon it, and what could not be removed or placed."""
    findings: list[Finding] = []
    made = _merged(base, over, findings)
    removed = made.pop("remove", None)
    made.keys_at.pop("remove", None)
    absent = [a for a in _addresses(removed) if not _removed(made, a.split("."))]
    findings += [finding("KG115", a.span, address=a) for a in absent]
    return made, findings


def _addresses(node: object) -> list[Text]:
    if isinstance(node, Text):
        return [node]
    return [each for each in node if isinstance(each, Text)] if isinstance(node, List) else []


def inherited(base: Block) -> Block:
    """Return what a new document takes from the one it extends: all but what is its own."""
    return copied(base, without=HEAD_OF_ITS_OWN)


def copied(block: Block, without: frozenset[str] = frozenset()) -> Block:
    """Return a mapping with the same entries but for some; what is inside is shared."""
    made = Block(block.span)
    made.update({k: v for k, v in block.items() if k not in without})
    made.keys_at.update({k: v for k, v in block.keys_at.items() if k not in without})
    return made


def _merged(base: Block, over: Block, findings: list[Finding]) -> Block:
    if WHOLE & set(base) or WHOLE & set(over):
        return over
    made = Block(over.span)
    made.update(base)
    made.keys_at.update(base.keys_at)
    for key, value in over.items():
        before = base.get(key)
        if isinstance(before, Block) and isinstance(value, Block) and key not in TABLES:
            made[key] = _merged(before, value, findings)
        else:
            made[key] = value
        made.keys_at[key] = over.keys_at[key]
    return _ordered(made, findings)


def _ordered(block: Block, findings: list[Finding]) -> Block:
    """Return the mapping with each entry that says `before: name` put there."""
    wanted = {k: t for k, v in block.items() if (t := _target(v)) is not None}
    if not wanted:
        return block
    names = [name for name in block if name not in wanted]
    for key, target in wanted.items():
        if target in names:
            names.insert(names.index(target), key)
        else:
            near = nearest(target, names)
            findings.append(finding("KG201", target.span, name=target, subject="before", near=near))
            names.append(key)
    made = copied(block, without=frozenset(block))
    made.keys_at.update(block.keys_at)
    for name in names:
        entry = block[name]
        made[name] = copied(entry, frozenset({"before"})) if isinstance(entry, Block) else entry
    return made


def _target(entry: object) -> Text | None:
    target = entry.get("before") if isinstance(entry, Block) else None
    return target if isinstance(target, Text) else None


def _removed(block: Block, path: list[str]) -> bool:
    """Take the entry at `path` out of `block`, copying the way to it; tell whether it was there."""
    name, rest = path[0], path[1:]
    if name not in block:
        return False
    if not rest:
        del block[name]
        return True
    inside = block[name]
    if not isinstance(inside, Block):
        return False
    below = copied(inside)
    block[name] = below
    return _removed(below, rest)
