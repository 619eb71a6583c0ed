"""`kaogong freeze`: what was known of every register on a day, under one id that runs can name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaogong.cli import findings
from kaogong.cli.findings import Manner
from kaogong.cli.options import Lang, date_of
from kaogong.cli.progress import progress
from kaogong.cli.sentences import say
from kaogong.cli.tongue import Language, both, settled
from kaogong.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from kaogong.data.freeze import Freeze
    from kaogong.data.store import Store


def freeze(
    store: Annotated[Path, typer.Option(help=both("快照库目录。", "The folder of the store."))],
    knowledge_date: Annotated[
        str | None,
        typer.Option(
            "--knowledge-date",
            metavar="DATE",
            help=both(
                "只算这一天及以前已知的；默认为今天。", "What was known that day; else today."
            ),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Freeze all registers of a store."""
    from kaogong.data.freeze import make_freeze
    from kaogong.data.store import Store
    from kaogong.engine import duck

    language = settled(lang)
    day = date_of(knowledge_date) or datetime.now(UTC).date()
    place = Store(store)
    registers = _registers(place, day)
    if not registers:
        raise WrongUse("empty_store", path=store)
    with progress(str(store)):
        made, found = make_freeze(duck.connect(), place, day, registers)
    if found:
        findings.show(found, Manner(language))
    _tell(place, made, language)


def _registers(store: Store, day: date) -> set[str]:
    """Return the registers of which something was known on a day."""
    from kaogong.data.snapshot import FOLDER, read_snapshot
    from kaogong.data.store import document_names

    read = (read_snapshot(store, id) for id in document_names(store, FOLDER))
    return {each.register for each in read if each.delivery.recorded.date() <= day}


def _tell(store: Store, made: Freeze, language: Language) -> None:
    from kaogong.data.freeze import FOLDER

    typer.echo(say(language, "freeze", id=made.id, date=made.knowledge_date))
    for table in made.tables:
        values = {"register": table.register, "period": table.period or "*", "rows": table.rows}
        corrections = len(table.corrections)
        typer.echo(f"  {say(language, 'freeze_table', corrections=corrections, **values)}")
    typer.echo(say(language, "use_freeze", path=store.document_path(FOLDER, made.id)))
