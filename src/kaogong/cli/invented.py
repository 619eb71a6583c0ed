"""A programme over invented data: the codes of the divisions that the data were made with.

`kaogong synth` gives its firms division numbers that were never assigned, so no register of real
divisions knows them. Data that say of themselves that they are invented bring their own list. It
is laid over the programme as an overlay, so that the run keeps it and is marked synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kaogong.cli.opened import Opened
from kaogong.language.finding import in_order
from kaogong.programme.adopted import INVENTED

MARK = "synthetic.json"  # what `kaogong synth` writes beside its tables
CODES = "codes/divisions.csv"
DIVISIONS = "divisions"
_REGISTER = """\
kind: Register
overrides: divisions
title: {zh: 行政区划代码（合成）, en: Codes of the invented divisions}
source: {evidence: example}
file: codes/divisions.csv
"""


def over_invented(opened: Opened, data: Path) -> Opened:
    """Return the programme with the divisions of invented data, where it does not know them."""
    from kaogong.data.folder import shelf
    from kaogong.programme.bundle import Bundle
    from kaogong.programme.programme import load_programme

    programme, codes = opened.programme, data / CODES
    known = programme.vocabularies.get(DIVISIONS)
    if not (data / MARK).is_file() or not codes.is_file() or known is None or not opened.can_run:
        return opened
    content = codes.read_bytes()
    if all(code in known.codes for code in _codes(content)):
        return opened
    folder = Path(opened.folder)
    below, beside = programme.bundles[-1], shelf(folder if folder.is_dir() else None)
    named = {programme.id: below}
    files = {"programme.yaml": _header(opened), "registers.yaml": _REGISTER.encode()}
    bundle = Bundle(f"{programme.id}{INVENTED}", {**files, CODES: content})
    made = load_programme(bundle, lambda id: named.get(id) or beside(id))
    return replace(opened, programme=made, findings=tuple(in_order(made.findings)))


def _codes(content: bytes) -> list[str]:
    """Return the codes of a list of divisions."""
    lines = content.decode("utf-8-sig").splitlines()[1:]
    return [line.partition(",")[0] for line in lines if line]


def _header(opened: Opened) -> bytes:
    """Return the header of the overlay: the programme it stands over, its calendar and mark."""
    programme = opened.programme
    header = programme.header
    lines = [
        "kind: Programme", f"id: {programme.id}{INVENTED}", "language: 1", "synthetic: true",
        "title: {zh: 合成数据试算, en: A trial on invented data}", f"extends: [{programme.id}]",
    ]  # fmt: skip
    if header is not None and header.draft:
        lines.append("draft: true")
    if header is not None and header.calendar is not None:
        lines.append(f"calendar: {header.calendar}")
    return ("\n".join(lines) + "\n").encode()
