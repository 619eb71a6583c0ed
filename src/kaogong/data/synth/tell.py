"""What the known firms' figures say in each year, set to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kaogong.data.synth.city import City
from kaogong.data.synth.region import Region
from kaogong.data.synth.years import MISSING, Facts

WAN = 10_000_00  # hundredths of a yuan in 10,000 yuan
MU_30 = 20_000_00  # hundredths of a square metre in 30 mu
FLOWS = (
    "tax_paid", "tax_assessed", "pay", "depreciation", "operating_profit", "profit", "revenue",
    "main_revenue", "sales", "invoiced_sales", "total_output", "value_added", "rd_expense",
    "rd_spend", "rd_deductible", "technical_investment", "project_investment", "power",
    "power_self", "gas", "water", "coal", "energy_equal_value", "energy_equivalent",
    "emission", "cod", "ammonia_nitrogen", "sulphur_dioxide", "nitrogen_oxides", "gas_environment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """One case in one year; `back` counts years before the last."""

    city: City
    facts: Facts
    who: list[int]
    back: int

    def put(self, place: int, **units: int) -> None:
        """Set facts of one firm, in units of their scale."""
        for name, value in units.items():
            self.facts[name][place] = value

    def get(self, name: str, place: int) -> int:
        """Return one fact of one firm, in units of its scale."""
        return int(self.facts[name][place])

    def times(self, place: int, factor: float, names: tuple[str, ...] = FLOWS) -> None:
        """Multiply flows of one firm that are known."""
        for name in names:
            value = self.get(name, place)
            if value != MISSING:
                self.facts[name][place] = round(value * factor)

    def turnover(self, place: int, units: int) -> None:
        """Set turnover and what follows it, in hundredths of a yuan."""
        self.put(place, revenue=units, main_revenue=units, invoiced_sales=units)
        if self.get("above_scale", place):
            self.put(place, sales=units, total_output=units)

    def tax(self, place: int, units: int) -> None:
        """Set tax paid and assessed, in hundredths of a yuan."""
        self.put(place, tax_paid=units, tax_assessed=units)

    def land(self, place: int, units: int) -> None:
        """Set own land, all of it used, in hundredths of a square metre."""
        self.put(place, land_own=units, land_area=units, land_factual=units, land_certificate=units)


def tell(region: Region, facts: Facts, at: int) -> None:
    """Let every known case say its figures of the year at a place."""
    back = len(region.years) - 1 - at
    for case, who in region.known.items():
        if case in TOLD:
            TOLD[case](Scene(region.city, facts, who, back))


def _no_tax(scene: Scene) -> None:
    scene.tax(scene.who[0], 0)


def _audit(scene: Scene) -> None:
    if scene.back == 0:
        scene.put(scene.who[0], tax_paid=6 * max(scene.get("tax_assessed", scene.who[0]), 10 * WAN))


def _refund(scene: Scene) -> None:
    if scene.back == 0:
        scene.tax(scene.who[0], -1_263_412_55)


def _weak_for(years: int) -> Callable[[Scene], None]:
    def weak(scene: Scene) -> None:
        if scene.back < years:
            for place in scene.who:
                make_weak(scene, place)

    return weak


def make_weak(scene: Scene, place: int) -> None:
    """Leave a firm just above scale with next to no value added, tax and research."""
    scene.turnover(place, 2_050 * WAN)
    scene.tax(place, 12_000_00)
    scene.put(place, value_added=40 * WAN, rd_expense=0, rd_spend=0, rd_deductible=0, staff=70,
              pay=350 * WAN, operating_profit=-330 * WAN, profit=-335 * WAN)  # fmt: skip


def _merged(scene: Scene) -> None:
    if scene.back == 0:
        scene.times(scene.who[0], 0.53)


def _split(scene: Scene) -> None:
    if scene.back == 0:
        for place in scene.who:
            scene.turnover(place, 1_620 * WAN)
    elif scene.get("above_scale", scene.who[0]):
        scene.turnover(scene.who[0], 3_240 * WAN)


def _road(scene: Scene) -> None:
    place = scene.who[0]
    scene.land(place, 27_466_67)  # 41.2 mu
    scene.put(place, land_area=21_733_33, land_factual=21_733_33, land_excepted=5_733_34)


def _handed_back(scene: Scene) -> None:
    place = scene.who[0]
    scene.land(place, 14_400_00 if scene.back == 0 else MU_30)  # 21.6 of 30 mu
    if scene.back == 0:
        scene.put(place, land_reduced=5_600_00)


def _solar(scene: Scene) -> None:
    place = scene.who[0]
    total = scene.get("power", place) + scene.get("power_self", place)
    half = total // 2
    scene.put(
        place,
        power=half if scene.back == 0 else 2 * half,
        power_self=half if scene.back == 0 else 0,
    )


def _survey(certificate: int) -> Callable[[Scene], None]:
    def differ(scene: Scene) -> None:
        scene.land(scene.who[0], 19_400_00)
        scene.put(scene.who[0], land_certificate=certificate)

    return differ


def _village(scene: Scene) -> None:
    """Share out one meter's power; a total in 10,000 kWh makes shares of 0.01% whole."""
    total = 1_240_000 - 40_000 * scene.back
    for place in scene.who:
        share = 400 if place == scene.who[0] else 240
        scene.put(place, power=total * share // 10_000, power_self=0)


def _accountant(scene: Scene) -> None:
    for place in scene.who:
        scene.put(place, staff=5, insured=5, rd_spend=0, rd_deductible=0)


def _champion(scene: Scene) -> None:
    place = scene.who[0]
    scene.turnover(place, 6_800 * WAN)
    scene.tax(place, 131 * WAN)
    scene.put(place, value_added=1_450 * WAN, staff=96, rd_expense=408_00, rd_spend=402_00,
              rd_deductible=399 * WAN, high_tech=1)  # fmt: skip


def _rent(scene: Scene) -> None:
    place = scene.who[0]
    scene.turnover(place, 2_600 * WAN)
    scene.tax(place, 420 * WAN)
    scene.put(place, main_revenue=312 * WAN, value_added=1_980 * WAN, staff=32)


def _zombie(tax: int) -> Callable[[Scene], None]:
    def nothing(scene: Scene) -> None:
        for name in (*FLOWS, "staff", "insured", "employed"):
            if scene.get(name, scene.who[0]) != MISSING:
                scene.facts[name][scene.who[0]] = 0
        scene.tax(scene.who[0], tax)

    return nothing


def _benchmark(scene: Scene) -> None:
    """Put 30 mu at 24.097 and 26.01 (10,000 yuan a mu), research at 3.02% of 50 million."""
    one, two, three = scene.who
    scene.tax(one, 722_9100_00)
    scene.tax(two, 780_3000_00)
    scene.turnover(three, 5_000 * WAN)
    scene.put(three, rd_expense=151_00)


def _entry_line(scene: Scene) -> None:
    scene.turnover(scene.who[0], 2_000 * WAN)


def _under_line(scene: Scene) -> None:
    scene.turnover(scene.who[0], 2_000 * WAN - 1)


def _not_producing(scene: Scene) -> None:
    _zombie(0)(scene)
    scene.put(scene.who[0], in_production=0)


def _no_energy(scene: Scene) -> None:
    scene.put(scene.who[0], energy_equal_value=0, energy_equivalent=0, power=0, power_self=0, gas=0)
    if scene.get("coal", scene.who[0]) != MISSING:
        scene.put(scene.who[0], coal=0, gas_environment=0)


def _false_zero(scene: Scene) -> None:
    if scene.back == 0:
        place = scene.who[0]
        rest = scene.get("emission", place) - scene.get("sulphur_dioxide", place)
        scene.put(place, sulphur_dioxide=0, emission=rest)


def _over_right(scene: Scene) -> None:
    place = scene.who[0]
    cod = max(scene.get("cod", place), 12_0000)
    others = sum(
        scene.get(n, place) for n in ("ammonia_nitrogen", "sulphur_dioxide", "nitrogen_oxides")
    )
    scene.put(place, cod=cod, emission=cod + others, right_base=cod * 7 // 10,
              right_reward=cod // 20, right_rented=cod // 10)  # fmt: skip


def make_lowest(scene: Scene, place: int) -> None:
    """Leave a newcomer with the least of everything that scores, and none of it missing."""
    make_weak(scene, place)
    scene.tax(place, 0)
    scene.put(place, energy_equal_value=900_00, energy_equivalent=400_00)
    scene.put(place, value_added=1 * WAN, staff=120,
              emission=50_0000, cod=40_0000, ammonia_nitrogen=2_0000, sulphur_dioxide=4_0000,
              nitrogen_oxides=4_0000)  # fmt: skip
    scene.land(place, 40_000_00)


def _lowest(scene: Scene) -> None:
    if scene.back == 0:
        make_lowest(scene, scene.who[0])


TOLD: Mapping[str, Callable[[Scene], None]] = {
    "head_office_elsewhere": _no_tax,
    "audit_bill": _audit,
    "export_refund": _refund,
    "renamed_in_second_d": _weak_for(2),
    "merged_into_sister": _merged,
    "split_below_scale": _split,
    "certificate_and_road": _road,
    "plot_handed_back": _handed_back,
    "rooftop_solar": _solar,
    "survey_three_percent": _survey(MU_30),
    "survey_over_three": _survey(MU_30 + 1_00),
    "village_plant": _village,
    "one_accountant": _accountant,
    "hidden_champion": _champion,
    "lives_on_rent": _rent,
    "zombie_nothing": _zombie(0),
    "zombie_taxed": _zombie(3 * WAN),
    "on_benchmark": _benchmark,
    "on_entry_line": _entry_line,
    "under_entry_line": _under_line,
    "lowest_newcomer": _lowest,
    "d_first_year": _weak_for(1),
    "d_second_year": _weak_for(2),
    "d_third_year": _weak_for(3),
    "past_its_deadline": _not_producing,
    "before_its_deadline": _not_producing,
    "no_energy": _no_energy,
    "false_zero": _false_zero,
    "over_its_right": _over_right,
}
