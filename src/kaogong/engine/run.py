"""A run: programme, data and period to relations and a manifest, in a folder that appears whole.

    compile the adopted documents → take in the registers they read → steps → outputs → manifest

The plan is tried with the ranges that data usually have; where a product leaves 64 bits the engine
says so and the safe plan is taken, which gives the same rows.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb

from kaogong.engine import duck
from kaogong.engine.calendar_table import calendar_of, make_calendar_table, needs_calendar
from kaogong.engine.documents import (
    KINDS,
    Wanted,
    in_order,
    is_adopted,
    of_kinds,
    of_programme,
    plan_of,
)
from kaogong.engine.final import check_final
from kaogong.engine.inputs import Input, find_file, missing_file, take_register
from kaogong.engine.keeping import keep_programme, keep_registers
from kaogong.engine.lineage import Lineages, make_lineages
from kaogong.engine.lookups import keep_published, make_closures, make_published, publish
from kaogong.engine.manifest import Frozen, describe_files, manifest, provenance
from kaogong.engine.parts import DuckRunner
from kaogong.engine.wide_checks import WideChecks, ask, wide_checks
from kaogong.engine.written import RelationFile, files_at, settled
from kaogong.language.finding import Finding, Refused, finding, has_errors, refuse
from kaogong.language.period import NotAPeriod, Period, read_period
from kaogong.language.span import Span
from kaogong.plan.frame import Instant
from kaogong.plan.step import Output, Plan
from kaogong.programme.programme import Programme

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to run and how; nothing here but `as_of`, `period` and `final` may change a result."""

    data: Path
    period: str
    out: Path
    as_of: date | None = None
    final: bool = False
    engine: str = "duckdb"
    threads: int | None = None
    csv: bool = False
    schemes: tuple[str, ...] = ()
    memory: str | None = None
    frozen: Frozen | None = None  # the freeze that `data` was laid out from
    kinds: tuple[str, ...] = ()  # of documents, with the schemes they read; none: all


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an order; `out` is None where nothing was written."""

    findings: tuple[Finding, ...]
    out: Path | None
    relations: tuple[RelationFile, ...] = ()


class WrongOrder(Exception):
    """The order itself cannot be carried out: wrong use, not wrong data."""


def run(programme: Programme, order: Order, progress: Progress = lambda _: None) -> Report:
    """Carry out an order; return its findings, and where the run stands."""
    _check_out(order.out)
    period = _period(order.period)
    wanted = _wanted(programme, order, period)
    order.out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{order.out.name}-", dir=order.out.parent))
    try:
        instant = Instant(period, order.as_of or period.end)
        return _carry_out(_Job(programme, order, wanted, instant, scratch, progress))
    except Refused as refused:
        return Report(refused.findings, None)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _check_out(out: Path) -> None:
    """See that a run replaces an earlier run, never a folder of something else."""
    if not out.exists() or (out / "manifest.json").exists():
        return
    if not out.is_dir() or any(out.iterdir()):
        raise WrongOrder(f"{out} is there and is not a run")


def _period(text: str) -> Period:
    try:
        return read_period(text)
    except NotAPeriod as error:
        raise WrongOrder(str(error)) from None


def _wanted(programme: Programme, order: Order, period: Period) -> list[Wanted]:
    """Return the schemes that were named, else all adopted documents in force with data."""
    unknown = [s for s in order.schemes if s not in programme.schemes]
    if unknown:
        raise WrongOrder(f"no scheme {', '.join(unknown)}")
    if order.schemes:
        return [Wanted("Scheme", programme.schemes[s]) for s in order.schemes]
    ready = [
        each
        for each in of_programme(programme)
        if programme.in_force(*each.key, period.start, period.end)
        and is_adopted(programme, each)
        and find_file(order.data, each.rules.subject) is not None
    ]
    if not order.kinds:
        return ready
    return of_kinds(programme, ready, order.kinds, Instant(period, order.as_of or period.end))


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be done, and where it is done."""

    programme: Programme
    order: Order
    wanted: list[Wanted]
    instant: Instant
    scratch: Path
    progress: Progress

    @property
    def built(self) -> Path:
        """Return the folder in which the run grows until it is whole."""
        return self.scratch / "run"


