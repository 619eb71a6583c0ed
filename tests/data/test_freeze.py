from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from kaogong.data.column import Column
from kaogong.data.freeze import Freeze, make_freeze, read_freeze, resolve
from kaogong.data.ledger import Correction, record_corrections
from kaogong.data.ranges import Layout
from kaogong.data.snapshot import Delivery
from kaogong.data.sql import name
from kaogong.data.store import Store, collect_garbage, document_names
from kaogong.language.finding import Finding, Refused
from tests.data.region import DELIVERY, LAYOUT, at, later, take

REGISTER = "enterprise_year"
MARCH, APRIL, MAY = dt.date(2023, 3, 31), dt.date(2023, 4, 30), dt.date(2023, 5, 31)
CORRECTION = Correction(
    register=REGISTER,
    key={"subject_id": "S13"},
    field="tax",
    value="1.5",
    state=None,
    reason="单位错误",
    by="税务局",
    at=at(2023, 4, 10),
    period="2022",
)


def _freeze(
    connection: duckdb.DuckDBPyConnection, store: Store, day: dt.date
) -> tuple[Freeze, list[Finding]]:
    return make_freeze(connection, store, day, [REGISTER])


def _cells(
    connection: duckdb.DuckDBPyConnection, store: Store, freeze: Freeze, subject: str
) -> dict[str, object]:
    files = resolve(connection, store, freeze)[REGISTER]
    found = connection.execute(
        "SELECT * FROM read_parquet(?, union_by_name = true) WHERE subject_id = ?",
        [[str(file) for file in files], subject],
    )
    names = [column[0] for column in found.description or ()]
    (record,) = found.fetchall()
    return dict(zip(names, record, strict=True))


