"""What registers may be used for: one that names purposes is read by those kinds only (KG711).

A register of opinion, or of who studied where, may serve a bulletin and never a score. Using it
through an indicator, a local name or a link is using it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kaogong.kinds.register import Register
from kaogong.language.expression import Expression, OverRecords, Read, Via, walk
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Span
from kaogong.programme.load import Documents, of_kind


def check_purposes(
    uses: Iterable[tuple[str, Iterable[Expression]]], documents: Documents
) -> list[Finding]:
    """Return the uses of registers that their purpose does not allow.

    `uses` holds, for each document, its kind and its expressions.
    """
    purposes = {
        id: tuple(str(kind) for kind in model.purpose)
        for id, _, model in of_kind(documents, Register)
        if model.purpose
    }
    if not purposes:
        return []
    return [
        finding("KG711", span, register=id, kind=kind, purpose=", ".join(purposes[id]))
        for kind, expressions in uses
        for id, span in registers_read(expressions).items()
        if id in purposes and kind not in purposes[id]
    ]


def registers_read(expressions: Iterable[Expression]) -> Mapping[str, Span]:
    """Return every register that expressions read, with the first place that does."""
    found: dict[str, Span] = {}
    seen: set[object] = set()
    stack = [(expression, expression.span) for expression in expressions]
    while stack:
        expression, span = stack.pop()
        for node in walk(expression):
            for register in _registers(node):
                found.setdefault(register, span)
            inside = node.fact.definition if isinstance(node, Read) else None
            if isinstance(node, Read) and inside is not None and node.fact.key not in seen:
                seen.add(node.fact.key)
                stack.append((inside, span))
    return found


def _registers(node: Expression) -> Iterator[str]:
    if isinstance(node, OverRecords):
        yield node.register
    elif isinstance(node, Read) and node.fact.home == "field":
        yield node.fact.owner
    elif isinstance(node, Via) and node.link.links_to is not None:
        yield node.link.owner
