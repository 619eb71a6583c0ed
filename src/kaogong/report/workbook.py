"""One ranking pool of a run as a workbook with live formulas (xlsx).

Sheets: what it is, parameters, inputs, scores, findings. The cached value of each formula is the
run's exact result; a cell that an office suite counts to another digit is listed, not hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaogong import __version__
from kaogong.insight.facts import RunSubject
from kaogong.insight.opened import OpenedRun
from kaogong.insight.others import RunOthers
from kaogong.insight.registers import Registers
from kaogong.insight.step import exact
from kaogong.insight.totals import decimals
from kaogong.language.evaluate import evaluate
from kaogong.language.expression import Expression
from kaogong.language.finding import Finding, finding
from kaogong.language.span import Span
from kaogong.programme.rules import GroupRule, SchemeRules
from kaogong.report.formula import written
from kaogong.report.grid import Content, Counted, Grid
from kaogong.report.parameters import Parameters, Shown, set_of
from kaogong.report.pool import Pool, read_pool
from kaogong.report.scores import Scores
from kaogong.report.words import say

if TYPE_CHECKING:
    import duckdb
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

MADE_AT = datetime(
    2000, 1, 1, tzinfo=UTC
)  # of the file's own papers, so that equal runs give equal bytes
WIDE = 60


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the workbook stands, and what its sheet of findings says."""

    path: Path
    subjects: int
    findings: tuple[Finding, ...]


def export_workbook(
    run: OpenedRun, scheme: str, pool: str, path: Path, language: str = "zh"
) -> Exported:
    """Write one pool as a workbook.

    Raise NotInRun where the run has no such scheme or pool, Refused (KG721) where the pool holds
    more subjects than a workbook takes.
    """
    rules = run.scheme(scheme)
    with run.connected() as connection:
        made = _Book(run, rules, read_pool(run, rules, pool, connection), language)
        made.fill(connection)
    findings = tuple(made.findings())
    made.tell(findings)
    _write(made.grids, path)
    return Exported(path, len(made.pool.subjects), findings)


