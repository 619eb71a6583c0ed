from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from kaogong.data.ledger import Correction, known_on, read_ledger, record_corrections
from kaogong.language.finding import Refused
from tests.data.region import at

FIRST = Correction(
    register="enterprise_year",
    key={"subject_id": "S03", "period": "2022"},
    field="tax",
    value="3000.00",
    state=None,
    reason="漏计退库",
    by="税务局核查科",
    at=at(2023, 3, 10),
    document="温税函〔2023〕7号",
)
SECOND = replace(FIRST, field="staff", value="31", at=at(2023, 4, 10))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "store" / "ledger.jsonl"


def _refused(ledger: Path) -> list[tuple[str, int]]:
    with pytest.raises(Refused) as refused:
        read_ledger(ledger)
    return [(finding.id, finding.span.line) for finding in refused.value.findings]


def test_entries_come_back_in_their_order_and_chained(ledger: Path) -> None:
    record_corrections(ledger, [FIRST])
    record_corrections(ledger, [SECOND])
    first, second = read_ledger(ledger)
    assert (first.correction, second.correction) == (FIRST, SECOND)
    assert second.previous == first.hash
    assert read_ledger(ledger.with_name("none.jsonl")) == []


@pytest.mark.parametrize("line", [0, 1])
def test_a_changed_line_is_found(ledger: Path, line: int) -> None:
    record_corrections(ledger, [FIRST, SECOND])
    lines = ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    entry = json.loads(lines[line])
    entry["correction"]["reason"] = "无"
    lines[line] = json.dumps(entry, ensure_ascii=False) + "\n"
    ledger.write_text("".join(lines), encoding="utf-8")
    assert _refused(ledger) == [("KG848", line + 1)]


def test_a_removed_line_and_a_strange_line_are_found(ledger: Path) -> None:
    record_corrections(ledger, [FIRST, SECOND])
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(lines[1])
    assert _refused(ledger) == [("KG848", 1)]
    ledger.write_bytes(lines[0] + b"[]\n")
    assert _refused(ledger) == [("KG848", 2)]


def test_a_line_cut_off_by_a_crash_was_never_an_entry(ledger: Path) -> None:
    record_corrections(ledger, [FIRST, SECOND])
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:-20])
    assert [entry.correction for entry in read_ledger(ledger)] == [FIRST]
    record_corrections(ledger, [SECOND])
    assert ledger.read_bytes() == whole


def test_an_entry_is_never_older_than_the_last_and_then_none_is_written(ledger: Path) -> None:
    record_corrections(ledger, [SECOND])
    whole = ledger.read_bytes()
    with pytest.raises(Refused):
        record_corrections(ledger, [replace(SECOND, at=at(2023, 4, 11)), FIRST])
    assert ledger.read_bytes() == whole


def test_what_was_known_on_a_day_ends_with_that_day(ledger: Path) -> None:
    entries = record_corrections(ledger, [FIRST, SECOND])
    assert known_on(entries, dt.date(2023, 3, 9)) == []
    assert known_on(entries, dt.date(2023, 3, 10)) == entries[:1]
    assert known_on(entries, dt.date(2023, 4, 10)) == entries


def test_a_cell_has_a_value_or_a_state_and_a_time_has_its_offset() -> None:
    with pytest.raises(ValueError, match="not both"):
        replace(FIRST, state="waived")
    with pytest.raises(ValueError, match="offset"):
        replace(FIRST, at=dt.datetime(2023, 3, 10))  # noqa: DTZ001
