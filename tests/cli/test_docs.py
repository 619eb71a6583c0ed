from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from kaogong.cli.commands import COMMANDS
from kaogong.cli.main import application


def test_the_pages_are_those_that_the_help_makes(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, root / "scripts" / "cli_docs.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_documented(name: str, root: Path) -> None:
    parameters = get_command(application(name, COMMANDS[name])).params
    page = (root / "docs" / "cli.md").read_text("utf-8")
    section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
    for each in parameters:
        assert getattr(each, "help", ""), f"{name} {each.name} has no help"
        assert (
            f"`{each.opts[0]}" in section
            or each.name.upper() in section
            or (f"`{each.metavar}`" in section)
        )
