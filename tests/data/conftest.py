from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from kaogong.data.store import Store


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect()
    opened.execute("SET threads = 2")
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")