def _carry_out(job: _Job) -> Report:
    """Run on a connection of its own; what came of it appears once that is closed."""
    order = job.order
    if not order.data.is_dir():
        raise WrongOrder(f"{order.data} is not a folder")
    if not job.wanted:
        return Report((_nothing_to_run(job.programme, order),), None)
    plans = [
        plan_of(job.programme, each, job.instant, optimistic=True, capacity=1)
        for each in job.wanted
    ]
    connection = duck.connect(order.threads, order.memory, job.scratch / "spill")
    try:
        report = _run_on(connection, job, plans)
    finally:
        connection.close()
    if report.out is not None:
        _appear(job.built, report.out)
    return report


def _run_on(connection: duckdb.DuckDBPyConnection, job: _Job, plans: list[Plan]) -> Report:
    """Take in what the plans read, then write and check what they make."""
    order = job.order
    wanted = in_order(job.wanted, plans)
    read = _make_lookups(connection, job, plans)
    checks = _wide_checks(job, plans)
    inputs = _take_in(connection, job, plans, checks)
    findings = [f for each in inputs for f in each.findings]
    findings += [missing_file(i.register, order.data) for i in inputs if i.file is None]
    if not has_errors(findings):
        findings += [f for each in checks for f in ask(connection, each)]
    if has_errors(findings):
        return Report(tuple(findings), None)
    lineages = _follow(connection, job, plans)
    inputs += [
        each for each in lineages.inputs if each.register not in {i.register for i in inputs}
    ]
    findings += lineages.findings
    if has_errors(findings):
        return Report(tuple(findings), None)
    job.built.mkdir()
    capacity = capacity_for(max((i.rows for i in inputs), default=1))
    history = _history(connection, job.instant.period)
    now = replace(job.instant, history=history, succeeded=lineages.succeeded)
    kept = keep_published(connection, read, job.built)
    with _runner(order, connection, job.scratch) as runner:
        files = kept + _write(_Work(job, connection, runner, now, capacity), wanted, read)
    findings += [f for each in wanted for f in KINDS[each.kind].check(connection, each.rules)]
    findings += check_final(job.programme, wanted, job.built, final=order.final)
    if has_errors(findings):
        return Report(tuple(findings), None)
    files += keep_registers(connection, inputs, job.built)
    _finish(job, inputs, files)
    return Report(tuple(findings), order.out, tuple(files))


def _make_lookups(connection: duckdb.DuckDBPyConnection, job: _Job, plans: list[Plan]) -> set[str]:
    """Make the tables beside the registers; return the schemes whose results are read."""
    closures = {id for plan in plans for id in plan.closures}
    make_closures(connection, [job.programme.vocabularies[id] for id in sorted(closures)])
    read = {id for plan in plans for id in plan.published}
    make_published(connection, sorted(read), job.order.data)
    return read


def _wide_checks(job: _Job, plans: list[Plan]) -> list[WideChecks]:
    """Return the checks of the registers that are read which need more than one record."""
    read = sorted({register for plan in plans for register in plan.reads})
    made = (wide_checks(job.programme, register, job.instant) for register in read)
    return [each for each in made if each is not None]


def _take_in(
    connection: duckdb.DuckDBPyConnection,
    job: _Job,
    plans: list[Plan],
    checks: list[WideChecks],
) -> list[Input]:
    """Take in every register that is read; one without a file is empty and told."""
    made: list[Input] = []
    read = {register for plan in plans for register in plan.reads}
    read |= {register for each in checks for register in each.reads}
    for register in sorted(read):
        job.progress(register)
        made.append(
            take_register(connection, job.programme, job.order.data, register, job.instant.as_of)
        )
    return made


def _follow(connection: duckdb.DuckDBPyConnection, job: _Job, plans: list[Plan]) -> Lineages:
    """Make the tables of predecessors that the plans' runs of periods go back to."""
    followed = {register for plan in plans for register in plan.followed}
    return make_lineages(connection, job.programme, job.order.data, followed, job.instant.as_of)


def _nothing_to_run(programme: Programme, order: Order) -> Finding:
    for each in of_programme(programme):
        subject = each.rules.subject
        if is_adopted(programme, each) and find_file(order.data, subject) is None:
            return missing_file(subject, order.data)
    return finding("KG207", Span(programme.id), line=programme.id, period=order.period)


class Runner(Protocol):
    """What a run asks of an engine."""

    def carry_out(
        self, plan: Plan, path_of: Callable[[Output], Path], on_step: Progress
    ) -> list[duck.Written]:
        """Make the steps of a plan and write its outputs; raise `duck.Overflow`."""


