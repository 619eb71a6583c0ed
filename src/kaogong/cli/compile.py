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
    """Print the plans of the schemes asked for, else of all documents in force."""
    from kaogong.plan.frame import Instant

    opened = open_programme(programme)
    when = period_of(period)
    instant = Instant(when, date_of(as_of) or when.end)
    check_schemes(opened, tuple(scheme or ()))
    if not opened.can_run:
        findings.show(opened.findings, manner_of(opened, settled(lang)))
        raise typer.Exit(1)
    for line in _lines(opened, tuple(scheme or ()), instant):
        typer.echo(line)


def _lines(opened: Opened, schemes: tuple[str, ...], instant: Instant) -> Iterator[str]:
    """Yield the plans of some schemes, or of all the programme's own documents in force."""
    from kaogong.engine.documents import Wanted, is_adopted, of_programme, plan_of

    programme, period = opened.programme, instant.period
    wanted = [Wanted("Scheme", programme.schemes[id]) for id in schemes] or [
        each
        for each in of_programme(programme)
        if programme.in_force(*each.key, period.start, period.end) and is_adopted(programme, each)
    ]
    for each in wanted:
        yield from _text(plan_of(programme, each, instant, optimistic=False))


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
