"""The synthetic region: invented firms of an invented prefecture, for demonstration and tests."""

from __future__ import annotations

from kaogong.data.synth.city import City
from kaogong.data.synth.make import RegionReport, make_region

__all__ = ["City", "RegionReport", "make_region"]
