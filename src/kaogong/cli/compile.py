"""`kaogong compile`: every step that a run takes, as SQL that an auditor can read and repeat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli import findings
from kaogong.cli.check import manner_of
from kaogong.cli.opened import Opened, open_programme
from kaogong.cli.options import PERIOD_HELP, Lang, ProgrammePath, Schemes, date_of, period_of
from kaogong.cli.run import check_schemes
from kaogong.cli.tongue import both, settled

if TYPE_CHECKING:
    from kaogong.plan.frame import Instant
    from kaogong.plan.step import Plan


def print_plan(
    programme: ProgrammePath,
    period: Annotated[str, typer.Option(help=PERIOD_HELP)],
    scheme: Schemes = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help=both(
                "评价时点；默认为期间的最后一天。", "The day of judgement; else the period's last."
            ),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Print the plans of the schemes asked for, else of all in force."""
    from kaogong.plan.frame import Instant

    opened = open_programme(programme)
    when = period_of(period)
    instant = Instant(when, date_of(as_of) or when.end)
    check_schemes(opened, tuple(scheme or ()))
    if not opened.can_run:
        findings.show(opened.findings, manner_of(opened, settled(lang)))
        raise typer.Exit(1)
    for id in scheme or _in_force(opened, instant):
        for line in _text(_plan(opened, id, instant)):
            typer.echo(line)


def _in_force(opened: Opened, instant: Instant) -> list[str]:
    from kaogong.programme.adopted import adopted

    programme = opened.programme
    period = instant.period
    in_force = programme.schemes_in_force(period.start, period.end)
    return [rules.id for rules in in_force if adopted(programme, rules.id)]


def _plan(opened: Opened, id: str, instant: Instant) -> Plan:
    from kaogong.engine.documents import version_of
    from kaogong.plan.scheme.compile import Setting, compile_scheme
    from kaogong.programme.adopted import adopted

    programme = opened.programme
    displaced_by = tuple(
        rules
        for rules in programme.schemes.values()
        if rules.in_place_of == id and adopted(programme, rules.id)
    )
    setting = Setting(
        instant, programme.book.registers(), version_of(programme, "Scheme", id), displaced_by
    )
    return compile_scheme(programme.schemes[id], setting)


def _text(plan: Plan) -> Iterator[str]:
    """Yield the plan as statements, each under what it is for."""
    from kaogong.engine.duck import output_query
    from kaogong.engine.render import quoted, render

    yield f"-- {plan.document}: reads {', '.join(plan.reads)}"
    for number, step in enumerate(plan.steps, 1):
        kind = "TABLE" if step.is_kept else "VIEW"
        name = quoted(step.name)
        yield f"\n-- {number}. {step.note}"
        yield f"CREATE OR REPLACE TEMP {kind} {name} AS\n{render(step.query, pretty=True)};"
    for output in plan.outputs:
        yield f"\n-- {output.relation}/{output.document}"
        yield f"{render(output_query(output), pretty=True)};"