class _Book:
    """The grids of one workbook."""

    def __init__(self, run: OpenedRun, rules: SchemeRules, pool: Pool, language: str) -> None:
        self.run, self.rules, self.pool, self.language = run, rules, pool, language
        names = ("about", "parameters", "inputs", "scores", "findings")
        self.about, parameters, inputs, scores, self.told = (
            Grid(say(language, name)) for name in names
        )
        self.parameters = Parameters(parameters, language)
        self.scores = Scores(rules, pool, inputs, scores, self.parameters, language)

    @property
    def grids(self) -> list[Grid]:
        """Return the sheets in the order of the workbook."""
        return [self.about, self.parameters.grid, self.scores.inputs, self.scores.scores, self.told]

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Fill parameters, inputs and scores."""
        registers = Registers(self.run, connection)
        scale = decimals(self.rules)
        for group in self.pool.groups:
            shown = [self._shown(registers, group, row) for row in self._of_each_set(group)]
            self.parameters.add_lines(group, shown, scale)
        anybody = RunSubject(registers, self.pool.subjects[0]["subject"])
        caps = {k: _number(e, anybody) for k, e in self.rules.adjust_caps.items()}
        floor = None if self.rules.floor is None else _number(self.rules.floor, anybody)
        self.parameters.add_caps({k: v for k, v in caps.items() if v is not None}, floor)
        self.scores.lay_out()
        for group in self.pool.groups:
            self.parameters.add_quotas(group, self.scores.rated(), self._counts(group.id))
        self.scores.fill()
        self._say_what_it_is()

    def _of_each_set(self, group: GroupRule) -> list[Mapping[str, Any]]:
        """Return the first row of the group, and of every set that figures are taken of."""
        rows = self.pool.of_group(group.id)
        found = {tuple(set_of(line, row) for line in group.lines): row for row in reversed(rows)}
        return list(reversed(found.values()))

    def _shown(self, registers: Registers, group: GroupRule, row: Mapping[str, Any]) -> Shown:
        subject = RunSubject(registers, row["subject"])
        connection, scheme = registers.connection, self.rules.id
        return row, subject, RunOthers(
            self.run, connection, scheme, group.id, subject, self.pool.id
        )  # fmt: skip

    def _counts(self, group: str) -> tuple[int, int | None]:
        row = self.pool.of_group(group)[0]
        return int(row["pool_size"] or 0), row["quota_base"]

    def _say_what_it_is(self) -> None:
        """Fill the sheet that says what this is."""
        for row, (title, text) in enumerate(self._about()):
            self.about.put(row, 0, title, "head" if title else "")
            self.about.put(row, 1, text, "note" if not title else "")
        self.about.widths = {0: 16, 1: WIDE}

    def _about(self) -> Iterator[tuple[str, str]]:
        manifest, source = self.run.manifest, self._source()
        first = self.pool.subjects[0]
        yield self._say("scheme"), self.rules.title.get(self.language) or self.rules.id
        yield self._say("scheme_id"), self.rules.id
        yield self._say("version"), str(first["version"])
        yield self._say("period"), str(manifest["period"])
        yield self._say("as_of"), str(manifest["as_of"])
        yield self._say("pool"), self.pool.id
        yield self._say("subjects"), str(len(self.pool.subjects))
        yield self._say("source"), source
        yield self._say("evidence"), self.rules.evidence
        yield self._say("programme"), str(manifest["programme"]["id"])
        yield self._say("content"), str(manifest["programme"]["content"])
        yield self._say("made_by"), f"Kaogong 考工 {__version__}"
        marks = {"synthetic": self.run.is_synthetic, "trial": bool(first["trial"]),
                 "example": self.rules.evidence == "example"}  # fmt: skip
        yield from (("", self._say(mark)) for mark, is_so in marks.items() if is_so)
        yield "", self._say("how_to_read")
        yield "", self._say("exact")

    def _source(self) -> str:
        source = self.run.programme.documents["Scheme", self.rules.id].model.source
        if source is None:
            return ""
        parts = (source.document, source.number, source.issuer, source.issued, source.link)
        return " ".join(str(part) for part in parts if part is not None)

    def _say(self, id: str, /, **values: object) -> str:
        return say(self.language, id, **values)

    # -- findings -------------------------------------------------------------------------

    def findings(self) -> Iterator[Finding]:
        """Yield the columns that are no formulas, and the cells that count to another digit."""
        for column, why in self.scores.not_live.items():
            yield finding("KG724", self.rules.span, item=column, why=why)
        for each in Counted(self.grids).differences():
            yield finding("KG722", Span(""), cell=each.place, got=each.got, want=each.want)

    def tell(self, findings: tuple[Finding, ...]) -> None:
        """Fill the sheet of findings."""
        for column, key in enumerate(("finding_id", "level", "sentence", "hint")):
            self.told.put(0, column, self._say(key), "head")
        for row, each in enumerate(findings, 1):
            texts = (each.id, each.level, each.sentence(self.language), each.hint(self.language))
            for column, text in enumerate(texts):
                self.told.put(row, column, text)
        if not findings:
            self.told.put(1, 2, self._say("no_findings"))
        self.told.widths = {2: WIDE, 3: WIDE}


def _number(expression: Expression, subject: RunSubject) -> Decimal | None:
    value = evaluate(expression, subject)
    return exact(value) if isinstance(value, Fraction) else None


def _write(grids: list[Grid], path: Path) -> None:
    """Write the grids as one file; texts stay texts, whatever they begin with."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": MADE_AT, "title": grids[0].cells[0, 1].value})
    styles = _styles(book)
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        for column, width in grid.widths.items():
            sheet.set_column(column, column, width)
        if grid.frozen != (0, 0):
            sheet.freeze_panes(*grid.frozen)
        for (row, column), content in sorted(grid.cells.items(), key=lambda cell: cell[0]):
            _put(sheet, row, column, content, styles)
    book.close()


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    made = {
        "": book.add_format({}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "note": book.add_format({"text_wrap": True, "italic": True}),
    }
    made |= {str(n): book.add_format({"num_format": _decimals(n)}) for n in range(13)}
    return made


def _decimals(n: int) -> str:
    return "0." + "0" * n if n else "0"


def _put(sheet: Worksheet, row: int, column: int, content: Content, styles: dict[str, Any]) -> None:
    style = styles[content.style or ("" if content.decimals is None else str(content.decimals))]
    value = content.value
    if content.formula is not None:
        cached = "" if value is None else value if isinstance(value, str) else float(value)
        sheet.write_formula(row, column, f"={written(content.formula)}", style, cached)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif value is not None:
        sheet.write_number(row, column, float(value), style)
