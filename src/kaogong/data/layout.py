"""From the shape of a register to the layout of its snapshots."""

from __future__ import annotations

from collections.abc import Collection

from kaogong.data.column import Column
from kaogong.data.ranges import ROWS_PER_FILE, Layout
from kaogong.data.shape import PERIOD, RegisterShape


def register_layout(
    register: RegisterShape,
    delivered: Collection[str] | None = None,
    groups: tuple[str, ...] = (),
    rows_per_file: int = ROWS_PER_FILE,
) -> Layout:
    """Return how facts of a register are stored: its key first, then its fields as written.

    `delivered` names the fields a department hands over, where it does not hand over all;
    `groups` is the rank group that stands before the key in the order.
    """
    columns = {field.id: field.column for field in register.fields}
    if register.period:
        columns.setdefault(PERIOD, Column(PERIOD, "text"))
    wanted = set(columns if delivered is None else delivered) | set(register.key)
    named = dict.fromkeys((*register.key, *columns))
    return Layout(
        tuple(columns[name] for name in named if name in wanted),
        register.key,
        groups,
        rows_per_file,
    )
