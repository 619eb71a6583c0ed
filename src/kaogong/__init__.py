"""Kaogong 考工: a region's development of manufacturing as a programme of plain files."""

from __future__ import annotations

__version__ = "0.1.0"
