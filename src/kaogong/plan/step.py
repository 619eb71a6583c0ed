"""A plan: named steps in order, each a select over earlier relations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a relation: what it is called, and what its numbers mean."""

    name: str
    kind: str  # number, text, yes_no, date
    scale: int = 0
    unit: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    most: int = 10**18  # greatest absolute value in whole units


@dataclass(frozen=True, slots=True)
class Step:
    """One named table, made by one select; `note` says what it is for."""

    name: str
    query: exp.Select
    note: str
    is_kept: bool = False  # a table; otherwise a view, unfolded into what reads it
    is_gathered: bool = False  # a kept table that grows by the rows of each part


@dataclass(frozen=True, slots=True)
class Output:
    """One file of a relation: the rows of one document, with declared types and order."""

    relation: str
    document: str
    query: exp.Select
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    is_whole: bool = False  # made of what is gathered or kept of all, so after the last part


@dataclass(frozen=True, slots=True)
class Apart:
    """How a plan may be carried out part by part: some of its lists at a time, each one whole.

    What stands before `first` is made once, over everybody. From it on, nothing looks beyond a
    list, so `source` may be narrowed to the rows of some lists by a range of `column`.
    """

    source: str  # the view of subjects with their facts
    column: str  # its text that says in which list a subject stands
    first: str  # the first step that is made for each part


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one document, and what it puts out."""

    document: str
    steps: tuple[Step, ...]
    outputs: tuple[Output, ...]
    reads: tuple[str, ...]  # registers
    published: tuple[str, ...] = ()  # schemes whose results are read
    closures: tuple[str, ...] = ()  # vocabularies whose codes above are read
    followed: tuple[str, ...] = ()  # registers whose predecessors matter
    apart: Apart | None = None  # None: only as a whole
