"""Indicator 指标: one figure for one subject and period; language section 4.2."""

from __future__ import annotations

from typing import Annotated, Literal

from kaogong.kinds.head import Head, ValuePart, Words, key, read_block
from kaogong.kinds.parts import Reads, text_of
from kaogong.kinds.register import Nature
from kaogong.language.span import Text


def read_variants(node: object) -> dict[str, dict[str, Text]]:
    """Return the named choices for each local name."""
    return {
        name: {choice: text_of(text) for choice, text in read_block(choices).items()}
        for name, choices in read_block(node).items()
    }


class Indicator(Head):
    """A value with a unit and a number of decimals, kept as a column."""

    value: ValuePart = key("算式", "value")
    unit: Words = key("单位", "unit")
    scale: int = key("小数位数", "decimals", ge=0, le=12)
    nature: Nature = key("性质", "nature")
    better: Literal["high", "low", "neither"] = key("优劣方向", "better")
    on_zero: Words | None = key("分母为零时", "where the base is zero", None)
    negative_base: Literal["allow"] | None = key(
        "基数为负", "negative base", None, absent=("不计算", "gives no number")
    )
    variants: Annotated[dict[str, dict[str, Text]], Reads(read_variants, "variants")] = key(
        "口径", "variants", {}
    )
    plausible: Words | None = key("合理区间", "plausible", None, absent=("不设", "none"))
