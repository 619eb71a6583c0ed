"""`kaogong schema`: JSON Schema of the documents, so that an editor helps while one writes."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the schema."""
    from kaogong.kinds.schema import schema as made

    typer.echo(json.dumps(made(), ensure_ascii=False, indent=1))