@contextmanager
def _runner(order: Order, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Iterator[Runner]:
    if order.engine == "duckdb":
        yield DuckRunner(connection)
        return
    if order.engine != "spark":
        raise WrongOrder(f"no engine {order.engine}; there are duckdb and spark")
    from kaogong.engine.spark import NoSpark, spark_runner

    try:
        with spark_runner(connection, scratch / "spark", order.threads, order.memory) as runner:
            yield runner
    except NoSpark as missing:
        raise WrongOrder(str(missing)) from None


@dataclass(frozen=True, slots=True)
class _Work:
    """What the writing of every document shares."""

    job: _Job
    connection: duckdb.DuckDBPyConnection
    runner: Runner
    instant: Instant  # with the history that the data hold
    capacity: int


def _write(work: _Work, wanted: list[Wanted], read: set[str]) -> list[RelationFile]:
    files: list[RelationFile] = []
    for each in wanted:
        files += _write_document(work, each)
        id = each.rules.id
        if each.publishes and id in read:
            publish(work.connection, id, files_at(work.job.built, "scheme_result", id))
    return files


def _write_document(work: _Work, wanted: Wanted) -> list[RelationFile]:
    """Write one document by the optimistic plan, or where it overflows by the safe one."""
    programme, now, capacity = work.job.programme, work.instant, work.capacity
    optimistic = plan_of(programme, wanted, now, optimistic=True, capacity=capacity)
    if needs_calendar(optimistic):
        make_calendar_table(work.connection, calendar_of(programme))
    try:
        return _write_plan(work, optimistic)
    except duck.Overflow:
        safe = plan_of(programme, wanted, now, optimistic=False, capacity=capacity)
    try:
        return _write_plan(work, safe)
    except duck.Overflow as overflow:
        raise refuse("KG725", wanted.rules.span, scheme=wanted.rules.id, reason=overflow) from None


def capacity_for(rows: int) -> int:
    """Return the power of ten that no group of so many rows exceeds."""
    return int(10 ** len(str(max(rows - 1, 1))))


def _history(connection: duckdb.DuckDBPyConnection, period: Period) -> tuple[str, ...]:
    """Return the earlier periods of the same grain back to the first with data, latest first.

    A period without data between two others is one of them: what it decides is unknown.
    """
    tables = connection.execute(
        "SELECT table_name FROM duckdb_columns() WHERE column_name = 'period' "
        "AND (table_name LIKE 'register_%' OR table_name LIKE 'published_%')"
    ).fetchall()
    found: set[str] = set()
    for (table,) in tables:
        rows = connection.execute(f'SELECT DISTINCT period FROM "{table}"').fetchall()
        found |= {row[0] for row in rows if row[0]}
    earlier = {
        p for t in found if (p := read_period(t)).grain == period.grain and p.start < period.start
    }
    first = min((p.start for p in earlier), default=period.start)
    latest: list[Period] = [period]
    while latest[-1].start > first:
        both = latest[-1].earlier(1, together=True)
        latest.append(both if both in earlier else latest[-1].earlier(1))
    return tuple(p.text for p in latest[1:])


def _write_plan(work: _Work, plan: Plan) -> list[RelationFile]:
    job = work.job

    def path_of(output: Output) -> Path:
        path = job.built / output.relation / f"{output.document}.parquet"
        path.parent.mkdir(exist_ok=True)
        return path

    made = work.runner.carry_out(
        plan, path_of, lambda note: job.progress(f"{plan.document}: {note}")
    )
    if job.order.csv:
        for each in made:
            duck.copy_csv(work.connection, each.paths, path_of(each.output).with_suffix(".csv"))
    return [settled(work.connection, each, duck.WRITE) for each in made]


def _finish(job: _Job, inputs: list[Input], files: list[RelationFile]) -> None:
    """Keep the programme beside the results, and say what the run was made of."""
    programme, order, built = job.programme, job.order, job.built
    keep_programme(programme, built)
    described = describe_files(files, built)
    frozen = order.frozen
    made = manifest(programme, job.instant, inputs, described, final=order.final)
    if frozen is not None:
        made["freeze"] = frozen.as_json
    _dump(built / "manifest.json", made)
    how = provenance(order.engine, order.threads, order.data, inputs, frozen)
    _dump(built / "provenance.json", how)


def _dump(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


def _appear(built: Path, out: Path) -> None:
    """Put the finished run in its place in one step; an earlier run makes way first."""
    old = out.with_name(f".{out.name}-old-{os.getpid()}")
    if out.exists():
        out.rename(old)
    built.rename(out)
    shutil.rmtree(old, ignore_errors=True)
