"""Chinese or English: which of the two a command speaks, and the two words of every help text.

A command speaks the language of `--lang`, else that of the environment (Chinese where it begins
with `zh`), else English. Help is made before options are read, so its language is looked up in the
arguments as they stand.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
VARIABLES = ("KAOGONG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")  # first that says something wins


def preferred(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language of the arguments, else of the environment, else English."""
    asked = _asked(arguments)
    if asked is not None:
        return asked
    said = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return "zh" if said.startswith("zh") else "en"


def _asked(arguments: Sequence[str]) -> Language | None:
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or next(iter(arguments[place + 1 : place + 2]), "")
            return "zh" if value == "zh" else "en" if value == "en" else None
    return None


_HELP: Language = preferred(sys.argv, os.environ)


def both(zh: str, en: str) -> str:
    """Return the help text in the language of this process."""
    return zh if _HELP == "zh" else en


def settled(language: Language | None) -> Language:
    """Return the language a command was asked to speak, else that of the environment."""
    return language or preferred(sys.argv, os.environ)
