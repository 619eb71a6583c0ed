from __future__ import annotations

from kaogong.data.layout import register_layout
from kaogong.data.shape import FieldShape, RegisterShape

REGISTER = RegisterShape(
    id="enterprise_year",
    title="企业年度数据",
    of="enterprise",
    key=("subject_id", "period"),
    period="year",
    fields=(
        FieldShape("tax", "实缴税金", "number", "元", 2),
        FieldShape("subject_id", "主体编号"),
        FieldShape("staff", "职工", "number", "人", 0),
    ),
)


def test_the_key_stands_first_and_the_period_is_a_column() -> None:
    layout = register_layout(REGISTER, groups=("staff",))
    types = [(column.name, column.sql_type) for column in layout.columns]
    assert types == [
        ("subject_id", "VARCHAR"),
        ("period", "VARCHAR"),
        ("tax", "DECIMAL(18,2)"),
        ("staff", "BIGINT"),
    ]
    assert [column.name for column in layout.order] == ["staff", "subject_id", "period"]


def test_a_department_that_delivers_a_part_stores_that_part() -> None:
    layout = register_layout(REGISTER, delivered=["tax"])
    assert [column.name for column in layout.columns] == ["subject_id", "period", "tax"]
