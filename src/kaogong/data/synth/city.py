"""What the synthetic city is made of: every proportion, declared and printed.

Nothing here is a statistic of any place. Means marked [ref] lie within the range that published
evaluations print (a reader finds them in the documents the library's schemes cite); all other
proportions are trade judgement. The whole record is written beside the data it made.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal

MARK = "合成数据"
MARK_EN = "Synthetic data"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the score by which cases at a line are placed; it grades nobody."""

    numerator: str  # a fact
    denominator: str  # a fact
    weight: int
    benchmark: Decimal  # in the facts' own units after `scale`
    scale: Decimal  # units of the numerator per unit of the denominator -> printed unit
    missing_mean: bool = False  # a missing figure scores the mean of the line


# The six lines are the published coefficients of one district and year (2022年度评价结果公示,
# 黄岩区, 2023-09-26); 1 亩 = 2000/3 m2.
_PLACED_BY = (
    Line("tax_assessed", "land_area", 30, Decimal("24.097"), Decimal("0.0666666667")),
    Line("value_added", "land_area", 20, Decimal("136.16"), Decimal("0.0666666667")),
    Line("value_added", "energy_equal_value", 20, Decimal("2.694"), Decimal("0.0001")),
    Line("value_added", "emission", 10, Decimal("4929.81"), Decimal("0.0001"), missing_mean=True),
    Line("value_added", "staff", 10, Decimal("18.14"), Decimal("0.0001")),
    Line("rd_expense", "revenue", 10, Decimal("0.0302"), Decimal(10000)),
)


@dataclass(frozen=True, slots=True)
class City:
    """Every number the generator uses; shares are of all firms unless said otherwise."""

    # -- who there is, in the last year
    above_share: float = 0.09  # above scale: 1,800 of 20,000
    below_land_share: float = 0.21  # below scale with 3 mu or more: 4,200 of 20,000
    small_land_share: float = 0.20  # below scale with less than 3 mu of their own
    tenant_share: float = 0.35  # tenants without land; the rest are households
    enter_share: float = 0.006  # firms entering scale a year: 120 of 20,000
    leave_share: float = 0.003  # firms leaving scale a year: 60 of 20,000
    founded_share: float = 0.015  # of small firms, founded a year within the years made
    closed_share: float = 0.010  # of small firms, closed a year within the years made
    household_uncoded: float = 0.6  # of households, without a credit code
    branch_share: float = 0.02  # of firms, a branch of a firm elsewhere
    group_share: float = 0.03  # of above-scale firms, belonging to a group in the city

    # -- the top
    top_share: float = 0.001  # the largest firms: 20 of 20,000
    top_output: float = 0.45  # of above-scale turnover, carried by them in the last year
    top_tax: float = 0.40  # of above-scale tax, carried by them in the last year
    smelter_revenue: float = 0.25  # of its county's above-scale turnover, one smelter
    smelter_value_added: float = 0.045  # of its turnover: thin
    smelter_tax: float = 0.0035  # of its turnover: thin
    cell_share: float = 0.85  # of a county's industry, one firm: the cell must be suppressed
    cell_firms: int = 6  # other firms in that cell
    body_tail: float = 0.82  # mean of the exponent of turnover over the entry line
    body_highest: float = 4.2  # largest exponent outside the top
    scale_line: int = 20_000_000  # yuan of turnover that make a firm above scale

    # -- above scale, ratio of sums in the last year [ref]
    land_per_firm: float = 32.2  # mu evaluated a firm
    tax_per_mu: float = 22.0  # 10,000 yuan
    value_added_per_mu: float = 110.0  # 10,000 yuan
    value_added_per_energy: float = 1.9  # 10,000 yuan a tonne of coal equivalent
    value_added_per_emission: float = 1_900.0  # 10,000 yuan a tonne, of firms with a figure
    value_added_per_head: float = 17.3  # 10,000 yuan a person
    rd_share: float = 0.024  # of turnover, all firms together
    # -- below scale with land, ratio of sums in the last year [ref]
    below_tax_per_mu: float = 12.5  # 10,000 yuan
    below_tax_per_power: float = 0.235  # yuan a kilowatt hour

    # -- spread
    land_sigma: float = 0.95  # of the log of land at one turnover
    land_elasticity: float = 0.5  # of land in turnover
    quality_common: float = 0.45  # share of one common advantage in each single one
    tax_sigma: float = 0.55  # of the log of tax over value added
    value_added_sigma: float = 0.22
    energy_sigma: float = 0.60
    labour_sigma: float = 0.38
    research_sigma: float = 0.55
    emission_sigma: float = 0.65
    yearly_sigma: float = 0.07  # of the log of each figure from year to year
    growth: float = 0.11  # of the log of turnover a year
    growth_sigma: float = 0.11  # of one firm
    trade_growth_sigma: float = 0.04  # of one industry

    # -- land
    rented_above: float = 0.13  # of above-scale firms, on rented land only
    lessor_share: float = 0.09  # of owners, letting a part
    let_most: float = 0.8  # of a lessor's land, let at most
    second_plot: float = 0.08  # of owners, two plots
    protected_share: float = 0.02  # of owners, with land in a protection period
    excepted_share: float = 0.01  # of owners, with land officially left out
    survey_differs: float = 0.01  # of owners, town and land bureau differ visibly

    # -- what is not delivered, of the firms of the register
    missing_discharge: float = 0.35  # of above-scale firms
    zero_research: float = 0.50  # of above-scale firms, research reported as 0
    no_tax_record: float = 0.02  # absent from tax, but with power
    no_tax_above: float = 0.004  # same, above scale
    below_discharge: float = 0.10  # of below-scale firms with land, in the statistics
    idle_share: float = 0.004  # of owners, not in production

    # -- events a firm and year
    accident_rate: float = 0.004
    penalty_rate: float = 0.02
    honour_rate: float = 0.35  # of above-scale firms, within all years
    project_rate: float = 0.05  # of above-scale firms
    task_rate: float = 0.08  # of above-scale firms
    inspection_rate: float = 0.06  # of above-scale firms
    task_missed: float = 0.06  # of tasks

    # -- physical coefficients of the generator, not of any rule
    coal_of_power_equal: float = 0.30  # kg of coal equivalent a kWh, equal value
    coal_of_power: float = 0.1229  # kg of coal equivalent a kWh, by heat
    coal_of_gas: float = 1.33  # kg of coal equivalent a cubic metre
    coal_of_coal: float = 0.7143  # tonnes of coal equivalent a tonne

    # -- cases at the lines
    edges_from: int = 2_000  # firms from which the known cases are planted
    tie_share: float = 0.20  # of the rated above-scale firms, where a tie of three straddles
    placed_by: tuple[Line, ...] = _PLACED_BY

    # -- the sheets as offices send them, of rows
    sheets_up_to: int = 100_000  # firms; above, offices send one file a county, not one
    name_differs: float = 0.04
    code_wrong: float = 0.006
    row_twice: float = 0.005
    off_by_10000: float = 0.003
    corrected_later: float = 0.06

    def printed(self) -> dict[str, object]:
        """Return every parameter by name, as it is written beside the data."""
        shown: dict[str, object] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            shown[item.name] = (
                [_line(line) for line in value] if item.name == "placed_by" else value
            )
        return shown


def _line(line: Line) -> dict[str, str]:
    return {key: str(value) for key, value in asdict(line).items()}
