"""Which schemes a programme takes as its own, out of all it extends.

A library holds the schemes of many places. A region adopts one by declaring it, by changing it, or by
extending a programme that changes it; the others are there to be extended and compared.
"""

from __future__ import annotations

from kaogong.programme.programme import Programme


def adopted(programme: Programme, scheme: str) -> bool:
    """Tell whether a scheme is the programme's own."""
    document = programme.documents["Scheme", scheme]
    if document.programme == programme.id:
        return True
    return document.is_changed
