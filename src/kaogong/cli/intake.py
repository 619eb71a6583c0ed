"""`kaogong import`: a sheet becomes a snapshot of the store, and the rows that failed go back."""

from __future__ import annotations

import getpass
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli import findings
from kaogong.cli.findings import Manner
from kaogong.cli.opened import Opened, open_programme
from kaogong.cli.options import PERIOD_HELP, Lang, period_of
from kaogong.cli.progress import progress
from kaogong.cli.sentences import say
from kaogong.cli.tongue import both, settled
from kaogong.cli.wrong_use import WrongUse
from kaogong.language.finding import Finding, has_errors

if TYPE_CHECKING:
    import duckdb

    from kaogong.data.against import Against
    from kaogong.data.intake import Intake
    from kaogong.data.shape import RegisterShape
    from kaogong.data.snapshot import Snapshot
    from kaogong.data.sql import Sql
    from kaogong.data.store import Store
    from kaogong.language.period import Period

PERIOD = "period"


def take(  # noqa: PLR0913 (each option of the command is a parameter)
    register: Annotated[
        str, typer.Argument(metavar="REGISTER", help=both("名录编号。", "The id of the register."))
    ],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=both("报表：xlsx、csv或Parquet。", "The sheet: xlsx, csv or Parquet."),
        ),
    ],
    programme: Annotated[
        Path,
        typer.Option(
            help=both("声明该名录的方案：目录或编号。", "The programme that declares the register.")
        ),
    ],
    store: Annotated[
        Path,
        typer.Option(
            help=both("快照库目录；没有则新建。", "The folder of the store; made if new.")
        ),
    ],
    period: Annotated[str | None, typer.Option(help=PERIOD_HELP, show_default=False)] = None,
    part: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=both(
                "几个部门分列报送同一名录时，本表是哪一份。",
                "Which part this is, where several offices deliver columns of one register.",
            ),
            show_default=False,
        ),
    ] = "",
    partly: Annotated[
        bool,
        typer.Option(
            "--partly",
            help=both(
                "有不合格的行时，其余的行照收；默认整表不收。",
                "Take the good rows although some failed; else such a sheet is not taken.",
            ),
        ),
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=both("录入人；默认为当前用户。", "Who records it; else the present user."),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Take in a sheet, print its findings, and keep a snapshot of it."""
    from kaogong.data.failing import write_failing
    from kaogong.data.store import Store
    from kaogong.engine import duck

    language = settled(lang)
    when = period_of(period) if period is not None else None
    sheet = _Sheet(_shapes(open_programme(programme), register), file, when, part, by)
    if not file.is_file():
        raise WrongUse("no_path", path=file)
    connection, kept_in = duck.connect(), Store(store)
    with progress(str(file)):
        intake = sheet.take_in(connection, kept_in)
        rows, told = sheet.subjects(connection, intake, kept_in)
    found = [*intake.findings, *told, *sheet.shapes.unasked]
    findings.show(found, Manner(language))
    typer.echo(say(language, "rows_taken", **_counted(intake)))
    if intake.failed:
        back = file.with_name(f"{file.name}.failing.xlsx")
        number = write_failing(connection, intake, back, language)
        typer.echo(say(language, "sent_back", n=number, path=back))
    if has_errors(found) and not partly:
        typer.echo(say(language, "not_taken"))
        raise typer.Exit(1)
    kept = sheet.keep(connection, kept_in, intake, rows)
    typer.echo(say(language, "snapshot", id=kept.id, rows=kept.rows))
    raise typer.Exit(int(has_errors(found)))


@dataclass(frozen=True, slots=True)
class _Shapes:
    """A register, the master register of its subjects, and what its sheets are held against."""

    register: RegisterShape
    master: RegisterShape | None
    against: Against
    unasked: tuple[Finding, ...]  # of the checks that a sheet alone cannot be held to


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet on its way into the store, and what the store notes about it."""

    shapes: _Shapes
    file: Path
    period: Period | None
    part: str
    by: str | None

    def take_in(self, connection: duckdb.DuckDBPyConnection, store: Store) -> Intake:
        """Return the sheet as a checked table; its rows may name their subjects."""
        from kaogong.data.earlier import earlier_records
        from kaogong.data.intake import take_in
        from kaogong.data.named_rows import named_shape

        shape, master = self.shapes.register, self.shapes.master
        shape = named_shape(shape, master) if master is not None else shape
        against, today = self.shapes.against, datetime.now(UTC).date()
        if self.period is not None and shape.period:
            history = earlier_records(connection, store, shape.id, self.period, today)
            against = replace(against, history=history)
        return take_in(connection, shape, self.file, self._period, against)

    def subjects(
        self, connection: duckdb.DuckDBPyConnection, intake: Intake, store: Store
    ) -> tuple[Sql, tuple[Finding, ...]]:
        """Return the rows with their subjects, and what was found out about who they are."""
        from kaogong.data.named_rows import ALWAYS, find_subjects, has_subjects, known_subjects
        from kaogong.data.sql import name

        master = self.shapes.master
        if master is None or has_subjects(intake):
            return name(intake.table), ()
        known = known_subjects(connection, store, master.id, datetime.now(UTC).date())
        span = ALWAYS if self.period is None else (self.period.start, self.period.end)
        named = find_subjects(connection, intake, master, known, span)
        return named.source, named.matching.findings

    def keep(
        self, connection: duckdb.DuckDBPyConnection, store: Store, intake: Intake, rows: Sql
    ) -> Snapshot:
        """Keep what was taken as a snapshot that follows the last one of its kind."""
        from kaogong.data.layout import register_layout
        from kaogong.data.snapshot import Delivery, snapshots_of, take_snapshot

        register = self.shapes.register
        older = [
            each
            for each in snapshots_of(store, register.id)
            if (each.delivery.period, each.delivery.part) == (self._period, self.part)
        ]
        with self.file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        delivered = [column.field.id for column in intake.columns]
        delivery = Delivery(
            register.id,
            register_layout(register, [*delivered, PERIOD]),
            recorded=datetime.now(UTC),
            recorded_by=self.by or getpass.getuser(),
            period=self._period,
            part=self.part,
            source={"file": self.file.name, "sha256": sha256},
            parent=older[-1].id if older else None,
        )
        return take_snapshot(connection, store, rows, delivery)

    @property
    def _period(self) -> str | None:
        return self.period.text if self.period is not None else None


def _shapes(opened: Opened, register: str) -> _Shapes:
    from kaogong.data.against import Against
    from kaogong.data.registers import shape_of
    from kaogong.engine.record_checks import conditions_of, unasked

    programme = opened.programme
    known = programme.book.registers()
    if register not in known:
        raise WrongUse("no_register", id=register, known=", ".join(known))
    shape = shape_of(known[register])
    master = shape_of(known[shape.of]) if shape.of in known else None
    today = datetime.now(UTC).date()
    checks = conditions_of(programme, register, today)
    against = Against(programme.vocabularies, conditions=checks, day=today)
    return _Shapes(shape, master, against, unasked(programme, register))


def _counted(intake: Intake) -> dict[str, object]:
    return {
        "records": intake.records,
        "taken": intake.taken,
        "failed": intake.failed,
        "left_out": intake.left_out,
    }
