"""The town of the season, made once in a process."""

from __future__ import annotations

import pytest

from tests.season.invented_town import Town


@pytest.fixture(scope="session")
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Return the town; its city and its runs are made when a test asks for them."""
    whole = any(item.get_closest_marker("thorough") for item in request.session.items)
    return Town(tmp_path_factory.mktemp("town"), whole=whole)
