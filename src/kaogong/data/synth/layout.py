"""The columns of each register file, their types and decimals, in the order they are written.

Field ids, units and scales are the library's; a test reads the library's documents and holds this
table to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kaogong.data.synth.years import SCALES, YES_NO

Kind = Literal["text", "units", "date", "yes_no"]


@dataclass(frozen=True, slots=True)
class Field:
    """Type of one column; `scale` is the number of decimals of a number."""

    kind: Kind
    scale: int = 0


TEXT, DATE, FLAG = Field("text"), Field("date"), Field("yes_no")


def _texts(*names: str) -> dict[str, Field]:
    return dict.fromkeys(names, TEXT)


def _dates(*names: str) -> dict[str, Field]:
    return dict.fromkeys(names, DATE)


LAYOUT: Mapping[str, Mapping[str, Field]] = {
    "division": _texts("subject_id", "name", "level", "upper"),
    "park": _texts(
        "subject_id", "name", "park_kind", "level", "tier", "stars", "division", "predecessor"
    ),
    "cluster": _texts("subject_id", "name", "stars", "division"),
    "enterprise": {
        **_texts("subject_id", "uscc", "former_uscc", "name", "former_name", "entity_kind"),
        **_texts("registration_type", "registration_state"),
        "registered_capital": Field("units", 2),
        **_texts("address", "division", "park", "site", "cluster", "industry"),
        **_dates("founded_on", "in_production_since", "production_due"),
        **_texts("customer_no", "water_no", "gas_no", "parent_group", "predecessor"),
    },
    "enterprise_year": {
        **_texts("subject_id", "period"),
        **dict.fromkeys(YES_NO, FLAG),
        **{name: Field("units", scale) for name, scale in SCALES.items()},
        **_texts("data_state", "data_remark"),
    },
    "parcel": {
        **_texts("subject_id", "certificate_no"),
        "area": Field("units", 2),
        **_texts("co_owned", "right_type", "land_use"),
        **_dates("term_start", "term_end"),
        **_texts("holder", "park", "division"),
    },
    "occupancy": {
        **_texts("subject_id", "parcel", "basis"),
        "area": Field("units", 4),
        **_dates("valid_from", "valid_to"),
    },
    "meter": _texts("subject_id", "utility", "account", "address", "division"),
    "supply": {
        **_texts("subject_id", "meter"),
        "share": Field("units", 2),
        **_dates("valid_from", "valid_to"),
    },
    "lease": {
        **_texts("subject_id", "lease_no", "tenant", "tenant_name"),
        "tenant_above_scale": FLAG,
        "land": Field("units", 2),
        "floor": Field("units", 2),
        **_dates("let_from", "let_to"),
    },
    "incident": {
        **_texts("subject_id", "incident_no"),
        "happened_on": DATE,
        **_texts("incident_kind", "grade"),
    },
    "major_project": {
        **_texts("subject_id", "project_no", "name", "level"),
        **_dates("approved_on", "started_on", "finished_on"),
        "state": TEXT,
    },
    "annual_task": {
        **_texts("subject_id", "task_no", "task_kind"),
        "due_on": DATE,
        "outcome": TEXT,
    },
    "inspection": {
        **_texts("subject_id", "inspection_no"),
        "inspected_on": DATE,
        **_texts("item", "finding", "for_period"),
    },
    "penalty": {
        **_texts("subject_id", "penalty_no"),
        "decided_on": DATE,
        **_texts("penalty_kind", "grade"),
        "amount": Field("units", 2),
    },
    "honour": {
        **_texts("subject_id", "honour_no", "honour_kind", "level"),
        **_dates("awarded_on", "valid_to"),
    },
    "subject_event": {
        **_texts("subject_id", "event_no"),
        "changed_on": DATE,
        **_texts("change_kind", "from_subject", "to_subject", "from_division", "to_division"),
        **_texts("from_name", "to_name"),
        "share": Field("units", 2),
        "carries": TEXT,
    },
}
