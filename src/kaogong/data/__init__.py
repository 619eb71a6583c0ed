"""Registers as tables: taking in, snapshots, freezes, matching, and the synthetic region."""

from __future__ import annotations
