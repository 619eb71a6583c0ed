"""The bench job as a careful person writes it by hand: one exact statement, the same columns."""

from __future__ import annotations

RATIOS = (
    # indicator, numerator, its scale, denominator, its scale, weight
    ("tax_land", "tax", 2, "land", 2, 30),
    ("revenue_land", "revenue", 2, "land", 2, 20),
    ("value_energy", "added_value", 2, "energy", 2, 15),
    ("value_emission", "added_value", 2, "emission", 4, 10),
    ("rd_revenue", "rd", 2, "revenue", 2, 15),
    ("value_staff", "added_value", 2, "staff", 0, 10),
)
SCALE = 4


def _ratio(name: str, top: str, top_scale: int, bottom: str, bottom_scale: int) -> str:
    """Return a ratio of positive inputs in units of 10^-4 (percent for R&D), half away from 0."""
    power = SCALE + bottom_scale - top_scale + (2 if name == "rd_revenue" else 0)
    n = f"CAST({top} * {10**top_scale} AS BIGINT)"
    d = f"CAST({bottom} * {10**bottom_scale} AS BIGINT)"
    up, down = (10**power, 1) if power >= 0 else (1, 10**-power)
    rounded = f"(2 * {n} * {up} + {d} * {down}) // (2 * {d} * {down})"
    return f"CASE WHEN {d} > 0 THEN {rounded} END AS {name}"


def statement(source: str) -> str:
    """Return the whole job over `source`, a table expression."""
    names = [r[0] for r in RATIOS]
    ratios = ", ".join(_ratio(*r[:5]) for r in RATIOS)
    means = ", ".join(
        f"CAST((2 * sum({n}) + count({n})) // (2 * count({n})) AS BIGINT) AS b_{n}" for n in names
    )
    parts = ", ".join(
        f"CAST(CASE WHEN {n} IS NULL THEN {w * 10**SCALE} "
        f"ELSE least((2 * {w * 10**SCALE} * {n} + b_{n}) // (2 * b_{n}), "
        f"{w * 15 * 10**SCALE // 10}) END AS INTEGER) AS p_{n}"
        for n, *_, w in RATIOS
    )
    total = " + ".join(f"p_{n}" for n in names)
    shown = ", ".join(
        f"CAST(CAST(p_{n} AS DECIMAL(9,0)) * 0.0001 AS DECIMAL(9,4)) AS points__{n}" for n in names
    )
    return f"""
    WITH ratio AS (SELECT ent_id, county, industry, {ratios} FROM {source}),
    bench AS (SELECT industry, {means} FROM ratio GROUP BY industry),
    part AS (SELECT ent_id, county, {parts} FROM ratio JOIN bench USING (industry)),
    score AS (SELECT *, {total} AS units FROM part),
    ranked AS (SELECT *,
               row_number() OVER (PARTITION BY county ORDER BY units DESC, ent_id) AS rank,
               count(*) OVER (PARTITION BY county) AS n FROM score)
    SELECT ent_id AS subject, {shown},
           CAST(CAST(units AS DECIMAL(9,0)) * 0.0001 AS DECIMAL(9,4)) AS score,
           CAST(rank AS INTEGER) AS rank,
           CASE WHEN rank <= n * 20 // 100 THEN 'A' WHEN rank <= n * 70 // 100 THEN 'B'
                WHEN rank <= n * 95 // 100 THEN 'C' ELSE 'D' END AS class
    FROM ranked"""