def test_a_correction_appears_only_in_the_later_freeze(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    march, _ = _freeze(connection, store, MARCH)
    record_corrections(store.ledger, [CORRECTION])
    again, _ = _freeze(connection, store, MARCH)
    april, findings = _freeze(connection, store, APRIL)
    assert findings == []
    assert again == march
    assert again.id == march.id != april.id
    assert _cells(connection, store, march, "S13")["tax"] == Decimal("13003.25")
    assert _cells(connection, store, april, "S13")["tax"] == Decimal("1.50")
    assert _cells(connection, store, april, "S12") == _cells(connection, store, march, "S12")
    assert read_freeze(store, april.id) == april


def test_a_correction_rewrites_only_the_file_of_its_record(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    before = resolve(connection, store, _freeze(connection, store, MARCH)[0])[REGISTER]
    record_corrections(store.ledger, [CORRECTION])
    after = resolve(connection, store, _freeze(connection, store, APRIL)[0])[REGISTER]
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False, True]


def test_of_two_corrections_of_a_cell_the_later_holds(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    record_corrections(
        store.ledger,
        [
            CORRECTION,
            replace(CORRECTION, field="staff", value="7"),
            replace(CORRECTION, value=None, state="confidential", at=at(2023, 5, 2)),
        ],
    )
    april, _ = _freeze(connection, store, APRIL)
    may, _ = _freeze(connection, store, MAY)
    cells = _cells(connection, store, april, "S13")
    assert (cells["tax"], cells["tax__state"], cells["staff"]) == (Decimal("1.50"), None, 7)
    cells = _cells(connection, store, may, "S13")
    assert (cells["tax"], cells["tax__state"], cells["staff"]) == (None, "confidential", 7)


def test_a_state_adds_its_column_where_the_snapshot_has_none(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    record_corrections(
        store.ledger, [replace(CORRECTION, field="staff", value=None, state="waived")]
    )
    april, _ = _freeze(connection, store, APRIL)
    cells = _cells(connection, store, april, "S13")
    assert (cells["staff"], cells["staff__state"]) == (None, "waived")
    assert _cells(connection, store, april, "S12")["staff__state"] is None


def test_a_corrected_rank_group_moves_the_record_to_its_place(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(
        connection, store, delivery=replace(DELIVERY, layout=replace(LAYOUT, groups=("division",)))
    )
    record_corrections(store.ledger, [replace(CORRECTION, field="division", value="330302")])
    april, _ = _freeze(connection, store, APRIL)
    files = [str(path) for path in resolve(connection, store, april)[REGISTER]]
    order = connection.execute(
        "SELECT division, subject_id FROM read_parquet(?)", [files]
    ).fetchall()
    assert ("330302", "S13") in order
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("changes", "id"),
    [
        ({"key": {"subject_id": "S99"}}, "KG846"),
        ({"key": {"subject": "S13"}}, "KG846"),
        ({"field": "taxes"}, "KG847"),
        ({"field": "subject_id", "value": "S14"}, "KG847"),
        ({"value": "一万"}, "KG808"),
        ({"value": None, "state": "forgotten"}, "KG808"),
        ({"period": "2021", "key": {"subject_id": "S13"}}, "KG846"),
    ],
)
def test_what_cannot_be_corrected_is_a_finding_and_the_rest_is_laid(
    connection: duckdb.DuckDBPyConnection, store: Store, changes: dict[str, object], id: str
) -> None:
    take(connection, store)
    good = replace(CORRECTION, key={"subject_id": "S02"})
    record_corrections(store.ledger, [replace(CORRECTION, **changes), good])  # type: ignore[arg-type]
    april, findings = _freeze(connection, store, APRIL)
    assert [(finding.id, finding.span.line) for finding in findings] == [(id, 1)]
    assert _cells(connection, store, april, "S02")["tax"] == Decimal("1.50")
    assert _cells(connection, store, april, "S13")["tax"] == Decimal("13003.25")


def test_an_earlier_day_gives_the_earlier_delivery(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    first = take(connection, store)
    second = take(
        connection, store, changed=True, delivery=later(DELIVERY, at(2023, 4, 5), first.id)
    )
    march, _ = _freeze(connection, store, MARCH)
    april, _ = _freeze(connection, store, APRIL)
    assert march.tables[0].snapshots == (first.id,)
    assert april.tables[0].snapshots == (second.id,)
    with pytest.raises(Refused, match="KG801"):
        _freeze(connection, store, dt.date(2023, 2, 28))


def test_each_period_has_its_snapshot_and_a_correction_stays_in_its_own(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    connection.execute("UPDATE firms SET period = '2021'")
    take(connection, store, delivery=replace(DELIVERY, period="2021"), source=name("firms"))
    record_corrections(store.ledger, [CORRECTION])
    april, _ = _freeze(connection, store, APRIL)
    assert [(t.period, len(t.corrections)) for t in april.tables] == [("2021", 0), ("2022", 1)]
    files = [str(path) for path in resolve(connection, store, april)[REGISTER]]
    assert connection.execute(
        "SELECT period, tax FROM read_parquet(?) WHERE subject_id = 'S13' ORDER BY period", [files]
    ).fetchall() == [("2021", Decimal("13003.25")), ("2022", Decimal("1.50"))]


def test_parts_of_departments_are_joined_on_the_key(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store, delivery=replace(DELIVERY, part="税务"))
    power = Layout((*LAYOUT.columns[:2], Column("power", "number", "千瓦时", 0)), LAYOUT.key)
    connection.execute(
        "CREATE TABLE power AS SELECT * FROM"
        " (VALUES ('S13', '2022', 500), ('S77', '2022', 9)) AS t(subject_id, period, power)"
    )
    delivery = Delivery(REGISTER, power, at(2023, 3, 3), "供电局", period="2022", part="供电")
    take(connection, store, delivery=delivery, source=name("power"))
    record_corrections(store.ledger, [replace(CORRECTION, field="power", value="501")])
    april, findings = _freeze(connection, store, APRIL)
    assert findings == []
    assert april.tables[0].rows == 21
    joined = _cells(connection, store, april, "S13")
    assert (joined["tax"], joined["power"]) == (Decimal("13003.25"), 501)
    only_power = _cells(connection, store, april, "S77")
    assert (only_power["tax"], only_power["power"]) == (None, 9)


def test_a_field_that_two_departments_deliver_is_refused(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store, delivery=replace(DELIVERY, part="税务"))
    take(connection, store, delivery=replace(DELIVERY, part="统计"))
    with pytest.raises(Refused) as refused:
        _freeze(connection, store, APRIL)
    assert {f.id for f in refused.value.findings} == {"KG806"}
    assert "tax" in {f.values["field"] for f in refused.value.findings}
    assert document_names(store, "freezes") == []


def test_derived_facts_that_were_lost_are_made_again_to_the_same_digest(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    record_corrections(store.ledger, [CORRECTION])
    april, _ = _freeze(connection, store, APRIL)
    before = resolve(connection, store, april)
    for path in (store.root / "corrected").iterdir():
        path.unlink()
    assert len(collect_garbage(store).objects) == 1
    assert resolve(connection, store, april) == before


def test_a_freeze_that_names_a_lost_correction_is_refused(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    record_corrections(store.ledger, [CORRECTION])
    april, _ = _freeze(connection, store, APRIL)
    store.ledger.unlink()
    with pytest.raises(Refused, match="KG848"):
        resolve(connection, store, april)


def test_the_order_of_registers_does_not_matter(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    take(connection, store)
    take(connection, store, delivery=replace(DELIVERY, register="other"))
    one, _ = make_freeze(connection, store, MARCH, [REGISTER, "other"])
    other, _ = make_freeze(connection, store, MARCH, ["other", REGISTER, "other"])
    assert one == other
    assert list(resolve(connection, store, one)) == [REGISTER, "other"]


def test_a_stored_file_that_was_cut_off_is_refused(
    connection: duckdb.DuckDBPyConnection, store: Store
) -> None:
    snapshot = take(connection, store)
    march, _ = _freeze(connection, store, MARCH)
    path = store.object_path(snapshot.files[1].sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Refused, match=f"KG848 {path}"):
        resolve(connection, store, march)
