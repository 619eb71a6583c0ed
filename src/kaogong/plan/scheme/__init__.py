"""The compiler of schemes: population, lines, ranks, classes, and what a run puts out."""

from __future__ import annotations
