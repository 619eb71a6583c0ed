"""The data of a run from a path: a folder as it is, or the files of a freeze laid out as one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaogong.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    import duckdb

    from kaogong.engine.manifest import Frozen


@contextmanager
def data_of(path: Path) -> Iterator[tuple[Path, Frozen | None]]:
    """Give the folder that holds a register a file, and the freeze that it was laid out from.

    The folder of a freeze is gone at the end.
    """
    if path.is_dir():
        yield path, None
    elif is_freeze(path):
        with tempfile.TemporaryDirectory(prefix="kaogong-freeze-") as folder:
            yield Path(folder), _lay_out(path, Path(folder))
    else:
        raise WrongUse("not_data" if path.exists() else "no_path", path=path)


def is_freeze(path: Path) -> bool:
    """Tell whether a file is a freeze that lies in its store."""
    if not path.is_file() or path.suffix != ".json":
        return False
    try:
        content = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        return False
    return isinstance(content, dict) and content.get("kind") == "freeze"


def _lay_out(path: Path, folder: Path) -> Frozen:
    """Put the files of a freeze into a folder, those of one register as one; return the freeze."""
    from kaogong.data.freeze import read_freeze, resolve
    from kaogong.data.store import Store
    from kaogong.engine import duck
    from kaogong.engine.manifest import Frozen

    store = Store(path.resolve().parent.parent)
    connection = duck.connect()
    freeze = read_freeze(store, path.stem)
    files = resolve(connection, store, freeze)
    for register, parts in files.items():
        _join(connection, parts, folder / f"{register}.parquet")
    connection.close()
    kept = {register: tuple(parts) for register, parts in files.items()}
    return Frozen(freeze.id, freeze.knowledge_date, path, kept)


def _join(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], target: Path) -> None:
    """Link one file, or write several as one; their columns are matched by name."""
    if len(parts) == 1:
        target.symlink_to(parts[0].resolve())
        return
    listed = [str(part) for part in parts]
    connection.read_parquet(listed, union_by_name=True).write_parquet(str(target))
