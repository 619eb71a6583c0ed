from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kaogong.data.intake import take_in
from kaogong.data.layout import register_layout
from kaogong.data.named_rows import (
    find_subjects,
    has_subjects,
    known_subjects,
    named_shape,
    subject_field,
)
from kaogong.data.shape import FieldShape, RegisterShape
from kaogong.data.snapshot import Delivery, take_snapshot
from kaogong.data.sql import name, rows, sql
from kaogong.data.store import Store
from kaogong.engine.duck import connect
from kaogong.language.finding import Refused

MASTER = RegisterShape(
    "enterprise", "企业名录", key=("subject_id",),
    fields=(
        FieldShape("subject_id", "主体编号", required=True),
        FieldShape("name", "企业名称", required=True, headings=("单位名称",)),
        FieldShape("former_name", "曾用名"),
        FieldShape("customer_no", "用电户号", headings=("户号",)),
    ),
)  # fmt: skip
FACTS = RegisterShape(
    "facts", "年度数据", of="enterprise", key=("subject_id", "period"), period="year",
    fields=(
        FieldShape("subject_id", "主体编号", required=True),
        FieldShape("tax", "实缴税金", "number", "万元", 2),
    ),
)  # fmt: skip
KNOWN = """主体编号,企业名称,曾用名,用电户号
F1,甲机械厂,,0001
F2,乙阀门厂,老乙厂,0002
F3,丙泵业公司,,
"""
SHEET = """户号,单位名称,实缴税金
0001,改了名的厂,10
,老乙厂,20
,丙泵业公司,30
9999,无此厂,40
"""


def _master(store: Store, tmp_path: Path) -> None:
    connection = connect()
    file = tmp_path / "enterprise.csv"
    file.write_text(KNOWN, "utf-8")
    intake = take_in(connection, MASTER, file)
    day = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    delivery = Delivery("enterprise", register_layout(MASTER), day, "clerk")
    take_snapshot(connection, store, name(intake.table), delivery)


def test_rows_are_led_to_subjects_by_what_the_master_register_knows(tmp_path: Path) -> None:
    store, connection = Store(tmp_path / "store"), connect()
    _master(store, tmp_path)
    file = tmp_path / "tax.csv"
    file.write_text(SHEET, "utf-8")
    shape = named_shape(FACTS, MASTER)
    assert shape.identified_by == ("name", "customer_no")
    intake = take_in(connection, shape, file, "2024")
    assert not has_subjects(intake)
    known = known_subjects(connection, store, "enterprise", dt.date(2024, 6, 1))
    named = find_subjects(connection, intake, MASTER, known)
    query = sql("SELECT subject_id, tax FROM {s} ORDER BY 1", s=named.source)
    assert [(s, str(tax)) for s, tax in rows(connection, query)] == [
        ("F1", "10.00"),
        ("F2", "20.00"),
    ]
    assert named.matching.by_way == {"customer_number": 1, "former_name": 1}
    assert (named.matching.to_confirm, named.matching.unmatched) == (1, 1)
    waiting = [f for f in named.matching.findings if f.id == "KG826"]
    assert [(f.span.line, f.values["subject"]) for f in waiting] == [(4, "F3")]


def test_a_sheet_with_numbers_needs_no_search(tmp_path: Path) -> None:
    file = tmp_path / "tax.csv"
    file.write_text("主体编号,实缴税金\nF1,10\n", "utf-8")
    assert has_subjects(take_in(connect(), named_shape(FACTS, MASTER), file, "2024"))
    assert subject_field(FACTS) == "subject_id"


def test_a_store_without_the_master_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="KG801"):
        known_subjects(connect(), Store(tmp_path), "enterprise", dt.date(2024, 6, 1))
