"""The runs of the questions' tests, for workbooks."""

from __future__ import annotations

from tests.insight.conftest import areas, county, runner

__all__ = ["areas", "county", "runner"]
