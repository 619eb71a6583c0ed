"""What the numbers of a workbook's cells are by their formats: figures, percent, days.

Runs in the process that opens workbooks and imports nothing of the project.
"""

from __future__ import annotations

import re


def cell_formats(styles: str) -> dict[int, str]:
    """Return what the numbers of cells are by their formats: number, percent, date or unknown."""
    codes = {
        attribute(tag, "numFmtId"): attribute(tag, "formatCode")
        for tag in re.findall(r"<numFmt\b[^>]*>", styles)
    }
    shown = _BUILT_IN | {number: _shown(code) for number, code in codes.items()}
    formats = re.search(r"<cellXfs\b.*?</cellXfs>", styles, re.DOTALL)
    tags = re.findall(r"<xf\b[^>]*>", formats[0]) if formats else []
    kinds = (shown.get(attribute(tag, "numFmtId") or "0", "unknown") for tag in tags)
    return {0: "number"} | dict(enumerate(kinds))


_BUILT_IN = (
    dict.fromkeys(map(str, (*range(5), 11, 12, 13, *range(37, 45), 48, 49)), "number")
    | {"9": "percent", "10": "percent"}
    | {"14": "date", "31": "date"}
)


def _shown(code: str) -> str:
    """Return what a format of one's own shows, by its signs without texts, colours and fillers."""
    spoken = re.sub(r"&quot;.*?&quot;", "", code)
    if "%" in spoken:
        return "percent"
    bare = re.sub(r"\\.|[_*].|\[(?![hmsHMS])[^\]]*\]", "", spoken)
    if bare == "General" or not re.search(r"[A-Za-z\[]", re.sub("E[+-]", "", bare)):
        return "number"
    is_day = re.fullmatch(r"[ymd年月日/.\-\s;@,]+", bare) and set("ymd") <= set(bare)
    return "date" if is_day else "unknown"


def attribute(tag: str, name: str) -> str:
    """Return an attribute of a tag, as it is written; empty where it has none."""
    found = re.search(rf"""\s{re.escape(name)}=(?:"([^"]*)"|'([^']*)')""", tag)
    return (found[1] or found[2] or "") if found else ""
