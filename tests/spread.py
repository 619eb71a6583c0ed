"""Which tests share a process: those of a file, those that share runs, those that share a server.

Files keep together so that what they make once is made once; scopes with a test on Spark or marked
`slow` are given out first, so that none of them is left for the end.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadScopeScheduling

SERVERS = ("spark", "postgres")  # tests of one are named test_<server>_...
LONG = {"slow", "spark"}
SHARED = {"insight": "runs", "report": "runs"}  # the runs of tests/insight/conftest.py


def scope_of(nodeid: str) -> str:
    """Return the name of what a test shares a process with."""
    path, _, name = nodeid.partition("::")
    for server in SERVERS:
        if name.startswith(f"test_{server}_"):
            return server
    return SHARED.get(PurePosixPath(path).parent.name, path)


def spread(items: list[pytest.Item]) -> None:
    """Put scopes with a long test first.

    Raise UsageError where a test that needs a server is not named after it.
    """
    for item in items:
        for server in SERVERS:
            if item.get_closest_marker(server) and scope_of(item.nodeid) != server:
                raise pytest.UsageError(f"{item.nodeid} needs {server}: name it test_{server}_...")
    long = {scope_of(i.nodeid) for i in items for m in i.iter_markers() if m.name in LONG}
    items.sort(key=lambda item: scope_of(item.nodeid) not in long)


class Together(LoadScopeScheduling):
    """Give out scopes whole and in order."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)
