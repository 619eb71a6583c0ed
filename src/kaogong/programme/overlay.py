"""One document laid over another, as `extends` and `overrides` say (language, section 5).

Mappings merge by name; a plain value, a table, an open slot or a list replaces. `remove` takes
addresses out; a new name goes last, or `before: name`. Every value keeps the place that set it.
"""

from __future__ import annotations

from kaogong.language.finding import Finding, finding
from kaogong.language.span import Block, List, Text

_WHOLE = frozenset({"open", "bands", "cases", "figure", "any", "judge"})
HEAD_OF_ITS_OWN = frozenset({"examples", "replaces", "abstract", "draft", "extends", "overrides"})


def laid_over(base: Block, over: Block) -> tuple[Block, list[Finding]]:
    """Return `base` with `over` laid upon it, and what could not be removed."""
    findings: list[Finding] = []
    made = _merged(base, over)
    removed = made.pop("remove", None)
    made.keys_at.pop("remove", None)
    for address in removed if isinstance(removed, List) else []:
        if isinstance(address, Text) and not _removed(made, address.split(".")):
            findings.append(finding("KG115", address.span, address=address))
    return made, findings


def inherited(base: Block) -> Block:
    """Return what a new document takes from the one it extends: all but what is its own."""
    made = Block(base.span)
    for key, value in base.items():
        if key not in HEAD_OF_ITS_OWN:
            made[key] = value
            made.keys_at[key] = base.keys_at[key]
    return made


def _merged(base: Block, over: Block) -> Block:
    if _WHOLE & set(base) or _WHOLE & set(over):
        return over
    made = Block(over.span)
    made.update(base)
    made.keys_at.update(base.keys_at)
    for key, value in over.items():
        before = base.get(key)
        if isinstance(before, Block) and isinstance(value, Block):
            value = _merged(before, value)
        made[key] = value
        made.keys_at[key] = over.keys_at[key]
    return _ordered(made)


def _ordered(block: Block) -> Block:
    """Put each entry that says `before: name` there."""
    moved = {
        k: v for k, v in block.items() if isinstance(v, Block) and isinstance(v.get("before"), Text)
    }
    for key, value in moved.items():
        target = str(value["before"])
        if target not in block:
            continue
        entry = Block(value.span)
        entry.update({k: v for k, v in value.items() if k != "before"})
        entry.keys_at.update(value.keys_at)
        rest = [(k, v) for k, v in block.items() if k != key]
        block.clear()
        for name, inside in rest:
            if name == target:
                block[key] = entry
            block[name] = inside
    return block


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
    copy = Block(inside.span)
    copy.update(inside)
    copy.keys_at.update(inside.keys_at)
    block[name] = copy
    return _removed(copy, rest)
