"""The outermost edge: what a command did not settle ends here, in one sentence and an exit code.

1 for errors in what was given to read and for what nobody foresaw, 2 for wrong use. A traceback is
shown only where KAOGONG_DEBUG is 1.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, NoReturn

from kaogong import __version__
from kaogong.cli.sentences import say
from kaogong.cli.tongue import LANGUAGES, Language, preferred
from kaogong.language.finding import KaogongError, Refused

DONE, ERRORS, WRONG, INTERRUPTED = 0, 1, 2, 130


def leave(command: Callable[[], int]) -> NoReturn:
    """Carry out a command and leave the process with the exit code it comes to."""
    _speak_utf8()
    signal.signal(signal.SIGTERM, _stopped)
    done = code(command)
    if "duckdb" not in sys.modules:  # which counts what it is still owed
        gc.freeze()  # what is left lives to the end: collecting it would only take time
    sys.exit(done)


def code(command: Callable[[], int]) -> int:
    """Carry out a command and return its exit code; say what was left unsaid."""
    try:
        done = command()
        sys.stdout.flush()
    except Refused as refused:
        return _refused(refused)
    except KaogongError as error:
        return _wrong(_sentence(error))
    except KeyboardInterrupt:
        _complain(say(_language(), "interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as error:
        return _unreadable(error)
    except Exception as error:  # noqa: BLE001 (the outermost edge)
        known = (TOLD[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in TOLD)
        return next(known, _unforeseen)(error)
    else:
        return done


def _stopped(_number: int, _frame: object) -> None:
    """Leave as if interrupted, so that unfinished files are taken away."""
    raise KeyboardInterrupt


def _language() -> Language:
    return preferred(sys.argv, os.environ)


def _complain(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _refused(refused: Refused) -> int:
    """Say findings that no command expected to be refused with."""
    from kaogong.cli import findings
    from kaogong.cli.findings import Manner

    with suppress(BrokenPipeError):
        findings.show(list(refused.findings), Manner(_language()))
    return ERRORS


def _wrong(sentence: str) -> int:
    _complain(sentence)
    return WRONG


def _sentence(error: KaogongError) -> str:
    """Return what is wrong with a question or an order, in the language it knows."""
    told: Callable[[str], str] | None = getattr(error, "sentence", None)
    return told(_language()) if told is not None else str(error)


def _usage(error: Exception) -> int:
    """Say what is wrong with the words of the command line."""
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "kaogong")
    kind = type(error).__name__
    if kind == "Abort":
        return INTERRUPTED
    said = getattr(error, "format_message", error.__str__)()
    sentence = WORDS[kind](error) if kind in WORDS and _language() == "zh" else said
    _complain(sentence)
    return _wrong(say(_language(), "see_help", command=path))


def _named(error: object) -> str:
    """Return the parameter that a usage error speaks of."""
    hint, parameter = getattr(error, "param_hint", None), getattr(error, "param", None)
    if hint is None and parameter is not None:
        hint = parameter.get_error_hint()
    return " / ".join(hint) if isinstance(hint, list | tuple) else str(hint or "")


# What typer says in English alone, by the name of its exception.
WORDS: Mapping[str, Callable[[Any], str]] = {
    "NoSuchOption": lambda e: f"没有选项{e.option_name}",
    "MissingParameter": lambda e: f"缺少{_named(e)}",
    "BadParameter": lambda e: f"{_named(e)}的值不对：{e.message}",
    "BadOptionUsage": lambda e: f"选项{e.option_name}用法不对：{e.message}",
    "UsageError": lambda e: f"用法不对：{e.message}",
}


def _unreadable(error: OSError) -> int:
    path = error.filename if error.filename is not None else "–"
    _trace()
    return _wrong(say(_language(), "unreadable", path=path, reason=error.strerror or error))


def _damaged(error: Exception) -> int:
    _trace()
    return _wrong(say(_language(), "damaged", reason=_first_line(error)))


def _too_large(error: Exception) -> int:
    _trace()
    _complain(say(_language(), "too_large", reason=_first_line(error)))
    return ERRORS


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _unforeseen(error: Exception) -> int:
    """Say, in both languages, that the fault is the program's own, and how to report it."""
    shown = f"{type(error).__name__}: {_first_line(error)}"
    _trace()
    for language in LANGUAGES:
        _complain(say(language, "unforeseen", error=shown, version=__version__))
    return ERRORS


# Exceptions of packages that may not be imported here, by the name of their class: typer's of the
# command line, DuckDB's of files and of memory.
TOLD: Mapping[str, Callable[[Exception], int]] = {
    "UsageError": _usage,
    "Abort": _usage,
    "IOException": _damaged,
    "OutOfMemoryException": _too_large,
    "MemoryError": _too_large,
}


def _trace() -> None:
    if os.environ.get("KAOGONG_DEBUG") == "1":
        traceback.print_exc()


def _nobody_reads() -> int:
    """End quietly when the reader of a pipe has gone, and keep Python from trying to flush."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale says: a C locale would fail at the first Chinese word."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
