"""The small county of this folder, and programmes laid over it."""

from __future__ import annotations

from pathlib import Path

from kaogong.language.finding import Finding
from kaogong.programme.bundle import Bundle, Shelf
from kaogong.programme.programme import Programme, load_programme
from kaogong.programme.rules import SchemeRules

HERE = Path(__file__).resolve().parent
COUNTY = {path.name: path.read_bytes() for path in sorted((HERE / "world").glob("*.yaml"))}
OTHER = "kind: Programme\nid: {id}\ntitle: {id}\nlanguage: 1\nextends: [{extends}]\n{more}"


def county(**files: str) -> Programme:
    """Return the county with more files, named without `.yaml`; `__` stands for a point."""
    return load_programme(bundle(**files))


def bundle(**files: str) -> Bundle:
    """Return the files of the county with more of them."""
    more = {f"{name.replace('__', '.')}.yaml": text.encode() for name, text in files.items()}
    return Bundle("", COUNTY | more)


def above(text: str, *, id: str = "upper", more: str = "", **files: str) -> Programme:
    """Return a programme of its own that extends the county and holds one file, `over.yaml`."""
    header = OTHER.format(id=id, extends="county", more=more)
    over = Bundle(id, {"programme.yaml": header.encode(), "over.yaml": text.encode()})
    return load_programme(over, Shelf({"county": bundle(**files)}))


def scheme(id: str = "county_2022", **keys: str) -> str:
    """Return a scheme that extends the plain one and lays the given keys over it."""
    lines = [f"kind: Scheme\nid: {id}\nextends: plain\nabstract: false"]
    return "\n".join([*lines, *(f"{key.rstrip('_')}: {value}" for key, value in keys.items())])


def rules(programme: Programme, id: str = "county_2022") -> SchemeRules:
    """Return the rules of a scheme that was read."""
    assert [f"{f.span} {f.sentence('en')}" for f in errors(programme)] == []
    return programme.schemes[id]


def errors(programme: Programme) -> list[Finding]:
    """Return the findings that let nothing run."""
    return [f for f in programme.findings if f.level == "error"]


def ids(programme: Programme) -> list[str]:
    """Return the ids of what is wrong or to be warned of, in order."""
    return [f.id for f in programme.findings if f.level != "note"]
