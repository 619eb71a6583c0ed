"""Which schemes a programme takes as its own, out of all it extends.

A library holds the schemes of many places. A region adopts one by declaring it, by changing it, or
by extending a programme that changes it; the others are there to be extended and compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kaogong.programme.load import Document, Documents

INVENTED = "_invented"  # ends the id of a programme laid over another to try it on invented data


class HasDocuments(Protocol):
    """The little that is asked of a programme."""

    @property
    def id(self) -> str:
        """Return the programme's id."""

    @property
    def documents(self) -> Documents:
        """Return its documents."""


def adopted(programme: HasDocuments, scheme: str) -> bool:
    """Tell whether a scheme is the programme's own."""
    return is_own(programme.documents["Scheme", scheme], programme.id)


def is_own(document: Document, programme: str) -> bool:
    """Tell whether a document is the programme's own, or changed for it.

    What is laid over a programme to try it on invented data stands for that programme.
    """
    return (
        document.programme in (programme, programme.removesuffix(INVENTED)) or document.is_changed
    )
